package telegramsim

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"
)

// Telegram's limits on sending (P3), as token buckets: how many at once, and how
// many a second after that.
var (
	limitAll   = limit{burst: 30, rate: 30}
	limitChat  = limit{burst: 5, rate: 1}
	limitGroup = limit{burst: 20, rate: 20.0 / 60}
)

type limit struct{ burst, rate float64 }

type bucket struct {
	limit
	left float64
	at   time.Time
}

// limiter counts what each bot sends. Guarded by World.mu.
type limiter struct {
	buckets map[limitKey]*bucket
}

// limitKey names a bucket: of all chats of a bot, or of one chat or group.
type limitKey struct {
	bot, chat int64
	group     bool
}

func newLimiter() *limiter { return &limiter{buckets: map[limitKey]*bucket{}} }

func (l *limiter) bucket(key limitKey, lim limit, now time.Time) *bucket {
	b := l.buckets[key]
	if b == nil {
		b = &bucket{limit: lim, left: lim.burst, at: now}
		l.buckets[key] = b
	}
	if passed := now.Sub(b.at).Seconds(); passed > 0 {
		b.left = min(b.burst, b.left+passed*b.rate)
		b.at = now
	}
	return b
}

// wait is how long until n more may go; 0 when they may go now. An album larger
// than what is left passes as long as anything is left.
func (b *bucket) wait(n float64) time.Duration {
	need := min(n, 1)
	if b.left >= need {
		return 0
	}
	return time.Duration((need - b.left) / b.rate * float64(time.Second))
}

// cost is how many messages a call counts as. Edits count in groups only, and so
// does making a topic.
func (c *call) cost(group bool) float64 {
	m := c.method
	switch {
	case m == "sendchataction":
		return 0
	case m == "sendmediagroup":
		return float64(max(1, strings.Count(c.str("media"), `"media"`)))
	case m == "copymessages":
		return float64(1 + strings.Count(c.str("message_ids"), ","))
	case strings.HasPrefix(m, "send"), m == "copymessage", m == "forwardmessage":
		return 1
	case group && (strings.HasPrefix(m, "editmessage") || m == "createforumtopic"):
		return 1
	}
	return 0
}

// checkLimits refuses a call that is over a limit, where limits are on.
func (w *World) checkLimits(c *call) error {
	if w.limits == nil {
		return nil
	}
	chat := c.int64("chat_id")
	group := chat < 0
	n := c.cost(group)
	if n == 0 {
		return nil
	}
	now := w.now()
	buckets := []*bucket{
		w.limits.bucket(limitKey{bot: c.bot.user.ID}, limitAll, now),
		w.limits.bucket(limitKey{bot: c.bot.user.ID, chat: chat}, limitChat, now),
	}
	if group {
		buckets = append(buckets, w.limits.bucket(limitKey{c.bot.user.ID, chat, true}, limitGroup, now))
	}
	for _, b := range buckets {
		if wait := b.wait(n); wait > 0 {
			return tooMany(int(math.Ceil(wait.Seconds())))
		}
	}
	for _, b := range buckets {
		b.left -= n
	}
	return nil
}

func tooMany(seconds int) error {
	return &apiError{Code: http.StatusTooManyRequests, RetryAfter: seconds,
		Text: fmt.Sprintf("Too Many Requests: retry after %d", seconds)}
}
