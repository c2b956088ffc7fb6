package dialog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"intakebot/tickets"
	"intakebot/tickets/sla"
)

// player is a customer at the dialog: types and presses, and sees what comes
// back. The session goes through its stored form at every step.
type player struct {
	t        *testing.T
	customer tickets.Customer
	env      Env
	me       Person
	message  int64
	reply    Reply
	screen   []tickets.Message // all messages, newest last
	drafts   int
}

// testPolicy is small, and has one of everything.
func testPolicy(t *testing.T) *tickets.Policy {
	t.Helper()
	day := []sla.Hours{{From: sla.At(9, 0), To: sla.At(18, 0)}}
	weekend := []sla.Hours{{From: sla.At(10, 0), To: sla.At(18, 0)}}
	calendar, err := sla.New(sla.Spec{Zone: "Europe/Moscow", Week: [7][]sla.Hours{weekend, day, day, day, day, day, weekend}})
	if err != nil {
		t.Fatal(err)
	}
	words := func(s string) tickets.Words { return tickets.Words{tickets.Russian: s, tickets.English: s} }
	return &tickets.Policy{
		Calendar: calendar,
		Levels: []tickets.Level{
			{ID: "support", Name: words("support"), Reaction: 9 * time.Hour, Weekends: true},
			{ID: "consultation", Name: words("consultation"), Reaction: 20 * time.Hour},
		},
		Topics: []tickets.Topic{
			{ID: "down", Name: words("site down"), Level: "support", Critical: true},
			{ID: "error", Name: words("error"), Level: "support"},
			{ID: "design", Name: words("design"), Level: "consultation", OutOfScope: true, Explain: words("partners do it")},
		},
		Phones:   []tickets.Phone{{Number: "8-800-5555-864", Note: words("free")}},
		Partners: tickets.Link{Title: words("partners"), URL: "https://example.com/partners"},
		Limits: tickets.Limits{
			DescriptionMin: 20, DescriptionMax: 8000, TextMax: 6000, Files: 3, FileBytes: 20 << 20,
			DraftKept: 7 * 24 * time.Hour, RemindAfter: time.Hour, PerMinute: 60,
		},
		Agents: tickets.Agents{Lang: tickets.Russian},
	}
}

func newPlayer(t *testing.T) *player {
	p := &player{t: t, customer: tickets.Customer{ID: 77}, me: Person{ID: 77, Name: "Анна Петрова", Nick: "anna", Tag: "ru"}}
	p.env = Env{
		Policy: testPolicy(t), Groups: tickets.Groups{IDs: []int64{-100}}, Now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC),
		NewID: func() string { p.drafts++; return fmt.Sprintf("draft-%d", p.drafts) },
	}
	return p
}

// give answers an input, and shows what came back.
func (p *player) give(in Input) *player {
	p.t.Helper()
	p.message++
	in.From, in.Date = p.me, p.env.Now
	in.Update = tickets.Update{ID: 1000 + p.message}
	if in.Message == 0 {
		in.Message = p.message
	}
	before := p.customer
	reply, err := Answer(p.customer, in, p.env)
	if err != nil {
		p.t.Fatalf("%+v: %v", in, err)
	}
	p.take(reply)
	if kept, err := json.Marshal(before.Decoded); err != nil || before.Decoded != nil && string(kept) != string(before.Session) {
		p.t.Errorf("%+v changes what it was given: %s, %v", in, kept, err)
	}
	return p
}

func (p *player) take(r Reply) {
	p.t.Helper()
	p.reply = r
	p.customer = *r.Change.Customer
	p.customer.Version++
	kept, err := json.Marshal(p.customer.Decoded)
	if err != nil || string(kept) != string(p.customer.Session) {
		p.t.Errorf("what is at hand is not what is stored: %s instead of %s, %v", kept, p.customer.Session, err)
	}
	for _, n := range r.Change.Notices {
		if n.Kind == tickets.NoticeSend {
			p.screen = append(p.screen, n.Message)
		}
		body, err := json.Marshal(n.Message)
		if err != nil || strings.Contains(string(body), "null") {
			p.t.Errorf("a notice that cannot be stored: %s, %v", body, err)
		}
	}
}

func (p *player) types(text string) *player {
	p.t.Helper()
	return p.give(Input{Kind: Typed, Text: text})
}

func (p *player) commands(name string) *player {
	p.t.Helper()
	return p.give(Input{Kind: Commanded, Command: name})
}

func (p *player) sends(unique string) *player {
	p.t.Helper()
	return p.give(Input{Kind: Sent, File: picture(unique, p.message+1)})
}

func picture(unique string, message int64) *tickets.File {
	return &tickets.File{ID: "id-" + unique, Unique: unique, Kind: tickets.Photo, Type: "image/jpeg", Message: message}
}

// presses the newest button with a label key.
func (p *player) presses(key string) *player {
	p.t.Helper()
	data := p.find(key)
	press, err := tickets.DecodePress(data)
	if err != nil {
		p.t.Fatalf("button %s: %q: %v", key, data, err)
	}
	return p.give(Input{Kind: Pressed, Press: press, PressedOn: 5})
}

func (p *player) find(key string) string {
	p.t.Helper()
	var seen []string
	for _, m := range slices.Backward(p.screen) {
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Label.Key == key {
					return b.Data
				}
				seen = append(seen, b.Label.Key)
			}
		}
	}
	p.t.Fatalf("no button %s among %v", key, seen)
	return ""
}

// topic presses a topic's button.
func (p *player) topic(id string) *player {
	p.t.Helper()
	s := p.session()
	return p.give(Input{Kind: Pressed, Press: tickets.Press{Revision: s.Revision, Event: pressPick, Value: id}, PressedOn: 5})
}

func (p *player) session() Session {
	p.t.Helper()
	s, err := load(p.customer)
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

func (p *player) draft() *Draft { return p.session().Draft }

// is checks the state.
func (p *player) is(want State) *player {
	p.t.Helper()
	if got := p.session().State; got != want {
		p.t.Fatalf("state %s, want %s; last said %v", got, want, p.said())
	}
	return p
}

// said lists the text keys of the latest reply.
func (p *player) said() []string {
	var keys []string
	for _, n := range p.reply.Change.Notices {
		if n.To.Chat == p.customer.ID {
			for _, l := range n.Message.Text {
				keys = append(keys, l.Key)
			}
		}
	}
	return keys
}

// hears checks that the latest reply says something.
func (p *player) hears(keys ...string) *player {
	p.t.Helper()
	for _, k := range keys {
		if !slices.Contains(p.said(), k) {
			p.t.Errorf("not said: %s; said %v", k, p.said())
		}
	}
	return p
}

const blankPage = "Каталог не открывается: белая страница вместо товаров"

// upTo walks a fresh draft to a state with good answers.
func (p *player) upTo(want State) *player {
	p.t.Helper()
	walk := []struct {
		state State
		step  func()
	}{
		{Topic, func() { p.commands("new") }},
		{Name, func() { p.topic("error") }},
		{Email, func() { p.types("Анна Петрова") }},
		{Login, func() { p.types("anna@example.ru") }},
		{Phone, func() { p.types("anna") }},
		{Site, func() { p.types("8 495 123-45-67") }},
		{Problem, func() { p.types("example.ru") }},
		{Error, func() { p.types(blankPage).presses("button.done") }},
		{Steps, func() { p.types("HTTP 500") }},
		{Shots, func() { p.types("Открыла каталог") }},
		{Changes, func() { p.sends("one").presses("button.done") }},
		{Review, func() { p.types("Обновили шаблон") }},
	}
	for _, w := range walk {
		w.step()
		p.is(w.state)
		if w.state == want {
			return p
		}
	}
	p.t.Fatalf("no way to %s", want)
	return p
}
