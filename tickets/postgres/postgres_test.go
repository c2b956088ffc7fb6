package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"intakebot/migrations"
	"intakebot/tickets"
	"intakebot/tickets/storetest"
	"intakebot/tickets/storetest/servers"
)

func openStore(t testing.TB, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func exec(t *testing.T, s *Store, sql string, args ...any) {
	t.Helper()
	if _, err := s.pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) tickets.Store { return openStore(t, servers.Postgres(t)) })
}

func TestReplicas(t *testing.T) {
	url := servers.Postgres(t)
	storetest.Storm(t, openStore(t, url), openStore(t, url), openStore(t, url))
}

func TestReopen(t *testing.T) {
	url := servers.Postgres(t)
	storetest.Reopen(t, func(t *testing.T) tickets.Store { return openStore(t, url) })
}

func TestSchema(t *testing.T) {
	s := openStore(t, servers.Postgres(t))
	storetest.Schema(t, s, func(sql string) error {
		_, err := s.pool.Exec(t.Context(), sql)
		return err
	})
}

// TestReplicasOpenTogether: of replicas that start at once on an empty
// database one makes the tables and the others wait.
func TestReplicasOpenTogether(t *testing.T) {
	url := servers.Postgres(t)
	var all sync.WaitGroup
	for i := range int64(4) {
		all.Go(func() {
			s, err := Open(t.Context(), url)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if _, err := s.Commit(t.Context(), tickets.Change{Update: &tickets.Update{ID: i}}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	url := servers.Postgres(t)
	exec(t, openStore(t, url), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`)
	if _, err := Open(t.Context(), url); !errors.Is(err, migrations.ErrNewer) {
		t.Errorf("got %v", err)
	}
}

// TestNoPasswordInErrors (P8).
func TestNoPasswordInErrors(t *testing.T) {
	for what, url := range map[string]string{
		"nobody there":      "postgres://bot:hunter%2B2@127.0.0.1:1/desk",
		"not a port":        "postgres://bot:hunter%2B2@127.0.0.1:port/desk",
		"unescaped":         "postgres://bot:hunter+2#?/@127.0.0.1:1/desk",
		"broken escape":     "postgres://bot:hunter+2%zz@127.0.0.1:1/desk",
		"unknown mode":      "postgres://bot:hunter%2B2@127.0.0.1:1/desk?sslmode=perhaps",
		"bad setting":       "postgres://bot:hunter%2B2@127.0.0.1:1/desk?pool_max_conns=many",
		"as a parameter":    "postgres://bot@127.0.0.1:1/desk?password=hunter%2B2&sslmode=perhaps",
		"nobody's":          "postgres://127.0.0.1:1/desk?sslmode=perhaps",
		"words, not an URL": "host=127.0.0.1 port=1 user=bot password=hunter+2 sslmode=perhaps",
	} {
		_, err := Open(t.Context(), url)
		if err == nil || strings.Contains(err.Error(), "hunter") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestLockBeforeID: a commit that waits for its customer or its ticket has
// taken no ID for a notice, or a later commit's would go before it (P2).
func TestLockBeforeID(t *testing.T) {
	s := openStore(t, servers.Postgres(t))
	filed := tickets.Change{
		Customer: &tickets.Customer{ID: 7}, File: &tickets.Ticket{Draft: "d", Customer: 7, State: tickets.StateNew},
	}
	if _, err := s.Commit(t.Context(), filed); err != nil {
		t.Fatal(err)
	}
	lockBeforeID(t, s, `SELECT FROM customers FOR UPDATE`, tickets.Change{Customer: &tickets.Customer{ID: 7, Version: 1}})
	lockBeforeID(t, s, `SELECT FROM tickets FOR NO KEY UPDATE`, tickets.Change{
		Tickets: []tickets.Ticket{{ID: 1001, Version: 1, State: tickets.StateWork}},
	})
}

func lockBeforeID(t *testing.T, s *Store, lock string, c tickets.Change) {
	t.Helper()
	hold, err := s.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hold.Exec(t.Context(), lock); err != nil {
		t.Fatal(err)
	}
	news := []tickets.Notice{{To: tickets.Address{Chat: 7}, Kind: tickets.NoticeSend}}
	answer := make(chan tickets.Committed, 1)
	go func() {
		c.Notices = news
		done, err := s.Commit(context.Background(), c)
		if err != nil {
			t.Error(err)
		}
		answer <- done
	}()
	awaitWaiting(t, s)
	first, err := s.Commit(t.Context(), tickets.Change{Notices: news})
	if err != nil {
		t.Fatal(err)
	}
	if err := hold.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if second := <-answer; len(second.Notices) != 1 || second.Notices[0].ID <= first.Notices[0].ID {
		t.Errorf("committed first %v, second %v", first.Notices, second.Notices)
	}
}

// awaitWaiting returns when somebody waits for a lock.
func awaitWaiting(t *testing.T, s *Store) {
	t.Helper()
	for waiting := 0; waiting == 0; {
		err := s.pool.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestTicketsLockInOrder: changes of several tickets lock them by ID, however
// they are named, so that no two wait for each other.
func TestTicketsLockInOrder(t *testing.T) {
	s := openStore(t, servers.Postgres(t))
	for i, draft := range []string{"a", "b"} {
		_, err := s.Commit(t.Context(), tickets.Change{
			Customer: &tickets.Customer{ID: int64(i)}, File: &tickets.Ticket{Draft: draft, Customer: int64(i), State: tickets.StateNew},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	hold, err := s.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hold.Exec(t.Context(), `SELECT FROM tickets WHERE id = 1001 FOR NO KEY UPDATE`); err != nil {
		t.Fatal(err)
	}
	answer := make(chan error, 1)
	go func() {
		_, err := s.Commit(context.Background(), tickets.Change{Tickets: []tickets.Ticket{
			{ID: 1002, Version: 1, State: tickets.StateWork}, {ID: 1001, Version: 1, State: tickets.StateWork},
		}})
		answer <- err
	}()
	awaitWaiting(t, s)
	if _, err := hold.Exec(t.Context(), `SELECT FROM tickets WHERE id = 1002 FOR NO KEY UPDATE NOWAIT`); err != nil {
		t.Errorf("the second is locked before the first: %v", err)
	}
	if err := hold.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-answer; err != nil {
		t.Error(err)
	}
}

func BenchmarkCommit(b *testing.B) {
	storetest.Bench(b, func(b *testing.B) tickets.Store {
		s := openStore(b, servers.Postgres(b))
		// The test's cluster does not sync, which would measure something else.
		for _, sql := range []string{`ALTER SYSTEM SET fsync = on`, `SELECT pg_reload_conf()`} {
			if _, err := s.pool.Exec(b.Context(), sql); err != nil {
				b.Fatal(err)
			}
		}
		var on string
		for on != "on" {
			if err := s.pool.QueryRow(b.Context(), `SHOW fsync`).Scan(&on); err != nil {
				b.Fatal(fmt.Errorf("switching fsync on: %w", err))
			}
		}
		return s
	})
}
