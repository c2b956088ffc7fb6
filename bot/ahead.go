package bot

import (
	"context"
	"slices"
	"time"

	"intakebot/tickets"
)

const (
	// aheadTime is how long a claim that a commit has made is good. One that had
	// to wait for longer is given back and made anew, as claims much older belong
	// to the dead.
	aheadTime = 30 * time.Second
	// lostTime is how old a claim of our own is that has not been heard of.
	lostTime = time.Second
)

// ahead is a claim that came with the commit, which saves a write of its own.
type ahead struct {
	claim tickets.Claim
	since time.Time
}

// Sender is the owner for whom commits may claim what goes next: none while
// others wait already, so that what is marked as being sent is about to be (P2).
func (o *Outbox) Sender() string {
	if o.stopping.Load() {
		return ""
	}
	now := o.cfg.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queue.ready.lines) >= o.cfg.Sends || o.pauses[tickets.PriorityDialog].After(now) {
		return ""
	}
	return o.cfg.Owner
}

// claim marks a notice as being sent, unless the commit has done so a moment ago.
func (o *Outbox) claim(ctx context.Context, it *item, now time.Time) (tickets.Claim, error) {
	if a := it.claim; a != nil {
		it.claim = nil
		if now.Sub(a.since) < aheadTime {
			return a.claim, nil
		}
		if err := o.release(ctx, it.id, now); err != nil {
			return tickets.Claim{}, err
		}
	}
	return o.cfg.Store.Claim(ctx, o.cfg.Owner, it.id, now)
}

// release gives a claim back of which nothing was sent.
func (o *Outbox) release(ctx context.Context, id int64, now time.Time) error {
	_, err := o.cfg.Store.Settle(ctx, o.cfg.Owner, tickets.Settlement{Notice: id, Outcome: tickets.Again, At: now, After: now})
	return err
}

// giveBack gives back, at the end, the claims of which nothing was sent, so that
// nobody takes their outcome for unknown.
func (o *Outbox) giveBack(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	o.mu.Lock()
	var ids []int64
	for _, l := range o.queue.lines {
		for _, it := range l.items {
			if it.claim != nil {
				ids = append(ids, it.id)
			}
		}
	}
	o.mu.Unlock()
	for _, id := range ids {
		if err := o.release(ctx, id, o.cfg.Now()); err != nil {
			o.cfg.Log.Warn("a notice that was not sent cannot be given back", "notice", id, "err", err)
		}
	}
}

// find takes up what was claimed for this outbox by a commit whose answer was
// lost: nothing else at the chat could be sent before it. Should the answer come
// all the same, Push leaves it.
func (o *Outbox) find(ctx context.Context) error {
	held, err := o.cfg.Store.Held(ctx, o.cfg.Owner, o.cfg.Now().Add(-lostTime))
	o.mu.Lock()
	held = slices.DeleteFunc(held, func(n tickets.Notice) bool { return o.queue.known[n.ID] })
	for _, n := range held {
		o.found[n.ID] = true
	}
	o.mu.Unlock()
	o.take(held, true)
	return err
}
