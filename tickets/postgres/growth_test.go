package postgres

import (
	"testing"
	"time"

	"intakebot/tickets/storetest"
	"intakebot/tickets/storetest/servers"
)

// TestGrowth: with -growth 1000000 it prints how the cost grows.
func TestGrowth(t *testing.T) {
	s := openStore(t, servers.Postgres(t))
	storetest.Growth(t, s, func(sql string) { exec(t, s, sql) },
		func(at time.Time) string { return "'" + at.Format(time.RFC3339Nano) + "'::timestamptz" },
		func() { exec(t, s, `VACUUM ANALYZE`) })
}
