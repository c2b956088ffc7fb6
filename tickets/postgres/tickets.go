package postgres

import (
	"context"
	"time"

	"intakebot/tickets"

	"github.com/jackc/pgx/v5"
)

const ticketColumns = `id, version, draft, customer, lang, topic, level, critical, state, report,
	opened, due, place_group, place_thread, place_card, customer_thread, agent, wake, life`

func scanTicket(row pgx.CollectableRow) (t tickets.Ticket, err error) {
	err = row.Scan(&t.ID, &t.Version, &t.Draft, &t.Customer, &t.Lang, &t.Topic, &t.Level, &t.Critical, &t.State,
		&t.Report, instant{&t.Opened}, instant{&t.Due}, &t.Place.Group, &t.Place.Thread, &t.Place.Card,
		&t.Thread, &t.Agent, instant{&t.Wake}, &t.Life)
	return t, err
}

func (s *Store) ticket(ctx context.Context, which string, args ...any) (tickets.Ticket, error) {
	found, err := list(ctx, s, scanTicket, `SELECT `+ticketColumns+` FROM tickets WHERE `+which, args...)
	if err != nil {
		return tickets.Ticket{}, err
	}
	if len(found) == 0 {
		return tickets.Ticket{}, tickets.ErrNotFound
	}
	return found[0], nil
}

// Ticket loads a ticket.
func (s *Store) Ticket(ctx context.Context, id int64) (tickets.Ticket, error) {
	return s.ticket(ctx, `id = $1`, id)
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
	inTopic  = `place_group = $1 AND place_thread = $2 AND place_thread <> 0 ORDER BY id DESC LIMIT 1`
	inThread = `customer = $1 AND customer_thread = $2 AND customer_thread <> 0 ORDER BY id DESC LIMIT 1`
)

// TicketsOf lists a customer's tickets, newest first.
func (s *Store) TicketsOf(ctx context.Context, customer int64, limit int) ([]tickets.Ticket, error) {
	return list(ctx, s, scanTicket,
		`SELECT `+ticketColumns+` FROM tickets WHERE customer = $1 ORDER BY id DESC LIMIT $2`, customer, limit)
}

const queueQuery = `SELECT ` + ticketColumns + ` FROM tickets
	WHERE place_group = $1 AND state NOT IN ('solved', 'closed', 'declined')
		AND $2::bigint IN (agent, -1)
	ORDER BY critical DESC, due, id LIMIT $3`

// These count a queue: all of it without a look at the tickets.
const (
	queueCount   = `SELECT count(*) FROM tickets WHERE place_group = $1 AND state NOT IN ('solved', 'closed', 'declined')`
	queueCountOf = queueCount + ` AND agent = $2`
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
	err = s.pool.QueryRow(ctx, query, args...).Scan(&all)
	return part, max(all, len(part)), err // the two are asked one after the other
}

const cardlessQuery = `SELECT id FROM tickets k WHERE place_group = $1 AND state NOT IN ('solved', 'closed', 'declined') AND place_card = 0
	AND NOT EXISTS (SELECT FROM notices n WHERE n.settled IS NULL AND n.chat = k.place_group AND coalesce(n.ticket, 0) = k.id) ORDER BY id LIMIT $2`

// Cardless lists open tickets that no card is there or on its way for.
func (s *Store) Cardless(ctx context.Context, group int64, limit int) ([]int64, error) {
	return list(ctx, s, pgx.RowTo[int64], cardlessQuery, group, limit)
}

const sleepingQuery = `SELECT id FROM tickets WHERE wake <= $1 ORDER BY wake, id LIMIT $2`

// SleepingTickets lists tickets whose Wake is not after now, earliest first.
func (s *Store) SleepingTickets(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	return list(ctx, s, pgx.RowTo[int64], sleepingQuery, now, limit)
}

const carriedQuery = `SELECT ticket, from_chat, from_message, to_chat, to_message FROM carried
	WHERE from_chat = $1 AND from_message = $2 OR to_chat = $1 AND to_message = $2 ORDER BY id`

func scanCarried(row pgx.CollectableRow) (c tickets.Carried, err error) {
	err = row.Scan(&c.Ticket, &c.From.Chat, &c.From.Message, &c.To.Chat, &c.To.Message)
	return c, err
}

// Carried lists what was carried over from or to at a message, oldest first.
func (s *Store) Carried(ctx context.Context, at tickets.Spot) ([]tickets.Carried, error) {
	return list(ctx, s, scanCarried, carriedQuery, at.Chat, at.Message)
}
