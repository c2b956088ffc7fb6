package postgres

import (
	"context"
	"errors"
	"time"

	"intakebot/tickets"

	"github.com/jackc/pgx/v5"
)

// Shelve sets an update aside and marks it as seen (P6).
func (s *Store) Shelve(ctx context.Context, sh tickets.Shelved) error {
	b := &pgx.Batch{}
	b.Queue(`INSERT INTO updates (id, chat, message, edited, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		sh.Update.ID, sh.Update.Chat, sh.Update.Message, sh.Update.Edited, sh.At)
	b.Queue(`INSERT INTO shelf (id, chat, message, edited, body, cause, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET cause = excluded.cause`,
		sh.Update.ID, sh.Update.Chat, sh.Update.Message, sh.Update.Edited, append([]byte{}, sh.Body...), text(sh.Cause), sh.At)
	return s.send(ctx, b)
}

const shelfColumns = `id, chat, message, edited, body, cause, at`

func scanShelved(row pgx.CollectableRow) (sh tickets.Shelved, err error) {
	err = row.Scan(&sh.Update.ID, &sh.Update.Chat, &sh.Update.Message, &sh.Update.Edited, &sh.Body, &sh.Cause, instant{&sh.At})
	return sh, err
}

// Shelf lists updates that were set aside, oldest first.
func (s *Store) Shelf(ctx context.Context, limit int) ([]tickets.Shelved, error) {
	return list(ctx, s, scanShelved, `SELECT `+shelfColumns+` FROM shelf ORDER BY at, id LIMIT $1`, limit)
}

// Unshelve takes an update off the shelf and forgets that it was seen.
func (s *Store) Unshelve(ctx context.Context, update int64) (tickets.Shelved, error) {
	found, err := list(ctx, s, scanShelved, `WITH taken AS (DELETE FROM shelf WHERE id = $1 RETURNING `+shelfColumns+`),
		forgotten AS (DELETE FROM updates WHERE id IN (SELECT id FROM taken))
		SELECT `+shelfColumns+` FROM taken`, update)
	if err != nil {
		return tickets.Shelved{}, err
	}
	if len(found) == 0 {
		return tickets.Shelved{}, tickets.ErrNotFound
	}
	return found[0], nil
}

// Forget drops what is known of updates received before an instant, and the
// notices settled before it.
func (s *Store) Forget(ctx context.Context, before time.Time) error {
	_, updates := s.pool.Exec(ctx, `DELETE FROM updates WHERE at < $1`, before)
	_, notices := s.pool.Exec(ctx, `DELETE FROM notices WHERE settled < $1`, before)
	return errors.Join(updates, notices)
}
