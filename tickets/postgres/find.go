package postgres

import (
	"context"
	"fmt"
	"strings"

	"intakebot/tickets"

	"github.com/jackc/pgx/v5"
)

// What is fresh is read; the index gives the rest.
const findQuery = `SELECT ` + ticketColumns + ` FROM tickets WHERE id IN (
		SELECT ticket FROM fresh_words WHERE words LIKE ALL ($2::text[])
		UNION ALL SELECT indexed_words($1, $2, $3)
		ORDER BY 1 DESC LIMIT $3)
	ORDER BY id DESC`

// Find lists the ticket of a number, and those that hold a text.
func (s *Store) Find(ctx context.Context, query string, limit int) ([]tickets.Ticket, error) {
	return tickets.Find(query, limit, func(id int64) (tickets.Ticket, error) {
		return s.Ticket(ctx, id)
	}, func(l tickets.Lookup) ([]tickets.Ticket, error) {
		like := make([]string, len(l.Parts))
		for i, part := range l.Parts {
			like[i] = "%" + part + "%"
		}
		return list(ctx, s, scanTicket, findQuery, "'"+strings.Join(l.Beginnings, "' & '")+"'", like, limit)
	})
}

// indexStep is how many tickets come into the index at once. With fewer, each
// would cost more; with more, more would be left to be read.
const indexStep = 64

const freshQuery = `SELECT ticket FROM fresh_words ORDER BY ticket LIMIT $1`

// Index brings words into the index. Replicas may do it at once.
func (s *Store) Index(ctx context.Context) (more bool, err error) {
	fresh, err := list(ctx, s, pgx.RowTo[int64], freshQuery, indexStep)
	if err != nil || len(fresh) < indexStep {
		return false, err
	}
	// It waits for no commit that holds one of them.
	done, err := s.pool.Exec(ctx, `WITH taken AS (DELETE FROM fresh_words WHERE ticket IN (
			SELECT ticket FROM fresh_words WHERE ticket = ANY ($1::bigint[]) FOR UPDATE SKIP LOCKED) RETURNING ticket, words)
		INSERT INTO ticket_words (ticket, words) SELECT ticket, words FROM taken ORDER BY ticket
		ON CONFLICT (ticket) DO UPDATE SET words = excluded.words`, fresh)
	if err != nil {
		return false, err
	}
	// What the index keeps in a list for later, every search would read.
	_, err = s.pool.Exec(ctx, `SELECT gin_clean_pending_list('ticket_words_beginnings')`)
	return done.RowsAffected() > 0, err
}

// keepWords is a part of a statement, and keeps the words of a ticket if they
// are others than before.
func keepWords(ticket, words string) string {
	return fmt.Sprintf(`INSERT INTO fresh_words (ticket, words) SELECT %[1]s, %[2]s::text
		WHERE %[2]s IS DISTINCT FROM coalesce(
			(SELECT words FROM fresh_words WHERE ticket = %[1]s), (SELECT words FROM ticket_words WHERE ticket = %[1]s))
		ON CONFLICT (ticket) DO UPDATE SET words = excluded.words`, ticket, words)
}

func scanReport(row pgx.CollectableRow) (t tickets.Ticket, err error) {
	err = row.Scan(&t.ID, &t.Report)
	return t, err
}

// In the order of their numbers, so that those that have none are the last.
const wordlessQuery = `SELECT id, report FROM tickets WHERE id > greatest(
	(SELECT max(ticket) FROM fresh_words), (SELECT max(ticket) FROM ticket_words), 0) ORDER BY id LIMIT $1`

// wordStep is how many tickets get their words in one write.
const wordStep = 500

// addWords makes tickets that an earlier version of the program filed to be
// found. Replicas may do it at once.
func (s *Store) addWords(ctx context.Context) error {
	for {
		old, err := list(ctx, s, scanReport, wordlessQuery, wordStep)
		if err != nil || len(old) == 0 {
			return err
		}
		b := &pgx.Batch{}
		for _, k := range old {
			b.Queue(`INSERT INTO fresh_words (ticket, words) VALUES ($1, $2) ON CONFLICT DO NOTHING`, k.ID, k.Words())
		}
		if err := s.send(ctx, b); err != nil {
			return err
		}
	}
}
