package bot

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"intakebot/tickets"
)

// desks knows the agents' groups as they are now: those of the configuration,
// or what they have become. The store remembers that; this is a copy.
type desks struct {
	store interface {
		Moves(ctx context.Context) ([]tickets.Moved, error)
	}
	log   *slog.Logger
	mu    sync.Mutex
	known tickets.Groups
}

func newDesks(store tickets.Store, configured []int64, log *slog.Logger) *desks {
	return &desks{store: store, log: log, known: tickets.Groups{IDs: configured}}
}

// groups are the agents' groups, as far as is known.
func (d *desks) groups() tickets.Groups {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.known
}

// look asks the store what groups have become.
func (d *desks) look(ctx context.Context) error {
	moved, err := d.store.Moves(ctx)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range moved {
		if slices.Contains(d.known.IDs, m.From) && d.known.Now(m.From) != m.To {
			d.log.Error("an agents' group has become a supergroup: change its ID in AGENT_GROUP_ID, and in the policy where it is there",
				"from", m.From, "to", m.To)
		}
	}
	d.known.Moved = moved
	return nil
}

// serving is what a group is now, and whether it is one of the agents'. The store
// is asked before the answer is no.
func (d *desks) serving(ctx context.Context, group int64) (now int64, ours bool, err error) {
	for range 2 {
		g := d.groups()
		if now = g.Now(group); g.Has(now) {
			return now, true, nil
		}
		if err = d.look(ctx); err != nil {
			return group, false, err
		}
	}
	return now, false, nil
}

// HomeOf finds where tickets belong, for OutboxConfig.Home: in a group of the
// configuration they stay, and out of any other they come into one.
func HomeOf(store tickets.Store, policy *tickets.Policy, groups []int64) func(ctx context.Context, ticket, group int64) (int64, error) {
	d := newDesks(store, groups, slog.New(slog.DiscardHandler))
	return func(ctx context.Context, ticket, group int64) (int64, error) {
		now, ours, err := d.serving(ctx, group)
		if ours || err != nil {
			return now, err
		}
		t, err := store.Ticket(ctx, ticket)
		if err != nil {
			return group, err
		}
		return policy.GroupFor(d.groups(), t.Topic, t.Customer), nil
	}
}
