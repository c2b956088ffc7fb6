package storetest

import (
	"testing"

	"intakebot/tickets"
)

// forbidden is what the schema itself must refuse, whoever writes it: states
// that are none, and references to nothing.
var forbidden = []string{
	`UPDATE notices SET state = 'eaten'`,
	`UPDATE notices SET state = 'sent'`,    // settled at no time
	`UPDATE notices SET state = 'sending'`, // by nobody
	`UPDATE notices SET settled = written`, // and still pending
	`UPDATE notices SET ticket = 4242`,
	`UPDATE notices SET about = 4242`,
	`UPDATE tickets SET state = 'asleep'`,
	`UPDATE tickets SET customer = 4242`,
	`UPDATE tickets SET draft = ''`,
	`UPDATE tickets SET draft = 'the same'`,
	`UPDATE events SET ticket = 4242`,
	`UPDATE events SET actor_kind = 'cat'`,
	`UPDATE customers SET version = 0`,
	`DELETE FROM tickets`,
	`DELETE FROM customers`,
	`DELETE FROM ticket_states`,
	`UPDATE carried SET ticket = 4242`,
	`UPDATE carried SET ticket = 0`,
	`UPDATE carried SET from_message = 1`, // the same twice
	`UPDATE boards SET message = 0`,
	`INSERT INTO boards (chat, message) SELECT chat, 5 FROM boards`,
	`INSERT INTO moved (chat, became) VALUES (5, 5)`,
	`INSERT INTO updates (id, chat, message, edited, at) SELECT id, 0, 0, 0, at FROM updates`,
	`INSERT INTO updates (id, chat, message, edited, at) SELECT id + 1, chat, message, edited, at FROM updates`,
}

// Schema looks whether the tables of an empty store refuse what they must.
func Schema(t *testing.T, s tickets.Store, exec func(sql string) error) {
	receipt := note(7, "x")
	receipt.About = tickets.Filed
	for i, draft := range []string{"a", "b"} {
		id := int64(i)
		commit(t, s, tickets.Change{
			Update: &tickets.Update{ID: 10 + id*10, Chat: 7, Message: id}, Customer: &tickets.Customer{ID: 7 + id},
			File: ticket(draft, 7), Notices: []tickets.Notice{receipt},
			Events: []tickets.Event{{At: start, Actor: tickets.Actor{Kind: "bot"}, Kind: "filed"}},
		})
	}
	board := post(t, s, note(8, "x"))[0]
	claim(t, s, "a", board)
	o := sent(board)
	o.Board, o.Carried = 5, []tickets.Carried{{Ticket: 1001, From: tickets.Spot{Message: 1}}, {Ticket: 1001, From: tickets.Spot{Message: 2}}}
	settle(t, s, "a", o)
	for _, sql := range forbidden {
		if exec(sql) == nil {
			t.Errorf("not refused: %s", sql)
		}
	}
	check(t, exec(`UPDATE notices SET cause = 'x'`)) // it is not that nothing goes
	// None of these notices has anything extra, and none keeps room for it, or
	// this would be refused.
	check(t, exec(`UPDATE notices SET cause = NULL WHERE extra IS NOT NULL`))
}
