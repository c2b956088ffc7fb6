// Package sessions keeps the hot copy of customers' half-finished
// conversations in Redis, before the store, so that a step reads nothing from
// the store.
//
// The store is the truth. A copy carries the version it was worked out from,
// and the store checks the version at the commit, so that an old copy costs one
// more try and no more. FLUSHALL at any moment harms nothing. It follows that a
// change that was worked out from a session has to carry the Customer even
// where the session stays as it was: without it nothing is checked.
package sessions

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"intakebot/tickets"
)

// putScript writes a copy unless there is one of the same version or newer:
// of two that are written at the same time the newer one stays.
var putScript = redis.NewScript(`
local old = redis.call('GET', KEYS[1])
local version = old and tonumber(string.match(old, '^{"v":(%d+)'))
if version and version >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`)

// Cache is a store whose customers are read from Redis first. What has nothing
// to do with customers is the store's own.
//
// It needs no Redis to work: an error of the client only means that the store
// is read. The client should therefore fail at once while it knows that Redis
// is away, and log it: that of package redisconn does.
type Cache struct {
	tickets.Store
	client redis.Cmdable
	space  string
	kept   time.Duration

	// doubted holds customers whose copy was found to be old but could not be
	// dropped. It is not believed until it has been replaced.
	mu      sync.Mutex
	doubted map[int64]bool

	claimed sync.Map // whom a notice in hand is for: chat by notice
}

// New puts Redis before a store. The space begins all keys and names the bot
// and its database, "intakebot:123456:"; a copy is kept for the policy's
// DraftKept after its last change.
//
// A database that was made anew, or put back to an earlier state, needs another
// space, or a FLUSHDB: versions of the two tell nothing about each other.
func New(store tickets.Store, client redis.Cmdable, space string, kept time.Duration) *Cache {
	return &Cache{Store: store, client: client, space: space, kept: kept, doubted: make(map[int64]bool)}
}

// Customer loads a customer from Redis, or from the store.
func (c *Cache) Customer(ctx context.Context, id int64) (tickets.Customer, error) {
	if hot, ok := c.get(ctx, id); ok {
		return hot, nil
	}
	customer, err := c.Store.Customer(ctx, id)
	// Who is not known is not kept: the first change makes version 1.
	if err == nil && customer.Version > 0 {
		c.put(ctx, customer)
	}
	return customer, err
}

// Commit writes a change to the store, and the customer that came of it to
// Redis.
func (c *Cache) Commit(ctx context.Context, change tickets.Change) (tickets.Committed, error) {
	done, err := c.Store.Commit(ctx, change)
	for _, n := range done.Notices {
		if n.Claimed {
			c.claimed.Store(n.ID, n.To.Chat)
		}
	}
	switch {
	case change.Customer == nil || errors.Is(err, tickets.ErrDuplicate):
	case err == nil:
		customer := *change.Customer
		customer.Version++
		c.put(ctx, customer)
	default:
		// The copy is old, or nobody knows whether it is.
		c.drop(ctx, change.Customer.ID)
	}
	return done, err
}

// Claim claims a notice in the store.
func (c *Cache) Claim(ctx context.Context, owner string, id int64, now time.Time) (tickets.Claim, error) {
	claim, err := c.Store.Claim(ctx, owner, id, now)
	if err == nil {
		c.claimed.Store(id, claim.Notice.To.Chat)
	}
	return claim, err
}

// Settle settles a notice in the store. Where that changes the customer, the
// copy is old.
func (c *Cache) Settle(ctx context.Context, owner string, s tickets.Settlement) ([]tickets.Notice, error) {
	then, err := c.Store.Settle(ctx, owner, s)
	if err != nil && !errors.Is(err, tickets.ErrStale) {
		return nil, err
	}
	if chat, ok := c.claimed.LoadAndDelete(s.Notice); ok && s.Blocked {
		c.drop(ctx, chat.(int64))
	}
	return then, err
}

func (c *Cache) get(ctx context.Context, id int64) (tickets.Customer, bool) {
	if c.doubts(id) {
		return tickets.Customer{}, false
	}
	value, err := c.client.Get(ctx, c.key(id)).Bytes()
	if err != nil {
		return tickets.Customer{}, false
	}
	customer, err := decode(id, value)
	if err != nil {
		c.drop(ctx, id) // or it would stand in the way of a good one
		return tickets.Customer{}, false
	}
	return customer, true
}

// put writes a copy, even if the caller has given up meanwhile: the change is
// made. Where that fails, an older one may stay; it costs one ErrStale.
func (c *Cache) put(ctx context.Context, customer tickets.Customer) {
	ctx = context.WithoutCancel(ctx)
	value, err := encode(customer)
	if err != nil {
		c.drop(ctx, customer.ID)
		return
	}
	err = putScript.Run(ctx, c.client, []string{c.key(customer.ID)},
		customer.Version, value, c.kept.Milliseconds()).Err()
	if err == nil {
		c.doubt(customer.ID, false)
	}
}

// drop takes a copy away, or remembers not to believe it.
func (c *Cache) drop(ctx context.Context, id int64) {
	err := c.client.Del(context.WithoutCancel(ctx), c.key(id)).Err()
	c.doubt(id, err != nil)
}

func (c *Cache) doubts(id int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.doubted[id]
}

func (c *Cache) doubt(id int64, doubt bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if doubt {
		c.doubted[id] = true
	} else {
		delete(c.doubted, id)
	}
}

// key names a customer's copy. The chat is the hash tag, so that a cluster
// spreads the customers.
func (c *Cache) key(id int64) string {
	return c.space + "{" + strconv.FormatInt(id, 10) + "}:customer"
}
