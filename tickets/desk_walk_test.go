package tickets_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"intakebot/tickets"
	"intakebot/tickets/policy"
)

const (
	customerID = 7
	groupID    = -1001234567890
)

var (
	moscow  = time.FixedZone("MSK", 3*60*60)
	tuesday = time.Date(2026, 11, 24, 12, 0, 0, 0, moscow)
	ivan    = tickets.Actor{Kind: "agent", ID: 1, Name: "Иван"}
	olga    = tickets.Actor{Kind: "agent", ID: 2, Name: "Ольга"}
	anna    = tickets.Actor{Kind: "customer", ID: customerID, Name: "@anna"}
)

// player plays one ticket: it does what a store does with the changes.
type player struct {
	desk   tickets.Desk
	t      tickets.Ticket
	c      tickets.Change // the last one
	events []tickets.Event
	policy tickets.Policy
}

func newPlayer(now time.Time, topic string) *player {
	p := &player{policy: policy.Shipped()}
	p.desk = tickets.Desk{Policy: &p.policy, Now: now}
	f := tickets.Filing{
		Draft: "d", Customer: customerID, Lang: tickets.Russian, Topic: topic, Group: groupID, At: now,
		Report: tickets.Report{
			Contact: tickets.Contact{Name: "Анна", Email: "a@example.ru", Login: "anna", Account: "@anna"},
			Site:    "https://example.ru/", Problem: "Каталог не открывается",
		},
	}
	var c tickets.Change
	f.Into(&p.policy, &c)
	p.t = *c.File
	p.t.ID, p.t.Version, p.t.Place = 1001, 1, tickets.Place{Group: groupID, Thread: 55, Card: 56}
	p.events = []tickets.Event{{Ticket: 1001, At: now, Kind: "filed", Actor: anna}}
	return p
}

// take does with a change what a store does.
func (p *player) take(c tickets.Change, err error) error {
	p.c = c
	if err != nil {
		return err
	}
	p.events = append(p.events, c.Events...)
	for _, t := range c.Tickets {
		if t.ID == p.t.ID {
			p.t = t
			p.t.Version++
		}
	}
	return nil
}

func (p *player) act(by tickets.Actor, name, value string) error {
	return p.take(p.desk.Act(p.t, tickets.Act{Name: name, By: by, Value: value}))
}

func (p *player) answer(by tickets.Actor) error {
	return p.take(p.desk.AgentPosts(p.t, by, text(groupID, 500, "ответ")))
}

func (p *player) add() error {
	return p.take(p.desk.CustomerAdds(p.t, text(customerID, 600, "ещё")))
}

func text(chat, message int64, words string) tickets.Post {
	return tickets.Post{Source: tickets.Source{Chat: chat, Messages: []int64{message}}, Body: &tickets.Body{Text: words}}
}

// pass lets time go by, waking the ticket whenever it wants to be woken.
func (p *player) pass(d time.Duration, each func()) {
	end := p.desk.Now.Add(d)
	for !p.t.Wake.IsZero() && !p.t.Wake.After(end) {
		if p.t.Wake.After(p.desk.Now) {
			p.desk.Now = p.t.Wake
		}
		if err := p.take(p.desk.Wake(p.t)); err != nil {
			panic(err)
		}
		each()
	}
	p.desk.Now = end
}

// said lists the text keys of the last change's notices to a chat.
func (p *player) said(chat int64) []string {
	var keys []string
	for _, n := range p.c.Notices {
		if n.To.Chat == chat && n.Kind != tickets.NoticeEdit {
			for _, l := range n.Message.Text {
				keys = append(keys, l.Key)
			}
		}
	}
	return keys
}

// kinds lists the kinds of the last change's notices.
func (p *player) kinds() []tickets.NoticeKind {
	var out []tickets.NoticeKind
	for _, n := range p.c.Notices {
		out = append(out, n.Kind)
	}
	return out
}

// TestWalk does anything in any order, and holds what is always true against
// each change.
func TestWalk(t *testing.T) {
	reached := map[tickets.State]bool{}
	rapid.Check(t, func(r *rapid.T) {
		p := newPlayer(tuesday, rapid.SampledFrom([]string{"error", "site-down", "general"}).Draw(r, "topic"))
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			p.pass(time.Duration(rapid.IntRange(0, 3000).Draw(r, "minutes"))*time.Minute, func() { p.check(r) })
			before := p.t
			err := p.anything(r)
			var refused *tickets.Refusal
			if err != nil && (!errors.As(err, &refused) || refused.Line.Key == "") {
				r.Fatalf("%v", err)
			}
			if err != nil {
				continue
			}
			reached[p.t.State] = true
			p.check(r)
			if before.State != p.t.State && !slices.ContainsFunc(p.c.Events, func(e tickets.Event) bool {
				return e.Kind == "state" && e.Data["from"] == string(before.State) && e.Data["to"] == string(p.t.State) && e.Actor.Kind != "" && e.At.Equal(p.desk.Now)
			}) {
				r.Fatalf("%s became %s, and the audit trail has %+v", before.State, p.t.State, p.c.Events)
			}
			if before.State != p.t.State && len(p.said(customerID)) == 0 {
				r.Fatalf("%s became %s, and the customer was not told", before.State, p.t.State)
			}
		}
	})
	for _, s := range tickets.States {
		if !reached[s] && s != tickets.StateNew {
			t.Logf("this walk never reached %s; the tables do", s)
		}
	}
}

// anything does one thing that a customer, an agent or the store's timer can do.
func (p *player) anything(r *rapid.T) error {
	by := rapid.SampledFrom([]tickets.Actor{ivan, olga}).Draw(r, "agent")
	switch rapid.SampledFrom([]string{"act", "act", "act", "answer", "add", "add", "rate", "comment", "reopen", "wake"}).Draw(r, "what") {
	case "answer":
		return p.answer(by)
	case "add":
		return p.add()
	case "rate":
		return p.take(p.desk.Rate(p.t, rapid.IntRange(0, 6).Draw(r, "stars")))
	case "comment":
		return p.take(p.desk.Comment(p.t, "так себе"))
	case "reopen":
		return p.take(p.desk.Reopen(p.t, anna))
	case "wake":
		return p.take(p.desk.Wake(p.t))
	}
	var names []string
	for _, a := range tickets.Actions {
		if a.Changes {
			names = append(names, a.Name)
		}
	}
	a := tickets.Act{
		Name: rapid.SampledFrom(names).Draw(r, "action"), By: by,
		Value: rapid.SampledFrom([]string{"", "no-information", "consultation", "support", "development", "on", "off", "details", "none"}).Draw(r, "value"),
		Reply: rapid.SampledFrom([]int64{0, 77}).Draw(r, "reply"),
	}
	if a.Name == "assign" && rapid.Bool().Draw(r, "other") {
		a.Agent = olga
	}
	if post := text(customerID, 600, "другое"); a.Name == "split" {
		a.Post = &post
	}
	if a.Name == "merge" {
		a.Other = newPlayer(p.desk.Now, "error").t
		a.Other.ID = 1002
	}
	return p.take(p.desk.Act(p.t, a))
}

// check holds what is always true of a ticket and of a change.
func (p *player) check(r *rapid.T) {
	l, _ := p.policy.Level(p.t.Level)
	unregulated := l.Reaction == 0 || p.t.State == tickets.StateDevelopment
	if p.t.Due.IsZero() != (p.t.Life.Since.IsZero() || unregulated) {
		r.Fatalf("due %v, since %v, level %s in %s", p.t.Due, p.t.Life.Since, p.t.Level, p.t.State)
	}
	comes := (!p.t.Due.IsZero() && p.t.Life.Warned < 100) || p.t.State == tickets.StateWaiting || p.t.State == tickets.StateSolved
	if p.t.Wake.IsZero() == comes {
		r.Fatalf("wake %v, due %v, warned %d, in %s", p.t.Wake, p.t.Due, p.t.Life.Warned, p.t.State)
	}
	if p.t.State.Ended() == p.t.Life.Ended.IsZero() || (p.t.State == tickets.StateWaiting) == p.t.Life.Quiet.IsZero() {
		r.Fatalf("in %s, ended %v, quiet %v", p.t.State, p.t.Life.Ended, p.t.Life.Quiet)
	}
	for _, t := range p.c.Tickets {
		if t.ID == p.t.ID && t.Version+1 != p.t.Version {
			r.Fatalf("the version was touched: %d", t.Version)
		}
	}
	for _, n := range p.c.Notices {
		p.checkNotice(r, n)
	}
}

func (p *player) checkNotice(r *rapid.T, n tickets.Notice) {
	customer := n.To == tickets.Address{Chat: customerID}
	if !customer && (n.To.Chat != groupID || n.To.Ticket == 0) {
		r.Fatalf("to whom is that? %+v", n)
	}
	if n.About == 0 || n.Lang == "" {
		r.Fatalf("about what, in which language? %+v", n)
	}
	for _, l := range n.Message.Text {
		inside := strings.HasPrefix(l.Key, "desk.") || strings.HasPrefix(l.Key, "card.")
		if customer && inside || !customer && strings.HasPrefix(l.Key, "told.") {
			r.Fatalf("%s goes to %+v", l.Key, n.To)
		}
		if strings.HasPrefix(l.Key, "desk.warn") && (p.t.Life.Since.IsZero() || p.t.Due.IsZero()) {
			r.Fatalf("warned with %s of a ticket that was answered", l.Key)
		}
	}
}
