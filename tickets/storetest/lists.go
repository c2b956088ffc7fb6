package storetest

import (
	"fmt"
	"testing"
	"time"

	"intakebot/tickets"
)

func numbers(t *testing.T, list []tickets.Ticket, err error) []int64 {
	t.Helper()
	check(t, err)
	all := []int64{}
	for _, k := range list {
		all = append(all, k.ID)
	}
	return all
}

// fileAs commits a new ticket of a customer who is known, after a change.
func fileAs(t *testing.T, s tickets.Store, customer int64, with func(k *tickets.Ticket)) int64 {
	t.Helper()
	var version int64
	if c := load(t, s, customer); c.Version != 0 {
		version = c.Version
	}
	k := ticket(fmt.Sprint(customer, "/", version), customer)
	with(k)
	return commit(t, s, tickets.Change{Customer: &tickets.Customer{ID: customer, Version: version}, File: k}).Ticket
}

func testTicketIn(t *testing.T, s tickets.Store) {
	at := func(group, thread int64) int64 {
		return fileAs(t, s, 7, func(k *tickets.Ticket) {
			k.Place = tickets.Place{Group: group, Thread: thread, Card: 9}
			k.State = tickets.StateClosed // whoever writes in its topic finds it all the same
		})
	}
	plain, first, second := at(-100, 0), at(-100, 5), at(-200, 5)
	for _, want := range []struct{ group, thread, id int64 }{{-100, 5, first}, {-200, 5, second}} {
		got, err := s.TicketIn(t.Context(), want.group, want.thread)
		check(t, err)
		same(t, "ticket of a topic", got, loadTicket(t, s, want.id))
	}
	for _, none := range [][2]int64{{-100, 6}, {-300, 5}, {-100, 0}} {
		_, err := s.TicketIn(t.Context(), none[0], none[1])
		wantErr(t, "a topic of no ticket", err, tickets.ErrNotFound)
	}
	same(t, "ticket without a topic", loadTicket(t, s, plain).Place.Thread, int64(0))
}

// testQueue: critical ones first (R2.4), then the nearest due time (R2.3).
func testQueue(t *testing.T, s tickets.Store) {
	in := func(group int64, state tickets.State, due time.Time, critical bool, agent int64) int64 {
		return fileAs(t, s, 7, func(k *tickets.Ticket) {
			k.Place.Group, k.State, k.Due, k.Critical, k.Agent = group, state, due, critical, agent
		})
	}
	last := in(-100, tickets.StateNew, time.Time{}, false, 0)
	late := in(-100, tickets.StateWork, later(time.Hour), false, 9)
	soon := in(-100, tickets.StateReopened, later(time.Minute), false, 8)
	soonToo := in(-100, tickets.StateNew, later(time.Minute), false, 9)
	down := in(-100, tickets.StateNew, time.Time{}, true, 0)
	downSoon := in(-100, tickets.StateWork, later(2*time.Hour), true, 9)
	waits := in(-100, tickets.StateWaiting, time.Time{}, false, 9)
	other := in(-200, tickets.StateNew, later(time.Minute), false, 9)
	for _, state := range over {
		in(-100, state, later(time.Minute), true, 9)
	}
	queue := func(group, agent int64, limit, all int) []int64 {
		t.Helper()
		list, n, err := s.Queue(t.Context(), group, agent, limit)
		same(t, "all of the queue", n, all)
		return numbers(t, list, err)
	}
	same(t, "queue", queue(-100, tickets.Anyone, 10, 7), []int64{downSoon, down, soon, soonToo, late, last, waits})
	same(t, "its head", queue(-100, tickets.Anyone, 3, 7), []int64{downSoon, down, soon})
	same(t, "an agent's", queue(-100, 9, 10, 4), []int64{downSoon, soonToo, late, waits})
	same(t, "the head of an agent's", queue(-100, 9, 2, 4), []int64{downSoon, soonToo})
	same(t, "nobody's", queue(-100, 0, 1, 2), []int64{down})
	same(t, "another group's", queue(-200, tickets.Anyone, 10, 1), []int64{other})
	same(t, "no group's", queue(-300, tickets.Anyone, 10, 0), []int64{})

	k := loadTicket(t, s, downSoon)
	k.State = tickets.StateSolved
	change(t, s, k)
	k = loadTicket(t, s, late)
	k.Critical = true
	change(t, s, k)
	same(t, "after changes", queue(-100, tickets.Anyone, 2, 6), []int64{late, down})
	full, _, err := s.Queue(t.Context(), -100, tickets.Anyone, 1)
	check(t, err)
	same(t, "whole tickets", full[0], loadTicket(t, s, late))
}

var over = []tickets.State{tickets.StateSolved, tickets.StateClosed, tickets.StateDeclined}

func testSleepingTickets(t *testing.T, s tickets.Store) {
	asleep := func(wake time.Time, state tickets.State) int64 {
		return fileAs(t, s, 7, func(k *tickets.Ticket) { k.Wake, k.State = wake, state })
	}
	b := asleep(later(2*time.Second), tickets.StateSolved) // to be closed
	asleep(time.Time{}, tickets.StateNew)
	a := asleep(later(time.Second), tickets.StateNew)
	c := asleep(later(2*time.Second), tickets.StateWaiting)
	asleep(later(time.Minute), tickets.StateNew)
	sleeping := func(now time.Time, limit int) []int64 {
		t.Helper()
		got, err := s.SleepingTickets(t.Context(), now, limit)
		check(t, err)
		return got
	}
	same(t, "sleeping", sleeping(later(2*time.Second), 10), []int64{a, b, c})
	same(t, "first of them", sleeping(later(2*time.Second), 2), []int64{a, b})
	same(t, "a moment before", len(sleeping(later(time.Second-time.Microsecond), 10)), 0)
	k := loadTicket(t, s, a)
	k.Wake = later(time.Hour)
	change(t, s, k)
	same(t, "after one was looked at", sleeping(later(2*time.Second), 10), []int64{b, c})
}
