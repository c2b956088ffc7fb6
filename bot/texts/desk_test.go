package texts

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"intakebot/tickets"
	"intakebot/tickets/policy"
)

// reader renders what a desk says as a chat does, in every language.
type reader struct {
	t       testing.TB
	catalog *Catalog
	seen    map[string]bool
}

func (r reader) line(l tickets.Line, about int64) {
	r.t.Helper()
	if l.Key == "" {
		return
	}
	r.seen[l.Key] = true
	for _, lang := range tickets.Langs {
		args := map[string]any{}
		if about != 0 {
			args["ticket"] = "T-1"
		}
		var count *int64
		for name, a := range l.Args {
			args[name] = "x"
			if a.Key != "" {
				r.line(tickets.Line{Key: a.Key}, about)
			}
			if name == "n" {
				count = a.Count
			}
			if a.Count != nil {
				args[name] = *a.Count
			}
		}
		if _, err := r.catalog.Render(lang, l.Key, args, count); err != nil {
			r.t.Error(err)
		}
	}
}

func (r reader) message(m tickets.Message, about int64) {
	for _, l := range m.Text {
		r.line(l, about)
	}
	for _, b := range slices.Concat(m.Buttons...) {
		r.line(b.Label, about)
	}
}

func (r reader) change(c tickets.Change, err error) {
	if refused, ok := err.(*tickets.Refusal); ok {
		r.line(refused.Line, 0)
	}
	for _, n := range c.Notices {
		r.message(n.Message, n.About)
		r.line(n.Title, n.About)
	}
}

// views shows all that there is to be seen of a ticket.
func (r reader) views(d tickets.Desk, t tickets.Ticket, events []tickets.Event) {
	r.message(d.Card(t), t.ID)
	r.message(d.Why(t), t.ID)
	r.message(d.Mine([]tickets.Ticket{t}), 0)
	r.message(d.Mine(nil), 0)
	for _, heading := range []string{"list.queue", "list.mine", "list.find"} {
		r.message(d.List(heading, []tickets.Ticket{t}, 1), 0)
	}
	r.message(d.List("board.head", slices.Repeat([]tickets.Ticket{t}, 25), 300), 0)
	r.message(d.History(t, events), t.ID)
	r.message(d.Transcript(t, events), t.ID)
	r.message(d.Help(), 0)
	r.line(d.Title(t), t.ID)
	r.line(t.ThreadName(), t.ID)
	r.line(tickets.Line{Key: "thread.made"}, t.ID)
	r.line(tickets.Line{Key: "thread.elsewhere"}, 0)
	r.line(tickets.Line{Key: "told.draft"}, t.ID)
}

// parts are how the keys of the desk begin.
var parts = []string{
	"answer", "board", "card", "closed", "desk", "history", "list", "mine", "rate", "reopen", "sign", "status", "thread", "told", "transcript", "why", "yours",
}

// TestTheDeskHasItsWords lets customers and agents do anything, and reads all
// that is said: no key and no value may be missing, and no text be left over.
// The walk is always the same.
func TestTheDeskHasItsWords(t *testing.T) {
	p := policy.Shipped()
	w := &deskWalk{
		reader: reader{t, shippedCatalog(t), map[string]bool{}}, dice: rand.New(rand.NewPCG(1, 2)),
		desk: tickets.Desk{Policy: &p, Now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)},
	}
	for round := range 60 {
		p.Agents.ShowName = round%2 == 0
		w.file([]string{"error", "site-down"}[round/2%2])
		for range 30 {
			w.step()
		}
		w.views(w.desk, w.t, slices.Concat(w.events, w.events, w.events))
	}
	w.exceptions()
	for _, a := range tickets.Actions {
		w.line(tickets.Line{Key: "action." + a.Name}, 0)
		w.line(tickets.Line{Key: "action." + a.Name + ".about"}, 0)
	}
	for _, key := range w.catalog.Keys() {
		if part, _, _ := strings.Cut(key, "."); slices.Contains(parts, part) && !w.seen[key] {
			t.Errorf("%q was never said", key)
		}
	}
}

type deskWalk struct {
	reader
	dice   *rand.Rand
	desk   tickets.Desk
	t      tickets.Ticket
	events []tickets.Event
}

func (w *deskWalk) file(topic string) {
	f := tickets.Filing{
		Customer: 7, Lang: tickets.Russian, Topic: topic, Group: -1002000000001, At: w.desk.Now,
		Report: tickets.Report{Site: "https://a.ru/", Problem: "не работает"},
	}
	var c tickets.Change
	f.Into(w.desk.Policy, &c)
	w.change(c, nil)
	w.t = *c.File
	w.t.ID, w.t.Place.Thread = 1, 5
	w.events = c.Events
}

// step does anything, and reads what comes of it.
func (w *deskWalk) step() {
	if pause := pick(w, 0, 0, 0, 1, 30, 1000); pause > 0 {
		w.desk.Now = w.desk.Now.Add(time.Duration(pause) * time.Hour)
	}
	if wake := w.t.Wake; !wake.IsZero() && pick(w, true, false) {
		w.desk.Now = wake
		w.done(w.desk.Wake(w.t))
	}
	by := tickets.Actor{Kind: "agent", ID: pick[int64](w, 1, 2), Name: "Иван"}
	customer := tickets.Actor{Kind: "customer", ID: 7}
	post := tickets.Post{Source: tickets.Source{Chat: 7, Messages: []int64{9}}}
	if pick(w, true, false) {
		post.Body = &tickets.Body{Text: "x"}
	}
	switch w.dice.IntN(9) {
	case 0:
		w.done(w.desk.AgentPosts(w.t, by, post))
	case 1:
		w.done(w.desk.CustomerAdds(w.t, post))
	case 2:
		w.done(w.desk.Rate(w.t, w.dice.IntN(6)))
	case 3:
		w.done(w.desk.Comment(w.t, "плохо"))
	case 4:
		w.done(w.desk.Reopen(w.t, customer))
	default:
		w.act(by, post)
	}
	if w.dice.IntN(3) == 0 {
		w.views(w.desk, w.t, w.events)
	}
}

// exceptions happen seldom.
func (w *deskWalk) exceptions() {
	by := tickets.Actor{Kind: "agent", ID: 1, Name: "Иван"}
	for _, on := range []bool{true, false} {
		for _, name := range []string{"ban", "unban"} {
			w.done(w.desk.Ban(w.t, tickets.Customer{Banned: on}, tickets.Act{Name: name, By: by, Reply: 3}))
		}
	}
	w.done(tickets.Change{Notices: []tickets.Notice{w.desk.Grown(-1002000000001, 3), w.desk.CardAgain(w.t, -1002000000001)}}, nil)
	held := w.t
	held.State, held.Agent, held.Life.AgentName = tickets.StateWork, 2, "Ольга"
	w.change(w.desk.Act(held, tickets.Act{Name: "assign", By: by}))
	w.change(w.desk.Act(held, tickets.Act{Name: "assign", By: by, Agent: tickets.Actor{Kind: "agent", ID: 3, Name: "Пётр"}}))
	other := held
	other.ID++
	for _, a := range []tickets.Act{{}, {Others: []tickets.Ticket{other}}, {Value: "nonsense"}} {
		a.Name, a.By, a.Reply = "merge", by, 3
		w.change(w.desk.Act(held, a))
	}
	again := tickets.Post{Source: tickets.Source{Chat: 7, Messages: []int64{9}}, Body: &tickets.Body{Text: "x"}}
	w.change(w.desk.Act(held, tickets.Act{Name: "split", By: by, Reply: 3, Post: &again, Again: true}))
	w.done(w.desk.TakeBack(by, []tickets.Carried{{Ticket: w.t.ID}}), nil)
	w.desk.Now = time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC)
	var c tickets.Change
	w.desk.Closed(&c, w.t, []tickets.Ticket{w.t})
	w.done(c, nil)
	w.views(w.desk, w.t, w.events)
}

func pick[T any](w *deskWalk, from ...T) T { return from[w.dice.IntN(len(from))] }

func (w *deskWalk) act(by tickets.Actor, post tickets.Post) {
	a := tickets.Act{
		Name:  pick(w, "take", "assign", "wait", "develop", "putoff", "decline", "solve", "close", "reopen", "level", "priority", "r", "split", "merge", "note", "ticket", "nonsense"),
		By:    by,
		Value: pick(w, "", "", "more", "on", "off", "development", "support"),
		Reply: pick[int64](w, 0, 3),
	}
	a.Late = a.Reply != 0
	if row, _ := tickets.FindAction(a.Name); row.Wants == tickets.WantsReason && pick(w, true, false) {
		a.Value = "no-information"
	} else if row.Wants == tickets.WantsCanned && pick(w, true, false) {
		a.Value = "details"
	}
	if pick(w, true, false) {
		a.Post = &post
	}
	if pick(w, true, false) {
		a.Agent = tickets.Actor{Kind: "agent", ID: pick[int64](w, 1, 2), Name: "Ольга"}
	}
	if a.Name == "merge" {
		a.Other = w.t
		a.Other.ID = w.dice.Int64N(4)
		a.Other.State = pick(w, tickets.StateNew, tickets.StateClosed)
		a.Other.Life = tickets.Life{}
		a.Other.Customer = pick[int64](w, 7, 8)
	}
	w.done(w.desk.Act(w.t, a))
}

func (w *deskWalk) done(c tickets.Change, err error) {
	w.change(c, err)
	if err != nil {
		return
	}
	w.events = append(w.events, c.Events...)
	for _, t := range c.Tickets {
		if t.ID == w.t.ID {
			w.t = t
		}
	}
	if c.File != nil { // go on with the new one
		w.t, w.events = *c.File, c.Events
		w.t.ID, w.t.Place.Thread = 1, 0
	}
}
