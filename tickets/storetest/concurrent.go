package storetest

import (
	"testing"

	"intakebot/tickets"
)

func testConcurrent(t *testing.T, s tickets.Store) { check(t, s.Ping(t.Context())) }
