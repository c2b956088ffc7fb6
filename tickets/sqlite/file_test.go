package sqlite_test

import (
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"intakebot/migrations"
	"intakebot/tickets"
	"intakebot/tickets/sqlite"
	"intakebot/tickets/storetest"
)

func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	storetest.Reopen(t, func(t *testing.T) tickets.Store {
		s, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestFilesAreForTheOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a стол?%20#.db")
	s := open(t, path)
	if _, err := s.Commit(t.Context(), tickets.Change{Update: &tickets.Update{ID: 1}}); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm", "-steps", ".lock"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v", suffix, info.Mode())
		}
	}
}

func TestNoFolder(t *testing.T) {
	_, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "nowhere", "desk.db"))
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// TestOneProcess: a second bot on the same file is refused as long as the
// first lives, and not a moment longer, however it ends.
func TestOneProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	first := startChild(t, path)
	first.line(t)
	_, err := sqlite.Open(t.Context(), path)
	if err == nil || !strings.Contains(err.Error(), "another intakebot has it open") {
		t.Fatalf("a second one was not refused clearly: %v", err)
	}
	first.kill(t)
	s := open(t, path)
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, link} {
		if _, err := sqlite.Open(t.Context(), name); err == nil {
			t.Fatalf("a second one in the same process was not refused: %s", name)
		}
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestShelfOfAFileInUse: whoever looks at the shelf need not stop the bot, and
// disturbs nothing.
func TestShelfOfAFileInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a стол?%20#.db")
	if _, err := sqlite.ShelfOf(t.Context(), path, 10); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of a file that is not there: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("looking made a file")
	}
	c := startChild(t, path)
	c.line(t)
	if found, err := sqlite.ShelfOf(t.Context(), path, 10); err != nil || len(found) != 0 {
		t.Errorf("beside another process: %v, %v", found, err)
	}
	c.line(t)
	c.kill(t)
	s := open(t, path)
	for i, end := range []func() error{func() error { return nil }, s.Close} {
		u := tickets.Update{ID: int64(7 + i), Chat: 5}
		if err := s.Shelve(t.Context(), tickets.Shelved{Update: u, Cause: "odd", At: time.Now()}); err != nil {
			t.Fatal(err)
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
		found, err := sqlite.ShelfOf(t.Context(), path, 10)
		if err != nil || len(found) != i+1 || found[i].Update != u || found[i].Cause != "odd" {
			t.Errorf("found %+v, %v", found, err)
		}
	}
}

func TestNewerFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), path); !errors.Is(err, migrations.ErrNewer) {
		t.Errorf("got %v", err)
	}
}

// TestKill: a process is killed while it commits; what it had acknowledged is
// in the file, every time (P1).
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	var acknowledged []string
	for range 8 {
		c := startChild(t, path)
		for range 40 {
			acknowledged = append(acknowledged, c.line(t))
		}
		acknowledged = append(acknowledged, c.kill(t)...)
	}
	s := open(t, path)
	for _, draft := range acknowledged {
		if got := storedDraft(t, s, draft); got != draft {
			t.Errorf("acknowledged %q, stored %q", draft, got)
		}
	}
	filed := 0
	for _, draft := range acknowledged {
		if !strings.HasPrefix(draft, "step") {
			filed++
		}
	}
	n, err := s.Unsent(t.Context())
	if err != nil || n < filed {
		t.Errorf("%d notices for %d acknowledged tickets (%v)", n, filed, err)
	}
	checkIntegrity(t, path)
}

func checkIntegrity(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var found string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&found); err != nil || found != "ok" {
		t.Errorf("the file after kills: %s (%v)", found, err)
	}
}

func self(t *testing.T, path string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), childFile+"="+path)
	cmd.Stderr = os.Stderr
	return cmd
}
