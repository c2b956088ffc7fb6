package dialog

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Said is the message that gave an answer.
type Said struct {
	Message int64     `json:"message"`
	Date    time.Time `json:"date"`
	Size    int       `json:"size"` // UTF-16 units

	// Pieces are all messages of a text that the app has cut for its length;
	// none: it came in one.
	Pieces []Piece `json:"pieces,omitempty"`
}

// Answers tells which message answered what. A list, as a draft has few of them and
// is copied with every step; stored as an object.
type Answers []Answered

// Answered is one of them.
type Answered struct {
	State State
	Said
}

func (a Answers) find(s State) int {
	return slices.IndexFunc(a, func(one Answered) bool { return one.State == s })
}

func (a Answers) of(s State) (said Said, ok bool) {
	if i := a.find(s); i >= 0 {
		return a[i].Said, true
	}
	return said, false
}

func (a *Answers) set(s State, said Said) {
	if i := a.find(s); i >= 0 {
		(*a)[i].Said = said
		return
	}
	*a = append(*a, Answered{s, said})
}

func (a *Answers) forget(s State) {
	*a = slices.DeleteFunc(*a, func(one Answered) bool { return one.State == s })
}

func (a Answers) clone() Answers {
	a = slices.Clone(a)
	for i := range a {
		a[i].Pieces = clonePieces(a[i].Pieces)
	}
	return a
}

// MarshalJSON makes an object of it.
func (a Answers) MarshalJSON() ([]byte, error) {
	out := append(make([]byte, 0, 128*len(a)+2), '{')
	for i, one := range a {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(strconv.AppendQuote(out, string(one.State)), `:{"message":`...) // nothing of a state needs an escape
		out = strconv.AppendInt(out, one.Message, 10)
		var err error
		if out, err = one.Date.AppendText(append(out, `,"date":"`...)); err != nil {
			return nil, err
		}
		out = strconv.AppendInt(append(out, `","size":`...), int64(one.Size), 10)
		if len(one.Pieces) > 0 {
			pieces, err := json.Marshal(one.Pieces)
			if err != nil {
				return nil, err
			}
			out = append(append(out, `,"pieces":`...), pieces...)
		}
		out = append(out, '}')
	}
	return append(out, '}'), nil
}

// UnmarshalJSON reads an object.
func (a *Answers) UnmarshalJSON(body []byte) error {
	var list map[State]Said
	if err := json.Unmarshal(body, &list); err != nil {
		return err
	}
	*a = nil
	for _, s := range slices.Sorted(maps.Keys(list)) {
		a.set(s, list[s])
	}
	return nil
}
