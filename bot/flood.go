package bot

import (
	"context"
	"time"

	"intakebot/dialog"
	"intakebot/tickets"
)

// freshFor is how old a message may be and still count towards a flood. What
// was kept back by an outage and comes all at once is no flood, and nobody's
// answer may be lost for it (P1).
const freshFor = 10 * time.Second

// Flood counts a customer's messages. Of those over the policy's limit, the
// first of a minute is told.
type Flood interface {
	Allow(ctx context.Context, customer int64, now time.Time) (ok, first bool)
}

// flooded tells whether an input is one too many, and asks the customer for
// patience, once. The draft is untouched.
func (in *Intake) flooded(ctx context.Context, r *received, input dialog.Input) (bool, error) {
	now := in.cfg.Now()
	if in.cfg.Flood == nil || r.counted || now.Sub(input.Date) > freshFor ||
		input.Kind == dialog.Blocked || input.Kind == dialog.Unblocked {
		return false, nil
	}
	ok, first := in.cfg.Flood.Allow(ctx, input.From.ID, now)
	if ok {
		r.counted = true
		return false, nil
	}
	in.Counters.Flooded.Add(1)
	in.toast(ctx, r, TextFlood)
	if !first {
		return true, nil
	}
	c, err := in.cfg.Store.Customer(ctx, input.From.ID)
	if err != nil {
		return true, in.storeError(ctx, err)
	}
	return true, in.commit(ctx, tickets.Change{Update: &input.Update, Notices: []tickets.Notice{{
		To: tickets.Address{Chat: input.From.ID}, Kind: tickets.NoticeSend, Priority: tickets.PriorityDialog,
		Lang: in.langOf(c, tickets.Change{}, input.From.Tag), Message: tickets.Say(TextFlood, nil), Once: true,
		Extra: tickets.Extra{Thread: input.Thread},
	}}})
}
