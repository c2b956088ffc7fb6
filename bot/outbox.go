package bot

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"intakebot/tickets"
)

const (
	// maxSends is how many sends go on at once: at 30 a second, enough for
	// answers that take a second each. A quarter is kept for customers who wait
	// for the next question.
	maxSends = 32
	// handTime is how long sends in hand may take once the outbox is to stop,
	// and settleTime what is left then to record them: together under the 10 s
	// of P9.
	handTime   = 7 * time.Second
	settleTime = 2 * time.Second
	// claimTime is how long one claim sends part after part, before it is given
	// up and taken again: claims much older belong to the dead.
	claimTime = time.Minute
)

// Limiter keeps Telegram's limits (P3). It always answers, and does not block.
type Limiter interface {
	// Reserve takes leave for a call that makes a number of messages in a chat:
	// one, or those of an album. When there is none, nothing was taken, and it
	// says how long this chat has to wait, and how long every chat has to for a
	// call of this rank or a higher one. The rank is a tickets.Priority.
	Reserve(ctx context.Context, chat int64, group bool, messages, rank int, now time.Time) (own, all time.Duration)
	// Penalise notes a 429 that named a chat.
	Penalise(ctx context.Context, chat int64, after time.Duration, now time.Time)
}

// OutboxConfig is what an outbox needs. All of it must be set, but for Card,
// Home, Remade, Thread, Now, Rand and Sends.
type OutboxConfig struct {
	Store   tickets.Outbox
	API     *API
	Render  *Renderer
	Limiter Limiter
	Log     *slog.Logger

	// Owner names this run of the program: no other run, earlier ones too, may
	// have the same.
	Owner string
	// Alone tells that no other process sends from this store, so that what
	// anybody else has claimed was left behind by the dead.
	Alone bool

	// Card makes the card of a ticket that has lost it with its topic. nil: it
	// is not made anew.
	Card func(ctx context.Context, ticket int64) (tickets.Notice, error)
	// Home tells in which group a ticket belongs that stands in a group: in
	// another where that one is not the agents' any more. nil: tickets stay.
	Home func(ctx context.Context, ticket, group int64) (int64, error)
	// Remade is told of a topic that was made in place of a lost one; nil: nobody is.
	Remade func(chat, thread int64)
	// Thread names the customer's thread of a ticket; without a key: it is to
	// have none. nil: the bot has no topics in private chats.
	Thread func(ctx context.Context, ticket int64) (tickets.Line, error)

	Now   func() time.Time // time.Now
	Rand  func() float64   // from 0 to 1, for jitter; rand.Float64
	Sends int              // at once; maxSends
}

// OutboxCounters count what has come of sending since the start.
type OutboxCounters struct {
	Delivered     atomic.Int64 // notices
	Undeliverable atomic.Int64
	Dropped       atomic.Int64 // outcome unknown, and not repeated
	Unknown       atomic.Int64 // sends whose outcome nobody knows (P2), also of runs that died
	Again         atomic.Int64 // tries that were put off after a failure
	Limited       atomic.Int64 // 429s
	Blocked       atomic.Int64 // refusals by readers
}

// Outbox sends notices (P2): address by address in order, urgent ones first,
// within Telegram's limits. What it holds is in the store too, so that losing it
// loses nothing.
type Outbox struct {
	Counters OutboxCounters

	cfg    OutboxConfig
	sender *sender

	mu      sync.Mutex
	queue   *sendQueue
	running int
	pauses  [tickets.PriorityAnnounce + 1]time.Time // by priority: no send before
	told    map[lackKey]time.Time                   // of missing rights: not again before
	found   map[int64]bool                          // by notice ID: claimed by a commit, and taken up without it
	rows    map[int64]row                           // by notice

	bell     chan struct{} // the queue has changed
	look     chan struct{} // the store may hold more
	stopping atomic.Bool
	sends    sync.WaitGroup
}

// NewOutbox makes an outbox that sends nothing before Run.
func NewOutbox(cfg OutboxConfig) *Outbox {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Float64
	}
	if cfg.Sends == 0 {
		cfg.Sends = maxSends
	}
	return &Outbox{
		cfg: cfg, sender: newSender(cfg), queue: newSendQueue(), told: map[lackKey]time.Time{}, found: map[int64]bool{}, rows: map[int64]row{},
		bell: make(chan struct{}, 1), look: make(chan struct{}, 1),
	}
}

// Push takes notices that a commit has returned. It never blocks.
func (o *Outbox) Push(list []tickets.Notice) { o.take(list, false) }

func (o *Outbox) take(list []tickets.Notice, swept bool) {
	if len(list) == 0 {
		return
	}
	now := o.cfg.Now()
	o.mu.Lock()
	for _, n := range list {
		if !n.Claimed || !o.found[n.ID] {
			o.queue.add(n, swept, now)
		}
	}
	o.mu.Unlock()
	ring(o.bell)
}

// Queued counts the notices that this outbox holds.
func (o *Outbox) Queued() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.queue.len()
}

func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default: // it rings already
	}
}

// Run sends until the context ends. Then it claims nothing more, gives the sends
// in hand a few seconds, and returns (P9). What it leaves is in the store.
func (o *Outbox) Run(ctx context.Context) error {
	hand, drop := context.WithCancel(context.WithoutCancel(ctx))
	defer drop()
	var sweeps sync.WaitGroup
	sweeps.Go(func() { o.sweep(ctx) })
	o.dispatch(ctx, hand)
	o.stopping.Store(true)
	grace := time.AfterFunc(handTime, drop)
	defer grace.Stop()
	o.sends.Wait()
	sweeps.Wait()
	o.giveBack(hand)
	return nil
}

// work sends one notice: the durable mark, the send, the record of what came of
// it.
func (o *Outbox) work(ctx context.Context, it *item) {
	now := o.cfg.Now()
	claim, err := o.claim(ctx, it, now)
	if err != nil {
		o.unclaimed(it, err)
		return
	}
	it.fails = 0
	it.messages = 1
	if claim.Notice.To != it.to {
		o.readdress(ctx, it, claim.Notice)
		return
	}
	more := o.together(ctx, it)
	r := o.sender.send(ctx, claim, notices(more), func(ctx context.Context, sent []int64, messages int) (time.Time, bool) {
		it.messages = messages // of the call that the next try begins with
		at := o.cfg.Now()
		if o.stopping.Load() || at.Sub(now) > claimTime || !o.noted(ctx, it, sent) {
			return at, false
		}
		own, all := o.reserve(ctx, it.to.Chat, messages, it.rank)
		return at.Add(max(own, all)), own <= 0 && all <= 0
	})
	head := r
	head.sent = r.share(claim.Notice, 0, len(more)+1)
	s := o.judge(ctx, claim, head)
	recorded := o.settle(ctx, s)
	if recorded {
		o.settleTogether(ctx, more, r, s)
		it.follow(s)
	}
	it.apart(r)
	it.aside = s.Aside
	o.put(it, recorded && s.Outcome == tickets.Again, s.After)
}

// Pauses before asking the store again, doubled from the first to the last.
const (
	claimFirst = 50 * time.Millisecond
	claimLast  = 2 * time.Second
)

// unclaimed decides what becomes of a notice that could not be claimed.
func (o *Outbox) unclaimed(it *item, err error) {
	if errors.Is(err, tickets.ErrStale) {
		o.put(it, false, time.Time{}) // another replica has it, or a newer one replaced it
		return
	}
	if errors.Is(err, tickets.ErrBehind) {
		ring(o.look) // what goes before it may be in the store alone
	} else {
		o.cfg.Log.Warn("a notice cannot be claimed", "notice", it.id, "err", err)
	}
	it.fails++
	o.put(it, true, o.cfg.Now().Add(o.backoff(it.fails, claimFirst, claimLast)))
}

// backoff is the pause after a number of tries in a row: between half and all
// of first, doubled with each, up to last.
func (o *Outbox) backoff(tries int, first, last time.Duration) time.Duration {
	d := last
	if n := max(tries-1, 0); n < 20 && first<<n < last {
		d = first << n
	}
	return d/2 + time.Duration(o.cfg.Rand()*float64(d/2))
}
