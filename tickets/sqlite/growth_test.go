package sqlite

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"intakebot/tickets/storetest"
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
	s, path := openStore(t)
	run := func(sql string) {
		err := s.writer.do(context.Background(), func(t *tx) error {
			_, err := t.conn.ExecContext(context.Background(), sql)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return storetest.Desk{
		Store: s, SQL: run,
		Instant: func(at time.Time) string { return fmt.Sprint(at.UnixMicro()) },
		Filled:  func() { readWhole(t, path) },
		Indexed: "ticket_words (rowid, words)",
	}
}

// readWhole reads a file, so that it is in the system's cache, as that of a desk at
// work: to fill a large one takes minutes, in which the smaller ones may leave it.
func readWhole(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.Copy(io.Discard, f); err != nil {
		t.Fatal(err)
	}
}
