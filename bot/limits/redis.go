package limits

import (
	"context"
	_ "embed"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

var (
	//go:embed reserve.lua
	reserveSource string
	//go:embed penalise.lua
	penaliseSource string

	reserveScript  = redis.NewScript(reserveSource)
	penaliseScript = redis.NewScript(penaliseSource)
)

// aloneShare is the part of the limit over all chats that a replica uses while
// it cannot see the others: a third, so that three replicas together still keep
// it, and no customer waits long.
const aloneShare = 3

// Redis keeps the limits over replicas, and does otherwise what Local does. Its
// methods are safe for concurrent use.
//
// Keys begin with its space and all
// carry the hash tag {limits}, so that in a cluster the one script finds them in
// one slot: every send touches the bucket of all chats anyway, so that slot is
// on the way of each of the AllSends a second, and spreading the chats would
// save it nothing. (Sessions, which are many and large, are spread by chat.)
//
// The server's clock measures, since the replicas' differ; the time that the
// methods are given serves the part in the process. That part sees everything
// that goes through this replica and is asked first: what it refuses, the
// shared limits would refuse too, and no call is spent on it. It alone spreads
// what may wait: replicas that do so together fill the window all the same. When Redis is
// away it goes on alone, knowing the penalties and the last sends.
//
// An error of the client is all that tells an outage. The client should
// therefore fail at once while it knows that Redis is away, and log it: that of
// package redisconn does.
type Redis struct {
	client redis.Scripter
	space  string
	local  *Local
	// told makes the scripts use the time that the methods are given, for
	// tests.
	told bool
}

// NewRedis keeps the limits together with all those of the same space, which names the bot: "intakebot:123456:".
func NewRedis(client redis.Scripter, space string) *Redis {
	return &Redis{client: client, space: space, local: NewLocal()}
}

// Reserve takes leave for a call to a chat. See Local.Reserve.
func (r *Redis) Reserve(ctx context.Context, chat int64, group bool, messages, rank int, now time.Time) (own, all time.Duration) {
	w := r.reserve(ctx, newCall(chat, group, messages, rank), now)
	return w.own, w.all
}

func (r *Redis) reserve(ctx context.Context, c call, now time.Time) wait {
	if w := r.local.look(c, now); !w.granted() {
		return w
	}
	w, err := r.ask(ctx, c, now)
	if err != nil {
		return r.local.reserve(c, now, aloneShare)
	}
	if w.granted() {
		r.local.sent(c, now)
	}
	return w
}

// ask runs the script.
func (r *Redis) ask(ctx context.Context, c call, now time.Time) (wait, error) {
	keys := []string{r.key("held", 0), r.key("sends", 0), r.key("held", c.chat), r.key("sends", c.chat)}
	limits := []limit{all, chat}
	if c.group {
		keys = append(keys, r.key("group", c.chat))
		limits = append(limits, group)
	}
	args := []any{r.clock(now), c.messages, Recovery.Microseconds(), StrikePercent, c.urgent()}
	for _, l := range limits {
		args = append(args, l.n, l.spare, l.burst, l.window.Microseconds(), l.keep().Microseconds())
	}
	waits, err := reserveScript.Run(ctx, r.client, keys, args...).Int64Slice()
	if err != nil {
		return wait{}, err
	}
	if len(waits) != 2 {
		return wait{}, errors.New("limits: the script answered something else")
	}
	return wait{own: micros(waits[0]), all: micros(waits[1])}, nil
}

// Penalise notes a 429. See Local.Penalise.
func (r *Redis) Penalise(ctx context.Context, chat int64, retryAfter time.Duration, now time.Time) {
	r.local.Penalise(ctx, chat, retryAfter, now)
	// Without Redis the other replicas learn it from Telegram themselves.
	_ = penaliseScript.Run(ctx, r.client, []string{r.key("held", chat)},
		r.clock(now), max(0, retryAfter).Microseconds(), Recovery.Microseconds(), MaxStrikes).Err()
}

// key names a value of a chat; 0: of all chats.
func (r *Redis) key(what string, chat int64) string {
	return r.space + "{limits}:" + what + ":" + strconv.FormatInt(chat, 10)
}

// clock is the time as the scripts want it.
func (r *Redis) clock(now time.Time) string {
	if !r.told {
		return ""
	}
	return strconv.FormatInt(now.UnixMicro(), 10)
}

func micros(n int64) time.Duration { return time.Duration(n) * time.Microsecond }
