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

// Flood counts a customer's messages, each for as many as its weight. Of those
// over the policy's limit, the first of a minute is told.
type Flood interface {
	Allow(ctx context.Context, customer int64, weight int, now time.Time) (ok, first bool)
}

// What a message counts for follows from what it costs the agents' group, which
// takes 20 messages a minute (P3): short texts go there together, up to 4096
// characters in one, while every picture and every edit is one of its own. With
// the policy as shipped nobody gets more than three quarters of that.
const (
	weightAlone = 4
	weightUnits = 1000 // characters that count for one message more
)

// weight is how many messages an update counts for.
func (r *received) weight() int {
	m := r.message()
	switch {
	case m == nil:
		return 1
	case m.Text == "", r.update.EditedMessage != nil:
		return weightAlone
	}
	return 1 + unitsOf(m.Text)/weightUnits
}

// done is when a customer did it. An edit is as young as itself, and not as the
// message.
func (r *received) done(input dialog.Input) time.Time {
	if m := r.message(); m != nil && m.EditDate != 0 {
		return time.Unix(int64(m.EditDate), 0)
	}
	return input.Date
}

// floodVerdict is what was found of an update, so that another try at it does not
// count it again.
type floodVerdict struct{ counted, tooMany, first bool }

// flooded tells whether an input is one too many. It is not taken then, and the
// customer is told so once a minute, below the first one that was left. The
// draft is untouched.
func (in *Intake) flooded(ctx context.Context, r *received, input dialog.Input) (bool, error) {
	now := in.cfg.Now()
	if in.cfg.Flood == nil || now.Sub(r.done(input)) > freshFor || input.Kind == dialog.Blocked || input.Kind == dialog.Unblocked {
		return false, nil
	}
	if !r.flood.counted {
		ok, first := in.cfg.Flood.Allow(ctx, input.From.ID, r.weight(), now)
		if r.flood = (floodVerdict{true, !ok, first}); !ok {
			in.Counters.Flooded.Add(1)
		}
	}
	if !r.flood.tooMany {
		return false, nil
	}
	in.toast(ctx, r, TextFlood)
	if !r.flood.first {
		return true, nil
	}
	c, err := in.cfg.Store.Customer(ctx, input.From.ID)
	if err != nil {
		return true, in.storeError(ctx, err)
	}
	// Edits within one second have one mark: by it, one that was taken would hide
	// that the next was not.
	return true, in.commit(ctx, tickets.Change{Update: &tickets.Update{ID: r.id}, Notices: []tickets.Notice{{
		To: tickets.Address{Chat: input.From.ID}, Kind: tickets.NoticeSend, Priority: tickets.PriorityDialog,
		Lang: in.langOf(c, tickets.Change{}, input.From.Tag), Message: tickets.Say(TextFlood, nil), Target: input.Message,
		Extra: tickets.Extra{Thread: input.Thread},
	}}})
}
