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

// Commit writes a change as a whole or not at all (P1), in one round trip. An
// error that is none of tickets' own can also mean that the answer was lost:
// the same change again then gives ErrDuplicate or ErrStale.
func (s *Store) Commit(ctx context.Context, c tickets.Change) (done tickets.Committed, err error) {
	if err := resolvable(c); err != nil {
		return done, err
	}
	b := &pgx.Batch{}
	if c.Update != nil {
		queueUpdate(b, *c.Update, c.At)
	}
	// The rows of the customer and of the tickets are locked before notices take
	// their IDs, so that these grow in the order of the commits (P2).
	if c.Customer != nil {
		queueCustomer(b, *c.Customer)
	}
	for _, k := range byID(c.Tickets) {
		queueChange(b, k)
	}
	if c.File != nil {
		queueTicket(b, *c.File).QueryRow(func(row pgx.Row) error { return row.Scan(&done.Ticket) })
	}
	queueCarried(b, c.Carried)
	queueMoved(b, c.Moved)
	queueTopic(b, c.Topic)
	for _, e := range c.Events {
		queueEvent(b, e)
	}
	ids := queueNotices(b, c.Notices, c.Sender, c.At)
	if b.Len() == 0 {
		return done, s.Ping(ctx)
	}
	if err := s.send(ctx, b); err != nil {
		return tickets.Committed{}, err
	}
	done.Notices = written(c.Notices, ids, done.Ticket)
	return done, nil
}

// byID orders tickets as all commits lock them, so that two never wait for
// each other.
func byID(list []tickets.Ticket) []tickets.Ticket {
	return slices.SortedFunc(slices.Values(list), func(a, b tickets.Ticket) int { return cmp.Compare(a.ID, b.ID) })
}

// filed is the ID that the ticket of the same batch took. A change that files
// none must not use it: it would be another commit's.
const filed = `currval('tickets_id_seq')`

func resolvable(c tickets.Change) error {
	if c.File != nil {
		return nil
	}
	for _, e := range c.Events {
		if e.Ticket == 0 {
			return errors.New("an event of a ticket that the change does not file")
		}
	}
	for _, n := range c.Notices {
		if n.About == tickets.Filed || n.To.Ticket == tickets.Filed {
			return errors.New("a notice about a ticket that the change does not file")
		}
	}
	for _, carried := range c.Carried {
		if carried.Ticket == tickets.Filed {
			return errors.New("carried over for a ticket that the change does not file")
		}
	}
	return nil
}

func queueUpdate(b *pgx.Batch, u tickets.Update, at time.Time) {
	b.Queue(`INSERT INTO updates (id, chat, message, edited, at) VALUES ($1, $2, $3, $4, $5)`,
		u.ID, u.Chat, u.Message, u.Edited, at)
}

func queueCustomer(b *pgx.Batch, c tickets.Customer) {
	args := []any{c.ID, text(c.Lang), raw(c.Session), instant{&c.Wake}, c.Blocked, c.Banned}
	if c.Version == 0 {
		b.Queue(`INSERT INTO customers (id, version, lang, session, wake, blocked, banned) VALUES ($1, 1, $2, $3, $4, $5, $6)`, args...)
		return
	}
	b.Queue(`WITH u AS (UPDATE customers SET lang = $2, session = $3, wake = $4, blocked = $5, banned = $6, version = version + 1
			WHERE id = $1 AND version = $7 RETURNING 1)
		SELECT must_change_one(count(*), '`+codeStale+`') FROM u`, append(args, c.Version)...)
}

func queueTicket(b *pgx.Batch, k tickets.Ticket) *pgx.QueuedQuery {
	return b.Queue(`WITH t AS (INSERT INTO tickets (version, draft, customer, lang, topic, level, critical, state, report,
			opened, due, place_group, place_thread, place_card, customer_thread, agent, wake, life)
			VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING id),
		w AS (INSERT INTO fresh_words (ticket, words) SELECT id, $18 FROM t)
		SELECT id FROM t`,
		text(k.Draft), k.Customer, text(k.Lang), text(k.Topic), text(k.Level), k.Critical, text(k.State), asJSON(k.Report),
		instant{&k.Opened}, instant{&k.Due}, k.Place.Group, k.Place.Thread, k.Place.Card, k.Thread,
		k.Agent, instant{&k.Wake}, asJSON(k.Life), k.Words())
}

func queueChange(b *pgx.Batch, k tickets.Ticket) {
	b.Queue(`WITH u AS (UPDATE tickets SET lang = $3, topic = $4, level = $5, critical = $6, state = $7, report = $8, due = $9,
				agent = $10, wake = $11, life = $12, version = version + 1
			WHERE id = $1 AND version = $2 RETURNING 1),
		w AS (`+keepWords("$1", "$13")+`)
		SELECT must_change_one(count(*), '`+codeStale+`') FROM u`,
		k.ID, k.Version, text(k.Lang), text(k.Topic), text(k.Level), k.Critical, text(k.State), asJSON(k.Report), instant{&k.Due},
		k.Agent, instant{&k.Wake}, asJSON(k.Life), k.Words())
}

func queueCarried(b *pgx.Batch, all []tickets.Carried) {
	for _, c := range all {
		b.Queue(`INSERT INTO carried (ticket, from_chat, from_message, to_chat, to_message)
			VALUES (CASE $1::bigint WHEN -1 THEN `+filed+` ELSE $1 END, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			c.Ticket, c.From.Chat, c.From.Message, c.To.Chat, c.To.Message)
	}
}

func queueEvent(b *pgx.Batch, e tickets.Event) {
	b.Queue(`INSERT INTO events (ticket, at, actor_kind, actor_id, actor_name, kind, data)
		VALUES (CASE $1::bigint WHEN 0 THEN `+filed+` ELSE $1 END, $2, $3, $4, $5, $6, $7)`,
		e.Ticket, instant{&e.At}, text(e.Actor.Kind), e.Actor.ID, text(e.Actor.Name), text(e.Kind), asJSON(e.Data))
}

// queueNotices writes notices. Their IDs are there once the batch was sent.
func queueNotices(b *pgx.Batch, list []tickets.Notice, sender string, at time.Time) []place {
	places := make([]place, len(list))
	for i, n := range list {
		owner := sender
		if !n.Ahead() {
			owner = ""
		}
		queueNotice(b, n, owner, at).QueryRow(func(row pgx.Row) error { return row.Scan(&places[i].id, &places[i].claimed) })
	}
	return places
}

// place is what the server says of a notice that was written.
type place struct {
	id      int64
	claimed bool
}

// written gives notices with the IDs that they have got.
func written(list []tickets.Notice, places []place, filed int64) (all []tickets.Notice) {
	for i, n := range list {
		n = n.For(filed)
		n.ID, n.Claimed = places[i].id, places[i].claimed
		n.Attempts += one(n.Claimed)
		all = append(all, n)
	}
	return all
}

// queueNotice drops what the notice takes the place of, and writes it, claimed
// for its sender, if it has one, where nothing is left before it.
func queueNotice(b *pgx.Batch, n tickets.Notice, sender string, at time.Time) *pgx.QueuedQuery {
	if sender != "" {
		b.Queue(`SELECT `+lockOf+` FROM (VALUES ($1::bigint, 0)) AS at (chat, ticket)`, n.To.Chat)
	}
	for _, merge := range []string{n.Merge, n.Drops} {
		if merge == "" || n.To.Ticket == tickets.Filed { // nothing is waiting for a ticket that is new
			continue
		}
		b.Queue(`UPDATE notices SET state = 'dropped', settled = $4, cause = 'a newer one took its place'
			WHERE settled IS NULL AND chat = $1 AND coalesce(ticket, 0) = $2 AND merge = $3 AND state = 'pending'`,
			n.To.Chat, n.To.Ticket, text(merge), at)
	}
	return b.Queue(`WITH claim AS MATERIALIZED (SELECT $17::text <> '' AND NOT EXISTS (
				SELECT FROM notices WHERE settled IS NULL AND chat = $1 AND coalesce(ticket, 0) = 0) AS is)
		INSERT INTO notices (chat, ticket, about, kind, priority, lang, message, title, target, once, merge,
			written, after, state, owner, claimed, attempts, doubtful, sent, cause, extra)
		SELECT $1, CASE $2::bigint WHEN -1 THEN `+filed+` ELSE nullif($2, 0) END,
			CASE $3::bigint WHEN -1 THEN `+filed+` ELSE nullif($3, 0) END,
			$4, $5, $6, $7, $8, $9, $10, $11, $12::timestamptz, $13, CASE WHEN claim.is THEN 'sending' ELSE 'pending' END,
			CASE WHEN claim.is THEN $17::text END, CASE WHEN claim.is THEN $12 END, $14 + claim.is::int, 0, $15, '', $16
		FROM claim RETURNING id, state = 'sending'`,
		n.To.Chat, n.To.Ticket, n.About, text(n.Kind), n.Priority, text(n.Lang), asJSON(n.Message), asJSON(n.Title),
		n.Target, n.Once, text(n.Merge), at, instant{&n.After}, n.Attempts, asJSON(n.Sent), unlessEmpty(n.Extra), text(sender))
}
