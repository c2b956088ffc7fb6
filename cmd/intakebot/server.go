package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sort"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/netutil"

	"intakebot/tickets"
)

// front is what the bot serves over HTTP: the webhook, health and metrics.
type front struct {
	store    tickets.Store
	counters map[string]*atomic.Int64 // by the name of their metric
	ready    atomic.Bool              // the bot takes updates
	hook     http.Handler             // nil: updates are fetched
	hookPath string
}

func (f *front) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", f.readiness)
	mux.HandleFunc("GET /metrics", f.metrics)
	if f.hook != nil {
		mux.Handle(f.hookPath, f.hook)
	}
	return mux
}

// readiness tells whether updates are taken and the store can be reached.
func (f *front) readiness(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	switch {
	case !f.ready.Load():
		http.Error(w, "starting or stopping", http.StatusServiceUnavailable)
	case f.store.Ping(ctx) != nil:
		http.Error(w, "the store is away", http.StatusServiceUnavailable)
	default:
		fmt.Fprintln(w, "ok")
	}
}

// metrics prints the counters as Prometheus reads them.
func (f *front) metrics(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	names := make([]string, 0, len(f.counters))
	for name := range f.counters {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(&b, "# TYPE %s counter\n%s %d\n", name, name, f.counters[name].Load())
	}
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if unsent, err := f.store.Unsent(ctx); err == nil {
		fmt.Fprintf(&b, "# TYPE intakebot_outbox_unsent gauge\nintakebot_outbox_unsent %d\n", unsent)
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	fmt.Fprint(w, b.String())
}

// mostConns is how many connections are served at once. More wait their turn, so
// that memory stays bounded: one costs some 20 KB, and whoever says nothing is
// gone after seconds. Telegram opens 100.
const mostConns = 2000

// serve answers HTTP on a listener until the context ends, then finishes what
// is in hand (P9).
func serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 9*time.Second)
		defer cancel()
		stopped <- s.Shutdown(last)
	}()
	if err := s.Serve(netutil.LimitListener(l, mostConns)); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
