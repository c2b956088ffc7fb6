package telegramsim

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-telegram/bot/models"
)

// World is one local Telegram: its bots, people, chats, messages and files, all
// in memory. Every method is safe for concurrent use.
//
// Identifiers are counted up from fixed starts, so the same calls in the same
// order give the same IDs on every run.
type World struct {
	mu sync.Mutex

	now   func() time.Time
	after func(time.Duration) <-chan time.Time

	methods     map[string]method
	firstUpdate int64
	taken       int // IDs up to it are an earlier world's
	penalty     bool
	history     int
	limits      *limiter
	fault       Fault
	witness     func(Deed)
	people      []*Person
	bots        []*Bot
	byToken     map[string]*Bot
	users       map[int64]*models.User
	private     map[privateKey]*chat
	groups      map[int64]*chat
	groupOrder  []*chat
	files       fileStore
	queries     queryStore
	watchers    map[*Subscription]struct{}
	nextUser    int64
	nextGroup   int64
	nextSuper   int64
	nextMessage int
	nextAlbum   int64
	closed      chan struct{}
	closeOnce   sync.Once
	background  sync.WaitGroup
}

type privateKey struct{ bot, person int64 }

// Option changes how a World is made.
type Option func(*World)

// WithClock sets the clock that stamps messages and ages updates and presses.
// The default is time.Now.
func WithClock(now func() time.Time) Option { return func(w *World) { w.now = now } }

// WithTimer sets what waits: the long poll's end, and the pauses before a
// refused webhook update is brought again. The default is time.After.
func WithTimer(after func(time.Duration) <-chan time.Time) Option {
	return func(w *World) { w.after = after }
}

// WithFirstUpdateID sets the ID of each bot's first update, from 1. The default
// is 100001.
func WithFirstUpdateID(id int64) Option { return func(w *World) { w.firstUpdate = id } }

// WithTakenIDs keeps n IDs free for an earlier world: messages, in groups too,
// topics, albums, files and presses count on from n. The default is 0. A world
// that is made anew beside a bot that remembers an earlier one needs that, and a
// first update ID that the bot has not seen.
func WithTakenIDs(n int) Option { return func(w *World) { w.taken = n } }

// WithHistory keeps only about the n newest messages of each chat, so that a
// long run under load does not fill the memory. The default keeps all.
func WithHistory(n int) Option { return func(w *World) { w.history = n } }

// WithRateLimits switches on Telegram's limits on sending: 30 messages a second
// over all chats, one a second in a chat with short bursts, 20 a minute in a
// group. They are off by default.
func WithRateLimits() Option {
	return func(w *World) { w.limits = newLimiter() }
}

// WithPollPenalty punishes a bot that polls one offset again too soon, as the
// real server does: within half a second it gets one update at most, and within
// three seconds its timeout is at least three seconds. The world's clock must
// move for that. It is off by default.
func WithPollPenalty() Option { return func(w *World) { w.penalty = true } }

// New makes an empty world. Close it when done.
func New(opts ...Option) *World {
	w := &World{
		now:         time.Now,
		after:       time.After,
		methods:     methodTable(),
		firstUpdate: 100001,
		byToken:     map[string]*Bot{},
		users:       map[int64]*models.User{},
		private:     map[privateKey]*chat{},
		groups:      map[int64]*chat{},
		watchers:    map[*Subscription]struct{}{},
		nextUser:    1000001,
		nextGroup:   -4000001,
		nextSuper:   -1002000000001,
		closed:      make(chan struct{}),
	}
	for _, opt := range opts {
		opt(w)
	}
	w.nextMessage, w.nextAlbum = w.taken, int64(w.taken)
	w.files.init(w.taken)
	w.queries.init(w.taken)
	return w
}

// Close ends webhook deliveries, waiting polls and subscriptions, and waits
// until all of them have stopped.
func (w *World) Close() {
	w.closeOnce.Do(func() {
		close(w.closed)
		w.mu.Lock()
		for s := range w.watchers {
			s.end()
		}
		clear(w.watchers)
		for _, b := range w.bots {
			if b.hook != nil {
				b.hook.cancel()
			}
		}
		w.mu.Unlock()
	})
	w.background.Wait()
}

// Now is the world's clock.
func (w *World) Now() time.Time { return w.now() }

func (w *World) unix() int { return int(w.now().Unix()) }

// Bot is one bot account.
type Bot struct {
	w     *World
	token string
	user  models.User
	// canReadAll is BotFather's privacy mode switched off: the bot sees every
	// message of a group without being an administrator.
	canReadAll bool
	queue      updateQueue
	hook       *webhook
	commands   map[string][]models.BotCommand
	topics     bool // in private chats
	byPeople   bool // people may make and delete them
}

// AddBot makes a bot with a token of the form "123:secret"; the number is the
// bot's user ID. It panics when the token is malformed or taken: that is a
// mistake of the one who sets the stage.
func (w *World) AddBot(token, username, name string) *Bot {
	number, _, ok := strings.Cut(token, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || id <= 0 {
		panic(fmt.Sprintf("telegramsim: token %q is not of the form 123:secret", token))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byToken[token] != nil || w.users[id] != nil {
		panic(fmt.Sprintf("telegramsim: the bot %d exists", id))
	}
	b := &Bot{
		w: w, token: token,
		user: models.User{ID: id, IsBot: true, FirstName: name, Username: username,
			CanJoinGroups: true},
		commands: map[string][]models.BotCommand{},
	}
	b.queue.init(w.firstUpdate)
	w.bots = append(w.bots, b)
	w.byToken[token] = b
	w.users[id] = b.publicUser()
	return b
}

// Token is the bot's secret, as BotFather gives it.
func (b *Bot) Token() string { return b.token }

// User is what getMe returns.
func (b *Bot) User() models.User {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	return b.self()
}

// SetPrivacy switches BotFather's privacy mode, on by default: a bot that is no
// administrator then sees only commands, replies to it and mentions in groups.
func (b *Bot) SetPrivacy(on bool) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	b.canReadAll = !on
}

func (b *Bot) self() models.User {
	u := b.user
	u.CanReadAllGroupMessages = b.canReadAll
	u.HasTopicsEnabled, u.AllowsUsersToCreateTopics = b.topics, b.topics && b.byPeople
	return u
}

// publicUser is the bot as others see it, without the fields of getMe.
func (b *Bot) publicUser() *models.User {
	return &models.User{ID: b.user.ID, IsBot: true, FirstName: b.user.FirstName, Username: b.user.Username}
}

// Bots lists the bots in the order in which they were added.
func (w *World) Bots() []*Bot {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]*Bot(nil), w.bots...)
}

// People lists the people in the order in which they were added.
func (w *World) People() []*Person {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]*Person(nil), w.people...)
}

// Groups lists the groups in the order in which they were made.
func (w *World) Groups() []*Group {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]*Group, len(w.groupOrder))
	for i, c := range w.groupOrder {
		out[i] = &Group{Chat: &Chat{w: w, c: c}}
	}
	return out
}
