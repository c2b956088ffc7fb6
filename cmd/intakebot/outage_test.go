package main

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"intakebot/tickets/storetest/servers"
)

// TestPostgresAwayAtTheStart: it is waited for, with a line in the log.
func TestPostgresAwayAtTheStart(t *testing.T) {
	t.Parallel()
	th := newTheatre(t)
	server := servers.OwnPostgres(t)
	server.Stop()
	polls := th.gate.begin(nil)
	p := start(t, th.env(t, server.URL), "run")
	p.logs(t, "PostgreSQL is away, trying again")
	server.Start()
	select {
	case <-polls:
	case <-patient(t).Done():
		t.Fatalf("it does not come up\n%s", p.err)
	}
	if code := p.stop(t); code != 0 {
		t.Errorf("exit status %d\n%s", code, p.err)
	}
}

// TestStoppedWhileWaiting: Ctrl-C ends the waiting for a server, too.
func TestStoppedWhileWaiting(t *testing.T) {
	t.Parallel()
	th := newTheatre(t)
	p := start(t, th.env(t, "postgres://postgres@"+freeAddress(t)+"/nothing"), "run")
	p.logs(t, "PostgreSQL is away, trying again")
	if code := p.stop(t); code != 0 {
		t.Errorf("exit status %d\n%s", code, p.err)
	}
}

// TestPostgresGoesAway: in the middle of dialogs the server stops. Updates are
// refused until it is back, so that Telegram brings them again; then all is
// there.
func TestPostgresGoesAway(t *testing.T) {
	t.Parallel()
	for name, hooks := range map[string]int{"polling": 0, "webhook": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, shared := servers.OwnPostgres(t), servers.Redis(t)
			h := newHooked(t, server.URL, shared.URL, hooks)
			if hooks == 0 {
				h.envs = []map[string]string{h.theatre.env(t, server.URL)}
				h.envs[0]["REDIS_URL"] = shared.URL
				h.replicas = []*process{start(t, h.envs[0], "run")}
			}
			h.emptied(t, shared.URL)
			h.outage(server)
			h.end()
			h.check(openLedger(t, "pgx", server.URL))
		})
	}
}

// outage stops the database once the bot has said enough, until the bot has
// noticed it.
func (h *hooked) outage(server *servers.Server) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 5*hangs)
	defer cancel()
	enough := make(chan struct{})
	h.gate.begin(&strike{method: "sendmessage", at: answered, left: 12, do: func() { close(enough) }})
	var dialogs atomic.Int64
	for _, c := range h.customers {
		c.hooked = true
	}
	played := customersPlay(ctx, h.customers, func() bool { return dialogs.Add(1) <= int64(len(h.customers)) })
	select {
	case <-enough:
	case err := <-played:
		h.t.Fatalf("over before the outage: %v", err)
	}
	began := time.Now()
	server.Stop()
	h.replicas[0].logs(h.t, "updates are refused until the store is back")
	server.Start()
	h.replicas[0].logs(h.t, "the store is back")
	h.t.Logf("without the database for %v", time.Since(began).Round(time.Millisecond))
	if err := <-played; err != nil {
		h.t.Fatal(err)
	}
}
