package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// setAside puts an update that keeps failing on the shelf, so that it blocks
// nobody (P6), and asks the customer to send it again. One that was committed
// before, and only came again, needs neither.
func (in *Intake) setAside(ctx context.Context, r *received, cause error) error {
	if seen, err := in.cfg.Store.Seen(ctx, r.mark()); err == nil && seen {
		in.Counters.Duplicate.Add(1)
		in.answerPress(r, "", false)
		return nil
	}
	err := in.cfg.Store.Shelve(ctx, tickets.Shelved{
		Update: r.mark(), Body: r.raw, Cause: cause.Error(), At: in.cfg.Now(),
	})
	if err != nil {
		return in.refused(r, &refusal{err: fmt.Errorf("shelve: %w", err)})
	}
	in.Counters.Shelved.Add(1)
	in.log.Error("update set aside", "update", r.id, "cause", cause)
	if err := in.apologise(ctx, r); err != nil {
		in.log.Warn("no apology", "update", r.id, "cause", err)
	}
	in.toast(ctx, r, TextFailed)
	return nil
}

// apologise tells a customer that something went wrong.
func (in *Intake) apologise(ctx context.Context, r *received) error {
	chat, _ := r.chat()
	from := r.sender()
	if chat == nil || chat.Type != models.ChatTypePrivate || from == nil || from.IsBot {
		return nil
	}
	c, err := in.cfg.Store.Customer(ctx, from.ID)
	if err != nil {
		return err
	}
	if c.Blocked || r.update.MyChatMember != nil {
		return nil
	}
	return in.commit(ctx, tickets.Change{Notices: []tickets.Notice{{
		To: tickets.Address{Chat: chat.ID}, Kind: tickets.NoticeSend, Priority: tickets.PriorityDialog,
		Lang: in.langOf(c, tickets.Change{}, from.LanguageCode), Message: tickets.Say(TextFailed, nil),
		Extra: tickets.Extra{Thread: r.topic()},
	}}})
}

// refused counts an update that must come again, and tells whoever pressed a
// button that it takes a moment. An outage is told once and not once an update.
func (in *Intake) refused(r *received, err error) error {
	in.Counters.Refused.Add(1)
	var no *refusal
	if errors.As(err, &no) && no.telegram {
		in.log.Warn("an update waits for Telegram", "update", r.id, "cause", err)
	} else if !in.away.Swap(true) && !in.lanes.isStopped() {
		in.log.Error("updates are refused until the store is back", "update", r.id, "cause", err)
	}
	if from := r.sender(); r.press() != nil && from != nil {
		in.answerPress(r, in.cfg.Render(tickets.LangOf(from.LanguageCode), tickets.Line{Key: TextBusy}), false)
	}
	return err
}

// storeIsBack ends an outage.
func (in *Intake) storeIsBack() {
	if in.away.Load() && in.away.Swap(false) {
		in.log.Info("the store is back")
	}
}

// Retry takes an update off the shelf and works on it again, in its lane. An
// update that fails again is back on the shelf, and its cause is returned.
// tickets.ErrNotFound: it is not on the shelf.
func (in *Intake) Retry(ctx context.Context, update int64) error {
	shelved, err := in.cfg.Store.Unshelve(ctx, update)
	if err != nil {
		return fmt.Errorf("update %d: %w", update, err)
	}
	r, err := receive(shelved.Body)
	if err == nil {
		err = in.inLane(ctx, r, func(ctx context.Context) error { return in.attempt(ctx, r) })
	}
	if err == nil {
		return nil
	}
	shelved.Cause, shelved.At = err.Error(), in.cfg.Now()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	wait := in.backoff(100*time.Millisecond, time.Second)
	for {
		again := in.cfg.Store.Shelve(ctx, shelved)
		if again == nil {
			return fmt.Errorf("update %d failed again: %w", update, err)
		}
		if !pause(ctx, wait.next()) {
			return fmt.Errorf("update %d failed again: %w, and is lost to the shelf: %w", update, err, again)
		}
	}
}

// inLane runs a job in an update's lane and waits for it. The caller's context
// ending releases a job that has not begun; one in hand is finished.
func (in *Intake) inLane(ctx context.Context, r *received, job func(context.Context) error) error {
	var result error
	in.lanes.do(r.lane(), func(work context.Context) {
		if err := ctx.Err(); err != nil {
			result = &refusal{err: err}
			return
		}
		result = job(work)
	})
	return result
}
