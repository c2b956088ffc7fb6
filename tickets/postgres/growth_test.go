package postgres

import (
	"testing"
	"time"

	"intakebot/tickets/storetest"
	"intakebot/tickets/storetest/servers"
)

// TestGrowth: with -growth 1000000 it prints how the cost grows.
func TestGrowth(t *testing.T) {
	storetest.Growth(t, func() storetest.Desk { return openDesk(t) })
}

// TestGrowthOfBoard: with -growth 10000000 it prints how that of the board does.
func TestGrowthOfBoard(t *testing.T) {
	storetest.GrowthOfBoard(t, func() storetest.Desk { return openDesk(t) })
}

func openDesk(t *testing.T) storetest.Desk {
	t.Helper()
	s := openStore(t, servers.Postgres(t))
	return storetest.Desk{
		Store: s, SQL: func(sql string) { exec(t, s, sql) },
		Instant: func(at time.Time) string { return "'" + at.Format(time.RFC3339Nano) + "'::timestamptz" },
		Filled:  func() { exec(t, s, `VACUUM ANALYZE`) },
		Indexed: "ticket_words (ticket, words)",
	}
}
