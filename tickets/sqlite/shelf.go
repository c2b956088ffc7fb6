package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"intakebot/tickets"
)

// Shelve sets an update aside and marks it as seen (P6).
func (s *Store) Shelve(ctx context.Context, sh tickets.Shelved) error {
	return s.writer.do(ctx, func(t *tx) error {
		err := t.update(&sh.Update, sh.At)
		if err != nil && !errors.Is(err, tickets.ErrDuplicate) {
			return err
		}
		_, err = t.exec(`INSERT INTO shelf (id, chat, message, edited, body, cause, at) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET cause = excluded.cause`,
			sh.Update.ID, sh.Update.Chat, sh.Update.Message, sh.Update.Edited, append([]byte{}, sh.Body...), sh.Cause, sh.At.UnixMicro())
		return err
	})
}

func scanShelved(row scanner) (sh tickets.Shelved, err error) {
	err = row.Scan(&sh.Update.ID, &sh.Update.Chat, &sh.Update.Message, &sh.Update.Edited, &sh.Body, &sh.Cause, instant{&sh.At})
	return sh, err
}

// Shelf lists updates that were set aside, oldest first.
func (s *Store) Shelf(ctx context.Context, limit int) ([]tickets.Shelved, error) {
	return list(ctx, s, scanShelved, `SELECT id, chat, message, edited, body, cause, at FROM shelf ORDER BY at, id LIMIT ?`, limit)
}

// ShelfOf lists what was set aside in a file, also while a bot has it open: it
// takes no lock, makes no file, and changes nothing.
func ShelfOf(ctx context.Context, path string, limit int) ([]tickets.Shelved, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err // SQLite would not say that it is not there
	}
	q := url.Values{"mode": {"rw"}, "_pragma": {"busy_timeout(5000)", "query_only(1)"}}
	db, err := sql.Open("sqlite", fileURL(path)+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	s := &Store{db: db}
	found, err := s.Shelf(ctx, limit)
	if err = errors.Join(err, s.Close()); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, lockedBy(err))
	}
	return found, nil
}

// Unshelve takes an update off the shelf and forgets that it was seen.
func (s *Store) Unshelve(ctx context.Context, update int64) (tickets.Shelved, error) {
	return answer(ctx, s.writer, func(t *tx) (sh tickets.Shelved, err error) {
		rows, err := t.query(`DELETE FROM shelf WHERE id = ? RETURNING id, chat, message, edited, body, cause, at`, update)
		if err != nil {
			return sh, err
		}
		found, err := collect(rows, scanShelved)
		if err != nil {
			return sh, err
		}
		if len(found) == 0 {
			return sh, tickets.ErrNotFound
		}
		_, err = t.exec(`DELETE FROM updates WHERE id = ?`, update)
		return found[0], err
	})
}

// forgetStep is how many rows are forgotten in one write, so that others need
// not wait for long.
const forgetStep = 2000

// Forget drops what is known of updates received before an instant, and the
// notices settled before it. It looks for them beside the writer, because there
// is no index by time: that would cost every commit a write.
func (s *Store) Forget(ctx context.Context, before time.Time) error {
	if err := s.upToDate(ctx); err != nil {
		return err
	}
	return errors.Join(
		s.forget(ctx, "updates", "at < ?", before),
		s.forget(ctx, "notices", "settled < ? AND id < (SELECT max(id) FROM notices)", before), // so that no ID is given twice
	)
}

func (s *Store) forget(ctx context.Context, table, old string, before time.Time) error {
	for after := int64(-1 << 63); ; {
		ids, err := list(ctx, s, scanID, `SELECT id FROM `+table+` WHERE id > ? AND `+old+` ORDER BY id LIMIT ?`,
			after, before.UnixMicro(), forgetStep)
		if err != nil || len(ids) == 0 {
			return err
		}
		last := ids[len(ids)-1]
		err = s.writer.do(ctx, func(t *tx) error {
			_, err := t.exec(`DELETE FROM `+table+` WHERE id > ? AND id <= ? AND `+old, after, last, before.UnixMicro())
			return err
		})
		if err != nil {
			return err
		}
		after = last
	}
}
