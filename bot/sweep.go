package bot

import (
	"context"
	"errors"
	"time"
)

const (
	// sweepEvery is how often the store is asked for what nobody sends.
	sweepEvery = 5 * time.Second
	// sweepGap is the least time between two such questions.
	sweepGap = 50 * time.Millisecond
	// leftAge is how old a notice is that another replica has left behind,
	// rather than not come to yet.
	leftAge = 10 * time.Second
	// orphanAge is how old another replica's claim is before it is asked whether
	// that replica lives: it may have to show itself anew after an outage first,
	// which it does every sweepEvery.
	orphanAge = 15 * time.Second
	// sweepMost is how many addresses are taken up at once.
	sweepMost = 500
)

// sweep takes up what is in the store and nowhere else: at the start what
// earlier runs have left, and then from time to time what other replicas leave.
func (o *Outbox) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	// Whoever has just started looks at all there is: mostly it was left behind
	// by the run before, and somebody waits for it.
	claimed, written := time.Duration(0), time.Duration(0)
	for due := true; ctx.Err() == nil; claimed, written = orphanAge, leftAge {
		var lost error
		if due {
			lost = o.adopt(ctx, claimed)
		}
		if err := errors.Join(lost, o.find(ctx), o.sweepOnce(ctx, written)); err != nil && ctx.Err() == nil {
			o.cfg.Log.Warn("the store cannot be asked for unsent notices", "err", err)
		}
		sleep(ctx, sweepGap)
		select {
		case <-tick.C:
			due = true
		case <-o.look:
			due = false
		case <-ctx.Done():
		}
	}
}

// sweepOnce takes up the notice that goes first at every address. Those behind
// it are found when it is done with. Notices that were written since a
// duration are left to who has written them.
func (o *Outbox) sweepOnce(ctx context.Context, age time.Duration) error {
	now := o.cfg.Now()
	written := now.Add(-age)
	if o.cfg.Alone {
		written = now.Add(time.Second) // all there is
	}
	waiting, err := o.cfg.Store.Waiting(ctx, now, written, sweepMost)
	o.take(waiting, true)
	return err
}

// adopt gives the notices back to the line whose sender has died: nobody knows
// whether they were sent (P2). Claims younger than a duration are left alone.
func (o *Outbox) adopt(ctx context.Context, age time.Duration) error {
	claimed := time.Time{}
	if !o.cfg.Alone {
		claimed = o.cfg.Now().Add(-age)
	}
	orphans, err := o.cfg.Store.Orphans(ctx, o.cfg.Owner, claimed)
	for _, n := range orphans {
		o.Counters.Unknown.Add(1)
		if n.Once {
			o.Counters.Dropped.Add(1)
		}
		o.cfg.Log.Warn("the sender of a notice has died", "notice", n.ID, "kind", n.Kind, "chat", n.To.Chat, "dropped", n.Once)
	}
	return err
}
