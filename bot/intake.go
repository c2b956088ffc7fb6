// Package bot is the Telegram side: updates in, messages out. Who wrote what to
// whom, and how it looks.
package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	jitter "math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"intakebot/dialog"
	"intakebot/tickets"
)

// The texts that the intake itself shows, by their keys. None takes an argument.
const (
	TextFailed   = "intake.failed"   // something went wrong, please send it again
	TextBusy     = "intake.busy"     // toast: it takes a moment
	TextOutdated = "intake.outdated" // toast: this button is of an earlier time
	TextFlood    = "intake.flood"    // too many messages, please wait a minute
	TextForeign  = "intake.foreign"  // in a group that is not the agents': serves one desk only, and leaves
)

// Pusher takes committed notices for sending.
type Pusher interface {
	Push([]tickets.Notice)
	// Sender is the owner whose claims a commit may make (tickets.Change); empty:
	// it could not send at once.
	Sender() string
}

// IntakeConfig is what an Intake works with.
type IntakeConfig struct {
	Telegram Telegram
	Store    tickets.Store
	Outbox   Pusher
	Policy   *tickets.Policy
	Groups   []int64 // the agents' chats, at least one; see tickets.Policy.GroupFor
	Username string  // the bot's own, without @

	// Threads tells that the bot has topics in private chats (OutboxConfig.Thread).
	Threads bool

	// Flood counts customers' messages; nil: nobody is asked for patience.
	Flood Flood

	// WebhookURL is where Telegram brings updates; empty: they are fetched by
	// long polling. WebhookSecret, 1 to 256 of A-Z, a-z, 0-9, _ and -, goes
	// with it.
	WebhookURL    string
	WebhookSecret string

	// Followed is told of a group that has become a supergroup; nil: nobody is. It
	// must not take long.
	Followed func(group int64)

	// Label finds the text key of a keyboard's label, in any language.
	Label func(label string) (key string, ok bool)
	// Render gives a toast's words.
	Render func(lang tickets.Lang, line tickets.Line) string

	Log    *slog.Logger
	Now    func() time.Time                                                       // nil: time.Now
	Rand   func() float64                                                         // from 0 to 1, for jitter; nil: random
	NewID  func() string                                                          // nil: 26 random letters
	Answer func(tickets.Customer, dialog.Input, dialog.Env) (dialog.Reply, error) // nil: dialog.Answer
	Wake   func(tickets.Customer, dialog.Env) (dialog.Reply, error)               // nil: dialog.Wake
}

// IntakeCounters counts since the start. Reading is safe at any time.
type IntakeCounters struct {
	Received  atomic.Int64 // updates that came, those that came again included
	Committed atomic.Int64 // changes written, timers' included
	Passed    atomic.Int64 // updates without a consequence
	Duplicate atomic.Int64 // updates known from before
	Stale     atomic.Int64 // answers worked out again because a version had moved
	Retried   atomic.Int64 // attempts after a failure
	Shelved   atomic.Int64 // updates set aside
	Refused   atomic.Int64 // attempts given up because the store was away
	Flooded   atomic.Int64 // messages over the limit of one customer
	Invalid   atomic.Int64 // bodies that are no update
	Polls     atomic.Int64 // long polls that failed
	Presses   atomic.Int64 // answers to presses that failed
	Woken     atomic.Int64 // customers looked at by the clock
	Doubled   atomic.Int64 // topics that were made twice for a ticket, and taken away again
}

// Intake takes updates in, by long polling or by webhook, works out what
// follows from each and commits it before the update is acknowledged (P1).
type Intake struct {
	Counters IntakeCounters

	cfg     IntakeConfig
	log     *slog.Logger
	lanes   *lanes
	presses sync.WaitGroup // answers on their way
	slots   chan struct{}  // bounds them
	members sync.Map       // until when somebody is taken for a member, by membership
	insides sync.Map       // albums that stay with the agents, by media group
	desks   *desks

	following chan struct{} // a group that has become a supergroup
	away      atomic.Bool   // the store could not be reached last time
	loops     []*loop

	started time.Time

	desksChanged atomic.Bool         // a board shows what is no more
	boards       bool                // they were looked at before
	carded       map[int64]time.Time // by ticket: when its card was asked for anew
}

const (
	lanesAtOnce   = 128
	pressesAtOnce = 256
	grace         = 9 * time.Second // of the 10 that a shutdown may take (P9)
)

// NewIntake makes an Intake. Run tells what is missing.
func NewIntake(cfg IntakeConfig) *Intake {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = jitter.Float64
	}
	if cfg.NewID == nil {
		cfg.NewID = rand.Text
	}
	if cfg.Answer == nil {
		cfg.Answer = dialog.Answer
	}
	if cfg.Wake == nil {
		cfg.Wake = dialog.Wake
	}
	in := &Intake{
		cfg: cfg, log: cfg.Log, carded: map[int64]time.Time{},
		desks: newDesks(cfg.Store, cfg.Groups, cfg.Log),
		lanes: newLanes(lanesAtOnce), slots: make(chan struct{}, pressesAtOnce), following: make(chan struct{}, 1),
	}
	in.started = cfg.Now()
	in.desksChanged.Store(true) // nobody knows what it was before
	in.loops = []*loop{
		newLoop("wake customers", wakeEvery, in.log, in.wakeOnce),
		newLoop("wake tickets", wakeEvery, in.log, in.ticketsOnce),
		newLoop("show boards", boardEvery, in.log, in.boardsOnce),
		newLoop("forget old updates", forgetEvery, in.log, in.forgetOnce),
		newLoop("index words", indexEvery, in.log, in.indexOnce),
	}
	return in
}

// Run takes updates in until the context ends, then finishes those in hand and
// releases the rest, within 10 seconds (P9). With a webhook it registers the
// URL; the caller serves Webhook there. It fails where going on is no use,
// such as with a token that Telegram does not know.
func (in *Intake) Run(ctx context.Context) error {
	if err := in.cfg.check(); err != nil {
		return err
	}
	in.followGroups(ctx)
	g, running := errgroup.WithContext(ctx)
	g.Go(func() error { return in.source(running) })
	for _, l := range in.loops {
		g.Go(func() error { return l.run(running) })
	}
	err := g.Wait()
	in.stop(context.WithoutCancel(ctx))
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// check tells a programming error before it puts every update on the shelf.
func (c *IntakeConfig) check() error {
	switch {
	case c.Telegram == nil, c.Store == nil, c.Outbox == nil, c.Policy == nil, c.Label == nil, c.Render == nil, c.Log == nil:
		return errors.New("intake: a dependency is missing")
	case len(c.Groups) == 0 || c.Username == "":
		return errors.New("intake: the agents' chats and the bot's own name are needed")
	case c.WebhookURL != "" && c.WebhookSecret == "":
		return errors.New("intake: a webhook needs a secret")
	}
	return nil
}

// source fetches updates, or has them brought.
func (in *Intake) source(ctx context.Context) error {
	if in.cfg.WebhookURL == "" {
		return in.poll(ctx)
	}
	if err := in.register(ctx); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// stop ends the work in hand.
func (in *Intake) stop(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	in.lanes.stop(ctx)
	ended := make(chan struct{})
	go func() {
		in.presses.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
	}
}

func (in *Intake) env() dialog.Env {
	now := in.cfg.Now().Round(0) // what is stored knows no monotonic clock
	return dialog.Env{Policy: in.cfg.Policy, Groups: in.desks.groups(), Now: now, NewID: in.cfg.NewID, Threads: in.cfg.Threads}
}
