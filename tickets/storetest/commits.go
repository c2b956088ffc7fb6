package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"intakebot/tickets"
)

// testAllOrNothing: a change that fails in its last part leaves nothing (P1).
func testAllOrNothing(t *testing.T, s tickets.Store) {
	known := *person(t, s, 7)
	u := tickets.Update{ID: 5, Chat: 7, Message: 6}
	bad := note(7, "x")
	bad.About = 4242
	lost := note(7, "x")
	lost.To.Ticket = tickets.Filed
	sound := tickets.Change{Update: &u, Customer: &known, At: start, Notices: []tickets.Notice{note(7, "a")}}
	broken := map[string]func(c *tickets.Change){
		"notice about no ticket":   func(c *tickets.Change) { c.Notices = append(c.Notices, bad) },
		"notice to nothing filed":  func(c *tickets.Change) { c.File = nil; c.Events = nil; c.Notices = append(c.Notices, lost) },
		"event of no ticket":       func(c *tickets.Change) { c.Events = append(c.Events, tickets.Event{Ticket: 4242, Kind: "x"}) },
		"event of nothing filed":   func(c *tickets.Change) { c.File = nil },
		"event by nobody":          func(c *tickets.Change) { c.Events[0].Actor.Kind = "cat" },
		"ticket of nobody":         func(c *tickets.Change) { c.File.Customer = 4242 },
		"ticket in no known state": func(c *tickets.Change) { c.File.State = "asleep" },
		"ticket without a draft":   func(c *tickets.Change) { c.File.Draft = "" },
		"session that is no JSON":  func(c *tickets.Change) { c.Customer.Session = []byte("{") },
	}
	for what, breakIt := range broken {
		c, who := sound, known
		c.Customer = &who
		c.File = ticket("d", 7)
		c.Events = []tickets.Event{{At: start, Actor: tickets.Actor{Kind: "bot"}, Kind: "filed"}}
		breakIt(&c)
		_, err := s.Commit(t.Context(), c)
		wantAway(t, what, err)
	}
	seen(t, s, u, false)
	unsent(t, s, 0)
	same(t, "the customer", *load(t, s, 7), known)
	sound.File = ticket("d", 7)
	commit(t, s, sound)
	unsent(t, s, 1)
}

func testDuplicate(t *testing.T, s tickets.Store) {
	press := tickets.Update{ID: 5}
	c := *person(t, s, 7)
	commit(t, s, tickets.Change{Update: &press, Customer: &c})
	after := *load(t, s, 7)
	// Both hold: the duplicate is told, so that nobody answers it again.
	for _, version := range []int64{c.Version, after.Version} {
		c.Version = version
		_, err := s.Commit(t.Context(), tickets.Change{
			Update: &press, Customer: &c, At: start, File: ticket("d", 7), Notices: []tickets.Notice{note(7, "x")},
		})
		wantErr(t, "a duplicate", err, tickets.ErrDuplicate)
	}
	same(t, "the customer", *load(t, s, 7), after)
	unsent(t, s, 0)
	seen(t, s, press, true)
	seen(t, s, tickets.Update{ID: 6}, false)
	commit(t, s, tickets.Change{Update: &tickets.Update{ID: 6}}) // another press: also of no chat
	commit(t, s, tickets.Change{Update: &tickets.Update{ID: 4}}) // IDs can come in any order
}

func testSameMessage(t *testing.T, s tickets.Store) {
	first := tickets.Update{ID: 5, Chat: 7, Message: 6}
	commit(t, s, tickets.Change{Update: &first})
	again := first
	again.ID = 50
	seen(t, s, again, true)
	_, err := s.Commit(t.Context(), tickets.Change{Update: &again, At: start})
	wantErr(t, "the same message", err, tickets.ErrDuplicate)
	for i, u := range []tickets.Update{
		{Chat: 7, Message: 6, Edited: 1767225600}, {Chat: 7, Message: 6, Edited: 1767225601},
		{Chat: 7, Message: 7}, {Chat: 8, Message: 6},
	} {
		u.ID = int64(100 + i)
		seen(t, s, u, false)
		commit(t, s, tickets.Change{Update: &u})
		seen(t, s, u, true)
	}
}

func testForget(t *testing.T, s tickets.Store) {
	old := tickets.Update{ID: 900, Chat: 7, Message: 6}
	young := tickets.Update{ID: 5, Chat: 7, Message: 7}
	commit(t, s, tickets.Change{Update: &old, At: start})
	commit(t, s, tickets.Change{Update: &young, At: later(time.Microsecond)})
	check(t, s.Forget(t.Context(), start))
	seen(t, s, old, true)
	check(t, s.Forget(t.Context(), later(time.Microsecond)))
	seen(t, s, old, false)
	seen(t, s, young, true)
	commit(t, s, tickets.Change{Update: &old})
}

func testStale(t *testing.T, s tickets.Store) {
	c := *person(t, s, 7)
	same(t, "first version", c.Version, int64(1))
	for _, version := range []int64{0, 2, -1} {
		c.Version = version
		u := tickets.Update{ID: 5 + version}
		_, err := s.Commit(t.Context(), tickets.Change{Update: &u, Customer: &c, At: start, Notices: []tickets.Notice{note(7, "x")}})
		wantErr(t, fmt.Sprint("version ", version), err, tickets.ErrStale)
		seen(t, s, u, false)
	}
	_, err := s.Commit(t.Context(), tickets.Change{Customer: &tickets.Customer{ID: 8, Version: 1}, At: start})
	wantErr(t, "a version of somebody unknown", err, tickets.ErrStale)
	unsent(t, s, 0)
}

// testRacing: of changes worked out from one version, one is committed (P4).
func testRacing(t *testing.T, s tickets.Store) {
	for version := range int64(5) {
		var wins, stale sync.Map
		var all sync.WaitGroup
		for i := range int64(8) {
			all.Go(func() {
				c := tickets.Customer{ID: 7, Version: version}
				u := tickets.Update{ID: version*100 + i}
				_, err := s.Commit(t.Context(), tickets.Change{
					Update: &u, Customer: &c, At: start, File: ticket(fmt.Sprint(u.ID), 7), Notices: []tickets.Notice{note(7, "x")},
				})
				switch {
				case err == nil:
					wins.Store(i, u)
				case errors.Is(err, tickets.ErrStale):
					stale.Store(i, u)
				default:
					t.Errorf("a racing commit: %v", err)
				}
			})
		}
		all.Wait()
		same(t, "commits that won and lost", []int{size(&wins), size(&stale)}, []int{1, 7})
		wins.Range(func(_, u any) bool { seen(t, s, u.(tickets.Update), true); return true })
		stale.Range(func(_, u any) bool { seen(t, s, u.(tickets.Update), false); return true })
	}
	same(t, "the version", load(t, s, 7).Version, int64(5))
	unsent(t, s, 5)
	list, err := s.TicketsOf(t.Context(), 7, 100)
	check(t, err)
	same(t, "tickets", len(list), 5)
}

func size(m *sync.Map) (n int) {
	m.Range(func(_, _ any) bool { n++; return true })
	return n
}

func testSameDraft(t *testing.T, s tickets.Store) {
	file(t, s, "d", 7)
	c := *load(t, s, 7)
	u := tickets.Update{ID: 5}
	_, err := s.Commit(t.Context(), tickets.Change{Update: &u, Customer: &c, File: ticket("d", 7), At: start})
	wantErr(t, "the same draft", err, tickets.ErrStale)
	seen(t, s, u, false)
	same(t, "the customer", *load(t, s, 7), c)
}

func testFiled(t *testing.T, s tickets.Store) {
	file(t, s, "other", 8)
	c := tickets.Customer{ID: 7, Lang: tickets.Russian}
	card := note(-100, "card")
	card.Kind, card.About, card.To.Ticket = tickets.NoticeCard, tickets.Filed, tickets.Filed
	receipt := note(7, "receipt")
	receipt.About = tickets.Filed
	given := []tickets.Notice{receipt, card, note(7, "more")}
	done := commit(t, s, tickets.Change{
		Customer: &c, File: ticket("d", 7), Notices: given,
		Events: []tickets.Event{{At: start, Actor: tickets.Actor{Kind: "customer", ID: 7}, Kind: "filed"}},
	})
	same(t, "the change's own notice", given[0].About, int64(tickets.Filed))
	events, err := s.Events(t.Context(), done.Ticket)
	check(t, err)
	same(t, "events of the ticket", len(events), 1)
	same(t, "receipt", done.Notices[0].About, done.Ticket)
	same(t, "card's address", done.Notices[1].To, tickets.Address{Chat: -100, Ticket: done.Ticket})
	same(t, "notice about nothing", done.Notices[2].About, int64(0))
	for i, n := range done.Notices {
		if i > 0 && n.ID <= done.Notices[i-1].ID {
			t.Errorf("IDs do not grow: %v", ids(done.Notices))
		}
	}
	list, err := s.Waiting(t.Context(), start, later(time.Second), 10)
	check(t, err)
	same(t, "what is stored", list, done.Notices[:2])
}

// testEndedContext: what was refused was not done.
func testEndedContext(t *testing.T, s tickets.Store) {
	u := tickets.Update{ID: 5}
	_, err := s.Commit(ended(), tickets.Change{Update: &u, At: start})
	wantAway(t, "commit with an ended context", err)
	seen(t, s, u, false)
	commit(t, s, tickets.Change{Update: &u})
}
