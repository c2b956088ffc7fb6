package bot

import (
	"context"
	"time"

	"intakebot/tickets"
)

// dispatch starts a send whenever there is one to be started.
func (o *Outbox) dispatch(ctx, hand context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	workers := make(chan *item) // those with nothing to do wait here: a new one would have to grow its stack again
	defer close(workers)
	for ctx.Err() == nil {
		it, wait := o.next(hand)
		if it != nil {
			select {
			case workers <- it:
			default:
				o.sends.Go(func() {
					for ; it != nil; it = <-workers {
						o.work(hand, it)
					}
				})
			}
			continue
		}
		timer.Reset(wait)
		select {
		case <-o.bell:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
}

// idle is how long the dispatcher sleeps when it has nothing to wait for but
// the bell.
const idle = time.Hour

// next takes the next notice that may be sent now, or tells how long to wait for
// one. Leave is asked for here, one after another, so that the most urgent notice
// has the next place, and none overtakes it on the way.
func (o *Outbox) next(ctx context.Context) (*item, time.Duration) {
	for {
		it, wait := o.first()
		if it == nil || it.free {
			return it, wait
		}
		own, all := o.reserve(ctx, it.to.Chat, it.messages, it.rank)
		if own <= 0 && all <= 0 {
			return it, 0
		}
		o.putBack(it, own)
	}
}

// putBack undoes first, for a notice whose chat has to wait, or all of its rank.
func (o *Outbox) putBack(it *item, own time.Duration) {
	now := o.cfg.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.running--
	if own > 0 {
		o.queue.hold(it, now.Add(own), now)
	} else {
		o.queue.release(it, now)
	}
}

// first takes the notice that goes next, or tells how long to wait for one.
func (o *Outbox) first() (*item, time.Duration) {
	now := o.cfg.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	rank, ok := o.queue.rank(now)
	if most := o.cfg.Sends; o.running >= most || ok && rank > tickets.PriorityDialog && o.running >= most-most/4 {
		return nil, idle
	}
	if ok && o.pauses[rank].After(now) {
		return nil, o.pauses[rank].Sub(now)
	}
	if it := o.queue.next(now); it != nil {
		o.running++
		return it, 0
	}
	if at := o.queue.wake(); !at.IsZero() {
		return nil, max(at.Sub(now), 0)
	}
	return nil, idle
}

// put ends the work on a notice: it is done with, or held until an instant.
func (o *Outbox) put(it *item, held bool, at time.Time) {
	now := o.cfg.Now()
	o.mu.Lock()
	o.running--
	if held {
		o.queue.hold(it, at, now)
	} else {
		o.queue.done(it, now)
	}
	o.queue.move(it.to, it.goes, now)
	o.mu.Unlock()
	if it.swept && !held {
		ring(o.look) // the next of its line may be in the store alone
	}
	ring(o.bell)
}

// reserve asks the limiter for a call to a chat. When it says how long all of a
// rank have to wait, none of them is tried before.
func (o *Outbox) reserve(ctx context.Context, chat int64, messages int, rank tickets.Priority) (own, all time.Duration) {
	now := o.cfg.Now()
	own, all = o.cfg.Limiter.Reserve(ctx, chat, chat < 0, messages, int(rank), now)
	if all <= 0 {
		return own, all
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	until := now.Add(all)
	for r := int(rank); r < len(o.pauses); r++ {
		if until.After(o.pauses[r]) {
			o.pauses[r] = until
		}
	}
	return own, all
}
