package texts

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

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
		r.message(d.List(heading, []tickets.Ticket{t}), 0)
	}
	r.message(d.Board(slices.Repeat([]tickets.Ticket{t}, 30)), 0)
	r.message(d.History(t, events), t.ID)
	r.message(d.Transcript(t, events), t.ID)
	r.message(d.Help(), 0)
	r.line(d.Title(t), t.ID)
}

// TestTheDeskHasItsWords lets customers and agents do anything, and reads all
// that is said: no key and no value may be missing, and no text be unused.
func TestTheDeskHasItsWords(t *testing.T) {
	r := reader{t, shippedCatalog(t), map[string]bool{}}
	p := policy.Shipped()
	rapid.Check(t, func(rt *rapid.T) {
		p.Agents.ShowName = rapid.Bool().Draw(rt, "show")
		w := &deskWalk{reader: r, desk: tickets.Desk{Policy: &p, Now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}}
		w.file(rapid.SampledFrom([]string{"error", "down"}).Draw(rt, "topic"))
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			w.step(rt)
		}
		r.views(w.desk, w.t, w.events)
	})
	if t.Failed() {
		return
	}
	for _, key := range r.catalog.Keys() {
		part, _, _ := strings.Cut(key, ".")
		if slices.Contains([]string{"desk", "told", "rate", "reopen", "answer", "card", "sign", "list", "board", "transcript", "history", "mine", "yours", "why", "closed"}, part) && !r.seen[key] {
			t.Errorf("%q was never said", key)
		}
	}
	for _, a := range tickets.Actions {
		r.line(tickets.Line{Key: "action." + a.Name}, 0)
		r.line(tickets.Line{Key: "action." + a.Name + ".about"}, 0)
	}
}

type deskWalk struct {
	reader
	desk   tickets.Desk
	t      tickets.Ticket
	events []tickets.Event
}

func (w *deskWalk) file(topic string) {
	f := tickets.Filing{
		Customer: 7, Lang: tickets.Russian, Topic: topic, Group: -1001, At: w.desk.Now,
		Report: tickets.Report{Site: "https://a.ru/", Problem: "не работает"},
	}
	var c tickets.Change
	f.Into(w.desk.Policy, &c)
	w.change(c, nil)
	w.t = *c.File
	w.t.ID, w.t.Place.Thread = 1, 5
	w.events = append(w.events, c.Events...)
}

// step does anything, and reads what comes of it.
func (w *deskWalk) step(r *rapid.T) {
	if pause := rapid.SampledFrom([]int{0, 0, 0, 1, 30, 1000}).Draw(r, "hours"); pause > 0 {
		w.desk.Now = w.desk.Now.Add(time.Duration(pause) * time.Hour)
	}
	if wake := w.t.Wake; !wake.IsZero() && rapid.Bool().Draw(r, "sleep") {
		w.desk.Now = wake
		w.done(w.desk.Wake(w.t))
	}
	by := tickets.Actor{Kind: "agent", ID: rapid.Int64Range(1, 2).Draw(r, "agent"), Name: "Иван"}
	customer := tickets.Actor{Kind: "customer", ID: 7}
	post := tickets.Post{Source: tickets.Source{Chat: 7, Messages: []int64{9}}}
	if rapid.Bool().Draw(r, "text") {
		post.Body = &tickets.Body{Text: "x"}
	}
	switch rapid.IntRange(0, 8).Draw(r, "what") {
	case 0:
		w.done(w.desk.AgentPosts(w.t, by, post))
	case 1:
		w.done(w.desk.CustomerAdds(w.t, post))
	case 2:
		w.done(w.desk.Rate(w.t, rapid.IntRange(0, 5).Draw(r, "stars")))
	case 3:
		w.done(w.desk.Comment(w.t, "плохо"))
	case 4:
		w.done(w.desk.Reopen(w.t, customer))
	default:
		w.act(r, by, post)
	}
	w.views(w.desk, w.t, w.events)
}

func (w *deskWalk) act(r *rapid.T, by tickets.Actor, post tickets.Post) {
	a := tickets.Act{
		Name:  rapid.SampledFrom([]string{"take", "assign", "wait", "develop", "putoff", "decline", "solve", "close", "reopen", "level", "priority", "r", "split", "merge", "note", "ticket", "nonsense"}).Draw(r, "action"),
		By:    by,
		Value: rapid.SampledFrom([]string{"", "", "more", "on", "no-information", "consultation", "details"}).Draw(r, "value"),
		Reply: rapid.SampledFrom([]int64{0, 3}).Draw(r, "reply"),
	}
	if rapid.Bool().Draw(r, "post") {
		a.Post = &post
	}
	if a.Name == "merge" {
		a.Other = w.t
		a.Other.ID = rapid.Int64Range(0, 3).Draw(r, "other")
		a.Other.State = rapid.SampledFrom([]tickets.State{tickets.StateNew, tickets.StateClosed}).Draw(r, "state")
		a.Other.Life = tickets.Life{}
		a.Other.Customer = rapid.Int64Range(7, 8).Draw(r, "customer")
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
