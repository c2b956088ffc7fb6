package storetest

import (
	"slices"
	"testing"
	"time"

	"intakebot/tickets"
)

// placed files a ticket that stands in a place.
func placed(t *testing.T, s tickets.Store, p tickets.Place, state tickets.State) int64 {
	t.Helper()
	return fileAs(t, s, 7, func(k *tickets.Ticket) { k.Place, k.State = p, state })
}

func toTicket(group, ticket int64, key string) tickets.Notice {
	n := note(group, key)
	n.To.Ticket, n.About, n.Target = ticket, ticket, 33
	return n
}

// standing gives the places of tickets.
func standing(t *testing.T, s tickets.Store, ids ...int64) (all []tickets.Place) {
	t.Helper()
	for _, id := range ids {
		all = append(all, loadTicket(t, s, id).Place)
	}
	return all
}

// movedWorld is a group in which tickets stand, with a board and with notices: a
// later one to a ticket, one that is being sent, one that was sent, and one of
// another group.
func movedWorld(t *testing.T, s tickets.Store) (list, notices []int64) {
	t.Helper()
	open := placed(t, s, place(-100, 5, 6), tickets.StateNew)
	ended := placed(t, s, place(-100, 0, 8), tickets.StateClosed)
	other := placed(t, s, place(-300, 5, 6), tickets.StateNew)
	board := note(-100, "list")
	board.Kind = tickets.NoticeBoard
	gone := post(t, s, board)[0]
	claim(t, s, "a", gone)
	o := sent(gone)
	o.Board = 50
	settle(t, s, "a", o)
	ids := post(t, s, toTicket(-100, open, "sending"), toTicket(-100, open, "next"), toTicket(-100, ended, "first"), toTicket(-300, other, "away"))
	claim(t, s, "a", ids[0])
	return []int64{open, ended, other}, ids
}

func place(group, thread, card int64) tickets.Place {
	return tickets.Place{Group: group, Thread: thread, Card: card}
}

// testMoved: whatever stands in a group goes along, whichever news of the move
// comes first, and however often it comes.
func testMoved(t *testing.T, s tickets.Store) {
	list, notices := movedWorld(t, s)
	spots := tickets.Carried{Ticket: list[0], From: tickets.Spot{Chat: -100, Message: 10}, To: tickets.Spot{Chat: 7, Message: 20}}
	commit(t, s, tickets.Change{Carried: []tickets.Carried{spots}})
	version := loadTicket(t, s, list[0]).Version
	moved := tickets.Moved{From: -100, To: -200}
	said := commit(t, s, tickets.Change{Moved: &moved, Update: &tickets.Update{ID: 50}, Notices: []tickets.Notice{note(-200, "moved")}}).Notices[0].ID
	wantMoved(t, s, list, moved)
	same(t, "the ticket's version", loadTicket(t, s, list[0]).Version, version+1)
	wantCarried(t, s, spots.From, spots)
	wantCarried(t, s, tickets.Spot{Chat: -200, Message: 10})

	// What was being sent is refused, and says the same again. It goes first in
	// the new group, from its beginning, and the others follow in their order.
	o := tickets.Settlement{Notice: notices[0], Outcome: tickets.Again, Moved: &moved}
	settle(t, s, "a", o)
	_, err := s.Claim(t.Context(), "b", notices[1], start)
	wantErr(t, "the next one", err, tickets.ErrBehind)
	for i, id := range notices[:3] {
		c := claim(t, s, "b", id)
		same(t, "address", c.Notice.To, tickets.Address{Chat: -200, Ticket: list[i/2]})
		same(t, "what it replies to, and what was sent", []any{c.Notice.Target, len(c.Notice.Sent)}, []any{int64(0), 0})
		same(t, "place", c.Place, place(-200, 0, 0))
		settle(t, s, "b", sent(id))
	}
	away := claim(t, s, "b", notices[3]).Notice
	same(t, "another group's", []any{away.To.Chat, away.Target}, []any{int64(-300), int64(33)})
	settle(t, s, "b", sent(claim(t, s, "b", said).Notice.ID))
	for _, group := range []int64{-100, -200} {
		n := note(group, "list")
		n.Kind = tickets.NoticeBoard
		same(t, "the board", claim(t, s, "b", post(t, s, n)[0]).Board, int64(0))
	}
}

func wantMoved(t *testing.T, s tickets.Store, list []int64, moved tickets.Moved) {
	t.Helper()
	same(t, "places", standing(t, s, list...), []tickets.Place{place(-200, 0, 0), place(-200, 0, 0), place(-300, 5, 6)})
	moves, err := s.Moves(t.Context())
	check(t, err)
	same(t, "moves", moves, []tickets.Moved{moved})
	open, err := s.OpenGroups(t.Context())
	check(t, err)
	slices.Sort(open)
	same(t, "groups with open tickets", open, []int64{-300, -200})
	queue, _, err := s.Queue(t.Context(), -200, tickets.Anyone, 10)
	same(t, "the queue", numbers(t, queue, err), list[:1])
	_, err = s.TicketIn(t.Context(), -200, 5)
	wantErr(t, "a topic of the old group", err, tickets.ErrNotFound)
}

// testMovedBySettlement: the refusal of a send tells of the move first.
func testMovedBySettlement(t *testing.T, s tickets.Store) {
	list, notices := movedWorld(t, s)
	moved := tickets.Moved{From: -100, To: -200}
	o := tickets.Settlement{Notice: notices[0], Outcome: tickets.Again, Moved: &moved, Then: []tickets.Notice{note(-200, "then")}}
	wantErr(t, "another's", settleErr(t, s, "b", o), tickets.ErrStale)
	same(t, "places", standing(t, s, list[0]), []tickets.Place{place(-100, 5, 6)})
	settle(t, s, "a", o)
	wantMoved(t, s, list, moved)
	same(t, "claimed anew", claim(t, s, "a", notices[0]).Notice.To, tickets.Address{Chat: -200, Ticket: list[0]})

	// A card that was sent just before leaves its ticket behind, until it is
	// said again.
	o = sent(notices[0])
	o.Place = &tickets.Place{Group: -100, Card: 9}
	settle(t, s, "a", o)
	commit(t, s, tickets.Change{Moved: &moved})
	wantMoved(t, s, list, moved)
}

// testMovedWhileSending: what went into the old group before the news came counts no
// more in the new one.
func testMovedWhileSending(t *testing.T, s tickets.Store) {
	_, notices := movedWorld(t, s)
	board := note(-100, "list")
	board.Kind = tickets.NoticeBoard
	shown := post(t, s, board)[0]
	claim(t, s, "a", shown)
	commit(t, s, tickets.Change{Moved: &tickets.Moved{From: -100, To: -200}})
	o := sent(shown)
	o.Chat, o.Board = -100, 51
	settle(t, s, "a", o)
	board.To.Chat = -200
	same(t, "the board", claim(t, s, "a", post(t, s, board)[0]).Board, int64(0))
	for chat, parts := range map[int64]int{-100: 0, -200: 1} {
		settle(t, s, "a", tickets.Settlement{Notice: notices[0], Outcome: tickets.Again, Chat: chat, Sent: []int64{1}})
		same(t, "parts that were sent", len(claim(t, s, "a", notices[0]).Notice.Sent), parts)
	}
}

// testMovedHome: a ticket's place in another group takes its notices along, and
// no other's.
func testMovedHome(t *testing.T, s tickets.Store) {
	list, notices := movedWorld(t, s)
	o := tickets.Settlement{Notice: notices[0], Outcome: tickets.Again, Sent: []int64{1}, Place: &tickets.Place{Group: -200}}
	settle(t, s, "a", o)
	same(t, "places", standing(t, s, list...), []tickets.Place{place(-200, 0, 0), place(-100, 0, 8), place(-300, 5, 6)})
	for i, want := range []int64{-200, -200, -100, -300} {
		c := claim(t, s, "a", notices[i])
		same(t, "address", c.Notice.To.Chat, want)
		same(t, "target", c.Notice.Target != 0, want != -200)
		same(t, "sent", len(c.Notice.Sent), 0)
		settle(t, s, "a", sent(notices[i]))
	}
}

// testNewTopic: a topic that was seen becomes the place of a ticket that has
// none, and is not lost to one that is made later.
func testNewTopic(t *testing.T, s tickets.Store) {
	id := placed(t, s, place(-100, 0, 0), tickets.StateNew)
	flat := placed(t, s, place(-100, 0, 8), tickets.StateNew)
	notice := post(t, s, toTicket(-100, id, "card"))[0]
	see := func(ticket, group, thread int64) {
		t.Helper()
		commit(t, s, tickets.Change{Topic: &tickets.NewTopic{Ticket: ticket, Group: group, Thread: thread}})
	}
	settled := func(p tickets.Place) {
		t.Helper()
		claim(t, s, "a", notice)
		settle(t, s, "a", tickets.Settlement{Notice: notice, Outcome: tickets.Again, Place: &p})
	}
	see(id, -200, 4) // of another group
	see(flat, -100, 4)
	same(t, "places", standing(t, s, id, flat), []tickets.Place{place(-100, 0, 0), place(-100, 0, 8)})
	see(id, -100, 5)
	see(id, -100, 6)
	settled(place(-100, 7, 0))
	same(t, "the first one", standing(t, s, id), []tickets.Place{place(-100, 5, 0)})
	settled(place(-100, 5, 9))
	same(t, "with its card", standing(t, s, id), []tickets.Place{place(-100, 5, 9)})
	settled(place(-100, 0, 0)) // it was deleted
	settled(place(-100, 7, 0))
	same(t, "another one", standing(t, s, id), []tickets.Place{place(-100, 7, 0)})
	same(t, "version", loadTicket(t, s, id).Version, int64(1))
}

// testShown: when a board was shown is kept, also where it was edited.
func testShown(t *testing.T, s tickets.Store) {
	n := note(-100, "list")
	n.Kind = tickets.NoticeBoard
	for i, at := range []time.Time{{}, later(time.Minute), later(time.Hour)} {
		id := post(t, s, n)[0]
		same(t, "shown", claim(t, s, "a", id).Shown, at)
		o := sent(id)
		o.Board, o.At = 50, later([]time.Duration{time.Minute, time.Hour, 0}[i])
		settle(t, s, "a", o)
	}
}

// testFollow: what was written for a group that its ticket has left goes where the
// ticket is, in one line with what was written for that one.
func testFollow(t *testing.T, s tickets.Store) {
	k := placed(t, s, place(-200, 11, 12), tickets.StateNew)
	line := post(t, s, toTicket(-100, k, "late"), toTicket(-100, k, "later"), toTicket(-200, k, "in its place"))
	c := claim(t, s, "a", line[0])
	same(t, "address", []int64{c.Notice.To.Chat, c.Notice.To.Ticket, c.Notice.Target}, []int64{-200, k, 0})
	same(t, "claimed again", claim(t, s, "a", line[0]), c)
	for _, id := range line[1:] {
		wantClaim(t, s, id, start, tickets.ErrBehind)
	}
	for _, id := range line {
		same(t, "chat", claim(t, s, "a", id).Notice.To.Chat, int64(-200))
		settle(t, s, "a", sent(id))
	}
}

// testCardless: what has no card and nothing that would make one, in its group.
func testCardless(t *testing.T, s tickets.Store) {
	placed(t, s, place(-100, 5, 6), tickets.StateNew)
	placed(t, s, place(-100, 0, 0), tickets.StateClosed)
	placed(t, s, place(-200, 0, 0), tickets.StateNew)
	lost := placed(t, s, place(-100, 5, 0), tickets.StateWork)
	coming, too := placed(t, s, place(-100, 0, 0), tickets.StateNew), placed(t, s, place(-100, 0, 0), tickets.StateNew)
	way := post(t, s, toTicket(-100, coming, "card"), toTicket(-100, too, "card"))
	claim(t, s, "a", way[0])
	cardless := func(limit int) []int64 {
		t.Helper()
		ids, err := s.Cardless(t.Context(), -100, limit)
		check(t, err)
		return ids
	}
	same(t, "lost", cardless(10), []int64{lost})
	settle(t, s, "a", tickets.Settlement{Notice: way[0], Outcome: tickets.Undeliverable})
	same(t, "lost now", cardless(10), []int64{lost, coming})
	same(t, "the first", cardless(1), []int64{lost})
}
