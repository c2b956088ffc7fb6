package postgres

import (
	"testing"

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

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) tickets.Store { return openStore(t, servers.Postgres(t)) })
}

func TestReopen(t *testing.T) {
	url := servers.Postgres(t)
	storetest.Reopen(t, func(t *testing.T) tickets.Store { return openStore(t, url) })
}
