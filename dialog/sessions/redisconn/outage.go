package redisconn

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// probeEvery is how often, at most, an absent Redis is looked for. Nobody
	// waits for the look, so that it may be often.
	probeEvery = 500 * time.Millisecond
	// complainEvery is how often, at most, it is logged that Redis answers but
	// refuses.
	complainEvery = time.Minute
)

// ErrAway is what every command fails with while Redis is known to be away.
var ErrAway = errors.New("redis is away")

// outage notices that Redis is away, fails commands at once for that time, and
// notices that it is back. It is a hook of the client.
type outage struct {
	client  redis.UniversalClient
	log     *slog.Logger
	secrets []string

	mu        sync.Mutex
	away      bool
	since     time.Time // of the outage
	probe     time.Time // when to look again
	ended     int       // outages so far that are over
	complaint time.Time // when a refusal may be logged again
}

// DialHook implements redis.Hook.
func (o *outage) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook implements redis.Hook.
func (o *outage) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if always(cmd) {
			return next(ctx, cmd)
		}
		ended, err := o.admit()
		if err != nil {
			cmd.SetErr(err)
			return err
		}
		err = next(ctx, cmd)
		o.note(ctx, err, ended)
		return err
	}
}

// ProcessPipelineHook implements redis.Hook.
func (o *outage) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if len(cmds) > 0 && always(cmds[0]) {
			return next(ctx, cmds)
		}
		ended, err := o.admit()
		if err != nil {
			for _, cmd := range cmds {
				cmd.SetErr(err)
			}
			return err
		}
		err = next(ctx, cmds)
		o.note(ctx, err, ended)
		return err
	}
}

// always tells the commands that are let through during an outage: the probe,
// and those with which a connection begins.
func always(cmd redis.Cmder) bool {
	switch cmd.Name() {
	case "ping", "hello", "auth", "select", "client", "readonly":
		return true
	}
	return false
}

// admit lets a command pass, or says ErrAway, and looks for Redis in the
// background if it is time to.
func (o *outage) admit() (ended int, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.away {
		return o.ended, nil
	}
	if now := time.Now(); !now.Before(o.probe) {
		o.probe = now.Add(probeEvery)
		go o.look()
	}
	return o.ended, ErrAway
}

// look sends the probe. The client's own timeouts bound it.
func (o *outage) look() {
	if o.ping(context.Background()) != nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.away {
		return
	}
	o.away = false
	o.ended++
	o.log.Info("redis is back", "away", time.Since(o.since).Round(time.Millisecond))
}

// ping tells whether Redis is there; a cluster only is when all its masters
// are, lest one that is missing be a new outage again and again.
func (o *outage) ping(ctx context.Context) error {
	if c, ok := o.client.(*redis.ClusterClient); ok {
		return c.ForEachMaster(ctx, func(ctx context.Context, m *redis.Client) error { return m.Ping(ctx).Err() })
	}
	return o.client.Ping(ctx).Err()
}

// note judges how a command ended that was let through when so many outages
// were over.
func (o *outage) note(ctx context.Context, err error, ended int) {
	switch {
	case err == nil, errors.Is(err, redis.Nil), errors.Is(err, redis.ErrClosed),
		redis.HasErrorPrefix(err, "NOSCRIPT"), // the script follows in full
		ctx.Err() != nil:                      // the caller has given up
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	now := time.Now()
	if answer := redis.Error(nil); errors.As(err, &answer) {
		if !now.Before(o.complaint) {
			o.complaint = now.Add(complainEvery)
			o.log.Warn("redis refuses, going on without", "cause", o.clean(err))
		}
		return
	}
	// A command from before the last outage's end tells nothing new.
	if o.away || ended != o.ended {
		return
	}
	o.away, o.since, o.probe = true, now, now.Add(probeEvery)
	o.log.Warn("redis is away, going on without", "cause", o.clean(err))
}

// clean takes the passwords out of an error's text, where a server may have
// repeated them (P8).
func (o *outage) clean(err error) string {
	text := err.Error()
	for _, s := range o.secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, "***")
		}
	}
	return text
}
