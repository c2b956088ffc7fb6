package postgres

import (
	"testing"
	"time"

	"intakebot/tickets"
	"intakebot/tickets/storetest/servers"
)

// TestClaimsOfTheLiving: what a living replica has claimed is left to it; once
// it is gone, the others take it up.
func TestClaimsOfTheLiving(t *testing.T) {
	url := servers.Postgres(t)
	here, there := openStore(t, url), openStore(t, url)
	now := time.Now()
	done, err := here.Commit(t.Context(), tickets.Change{At: now, Notices: []tickets.Notice{
		{To: tickets.Address{Chat: 1}, Kind: tickets.NoticeSend, Lang: tickets.English},
	}})
	if err != nil {
		t.Fatal(err)
	}
	orphans := func(s *Store, owner string) int {
		list, err := s.Orphans(t.Context(), owner, now.Add(time.Second))
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	orphans(there, "there")
	if _, err := there.Claim(t.Context(), "there", done.Notices[0].ID, now); err != nil {
		t.Fatal(err)
	}
	if n := orphans(here, "here"); n != 0 {
		t.Errorf("%d claims of a living replica are taken away", n)
	}
	exec(t, here, `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = `+presenceLocks)
	orphans(there, "there") // shows itself again
	if n := orphans(here, "here"); n != 0 {
		t.Errorf("%d claims are taken away from a replica that has only lost a connection", n)
	}
	exec(t, here, `UPDATE notices SET claimed = claimed - interval '4 minutes'`)
	if n := orphans(here, "here"); n != 1 {
		t.Errorf("%d claims are given back that are too old for any living owner", n)
	}
	if _, err := there.Claim(t.Context(), "there", done.Notices[0].ID, now); err != nil {
		t.Fatal(err)
	}
	if err := there.Close(); err != nil {
		t.Fatal(err)
	}
	for orphans(here, "here") == 0 { // the server takes a moment to end a session
		if t.Context().Err() != nil {
			t.Fatal("claims of the dead are kept")
		}
	}
}
