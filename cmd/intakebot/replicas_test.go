package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"intakebot/bot/telegramsim"
	"intakebot/tickets/storetest/servers"
)

// TestKillsOnServers: the kill test on PostgreSQL and Redis, which is emptied all
// the time.
func TestKillsOnServers(t *testing.T) {
	t.Parallel()
	k := newKilling(t)
	url := servers.Postgres(t)
	k.env = k.theatre.env(t, url)
	shared := servers.Redis(t).URL
	k.env["REDIS_URL"] = shared
	k.emptied(t, shared)
	k.run(*kills / 2)
	k.check(openLedger(t, "pgx", url))
}

// TestOverWebhook: Telegram brings the updates to a bot with one file, again
// where the bot was killed.
func TestOverWebhook(t *testing.T) {
	t.Parallel()
	h := newHooked(t, "sqlite:"+filepath.Join(t.TempDir(), "x.db"), "", 1)
	h.play(12, func(update int64) {
		if update%10 == 0 {
			h.replicas[0].kill()
			h.start(0)
		}
	})
	h.end()
	h.check(openLedger(t, "sqlite", h.file()))
}

// TestReplicas: two replicas share the work, by turns. Each is killed in the
// middle and started again; Redis is emptied, stopped and brought back.
func TestReplicas(t *testing.T) {
	t.Parallel()
	url, shared := servers.Postgres(t), servers.Redis(t)
	h := newHooked(t, url, shared.URL, 2)
	h.emptied(t, shared.URL)
	h.play(60, func(update int64) {
		switch update {
		case 10:
			h.replicas[0].kill()
		case 20, 50:
			shared.Stop()
		case 25, 55:
			shared.Start()
		case 30:
			h.start(0)
		case 35:
			h.replicas[1].kill()
		case 45:
			h.start(1)
		}
	})
	h.end()
	h.check(openLedger(t, "pgx", url))
}

// emptied empties Redis after every few messages, which costs nobody an answer.
// The limits of sending go with it, so that nobody waits for them either.
func (th *theatre) emptied(t *testing.T, address string) {
	t.Helper()
	opts, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	c, events := redis.NewClient(opts), th.world.Subscribe()
	var done sync.WaitGroup
	done.Go(func() {
		for n := 0; ; {
			e, err := events.Next(context.Background())
			if err != nil {
				return
			}
			if e.Kind != telegramsim.MessageSent {
				continue
			}
			if n++; n%4 == 0 {
				_ = c.FlushAll(context.Background()).Err() // Redis may be away
			}
		}
	})
	t.Cleanup(func() {
		events.Close()
		done.Wait()
		_ = c.Close()
	})
}

// hooked is replicas behind one address, to which Telegram brings updates.
type hooked struct {
	*killing
	proxy    *httptest.Server
	envs     []map[string]string
	replicas []*process
	brought  atomic.Int64
	turn     atomic.Int64
	updates  chan int64 // the number of each, for play
	known    sync.Map   // their IDs: what is brought again counts once, or a bot that is away would be killed for it
}

func newHooked(t *testing.T, database, redisURL string, n int) *hooked {
	t.Helper()
	h := &hooked{killing: newKilling(t), updates: make(chan int64, 10000)}
	h.proxy = httptest.NewServer(http.HandlerFunc(h.forward))
	t.Cleanup(h.proxy.Close)
	for range n {
		env := h.theatre.env(t, database)
		env["REDIS_URL"], env[asProgram], env[replicaHook] = redisURL, "replica", h.proxy.URL+"/telegram"
		h.envs = append(h.envs, env)
	}
	h.replicas = make([]*process, n)
	for i := range n {
		h.start(i)
	}
	return h
}

func (h *hooked) start(i int) {
	h.t.Helper()
	h.gate.begin(nil)
	h.replicas[i] = start(h.t, h.envs[i])
	h.replicas[i].logs(h.t, "bot is ready")
}

func (h *hooked) file() string { return h.envs[0]["DATABASE_URL"][len("sqlite:"):] }

// forward brings updates to the replicas by turns, as a load balancer does: to
// the next where one is away.
func (h *hooked) forward(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	var u struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(body, &u); err != nil {
		panic(http.ErrAbortHandler)
	}
	if _, again := h.known.LoadOrStore(u.ID, true); !again {
		h.updates <- h.brought.Add(1)
	}
	turn := int(h.turn.Add(1))
	for i := range h.envs {
		env := h.envs[(turn+i)%len(h.envs)]
		if h.pass(w, r, env["LISTEN_ADDR"], body) {
			return
		}
	}
	http.Error(w, "nobody is there", http.StatusBadGateway)
}

// pass brings one update to one replica. A replica that died meanwhile may have
// worked on it: the next one knows it again then.
func (h *hooked) pass(w http.ResponseWriter, r *http.Request, address string, body []byte) bool {
	req, err := http.NewRequestWithContext(r.Context(), r.Method, "http://"+address+r.URL.Path, bytes.NewReader(body))
	if err != nil {
		return false
	}
	req.Header = r.Header.Clone()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body)
	return true
}

// play has customers file tickets until so many updates were brought; each is
// called about each of them.
func (h *hooked) play(updates int64, each func(update int64)) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 5*time.Minute)
	defer cancel()
	for _, c := range h.customers {
		c.hooked = true
	}
	played := customersPlay(ctx, h.customers, func() bool { return h.brought.Load() < updates })
	for done := int64(0); ; {
		select {
		case err := <-played:
			if err != nil {
				for _, p := range h.replicas {
					h.t.Log(p.err)
				}
				h.t.Fatalf("%d updates wait, %d were brought: %v", h.bot.Pending(), h.brought.Load(), err)
			}
			return
		case n := <-h.updates:
			for ; done < n && each != nil; done++ {
				each(done + 1)
			}
		}
	}
}

// end waits until all is at rest, and stops the replicas.
func (h *hooked) end() {
	h.t.Helper()
	h.rest(h.envs[0]["LISTEN_ADDR"])
	for _, p := range h.replicas {
		if code := p.stop(h.t); code != 0 {
			h.t.Errorf("exit status %d after SIGINT\n%s", code, p.err)
		}
	}
}
