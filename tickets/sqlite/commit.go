package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"intakebot/tickets"
)

// Commit writes a change as a whole or not at all (P1).
func (s *Store) Commit(ctx context.Context, c tickets.Change) (tickets.Committed, error) {
	done, err := s.commit(ctx, c)
	switch {
	case c.Customer == nil || errors.Is(err, tickets.ErrDuplicate):
	case err == nil:
		s.hot.put(stored(*c.Customer))
	default:
		s.hot.drop(c.Customer.ID)
	}
	return done, err
}

var errSession = errors.New("a session that is no JSON")

func (s *Store) commit(ctx context.Context, c tickets.Change) (tickets.Committed, error) {
	// What is at hand decoded was encoded just now.
	if k := c.Customer; k != nil && k.Decoded == nil && len(k.Session) > 0 && !json.Valid(k.Session) {
		return tickets.Committed{}, errSession
	}
	op := &write{entry: stepOf(c)}
	done, err := answerTo(ctx, s.writer, op, func(t *tx) (tickets.Committed, error) { return t.commit(c) })
	if err == nil && op.logged {
		done = op.entry.committed()
	}
	return done, err
}

// stored is a changed customer as it would be read.
func stored(c tickets.Customer) tickets.Customer {
	c.Version++
	c.Wake = c.Wake.Truncate(time.Microsecond).UTC()
	if len(c.Session) == 0 {
		c.Session = nil
	}
	return c
}

func (t *tx) commit(c tickets.Change) (done tickets.Committed, err error) {
	if err := t.update(c.Update, c.At); err != nil {
		return done, err
	}
	if err := t.customer(c.Customer); err != nil {
		return done, err
	}
	if done.Ticket, err = t.file(c.File); err != nil {
		return done, err
	}
	for _, k := range c.Tickets {
		if err := t.change(k); err != nil {
			return done, err
		}
	}
	if err := t.carried(c.Carried, done.Ticket); err != nil {
		return done, err
	}
	if err := errors.Join(t.moved(c.Moved), t.topic(c.Topic)); err != nil {
		return done, err
	}
	for _, e := range c.Events {
		if err := t.event(e, done.Ticket); err != nil {
			return done, err
		}
	}
	done.Notices, err = t.notices(c.Notices, done.Ticket, c.Sender, c.At)
	return done, err
}

// update marks an update as seen, or returns ErrDuplicate.
func (t *tx) update(u *tickets.Update, at time.Time) error {
	if u == nil {
		return nil
	}
	n, err := t.exec(`INSERT INTO updates (id, chat, message, edited, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		u.ID, u.Chat, u.Message, u.Edited, at.UnixMicro())
	return unlessOne(n, err, tickets.ErrDuplicate)
}

func (t *tx) customer(c *tickets.Customer) error {
	if c == nil {
		return nil
	}
	t.met = append(t.met, c.ID)
	args := []any{c.Lang, raw{&c.Session}, instant{&c.Wake}, c.Blocked, c.Banned, c.ID}
	query := `INSERT INTO customers (lang, session, wake, blocked, banned, id, version) VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING`
	if c.Version != 0 {
		query = `UPDATE customers SET lang = ?, session = ?, wake = ?, blocked = ?, banned = ?, version = version + 1
			WHERE id = ? AND version = ?`
		args = append(args, c.Version)
	}
	n, err := t.exec(query, args...)
	return unlessOne(n, err, tickets.ErrStale)
}

// unlessOne turns a statement that changed no row into an error.
func unlessOne(n int64, err, none error) error {
	if err == nil && n != 1 {
		return none
	}
	return err
}

func (t *tx) file(k *tickets.Ticket) (id int64, err error) {
	if k == nil {
		return 0, nil
	}
	err = t.row(`INSERT INTO tickets (version, draft, customer, lang, topic, level, critical, state, report,
			opened, due, place_group, place_thread, place_card, customer_thread, agent, wake, life)
		VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (draft) DO NOTHING RETURNING id`,
		k.Draft, k.Customer, k.Lang, k.Topic, k.Level, k.Critical, k.State, asJSON{k.Report},
		instant{&k.Opened}, instant{&k.Due}, k.Place.Group, k.Place.Thread, k.Place.Card, k.Thread,
		k.Agent, instant{&k.Wake}, asJSON{k.Life}).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = tickets.ErrStale
	}
	if err != nil {
		return 0, err
	}
	return id, t.words(id, *k)
}

func (t *tx) change(k tickets.Ticket) error {
	n, err := t.exec(`UPDATE tickets SET lang = ?, topic = ?, level = ?, critical = ?, state = ?, report = ?, due = ?,
			agent = ?, wake = ?, life = ?, version = version + 1
		WHERE id = ? AND version = ?`,
		k.Lang, k.Topic, k.Level, k.Critical, k.State, asJSON{k.Report}, instant{&k.Due},
		k.Agent, instant{&k.Wake}, asJSON{k.Life}, k.ID, k.Version)
	if err := unlessOne(n, err, tickets.ErrStale); err != nil {
		return err
	}
	return t.words(k.ID, k)
}

func (t *tx) carried(all []tickets.Carried, filed int64) error {
	for _, c := range all {
		c = c.For(filed)
		_, err := t.exec(`INSERT INTO carried (ticket, from_chat, from_message, to_chat, to_message) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, c.Ticket, c.From.Chat, c.From.Message, c.To.Chat, c.To.Message)
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) event(e tickets.Event, filed int64) error {
	if e.Ticket == 0 {
		e.Ticket = filed
	}
	_, err := t.exec(`INSERT INTO events (ticket, at, actor_kind, actor_id, actor_name, kind, data) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		e.Ticket, instant{&e.At}, e.Actor.Kind, e.Actor.ID, e.Actor.Name, e.Kind, asJSON{e.Data})
	return err
}

// notices writes notices, and gives them with their IDs.
func (t *tx) notices(list []tickets.Notice, filed int64, sender string, at time.Time) (written []tickets.Notice, err error) {
	for _, n := range list {
		n = n.For(filed)
		t.met = append(t.met, n.To.Chat)
		q := (*question)(nil)
		if isQuestion(n) {
			if q, err = t.ask(n, sender, at); err != nil {
				return nil, err
			}
			n = q.given()
		}
		if !n.Claimed {
			if err := t.drop(n, at); err != nil {
				return nil, err
			}
		}
		if q != nil {
			n.ID, err = t.question(q)
		} else {
			n.ID, err = t.notice(n, at)
		}
		if err != nil {
			return nil, err
		}
		written = append(written, n)
	}
	return written, nil
}

// drop drops what a notice takes the place of.
func (t *tx) drop(n tickets.Notice, at time.Time) error {
	for _, merge := range []string{n.Merge, n.Drops} {
		if merge == "" {
			continue
		}
		_, err := t.exec(`UPDATE notices SET state = 'dropped', settled = ?, cause = 'a newer one took its place'
			WHERE settled IS NULL AND chat = ? AND ticket IS ? AND merge = ? AND state = 'pending'`,
			at.UnixMicro(), n.To.Chat, orNull{&n.To.Ticket}, merge)
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) notice(n tickets.Notice, at time.Time) (int64, error) {
	id, err := t.nextNotice()
	if err != nil {
		return 0, err
	}
	return t.insert(`INSERT INTO notices (id, chat, ticket, about, kind, priority, lang, message, title, target, once, merge,
			written, after, state, owner, claimed, attempts, doubtful, sent, cause, extra)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', NULL, NULL, ?, 0, ?, '', nullif(?, '{}'))`,
		id, n.To.Chat, orNull{&n.To.Ticket}, orNull{&n.About}, n.Kind, n.Priority, n.Lang, asJSON{n.Message}, asJSON{n.Title},
		n.Target, n.Once, n.Merge, at.UnixMicro(), instant{&n.After}, n.Attempts, asJSON{n.Sent}, asJSON{n.Extra})
}

// ask is a question with its ID, claimed where it may be, and nothing is left at its
// chat before it.
func (t *tx) ask(n tickets.Notice, sender string, at time.Time) (*question, error) {
	q, err := questionOf(n, sender, at.UnixMicro())
	if err != nil {
		return nil, err
	}
	var waits bool
	if q.ahead {
		err = t.row(`SELECT EXISTS (SELECT 1 FROM notices WHERE settled IS NULL AND chat = ? AND ticket IS NULL)`, q.Chat).Scan(&waits)
		if err != nil {
			return nil, err
		}
	}
	id, err := t.nextNotice()
	if err != nil {
		return nil, err
	}
	q.written(id, !waits, sender)
	t.asked = append(t.asked, q)
	return q, nil
}

// nextNotice is an ID. What the log of steps has given away is not given again, though
// the table has never seen it.
func (t *tx) nextNotice() (int64, error) {
	err := t.steps.learn(t)
	t.steps.notice++
	return t.steps.notice, err
}
