package telegramsim_test

import (
	"sync"
	"time"
)

// clock is a clock that moves only when it is told.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// manualTimer tells of each wait, and never ends it.
func manualTimer(waits chan<- struct{}) func(time.Duration) <-chan time.Time {
	return func(time.Duration) <-chan time.Time {
		waits <- struct{}{}
		return nil
	}
}
