package sessions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"intakebot/dialog/sessions/redisconn"
	"intakebot/tickets"
	"intakebot/tickets/sqlite"
	"intakebot/tickets/storetest"
	"intakebot/tickets/storetest/servers"
)

const week = 7 * 24 * time.Hour

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func openStore(t *testing.T) tickets.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "bot.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func connect(t *testing.T, address string) redis.UniversalClient {
	t.Helper()
	client, err := redisconn.Open(address, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

// watched is a store that counts how often customers are loaded from it, and
// can lose an answer.
type watched struct {
	tickets.Store
	loads atomic.Int64
	lose  atomic.Bool // the answers of commits
}

func (w *watched) Customer(ctx context.Context, id int64) (tickets.Customer, error) {
	w.loads.Add(1)
	return w.Store.Customer(ctx, id)
}

var errLost = errors.New("the answer was lost")

func (w *watched) Commit(ctx context.Context, c tickets.Change) (tickets.Committed, error) {
	done, err := w.Store.Commit(ctx, c)
	if err == nil && w.lose.Load() {
		err = errLost
	}
	return done, err
}

// says makes a session that holds one answer.
func says(n int) json.RawMessage { return json.RawMessage(fmt.Sprintf(`{"answer":%d}`, n)) }

func answer(t *testing.T, session json.RawMessage) int {
	t.Helper()
	var s struct{ Answer int }
	if len(session) > 0 {
		if err := json.Unmarshal(session, &s); err != nil {
			t.Fatal(err)
		}
	}
	return s.Answer
}

func load(t *testing.T, s tickets.Store, id int64) tickets.Customer {
	t.Helper()
	c, err := s.Customer(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// give commits an answer to what was loaded.
func give(t *testing.T, s tickets.Store, c tickets.Customer, n int) error {
	t.Helper()
	c.Session = says(n)
	_, err := s.Commit(t.Context(), tickets.Change{Customer: &c, At: noon})
	return err
}

// mustGive loads a customer and commits an answer.
func mustGive(t *testing.T, s tickets.Store, id int64, n int) {
	t.Helper()
	if err := give(t, s, load(t, s, id), n); err != nil {
		t.Fatal(err)
	}
}

// wantAnswer loads a customer and compares the session.
func wantAnswer(t *testing.T, s tickets.Store, id int64, n int) {
	t.Helper()
	if got := answer(t, load(t, s, id).Session); got != n {
		t.Errorf("the answer is %d, want %d", got, n)
	}
}

// A cache is a store, with Redis and without it.
func TestIsAStore(t *testing.T) {
	var spaces atomic.Int64
	for name, stop := range map[string]bool{"with Redis": false, "Redis away": true} {
		t.Run(name, func(t *testing.T) {
			server := servers.Redis(t)
			client := connect(t, server.URL)
			if stop {
				server.Stop()
			}
			storetest.Run(t, func(t *testing.T) tickets.Store {
				return New(openStore(t), client, fmt.Sprintf("intakebot:%d:", spaces.Add(1)), week)
			})
		})
	}
}

// A step reads nothing from the store.
func TestHotCopy(t *testing.T) {
	store := &watched{Store: openStore(t)}
	server := servers.Redis(t)
	client := connect(t, server.URL)
	cache := New(store, client, "intakebot:1:", week)
	other := New(store, client, "intakebot:1:", week)
	for n := 1; n <= 5; n++ {
		mustGive(t, cache, 7, n)
		wantAnswer(t, other, 7, n)
	}
	if n := store.loads.Load(); n != 1 {
		t.Errorf("%d loads from the store, want the first only", n)
	}
	want := tickets.Customer{ID: 8, Lang: tickets.English, Wake: noon.Add(time.Hour), Blocked: true}
	if _, err := cache.Commit(t.Context(), tickets.Change{Customer: &want, At: noon}); err != nil {
		t.Fatal(err)
	}
	hot, cold := load(t, cache, 8), load(t, store.Store, 8)
	if fmt.Sprintf("%+v", hot) != fmt.Sprintf("%+v", cold) {
		t.Errorf("the copy is %+v, the store has %+v", hot, cold)
	}
	keys := client.Keys(t.Context(), "*").Val()
	if len(keys) != 2 {
		t.Errorf("the keys are %q", keys)
	}
	if left := client.PTTL(t.Context(), "intakebot:1:{7}:customer").Val(); left <= week-time.Hour || left > week {
		t.Errorf("the copy expires in %v", left)
	}
}

// Who is not known yet is not kept as such.
func TestUnknownCustomer(t *testing.T) {
	store := &watched{Store: openStore(t)}
	client := connect(t, servers.Redis(t).URL)
	cache := New(store, client, "", week)
	if c := load(t, cache, 7); c.Version != 0 || c.ID != 7 {
		t.Errorf("an unknown customer: %+v", c)
	}
	if n := client.DBSize(t.Context()).Val(); n != 0 {
		t.Errorf("%d keys", n)
	}
	mustGive(t, store.Store, 7, 1) // somebody without Redis
	wantAnswer(t, cache, 7, 1)
}

// An old copy costs one ErrStale, after which the store is read.
func TestOldCopy(t *testing.T) {
	store := &watched{Store: openStore(t)}
	cache := New(store, connect(t, servers.Redis(t).URL), "", week)
	mustGive(t, cache, 7, 1)
	mustGive(t, store.Store, 7, 2)
	old := load(t, cache, 7)
	if answer(t, old.Session) != 1 {
		t.Fatal("the copy is not old, so that this shows nothing")
	}
	if err := give(t, cache, old, 9); !errors.Is(err, tickets.ErrStale) {
		t.Errorf("a change to an old copy: %v, want ErrStale", err)
	}
	mustGive(t, cache, 7, 3)
	wantAnswer(t, store.Store, 7, 3)
}

// A slow reader does not put an old copy over a newer one.
func TestNewerCopyStays(t *testing.T) {
	store := openStore(t)
	cache := New(store, connect(t, servers.Redis(t).URL), "", week)
	mustGive(t, store, 7, 1)
	slow := load(t, store, 7)
	mustGive(t, cache, 7, 2)
	cache.put(t.Context(), slow)
	wantAnswer(t, cache, 7, 2)
}

// When nobody knows whether a commit was done, the store is asked.
func TestLostAnswer(t *testing.T) {
	store := &watched{Store: openStore(t)}
	cache := New(store, connect(t, servers.Redis(t).URL), "", week)
	mustGive(t, cache, 7, 1)
	store.lose.Store(true)
	if err := give(t, cache, load(t, cache, 7), 2); !errors.Is(err, errLost) {
		t.Fatal(err)
	}
	store.lose.Store(false)
	wantAnswer(t, cache, 7, 2)
}

// A change that was done before leaves the copy as it is, and one of no
// customer has none.
func TestNothingToCopy(t *testing.T) {
	store := &watched{Store: openStore(t)}
	cache := New(store, connect(t, servers.Redis(t).URL), "", week)
	mustGive(t, cache, 7, 1)
	update := &tickets.Update{ID: 1}
	if _, err := cache.Commit(t.Context(), tickets.Change{Update: update, At: noon}); err != nil {
		t.Fatal(err)
	}
	c := load(t, cache, 7)
	if _, err := cache.Commit(t.Context(), tickets.Change{Update: update, Customer: &c, At: noon}); !errors.Is(err, tickets.ErrDuplicate) {
		t.Errorf("the same update again: %v", err)
	}
	before := store.loads.Load()
	wantAnswer(t, cache, 7, 1)
	if store.loads.Load() != before {
		t.Error("the copy is gone")
	}
}

// The outbox finds out that a customer has blocked the bot: a change to the
// customer that the store makes by itself. It moves the version, so that a copy
// from before cannot take it back, wherever it comes from.
func TestBlocked(t *testing.T) {
	store := openStore(t)
	cache := New(store, connect(t, servers.Redis(t).URL), "", week)
	mustGive(t, cache, 7, 1)
	before := load(t, cache, 7)
	notice := tickets.Notice{To: tickets.Address{Chat: 7}, Kind: tickets.NoticeSend, Lang: tickets.Russian}
	done, err := cache.Commit(t.Context(), tickets.Change{Notices: []tickets.Notice{notice}, At: noon})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cache.Claim(t.Context(), "me", done.Notices[0].ID, noon); err != nil {
		t.Fatal(err)
	}
	settled := tickets.Settlement{Notice: done.Notices[0].ID, Outcome: tickets.Undeliverable, Blocked: true, At: noon}
	if _, err := cache.Settle(t.Context(), "me", settled); err != nil {
		t.Fatal(err)
	}
	if !load(t, cache, 7).Blocked {
		t.Error("the copy knows nothing of it")
	}
	if err := give(t, cache, before, 2); !errors.Is(err, tickets.ErrStale) {
		t.Errorf("a change to a copy from before: %v, want ErrStale", err)
	}
	if !load(t, cache, 7).Blocked {
		t.Error("forgotten")
	}
	if _, ok := cache.claimed.Load(done.Notices[0].ID); ok {
		t.Error("the notice is remembered for ever")
	}
}

// What is in Redis and none of ours is replaced.
func TestNonsenseInRedis(t *testing.T) {
	client := connect(t, servers.Redis(t).URL)
	cache := New(openStore(t), client, "", week)
	mustGive(t, cache, 7, 1)
	for _, nonsense := range []string{"", "nonsense", `{"v":99`, `{"v":0}`, `{"v":"1"}`, `[]`} {
		if err := client.Set(t.Context(), cache.key(7), nonsense, 0).Err(); err != nil {
			t.Fatal(err)
		}
		wantAnswer(t, cache, 7, 1)
		mustGive(t, cache, 7, 1)
		wantAnswer(t, cache, 7, 1)
	}
}
