package bot

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/dialog"
	"intakebot/tickets"
	"intakebot/tickets/sqlite"
)

const (
	testToken = "4242:very-secret"
	testDesk  = int64(-1002000000001)
)

// bench is an intake between a local Telegram over HTTP and a store in a file.
type bench struct {
	*testing.T
	ctx    context.Context // ends a test that hangs
	world  *telegramsim.World
	bot    *telegramsim.Bot
	wire   *wire
	store  *switchedStore
	outbox *recorder
	logged *logBook
	cfg    IntakeConfig
}

func newBench(t *testing.T) *bench {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	world := telegramsim.New()
	b := &bench{T: t, ctx: ctx, world: world, bot: world.AddBot(testToken, "thebot", "Desk"),
		outbox: &recorder{pushed: make(chan tickets.Notice, 1000)}, logged: &logBook{t: t, wrote: make(chan struct{}, 1)}}
	b.wire = &wire{next: world.Handler(), polls: make(chan int64, 1000)}
	server := httptest.NewServer(b.wire)
	t.Cleanup(server.Close)
	t.Cleanup(world.Close)
	real, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "desk.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = real.Close() })
	b.store = &switchedStore{Store: real, refused: make(chan struct{}, 1000)}
	b.cfg = IntakeConfig{
		Telegram: newTestReceiver(t, server), Store: b.store, Outbox: b.outbox,
		Policy: &tickets.Policy{}, Groups: []int64{testDesk}, Username: "thebot",
		Label:  func(label string) (string, bool) { return "key.back", label == "Назад" },
		Render: func(l tickets.Lang, line tickets.Line) string { return string(l) + " " + line.Key },
		Log:    slog.New(slog.NewTextHandler(b.logged, nil)), Answer: echo,
	}
	return b
}

func newTestReceiver(t *testing.T, server *httptest.Server) *Receiver {
	t.Helper()
	client := NewClient(testToken, nil)
	api, err := NewAPI(testToken, server.URL, client, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return NewReceiver(api)
}

// start runs an intake; the returned function stops it and waits.
func (b *bench) start() (in *Intake, stop func() error) {
	in = NewIntake(b.cfg)
	ctx, cancel := context.WithCancel(b.ctx)
	ended := make(chan error, 1)
	go func() { ended <- in.Run(ctx) }()
	stop = sync.OnceValue(func() error { cancel(); return <-ended })
	b.Cleanup(func() { _ = stop() })
	return in, stop
}

// person is a customer with the chat open.
func (b *bench) person(name string) *telegramsim.Seat { return b.world.AddPerson(name).With(b.bot) }

func (b *bench) send(s *telegramsim.Seat, text string) {
	b.Helper()
	if _, err := s.Send(text); err != nil {
		b.Fatal(err)
	}
}

// inject brings an update as it is, and returns its ID.
func (b *bench) inject(body string) int64 {
	b.Helper()
	id, err := b.bot.Inject([]byte(body))
	if err != nil {
		b.Fatal(err)
	}
	return id
}

// notice waits for the next notice that the outbox was given.
func (b *bench) notice() tickets.Notice { b.Helper(); return next(b, b.outbox.pushed) }

// next waits for an event.
func next[T any](b *bench, c <-chan T) T {
	b.Helper()
	select {
	case v := <-c:
		return v
	case <-b.ctx.Done():
		b.Fatal("waited in vain")
		panic("unreachable")
	}
}

// said is what the echo noted of a customer.
func (b *bench) said(id int64) []string {
	b.Helper()
	c, err := b.store.Customer(b.ctx, id)
	if err != nil {
		b.Fatal(err)
	}
	var said []string
	if len(c.Session) > 0 {
		if err := json.Unmarshal(c.Session, &said); err != nil {
			b.Fatal(err)
		}
	}
	return said
}

// confirmed waits until a poll confirms an update.
func (b *bench) confirmed(id int64) {
	b.Helper()
	for next(b, b.wire.polls) <= id {
	}
}

// echo notes everything in the session and sends it back.
func echo(c tickets.Customer, in dialog.Input, _ dialog.Env) (dialog.Reply, error) {
	var said []string
	if len(c.Session) > 0 {
		if err := json.Unmarshal(c.Session, &said); err != nil {
			return dialog.Reply{}, err
		}
	}
	note := string(in.Kind)
	for _, s := range []string{in.Command, in.Text, in.Press.Event} {
		if s != "" {
			note += " " + s
		}
	}
	body, err := json.Marshal(append(said, note))
	c.ID, c.Lang, c.Session = in.From.ID, tickets.Russian, body
	return dialog.Reply{Change: tickets.Change{Customer: &c, Notices: []tickets.Notice{{
		To: tickets.Address{Chat: c.ID}, Kind: tickets.NoticeSend, Lang: c.Lang,
		Message: tickets.Say("echo", tickets.Args{"text": tickets.Text(note)}),
	}}}, Toast: &tickets.Line{Key: "toast"}}, err
}

// recorder stands for the outbox.
type recorder struct{ pushed chan tickets.Notice }

func (r *recorder) Push(notices []tickets.Notice) {
	for _, n := range notices {
		r.pushed <- n
	}
}

// Sender has no commit claim anything: the recorder sends nothing.
func (r *recorder) Sender() string { return "" }

// wire is the network to Telegram: it tells the offsets polled, and can fail.
type wire struct {
	next  http.Handler
	polls chan int64
	fail  atomic.Pointer[http.HandlerFunc] // answers getUpdates once
}

func (w *wire) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	if req.URL.Path != "/bot"+testToken+"/getUpdates" {
		w.next.ServeHTTP(rw, req)
		return
	}
	body, _ := io.ReadAll(req.Body)
	var args struct{ Offset int64 }
	_ = json.Unmarshal(body, &args)
	w.polls <- args.Offset
	if fail := w.fail.Swap(nil); fail != nil {
		(*fail)(rw, req)
		return
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	w.next.ServeHTTP(rw, req)
}

// failWith has the next poll answered with an error.
func (w *wire) failWith(status int, body string) {
	h := http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		if strings.HasPrefix(body, "{") {
			rw.Header().Set("Content-Type", "application/json")
		}
		rw.WriteHeader(status)
		_, _ = io.WriteString(rw, body)
	})
	w.fail.Store(&h)
}

var errAway = errors.New("connection refused")

// switchedStore is the real store behind a line that can be cut, or that
// breaks after the commit and before its answer.
type switchedStore struct {
	tickets.Store
	away    atomic.Bool
	deaf    atomic.Bool  // commits are done, and the answer is lost, once
	reject  atomic.Int32 // commits that fail though the store is there
	cause   error        // of that; nil: it is the commit's own fault
	refused chan struct{}
}

func (s *switchedStore) cut() error {
	if !s.away.Load() {
		return nil
	}
	s.refused <- struct{}{}
	return errAway
}

func (s *switchedStore) Ping(ctx context.Context) error {
	if s.away.Load() {
		return errAway
	}
	return s.Store.Ping(ctx)
}

func (s *switchedStore) Customer(ctx context.Context, id int64) (tickets.Customer, error) {
	if err := s.cut(); err != nil {
		return tickets.Customer{}, err
	}
	return s.Store.Customer(ctx, id)
}

func (s *switchedStore) Shelve(ctx context.Context, sh tickets.Shelved) error {
	if err := s.cut(); err != nil {
		return err
	}
	return s.Store.Shelve(ctx, sh)
}

func (s *switchedStore) Commit(ctx context.Context, c tickets.Change) (tickets.Committed, error) {
	if err := s.cut(); err != nil {
		return tickets.Committed{}, err
	}
	if s.reject.Add(-1) >= 0 {
		return tickets.Committed{}, cmp.Or(s.cause, errors.New("constraint violated"))
	}
	done, err := s.Store.Commit(ctx, c)
	if s.deaf.Swap(false) {
		s.refused <- struct{}{}
		return tickets.Committed{}, errAway
	}
	return done, err
}

// logBook keeps what was logged, and shows it with the test.
type logBook struct {
	t     *testing.T
	mu    sync.Mutex
	b     bytes.Buffer
	wrote chan struct{} // there is more
}

func (l *logBook) Write(p []byte) (int, error) {
	l.t.Log(string(bytes.TrimSpace(p)))
	l.mu.Lock()
	defer l.mu.Unlock()
	defer ring(l.wrote)
	return l.b.Write(p)
}

func (l *logBook) has(s string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Contains(l.b.Bytes(), []byte(s))
}

// logs waits until a text is in the log.
func (b *bench) logs(s string) {
	b.Helper()
	for !b.logged.has(s) {
		next(b, b.logged.wrote)
	}
}
