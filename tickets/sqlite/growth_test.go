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
	s, _ := openStore(t)
	storetest.Growth(t, s, func(sql string) {
		err := s.writer.do(context.Background(), func(t *tx) error {
			_, err := t.conn.ExecContext(context.Background(), sql)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}, func(at time.Time) string { return fmt.Sprint(at.UnixMicro()) }, func() {})
}
