package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"intakebot/tickets"
)

// stmt prepares a query once; package sql prepares it again on every
// connection that it uses.
func (s *Store) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := s.stmts.Load(query); ok {
		return st.(*sql.Stmt), nil
	}
	st, err := s.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if kept, loaded := s.stmts.LoadOrStore(query, st); loaded {
		return kept.(*sql.Stmt), st.Close()
	}
	return st, nil
}

// scanner is a row of an answer.
type scanner interface{ Scan(dest ...any) error }

type failedRow struct{ err error }

func (f failedRow) Scan(...any) error { return f.err }

func (s *Store) row(ctx context.Context, query string, args ...any) scanner {
	st, err := s.stmt(ctx, query)
	if err != nil {
		return failedRow{err}
	}
	return st.QueryRowContext(ctx, args...)
}

// list reads all rows of an answer.
func list[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	st, err := s.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, scan)
}

func collect[T any](rows *sql.Rows, scan func(scanner) (T, error)) ([]T, error) {
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// Customer loads a customer.
func (s *Store) Customer(ctx context.Context, id int64) (tickets.Customer, error) {
	if c, ok := s.hot.get(id); ok {
		return c, nil
	}
	if c, ok := s.writer.tx.steps.customer(id); ok {
		return c, nil
	}
	c := tickets.Customer{ID: id}
	err := s.row(ctx, `SELECT version, lang, session, wake, blocked, banned FROM customers WHERE id = ?`, id).
		Scan(&c.Version, &c.Lang, raw{&c.Session}, instant{&c.Wake}, &c.Blocked, &c.Banned)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return c, err
}

func scanEvent(row scanner) (e tickets.Event, err error) {
	err = row.Scan(&e.Ticket, instant{&e.At}, &e.Actor.Kind, &e.Actor.ID, &e.Actor.Name, &e.Kind, asJSON{&e.Data})
	return e, err
}

// Events is the audit trail of a ticket, oldest first.
func (s *Store) Events(ctx context.Context, ticket int64) ([]tickets.Event, error) {
	return list(ctx, s, scanEvent,
		`SELECT ticket, at, actor_kind, actor_id, actor_name, kind, data FROM events WHERE ticket = ? ORDER BY id`, ticket)
}

func scanID(row scanner) (id int64, err error) {
	err = row.Scan(&id)
	return id, err
}

// Sleepers lists customers whose Wake is not after now, earliest first.
func (s *Store) Sleepers(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	if err := s.upToDate(ctx); err != nil {
		return nil, err
	}
	return list(ctx, s, scanID,
		`SELECT id FROM customers WHERE wake IS NOT NULL AND wake <= ? ORDER BY wake, id LIMIT ?`, now.UnixMicro(), limit)
}

// Seen tells whether an update was committed.
func (s *Store) Seen(ctx context.Context, u tickets.Update) (seen bool, err error) {
	if s.writer.tx.steps.seen(u) {
		return true, nil
	}
	err = s.row(ctx, seenQuery, u.ID, u.Chat, u.Message, u.Edited).Scan(&seen)
	return seen, err
}

const seenQuery = `SELECT EXISTS (SELECT 1 FROM updates WHERE id = ?)
	OR EXISTS (SELECT 1 FROM updates WHERE chat <> 0 AND chat = ? AND message = ? AND edited = ?)`

// upToDate brings the tables up to what the log of steps holds, for a read that goes
// over many.
func (s *Store) upToDate(ctx context.Context) error {
	if !s.writer.tx.steps.dirty() {
		return nil
	}
	return s.writer.upToDate(ctx)
}
