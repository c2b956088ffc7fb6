package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"intakebot/dialog"
	"intakebot/tickets"
)

const (
	wakeEvery   = 15 * time.Second
	wakeBatch   = 100
	forgetEvery = time.Hour
	indexEvery  = time.Minute

	// keepUpdates is how long updates are known again: Telegram brings one for
	// 24 hours.
	keepUpdates = 48 * time.Hour

	// sleepOn is when a customer is looked at again whose session could not be
	// handled, so that the others get their turn (P6).
	sleepOn = time.Hour
)

// wakeOnce looks at the customers whose time has come, each in their lane.
func (in *Intake) wakeOnce(ctx context.Context) (more bool, err error) {
	ids, err := in.cfg.Store.Sleepers(ctx, in.cfg.Now(), wakeBatch)
	if err != nil {
		return false, err
	}
	results := make(chan error, len(ids))
	for _, id := range ids {
		in.lanes.run(laneKey{id, 0}, func(work context.Context) { results <- in.wake(work, id) })
	}
	var failed []error
	for range ids {
		if err := <-results; err != nil {
			failed = append(failed, err)
		}
	}
	return len(ids) == wakeBatch, errors.Join(failed...)
}

// wake works out what is due for a customer. A version that moved meanwhile
// means that the customer is awake.
func (in *Intake) wake(ctx context.Context, id int64) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	c, err := in.cfg.Store.Customer(ctx, id)
	if err != nil {
		return err
	}
	if c.Wake.IsZero() || c.Wake.After(in.cfg.Now()) {
		return nil
	}
	change, failed := in.due(c)
	if err := in.commit(ctx, change); err != nil && !errors.Is(err, tickets.ErrStale) {
		return err
	}
	in.Counters.Woken.Add(1)
	return failed
}

// due is the change for a customer whose time has come. It always moves the
// time on; where the dialog fails, that is all it does.
func (in *Intake) due(c tickets.Customer) (change tickets.Change, failed error) {
	reply, failed := in.safeWake(c)
	if failed == nil {
		change = reply.Change
	}
	if c.Banned { // there is no answering a reminder
		change.Notices = nil
	}
	now := in.cfg.Now()
	next := c
	if change.Customer != nil {
		next = *change.Customer
	}
	if !next.Wake.IsZero() && !next.Wake.After(now) {
		next.Wake = now.Add(sleepOn)
	}
	change.Customer = &next
	return change, failed
}

// safeWake asks the dialog. A panic becomes an error.
func (in *Intake) safeWake(c tickets.Customer) (reply dialog.Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicError(p)
			in.log.Error("panic", "customer", c.ID, "cause", err, "stack", string(debug.Stack()))
		}
	}()
	if reply, err = in.cfg.Wake(c, in.env()); err != nil {
		err = fmt.Errorf("wake customer %d: %w", c.ID, err)
	}
	return reply, err
}

// forgetOnce drops what is known of updates that Telegram cannot bring again.
func (in *Intake) forgetOnce(ctx context.Context) (more bool, err error) {
	in.insides.Clear()
	return false, in.cfg.Store.Forget(ctx, in.cfg.Now().Add(-keepUpdates))
}

// indexOnce has new words found quickly.
func (in *Intake) indexOnce(ctx context.Context) (more bool, err error) {
	return in.cfg.Store.Index(ctx)
}
