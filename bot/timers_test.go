package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"intakebot/dialog"
	"intakebot/tickets"
)

// asleep stores customers who are to be looked at, one a minute from start on.
func (b *bench) asleep(n int, start time.Time) {
	b.Helper()
	for i := range n {
		c := tickets.Customer{ID: int64(100 + i), Lang: tickets.Russian, Wake: start.Add(time.Duration(i) * time.Minute)}
		if _, err := b.store.Commit(b.ctx, tickets.Change{Customer: &c, At: start}); err != nil {
			b.Fatal(err)
		}
	}
}

func remind(c tickets.Customer, _ dialog.Env) (dialog.Reply, error) {
	c.Wake = time.Time{}
	return dialog.Reply{Change: tickets.Change{Customer: &c, Notices: []tickets.Notice{{
		To: tickets.Address{Chat: c.ID}, Kind: tickets.NoticeSend, Lang: c.Lang, Message: tickets.Say("remind", nil)}}}}, nil
}

func TestWakesWhoseTimeHasCome(t *testing.T) {
	b := newBench(t)
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	b.cfg.Now = func() time.Time { return now }
	b.cfg.Wake = remind
	b.asleep(3, now.Add(-time.Minute)) // the third only in a minute
	in := NewIntake(b.cfg)
	if more, err := in.wakeOnce(b.ctx); more || err != nil {
		t.Fatalf("more %v, %v", more, err)
	}
	got := map[int64]bool{b.notice().To.Chat: true, b.notice().To.Chat: true}
	if !got[100] || !got[101] || len(b.outbox.pushed) != 0 {
		t.Errorf("woke %v and %d more", got, len(b.outbox.pushed))
	}
	if _, err := in.wakeOnce(b.ctx); err != nil || len(b.outbox.pushed) != 0 {
		t.Errorf("%v, woken twice: %d", err, len(b.outbox.pushed))
	}
}

// TestAFailingSleeperHoldsUpNobody has the dialog fail over more customers
// than one run takes (P6).
func TestAFailingSleeperHoldsUpNobody(t *testing.T) {
	b := newBench(t)
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	b.cfg.Now = func() time.Time { return now }
	b.cfg.Wake = func(c tickets.Customer, env dialog.Env) (dialog.Reply, error) {
		switch {
		case c.ID == 100+wakeBatch:
			return remind(c, env)
		case c.ID%2 == 0:
			panic("unreadable")
		default:
			return dialog.Reply{}, errors.New("unreadable")
		}
	}
	b.asleep(wakeBatch+1, now.Add(-24*time.Hour))
	in := NewIntake(b.cfg)
	if _, err := in.wakeOnce(b.ctx); err == nil {
		t.Error("the failures are not told")
	}
	if _, err := in.wakeOnce(b.ctx); err != nil {
		t.Error(err)
	}
	if n := b.notice(); n.To.Chat != 100+wakeBatch {
		t.Errorf("woke %d", n.To.Chat)
	}
}

// TestWakeWaitsForItsLane commits a customer's own message while the clock
// waits for the lane: the customer is awake, and not reminded (P4).
func TestWakeWaitsForItsLane(t *testing.T) {
	b := newBench(t)
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	b.cfg.Now = func() time.Time { return now }
	b.cfg.Wake = remind
	b.asleep(1, now)
	in := NewIntake(b.cfg)
	began, release := make(chan struct{}), make(chan struct{})
	in.lanes.run(laneKey{100, 0}, func(ctx context.Context) {
		close(began)
		<-release
		c, err := b.store.Customer(ctx, 100)
		c.Wake = now.Add(time.Hour)
		if _, cerr := b.store.Commit(ctx, tickets.Change{Customer: &c, At: now}); err != nil || cerr != nil {
			t.Error(err, cerr)
		}
	})
	<-began
	done := make(chan error, 1)
	go func() { _, err := in.wakeOnce(b.ctx); done <- err }()
	close(release)
	if err := next(b, done); err != nil || len(b.outbox.pushed) != 0 {
		t.Errorf("%v, %d reminders to somebody awake", err, len(b.outbox.pushed))
	}
}

func TestForgetsOldUpdatesOnly(t *testing.T) {
	b := newBench(t)
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	b.cfg.Now = func() time.Time { return now }
	for id, age := range map[int64]time.Duration{1: 49 * time.Hour, 2: 47 * time.Hour} {
		if _, err := b.store.Commit(b.ctx, tickets.Change{Update: &tickets.Update{ID: id}, At: now.Add(-age)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := NewIntake(b.cfg).forgetOnce(b.ctx); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]bool{1: false, 2: true} {
		if seen, err := b.store.Seen(b.ctx, tickets.Update{ID: id}); err != nil || seen != want {
			t.Errorf("update %d: seen %v, %v; want %v", id, seen, err, want)
		}
	}
}

// TestIndexesWords: no more than a few tickets are left to be read at each search.
func TestIndexesWords(t *testing.T) {
	b := newBench(t)
	for i := range 300 {
		_, err := b.store.Commit(b.ctx, tickets.Change{
			Customer: &tickets.Customer{ID: int64(100 + i)}, File: &tickets.Ticket{Draft: fmt.Sprint(i), Customer: int64(100 + i), State: tickets.StateNew},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	in := NewIntake(b.cfg)
	if !slices.ContainsFunc(in.loops, func(l *loop) bool { return l.name == "index words" }) {
		t.Error("no loop does it")
	}
	for more := true; more; {
		var err error
		if more, err = in.indexOnce(b.ctx); err != nil {
			t.Fatal(err)
		}
	}
	if more, err := b.store.Index(b.ctx); more || err != nil {
		t.Errorf("Index: %v %v", more, err)
	}
}

// TestLoopsRunAtOnceAndThenEveryTime runs on a clock of its own.
func TestLoopsRunAtOnceAndThenEveryTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		start, left := time.Now(), 3
		var at []string
		l := newLoop("test", time.Minute, slog.New(slog.DiscardHandler), func(context.Context) (bool, error) {
			at = append(at, fmt.Sprint(time.Since(start)))
			left--
			return left > 1, nil
		})
		l.ran = make(chan error)
		ended := make(chan error, 1)
		go func() { ended <- l.run(ctx) }()
		for range 4 {
			<-l.ran
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if got := fmt.Sprint(at); got != "[0s 0s 1m0s 2m0s]" {
			t.Errorf("ran at %s", got)
		}
	})
}
