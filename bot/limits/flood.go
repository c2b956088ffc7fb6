package limits

import (
	"context"
	"maps"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// FloodWindow is how long a customer's messages are counted together: from the
// first one on.
const FloodWindow = time.Minute

// countScript counts more in a window that begins with the first. Count and
// expiry are one step, so that no counter can stay for ever.
var countScript = redis.NewScript(`
local n = redis.call('INCRBY', KEYS[1], ARGV[2])
if n == tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return n`)

// Flood counts customers' messages, so that one who sends too many is asked for
// patience, and is asked once. Its methods are safe for concurrent use.
type Flood struct {
	perWindow int
	client    redis.Scripter // nil: this process only
	space     string

	mu    sync.Mutex
	sweep time.Time
	seen  map[int64]*tally
}

// tally is the count of one customer.
type tally struct {
	until time.Time
	n     int
}

// NewFlood makes a Flood for one process. It allows a number of messages in a
// FloodWindow; 0 allows any number.
func NewFlood(perWindow int) *Flood {
	return &Flood{perWindow: perWindow, seen: make(map[int64]*tally)}
}

// NewSharedFlood makes a Flood that counts together with all those of the same
// space, and alone while Redis is away. See NewRedis for client and space.
func NewSharedFlood(client redis.Scripter, space string, perWindow int) *Flood {
	f := NewFlood(perWindow)
	f.client, f.space = client, space
	return f
}

// Allow counts a message for as many as its weight, at least 1, and tells
// whether it keeps the limit. Of those that do not, the first of a window is
// told, too. None weighs more than the limit, so that a window's first is
// always taken.
func (f *Flood) Allow(ctx context.Context, customer int64, weight int, now time.Time) (ok, first bool) {
	if f.perWindow <= 0 {
		return true, false
	}
	weight = min(weight, f.perWindow)
	n := f.count(customer, weight, now)
	if f.client != nil {
		// The customer is the hash tag: counters spread over a cluster.
		key := f.space + "{" + strconv.FormatInt(customer, 10) + "}:flood"
		shared, err := countScript.Run(ctx, f.client, []string{key}, FloodWindow.Milliseconds(), weight).Int()
		if err == nil {
			n = shared
		}
	}
	ok = n <= f.perWindow
	return ok, !ok && n-weight <= f.perWindow
}

// count counts in the process. It is done always, so that the count is known
// when Redis goes away.
func (f *Flood) count(customer int64, weight int, now time.Time) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !now.Before(f.sweep) {
		f.sweep = now.Add(sweepEvery)
		maps.DeleteFunc(f.seen, func(_ int64, t *tally) bool { return !now.Before(t.until) })
	}
	t := f.seen[customer]
	if t == nil {
		t = new(tally)
		f.seen[customer] = t
	}
	if !now.Before(t.until) {
		*t = tally{until: now.Add(FloodWindow)}
	}
	t.n += weight
	return t.n
}
