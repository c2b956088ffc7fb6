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

func wantClaim(t *testing.T, s tickets.Store, id int64, now time.Time, want error) {
	t.Helper()
	_, err := s.Claim(t.Context(), "other", id, now)
	wantErr(t, "claim", err, want)
}

// testLine: notices to one address go out in the order of their IDs (P2).
func testLine(t *testing.T, s tickets.Store) {
	k := file(t, s, "d", 7)
	topic := note(7, "elsewhere")
	topic.To.Ticket = k
	line := post(t, s, note(7, "1"), topic, note(7, "2"), note(8, "elsewhere"), note(7, "3"))
	wantClaim(t, s, line[2], start, tickets.ErrBehind)
	wantClaim(t, s, line[4], start, tickets.ErrBehind)
	claim(t, s, "a", line[1]) // another address: the ticket's
	claim(t, s, "a", line[3])
	claim(t, s, "a", line[0])
	wantClaim(t, s, line[2], start, tickets.ErrBehind) // the first is being sent
	settle(t, s, "a", sent(line[0]))
	claim(t, s, "a", line[2])
	wantClaim(t, s, line[4], start, tickets.ErrBehind)
	settle(t, s, "a", tickets.Settlement{Notice: line[2], Outcome: tickets.Undeliverable, Cause: "gone"})
	claim(t, s, "a", line[4])
}

// testTogether: an owner claims what follows its own claim, so that one message
// can carry both; nobody else does, and nobody goes in between.
func testTogether(t *testing.T, s tickets.Store) {
	copied := func(key string) tickets.Notice {
		n := note(7, key)
		n.Kind = tickets.NoticeCopy
		return n
	}
	line := post(t, s, copied("1"), copied("2"), copied("3"))
	claim(t, s, "a", line[0])
	_, err := s.ClaimAlong(t.Context(), "a", line[2], start)
	wantErr(t, "claiming past one that waits", err, tickets.ErrBehind)
	_, err = s.Claim(t.Context(), "a", line[1], start)
	wantErr(t, "claiming what does not go along", err, tickets.ErrBehind)
	_, err = s.ClaimAlong(t.Context(), "b", line[1], start)
	wantErr(t, "going along with another's", err, tickets.ErrBehind)
	_, err = s.ClaimAlong(t.Context(), "a", line[1], start)
	check(t, err)
	wantClaim(t, s, line[2], start, tickets.ErrBehind)
	same(t, "waiting meanwhile", waiting(t, s, start), []int64{})
	settle(t, s, "a", sent(line[0]))
	wantClaim(t, s, line[2], start, tickets.ErrBehind)
	settle(t, s, "a", tickets.Settlement{Notice: line[1], Outcome: tickets.Again, After: start})
	same(t, "waiting after it", waiting(t, s, start), line[1:2])
}

func testClaim(t *testing.T, s tickets.Store) {
	id := post(t, s, note(7, "1"))[0]
	first := claim(t, s, "a", id)
	wantClaim(t, s, id, start, tickets.ErrStale)
	// A claim whose answer was lost on the way is asked again.
	same(t, "claim asked again", claim(t, s, "a", id), first)
	wantErr(t, "settling another's claim", settleErr(t, s, "b", sent(id)), tickets.ErrStale)
	unsent(t, s, 1)
	settle(t, s, "a", sent(id))
	unsent(t, s, 0)
	wantClaim(t, s, id, start, tickets.ErrStale)
	wantErr(t, "settling twice", settleErr(t, s, "a", sent(id)), tickets.ErrStale)
}

func testRacingClaims(t *testing.T, s tickets.Store) {
	for _, id := range post(t, s, note(7, "1"), note(8, "1"), note(9, "1")) {
		var won atomic.Int32
		var all sync.WaitGroup
		for _, owner := range []string{"a", "b", "c", "d", "e", "f"} {
			all.Go(func() {
				_, err := s.Claim(t.Context(), owner, id, start)
				if err == nil {
					won.Add(1)
				} else if !errors.Is(err, tickets.ErrStale) {
					t.Errorf("a racing claim: %v", err)
				}
			})
		}
		all.Wait()
		same(t, "claims that won", won.Load(), int32(1))
	}
}

// testAgain: what is to be repeated keeps its place in the line.
func testAgain(t *testing.T, s tickets.Store) {
	line := post(t, s, note(7, "1"), note(7, "2"))
	claim(t, s, "a", line[0])
	due := later(30 * time.Second)
	settle(t, s, "a", tickets.Settlement{Notice: line[0], Outcome: tickets.Again, After: due, Sent: []int64{4}, Unknown: true, Cause: "429"})
	unsent(t, s, 2)
	wantClaim(t, s, line[0], due.Add(-time.Microsecond), tickets.ErrStale)
	wantClaim(t, s, line[1], start, tickets.ErrBehind)
	same(t, "waiting too early", waiting(t, s, due.Add(-time.Microsecond)), []int64{})
	same(t, "waiting", waiting(t, s, due), line[:1])
	c, err := s.Claim(t.Context(), "b", line[0], due)
	check(t, err)
	same(t, "attempts and parts", []any{c.Notice.Attempts, c.Notice.Sent}, []any{2, []int64{4}})
	settle(t, s, "b", tickets.Settlement{Notice: line[0], Outcome: tickets.Delivered, Sent: []int64{4, 5}})
	same(t, "waiting", waiting(t, s, start), line[1:])
}

// testAside: what stepped aside is passed by until its time.
func testAside(t *testing.T, s tickets.Store) {
	line := post(t, s, note(7, "1"), note(7, "2"))
	claim(t, s, "a", line[0])
	due := later(30 * time.Second)
	settle(t, s, "a", tickets.Settlement{Notice: line[0], Outcome: tickets.Again, Aside: true, After: due})
	same(t, "waiting meanwhile", waiting(t, s, start), line[1:])
	claim(t, s, "a", line[1])
	settle(t, s, "a", sent(line[1]))
	same(t, "waiting in its time", waiting(t, s, due), line[:1])
}

// testNoteSent: who takes a notice up after its sender's death knows the parts
// that were sent.
func testNoteSent(t *testing.T, s tickets.Store) {
	id := post(t, s, note(7, "1"))[0]
	wantErr(t, "noting what nobody claimed", s.NoteSent(t.Context(), "a", id, 7, []int64{4}), tickets.ErrStale)
	claim(t, s, "a", id)
	wantErr(t, "noting of another's claim", s.NoteSent(t.Context(), "b", id, 7, []int64{4}), tickets.ErrStale)
	check(t, s.NoteSent(t.Context(), "a", id, 7, []int64{4}))
	wantErr(t, "noting of a chat that it has left", s.NoteSent(t.Context(), "a", id, 8, []int64{4, 5, 6}), tickets.ErrStale)
	check(t, s.NoteSent(t.Context(), "a", id, 7, []int64{4, 5}))
	orphans, err := s.Orphans(t.Context(), "b", time.Time{})
	check(t, err)
	same(t, "parts of an orphan", orphans[0].Sent, []int64{4, 5})
	wantErr(t, "noting of what was taken away", s.NoteSent(t.Context(), "a", id, 7, []int64{4, 5, 6}), tickets.ErrStale)
	same(t, "parts at the next claim", claim(t, s, "b", id).Notice.Sent, []int64{4, 5})
	settle(t, s, "b", sent(id))
	wantErr(t, "noting of what is settled", s.NoteSent(t.Context(), "b", id, 7, []int64{4}), tickets.ErrStale)
	wantErr(t, "noting of nothing", s.NoteSent(t.Context(), "b", 4242, 7, []int64{4}), tickets.ErrStale)
}

// testAfter: a notice for later does not hold up those that are for now.
func testAfter(t *testing.T, s tickets.Store) {
	tomorrow := note(7, "tomorrow")
	tomorrow.After = later(24 * time.Hour)
	line := post(t, s, tomorrow, note(7, "now"), note(7, "then"))
	wantClaim(t, s, line[0], start, tickets.ErrStale)
	same(t, "waiting now", waiting(t, s, start), line[1:2])
	claim(t, s, "a", line[1])
	wantClaim(t, s, line[0], tomorrow.After, tickets.ErrBehind) // one at a time
	same(t, "waiting while one is sent", waiting(t, s, tomorrow.After), []int64{})
	settle(t, s, "a", sent(line[1]))
	same(t, "waiting tomorrow", waiting(t, s, tomorrow.After), line[:1])
	wantClaim(t, s, line[2], tomorrow.After, tickets.ErrBehind)
	_, err := s.Claim(t.Context(), "a", line[0], tomorrow.After)
	check(t, err)
}

// testRacingAfter: of a notice whose time has just come and one that goes
// before it by another's clock, only one is sent at a time.
func testRacingAfter(t *testing.T, s tickets.Store) {
	for chat := range int64(40) {
		tomorrow := note(chat, "tomorrow")
		tomorrow.After = later(time.Hour)
		line := post(t, s, tomorrow, note(chat, "now"))
		var won atomic.Int32
		var all sync.WaitGroup
		for i, now := range []time.Time{tomorrow.After, start, tomorrow.After, start} {
			all.Go(func() {
				_, err := s.Claim(t.Context(), fmt.Sprint(i), line[i%2], now)
				switch {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, tickets.ErrStale) && !errors.Is(err, tickets.ErrBehind):
					t.Errorf("a racing claim: %v", err)
				}
			})
		}
		all.Wait()
		same(t, "claims that won", won.Load(), int32(1))
	}
}

// testMerge: of notices that replace one another only the newest is sent, and
// none that is on its way is touched.
func testMerge(t *testing.T, s tickets.Store) {
	k := file(t, s, "d", 7)
	merged := func(chat, about int64, key string) tickets.Notice {
		n := note(chat, key)
		n.To.Ticket, n.Merge = about, key
		return n
	}
	kept := post(t, s, merged(7, 0, "m"), merged(8, 0, "m"), merged(7, k, "m"), merged(7, 0, "other"), note(7, "x"))
	claim(t, s, "a", kept[0])
	second := post(t, s, merged(7, 0, "m"))[0]
	third := post(t, s, merged(7, 0, "m"))[0]
	topic := post(t, s, merged(7, k, "m"))[0]
	unsent(t, s, 6)
	wantClaim(t, s, second, start, tickets.ErrStale)
	wantClaim(t, s, kept[2], start, tickets.ErrStale)
	settle(t, s, "a", sent(kept[0]))
	for _, id := range []int64{kept[1], kept[3], kept[4], third, topic} {
		claim(t, s, "a", id)
		settle(t, s, "a", sent(id))
	}
	unsent(t, s, 0)

	put := post(t, s, merged(7, k, "m"))[0] // what follows from a try takes the place of what was tried
	claim(t, s, "a", put)
	after := settle(t, s, "a", tickets.Settlement{Notice: put, Outcome: tickets.Again, Then: []tickets.Notice{merged(7, k, "m")}})
	wantClaim(t, s, put, start, tickets.ErrStale)
	claim(t, s, "a", after[0].ID)
	settle(t, s, "a", sent(after[0].ID))

	counts := post(t, s, merged(7, 0, "m"), merged(7, 0, "other"), merged(8, 0, "m"))
	question := note(7, "question")
	question.Drops = "m"
	next := post(t, s, question)[0]
	wantClaim(t, s, counts[0], start, tickets.ErrStale)
	for _, id := range []int64{counts[1], counts[2], next} {
		claim(t, s, "a", id)
		settle(t, s, "a", sent(id))
	}
}

func testSettle(t *testing.T, s tickets.Store) {
	for _, o := range []tickets.Outcome{tickets.Delivered, tickets.Undeliverable, tickets.Dropped} {
		id := post(t, s, note(7, "x"))[0]
		claim(t, s, "a", id)
		settle(t, s, "a", tickets.Settlement{Notice: id, Outcome: o, Cause: words})
		unsent(t, s, 0)
		wantClaim(t, s, id, later(time.Hour), tickets.ErrStale)
		same(t, "waiting", waiting(t, s, later(time.Hour)), []int64{})
	}
	id := post(t, s, note(7, "x"))[0]
	claim(t, s, "a", id)
	wantAway(t, "an unknown outcome", settleErr(t, s, "a", tickets.Settlement{Notice: id, Outcome: "eaten", At: start}))
	settle(t, s, "a", sent(id))
}

func testPlace(t *testing.T, s tickets.Store) {
	k := file(t, s, "d", 7)
	card, flat := note(-100, "card"), note(-100, "update")
	card.To.Ticket, card.About = k, k
	flat.About = k
	line := post(t, s, card, flat, note(-200, "about nothing"))
	same(t, "no place yet", claim(t, s, "a", line[0]).Place, tickets.Place{})
	place := tickets.Place{Group: -100, Thread: 11, Card: 12}
	settle(t, s, "a", tickets.Settlement{Notice: line[0], Outcome: tickets.Again, Place: &place}) // the topic was made
	same(t, "place so far", claim(t, s, "a", line[0]).Place, place)
	settle(t, s, "a", sent(line[0]))
	same(t, "place by what it is about", claim(t, s, "a", line[1]).Place, place)
	moved := tickets.Place{Group: -300, Thread: 21, Card: 22}
	o := sent(line[1])
	o.Place = &moved
	settle(t, s, "a", o)
	got, err := s.Ticket(t.Context(), k)
	check(t, err)
	same(t, "the ticket's place and version", []any{got.Place, got.Version}, []any{moved, int64(1)})

	same(t, "place of nothing", claim(t, s, "a", line[2]).Place, tickets.Place{})
	o = sent(line[2])
	o.Place, o.At = &place, start
	wantAway(t, "a place of nothing", settleErr(t, s, "a", o))
	unsent(t, s, 1) // and nothing was done
}

func testBlocked(t *testing.T, s tickets.Store) {
	before := *person(t, s, 7)
	id := post(t, s, note(7, "x"))[0]
	claim(t, s, "a", id)
	settle(t, s, "a", tickets.Settlement{Notice: id, Outcome: tickets.Undeliverable, Cause: "403", Blocked: true})
	after := *load(t, s, 7)
	same(t, "blocked", after.Blocked, true)
	// A timer that loaded the customer before must not unblock it unknowingly.
	_, err := s.Commit(t.Context(), tickets.Change{Customer: &before, At: start})
	wantErr(t, "commit from before", err, tickets.ErrStale)

	for _, chat := range []int64{7, 4242} { // blocked already; nobody known
		id := post(t, s, note(chat, "x"))[0]
		claim(t, s, "a", id)
		settle(t, s, "a", tickets.Settlement{Notice: id, Outcome: tickets.Undeliverable, Blocked: true})
	}
	same(t, "blocked again", *load(t, s, 7), after)
}

func testWaiting(t *testing.T, s tickets.Store) {
	urgent, announce := note(1, "a"), note(2, "a")
	urgent.Priority, announce.Priority = tickets.PriorityAnswer, tickets.PriorityAnnounce
	old := post(t, s, announce, urgent, note(3, "a"), note(1, "behind"), note(4, "a"))
	young := commit(t, s, tickets.Change{At: later(time.Minute), Notices: []tickets.Notice{note(5, "a"), note(3, "b")}})
	claim(t, s, "a", old[4])
	same(t, "all", waiting(t, s, start), []int64{old[2], young.Notices[0].ID, old[1], old[0]})
	left := func(written time.Time, limit int) []int64 {
		list, err := s.Waiting(t.Context(), start, written, limit)
		check(t, err)
		return ids(list)
	}
	same(t, "left behind", left(later(time.Minute), 10), []int64{old[2], old[1], old[0]})
	same(t, "first of those", left(later(time.Minute), 2), []int64{old[2], old[1]})
	same(t, "nothing so old", left(start, 10), []int64{})
}

func testOrphans(t *testing.T, s tickets.Store) {
	once := note(2, "reminder")
	once.Once = true
	line := post(t, s, note(1, "a"), once, note(3, "mine"), note(4, "younger"), note(1, "behind"))
	for i, owner := range []string{"dead", "dead", "me", "other"} {
		_, err := s.Claim(t.Context(), owner, line[i], later(time.Duration(i)*time.Second))
		check(t, err)
	}
	orphans := func(claimed time.Time) []int64 {
		list, err := s.Orphans(t.Context(), "me", claimed)
		check(t, err)
		return ids(list)
	}
	same(t, "orphans so old", orphans(start), []int64{})
	same(t, "orphans claimed before", orphans(later(3*time.Second)), line[:2])
	same(t, "given back", waiting(t, s, start), line[:1])
	unsent(t, s, 4)
	wantErr(t, "settling what was taken away", settleErr(t, s, "dead", sent(line[0])), tickets.ErrStale)
	same(t, "orphans of anybody", orphans(time.Time{}), line[3:4])
	same(t, "no orphans left", orphans(time.Time{}), []int64{})
	settle(t, s, "me", sent(line[2]))
	same(t, "attempts", claim(t, s, "me", line[0]).Notice.Attempts, 2)
}

// Forgets checks that Forget drops the notices that were settled before, and no
// others; count counts all that a store keeps.
func Forgets(t *testing.T, s tickets.Store, count func() int) {
	react := func(chat int64, text string) tickets.Notice { // a question that was answered may never get there
		n := note(chat, text)
		n.Kind = tickets.NoticeReact
		return n
	}
	ids := post(t, s, react(7, "old"), react(8, "young"), react(9, "waits"), react(10, "fails"))
	for i, outcome := range map[int]tickets.Outcome{0: tickets.Delivered, 1: tickets.Delivered, 3: tickets.Undeliverable} {
		_, err := s.Claim(t.Context(), "o", ids[i], start)
		check(t, err)
		_, err = s.Settle(t.Context(), "o", tickets.Settlement{Notice: ids[i], Outcome: outcome, At: later(time.Duration(i) * time.Hour)})
		check(t, err)
	}
	more := post(t, s, react(7, "new"))
	check(t, s.Forget(t.Context(), later(time.Hour)))
	same(t, "kept after an hour", count(), 4)
	check(t, s.Forget(t.Context(), later(24*time.Hour)))
	same(t, "kept after a day", count(), 2)
	_, err := s.Claim(t.Context(), "o", ids[2], start)
	check(t, err)
	_, err = s.Claim(t.Context(), "o", more[0], start)
	check(t, err)
}
