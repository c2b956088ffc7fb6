package limits

import (
	"context"
	"maps"
	"sync"
	"time"
)

// sweepEvery is how often chats that nothing holds back are forgotten. At most
// AllSends a second are added, so there are a few thousand of them at most.
const sweepEvery = time.Minute

// Local is a Limiter for one process.
type Local struct {
	mu    sync.Mutex
	start time.Time     // of the first call; times are counted from there
	last  time.Duration // the latest that was told
	sweep time.Duration // when to look for idle chats
	sends bucket
	held  penalty // of all chats
	chats map[int64]*chatState
}

// chatState is what is known of one chat.
type chatState struct {
	sends bucket
	group *bucket // nil: not a group, or nothing sent
	held  penalty
}

// NewLocal makes a Limiter for one process.
func NewLocal() *Local {
	return &Local{chats: make(map[int64]*chatState)}
}

// Reserve implements Limiter.
func (l *Local) Reserve(_ context.Context, chat int64, group bool, now time.Time) Wait {
	return l.reserve(chat, group, now, 1)
}

// reserve is Reserve where only a share of the limit over all chats, one over
// the number given, may be used.
func (l *Local) reserve(chat int64, group bool, now time.Time, share int) Wait {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.tick(now)
	w := l.wait(chat, t, share)
	if w.Granted() {
		l.take(chat, group, t)
	}
	return w
}

// look is Reserve without taking anything.
func (l *Local) look(chat int64, now time.Time) Wait {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wait(chat, l.tick(now), 1)
}

// sent notes a send that somebody else has granted.
func (l *Local) sent(chat int64, group bool, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.take(chat, group, l.tick(now))
}

// Penalise implements Limiter.
func (l *Local) Penalise(_ context.Context, chat int64, retryAfter time.Duration, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.tick(now)
	if chat == 0 {
		l.held.add(t, retryAfter)
		return
	}
	l.chat(chat).held.add(t, retryAfter)
}

// tick turns an instant into one on the limiter's own scale, on which time
// never goes back, whoever of several callers comes first.
func (l *Local) tick(now time.Time) time.Duration {
	if l.start.IsZero() {
		l.start = now
	}
	l.last = max(l.last, now.Sub(l.start))
	if l.last >= l.sweep {
		l.sweep = l.last + sweepEvery
		l.forget(l.last)
	}
	return l.last
}

func (l *Local) wait(id int64, t time.Duration, share int) Wait {
	w := Wait{All: max(l.held.left(t), l.sends.wait(all, share*l.held.percent(t), t))}
	c := l.chats[id]
	if c == nil {
		return w
	}
	pace := c.held.percent(t)
	w.Chat = max(c.held.left(t), c.sends.wait(chat, pace, t), c.group.wait(group, pace, t))
	return w
}

func (l *Local) take(id int64, isGroup bool, t time.Duration) {
	l.sends.take(all, t)
	c := l.chat(id)
	c.sends.take(chat, t)
	if !isGroup {
		return
	}
	if c.group == nil {
		c.group = new(bucket)
	}
	c.group.take(group, t)
}

func (l *Local) chat(id int64) *chatState {
	c := l.chats[id]
	if c == nil {
		c = new(chatState)
		l.chats[id] = c
	}
	return c
}

func (l *Local) forget(t time.Duration) {
	maps.DeleteFunc(l.chats, func(_ int64, c *chatState) bool {
		return c.sends.idle(chat, t) && c.group.idle(group, t) && c.held.left(t) == 0 && c.held.count(t) == 0
	})
}
