package postgres

import (
	"context"
	"errors"
	"time"

	"intakebot/tickets"

	"github.com/jackc/pgx/v5"
)

// Customer loads a customer.
func (s *Store) Customer(ctx context.Context, id int64) (tickets.Customer, error) {
	c := tickets.Customer{ID: id}
	err := s.pool.QueryRow(ctx, `SELECT version, lang, session, wake, blocked, banned FROM customers WHERE id = $1`, id).
		Scan(&c.Version, &c.Lang, (*[]byte)(&c.Session), instant{&c.Wake}, &c.Blocked, &c.Banned)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return c, err
}

func scanEvent(row pgx.CollectableRow) (e tickets.Event, err error) {
	err = row.Scan(&e.Ticket, instant{&e.At}, &e.Actor.Kind, &e.Actor.ID, &e.Actor.Name, &e.Kind, &e.Data)
	return e, err
}

// Events is the audit trail of a ticket, oldest first.
func (s *Store) Events(ctx context.Context, ticket int64) ([]tickets.Event, error) {
	return list(ctx, s, scanEvent,
		`SELECT ticket, at, actor_kind, actor_id, actor_name, kind, data FROM events WHERE ticket = $1 ORDER BY id`, ticket)
}

// Sleepers lists customers whose Wake is not after now, earliest first.
func (s *Store) Sleepers(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	return list(ctx, s, pgx.RowTo[int64], `SELECT id FROM customers WHERE wake <= $1 ORDER BY wake, id LIMIT $2`, now, limit)
}

// Seen tells whether an update was committed.
func (s *Store) Seen(ctx context.Context, u tickets.Update) (seen bool, err error) {
	err = s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM updates WHERE id = $1)
		OR EXISTS (SELECT FROM updates WHERE chat <> 0 AND chat = $2 AND message = $3 AND edited = $4)`,
		u.ID, u.Chat, u.Message, u.Edited).Scan(&seen)
	return seen, err
}
