package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/dialog"
	"intakebot/tickets"
)

const (
	attempts       = 3 // at an update before it is set aside
	attemptTimeout = 30 * time.Second
	staleAttempts  = 8 // at a version that moves all the time
)

// refusal says that an update could not be worked on for now, because the
// store or Telegram is away or the bot is stopping: it must be brought again.
type refusal struct {
	err      error
	telegram bool // the store is not to blame
}

func (r *refusal) Error() string { return "refused: " + r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

func isRefusal(err error) bool {
	var r *refusal
	return errors.As(err, &r)
}

// take works on an update in its lane. No error: the update can be
// acknowledged, for its effects are committed, it has none, or it is on the
// shelf (P1, P6). The error is a refusal.
func (in *Intake) take(ctx context.Context, r *received) error {
	if r.broken != nil {
		return in.setAside(ctx, r, r.broken)
	}
	wait := in.backoff(100*time.Millisecond, time.Second)
	var err error
	for try := range attempts {
		if try > 0 {
			in.Counters.Retried.Add(1)
			pause(ctx, wait.next())
		}
		if ctx.Err() != nil {
			return in.refused(r, &refusal{err: ctx.Err()})
		}
		if err = in.attempt(ctx, r); err == nil {
			in.storeIsBack()
			return nil
		}
		if isRefusal(err) {
			return in.refused(r, err)
		}
		in.log.Warn("update failed", "update", r.id, "try", try+1, "cause", err)
	}
	return in.setAside(ctx, r, err)
}

// attempt is one try at an update. A panic becomes an error.
func (in *Intake) attempt(ctx context.Context, r *received) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicError(p)
			in.log.Error("panic", "update", r.id, "cause", err, "stack", string(debug.Stack()))
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	return in.route(ctx, r)
}

// panicError describes a panic without the value, which could hold somebody's
// words (P8); those of the runtime do not.
func panicError(p any) error {
	var e runtime.Error
	if err, ok := p.(error); ok && errors.As(err, &e) {
		return fmt.Errorf("panic: %w", e)
	}
	return fmt.Errorf("panic with a value of type %T", p)
}

// route goes by the kind of chat.
func (in *Intake) route(ctx context.Context, r *received) error {
	chat, _ := r.chat()
	switch {
	case r.broken != nil:
		return r.broken
	case chat == nil, chat.ID == 0: // nowhere, or in what only looks like a message
		return in.pass(r)
	case chat.Type == models.ChatTypePrivate:
		return in.customer(ctx, r)
	case growth(r) != nil:
		return in.grew(ctx, r, *growth(r))
	case in.isDesk(chat.ID):
		return in.desk(ctx, r)
	default:
		return in.stranger(ctx, r)
	}
}

// pass acknowledges an update that has no consequence.
func (in *Intake) pass(r *received) error {
	in.Counters.Passed.Add(1)
	in.answerPress(r, "", false)
	return nil
}

// customer answers what happened in a private chat.
func (in *Intake) customer(ctx context.Context, r *received) error {
	rd := reader{in.cfg.Username, in.cfg.Label, in.mostBytes(), in.cfg.Now()}
	input, ok := rd.read(r)
	if !ok {
		if r.press() != nil {
			in.toast(ctx, r, TextOutdated)
		}
		return in.pass(r)
	}
	if tooMany, err := in.flooded(ctx, r, input); tooMany {
		return err
	}
	c, err := in.cfg.Store.Customer(ctx, input.From.ID)
	if err != nil {
		return in.storeError(ctx, err)
	}
	if c.Banned && input.Kind != dialog.Blocked && input.Kind != dialog.Unblocked {
		return in.pass(r)
	}
	if err := in.look(ctx, &input); err != nil {
		return err
	}
	own, err := in.ownThread(ctx, &input)
	if err != nil {
		return err
	}
	if done, err := in.visit(ctx, r, input, c, own); done || err != nil {
		return err
	}
	return in.answer(ctx, r, input, c)
}

// answer works out the reply and commits it, again where the customer's
// version has moved meanwhile.
func (in *Intake) answer(ctx context.Context, r *received, input dialog.Input, c tickets.Customer) error {
	wait := in.backoff(5*time.Millisecond, 200*time.Millisecond)
	for try := range staleAttempts {
		var err error
		if try > 0 {
			if c, err = in.cfg.Store.Customer(ctx, input.From.ID); err != nil {
				return in.storeError(ctx, err)
			}
		}
		reply, err := in.cfg.Answer(c, input, in.env())
		if err != nil {
			return fmt.Errorf("answer: %w", err)
		}
		if input.Kind == dialog.Edited && len(reply.Change.Notices) == 0 {
			return in.lateEdit(ctx, r, input)
		}
		reply.Change.Update = &input.Update
		err = in.write(ctx, reply.Change)
		switch {
		case err == nil:
			in.showReply(r, reply, in.langOf(c, reply.Change, input.From.Tag))
		case errors.Is(err, tickets.ErrDuplicate):
			in.answerPress(r, "", false) // what was worked out now is beside the point
			return nil
		case errors.Is(err, tickets.ErrStale):
			in.Counters.Stale.Add(1)
			pause(ctx, wait.next())
			continue
		}
		return err
	}
	return fmt.Errorf("answer: %w %d times", tickets.ErrStale, staleAttempts)
}

// commit writes a change whose update may be known from before.
func (in *Intake) commit(ctx context.Context, c tickets.Change) error {
	if err := in.write(ctx, c); !errors.Is(err, tickets.ErrDuplicate) {
		return err
	}
	return nil
}

// write writes a change and hands its notices to the outbox. A change of
// nothing is not written. ErrStale and ErrDuplicate come back as they are.
func (in *Intake) write(ctx context.Context, c tickets.Change) error {
	if c.Customer == nil && c.File == nil && len(c.Tickets) == 0 && len(c.Events) == 0 && len(c.Notices) == 0 && c.Moved == nil && c.Topic == nil {
		in.Counters.Passed.Add(1)
		return nil
	}
	if c.At.IsZero() {
		c.At = in.cfg.Now()
	}
	c.Sender = in.cfg.Outbox.Sender()
	committed, err := in.cfg.Store.Commit(ctx, c)
	switch {
	case err == nil:
		in.Counters.Committed.Add(1)
		if c.File != nil || len(c.Tickets) > 0 {
			in.desksChanged.Store(true)
		}
		in.cfg.Outbox.Push(committed.Notices)
		return nil
	case errors.Is(err, tickets.ErrDuplicate):
		in.Counters.Duplicate.Add(1)
		return err
	case errors.Is(err, tickets.ErrStale):
		return err
	default:
		return in.storeError(ctx, err)
	}
}

// storeError tells a store that is away from one that cannot do what it was
// asked. Only the first is worth waiting for: the second would block the
// customer for good (P6).
func (in *Intake) storeError(ctx context.Context, err error) error {
	if ctx.Err() != nil || errors.Is(err, tickets.ErrAway) || in.cfg.Store.Ping(ctx) != nil {
		return &refusal{err: err}
	}
	return fmt.Errorf("store: %w", err)
}

// langOf is the language to answer a press in.
func (in *Intake) langOf(c tickets.Customer, change tickets.Change, tag string) tickets.Lang {
	switch {
	case change.Customer != nil && change.Customer.Lang != "":
		return change.Customer.Lang
	case c.Lang != "":
		return c.Lang
	default:
		return tickets.LangOf(tag)
	}
}
