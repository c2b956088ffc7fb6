package sqlite

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"time"

	"intakebot/tickets"
)

// entry is a write that the log of steps can hold: a step of a dialog with its
// questions, or what becomes of one. Instants are microseconds since 1970.
type entry struct {
	At        int64
	Update    *tickets.Update
	Customer  *tickets.Customer // as it would be read
	Questions []*question
	Sender    string // of questions; not kept, as each knows it
	Progress  *progress
}

// question is a notice of the plainest kind: a message to a customer that goes at
// once, keeps its place, and is about no ticket. What it Drops is none of these.
type question struct {
	ID       int64
	Chat     int64
	Kind     string
	Priority int64
	Lang     string
	Message  string // JSON, as the other three
	Title    string
	Sent     string
	Extra    string
	Target   int64
	Written  int64
	Sending  bool
	Owner    string // that sends it
	Claimed  int64
	Attempts int64

	sent   bool // it is settled
	sentAt int64
	ahead  bool           // may be claimed as it is written
	notice tickets.Notice // as it was given; Kind "": by a life before
	stored bool           // in the table, if not as it is here
}

// progress is what becomes of a question.
type progress struct {
	Notice int64
	Owner  string
	At     int64
	What   int64
	Chat   int64  // see tickets.Settlement; not of a claim
	Sent   string // JSON; not of a claim

	asked *question // as it is from then on
}

// What becomes of questions.
const (
	isClaimed int64 = iota
	isPartSent
	isSent
)

// stepOf is a change as the log holds it; nil: it is for the tables.
func stepOf(c tickets.Change) *entry {
	if c.File != nil || c.Moved != nil || c.Topic != nil || len(c.Tickets)+len(c.Carried)+len(c.Events) > 0 {
		return nil
	}
	e := &entry{At: c.At.UnixMicro(), Sender: c.Sender}
	if c.Update != nil {
		u := *c.Update // is written to the tables later
		e.Update = &u
	}
	if c.Customer != nil {
		after := stored(*c.Customer)
		e.Customer = &after
	}
	for _, n := range c.Notices {
		if !isQuestion(n) {
			return nil
		}
		q, err := questionOf(n, c.Sender, e.At)
		if err != nil {
			return nil // the tables' way tells it
		}
		e.Questions = append(e.Questions, q)
	}
	return e
}

func isQuestion(n tickets.Notice) bool {
	return n.Kind == tickets.NoticeSend && n.To.Chat > 0 && n.To.Ticket == 0 && n.About == 0 && n.Merge == "" &&
		!n.Once && n.After.IsZero() && n.Attempts == 0
}

// questionOf is a notice as it is written, for a sender if it can be.
func questionOf(n tickets.Notice, sender string, at int64) (*question, error) {
	q := &question{
		Chat: n.To.Chat, Kind: string(n.Kind), Priority: int64(n.Priority), Lang: string(n.Lang), Target: n.Target, Written: at,
		ahead: sender != "" && n.Ahead(), notice: n,
	}
	for _, part := range []struct {
		to *string
		v  any
	}{{&q.Message, n.Message}, {&q.Title, n.Title}, {&q.Sent, n.Sent}, {&q.Extra, n.Extra}} {
		b, err := json.Marshal(part.v)
		if err != nil {
			return nil, err
		}
		*part.to = string(b)
	}
	return q, nil
}

// written tells where a question stands: first at its chat, or behind others.
func (q *question) written(id int64, first bool, sender string) {
	q.ID = id
	if q.ahead && first {
		q.claimed(sender, q.Written)
	}
}

func (q *question) claimed(owner string, at int64) {
	q.Sending, q.Owner, q.Claimed = true, owner, at
	q.Attempts++
}

// settled tells that it was sent, as the tables would keep it.
func (q *question) settled(p *progress) {
	q.Sending, q.sent, q.sentAt, q.Sent = false, true, p.At, p.Sent
	if p.Chat != 0 && p.Chat != q.Chat {
		q.Sent = "[]"
	}
}

// given is the question for whoever sends it.
func (q *question) given() tickets.Notice {
	n := q.notice
	n.ID, n.Attempts, n.Claimed = q.ID, int(q.Attempts), q.Sending
	return n
}

// sentOf is a settlement as the log holds it; nil: it is for the tables.
func sentOf(owner string, o tickets.Settlement) *entry {
	if o.Outcome != tickets.Delivered || !o.After.IsZero() || o.Aside || o.Cause != "" || o.Unknown || o.Place != nil || o.Thread != 0 ||
		o.Moved != nil || o.Board != 0 || len(o.Carried)+len(o.Then) > 0 || o.Blocked {
		return nil
	}
	return progressOf(&progress{Notice: o.Notice, Chat: o.Chat, Owner: owner, At: o.At.UnixMicro(), What: isSent}, o.Sent)
}

func progressOf(p *progress, sent []int64) *entry {
	b, err := json.Marshal(sent)
	if err != nil {
		return nil // the tables' way tells it
	}
	p.Sent = string(b)
	return &entry{At: p.At, Progress: p}
}

// committed is what Commit gives for a change that the log holds.
func (e *entry) committed() (done tickets.Committed) {
	for _, q := range e.Questions {
		done.Notices = append(done.Notices, q.given())
	}
	return done
}

// leastOfQuestion is how many fields a question has, each a byte at least.
const leastOfQuestion = 15

var errEntry = errors.New("an entry that this program does not know")

// coder writes or reads the fields of entries. Each is listed once, for both ways.
type coder struct {
	b    []byte
	read bool
	bad  bool
}

func (c *coder) int(v *int64) {
	if !c.read {
		c.b = binary.AppendVarint(c.b, *v)
		return
	}
	n := 0
	if *v, n = binary.Varint(c.b); n <= 0 {
		c.bad, n = true, len(c.b)
	}
	c.b = c.b[n:]
}

func text[T ~string | ~[]byte](c *coder, v *T) {
	n := int64(len(*v))
	c.int(&n)
	switch {
	case !c.read:
		c.b = append(c.b, *v...)
	case n < 0 || n > int64(len(c.b)):
		c.bad = true
	case n > 0:
		*v, c.b = T(c.b[:n]), c.b[n:]
	}
}

func (c *coder) flag(v *bool) {
	n := int64(0)
	if *v {
		n = 1
	}
	c.int(&n)
	*v = n == 1
	c.bad = c.bad || n>>1 != 0
}

// part codes what may be missing.
func part[T any](c *coder, v **T, fields func(*T)) {
	has := *v != nil
	if c.flag(&has); !has {
		return
	}
	if c.read {
		*v = new(T)
	}
	fields(*v)
}

func (c *coder) entry(e *entry) {
	c.int(&e.At)
	part(c, &e.Update, func(u *tickets.Update) {
		for _, v := range []*int64{&u.ID, &u.Chat, &u.Message, &u.Edited} {
			c.int(v)
		}
	})
	part(c, &e.Customer, c.customer)
	n := int64(len(e.Questions))
	for c.int(&n); int64(len(e.Questions)) < n && !c.bad; {
		e.Questions = append(e.Questions, &question{})      // to be read
		c.bad = len(e.Questions)*leastOfQuestion > len(c.b) // so that what is no number of questions costs no memory
	}
	for _, q := range e.Questions {
		for _, v := range []*int64{&q.ID, &q.Chat, &q.Priority, &q.Target, &q.Written, &q.Claimed, &q.Attempts} {
			c.int(v)
		}
		for _, v := range []*string{&q.Kind, &q.Lang, &q.Message, &q.Title, &q.Sent, &q.Extra, &q.Owner} {
			text(c, v)
		}
		c.flag(&q.Sending)
	}
	part(c, &e.Progress, func(p *progress) {
		for _, v := range []*int64{&p.Notice, &p.Chat, &p.At, &p.What} {
			c.int(v)
		}
		text(c, &p.Owner)
		text(c, &p.Sent)
	})
}

func (c *coder) customer(k *tickets.Customer) {
	c.int(&k.ID)
	c.int(&k.Version)
	text(c, &k.Lang)
	text(c, &k.Session)
	c.flag(&k.Blocked)
	c.flag(&k.Banned)
	wakes, wake := !k.Wake.IsZero(), k.Wake.UnixMicro()
	c.flag(&wakes)
	c.int(&wake)
	if c.read && wakes {
		k.Wake = time.UnixMicro(wake).UTC()
	}
}

// decode reads the entries of a frame.
func decode(b []byte) (all []*entry, err error) {
	c := &coder{b: b, read: true}
	for len(c.b) > 0 && !c.bad {
		e := &entry{}
		c.entry(e)
		all = append(all, e)
	}
	if c.bad {
		return nil, errEntry
	}
	return all, nil
}
