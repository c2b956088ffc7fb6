package storetest

import (
	"testing"
	"time"

	"intakebot/tickets"
)

// Reopen looks whether everything is there after a close. Every call of open
// opens the same data; Reopen closes what it opens.
func Reopen(t *testing.T, open Open) {
	s := open(t)
	u := tickets.Update{ID: 5, Chat: 7, Message: 6}
	receipt, reminder := note(7, "receipt"), note(7, "reminder")
	receipt.About, reminder.Once = tickets.Filed, true
	done := commit(t, s, tickets.Change{
		Update: &u, Customer: &tickets.Customer{ID: 7, Lang: tickets.English, Session: []byte(`{"a":1}`), Wake: start},
		File: ticket("d", 7), Notices: []tickets.Notice{receipt, note(8, "x"), reminder, note(7, "y")},
		Events: []tickets.Event{{At: start, Actor: tickets.Actor{Kind: "bot"}, Kind: "filed"}},
	})
	line := ids(done.Notices)
	claim(t, s, "before", line[0])
	check(t, s.Shelve(t.Context(), tickets.Shelved{Update: tickets.Update{ID: 9}, Body: []byte("{}"), Cause: "x", At: start}))
	customer := *load(t, s, 7)
	filed, err := s.Ticket(t.Context(), done.Ticket)
	check(t, err)
	check(t, s.Close())
	_, err = s.Commit(t.Context(), tickets.Change{At: start})
	wantAway(t, "commit after the close", err)

	s = open(t)
	defer func() { check(t, s.Close()) }()
	same(t, "customer", *load(t, s, 7), customer)
	again, err := s.Ticket(t.Context(), done.Ticket)
	check(t, err)
	same(t, "ticket", again, filed)
	seen(t, s, u, true)
	seen(t, s, tickets.Update{ID: 9}, true)
	same(t, "waiting", waiting(t, s, start), line[1:2])
	orphans, err := s.Orphans(t.Context(), "after", time.Time{})
	check(t, err)
	same(t, "orphans", ids(orphans), line[:1])
	same(t, "waiting", waiting(t, s, start), line[:2])
	same(t, "next ticket's ID", file(t, s, "e", 8), done.Ticket+1)
}
