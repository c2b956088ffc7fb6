package sqlite

import (
	"context"
	"strings"

	"intakebot/tickets"
)

// holdsAll: all of ?2 stand in the words.
const holdsAll = `NOT EXISTS (SELECT 1 FROM json_each(?2) WHERE instr(words, value) = 0)`

// What is fresh is read. The index gives the rest newest first, until there is
// enough.
const findQuery = `SELECT ` + ticketColumns + ` FROM tickets WHERE id IN (
		SELECT ticket FROM fresh_words WHERE ` + holdsAll + `
		UNION ALL
		SELECT rowid FROM ticket_words WHERE ticket_words MATCH ?1 AND ` + holdsAll + ` AND rowid NOT IN (SELECT ticket FROM fresh_words)
		ORDER BY 1 DESC LIMIT ?3)
	ORDER BY id DESC`

// Find lists the ticket of a number, and those that hold a text.
func (s *Store) Find(ctx context.Context, text string, limit int) ([]tickets.Ticket, error) {
	return tickets.Find(text, limit, func(id int64) (tickets.Ticket, error) {
		return s.Ticket(ctx, id)
	}, func(l tickets.Lookup) ([]tickets.Ticket, error) {
		return list(ctx, s, scanTicket, findQuery, match(l), asJSON{l.Parts}, limit)
	})
}

// match is what the index is asked (https://www.sqlite.org/fts5.html, "Full-text
// Query Syntax").
func match(l tickets.Lookup) string {
	all := make([]string, len(l.Beginnings))
	for i, b := range l.Beginnings {
		all[i] = `"` + b + `"`
		if !tickets.IsShort(b) {
			all[i] += "*"
		}
	}
	return strings.Join(all, " AND ")
}

// indexStep is how many tickets come into the index at once. With fewer, each
// would cost more; with more, other writes would wait for longer.
const indexStep = 64

const freshQuery = `SELECT ticket FROM fresh_words ORDER BY ticket LIMIT ?`

// Index brings words into the index, and keeps it in few parts.
func (s *Store) Index(ctx context.Context) (more bool, err error) {
	fresh, err := list(ctx, s, scanID, freshQuery, indexStep)
	switch {
	case err != nil:
		return false, err
	case len(fresh) < indexStep:
		return s.merge(ctx)
	}
	last := fresh[indexStep-1]
	return true, s.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT OR REPLACE INTO ticket_words (rowid, words)
			SELECT ticket, words FROM fresh_words WHERE ticket <= ? ORDER BY ticket`, last)
		if err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM fresh_words WHERE ticket <= ?`, last)
		return err
	})
}

// mergeStep is how many pages of the index are merged at once, of a kilobyte each.
const mergeStep = 64

// merge makes one part of the index, step by step, when a tenth of its tickets has
// come since the last time: a search looks into every part, and each step of
// indexing makes one.
func (s *Store) merge(ctx context.Context) (more bool, err error) {
	var last, merged int64
	err = s.row(ctx, `SELECT coalesce((SELECT max(rowid) FROM ticket_words), 0), up_to FROM words_merged`).Scan(&last, &merged)
	if err != nil || last-merged < max(indexStep, merged/10) {
		return false, err
	}
	return answer(ctx, s.writer, func(t *tx) (more bool, err error) {
		var before, after int64
		if err := t.row(`SELECT total_changes()`).Scan(&before); err != nil {
			return false, err
		}
		if _, err := t.exec(`INSERT INTO ticket_words (ticket_words, rank) VALUES ('merge', ?)`, -mergeStep); err != nil {
			return false, err
		}
		if err := t.row(`SELECT total_changes()`).Scan(&after); err != nil {
			return false, err
		}
		if after-before >= 2 { // else there was nothing to do (https://www.sqlite.org/fts5.html, "The 'merge' Command")
			return true, nil
		}
		_, err = t.exec(`UPDATE words_merged SET up_to = ?`, last)
		return false, err
	})
}

// words keeps the words of a ticket, if they are others than before.
func (t *tx) words(id int64, k tickets.Ticket) error {
	_, err := t.exec(`INSERT INTO fresh_words (ticket, words) SELECT ?1, ?2
		WHERE ?2 IS NOT coalesce((SELECT words FROM fresh_words WHERE ticket = ?1), (SELECT words FROM ticket_words WHERE rowid = ?1))
		ON CONFLICT DO UPDATE SET words = excluded.words`, id, k.Words())
	return err
}

func scanReport(row scanner) (t tickets.Ticket, err error) {
	err = row.Scan(&t.ID, asJSON{&t.Report})
	return t, err
}

// In the order of their numbers, so that those that have none are the last.
const wordlessQuery = `SELECT id, report FROM tickets WHERE id > max(
	(SELECT coalesce(max(ticket), 0) FROM fresh_words), (SELECT coalesce(max(rowid), 0) FROM ticket_words)) ORDER BY id LIMIT ?`

// wordStep is how many tickets get their words in one write.
const wordStep = 500

// addWords makes tickets that an earlier version of the program filed to be
// found.
func (s *Store) addWords(ctx context.Context) error {
	for {
		old, err := list(ctx, s, scanReport, wordlessQuery, wordStep)
		if err != nil || len(old) == 0 {
			return err
		}
		err = s.writer.do(ctx, func(t *tx) error {
			for _, k := range old {
				if err := t.words(k.ID, k); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
