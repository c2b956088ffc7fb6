package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"intakebot/tickets"

	"github.com/jackc/pgx/v5"
)

const noticeColumns = `n.id, n.chat, n.ticket, n.about, n.kind, n.priority, n.lang, n.message, n.title, n.target,
	n.once, n.merge, n.after, n.attempts, n.sent, coalesce(n.extra, '{}')`

func noticeDest(n *tickets.Notice) []any {
	return []any{&n.ID, &n.To.Chat, orNull{&n.To.Ticket}, orNull{&n.About}, &n.Kind, &n.Priority, &n.Lang, &n.Message,
		&n.Title, &n.Target, &n.Once, &n.Merge, instant{&n.After}, &n.Attempts, &n.Sent, &n.Extra}
}

func scanNotice(row pgx.CollectableRow) (n tickets.Notice, err error) {
	err = row.Scan(noticeDest(&n)...)
	return n, err
}

// goesFirst is whether notice n is the next of its address, and may be sent at
// $1. A notice that was never tried and may not be sent yet holds nobody up, and
// neither does one that $2 is sending, where the next can go with it.
const goesFirst = `n.state = 'pending' AND (n.after IS NULL OR n.after <= $1) AND NOT EXISTS (
	SELECT FROM notices e WHERE e.settled IS NULL AND e.chat = n.chat AND coalesce(e.ticket, 0) = coalesce(n.ticket, 0) AND e.id <> n.id
		AND NOT (e.state = 'sending' AND coalesce(e.owner = $2, false) AND (e.ticket IS NOT NULL OR e.kind = 'copy'))
		AND (e.state = 'sending' OR e.id < n.id AND (e.attempts > 0 OR e.after IS NULL OR e.after <= $1)))`

const waitingQuery = `SELECT ` + noticeColumns + ` FROM notices n
	WHERE n.settled IS NULL AND n.written < $3 AND ` + goesFirst + ` ORDER BY n.priority, n.id LIMIT $4`

// Waiting lists the notices that a replica which died left behind.
func (s *Store) Waiting(ctx context.Context, now, written time.Time, limit int) ([]tickets.Notice, error) {
	return list(ctx, s, scanNotice, waitingQuery, now, nil, written, limit)
}

// lockOf is the lock of a notice's address.
const lockOf = `pg_advisory_xact_lock(hashint8extended(chat, coalesce(ticket, 0)))`

// Claim marks a notice as being sent.
func (s *Store) Claim(ctx context.Context, owner string, id int64, now time.Time) (tickets.Claim, error) {
	return s.claim(ctx, owner, nil, id, now)
}

// ClaimAlong marks a notice as being sent along with others.
func (s *Store) ClaimAlong(ctx context.Context, owner string, id int64, now time.Time) (tickets.Claim, error) {
	return s.claim(ctx, owner, text(owner), id, now)
}

func (s *Store) claim(ctx context.Context, owner string, with any, id int64, now time.Time) (c tickets.Claim, err error) {
	var mine, due bool
	b := &pgx.Batch{}
	// One claim of an address at a time: each must see what the other did, or
	// one for later and one for now could both go first.
	b.Queue(`SELECT `+lockOf+` FROM notices WHERE id = $1`, id)
	b.Queue(`UPDATE notices n SET state = 'sending', owner = $4, claimed = $1, attempts = attempts + 1 WHERE id = $3 AND `+goesFirst,
		now, with, id, text(owner))
	b.Queue(`SELECT coalesce(n.owner = $2, false), n.state = 'pending' AND (n.after IS NULL OR n.after <= $1), `+noticeColumns+`,
			coalesce(k.place_group, 0), coalesce(k.place_thread, 0), coalesce(k.place_card, 0), coalesce(k.customer_thread, 0),
			coalesce(o.message, 0), o.shown
		FROM notices n LEFT JOIN tickets k ON k.id = coalesce(n.ticket, n.about)
			LEFT JOIN boards o ON o.chat = n.chat AND n.kind = '`+string(tickets.NoticeBoard)+`' WHERE n.id = $3`,
		now, text(owner), id).QueryRow(func(row pgx.Row) error {
		dest := append([]any{&mine, &due}, noticeDest(&c.Notice)...)
		return row.Scan(append(dest, &c.Place.Group, &c.Place.Thread, &c.Place.Card, &c.Thread, &c.Board, instant{&c.Shown})...)
	})
	err = s.send(ctx, b)
	switch {
	case err == nil && mine && c.Follows():
		along := &pgx.Batch{}
		queueAlong(along, id, c.Notice.To.Chat)
		return c, s.send(ctx, along)
	case err == nil && mine:
		return c, nil
	case err == nil && due:
		err = tickets.ErrBehind
	case err == nil || errors.Is(err, pgx.ErrNoRows):
		err = tickets.ErrStale
	}
	return tickets.Claim{}, err
}

// NoteSent records how far sending has come.
func (s *Store) NoteSent(ctx context.Context, owner string, notice, chat int64, sent []int64) error {
	done, err := s.pool.Exec(ctx, `UPDATE notices SET sent = $3 WHERE id = $1 AND state = 'sending' AND owner = $2 AND chat = $4`,
		notice, text(owner), asJSON(sent), chat)
	if err == nil && done.RowsAffected() != 1 {
		err = tickets.ErrStale
	}
	return err
}

// Settle ends a claim of an owner, and gives what is to be sent because of it.
func (s *Store) Settle(ctx context.Context, owner string, o tickets.Settlement) ([]tickets.Notice, error) {
	if err := resolvable(tickets.Change{Carried: o.Carried, Notices: o.Then}); err != nil {
		return nil, err
	}
	b := &pgx.Batch{}
	if o.Blocked {
		// First, because commits lock the customer before notices as well.
		b.Queue(`UPDATE customers SET blocked = true, version = version + 1 WHERE NOT blocked
			AND id = (SELECT chat FROM notices WHERE id = $1 AND owner = $2)`, o.Notice, text(owner))
	}
	queueSettle(b, owner, o)
	queuePlace(b, o.Notice, o.Place)
	if o.Thread != 0 {
		b.Queue(`WITH u AS (UPDATE tickets SET customer_thread = $2
				WHERE id = (SELECT coalesce(ticket, about) FROM notices WHERE id = $1) RETURNING 1)
			SELECT must_change_one(count(*), '`+codeNoPlace+`') FROM u`, o.Notice, o.Thread)
	}
	if o.Board != 0 {
		b.Queue(`INSERT INTO boards (chat, message, shown) SELECT chat, $2, $3 FROM notices WHERE id = $1 AND $4::bigint IN (0, chat)
			ON CONFLICT (chat) DO UPDATE SET message = excluded.message, shown = excluded.shown`, o.Notice, o.Board, instant{&o.At}, o.Chat)
	}
	queueMoved(b, o.Moved)
	queueCarried(b, o.Carried)
	ids := queueNotices(b, o.Then, "", o.At)
	if err := s.send(ctx, b); err != nil {
		return nil, err
	}
	return written(o.Then, ids, 0), nil
}

func queueSettle(b *pgx.Batch, owner string, o tickets.Settlement) {
	final := o.At
	if o.Outcome == tickets.Again {
		final = time.Time{}
	}
	b.Queue(`WITH u AS (UPDATE notices SET state = $3, sent = CASE WHEN $10::bigint IN (0, chat) THEN $4::json ELSE '[]' END, after = $5,
				cause = $6, doubtful = doubtful + $7, settled = $8, attempts = CASE WHEN $9 THEN 0 ELSE attempts END, owner = NULL, claimed = NULL
			WHERE id = $1 AND state = 'sending' AND owner = $2 RETURNING 1)
		SELECT must_change_one(count(*), '`+codeStale+`') FROM u`,
		o.Notice, text(owner), text(o.Outcome), asJSON(o.Sent), instant{&o.After}, text(o.Cause), one(o.Unknown), instant{&final}, o.Aside,
		o.Chat)
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Orphans gives back what others claimed and did not settle. Whoever asks is
// seen as alive from now on, until its connection ends.
func (s *Store) Orphans(ctx context.Context, owner string, claimed time.Time) ([]tickets.Notice, error) {
	if err := s.presence.show(ctx, s.pool.Config().ConnConfig, owner); err != nil {
		return nil, err
	}
	orphans, err := list(ctx, s, scanNotice, `UPDATE notices n SET state = CASE WHEN once THEN 'dropped' ELSE 'pending' END,
			settled = CASE WHEN once THEN claimed END, cause = 'its sender died', doubtful = doubtful + 1, owner = NULL, claimed = NULL
		WHERE state = 'sending' AND owner <> $1
			AND ($2::timestamptz IS NULL OR claimed < $2 AND (claimed < $3 OR NOT `+isAlive+`))
		RETURNING `+noticeColumns, text(owner), instant{&claimed}, claimed.Add(-deadAfter))
	slices.SortFunc(orphans, func(a, b tickets.Notice) int { return cmp.Compare(a.ID, b.ID) })
	return orphans, err
}

const heldQuery = `SELECT ` + noticeColumns + ` FROM notices n
	WHERE n.state = 'sending' AND n.owner = $1 AND n.claimed < $2 ORDER BY n.id`

// Held lists what an owner has claimed and not settled.
func (s *Store) Held(ctx context.Context, owner string, claimed time.Time) ([]tickets.Notice, error) {
	return list(ctx, s, scanNotice, heldQuery, text(owner), claimed)
}

// Unsent counts notices that are not settled.
func (s *Store) Unsent(ctx context.Context) (n int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*) FROM notices WHERE settled IS NULL`).Scan(&n)
	return n, err
}
