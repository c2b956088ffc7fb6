package sqlite

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"intakebot/tickets"
	"intakebot/tickets/storetest"

	"github.com/pressly/goose/v3"
)

func TestUpgrade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	db, err := sql.Open("sqlite", dsn(path, "FULL"))
	if err != nil {
		t.Fatal(err)
	}
	micros := func(at time.Time) string { return fmt.Sprint(at.UnixMicro()) }
	storetest.Upgrade(t, goose.DialectSQLite3, "../../migrations/sqlite", db, micros, func(t *testing.T) tickets.Store {
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

// TestIndexes: what is asked all the time goes by an index that leaves ended
// tickets out, in its order, so that it stays quick beside millions of them.
func TestIndexes(t *testing.T) {
	s, _ := openStore(t)
	for _, q := range [][2]string{
		{"tickets_queue", queueQuery},
		{"tickets_queue", queueCount},
		{"tickets_queue", queueCountOf},
		{"tickets_queue", openGroupsQuery},
		{"notices_open", cardlessQuery},
		{"tickets_wake", sleepingQuery},
		{"tickets_topic", `SELECT id FROM tickets WHERE ` + inTopic},
		{"tickets_thread", `SELECT id FROM tickets WHERE ` + inThread},
		{"carried_from", carriedQuery},
		{"carried_to", carriedQuery},
		{"notices_next", waitingQuery},
		{"notices_sending", heldQuery},
	} {
		index, steps := q[0], plan(t, s, q[1])
		steps = strings.ReplaceAll(steps, "SCAN tickets USING INDEX tickets_queue", "all of tickets_queue") // open tickets alone
		if !strings.Contains(steps, index) || strings.Contains(steps, "SCAN tickets") || strings.Contains(steps, "SCAN carried") {
			t.Errorf("not by %s:\n%s", index, steps)
		}
		if (strings.HasPrefix(index, "tickets") || index == "notices_next") && strings.Contains(steps, "ORDER BY") {
			t.Errorf("sorted:\n%s", steps)
		}
	}
}

func plan(t *testing.T, s *Store, query string) string {
	t.Helper()
	query = regexp.MustCompile(`:[a-z]+`).ReplaceAllString(query, "?")
	rows, err := s.db.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+query, make([]any, strings.Count(query, "?"))...)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := collect(rows, func(row scanner) (step string, err error) {
		var n int
		err = row.Scan(&n, &n, &n, &step)
		return step, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "\n")
}

func TestForgetsNotices(t *testing.T) {
	s, _ := openStore(t)
	storetest.Forgets(t, s, func() (n int) {
		if err := s.row(t.Context(), `SELECT count(*) FROM notices`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	})
}
