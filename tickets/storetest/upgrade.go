package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"testing"
	"time"

	"intakebot/tickets"

	"github.com/pressly/goose/v3"
)

// Upgrade looks whether a database of the first version keeps what it holds.
// It makes one from the migrations of a folder, fills it, and has it opened.
// Literal writes an instant as the database keeps it.
func Upgrade(t *testing.T, dialect goose.Dialect, folder string, db *sql.DB, literal func(time.Time) string, open Open) {
	p, err := goose.NewProvider(dialect, db, os.DirFS(folder))
	check(t, err)
	_, err = p.UpTo(t.Context(), 1)
	check(t, err)
	for _, statement := range firstVersion(literal) {
		_, err := db.ExecContext(t.Context(), statement)
		check(t, err)
	}
	check(t, db.Close())
	for range 2 { // and again, with nothing left to be done
		s := open(t)
		wantUpgraded(t, s)
		check(t, s.Close())
	}
	s := open(t)
	defer func() { check(t, s.Close()) }()
	wantUsable(t, s)
}

// oldTickets is more than one step of giving them their words.
const oldTickets = 1200

// firstVersion fills a database of version 1 as the program of then did.
func firstVersion(literal func(time.Time) string) []string {
	at := literal(start)
	return []string{
		`INSERT INTO customers (id, version, lang, session, wake, blocked) VALUES (7, 3, 'ru', '{"a":1}', ` + at + `, FALSE)`,
		`INSERT INTO tickets (version, draft, customer, lang, topic, level, critical, state, report, opened, due,
				place_group, place_thread, place_card)
			VALUES (1, 'd', 7, 'ru', 'errors', 'standard', TRUE, 'new', '{"contact":{"name":"Ольга"},"problem":"КОРЗИНА пуста","files":null}',
				` + at + `, ` + at + `, -100, 5, 6)`,
		fmt.Sprintf(`INSERT INTO tickets (version, draft, customer, lang, topic, level, critical, state, report, opened, due,
				place_group, place_thread, place_card)
			WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < %d)
			SELECT 1, 'd' || n, 7, 'ru', 'errors', 'standard', FALSE, 'new', '{"problem":"Заказ"}', %s, NULL, -100, 0, 0 FROM n`,
			oldTickets, at),
		`INSERT INTO events (ticket, at, actor_kind, actor_id, actor_name, kind, data)
			VALUES (1001, ` + at + `, 'customer', 7, 'Ольга', 'filed', '{}')`,
		`INSERT INTO notices (chat, ticket, about, kind, priority, lang, message, title, target, once, merge, written, state,
				attempts, doubtful, sent, cause)
			VALUES (-100, 1001, 1001, 'send', 1, 'ru', '{"text":[{"key":"x"}]}', '{"key":""}', 0, FALSE, '', ` + at + `, 'pending', 0, 0, 'null', '')`,
		`INSERT INTO updates (id, chat, message, edited, at) VALUES (5, 7, 6, 0, ` + at + `)`,
	}
}

func wantUpgraded(t *testing.T, s tickets.Store) {
	same(t, "ticket", loadTicket(t, s, 1001), tickets.Ticket{
		ID: 1001, Version: 1, Draft: "d", Customer: 7, Lang: tickets.Russian, Topic: "errors", Level: "standard", Critical: true,
		State: tickets.StateNew, Report: tickets.Report{Contact: tickets.Contact{Name: "Ольга"}, Problem: "КОРЗИНА пуста"},
		Opened: start, Due: start, Place: tickets.Place{Group: -100, Thread: 5, Card: 6},
	})
	same(t, "customer", *load(t, s, 7), tickets.Customer{
		ID: 7, Version: 3, Lang: tickets.Russian, Session: []byte(`{"a":1}`), Wake: start,
	})
	events, err := s.Events(t.Context(), 1001)
	check(t, err)
	same(t, "events", len(events), 1)
	list, err := s.Waiting(t.Context(), start, later(time.Second), 10)
	check(t, err)
	same(t, "notices", list, []tickets.Notice{{
		ID: 1, To: tickets.Address{Chat: -100, Ticket: 1001}, Kind: tickets.NoticeSend, Priority: tickets.PriorityAnswer,
		Lang: tickets.Russian, About: 1001, Message: tickets.Say("x", nil),
	}})
	seen(t, s, tickets.Update{ID: 5}, true)
	found, err := s.Find(t.Context(), "корзина", 10)
	same(t, "found", numbers(t, found, err), []int64{1001})
	found, err = s.Find(t.Context(), "заказ", oldTickets)
	same(t, "found of the rest", len(numbers(t, found, err)), oldTickets-1)
	queue, _, err := s.Queue(t.Context(), -100, tickets.Anyone, 2)
	same(t, "queue", numbers(t, queue, err), []int64{1001, 1002})
	got, err := s.TicketIn(context.Background(), -100, 5)
	check(t, err)
	same(t, "ticket of the topic", got.ID, int64(1001))
	_, err = s.TicketIn(context.Background(), 7, 0)
	wantErr(t, "a thread that nobody made", err, tickets.ErrNotFound)
}

// wantUsable: what was there before lives on as everything else does.
func wantUsable(t *testing.T, s tickets.Store) {
	change(t, s, worked(loadTicket(t, s, 1001)))
	same(t, "version", loadTicket(t, s, 1001).Version, int64(2))
	id := claim(t, s, "a", 1).Notice.ID
	o := sent(id)
	o.Carried = []tickets.Carried{{Ticket: 1001, From: tickets.Spot{Chat: 7, Message: 6}, To: tickets.Spot{Chat: -100, Message: 10}}}
	settle(t, s, "a", o)
	wantCarried(t, s, o.Carried[0].From, o.Carried...)
	same(t, "next ticket", fileAs(t, s, 7, func(*tickets.Ticket) {}), int64(1000+oldTickets+1))
}
