package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"intakebot/tickets"
)

const noticeColumns = `id, chat, ticket, about, kind, priority, lang, message, title, target, once, merge,
	after, attempts, sent, coalesce(extra, '{}')`

func scanNotice(row scanner) (n tickets.Notice, err error) {
	err = row.Scan(&n.ID, &n.To.Chat, orNull{&n.To.Ticket}, orNull{&n.About}, &n.Kind, &n.Priority, &n.Lang, asJSON{&n.Message},
		asJSON{&n.Title}, &n.Target, &n.Once, &n.Merge, instant{&n.After}, &n.Attempts, asJSON{&n.Sent},
		asJSON{&n.Extra})
	return n, err
}

// goesFirst is whether notice n is the next of its address, and may be sent at
// :now. A notice that was never tried and may not be sent yet holds nobody up,
// and neither does one that :with is sending, where the next can go with it.
const goesFirst = `n.state = 'pending' AND (n.after IS NULL OR n.after <= :now) AND NOT EXISTS (
	SELECT 1 FROM notices e WHERE e.settled IS NULL AND e.chat = n.chat AND e.ticket IS n.ticket AND e.id <> n.id
		AND NOT (e.state = 'sending' AND e.owner IS :with AND (e.ticket IS NOT NULL OR e.kind = 'copy'))
		AND (e.state = 'sending' OR e.id < n.id AND (e.attempts > 0 OR e.after IS NULL OR e.after <= :now)))`

const waitingQuery = `SELECT ` + noticeColumns + ` FROM notices n INDEXED BY notices_next
	WHERE n.settled IS NULL AND n.written < :written AND ` + goesFirst + ` ORDER BY n.priority, n.id LIMIT :limit`

// Waiting lists the notices that a replica which died left behind.
func (s *Store) Waiting(ctx context.Context, now, written time.Time, limit int) ([]tickets.Notice, error) {
	if err := s.upToDate(ctx); err != nil {
		return nil, err
	}
	return list(ctx, s, scanNotice, waitingQuery,
		sql.Named("now", now.UnixMicro()), sql.Named("with", nil), sql.Named("written", written.UnixMicro()), sql.Named("limit", limit))
}

// Claim marks a notice as being sent.
func (s *Store) Claim(ctx context.Context, owner string, id int64, now time.Time) (tickets.Claim, error) {
	return s.claim(ctx, owner, nil, id, now)
}

// ClaimAlong marks a notice as being sent along with others.
func (s *Store) ClaimAlong(ctx context.Context, owner string, id int64, now time.Time) (tickets.Claim, error) {
	return s.claim(ctx, owner, owner, id, now)
}

func (s *Store) claim(ctx context.Context, owner string, with any, id int64, now time.Time) (tickets.Claim, error) {
	op := &write{}
	if with == nil {
		op.entry = &entry{At: now.UnixMicro(), Progress: &progress{Notice: id, Owner: owner, At: now.UnixMicro(), What: isClaimed}}
	}
	c, err := answerTo(ctx, s.writer, op, func(t *tx) (tickets.Claim, error) { return t.claim(owner, with, id, now) })
	if err == nil && op.logged {
		c.Notice = op.entry.Progress.asked.given()
		c.Notice.Claimed, c.Notice.Drops = false, "" // that was the commit's
	}
	return c, err
}

func (t *tx) claim(owner string, with any, id int64, now time.Time) (c tickets.Claim, err error) {
	t.touched = append(t.touched, id)
	if c.Notice, err = t.take(owner, with, id, now); err != nil {
		return c, err
	}
	if c.Place, c.Thread, err = t.placeOf(c.Notice); err != nil {
		return c, err
	}
	if c.Follows() {
		return c, t.along(id, c.Notice.To.Chat)
	}
	c.Board, c.Shown, err = t.boardOf(c.Notice)
	return c, err
}

func (t *tx) take(owner string, with any, id int64, now time.Time) (tickets.Notice, error) {
	n, err := scanNotice(t.row(`UPDATE notices AS n SET state = 'sending', owner = :owner, claimed = :now, attempts = attempts + 1
		WHERE id = :id AND `+goesFirst+` RETURNING `+noticeColumns,
		sql.Named("owner", owner), sql.Named("with", with), sql.Named("now", now.UnixMicro()), sql.Named("id", id)))
	if !errors.Is(err, sql.ErrNoRows) {
		return n, err
	}
	var due, mine bool
	err = t.row(`SELECT state = 'pending' AND (after IS NULL OR after <= ?), state = 'sending' AND owner = ? FROM notices WHERE id = ?`,
		now.UnixMicro(), owner, id).Scan(&due, &mine)
	switch {
	case err == nil && mine:
		return scanNotice(t.row(`SELECT `+noticeColumns+` FROM notices WHERE id = ?`, id))
	case err == nil && due:
		return n, tickets.ErrBehind
	case err == nil, errors.Is(err, sql.ErrNoRows):
		return n, tickets.ErrStale
	}
	return n, err
}

func (t *tx) placeOf(n tickets.Notice) (p tickets.Place, thread int64, err error) {
	ticket := cmp.Or(n.To.Ticket, n.About)
	if ticket == 0 {
		return p, 0, nil
	}
	err = t.row(`SELECT place_group, place_thread, place_card, customer_thread FROM tickets WHERE id = ?`, ticket).
		Scan(&p.Group, &p.Thread, &p.Card, &thread)
	return p, thread, err
}

func (t *tx) boardOf(n tickets.Notice) (message int64, shown time.Time, err error) {
	if n.Kind != tickets.NoticeBoard {
		return 0, shown, nil
	}
	err = t.row(`SELECT message, shown FROM boards WHERE chat = ?`, n.To.Chat).Scan(&message, instant{&shown})
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return message, shown, err
}

// NoteSent records how far sending has come.
func (s *Store) NoteSent(ctx context.Context, owner string, notice, chat int64, sent []int64) error {
	e := progressOf(&progress{Notice: notice, Chat: chat, Owner: owner, What: isPartSent}, sent)
	return s.writer.await(ctx, &write{entry: e, done: make(chan error, 1), run: func(t *tx) error {
		return t.noteSent(owner, notice, chat, sent)
	}})
}

func (t *tx) noteSent(owner string, notice, chat int64, sent []int64) error {
	t.touched = append(t.touched, notice)
	n, err := t.exec(`UPDATE notices SET sent = ? WHERE id = ? AND state = 'sending' AND owner = ? AND chat = ?`, asJSON{sent}, notice, owner, chat)
	return unlessOne(n, err, tickets.ErrStale)
}

// Settle ends a claim of an owner, and gives what is to be sent because of it. It
// lets others come, unless something follows from it: who was answered in a
// dialog mostly writes again.
func (s *Store) Settle(ctx context.Context, owner string, o tickets.Settlement) ([]tickets.Notice, error) {
	if o.Blocked {
		defer s.hot.clear() // one of them has changed; it is rare enough
	}
	lazy := o.Outcome == tickets.Delivered && len(o.Then) == 0
	return answerTo(ctx, s.writer, &write{lazy: lazy, entry: sentOf(owner, o)}, func(t *tx) ([]tickets.Notice, error) { return t.settle(owner, o) })
}

func (t *tx) settle(owner string, o tickets.Settlement) ([]tickets.Notice, error) {
	t.touched = append(t.touched, o.Notice)
	if err := t.release(owner, o); err != nil {
		return nil, err
	}
	for _, record := range []func(tickets.Settlement) error{t.place, t.thread, t.board, t.block} {
		if err := record(o); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(t.moved(o.Moved), t.carried(o.Carried, 0)); err != nil {
		return nil, err
	}
	return t.notices(o.Then, 0, "", o.At)
}

func (t *tx) release(owner string, o tickets.Settlement) error {
	final := o.At
	if o.Outcome == tickets.Again {
		final = time.Time{}
	}
	n, err := t.exec(`UPDATE notices SET state = ?, sent = CASE WHEN ? IN (0, chat) THEN ? ELSE '[]' END, after = ?, cause = ?,
			doubtful = doubtful + ?, settled = ?, attempts = CASE WHEN ? THEN 0 ELSE attempts END, owner = NULL, claimed = NULL
		WHERE id = ? AND state = 'sending' AND owner = ?`,
		o.Outcome, o.Chat, asJSON{o.Sent}, instant{&o.After}, o.Cause, o.Unknown, instant{&final}, o.Aside, o.Notice, owner)
	return unlessOne(n, err, tickets.ErrStale)
}

func (t *tx) place(o tickets.Settlement) error {
	if o.Place == nil {
		return nil
	}
	n, err := t.exec(`UPDATE tickets SET place_group = ?1,
			place_thread = CASE WHEN `+knownTopic+` THEN place_thread ELSE ?2 END, place_card = CASE WHEN `+knownTopic+` THEN place_card ELSE ?3 END
		WHERE id = (SELECT coalesce(ticket, about) FROM notices WHERE id = ?4)`,
		o.Place.Group, o.Place.Thread, o.Place.Card, o.Notice)
	if err = unlessOne(n, err, fmt.Errorf("notice %d has a place but no ticket", o.Notice)); err != nil {
		return err
	}
	return t.along(o.Notice, o.Place.Group)
}

// knownTopic is whether a topic without a card would take the place of one.
const knownTopic = `(?2 <> 0 AND ?3 = 0 AND place_group = ?1 AND place_thread <> 0)`

func (t *tx) thread(o tickets.Settlement) error {
	if o.Thread == 0 {
		return nil
	}
	n, err := t.exec(`UPDATE tickets SET customer_thread = ? WHERE id = (SELECT coalesce(ticket, about) FROM notices WHERE id = ?)`,
		o.Thread, o.Notice)
	return unlessOne(n, err, fmt.Errorf("notice %d has a thread but no ticket", o.Notice))
}

func (t *tx) board(o tickets.Settlement) error {
	if o.Board == 0 {
		return nil
	}
	_, err := t.exec(`INSERT INTO boards (chat, message, shown) SELECT chat, ?, ? FROM notices WHERE id = ? AND ? IN (0, chat)
		ON CONFLICT (chat) DO UPDATE SET message = excluded.message, shown = excluded.shown`, o.Board, instant{&o.At}, o.Notice, o.Chat)
	return err
}

func (t *tx) block(o tickets.Settlement) error {
	if !o.Blocked {
		return nil
	}
	var id int64
	err := t.row(`UPDATE customers SET blocked = 1, version = version + 1
		WHERE blocked = 0 AND id = (SELECT chat FROM notices WHERE id = ?) RETURNING id`, o.Notice).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	t.met = append(t.met, id)
	return err
}

const orphansQuery = `UPDATE notices INDEXED BY notices_sending SET state = CASE WHEN once THEN 'dropped' ELSE 'pending' END,
		settled = CASE WHEN once THEN claimed END, cause = 'its sender died', doubtful = doubtful + 1, owner = NULL, claimed = NULL
	WHERE state = 'sending' AND owner <> :owner AND (:claimed IS NULL OR claimed < :claimed)
	RETURNING ` + noticeColumns

// Orphans gives back what others claimed and did not settle.
func (s *Store) Orphans(ctx context.Context, owner string, claimed time.Time) ([]tickets.Notice, error) {
	return answer(ctx, s.writer, func(t *tx) ([]tickets.Notice, error) {
		rows, err := t.query(orphansQuery, sql.Named("owner", owner), sql.Named("claimed", instant{&claimed}))
		if err != nil {
			return nil, err
		}
		orphans, err := collect(rows, scanNotice)
		for _, n := range orphans {
			t.touched = append(t.touched, n.ID)
		}
		slices.SortFunc(orphans, func(a, b tickets.Notice) int { return cmp.Compare(a.ID, b.ID) })
		return orphans, err
	})
}

const heldQuery = `SELECT ` + noticeColumns + ` FROM notices INDEXED BY notices_sending
	WHERE state = 'sending' AND owner = ? AND claimed < ? ORDER BY id`

// Held lists what an owner has claimed and not settled.
func (s *Store) Held(ctx context.Context, owner string, claimed time.Time) ([]tickets.Notice, error) {
	if err := s.upToDate(ctx); err != nil {
		return nil, err
	}
	return list(ctx, s, scanNotice, heldQuery, owner, claimed.UnixMicro())
}

// Unsent counts notices that are not settled.
func (s *Store) Unsent(ctx context.Context) (n int, err error) {
	if err := s.upToDate(ctx); err != nil {
		return 0, err
	}
	err = s.row(ctx, `SELECT count(*) FROM notices WHERE settled IS NULL`).Scan(&n)
	return n, err
}
