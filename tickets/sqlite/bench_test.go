package sqlite_test

import (
	"path/filepath"
	"testing"

	"intakebot/tickets"
	"intakebot/tickets/sqlite"
	"intakebot/tickets/storetest"
)

func BenchmarkCommit(b *testing.B) {
	storetest.Bench(b, func(b *testing.B) tickets.Store {
		s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "desk.db"))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = s.Close() })
		return s
	})
}
