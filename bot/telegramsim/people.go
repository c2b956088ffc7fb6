package telegramsim

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-telegram/bot/models"
)

// Person is somebody with a Telegram account: a customer or an agent. A Person
// is also their Seat in the private chat with the world's first bot, so a
// customer's story reads ivan.Send("…").
type Person struct {
	*Seat
	user  models.User
	phone string
}

// PersonOption gives a new person something besides a name.
type PersonOption func(*Person)

// Language sets the language of the person's app, such as "ru"; the default is
// "ru".
func Language(code string) PersonOption {
	return func(p *Person) { p.user.LanguageCode = code }
}

// Username sets the person's public name, without the @.
func Username(name string) PersonOption { return func(p *Person) { p.user.Username = name } }

// Phone sets the number that the person's own contact holds.
func Phone(number string) PersonOption { return func(p *Person) { p.phone = number } }

// AddPerson makes a person; a second word of the name becomes the last name. The
// world needs a bot first, as the person's chat is with it.
func (w *World) AddPerson(name string, opts ...PersonOption) *Person {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.bots) == 0 {
		panic("telegramsim: add a bot before people")
	}
	first, last, _ := strings.Cut(name, " ")
	p := &Person{user: models.User{ID: w.nextUser, FirstName: first, LastName: last, LanguageCode: "ru"}}
	w.nextUser++
	p.phone = fmt.Sprintf("+7900%07d", p.user.ID%10000000)
	for _, opt := range opts {
		opt(p)
	}
	u := p.user
	w.users[u.ID] = &u
	w.people = append(w.people, p)
	c := w.openPrivate(w.bots[0], p)
	p.Seat = &Seat{Chat: &Chat{w: w, c: c}, person: p}
	w.emit(c, Event{Kind: ChatChanged})
	return p
}

// PersonByID finds a person by user ID; nil when there is none.
func (w *World) PersonByID(id int64) *Person {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.people {
		if p.user.ID == id {
			return p
		}
	}
	return nil
}

// UserID is the person's ID, which is also the ID of their private chats.
func (p *Person) UserID() int64 { return p.user.ID }

// Name is the person's first and last name.
func (p *Person) Name() string { return fullName(&p.user) }

// User is the person as the Bot API shows them.
func (p *Person) User() models.User {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	return *p.telegramUser()
}

// SetLanguage changes the language of the person's app; messages that were sent
// before keep the old one.
func (p *Person) SetLanguage(code string) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	p.user.LanguageCode = code
	u := p.user
	p.w.users[u.ID] = &u
	p.w.emit(p.c, Event{Kind: ChatChanged})
}

// PhoneNumber is the number in the person's own contact.
func (p *Person) PhoneNumber() string { return p.phone }

func (p *Person) telegramUser() *models.User { return p.w.users[p.user.ID] }

// With is the person's seat in the private chat with another bot.
func (p *Person) With(b *Bot) *Seat {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	return &Seat{Chat: &Chat{w: p.w, c: p.w.openPrivate(b, p)}, person: p}
}

// In is the person's seat in a group or a topic, that of a private chat too.
func (p *Person) In(c *Chat) *Seat { return &Seat{Chat: c, person: p} }

// Seat is a person in a chat: what they can do there. Its embedded Chat is what
// they see.
type Seat struct {
	*Chat
	person *Person
}

// Person is who sits here.
func (s *Seat) Person() *Person { return s.person }

// Errors of what people try.
var (
	ErrNotMember = errors.New("telegramsim: the person is not in this chat")
	ErrNoTopic   = errors.New("telegramsim: the topic is closed or gone")
	ErrNoMessage = errors.New("telegramsim: no such message")
	ErrNoButton  = errors.New("telegramsim: no such button")
	ErrNoRight   = errors.New("telegramsim: the person has no right to do that")
	ErrBlocked   = errors.New("telegramsim: the person has blocked the bot")
)

// SendOption changes a message that a person sends.
type SendOption func(*Seat, *models.Message) error

// ReplyTo makes the message a reply to another of the same chat.
func ReplyTo(id int) SendOption {
	return func(s *Seat, m *models.Message) error {
		r := s.c.get(id)
		if r == nil {
			return fmt.Errorf("%w: %d to reply to", ErrNoMessage, id)
		}
		m.ReplyToMessage = shallowReply(r.msg)
		return nil
	}
}

// Send types a text. Over 4096 UTF-16 units it goes out as several messages, as
// Telegram's apps do; the last of them is returned. The first text to a bot
// starts the chat with it.
func (s *Seat) Send(text string, opts ...SendOption) (Message, error) {
	var last Message
	for _, part := range splitText(text) {
		t, err := tidy(richText{text: part})
		if err != nil {
			return Message{}, err
		}
		if t.text == "" {
			continue
		}
		if last, err = s.say(&models.Message{Text: t.text, Entities: t.entities}, opts...); err != nil {
			return Message{}, err
		}
	}
	return last, nil
}

// Start opens the chat with the bot by its link: /start with the payload. It
// takes a block back, as the app's button "restart" does.
func (s *Seat) Start(payload string) (Message, error) {
	if s.c.isPrivate() {
		if err := s.Unblock(); err != nil {
			return Message{}, err
		}
	}
	return s.Send(strings.TrimSpace("/start " + payload))
}

// say posts a person's message and tells the bots that may see it.
func (s *Seat) say(msg *models.Message, opts ...SendOption) (Message, error) {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	return s.sayNow(msg, opts...)
}

// sayNow is say under the world's lock.
func (s *Seat) sayNow(msg *models.Message, opts ...SendOption) (Message, error) {
	if err := s.mayWrite(); err != nil {
		return Message{}, err
	}
	for _, opt := range opts {
		if err := opt(s, msg); err != nil {
			return Message{}, err
		}
	}
	if s.c.isPrivate() {
		s.c.started = true
	}
	return s.w.snapshot(s.c, s.deliver(msg)), nil
}

// deliver posts a message of this person and queues it for the bots.
func (s *Seat) deliver(msg *models.Message) *record {
	msg.From = s.person.telegramUser()
	thread := s.thread
	if thread == generalTopic {
		thread = 0
	}
	r := s.w.post(s.c, msg, thread, nil, nil)
	s.w.notifyBots(s.c, r, models.AllowedUpdateMessage)
	return r
}

// notifyBots queues a message, new or edited, for every bot that sees it.
func (w *World) notifyBots(c *chat, r *record, kind string) {
	for _, b := range c.audience(r.msg) {
		b.enqueue(kind, lane{laneMessages, c.info.ID}, updateLife, func(u *models.Update) {
			if kind == models.AllowedUpdateEditedMessage {
				u.EditedMessage = forWire(r.msg)
			} else {
				u.Message = forWire(r.msg)
			}
		})
	}
}

func (s *Seat) mayWrite() error {
	if s.c.isPrivate() {
		switch {
		case s.c.blocked:
			return ErrBlocked
		case s.thread > generalTopic && !s.c.holds(s.c.topics[s.thread]):
			return ErrNoTopic
		}
		return nil
	}
	m := s.c.members[s.person.user.ID]
	if !m.isIn() || s.c.migratedTo != 0 {
		return ErrNotMember
	}
	if t := s.c.topics[s.thread]; s.thread > generalTopic && (!s.c.holds(t) || t.closed && !m.can(ManageTopics)) {
		return ErrNoTopic
	}
	return nil
}

// splitText cuts a long text as the apps do: at a line's end or a space where
// there is one in the last part, else in the middle.
func splitText(text string) []string {
	var parts []string
	for utf16Len(text) > maxText {
		cut := cutAt(text, maxText)
		if nl := strings.LastIndexAny(text[:cut], "\n"); nl > cut/2 {
			cut = nl + 1
		} else if sp := strings.LastIndexByte(text[:cut], ' '); sp > cut/2 {
			cut = sp + 1
		}
		parts = append(parts, text[:cut])
		text = text[cut:]
	}
	return append(parts, text)
}

// cutAt is the byte offset after at most n UTF-16 units.
func cutAt(s string, n int) int {
	for i, r := range s {
		if n--; r > 0xFFFF {
			n--
		}
		if n < 0 {
			return i
		}
	}
	return len(s)
}

// Press presses the newest button with the label, or, failing an exact match,
// the newest that contains it. An inline button sends its press to the bot and
// the answer can be waited for; a reply-keyboard button sends its label as text,
// or one's own contact where the button asks for it. Without such a button the
// error tells which buttons there are.
func (s *Seat) Press(label string) (*Pressed, error) {
	s.w.mu.Lock()
	b, ok := s.findButton(label)
	if !ok {
		err := fmt.Errorf("%w %q; there are: %s", ErrNoButton, label, s.buttonList())
		s.w.mu.Unlock()
		return nil, err
	}
	if b.inline == nil {
		s.w.mu.Unlock()
		return &Pressed{}, s.pressKey(b)
	}
	defer s.w.mu.Unlock()
	return s.pressInline(b.record, b.inline)
}

// pressKey presses a button of the reply keyboard.
func (s *Seat) pressKey(b found) error {
	var err error
	if b.contact {
		_, err = s.ShareContact()
	} else {
		_, err = s.Send(b.text)
	}
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	if k := s.c.keyboard; k != nil && k.OneTimeKeyboard {
		s.c.keyboard = nil
	}
	return err
}

// PressData presses the button with the callback data on the message with the
// ID: also one that a newer message has outdated. Data that the message does not
// hold is sent as a modified app could.
func (s *Seat) PressData(messageID int, data string) (*Pressed, error) {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	r := s.c.byID[messageID]
	if r == nil || r.bot == nil {
		return nil, fmt.Errorf("%w: %d", ErrNoMessage, messageID)
	}
	return s.pressInline(r, &models.InlineKeyboardButton{CallbackData: data})
}

func (s *Seat) pressInline(r *record, b *models.InlineKeyboardButton) (*Pressed, error) {
	if !s.c.isPrivate() && !s.c.members[s.person.user.ID].isIn() {
		return nil, ErrNotMember
	}
	if b.URL != "" || b.CallbackData == "" {
		return &Pressed{URL: b.URL}, nil
	}
	return &Pressed{w: s.w, q: s.w.press(s.c, r, s.person, b.CallbackData)}, nil
}
