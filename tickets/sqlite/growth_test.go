package sqlite

import (
	"context"
	"fmt"
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
	s, _ := openStore(t)
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
		Filled:  func() {},
		Indexed: "ticket_words (rowid, words)",
	}
}
