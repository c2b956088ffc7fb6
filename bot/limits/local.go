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

// Local keeps the limits in one process. Its methods are safe for concurrent
// use.
type Local struct {
	mu    sync.Mutex
	start time.Time     // of the first call; times are counted from there
	last  time.Duration // the latest that was told
	sweep time.Duration // when to look for idle chats
	sends bucket
	even  time.Duration // when the next that may wait may go
	held  penalty       // of all chats
	chats map[int64]*chatState
}

// chatState is what is known of one chat.
type chatState struct {
	sends bucket
	group *bucket // nil: not a group, or nothing sent
	held  penalty
}

// NewLocal keeps the limits in one process.
func NewLocal() *Local {
	return &Local{chats: make(map[int64]*chatState)}
}

// Reserve takes leave for a call to a chat: a message, an album, and in groups
// an edit or a new topic too. It takes it from the limit over all chats, the
// chat's, and where it is a group or supergroup the group's; from all of them
// or from none. It does not block.
//
// Zero times mean that leave was granted. Otherwise nothing was taken, and they
// tell how long it takes until a call to this chat, and one to any chat at all,
// has a chance. Somebody else may be quicker, so ask again then; to ask sooner
// is of no use, and as long as all chats wait no other need be asked.
//
// The rank tells calls apart that a customer waits for and calls that may wait.
// The number of messages is that of an album's items, which Telegram counts one
// by one; 0 stands for 1, and no more than MaxMessages are counted. An album may
// go when one message may; those that come too early with it are made up for
// by a longer wait for the next call.
func (l *Local) Reserve(_ context.Context, chat int64, group bool, messages, rank int, now time.Time) (own, all time.Duration) {
	w := l.reserve(newCall(chat, group, messages, rank), now, 1)
	return w.own, w.all
}

// reserve is Reserve where only a share of the limit over all chats, one over
// the number given, may be used.
func (l *Local) reserve(c call, now time.Time, share int) wait {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.tick(now)
	w := l.wait(c, t, share)
	if w.granted() {
		l.take(c, t, share)
	}
	return w
}

// look is Reserve without taking anything.
func (l *Local) look(c call, now time.Time) wait {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wait(c, l.tick(now), 1)
}

// sent notes a send that somebody else has granted.
func (l *Local) sent(c call, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.take(c, l.tick(now), 1)
}

// Penalise notes a 429: until retryAfter has passed, nothing goes to the chat;
// chat 0 stands for all chats. Repeated ones slow the chat, or all of them, down
// for a while. A 429 that comes while an earlier one still holds belongs to the
// same trespass and teaches nothing more.
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

func (l *Local) wait(call call, t time.Duration, share int) wait {
	pace := l.held.percent(t)
	w := wait{all: max(l.held.left(t), l.sends.wait(all, all.most(call, pace), share*pace, t))}
	if call.patient() {
		w.all = max(w.all, l.even-t)
	}
	c := l.chats[call.chat]
	if c == nil {
		return w
	}
	pace = c.held.percent(t)
	w.own = max(c.held.left(t), c.sends.wait(chat, chat.n, pace, t), c.group.wait(group, group.n, pace, t))
	return w
}

func (l *Local) take(c call, t time.Duration, share int) {
	pace := l.held.percent(t)
	l.sends.take(all, c, pace, t)
	l.spread(c, share*pace, t)
	to := l.chat(c.chat)
	pace = to.held.percent(t)
	to.sends.take(chat, c, pace, t)
	if !c.group {
		return
	}
	if to.group == nil {
		to.group = new(bucket)
	}
	to.group.take(group, c, pace, t)
}

// late is how many gaps the calls that may wait can make up for, when they come
// later than they might: callers do not wake to the microsecond.
const late = 2

// spread notes that a call has used up its part of the even flow.
func (l *Local) spread(c call, percent int, t time.Duration) {
	gap := all.gap(percent)
	l.even = max(l.even, t-late*gap) + time.Duration(c.messages)*gap
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
