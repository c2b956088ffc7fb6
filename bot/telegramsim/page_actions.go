package telegramsim

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
)

// maxAction is the largest JSON body of an action, in bytes: a long text with
// room to spare.
const maxAction = 1 << 20

// pageAction is what somebody does on the page.
type pageAction struct {
	Person   int64  `json:"person"`
	Chat     int64  `json:"chat"`
	Thread   int    `json:"thread"`
	Message  int    `json:"message"`
	Reply    int    `json:"reply"`
	Text     string `json:"text"`
	Data     string `json:"data"`
	Emoji    string `json:"emoji"`
	Language string `json:"language"`
	Index    int    `json:"index"`
	On       bool   `json:"on"`
}

// pageActions are the POST endpoints below /ui/ that take a JSON body.
var pageActions = map[string]func(*page, *Seat, pageAction) (any, error){
	"send":    func(_ *page, s *Seat, a pageAction) (any, error) { return s.Send(a.Text, a.options()...) },
	"press":   pressAction,
	"contact": func(_ *page, s *Seat, _ pageAction) (any, error) { return s.ShareContact() },
	"people":  addPersonAction,
}

var errPage = errors.New("telegramsim: no such person or chat")

// acting reads an action, finds who acts and where, and answers with what came
// of it.
func (p *page) acting(act func(*page, *Seat, pageAction) (any, error)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		var a pageAction
		if err := json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxAction)).Decode(&a); err != nil {
			writeJSON(rw, http.StatusBadRequest, map[string]string{"error": "bad_request"})
			return
		}
		var seat *Seat
		if a.Person != 0 {
			if seat = p.seat(a); seat == nil {
				p.fail(rw, errPage)
				return
			}
		}
		result, err := act(p, seat, a)
		if err != nil {
			p.fail(rw, err)
			return
		}
		writeJSON(rw, http.StatusOK, result)
	}
}

// options are how a message of the action is sent.
func (a pageAction) options() []sendOption {
	if a.Reply == 0 {
		return nil
	}
	return []sendOption{ReplyTo(a.Reply)}
}

// seat finds the person and where they act; nil when there is no such place.
func (p *page) seat(a pageAction) *Seat {
	person := p.w.PersonByID(a.Person)
	if person == nil {
		return nil
	}
	if a.Chat > 0 {
		if b := p.bot(); b != nil && a.Chat == a.Person {
			return person.With(b)
		}
		return nil
	}
	for _, g := range p.w.Groups() {
		if g.ID() == a.Chat {
			return person.In(g.Topic(a.Thread))
		}
	}
	return nil
}

// pageErrors are the refusals that the page has words for.
var pageErrors = map[error]string{
	ErrNotMember: "not_member",
	ErrNoTopic:   "no_topic",
	ErrNoMessage: "no_message",
	ErrNoRight:   "no_right",
	ErrBlocked:   "blocked",
	errPage:      "no_place",
}

func (p *page) fail(rw http.ResponseWriter, err error) {
	for known, code := range pageErrors {
		if errors.Is(err, known) {
			writeJSON(rw, http.StatusConflict, map[string]string{"error": code})
			return
		}
	}
	writeJSON(rw, http.StatusUnprocessableEntity, map[string]string{"error": "failed", "detail": err.Error()})
}

// pressAction answers with the press's ID at once; what the bot says to it comes
// with the stream.
func pressAction(_ *page, s *Seat, a pageAction) (any, error) {
	pressed, err := s.PressData(a.Message, a.Data)
	if err != nil {
		return nil, err
	}
	return map[string]string{"query": pressed.QueryID()}, nil
}

// addPersonAction makes a customer. Names are cut to what Telegram keeps.
func addPersonAction(p *page, _ *Seat, a pageAction) (any, error) {
	name := []rune(strings.Join(strings.Fields(a.Text), " "))
	if len(name) == 0 || p.bot() == nil {
		return nil, errPage
	}
	person := p.w.AddPerson(string(name[:min(len(name), 64)]), Language(a.Language))
	return map[string]int64{"id": person.UserID()}, nil
}
