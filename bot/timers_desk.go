package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"time"

	"intakebot/tickets"
)

// ticketsOnce looks at the tickets whose time has come, each in the lane of its
// topic.
func (in *Intake) ticketsOnce(ctx context.Context) (more bool, err error) {
	ids, err := in.cfg.Store.SleepingTickets(ctx, in.cfg.Now(), wakeBatch)
	if err != nil {
		return false, err
	}
	results := make(chan error, len(ids))
	for _, id := range ids {
		t, err := in.cfg.Store.Ticket(ctx, id)
		if err != nil {
			results <- err
			continue
		}
		in.lanes.run(laneKey{t.Place.Group, t.Place.Thread}, func(work context.Context) { results <- in.wakeTicket(work, id) })
	}
	var failed []error
	for range ids {
		if err := <-results; err != nil {
			failed = append(failed, err)
		}
	}
	return len(ids) == wakeBatch, errors.Join(failed...)
}

// wakeTicket does what time brings to a ticket. One whose rules fail is looked
// at later, so that the others get their turn (P6).
func (in *Intake) wakeTicket(ctx context.Context, id int64) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	var failed error
	err := in.onTicket(ctx, nil, id, func(t tickets.Ticket) (tickets.Change, error) {
		now := in.cfg.Now()
		if t.Wake.IsZero() || t.Wake.After(now) {
			return tickets.Change{}, nil
		}
		var c tickets.Change
		if c, failed = in.safeTicket(t); failed != nil {
			c = tickets.Change{}
		}
		if len(c.Tickets) == 0 {
			c.Tickets = []tickets.Ticket{t}
		}
		if wake := &c.Tickets[0].Wake; !wake.IsZero() && !wake.After(now) {
			*wake = now.Add(sleepOn)
		}
		return c, nil
	})
	return errors.Join(err, failed)
}

// safeTicket asks the rules. A panic becomes an error.
func (in *Intake) safeTicket(t tickets.Ticket) (c tickets.Change, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicError(p)
			in.log.Error("panic", "ticket", t.ID, "cause", err, "stack", string(debug.Stack()))
		}
	}()
	if c, err = in.rules().Wake(t); err != nil {
		err = fmt.Errorf("wake ticket %d: %w", t.ID, err)
	}
	return c, err
}

// boardEvery is how often a board may change: each edit is one of a group's 20
// messages a minute (P3).
const boardEvery = 30 * time.Second

// boardsOnce shows each group its open tickets, where any may have changed. At
// the start a group without any gets no board.
func (in *Intake) boardsOnce(ctx context.Context) (more bool, err error) {
	if !in.desksChanged.Swap(false) {
		return false, nil
	}
	defer func() {
		if err != nil {
			in.desksChanged.Store(true)
		}
	}()
	if err := in.desks.look(ctx); err != nil { // another replica may have heard of a move
		return false, err
	}
	first := !in.boards
	in.boards = true
	for _, group := range in.desks.groups().All() {
		list, all, err := in.queue(ctx, group, tickets.Anyone)
		if err != nil {
			return false, err
		}
		if first && len(list) == 0 {
			continue
		}
		err = in.commit(ctx, tickets.Change{Notices: []tickets.Notice{{
			To: tickets.Address{Chat: group}, Kind: tickets.NoticeBoard, Priority: tickets.PriorityReminder, Once: true,
			Lang: in.cfg.Policy.Agents.Lang, Message: in.rules().List("board.head", list, all), Merge: "board",
		}}})
		if err != nil {
			return false, err
		}
		lost, err := in.cards(ctx, group)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(list, func(t tickets.Ticket) bool { return t.Place.Card == 0 && !slices.Contains(lost, t.ID) }) {
			in.desksChanged.Store(true) // its link comes with its card
		}
	}
	return false, nil
}

// Tickets without a card get one again, so many at once, and each once in a while:
// Telegram may refuse it.
const (
	cardsAtOnce = 20
	cardsEvery  = time.Hour
)

// cards sees that each open ticket of a group has a card there, or will have one:
// a group may have become another while the bot was out of it, so that no news
// came. It gives those of which that was tried in vain.
func (in *Intake) cards(ctx context.Context, group int64) (lost []int64, err error) {
	ids, err := in.cfg.Store.Cardless(ctx, group, listed)
	if err != nil {
		return nil, in.storeError(ctx, err)
	}
	now := in.cfg.Now()
	maps.DeleteFunc(in.carded, func(_ int64, at time.Time) bool { return now.Sub(at) >= cardsEvery })
	var c tickets.Change
	for _, id := range ids {
		if _, tried := in.carded[id]; tried {
			lost = append(lost, id)
			continue
		}
		if len(c.Notices) == cardsAtOnce {
			in.desksChanged.Store(true) // the others next time
			break
		}
		t, err := in.cfg.Store.Ticket(ctx, id)
		if err != nil {
			return nil, in.storeError(ctx, err)
		}
		c.Notices = append(c.Notices, in.rules().CardAgain(t, group))
	}
	if len(c.Notices) == 0 {
		return lost, nil
	}
	if err := in.commit(ctx, c); err != nil {
		return nil, err
	}
	for _, n := range c.Notices {
		in.carded[n.About] = now
	}
	return lost, nil
}
