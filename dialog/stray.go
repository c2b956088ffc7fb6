package dialog

import (
	"slices"
	"time"

	"intakebot/tickets"
)

// Stray is a message of a customer with tickets that waits to be told which of
// them it belongs to, or that it begins a new one.
type Stray struct {
	Message int64         `json:"message"`
	At      time.Time     `json:"at"`
	Media   bool          `json:"media,omitempty"` // Body is its caption
	Body    *tickets.Body `json:"body,omitempty"`
	File    *tickets.File `json:"file,omitempty"` // a screenshot, with Type by content
}

// mostStrays bounds what is kept of a customer who does not say where it
// belongs.
const mostStrays = 20

// Strays lists a customer's strays, in the order of their coming.
func Strays(c tickets.Customer) []Stray {
	s, err := load(c)
	if err != nil {
		return nil
	}
	return s.Strays
}

// WithStray keeps one more stray, and drops those that are older than a draft
// may be. False: there are too many already.
func WithStray(c tickets.Customer, stray Stray, limits tickets.Limits) (tickets.Customer, bool, error) {
	s, err := load(c)
	if err != nil {
		return c, false, err
	}
	s.Strays = slices.DeleteFunc(s.Strays, func(o Stray) bool { return stray.At.Sub(o.At) >= limits.DraftKept })
	if len(s.Strays) >= mostStrays {
		return c, false, nil
	}
	s.Strays = append(s.Strays, stray)
	return c, true, save(&c, s, limits)
}

// WithoutStrays ends the waiting of all strays.
func WithoutStrays(c tickets.Customer, limits tickets.Limits) (tickets.Customer, error) {
	s, err := load(c)
	if err != nil {
		return c, err
	}
	s.Strays = nil
	return c, save(&c, s, limits)
}

// takeStrays begins a draft with what waited, so that nothing has to be said
// twice.
func (t *turn) takeStrays() {
	strays := t.session.Strays
	if len(strays) == 0 {
		return
	}
	t.session.Strays = nil
	d := t.draft()
	for _, s := range strays {
		if t.env.Now.Sub(s.At) >= t.limits().DraftKept {
			continue
		}
		if s.Body != nil && s.Body.Text != "" {
			if piece, err := someText(s.Body.Text, t.limits().DescriptionMax); err == nil {
				d.Pieces = append(d.Pieces, Piece{Message: s.Message, Text: piece})
			}
		}
		if s.File != nil && len(d.Report.Files) < t.limits().Files {
			d.Report.Files = append(d.Report.Files, *s.File)
		}
	}
	if len(d.Pieces) > 0 {
		t.note("noted.text", nil)
	}
}
