package postgres

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"intakebot/tickets"
	"intakebot/tickets/storetest/servers"
)

// wire counts round trips: how often something is written after something was
// read.
type wire struct {
	trips atomic.Int64
	read  atomic.Bool
}

type tapped struct {
	net.Conn
	*wire
}

func (c tapped) Write(b []byte) (int, error) {
	if c.read.Swap(false) {
		c.trips.Add(1)
	}
	return c.Conn.Write(b)
}

func (c tapped) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.read.Store(true)
	}
	return n, err
}

// openTapped opens a store with one connection.
func openTapped(t *testing.T, url string) (*Store, *wire) {
	t.Helper()
	cfg, err := parse(url)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{}
	cfg.MaxConns = 2 // the migrations hold one while they use another
	cfg.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		return tapped{c, w}, err
	}
	s, err := open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, w
}

// step is all that a dialog's step and its notice do to the store, and counts
// the round trips of each.
func step(t *testing.T, s *Store, w *wire, version int64) (trips [3]int64) {
	t.Helper()
	known, err := s.TicketsOf(t.Context(), 7, 2)
	if err != nil {
		t.Fatal(err)
	}
	from := w.trips.Load()
	lap := func(i int, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		trips[i] = w.trips.Load() - from
		from += trips[i]
	}
	done, err := s.Commit(t.Context(), tickets.Change{
		Update: &tickets.Update{ID: version, Chat: 7, Message: version}, At: time.Unix(1, 0),
		Customer: &tickets.Customer{ID: 7, Version: version, Session: []byte(`{}`)},
		File:     &tickets.Ticket{Draft: string(rune('a' + version)), Customer: 7, State: tickets.StateNew},
		Tickets:  known,
		Carried:  []tickets.Carried{{Ticket: tickets.Filed, From: tickets.Spot{Message: version}}},
		Events:   []tickets.Event{{Kind: "filed", Actor: tickets.Actor{Kind: "bot"}}},
		Notices: []tickets.Notice{
			{To: tickets.Address{Chat: 7}, Kind: tickets.NoticeSend, About: tickets.Filed, Merge: "m"},
			{To: tickets.Address{Chat: -1, Ticket: tickets.Filed}, Kind: tickets.NoticeCard},
		},
	})
	lap(0, err)
	id := done.Notices[1].ID
	_, err = s.Claim(t.Context(), "a", id, time.Unix(2, 0))
	lap(1, err)
	_, err = s.Settle(t.Context(), "a", tickets.Settlement{
		Notice: id, Outcome: tickets.Delivered, At: time.Unix(3, 0), Place: &tickets.Place{Card: 1}, Blocked: true, Board: 5,
		Carried: []tickets.Carried{{Ticket: done.Ticket, From: tickets.Spot{Chat: 7, Message: version}}},
		Then:    []tickets.Notice{{To: tickets.Address{Chat: 7}, Kind: tickets.NoticeReact, Merge: "m"}},
	})
	lap(2, err)
	return trips
}

// TestOneRoundTrip: every write is one, once its statements are prepared; and
// again after the connections were lost.
func TestOneRoundTrip(t *testing.T) {
	url := servers.Postgres(t)
	s, w := openTapped(t, url)
	version := int64(0)
	for range 2 {
		for range 4 { // both connections prepare; and the first customer is inserted
			step(t, s, w, version)
			version++
		}
		if got := step(t, s, w, version); got != [3]int64{1, 1, 1} {
			t.Errorf("round trips of Commit, Claim, Settle: %v", got)
		}
		version++
		cut(t, url)
		for s.Ping(t.Context()) != nil { // each lost connection fails once
		}
	}
}

// cut ends every connection to the database but its own, and returns when they
// are gone.
func cut(t *testing.T, url string) {
	t.Helper()
	other, err := Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for left := 1; left > 0; {
		err := other.pool.QueryRow(t.Context(), `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
			WHERE datname = current_database() AND backend_type = 'client backend'
				AND pid NOT IN (SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_terminate_backend%')`).Scan(&left)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestServerAway: without the server every call fails with an error that means
// just that, and when it is back everything goes on.
func TestServerAway(t *testing.T) {
	server := servers.OwnPostgres(t)
	s := openStore(t, server.URL)
	change := func(version int64) error {
		_, err := s.Commit(t.Context(), tickets.Change{
			Update: &tickets.Update{ID: version}, Customer: &tickets.Customer{ID: 7, Version: version},
		})
		return err
	}
	if err := change(0); err != nil {
		t.Fatal(err)
	}
	server.Stop()
	for range 3 {
		err := change(1)
		for _, told := range []error{nil, tickets.ErrStale, tickets.ErrDuplicate, tickets.ErrNotFound} {
			if errors.Is(err, told) {
				t.Errorf("commit to a stopped server: %v", err)
			}
		}
		if _, err := s.Ticket(t.Context(), 1001); err == nil || errors.Is(err, tickets.ErrNotFound) {
			t.Errorf("load from a stopped server: %v", err)
		}
	}
	server.Start()
	if err := change(1); err != nil {
		t.Error(err)
	}
	if c, err := s.Customer(t.Context(), 7); c.Version != 2 || err != nil {
		t.Errorf("version %d (%v)", c.Version, err)
	}
}

// TestWhoseFaultItIs tells a server that cannot do anything now from a statement
// that it will never do.
func TestWhoseFaultItIs(t *testing.T) {
	for code, away := range map[string]bool{"53100": true, "57P01": true, "40P01": true, "25006": true, "08006": true, "23514": false, "22P05": false} {
		if err := told(&pgconn.PgError{Code: code}); errors.Is(err, tickets.ErrAway) != away {
			t.Errorf("%s: %v", code, err)
		}
	}
}
