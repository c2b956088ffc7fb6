package storetest

import (
	"testing"
	"time"

	"intakebot/tickets"
)

func wantCarried(t *testing.T, s tickets.Store, at tickets.Spot, want ...tickets.Carried) {
	t.Helper()
	got, err := s.Carried(t.Context(), at)
	check(t, err)
	same(t, "carried at a message", append([]tickets.Carried{}, got...), append([]tickets.Carried{}, want...))
}

// testCarried: what was carried over is found from both ends, and recorded
// once however often it is told.
func testCarried(t *testing.T, s tickets.Store) {
	k := file(t, s, "d", 7)
	customers := func(message int64) tickets.Spot { return tickets.Spot{Chat: 7, Message: message} }
	agents := func(message int64) tickets.Spot { return tickets.Spot{Chat: -100, Message: message} }
	answer := tickets.Carried{Ticket: k, From: agents(10), To: customers(20)}
	second := tickets.Carried{Ticket: k, From: agents(10), To: customers(21)} // a long one, in parts
	back := tickets.Carried{Ticket: k, From: customers(20), To: agents(12)}   // quoted
	elsewhere := tickets.Carried{Ticket: k, From: tickets.Spot{Chat: -200, Message: 10}, To: tickets.Spot{Chat: 8, Message: 20}}
	commit(t, s, tickets.Change{Carried: []tickets.Carried{second, elsewhere, second}})
	id := post(t, s, note(7, "x"))[0]
	claim(t, s, "a", id)
	o := sent(id)
	o.Carried = []tickets.Carried{answer, second, back}
	settle(t, s, "a", o)
	wantCarried(t, s, agents(10), second, answer)
	wantCarried(t, s, customers(20), answer, back)
	wantCarried(t, s, customers(21), second)
	wantCarried(t, s, agents(12), back)
	wantCarried(t, s, customers(10))
	wantCarried(t, s, tickets.Spot{Chat: 8, Message: 20}, elsewhere)
}

// testCarriedOfNothing: only what is a ticket's is recorded, and a settlement
// with anything else is refused as a whole.
func testCarriedOfNothing(t *testing.T, s tickets.Store) {
	file(t, s, "d", 7)
	id := post(t, s, note(7, "x"))[0]
	claim(t, s, "a", id)
	from, to := tickets.Spot{Chat: 1, Message: 2}, tickets.Spot{Chat: 3, Message: 4}
	for _, ticket := range []int64{0, tickets.Filed, 4242} {
		bad := []tickets.Carried{{Ticket: ticket, From: from, To: to}}
		_, err := s.Commit(t.Context(), tickets.Change{Carried: bad, At: start, Update: &tickets.Update{ID: 5}})
		wantAway(t, "carried for no ticket", err)
		o := sent(id)
		o.At, o.Carried, o.Then = start, bad, []tickets.Notice{note(7, "then")}
		wantAway(t, "a settlement of no ticket", settleErr(t, s, "a", o))
	}
	seen(t, s, tickets.Update{ID: 5}, false)
	wantCarried(t, s, from)
	unsent(t, s, 1)
	settle(t, s, "a", sent(id))
}

// testThen: what follows from an outcome is written with it or not at all, and
// comes back ready to be sent.
func testThen(t *testing.T, s tickets.Store) {
	k := file(t, s, "d", 7)
	react := note(-100, "")
	react.Kind, react.About, react.Target, react.Extra.Emoji = tickets.NoticeReact, k, 10, "👍"
	words := note(-100, "not delivered")
	words.To.Ticket, words.Merge = k, "m"
	old := words
	old.Message = tickets.Say("older", nil)
	line := post(t, s, note(7, "answer"), old)
	claim(t, s, "a", line[0])
	o := sent(line[0])
	o.Then = []tickets.Notice{react, words}

	wantErr(t, "another's", settleErr(t, s, "b", o), tickets.ErrStale)
	broken := o
	broken.At, broken.Then = start, []tickets.Notice{react, note(7, "x")}
	broken.Then[1].About = 4242
	wantAway(t, "a notice about no ticket", settleErr(t, s, "a", broken))
	broken.Then[1].About = tickets.Filed
	wantAway(t, "a notice about nothing filed", settleErr(t, s, "a", broken))
	unsent(t, s, 2) // and nothing was done

	o.At = later(time.Second)
	then := settle(t, s, "a", o)
	same(t, "how many follow", len(then), 2)
	for i, want := range []tickets.Notice{react, words} {
		if want.ID = then[i].ID; want.ID <= line[1] {
			t.Errorf("a later notice has ID %d", want.ID)
		}
		same(t, "what follows", then[i], want)
	}
	wantErr(t, "settling twice", settleErr(t, s, "a", o), tickets.ErrStale)
	same(t, "waiting", waiting(t, s, start), []int64{then[0].ID, then[1].ID}) // the older one is dropped
	list, err := s.Waiting(t.Context(), start, later(time.Second), 10)
	check(t, err)
	same(t, "written before the outcome", len(list), 0)
	want := then[0]
	want.Attempts = 1
	same(t, "claimed", claim(t, s, "a", then[0].ID).Notice, want)
}

// testBoard: the message of a chat's board is kept by chat.
func testBoard(t *testing.T, s tickets.Store) {
	board := func(chat int64) int64 {
		n := note(chat, "list")
		n.Kind, n.Merge = tickets.NoticeBoard, "board"
		return post(t, s, n)[0]
	}
	for chat, message := range map[int64]int64{-100: 50, -200: 60} {
		id := board(chat)
		same(t, "no board yet", claim(t, s, "a", id).Board, int64(0))
		o := sent(id)
		o.Board = message
		settle(t, s, "a", o)
		id = board(chat)
		same(t, "board", claim(t, s, "a", id).Board, message)
		settle(t, s, "a", sent(id)) // it was edited
		id = board(chat)
		same(t, "the same board", claim(t, s, "a", id).Board, message)
		o = sent(id)
		o.Board = message + 1 // it had been deleted
		settle(t, s, "a", o)
		same(t, "board anew", claim(t, s, "a", board(chat)).Board, message+1)
	}
	plain := note(-100, "x")
	plain.To.Ticket = file(t, s, "d", 7)
	same(t, "board of something else", claim(t, s, "a", post(t, s, plain)[0]).Board, int64(0))
}
