// Package redisconn connects to Redis, for rooms that can do without it.
//
// Redis holds nothing that cannot be rebuilt, so its absence must cost little:
// the client waits briefly and never tries twice by itself, and once it has
// found that Redis is away it fails every command at once, with ErrAway, while
// one PING in the background now and then finds out whether it is back. An
// outage is one line in the log, its end another, for all rooms together.
package redisconn

import (
	"errors"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// What a command may take before Redis counts as away, where the address does
// not say otherwise. A command meets such a wait once in an outage.
const (
	dialTimeout = time.Second
	readTimeout = 500 * time.Millisecond
)

// ErrAddress says that an address cannot be used. Nothing of the address is
// shown, since any part of it may be a piece of a mistyped password (P8).
var ErrAddress = errors.New("not the address of a Redis: it should look like redis://user:password@host:6379/0, " +
	"rediss:// with TLS, redis://one:6379,two:6379 for a cluster, or redis+sentinel://one:26379,two:26379/0?master_name=name; " +
	"special characters in a password are percent-encoded")

// Open makes a client for an address; it does not connect yet, and so does not
// fail because Redis is away. These are understood, with the options of
// go-redis (pool_size, dial_timeout, read_timeout …) after a question mark:
//
//	redis://[user:password@]host[:port][/database]    one server; rediss:// with TLS
//	unix:///path/to/socket?db=0                       one server
//	redis://[user:password@]host:port,host:port       a cluster, from any of its nodes
//	redis+cluster://[user:password@]host:port         the same with one address
//	redis+sentinel://[user:password@]host:port,host:port/database?master_name=name
//	                                                  by way of sentinels; user and password are theirs,
//	                                                  &username= and &password= the server's
//
// and go-redis's own forms of the last two: further addr= parameters for a
// cluster, master_name= with redis:// for sentinels. The error is ErrAddress.
func Open(address string, log *slog.Logger) (redis.UniversalClient, error) {
	// go-redis tells of every failed attempt to connect; see the package.
	logging.Disable()
	client, secrets, err := parse(address)
	if err != nil {
		return nil, err
	}
	o := &outage{client: client, log: log, secrets: secrets}
	client.AddHook(o)
	return client, nil
}

// parse makes the client, and tells the passwords in the address.
func parse(address string) (redis.UniversalClient, []string, error) {
	kind, plain, err := normal(address)
	if err != nil {
		return nil, nil, err
	}
	quiet := &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	switch kind {
	case cluster:
		o, err := redis.ParseClusterURL(plain)
		if err != nil {
			return nil, nil, ErrAddress
		}
		brief{&o.DialTimeout, &o.ReadTimeout, &o.PoolTimeout, &o.MaxRetries, &o.DialerRetries}.set()
		o.MaintNotificationsConfig = quiet
		return redis.NewClusterClient(o), []string{o.Password}, nil
	case sentinel:
		o, err := redis.ParseFailoverURL(plain)
		if err != nil || o.MasterName == "" {
			return nil, nil, ErrAddress
		}
		brief{&o.DialTimeout, &o.ReadTimeout, &o.PoolTimeout, &o.MaxRetries, &o.DialerRetries}.set()
		return redis.NewFailoverClient(o), []string{o.Password, o.SentinelPassword}, nil
	default:
		o, err := redis.ParseURL(plain)
		if err != nil {
			return nil, nil, ErrAddress
		}
		brief{&o.DialTimeout, &o.ReadTimeout, &o.PoolTimeout, &o.MaxRetries, &o.DialerRetries}.set()
		o.MaintNotificationsConfig = quiet
		return redis.NewClient(o), []string{o.Password}, nil
	}
}

// brief are those settings of a client, of whichever kind, that bound how long
// it waits.
type brief struct {
	dial, read, pool *time.Duration
	retries, dials   *int
}

// set fills in what the address left open. A write may take as long as a read.
func (b brief) set() {
	for _, t := range []struct {
		set  *time.Duration
		with time.Duration
	}{{b.dial, dialTimeout}, {b.read, readTimeout}, {b.pool, dialTimeout}} {
		if *t.set == 0 {
			*t.set = t.with
		}
	}
	if *b.retries == 0 {
		*b.retries = -1 // none
	}
	if *b.dials == 0 {
		*b.dials = 1
	}
}
