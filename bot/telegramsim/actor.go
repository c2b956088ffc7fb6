package telegramsim

import (
	"context"
	"time"
)

// TB is what an Actor needs of a *testing.T.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Context() context.Context
}

// patience is how long an Actor waits before it takes a test for hung.
const patience = 15 * time.Second

// Actor is a Seat for tests: what goes wrong ends the test with the chat in the
// message, so that a story reads without error handling.
//
//	ivan := world.Customer(t, "Ivan")
//	ivan.Send("/new")
//	ivan.Expect("What is it about?")
//	ivan.Press("Speed")
type Actor struct {
	*Seat
	t TB
}

// Customer adds a person and gives their private chat with the first bot.
func (w *World) Customer(t TB, name string, opts ...PersonOption) *Actor {
	return w.AddPerson(name, opts...).Act(t)
}

// Act is the seat as an Actor of a test.
func (s *Seat) Act(t TB) *Actor { return &Actor{Seat: s, t: t} }

// At is the same person in another chat or topic.
func (a *Actor) At(c *Chat) *Actor { return a.person.In(c).Act(a.t) }

func (a *Actor) check(what string, err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatalf("%s %s: %v\n%s", a.person.Name(), what, err, a.Transcript())
	}
}

// Send types a text.
func (a *Actor) Send(text string, opts ...SendOption) Message {
	a.t.Helper()
	m, err := a.Seat.Send(text, opts...)
	a.check("sends", err)
	return m
}

// Start opens the chat with the bot with a payload.
func (a *Actor) Start(payload string) Message {
	a.t.Helper()
	m, err := a.Seat.Start(payload)
	a.check("starts", err)
	return m
}

// SendPhoto sends a picture as a photo.
func (a *Actor) SendPhoto(picture []byte, caption string, opts ...SendOption) Message {
	a.t.Helper()
	m, err := a.Seat.SendPhoto(picture, caption, opts...)
	a.check("sends a photo", err)
	return m
}

// SendDocument sends a file under its name.
func (a *Actor) SendDocument(name string, data []byte, caption string, opts ...SendOption) Message {
	a.t.Helper()
	m, err := a.Seat.SendDocument(name, data, caption, opts...)
	a.check("sends a file", err)
	return m
}

// SendGIF sends an animated picture, which becomes an animation.
func (a *Actor) SendGIF(name string, gif []byte, caption string, opts ...SendOption) Message {
	a.t.Helper()
	m, err := a.Seat.SendGIF(name, gif, caption, opts...)
	a.check("sends a GIF", err)
	return m
}

// SendAlbum sends several pictures or files together.
func (a *Actor) SendAlbum(items ...AlbumItem) []Message {
	a.t.Helper()
	list, err := a.Seat.SendAlbum(items)
	a.check("sends an album", err)
	return list
}

// ShareContact sends the person's own contact.
func (a *Actor) ShareContact() Message {
	a.t.Helper()
	m, err := a.Seat.ShareContact()
	a.check("shares a contact", err)
	return m
}

// Press presses the newest button with the label or, failing that, one that
// contains it.
func (a *Actor) Press(label string) *Pressed {
	a.t.Helper()
	p, err := a.Seat.Press(label)
	a.check("presses "+label, err)
	return p
}

// PressAnswered presses a button and waits for the bot's answer to the press.
func (a *Actor) PressAnswered(label string) Answer {
	a.t.Helper()
	p := a.Press(label)
	ctx, cancel := a.wait()
	defer cancel()
	answer, err := p.Answer(ctx)
	a.check("presses "+label, err)
	return answer
}

// Edit changes a message that the person sent.
func (a *Actor) Edit(messageID int, text string) Message {
	a.t.Helper()
	m, err := a.Seat.Edit(messageID, text)
	a.check("edits", err)
	return m
}

// React sets a reaction.
func (a *Actor) React(messageID int, emoji string) {
	a.t.Helper()
	a.check("reacts", a.Seat.React(messageID, emoji))
}

// Block makes the person block the bot.
func (a *Actor) Block() {
	a.t.Helper()
	a.check("blocks the bot", a.Seat.Block())
}

// Expect waits for a message of the bot that contains all the substrings; see
// Chat.Expect.
func (a *Actor) Expect(substrings ...string) Message {
	a.t.Helper()
	ctx, cancel := a.wait()
	defer cancel()
	m, err := a.Chat.Expect(ctx, substrings...)
	if err != nil {
		a.t.Fatalf("%s %v", a.person.Name(), err)
	}
	return m
}

// ExpectTopic waits for a topic with the substrings in its name, and takes the
// person there.
func (a *Actor) ExpectTopic(substrings ...string) *Actor {
	a.t.Helper()
	ctx, cancel := a.wait()
	defer cancel()
	topic, err := a.Chat.ExpectTopic(ctx, substrings...)
	if err != nil {
		a.t.Fatalf("%s %v", a.person.Name(), err)
	}
	return a.At(topic)
}

func (a *Actor) wait() (context.Context, context.CancelFunc) {
	return context.WithTimeout(a.t.Context(), patience)
}
