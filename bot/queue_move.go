package bot

import (
	"cmp"
	"context"
	"slices"
	"time"

	"intakebot/tickets"
)

// follow notes that a settlement has moved a notice's line to another group.
func (it *item) follow(s tickets.Settlement) {
	if m := s.Moved; m != nil && m.From == it.to.Chat {
		it.goes = tickets.Address{Chat: m.To, Ticket: it.to.Ticket}
	}
	if p := s.Place; p != nil && it.to.Ticket != 0 && p.Group != it.to.Chat {
		it.goes = tickets.Address{Chat: p.Group, Ticket: it.to.Ticket}
	}
}

// readdress puts a notice back that somebody else has moved to another group: it
// has to wait its turn there, and for that group's limit (P3).
func (o *Outbox) readdress(ctx context.Context, it *item, n tickets.Notice) {
	now := o.cfg.Now()
	it.goes = n.To
	kept := o.settle(ctx, tickets.Settlement{Notice: n.ID, Outcome: tickets.Again, Sent: n.Sent, After: now, At: now})
	o.put(it, kept, now)
}

// move takes the notices of an address to another one, in the order of their
// IDs. Whose line is being sent from stays: what it waits for tells where to go.
func (q *sendQueue) move(from, to tickets.Address, now time.Time) {
	l := q.lines[from]
	if l == nil || l.sending != nil || to == (tickets.Address{}) || to == from {
		return
	}
	q.ready.remove(l)
	q.later.remove(l)
	delete(q.lines, from)
	into := q.lines[to]
	if into == nil {
		into = &line{}
		q.lines[to] = into
	}
	into.items = append(into.items, l.items...)
	slices.SortFunc(into.items, func(a, b *item) int { return cmp.Compare(a.id, b.id) })
	for _, it := range l.items {
		it.to, it.goes = to, tickets.Address{}
	}
	q.place(into, now)
}
