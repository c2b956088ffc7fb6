package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"intakebot/bot/limits"
	"intakebot/bot/telegramsim"
	"intakebot/bot/texts"
	"intakebot/tickets"
	"intakebot/tickets/sqlite"
)

// office is an outbox between a store in a file and the local Telegram, over
// HTTP through pipes in memory, so that all of it can run in a bubble of its
// own time.
type office struct {
	*testing.T
	ctx    context.Context
	world  *telegramsim.World
	bot    *telegramsim.Bot
	store  *shakyStore
	render *Renderer
	client *Client
	log    *slog.Logger
	outbox *Outbox // of the last start
	names  int
}

// unique makes a name that no other has.
func (o *office) unique(kind string) string {
	o.names++
	return fmt.Sprint(kind, " ", o.names)
}

// inOffice runs a test in a bubble.
func inOffice(t *testing.T, test func(*office), opts ...telegramsim.Option) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { test(newOffice(t, opts...)) })
}

func newOffice(t *testing.T, opts ...telegramsim.Option) *office {
	t.Helper()
	catalog, err := texts.New()
	if err != nil {
		t.Fatal(err)
	}
	o := &office{T: t, ctx: t.Context(), world: telegramsim.New(opts...), log: slog.New(slog.NewTextHandler(testWriter{t}, nil))}
	t.Cleanup(o.world.Close)
	o.bot = o.world.AddBot(testToken, "thebot", "Desk")
	o.render = NewRenderer(catalog, time.FixedZone("MSK", 3*60*60), o.log)
	o.client = NewClient(testToken, pipeTransport(t, o.world.Handler()))
	o.store = &shakyStore{Outbox: openStore(t)}
	return o
}

func openStore(t testing.TB) tickets.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "desk.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// start runs an outbox; the returned function stops it and waits.
func (o *office) start(change ...func(*OutboxConfig)) (stop func()) {
	o.Helper()
	api, err := NewAPI(testToken, "http://telegram.test", o.client, o.log)
	if err != nil {
		o.Fatal(err)
	}
	cfg := OutboxConfig{
		Store: o.store, API: api, Render: o.render, Limiter: limits.NewLocal(), Log: o.log,
		Owner: o.unique("run"), Alone: true, Rand: func() float64 { return 0.5 },
	}
	for _, c := range change {
		c(&cfg)
	}
	o.outbox = NewOutbox(cfg)
	ctx, cancel := context.WithCancel(o.ctx)
	ended := make(chan struct{})
	go func(out *Outbox) { defer close(ended); _ = out.Run(ctx) }(o.outbox)
	stop = sync.OnceFunc(func() { cancel(); <-ended })
	o.Cleanup(stop)
	return stop
}

// commit stores notices as a change does, and returns them with their IDs.
func (o *office) commit(list ...tickets.Notice) []tickets.Notice {
	o.Helper()
	return o.change(tickets.Change{Notices: list}).Notices
}

func (o *office) change(c tickets.Change) tickets.Committed {
	o.Helper()
	c.At = time.Now()
	done, err := o.store.Outbox.(tickets.Store).Commit(o.ctx, c)
	if err != nil {
		o.Fatal(err)
	}
	return done
}

// post commits notices and hands them to the outbox.
func (o *office) post(list ...tickets.Notice) []tickets.Notice {
	o.Helper()
	list = o.commit(list...)
	o.outbox.Push(list)
	return list
}

// drain waits until everything is sent, at most an hour of the bubble.
func (o *office) drain() {
	o.Helper()
	for end := time.Now().Add(time.Hour); ; o.pass(100 * time.Millisecond) {
		n, err := o.store.Unsent(o.ctx)
		if err != nil {
			o.Fatal(err)
		}
		if n == 0 {
			synctest.Wait()
			return
		}
		if time.Now().After(end) {
			o.Fatalf("%d notices are not sent after an hour", n)
		}
	}
}

// pass lets time go by in the bubble.
func (o *office) pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// customer is a person who has written to the bot.
func (o *office) customer(name string) *telegramsim.Seat {
	o.Helper()
	s := o.world.AddPerson(name).With(o.bot)
	if _, err := s.Start(""); err != nil {
		o.Fatal(err)
	}
	return s
}

// texts are what the bot has said in a chat.
func botTexts(ch *telegramsim.Chat) []string {
	var out []string
	for _, m := range ch.Messages() {
		if m.FromBot && m.Kind != "service" {
			out = append(out, m.Text)
		}
	}
	return out
}

func (o *office) same(what string, got, want []string) {
	o.Helper()
	if strings.Join(got, "|") != strings.Join(want, "|") {
		o.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

func (o *office) counted(what string, got, want int64) {
	o.Helper()
	if got != want {
		o.Errorf("%s: %d, want %d", what, got, want)
	}
}

// note is a notice that shows a text as it is.
func note(chat int64, text string) tickets.Notice {
	return tickets.Notice{
		To: tickets.Address{Chat: chat}, Kind: tickets.NoticeSend, Lang: tickets.Russian,
		Message: tickets.Say("plain", tickets.Args{"text": tickets.Text(text)}),
	}
}

// noLimits lets everything pass.
type noLimits struct{}

func (noLimits) Reserve(context.Context, int64, bool, int, int, time.Time) (own, all time.Duration) {
	return 0, 0
}
func (noLimits) Penalise(context.Context, int64, time.Duration, time.Time) {}

var errShaken = errors.New("the store is away")

// shakyStore is a store that can be away for some calls.
type shakyStore struct {
	tickets.Outbox
	mu     sync.Mutex
	claims int // that still fail
	notes  int // that still fail
	settle int // that still fail
}

func (s *shakyStore) fails(left *int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	*left--
	return *left >= 0
}

func (s *shakyStore) Claim(ctx context.Context, owner string, id int64, now time.Time) (tickets.Claim, error) {
	if s.fails(&s.claims) {
		return tickets.Claim{}, errShaken
	}
	return s.Outbox.Claim(ctx, owner, id, now)
}

func (s *shakyStore) NoteSent(ctx context.Context, owner string, notice, chat int64, sent []int64) error {
	if s.fails(&s.notes) {
		return errShaken
	}
	return s.Outbox.NoteSent(ctx, owner, notice, chat, sent)
}

func (s *shakyStore) Settle(ctx context.Context, owner string, o tickets.Settlement) ([]tickets.Notice, error) {
	if s.fails(&s.settle) {
		return nil, errShaken
	}
	return s.Outbox.Settle(ctx, owner, o)
}

// testWriter logs into a test.
type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimSuffix(string(p), "\n"))
	return len(p), nil
}

// pipes is a listener whose connections are pipes in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	close  func()
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.close(); return nil }
func (p *pipes) Addr() net.Addr { return &net.IPAddr{} }

// pipeTransport serves a handler over pipes, with real HTTP on both ends.
func pipeTransport(t *testing.T, h http.Handler) http.RoundTripper {
	p := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	server := &http.Server{Handler: h}
	go func() { _ = server.Serve(p) }()
	t.Cleanup(func() { _ = server.Close() })
	return NewTransport(func(ctx context.Context, _, _ string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		select {
		case p.conns <- theirs:
			return ours, nil
		case <-p.closed:
			return nil, net.ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
}
