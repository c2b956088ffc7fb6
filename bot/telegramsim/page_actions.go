package telegramsim

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/go-telegram/bot/models"
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

// pageDeed carries an action out; its result is written as JSON.
type pageDeed func(*page, *Seat, pageAction) (any, error)

// pageActions are the POST endpoints below /ui/ that take a JSON body and act as
// somebody somewhere.
var pageActions = map[string]pageDeed{
	"send":    func(_ *page, s *Seat, a pageAction) (any, error) { return s.Send(a.Text, a.options()...) },
	"edit":    func(_ *page, s *Seat, a pageAction) (any, error) { return s.Edit(a.Message, a.Text) },
	"delete":  func(_ *page, s *Seat, a pageAction) (any, error) { return done, s.Delete(a.Message) },
	"react":   func(_ *page, s *Seat, a pageAction) (any, error) { return done, s.React(a.Message, a.Emoji) },
	"press":   pressAction,
	"contact": func(_ *page, s *Seat, a pageAction) (any, error) { return s.ShareContact(a.options()...) },
	"sticker": func(_ *page, s *Seat, a pageAction) (any, error) { return s.SendSticker(stickerOf(a.Emoji)) },
	"voice":   func(_ *page, s *Seat, a pageAction) (any, error) { return s.SendVoice(silence, a.options()...) },
	"gif": func(_ *page, s *Seat, a pageAction) (any, error) {
		return s.SendGIF("wave.gif", sampleGIF(), "", a.options()...)
	},
	"suggest": suggestAction,
	"block":   blockAction,
	"topic":   func(_ *page, s *Seat, a pageAction) (any, error) { return done, s.CloseTopic(a.Thread, a.On) },
	"speak":   speakAction,
}

// done is the result of an action that has nothing to tell.
var done = struct{}{}

// silence stands for a recording: nothing on the page can be heard.
var silence = []byte("OggS\x00\x02")

var errPage = errors.New("telegramsim: no such person or chat")

// acting reads an action, finds who acts and where, and answers with what came
// of it.
func (p *page) acting(act pageDeed) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		a, ok := readAction(rw, r)
		if !ok {
			return
		}
		seat := p.seat(a)
		if seat == nil {
			p.fail(rw, errPage)
			return
		}
		result, err := act(p, seat, a)
		if err != nil {
			p.fail(rw, err)
			return
		}
		writeJSON(rw, http.StatusOK, result)
	}
}

// readAction reads an action's body, and answers itself when it cannot.
func readAction(rw http.ResponseWriter, r *http.Request) (a pageAction, ok bool) {
	err := json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxAction)).Decode(&a)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		writeJSON(rw, http.StatusRequestEntityTooLarge, map[string]string{"error": "too_large"})
	case err != nil:
		writeJSON(rw, http.StatusBadRequest, map[string]string{"error": "bad_request"})
	}
	return a, err == nil
}

// options are how a message of the action is sent.
func (a pageAction) options() []SendOption {
	if a.Reply == 0 {
		return nil
	}
	return []SendOption{ReplyTo(a.Reply)}
}

// seat finds the person and where they act; nil when there is no such place.
func (p *page) seat(a pageAction) *Seat {
	person := p.w.PersonByID(a.Person)
	if person == nil {
		return nil
	}
	if a.Chat > 0 {
		if b := p.bot(); b != nil && a.Chat == a.Person {
			return person.In(person.With(b).Topic(a.Thread))
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

// addPerson makes a customer. Names are cut to what Telegram keeps.
func (p *page) addPerson(rw http.ResponseWriter, r *http.Request) {
	a, ok := readAction(rw, r)
	if !ok {
		return
	}
	name := []rune(strings.Join(strings.Fields(a.Text), " "))
	if len(name) == 0 || p.bot() == nil {
		p.fail(rw, errPage)
		return
	}
	person := p.w.AddPerson(string(name[:min(len(name), maxName)]), Language(a.Language))
	writeJSON(rw, http.StatusOK, map[string]int64{"id": person.UserID()})
}

// maxName is the longest name of a person, in characters.
const maxName = 64

func blockAction(_ *page, s *Seat, a pageAction) (any, error) {
	if a.On {
		return done, s.Block()
	}
	return done, s.Unblock()
}

// stickerOf gives a sticker its emoji, which is all that the page shows of it.
func stickerOf(emoji string) SendOption {
	return func(_ *Seat, m *models.Message) error {
		if emoji != "" {
			m.Sticker.Emoji = emoji
		}
		return nil
	}
}

// speakAction changes the language of a person's app.
func speakAction(p *page, s *Seat, a pageAction) (any, error) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	s.person.user.LanguageCode = a.Language
	u := s.person.user
	p.w.users[u.ID] = &u // messages keep the user as it was when they were sent
	p.w.emit(s.c, Event{Kind: ChatChanged})
	return done, nil
}

// suggestAction sends the pictures of a suggestion.
func suggestAction(p *page, s *Seat, a pageAction) (any, error) {
	if a.Index < 0 || a.Index >= len(p.opts.Suggestions) || len(p.opts.Suggestions[a.Index].Pictures) == 0 {
		return nil, errPage
	}
	var files []chosen
	for _, picture := range p.opts.Suggestions[a.Index].Pictures {
		files = append(files, chosen{name: picture.Name, data: picture.Data})
	}
	return done, sendChosen(s, pageAction{Data: "photo"}, files)
}
