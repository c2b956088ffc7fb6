package storetest

import (
	"testing"
	"time"

	"intakebot/tickets"
)

func question(chat int64) tickets.Notice {
	n := note(chat, "question")
	n.Priority = tickets.PriorityDialog
	return n
}

// ahead commits notices for a sender, and gives them as they were written.
func ahead(t *testing.T, s tickets.Store, sender string, notices ...tickets.Notice) []tickets.Notice {
	t.Helper()
	return commit(t, s, tickets.Change{Notices: notices, At: start, Sender: sender}).Notices
}

// testAhead: a commit claims the next question of a dialog, as Claim would.
func testAhead(t *testing.T, s tickets.Store) {
	first := ahead(t, s, "a", question(7), question(7), question(8))
	same(t, "claimed", []bool{first[0].Claimed, first[1].Claimed, first[2].Claimed}, []bool{true, false, true})
	same(t, "attempts", []int{first[0].Attempts, first[1].Attempts}, []int{1, 0})
	c := claim(t, s, "a", first[0].ID) // asked again: it is the same claim
	c.Notice.Claimed = true
	same(t, "the claim", c.Notice, first[0])
	wantClaim(t, s, first[0].ID, start, tickets.ErrStale)
	wantClaim(t, s, first[1].ID, start, tickets.ErrBehind)
	_, err := s.Claim(t.Context(), "a", first[1].ID, start) // the owner may not know of the first
	wantErr(t, "the owner's own claim behind it", err, tickets.ErrBehind)
	same(t, "waiting", waiting(t, s, start), []int64{})
	same(t, "behind one that is sent", ahead(t, s, "a", question(7))[0].Claimed, false)
	settle(t, s, "a", sent(first[0].ID))
	wantErr(t, "settling twice", settleErr(t, s, "a", sent(first[0].ID)), tickets.ErrStale)
	claim(t, s, "a", first[1].ID)
	pieces, next := question(20), question(20)
	pieces.Merge, next.Drops = "pieces", "pieces"
	same(t, "one that may be replaced", ahead(t, s, "a", pieces)[0].Claimed, false)
	replacing := ahead(t, s, "a", next)[0]
	claim(t, s, "a", replacing.ID) // nothing is left before it, whoever claims it
	settle(t, s, "a", sent(replacing.ID))
	same(t, "without a sender", ahead(t, s, "", question(9))[0].Claimed, false)
	once, later, usual := question(10), question(10), note(10, "answer")
	once.Once, later.After, usual.Priority = true, start.Add(time.Hour), tickets.PriorityAnswer
	for i, n := range []tickets.Notice{once, later, usual} {
		n.To.Chat += int64(i)
		same(t, "one of another kind", ahead(t, s, "a", n)[0].Claimed, false)
	}
	orphans, err := s.Orphans(t.Context(), "b", time.Time{})
	check(t, err)
	same(t, "orphans", ids(orphans), []int64{first[1].ID, first[2].ID})
}

// testHeld: what an owner has claimed can be found, as the answer may be lost.
func testHeld(t *testing.T, s tickets.Store) {
	list := ahead(t, s, "a", question(7), question(8))
	ahead(t, s, "b", question(9))
	settle(t, s, "a", sent(list[1].ID))
	held := func(owner string, at time.Time) []int64 {
		found, err := s.Held(t.Context(), owner, at)
		check(t, err)
		return ids(found)
	}
	same(t, "held", held("a", later(time.Second)), []int64{list[0].ID})
	same(t, "claimed before", held("a", start), []int64{})
	same(t, "another's", held("c", later(time.Second)), []int64{})
}
