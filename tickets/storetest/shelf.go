package storetest

import (
	"testing"
	"time"

	"intakebot/tickets"
)

func testShelf(t *testing.T, s tickets.Store) {
	one := tickets.Shelved{Update: tickets.Update{ID: 5, Chat: 7, Message: 6, Edited: 1}, Body: []byte(`{"update_id":5}`), Cause: words, At: later(time.Hour)}
	two := tickets.Shelved{Update: tickets.Update{ID: 6}, Body: []byte("x"), Cause: "x", At: start}
	for _, sh := range []tickets.Shelved{one, two} {
		check(t, s.Shelve(t.Context(), sh))
		seen(t, s, sh.Update, true)
	}
	_, err := s.Commit(t.Context(), tickets.Change{Update: &one.Update, At: start})
	wantErr(t, "commit of a shelved update", err, tickets.ErrDuplicate)
	again := one
	again.Cause, again.At = "another", later(2*time.Hour)
	check(t, s.Shelve(t.Context(), again))
	one.Cause = again.Cause
	got, err := s.Shelf(t.Context(), 10)
	check(t, err)
	same(t, "shelf", got, []tickets.Shelved{two, one})
	got, err = s.Shelf(t.Context(), 1)
	check(t, err)
	same(t, "oldest", got, []tickets.Shelved{two})
}

func testUnshelve(t *testing.T, s tickets.Store) {
	sh := tickets.Shelved{Update: tickets.Update{ID: 5, Chat: 7, Message: 6}, Body: []byte("{}"), Cause: "x", At: start}
	check(t, s.Shelve(t.Context(), sh))
	got, err := s.Unshelve(t.Context(), 5)
	check(t, err)
	same(t, "taken off the shelf", got, sh)
	_, err = s.Unshelve(t.Context(), 5)
	wantErr(t, "taking it off twice", err, tickets.ErrNotFound)
	seen(t, s, sh.Update, false)
	commit(t, s, tickets.Change{Update: &sh.Update})
	seen(t, s, sh.Update, true)
}

// testUnshelveOther: only what lies on the shelf is forgotten, or a mistyped
// number would let an update be worked on twice (P1).
func testUnshelveOther(t *testing.T, s tickets.Store) {
	u := tickets.Update{ID: 5, Chat: 7, Message: 6}
	commit(t, s, tickets.Change{Update: &u})
	_, err := s.Unshelve(t.Context(), u.ID)
	wantErr(t, "unshelving a committed update", err, tickets.ErrNotFound)
	seen(t, s, u, true)
}
