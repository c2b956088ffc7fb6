package bot

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

func TestLanesKeepOrderAndBound(t *testing.T) {
	const limit, keys, jobs = 4, 20, 50
	l := newLanes(limit)
	var running, most atomic.Int32
	var done sync.WaitGroup
	got := make([][]int, keys) // each written by its lane alone: the race detector watches
	for job := range jobs {
		for key := range keys {
			done.Add(1)
			l.run(laneKey{int64(key), 0}, func(context.Context) {
				defer done.Done()
				n := running.Add(1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				got[key] = append(got[key], job)
				running.Add(-1)
			})
		}
	}
	done.Wait()
	if most.Load() > limit {
		t.Errorf("%d jobs at once, want at most %d", most.Load(), limit)
	}
	for key, order := range got {
		for i, job := range order {
			if i != job {
				t.Fatalf("lane %d ran %v", key, order)
			}
		}
	}
	l.stop(t.Context())
	if len(l.waiting) != 0 || l.running != 0 {
		t.Errorf("idle lanes keep %d entries and %d workers", len(l.waiting), l.running)
	}
}

// TestABusyLaneHoldsUpNobody fills one lane and uses another.
func TestABusyLaneHoldsUpNobody(t *testing.T) {
	l := newLanes(2)
	release, free := make(chan struct{}), make(chan struct{})
	for range 10 {
		l.run(laneKey{1, 0}, func(context.Context) { <-release })
	}
	l.run(laneKey{2, 0}, func(context.Context) { close(free) })
	<-free
	close(release)
	l.stop(t.Context())
}

// TestLanesTakeTurns lets a lane with much to do wait after each job.
func TestLanesTakeTurns(t *testing.T) {
	l := newLanes(1)
	var order []string
	begin := make(chan struct{})
	l.run(laneKey{1, 0}, func(context.Context) { <-begin })
	for _, key := range []int64{1, 1, 2, 2} {
		l.run(laneKey{key, 0}, func(context.Context) { order = append(order, fmt.Sprint(key)) })
	}
	ended := make(chan struct{})
	l.run(laneKey{3, 0}, func(context.Context) {})
	l.run(laneKey{2, 0}, func(context.Context) { close(ended) })
	close(begin)
	<-ended
	if want := []string{"2", "1", "2", "1"}; !reflect.DeepEqual(order, want) {
		t.Errorf("ran %v, want %v", order, want)
	}
	l.stop(t.Context())
}

// TestDoTakesItsTurn: who runs a job of their own holds the lane and a place
// meanwhile, waits for those before, and leaves none of those that came behind.
func TestDoTakesItsTurn(t *testing.T) {
	l := newLanes(1)
	var order []string
	add := func(name string) func(context.Context) {
		return func(context.Context) { order = append(order, name) }
	}
	l.do(laneKey{1, 0}, func(context.Context) {
		l.run(laneKey{1, 0}, add("behind"))
		l.run(laneKey{2, 0}, add("beside"))
		order = append(order, "first")
	})
	l.do(laneKey{2, 0}, add("last"))
	if want := []string{"first", "beside", "behind", "last"}; !slices.Equal(order, want) {
		t.Errorf("ran %v, want %v", order, want)
	}
	l.stop(t.Context())
	l.do(laneKey{1, 0}, func(ctx context.Context) {
		if ctx.Err() == nil {
			t.Error("a late job was begun with a live context")
		}
	})
	if len(l.waiting) != 0 || l.running != 0 {
		t.Errorf("idle lanes keep %d entries and %d workers", len(l.waiting), l.running)
	}
}

// TestStopFinishesAndReleases finishes the job in hand with a live context and
// gives an ended one to those that had not begun (P9).
func TestStopFinishesAndReleases(t *testing.T) {
	l := newLanes(1)
	began, release := make(chan struct{}), make(chan struct{})
	errs := make(chan error, 3)
	l.run(laneKey{1, 0}, func(ctx context.Context) {
		close(began)
		<-release
		errs <- ctx.Err()
	})
	l.run(laneKey{1, 0}, func(ctx context.Context) { errs <- ctx.Err() })
	<-began
	stopped := make(chan struct{})
	go func() { l.stop(t.Context()); close(stopped) }()
	<-l.stopped
	close(release)
	<-stopped
	l.run(laneKey{1, 0}, func(ctx context.Context) { errs <- ctx.Err() })
	got := []error{<-errs, <-errs, <-errs}
	if want := []error{nil, context.Canceled, context.Canceled}; !reflect.DeepEqual(got, want) {
		t.Errorf("contexts ended with %v, want %v", got, want)
	}
}

// TestStopEndsAJobThatDoesNot ends the job's context when the grace is over.
func TestStopEndsAJobThatDoesNot(t *testing.T) {
	l := newLanes(1)
	ended := make(chan struct{})
	l.run(laneKey{1, 0}, func(ctx context.Context) { <-ctx.Done(); close(ended) })
	grace, cancel := context.WithCancel(t.Context())
	cancel()
	l.stop(grace)
	<-ended
}

// TestAnHeirGoesLast: the first job of a topic that was made in place of another goes
// behind what waits in its chat, and no later one does.
func TestAnHeirGoesLast(t *testing.T) {
	l := newLanes(8)
	release, elsewhere, after := make(chan struct{}), make(chan struct{}), make(chan struct{})
	var mu sync.Mutex
	var got []string
	says := func(word string) func(context.Context) {
		return func(context.Context) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, word)
		}
	}
	for _, thread := range []int64{2, 3} {
		l.run(laneKey{-1, thread}, func(context.Context) { <-release })
		l.run(laneKey{-1, thread}, says("before"))
	}
	l.inherit(laneKey{-1, 10})
	l.run(laneKey{-1, 10}, says("heir"))
	l.run(laneKey{-1, 10}, says("heir"))
	l.run(laneKey{-2, 10}, func(context.Context) { close(elsewhere) })
	<-elsewhere
	l.inherit(laneKey{-1, 11})
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.do(laneKey{-1, 11}, says("second heir"))
	}()
	close(release)
	<-done
	l.run(laneKey{-1, 10}, func(context.Context) { close(after) })
	<-after
	l.stop(t.Context())
	if want := []string{"before", "before", "heir", "heir"}; len(got) != 5 || !slices.Equal(got[:2], want[:2]) || !slices.Contains(got[2:], "second heir") {
		t.Errorf("ran %q", got)
	}
}
