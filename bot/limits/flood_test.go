package limits

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestFlood(t *testing.T) {
	f, ctx := NewFlood(3), t.Context()
	for i, c := range []struct {
		after     time.Duration
		customer  int64
		ok, first bool
	}{
		{0, 1, true, false},
		{20 * time.Second, 1, true, false},
		{50 * time.Second, 1, true, false},
		{50 * time.Second, 2, true, false}, // another customer
		{51 * time.Second, 1, false, true}, // told
		{52 * time.Second, 1, false, false},
		{FloodWindow - 1, 1, false, false},
		{FloodWindow, 1, true, false}, // the next window
		{FloodWindow, 1, true, false},
		{FloodWindow, 1, true, false},
		{FloodWindow, 1, false, true},
	} {
		if ok, first := f.Allow(ctx, c.customer, 1, noon.Add(c.after)); ok != c.ok || first != c.first {
			t.Errorf("message %d, after %v: %v, %v", i, c.after, ok, first)
		}
	}
}

// A weight counts as so many messages, and a window's first is taken whatever
// it weighs.
func TestFloodWeighs(t *testing.T) {
	for name, list := range map[string][]struct {
		weight    int
		ok, first bool
	}{
		"exactly":   {{4, true, false}, {6, true, false}, {1, false, true}, {1, false, false}},
		"over":      {{6, true, false}, {6, false, true}, {1, false, false}},
		"too heavy": {{99, true, false}, {1, false, true}, {99, false, false}},
	} {
		f := NewFlood(10)
		for i, c := range list {
			if ok, first := f.Allow(t.Context(), 1, c.weight, noon); ok != c.ok || first != c.first {
				t.Errorf("%s, message %d: %v, %v", name, i, ok, first)
			}
		}
	}
}

func TestNoFloodLimit(t *testing.T) {
	f := NewFlood(0)
	for range 1000 {
		if ok, first := f.Allow(t.Context(), 1, 1, noon); !ok || first {
			t.Fatal("refused")
		}
	}
	if len(f.seen) != 0 {
		t.Error("counted for nothing")
	}
}

func TestFloodForgets(t *testing.T) {
	f, now := NewFlood(1), noon
	for customer := range int64(10_000) {
		now = now.Add(time.Second)
		f.Allow(t.Context(), customer, 1, now)
		if n := len(f.seen); n > 130 {
			t.Fatalf("%d customers are remembered", n)
		}
	}
}

// Replicas count together, and tell the customer once.
func TestSharedFlood(t *testing.T) {
	client, _ := connect(t)
	both := []*Flood{NewSharedFlood(client, "intakebot:", 20), NewSharedFlood(client, "intakebot:", 20)}
	for range 2 {
		var allowed, told atomic.Int64
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Go(func() {
				for range 5 {
					ok, first := both[g%2].Allow(t.Context(), 1, 2, noon)
					if ok {
						allowed.Add(1)
					}
					if first {
						told.Add(1)
					}
				}
			})
		}
		wg.Wait()
		if allowed.Load() != 10 || told.Load() != 1 {
			t.Errorf("%d allowed, told %d times", allowed.Load(), told.Load())
		}
		// The window's end, as the server would bring it.
		if left := client.PTTL(t.Context(), "intakebot:{1}:flood").Val(); left <= 0 || left > FloodWindow {
			t.Errorf("the window ends in %v", left)
		}
		if err := client.PExpireAt(t.Context(), "intakebot:{1}:flood", time.UnixMilli(1)).Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// The count goes on when Redis goes away.
func TestFloodInAnOutage(t *testing.T) {
	client, server := connect(t)
	f := NewSharedFlood(client, "intakebot:", 3)
	f.Allow(t.Context(), 1, 1, noon)
	f.Allow(t.Context(), 1, 1, noon)
	server.Stop()
	for i, want := range []struct{ ok, first bool }{{true, false}, {false, true}, {false, false}} {
		if ok, first := f.Allow(t.Context(), 1, 1, noon); ok != want.ok || first != want.first {
			t.Errorf("message %d: %v, %v", i+3, ok, first)
		}
	}
}
