package storetest

import (
	"testing"
	"time"

	"intakebot/tickets"
)

// testThread: the customer's thread of a ticket is recorded by the settlement
// of the notice that it was made for, and known to every later one about the
// ticket, of whatever address.
func testThread(t *testing.T, s tickets.Store) {
	k := file(t, s, "d", 7)
	own, inside := note(7, "receipt"), note(-100, "card")
	own.About, own.Extra.Thread = k, tickets.InThread
	inside.To.Ticket, inside.About = k, k
	line := post(t, s, own, inside, note(7, "about nothing"))
	same(t, "no thread yet", claim(t, s, "a", line[0]).Thread, int64(0))
	settle(t, s, "a", tickets.Settlement{Notice: line[0], Outcome: tickets.Again, Thread: 31}) // it was made
	same(t, "thread so far", claim(t, s, "a", line[0]).Thread, int64(31))
	settle(t, s, "a", sent(line[0]))
	same(t, "thread of the ticket in the group", claim(t, s, "a", line[1]).Thread, int64(31))
	o := sent(line[1])
	o.Place = &tickets.Place{Group: -100, Thread: 5, Card: 6}
	settle(t, s, "a", o)
	got := loadTicket(t, s, k)
	same(t, "thread, place and version", []any{got.Thread, got.Place, got.Version}, []any{int64(31), *o.Place, int64(1)})

	got.State, got.Thread = tickets.StateWork, 0 // as it was worked out before the thread was made
	change(t, s, got)
	same(t, "thread under a change", loadTicket(t, s, k).Thread, int64(31))

	same(t, "thread of nothing", claim(t, s, "a", line[2]).Thread, int64(0))
	o = sent(line[2])
	o.Thread, o.At = 32, start
	wantAway(t, "a thread of nothing", settleErr(t, s, "a", o))
	unsent(t, s, 1) // and nothing was done
}

// testTicketInThread: what is written in a thread finds its ticket, an ended one
// too, and only that customer's.
func testTicketInThread(t *testing.T, s tickets.Store) {
	in := func(customer, thread int64) int64 {
		return fileAs(t, s, customer, func(k *tickets.Ticket) {
			k.Thread, k.State, k.Place = thread, tickets.StateClosed, tickets.Place{Group: -100, Thread: thread + 1}
			k.Life.Ended = later(time.Hour)
		})
	}
	flat, first, second, other := in(7, 0), in(7, 5), in(7, 6), in(8, 5)
	for _, want := range []struct{ customer, thread, id int64 }{{7, 5, first}, {7, 6, second}, {8, 5, other}} {
		got, err := s.TicketIn(t.Context(), want.customer, want.thread)
		check(t, err)
		same(t, "ticket of a thread", got, loadTicket(t, s, want.id))
	}
	for _, none := range [][2]int64{{7, 7}, {9, 5}, {7, 0}} {
		_, err := s.TicketIn(t.Context(), none[0], none[1])
		wantErr(t, "a thread of no ticket", err, tickets.ErrNotFound)
	}
	same(t, "ticket without a thread", loadTicket(t, s, flat).Thread, int64(0))
}
