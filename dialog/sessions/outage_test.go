package sessions

import (
	"errors"
	"io"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"

	"intakebot/tickets"
	"intakebot/tickets/postgres"
	"intakebot/tickets/storetest/servers"
)

// cable is the way of one replica to Redis, which can be cut while Redis goes
// on, so that what it holds grows old.
type cable struct {
	url   string
	to    string
	mu    sync.Mutex
	cut   bool
	conns []net.Conn
}

func lay(t *testing.T, server string) *cable {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o, err := redis.ParseURL(server)
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{url: "redis://" + l.Addr().String(), to: o.Addr}
	t.Cleanup(func() { l.Close(); c.Cut() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			go c.join(near)
		}
	}()
	return c
}

// join passes bytes both ways until either side ends.
func (c *cable) join(near net.Conn) {
	defer near.Close()
	far, err := net.Dial("tcp", c.to)
	if err != nil || !c.keep(near, far) {
		return
	}
	defer far.Close()
	go func() {
		io.Copy(far, near)
		far.Close()
	}()
	io.Copy(near, far)
}

func (c *cable) keep(conns ...net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cut {
		for _, conn := range conns {
			conn.Close()
		}
		return false
	}
	c.conns = append(c.conns, conns...)
	return true
}

// Cut ends all connections and lets no new one through.
func (c *cable) Cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = true
	for _, conn := range c.conns {
		conn.Close()
	}
	c.conns = nil
}

// Mend lets connections through again.
func (c *cable) Mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = false
}

// reachable tells whether a client has found that Redis is there.
func reachable(t *testing.T, client redis.UniversalClient) bool {
	return client.Set(t.Context(), "reachable", "", week).Err() == nil
}

// A copy that was found to be old and could not be dropped is not believed
// again.
func TestAnOldCopyThatCouldNotBeDropped(t *testing.T) {
	server := servers.Redis(t)
	cable := lay(t, server.URL)
	client := connect(t, cable.url)
	store := &watched{Store: openStore(t)}
	cache := New(store, client, "", week)
	mustGive(t, cache, 7, 1)
	mustGive(t, store.Store, 7, 2)
	old := load(t, cache, 7)

	cable.Cut()
	if err := give(t, cache, old, 9); !errors.Is(err, tickets.ErrStale) {
		t.Fatalf("a change to an old copy: %v", err)
	}
	cable.Mend()
	for !reachable(t, client) {
		runtime.Gosched()
	}
	wantAnswer(t, cache, 7, 2)
	before := store.loads.Load()
	wantAnswer(t, cache, 7, 2)
	if store.loads.Load() != before || len(cache.doubted) != 0 {
		t.Error("the copy is doubted for ever")
	}
}

// storm is customers who answer, each through two replicas in turn, while Redis
// comes and goes.
type storm struct {
	store    tickets.Store
	replicas []*Cache
	stop     chan struct{}
	steps    chan struct{} // one for every answer
	stale    atomic.Int64
}

// Redis goes with PostgreSQL, where replicas have connections of their own; the
// one file has one process.
func TestRedisComesAndGoes(t *testing.T) {
	t.Run("PostgreSQL", func(t *testing.T) {
		url := servers.Postgres(t)
		comeAndGo(t, openPostgres(t, url), openPostgres(t, url))
	})
	t.Run("SQLite", func(t *testing.T) {
		store := openStore(t)
		comeAndGo(t, store, store)
	})
}

func openPostgres(t *testing.T, url string) tickets.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// comeAndGo lets customers talk while Redis is emptied, stopped, brought back, and cut off
// from one replica or both: no answer is lost, and an old copy costs one
// ErrStale.
func comeAndGo(t *testing.T, stores ...tickets.Store) {
	server := servers.Redis(t)
	first, second := lay(t, server.URL), lay(t, server.URL)
	clients := []redis.UniversalClient{connect(t, first.url), connect(t, second.url)}
	control := connect(t, server.URL)
	s := &storm{store: stores[0], stop: make(chan struct{}), steps: make(chan struct{})}
	for i, c := range clients {
		s.replicas = append(s.replicas, New(stores[i], c, "intakebot:1:", week))
	}
	var wg sync.WaitGroup
	for id := range int64(20) {
		wg.Go(func() { s.talk(t, id+1) })
	}
	back := func() {
		for !reachable(t, clients[0]) || !reachable(t, clients[1]) {
			<-s.steps
		}
	}
	for range 2 {
		for _, happens := range []func(){
			func() {},
			func() { control.FlushAll(t.Context()) },
			first.Cut,
			second.Cut,
			func() { first.Mend(); second.Mend(); back() },
			func() { control.FlushAll(t.Context()) },
			server.Stop,
			func() { server.Start(); back() },
			second.Cut,
			func() { second.Mend(); back() },
		} {
			happens()
			for range 200 {
				<-s.steps
			}
		}
	}
	close(s.stop)
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for over := false; !over; {
		select {
		case <-s.steps:
		case <-done:
			over = true
		}
	}
	if s.stale.Load() == 0 {
		t.Error("no copy was ever old, so that this shows nothing")
	}
	t.Logf("%d old copies were met", s.stale.Load())
}

// talk gives one answer after the other, and looks for each.
func (s *storm) talk(t *testing.T, id int64) {
	for n := 1; ; n++ {
		select {
		case <-s.stop:
			wantAnswer(t, s.store, id, n-1)
			return
		case s.steps <- struct{}{}:
		}
		replica := s.replicas[n%len(s.replicas)]
		for tries := 0; ; tries++ {
			c, err := replica.Customer(t.Context(), id)
			if err != nil {
				t.Errorf("customer %d: %v", id, err)
				return
			}
			seen := answer(t, c.Session)
			err = give(t, replica, c, n)
			if errors.Is(err, tickets.ErrStale) && tries == 0 {
				s.stale.Add(1)
				continue
			}
			if err != nil || seen != n-1 {
				t.Errorf("customer %d, answer %d, try %d: %v, after seeing answer %d", id, n, tries+1, err, seen)
				return
			}
			break
		}
	}
}
