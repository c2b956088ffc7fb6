package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"intakebot/tickets"
)

// worked is a filed ticket with all that becomes of it at the desk.
func worked(k tickets.Ticket) tickets.Ticket {
	k.Lang, k.Topic, k.Level, k.Critical = tickets.English, "speed", "development", true
	k.State, k.Due, k.Agent, k.Wake = tickets.StateDevelopment, time.Time{}, 1<<52, later(5*time.Hour)
	k.Report.Problem, k.Report.Contact.Phone = words, "+7 812"
	k.Life = tickets.Life{
		AgentName: words, Since: start, Warned: 80, Reason: "scope", Quiet: later(time.Minute), Reminded: true, Ended: later(time.Hour),
		Rating: 5, Comment: words, SplitFrom: 1001, MergedTo: 1002, LastAgent: 9, LevelBefore: "support",
	}
	return k
}

func loadTicket(t *testing.T, s tickets.Store, id int64) tickets.Ticket {
	t.Helper()
	k, err := s.Ticket(t.Context(), id)
	check(t, err)
	return k
}

// change commits new values of tickets.
func change(t *testing.T, s tickets.Store, list ...tickets.Ticket) {
	t.Helper()
	commit(t, s, tickets.Change{Tickets: list})
}

// testTicketChange: everything of a ticket changes, but for what never does
// and its place and thread, which are Settle's.
func testTicketChange(t *testing.T, s tickets.Store) {
	person(t, s, 7)
	first := fullTicket("d1", 7)
	id := commit(t, s, tickets.Change{File: &first}).Ticket
	filed := loadTicket(t, s, id)
	want := worked(filed)
	given := want
	given.Draft, given.Customer, given.Opened, given.Place = "another", 4242, start.Add(time.Hour), tickets.Place{}
	given.Thread = 99
	change(t, s, given)
	want.Version = 2
	same(t, "changed ticket", loadTicket(t, s, id), want)

	plain := filed
	plain.Version = 2
	change(t, s, plain)
	plain.Version = 3
	same(t, "changed back", loadTicket(t, s, id), plain)
}

// testFiledWorked: a ticket that is split off can be filed as being worked on.
func testFiledWorked(t *testing.T, s tickets.Store) {
	person(t, s, 7)
	want := worked(fullTicket("d1", 7))
	want.ID = commit(t, s, tickets.Change{File: &want}).Ticket
	want.Version = 1
	same(t, "ticket", loadTicket(t, s, want.ID), want)
}

// deskChange is a change with every part, to two tickets and a third to file.
func deskChange(t *testing.T, s tickets.Store, a, b int64) tickets.Change {
	t.Helper()
	into := note(-100, "into the topic")
	into.To.Ticket, into.About = b, b
	return tickets.Change{
		Update: &tickets.Update{ID: 50, Chat: -100, Message: 50}, Customer: load(t, s, 7), File: ticket("split", 7),
		Tickets: []tickets.Ticket{worked(loadTicket(t, s, b)), worked(loadTicket(t, s, a))},
		Carried: []tickets.Carried{{Ticket: tickets.Filed, From: tickets.Spot{Chat: 7, Message: 1}, To: tickets.Spot{Chat: -100, Message: 2}}},
		Events: []tickets.Event{
			{Ticket: a, At: start, Actor: tickets.Actor{Kind: "agent", ID: 9}, Kind: "split"},
			{At: start, Actor: tickets.Actor{Kind: "agent", ID: 9}, Kind: "filed"},
		},
		Notices: []tickets.Notice{note(7, "told"), into}, At: start,
	}
}

func testSeveralTickets(t *testing.T, s tickets.Store) {
	a, b := file(t, s, "a", 7), file(t, s, "b", 8)
	c := deskChange(t, s, a, b)
	done := commit(t, s, c)
	same(t, "notices", len(done.Notices), 2)
	for _, id := range []int64{a, b} {
		k := loadTicket(t, s, id)
		same(t, "version and state", []any{k.Version, k.State}, []any{int64(2), tickets.StateDevelopment})
	}
	same(t, "the one that was filed", loadTicket(t, s, done.Ticket).Draft, "split")
	same(t, "the customer's version", load(t, s, 7).Version, c.Customer.Version+1)
	events, err := s.Events(t.Context(), a)
	check(t, err)
	same(t, "events", len(events), 1)
	want := c.Carried[0]
	want.Ticket = done.Ticket
	wantCarried(t, s, want.From, want)
	same(t, "the change's own", c.Carried[0].Ticket, int64(tickets.Filed))
}

// testStaleTicket: of a change in which any ticket has moved nothing is
// written.
func testStaleTicket(t *testing.T, s tickets.Store) {
	a, b := file(t, s, "a", 7), file(t, s, "b", 8)
	for what, spoil := range map[string]func(c *tickets.Change){
		"the first":   func(c *tickets.Change) { c.Tickets[0].Version-- },
		"the second":  func(c *tickets.Change) { c.Tickets[1].Version++ },
		"not filed":   func(c *tickets.Change) { c.Tickets[1].ID, c.Tickets[1].Version = 0, 0 },
		"unknown":     func(c *tickets.Change) { c.Tickets[0].ID = 4242 },
		"twice one":   func(c *tickets.Change) { c.Tickets[0] = c.Tickets[1] },
		"no customer": func(c *tickets.Change) { c.Customer, c.Tickets[0].Version = nil, 0 },
	} {
		c := deskChange(t, s, a, b)
		spoil(&c)
		_, err := s.Commit(t.Context(), c)
		wantErr(t, what, err, tickets.ErrStale)
		seen(t, s, *c.Update, false)
	}
	c := deskChange(t, s, a, b)
	c.Tickets[0].State = "asleep"
	_, err := s.Commit(t.Context(), c)
	wantAway(t, "a state that is none", err)
	unsent(t, s, 0)
	same(t, "versions", []int64{loadTicket(t, s, a).Version, loadTicket(t, s, b).Version, load(t, s, 7).Version}, []int64{1, 1, 1})
	wantCarried(t, s, tickets.Spot{Chat: 7, Message: 1})
	commit(t, s, deskChange(t, s, a, b))
}

// testStates: every state that a ticket can have can be stored.
func testStates(t *testing.T, s tickets.Store) {
	id := file(t, s, "a", 7)
	for _, state := range []tickets.State{
		tickets.StateWork, tickets.StateWaiting, tickets.StateDevelopment, tickets.StatePutOff, tickets.StateDeclined,
		tickets.StateSolved, tickets.StateClosed, tickets.StateReopened, tickets.StateNew,
	} {
		k := loadTicket(t, s, id)
		k.State = state
		change(t, s, k)
		same(t, "state", loadTicket(t, s, id).State, state)
	}
}

// testRacingTickets: who takes a ticket first has it, and changes of the same
// two tickets, named in any order, do not stop one another.
func testRacingTickets(t *testing.T, s tickets.Store) {
	a, b := file(t, s, "a", 7), file(t, s, "b", 8)
	for round := range int64(5) {
		both := []tickets.Ticket{loadTicket(t, s, a), loadTicket(t, s, b)}
		var winner atomic.Int64
		var won atomic.Int32
		var all sync.WaitGroup
		for i := range int64(8) {
			all.Go(func() {
				list := []tickets.Ticket{both[i%2], both[1-i%2]}
				list[0].Agent, list[1].Agent = i+1, i+1
				_, err := s.Commit(t.Context(), tickets.Change{
					Update: &tickets.Update{ID: round*100 + i}, Tickets: list, At: start, Notices: []tickets.Notice{note(7, "taken")},
				})
				switch {
				case err == nil:
					won.Add(1)
					winner.Store(i + 1)
				case !errors.Is(err, tickets.ErrStale):
					t.Errorf("a racing change: %v", err)
				}
			})
		}
		all.Wait()
		same(t, "changes that won", won.Load(), int32(1))
		got := []int64{loadTicket(t, s, a).Agent, loadTicket(t, s, b).Agent}
		same(t, "who has them", got, []int64{winner.Load(), winner.Load()})
	}
	same(t, "version", loadTicket(t, s, a).Version, int64(6))
	unsent(t, s, 5)
}

// testPlaceStays: an agent's change that was worked out before the card was
// sent does not make the ticket lose its place.
func testPlaceStays(t *testing.T, s tickets.Store) {
	id := file(t, s, "a", 7)
	before := loadTicket(t, s, id)
	card := note(-100, "card")
	card.To.Ticket, card.About = id, id
	notice := post(t, s, card)[0]
	claim(t, s, "a", notice)
	o := sent(notice)
	o.Place = &tickets.Place{Group: -100, Thread: 5, Card: 6}
	settle(t, s, "a", o)
	before.State = tickets.StateWork
	change(t, s, before)
	got := loadTicket(t, s, id)
	same(t, "place and state", fmt.Sprint(got.Place, got.State), fmt.Sprint(*o.Place, tickets.StateWork))
}
