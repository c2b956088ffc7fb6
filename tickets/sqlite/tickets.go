package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"intakebot/tickets"
)

const ticketColumns = `id, version, draft, customer, lang, topic, level, critical, state, report,
	opened, due, place_group, place_thread, place_card, customer_thread, agent, wake, life`

func scanTicket(row scanner) (t tickets.Ticket, err error) {
	err = row.Scan(&t.ID, &t.Version, &t.Draft, &t.Customer, &t.Lang, &t.Topic, &t.Level, &t.Critical, &t.State,
		asJSON{&t.Report}, instant{&t.Opened}, instant{&t.Due}, &t.Place.Group, &t.Place.Thread, &t.Place.Card,
		&t.Thread, &t.Agent, instant{&t.Wake}, asJSON{&t.Life})
	return t, err
}

func (s *Store) ticket(ctx context.Context, which string, args ...any) (tickets.Ticket, error) {
	t, err := scanTicket(s.row(ctx, `SELECT `+ticketColumns+` FROM tickets WHERE `+which, args...))
	if errors.Is(err, sql.ErrNoRows) {
		err = tickets.ErrNotFound
	}
	return t, err
}

// Ticket loads a ticket.
func (s *Store) Ticket(ctx context.Context, id int64) (tickets.Ticket, error) {
	return s.ticket(ctx, `id = ?`, id)
}

// TicketIn finds the ticket of a topic, or of a customer's thread.
func (s *Store) TicketIn(ctx context.Context, chat, thread int64) (tickets.Ticket, error) {
	if chat > 0 {
		return s.ticket(ctx, inThread, chat, thread)
	}
	return s.ticket(ctx, inTopic, chat, thread)
}

// Each says what its index says, or that would not be used.
const (
	inTopic  = `place_group = ? AND place_thread = ? AND place_thread <> 0 ORDER BY id DESC LIMIT 1`
	inThread = `customer = ? AND customer_thread = ? AND customer_thread <> 0 ORDER BY id DESC LIMIT 1`
)

// TicketsOf lists a customer's tickets, newest first.
func (s *Store) TicketsOf(ctx context.Context, customer int64, limit int) ([]tickets.Ticket, error) {
	return list(ctx, s, scanTicket,
		`SELECT `+ticketColumns+` FROM tickets WHERE customer = ? ORDER BY id DESC LIMIT ?`, customer, limit)
}

const queueQuery = `SELECT ` + ticketColumns + ` FROM tickets
	WHERE place_group = ? AND state NOT IN ('solved', 'closed', 'declined')
		AND ? IN (agent, -1)
	ORDER BY critical DESC, due IS NULL, due, id LIMIT ?`

// These count a queue: all of it without a look at the tickets.
const (
	queueCount   = `SELECT count(*) FROM tickets WHERE place_group = ? AND state NOT IN ('solved', 'closed', 'declined')`
	queueCountOf = queueCount + ` AND agent = ?`
)

// Queue lists a group's open tickets, the most urgent first, and counts them.
func (s *Store) Queue(ctx context.Context, group, agent int64, limit int) (part []tickets.Ticket, all int, err error) {
	part, err = list(ctx, s, scanTicket, queueQuery, group, agent, limit)
	if err != nil || len(part) < limit {
		return part, len(part), err
	}
	query, args := queueCountOf, []any{group, agent}
	if agent == tickets.Anyone {
		query, args = queueCount, args[:1]
	}
	err = s.row(ctx, query, args...).Scan(&all)
	return part, max(all, len(part)), err // the two are asked one after the other
}

const cardlessQuery = `SELECT id FROM tickets WHERE place_group = ? AND state NOT IN ('solved', 'closed', 'declined') AND place_card = 0
	AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.settled IS NULL AND n.chat = place_group AND n.ticket = tickets.id) ORDER BY id LIMIT ?`

// Cardless lists open tickets that no card is there or on its way for.
func (s *Store) Cardless(ctx context.Context, group int64, limit int) ([]int64, error) {
	return list(ctx, s, scanID, cardlessQuery, group, limit)
}

const sleepingQuery = `SELECT id FROM tickets WHERE wake IS NOT NULL AND wake <= ? ORDER BY wake, id LIMIT ?`

// SleepingTickets lists tickets whose Wake is not after now, earliest first.
func (s *Store) SleepingTickets(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	return list(ctx, s, scanID, sleepingQuery, now.UnixMicro(), limit)
}

const carriedQuery = `SELECT ticket, from_chat, from_message, to_chat, to_message FROM carried
	WHERE from_chat = ?1 AND from_message = ?2 OR to_chat = ?1 AND to_message = ?2 ORDER BY id`

func scanCarried(row scanner) (c tickets.Carried, err error) {
	err = row.Scan(&c.Ticket, &c.From.Chat, &c.From.Message, &c.To.Chat, &c.To.Message)
	return c, err
}

// Carried lists what was carried over from or to at a message, oldest first.
func (s *Store) Carried(ctx context.Context, at tickets.Spot) ([]tickets.Carried, error) {
	return list(ctx, s, scanCarried, carriedQuery, at.Chat, at.Message)
}
