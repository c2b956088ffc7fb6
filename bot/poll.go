package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
)

// sameOffset is the shortest time between two polls of one offset; Telegram
// punishes less.
const sameOffset = 500 * time.Millisecond

// poll fetches updates until the context ends. An offset confirms everything
// before it, so it never passes an update whose effects are not committed
// (P1). One that takes long, or waits for the store, holds the offset, but not
// the others: they are fetched beside it, as many as Telegram gives.
func (in *Intake) poll(ctx context.Context) error {
	if err := in.clearWebhook(ctx); err != nil {
		return err
	}
	in.log.Info("fetching updates by long polling")
	w := newWindow()
	wait := in.backoff(time.Second, 30*time.Second)
	for ctx.Err() == nil {
		offset := w.offset()
		earliest := time.Now().Add(sameOffset)
		batch, err := in.cfg.Telegram.Updates(ctx, offset)
		if err != nil {
			if err := in.pollFailed(ctx, err, &wait); err != nil {
				return err
			}
			continue
		}
		wait.reset()
		if len(batch) == 0 {
			w.nothing()
		}
		in.dispatch(w, batch)
		w.settle(ctx, offset, earliest)
	}
	return nil
}

// dispatch sends new updates to their lanes, in the order in which they came.
func (in *Intake) dispatch(w *window, batch []json.RawMessage) {
	for _, raw := range batch {
		r, err := receive(raw)
		if err != nil {
			in.invalid(err, raw)
			continue
		}
		if !w.add(r.id) {
			continue
		}
		in.Counters.Received.Add(1)
		in.lanes.run(r.lane(), func(ctx context.Context) {
			if in.persist(ctx, r) {
				w.done(r.id)
			}
		})
	}
}

// invalid tells of what is no update, and nothing of what is in it (P8).
func (in *Intake) invalid(err error, body []byte) {
	in.Counters.Invalid.Add(1)
	in.log.Error("update without an ID", "cause", err, "bytes", len(body))
}

// persist works on a polled update until it can be acknowledged. While the
// store is away the lane waits with it, so that the order stays. False: the
// bot stops, and Telegram brings the update again.
func (in *Intake) persist(ctx context.Context, r *received) bool {
	wait := in.backoff(200*time.Millisecond, 5*time.Second)
	for {
		if in.take(ctx, r) == nil {
			return true
		}
		t := time.NewTimer(wait.next())
		select {
		case <-t.C:
		case <-in.lanes.stopped:
			t.Stop()
			return false
		}
	}
}

// clearWebhook removes the webhook of an earlier way to run the bot: with no
// WEBHOOK_URL updates are to be fetched.
func (in *Intake) clearWebhook(ctx context.Context) error {
	return in.insist(ctx, "deleteWebhook", in.cfg.Telegram.DeleteWebhook)
}

// insist repeats a call at the start until it succeeds, or can never succeed.
func (in *Intake) insist(ctx context.Context, name string, call func(context.Context) error) error {
	wait := in.backoff(time.Second, 30*time.Second)
	for {
		one, cancel := context.WithTimeout(ctx, callTimeout)
		err := call(one)
		cancel()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound):
			return errToken
		case errors.Is(err, tg.ErrorBadRequest):
			return fmt.Errorf("%s: %w", name, err)
		}
		d := retryAfter(err, wait.next())
		in.log.Warn("Telegram does not answer, trying again", "call", name, "in", d, "cause", err)
		pause(ctx, d)
	}
}

// errToken says that going on is no use.
var errToken = errors.New("Telegram does not accept TELEGRAM_BOT_TOKEN: copy it again from BotFather")

// pollFailed waits after a failed poll. An error it returns is for good.
func (in *Intake) pollFailed(ctx context.Context, err error, wait *backoff) error {
	if ctx.Err() != nil {
		return nil
	}
	in.Counters.Polls.Add(1)
	d := retryAfter(err, wait.next())
	switch {
	case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound):
		return errToken
	case errors.Is(err, tg.ErrorConflict) && strings.Contains(err.Error(), "webhook"):
		in.log.Error("somebody has set a webhook for this bot, so no updates can be fetched; set WEBHOOK_URL, or restart to remove it", "retry in", d)
	case errors.Is(err, tg.ErrorConflict):
		in.log.Error("another program fetches this bot's updates: only one can run with a token", "retry in", d, "cause", err)
	default:
		in.log.Warn("updates could not be fetched", "retry in", d, "cause", err)
	}
	pause(ctx, d)
	return nil
}

// retryAfter is how long Telegram wants to be left alone, or else a default.
func retryAfter(err error, otherwise time.Duration) time.Duration {
	var flood *tg.TooManyRequestsError
	if errors.As(err, &flood) && flood.RetryAfter > 0 {
		return time.Duration(flood.RetryAfter) * time.Second
	}
	return otherwise
}
