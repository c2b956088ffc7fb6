package telegramsim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/go-telegram/bot/models"
)

// How long an update waits for the bot, and a button press for its answer.
const (
	updateLife = 24 * time.Hour
	pressLife  = 150 * time.Second
)

// maxPoll is the longest long poll in seconds; a longer timeout is cut to it.
const maxPoll = 50

// unaskedUpdates are the kinds left out unless they are asked for by name.
var unaskedUpdates = map[string]bool{
	models.AllowedUpdateChatMember:           true,
	models.AllowedUpdateMessageReaction:      true,
	models.AllowedUpdateMessageReactionCount: true,
}

// lane is a queue of updates within a bot's queue: a webhook brings the updates
// of one lane strictly one after another, and lanes side by side. Messages and
// edits queue by chat, button presses by user.
type lane struct {
	kind byte
	id   int64
}

const (
	laneMessages byte = iota
	lanePresses
	laneOwnMember
	laneReactions
	laneInjected
)

type update struct {
	id      int64
	lane    lane
	expires time.Time
	body    []byte
	done    bool
	// injected updates may bear any ID; they are confirmed only by an offset that
	// comes after they were delivered.
	injected  bool
	delivered bool
}

// updateQueue holds a bot's updates until they are confirmed. Guarded by World.mu.
type updateQueue struct {
	next    int64
	pending []*update
	count   int
	allowed []string
	strange bool // an injected ID may stand out of order
	wake    chan struct{}
	poll    *poll
	// The offset and the time of the last poll, for the penalty.
	lastOffset int64
	lastPoll   time.Time
}

// poll is a getUpdates call that waits.
type poll struct {
	conflict chan string
}

func (q *updateQueue) init(first int64) {
	q.next = first
	q.wake = make(chan struct{})
}

func (q *updateQueue) allows(kind string) bool {
	if len(q.allowed) == 0 {
		return !unaskedUpdates[kind]
	}
	return slices.Contains(q.allowed, kind)
}

// enqueue gives the bot an update of a kind, unless it did not ask for that kind.
func (b *Bot) enqueue(kind string, l lane, life time.Duration, fill func(*models.Update)) {
	if !b.queue.allows(kind) {
		return
	}
	u := &models.Update{ID: b.queue.next}
	fill(u)
	body, err := json.Marshal(u)
	if err != nil {
		panic(fmt.Sprintf("telegramsim: update %s: %v", kind, err))
	}
	b.queue.next++
	b.add(&update{id: u.ID, lane: l, expires: b.w.now().Add(life), body: body})
}

func (b *Bot) add(u *update) {
	q := &b.queue
	q.pending = append(q.pending, u)
	q.count++
	close(q.wake)
	q.wake = make(chan struct{})
	if b.hook != nil {
		b.hook.offer(u)
	}
}

// Pending counts the updates that the bot has not confirmed yet.
func (b *Bot) Pending() int {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	b.expire()
	return b.queue.count
}

// finish takes an update off the queue.
func (q *updateQueue) finish(u *update) {
	if !u.done {
		u.done = true
		q.count--
	}
}

// compact drops finished updates from the head.
func (q *updateQueue) compact() {
	n := 0
	for n < len(q.pending) && q.pending[n].done {
		q.pending[n] = nil
		n++
	}
	q.pending = q.pending[n:]
}

// expire drops what has waited too long.
func (b *Bot) expire() {
	now := b.w.now()
	for _, u := range b.queue.pending {
		if u.expires.After(now) && u.lane.kind != lanePresses {
			break // later ones live as long or longer, presses aside
		}
		if !u.expires.After(now) {
			b.queue.finish(u)
		}
	}
	b.queue.compact()
}

// confirm forgets every update below the offset.
func (q *updateQueue) confirm(offset int64) {
	for _, u := range q.pending {
		if u.id >= offset && !q.strange {
			break
		}
		if u.id < offset && (!u.injected || u.delivered) {
			q.finish(u)
		}
	}
	q.compact()
	if len(q.pending) == 0 {
		q.strange = false
	}
}

// keepLast forgets all but the n newest updates (a negative offset).
func (q *updateQueue) keepLast(n int) {
	for i := 0; i < len(q.pending) && q.count > n; i++ {
		q.finish(q.pending[i])
	}
	q.compact()
}

// clear forgets every update.
func (q *updateQueue) clear() { q.keepLast(0) }

// take renders up to limit updates as a JSON array; n is how many.
func (b *Bot) take(offset int64, limit int) (body []byte, n int) {
	now := b.w.now()
	var out bytes.Buffer
	out.WriteByte('[')
	for _, u := range b.queue.pending {
		if n == limit {
			break
		}
		if !u.expires.After(now) {
			b.queue.finish(u)
		}
		if u.done || u.id < offset && !u.injected {
			continue
		}
		if n > 0 {
			out.WriteByte(',')
		}
		out.Write(u.body)
		u.delivered = true
		n++
	}
	out.WriteByte(']')
	return out.Bytes(), n
}

const (
	conflictPoll    = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
	conflictHook    = "Conflict: terminated by setWebhook request"
	conflictWebhook = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)

// endPoll answers the waiting poll, if there is one, with a conflict.
func (q *updateQueue) endPoll(reason string) {
	if q.poll != nil {
		q.poll.conflict <- reason
		q.poll = nil
	}
}

// setAllowed takes the argument allowed_updates: absent leaves what was set, an
// empty list goes back to the default.
func (c *call) setAllowed() {
	if !c.has("allowed_updates") {
		return
	}
	var kinds []string
	if c.json("allowed_updates", &kinds) == nil {
		c.bot.queue.allowed = kinds
	}
}

// punish slows down a poll that repeats its offset too soon.
func (q *updateQueue) punish(offset int64, limit int, wait time.Duration, now time.Time) (int, time.Duration) {
	if since := now.Sub(q.lastPoll); offset == q.lastOffset {
		if since < 3*time.Second {
			wait = max(wait, 3*time.Second)
		}
		if since < time.Second/2 {
			limit = 1
		}
	}
	q.lastOffset, q.lastPoll = offset, now
	return limit, wait
}

// getUpdates is called without the lock, as it may wait.
func getUpdates(ctx context.Context, c *call) (any, error) {
	c.w.mu.Lock()
	q := &c.bot.queue
	if c.bot.hook != nil {
		c.w.mu.Unlock()
		return nil, &apiError{Code: http.StatusConflict, Text: conflictWebhook}
	}
	offset, limit := c.int64("offset"), c.clamp("limit", 100, 1, 100)
	wait := time.Duration(c.clamp("timeout", 0, 0, maxPoll)) * time.Second
	c.setAllowed()
	if c.w.penalty {
		limit, wait = q.punish(offset, limit, wait, c.w.now())
	}
	if offset < 0 {
		q.keepLast(int(-offset))
		offset = 0
	}
	q.confirm(offset)
	body, n := c.bot.take(offset, limit)
	if n > 0 || wait == 0 {
		c.w.mu.Unlock()
		return json.RawMessage(body), nil
	}
	q.endPoll(conflictPoll)
	p := &poll{conflict: make(chan string, 1)}
	q.poll = p
	wake := q.wake
	c.w.mu.Unlock()
	return c.waitForUpdates(ctx, p, wake, c.w.after(wait), offset, limit)
}

// waitForUpdates is the long poll: it ends with the first update, at its
// timeout, or when another poll or a webhook takes its place.
func (c *call) waitForUpdates(ctx context.Context, p *poll, wake <-chan struct{}, end <-chan time.Time,
	offset int64, limit int) (any, error) {
	q := &c.bot.queue
	for {
		over := false
		select {
		case reason := <-p.conflict:
			return nil, &apiError{Code: http.StatusConflict, Text: reason}
		case <-wake:
		case <-end:
			over = true
		case <-ctx.Done():
			over = true
		case <-c.w.closed:
			over = true
		}
		c.w.mu.Lock()
		wake = q.wake
		if q.poll != p {
			c.w.mu.Unlock()
			return nil, &apiError{Code: http.StatusConflict, Text: <-p.conflict}
		}
		if ctx.Err() != nil { // nobody would read what is taken now
			q.poll = nil
			c.w.mu.Unlock()
			return nil, ctx.Err()
		}
		body, n := c.bot.take(offset, limit)
		if n > 0 || over {
			q.poll = nil
			c.w.mu.Unlock()
			return json.RawMessage(body), nil
		}
		c.w.mu.Unlock()
	}
}
