package postgres

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"intakebot/tickets"
	"intakebot/tickets/storetest"
	"intakebot/tickets/storetest/servers"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

func TestUpgrade(t *testing.T) {
	url := servers.Postgres(t)
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	quoted := func(at time.Time) string { return "'" + at.Format(time.RFC3339Nano) + "'::timestamptz" }
	storetest.Upgrade(t, goose.DialectPostgres, "../../migrations/postgres", stdlib.OpenDB(*cfg), quoted,
		func(t *testing.T) tickets.Store { return openStore(t, url) })
}

// TestIndexes: what is asked all the time goes by an index that leaves ended
// tickets out, so that it stays quick beside millions of them.
func TestIndexes(t *testing.T) {
	s := openStore(t, servers.Postgres(t))
	for _, q := range []struct {
		query   string
		args    []any
		sorted  bool // once it was read
		indexes []string
	}{
		{queueQuery, []any{5, 5, 5}, false, []string{"tickets_queue"}},
		{queueCount, []any{5}, true, []string{"tickets_queue"}},
		{queueCountOf, []any{5, 5}, true, []string{"tickets_queue"}},
		{openGroupsQuery, nil, true, []string{"tickets_queue"}},
		{sleepingQuery, []any{start, 5}, false, []string{"tickets_wake"}},
		{`SELECT id FROM tickets WHERE ` + inTopic, []any{5, 5}, false, []string{"tickets_topic"}},
		{`SELECT id FROM tickets WHERE ` + inThread, []any{5, 5}, false, []string{"tickets_thread"}},
		{waitingQuery, []any{start, nil, start, 5}, false, []string{"notices_next"}},
		{heldQuery, []any{"a", start}, true, []string{"notices_sending"}},
		{carriedQuery, []any{5, 5}, true, []string{"carried_from", "carried_to"}},
	} {
		steps := plan(t, s, q.sorted, q.query, q.args...)
		for _, index := range q.indexes {
			if !strings.Contains(steps, index) || strings.Contains(steps, "Seq Scan") {
				t.Errorf("not by %s:\n%s", index, steps)
			}
		}
	}
}

var start = time.Unix(1767225600, 0)

// plan is how a query goes where the table is large: a small one is read whole,
// and few rows are sorted, unless that is forbidden.
func plan(t *testing.T, s *Store, sorted bool, query string, args ...any) string {
	t.Helper()
	tx, err := s.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.Background()) }()
	if _, err := tx.Exec(t.Context(), fmt.Sprintf(`SET LOCAL enable_sort = %v`, sorted)); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `SET LOCAL enable_seqscan = off`); err != nil {
		t.Fatal(err)
	}
	rows, err := tx.Query(t.Context(), `EXPLAIN `+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "\n")
}

func TestForgetsNotices(t *testing.T) {
	s := openStore(t, servers.Postgres(t))
	storetest.Forgets(t, s, func() (n int) {
		if err := s.pool.QueryRow(t.Context(), `SELECT count(*) FROM notices`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	})
}
