package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"intakebot/migrations"
	"intakebot/tickets"
	"intakebot/tickets/storetest"
)

func openStore(t *testing.T) (s *Store, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "desk.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, path
}

// change is a new customer's; the same again is stale.
func change(customer int64) tickets.Change {
	return tickets.Change{
		Update:   &tickets.Update{ID: customer},
		Customer: &tickets.Customer{ID: customer, Session: fmt.Appendf(nil, `"%09000d"`, 0)},
	}
}

// heavy is a change that is for the tables.
func heavy(customer int64) tickets.Change {
	c := change(customer)
	c.Notices = []tickets.Notice{{To: tickets.Address{Chat: customer}, Kind: tickets.NoticeReact}}
	return c
}

func versions(t *testing.T, s *Store, customers ...int64) (all []int64) {
	t.Helper()
	for _, id := range customers {
		c, err := s.Customer(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c.Version)
	}
	return all
}

// together runs writes as one group: all wait while the writer is held up.
func together(t *testing.T, s *Store, writes ...func(context.Context) error) []error {
	t.Helper()
	hold, held := make(chan struct{}), make(chan struct{})
	go func() {
		_ = s.writer.do(context.Background(), func(*tx) error { close(held); <-hold; return nil })
	}()
	<-held
	answers := make([]chan error, len(writes))
	for i, w := range writes {
		answers[i] = make(chan error, 1)
		go func() { answers[i] <- w(context.Background()) }()
		for s.writer.queued() != i+1 { // one after another, in this order
			runtime.Gosched()
		}
	}
	close(hold)
	errs := make([]error, len(writes))
	for i := range answers {
		errs[i] = <-answers[i]
	}
	return errs
}

func (w *writer) queued() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.waiting)
}

func commits(s *Store, c tickets.Change) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := s.Commit(ctx, c)
		return err
	}
}

func TestSchema(t *testing.T) {
	s, _ := openStore(t)
	storetest.Schema(t, s, func(sql string) error {
		_, err := s.db.ExecContext(t.Context(), sql)
		return err
	})
}

// TestGroup: of writes that share a transaction each fails alone.
func TestGroup(t *testing.T) {
	s, _ := openStore(t)
	broken := change(3)
	broken.Notices = []tickets.Notice{{Kind: tickets.NoticeSend, About: 4242}}
	stale := change(1)
	stale.Update = &tickets.Update{ID: 50}
	errs := together(t, s, commits(s, change(1)), commits(s, stale), commits(s, change(1)), commits(s, broken), commits(s, change(2)))
	for i, want := range []error{nil, tickets.ErrStale, tickets.ErrDuplicate} {
		if !errors.Is(errs[i], want) {
			t.Errorf("write %d: %v, want %v", i, errs[i], want)
		}
	}
	if errs[3] == nil || errs[4] != nil {
		t.Errorf("the broken one and the one after: %v, %v", errs[3], errs[4])
	}
	if got := fmt.Sprint(versions(t, s, 1, 2, 3)); got != "[1 1 0]" {
		t.Errorf("versions %s", got)
	}
	if seen, err := s.Seen(t.Context(), *stale.Update); seen || err != nil {
		t.Errorf("a stale one left its update (%v)", err)
	}
}

// TestDiskFull: a full disk fails writes with an error of its own, leaves
// nothing half-done, and harms nothing once there is room.
func TestDiskFull(t *testing.T) {
	s, _ := openStore(t)
	limit := func(pages int) {
		err := s.writer.do(t.Context(), func(t *tx) error {
			_, err := t.conn.ExecContext(context.Background(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.db.Exec(`VACUUM`); err != nil { // pages that are free already would be room
		t.Fatal(err)
	}
	var pages int
	if err := s.db.QueryRow(`PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit(pages + 1) // room for a part of the first
	for id := range int64(3) {
		_, err := s.Commit(t.Context(), heavy(id+1))
		full(t, err)
	}
	for _, err := range together(t, s, commits(s, heavy(1)), commits(s, heavy(2)), commits(s, heavy(3))) {
		full(t, err)
	}
	if got := fmt.Sprint(versions(t, s, 1, 2, 3)); got != "[0 0 0]" {
		t.Errorf("versions %s", got)
	}
	limit(1 << 30)
	for _, err := range together(t, s, commits(s, heavy(1)), commits(s, heavy(2)), commits(s, heavy(3))) {
		if err != nil {
			t.Error(err)
		}
	}
}

func full(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, tickets.ErrAway) || errors.Is(err, tickets.ErrStale) || errors.Is(err, tickets.ErrDuplicate) {
		t.Errorf("on a full disk, or a locked file: %v", err)
	}
}

// locks has somebody else hold a file, in a transaction of a kind.
func locks(t *testing.T, path, kind string) *sql.Tx {
	t.Helper()
	other, err := sql.Open("sqlite", fileURL(path)+"?_txlock="+kind)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	hold, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	return hold
}

// TestLockedFromOutside: somebody else's transaction fails writes, after a
// patient wait, and no longer than it lasts.
func TestLockedFromOutside(t *testing.T) {
	s, path := openStore(t)
	if err := s.writer.do(t.Context(), func(t *tx) error {
		_, err := t.conn.ExecContext(context.Background(), `PRAGMA busy_timeout = 1`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	hold := locks(t, path, "immediate")
	_, err := s.Commit(t.Context(), heavy(1))
	full(t, err)
	if got := versions(t, s, 1); got[0] != 0 { // reads go on
		t.Errorf("versions %d", got)
	}
	if err := hold.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(t.Context(), heavy(1)); err != nil {
		t.Error(err)
	}
}

// TestANewFileLockedFromOutside: to become a file with a write-ahead log it needs
// the file for itself, for which SQLite does not wait.
func TestANewFileLockedFromOutside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	hold := locks(t, path, "immediate")
	db, err := sql.Open("sqlite", dsn(path, "NORMAL"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tries := 0
	err = onceFree(t.Context(), func() error {
		err := migrations.SQLite(t.Context(), db)
		if tries++; tries == 1 {
			if !isBusy(err) {
				t.Errorf("while it is locked: %v", err)
			}
			if err := hold.Rollback(); err != nil {
				t.Fatal(err)
			}
		}
		return err
	})
	if err != nil || tries < 2 {
		t.Errorf("%v after %d tries", err, tries)
	}
}

// TestOpeningWhatIsLocked: a file that stays locked is not opened, and it is said
// that another program has it, whether it is new or holds a desk already.
func TestOpeningWhatIsLocked(t *testing.T) {
	t.Parallel()
	old := filepath.Join(t.TempDir(), "old.db")
	s, err := Open(t.Context(), old)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{old, filepath.Join(t.TempDir(), "new.db")} {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			hold := locks(t, path, "exclusive&_pragma=locking_mode(EXCLUSIVE)")
			s, err := Open(t.Context(), path)
			if err == nil || !strings.Contains(err.Error(), "another program, such as a backup, has it locked") {
				t.Errorf("it is opened: %v, %v", s != nil, err)
			}
			if err := hold.Rollback(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestEndedWhileWaiting: a write that was given up before it began is never
// done, and one that had begun gives its answer all the same.
func TestEndedWhileWaiting(t *testing.T) {
	s, _ := openStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	begun, hold, answer := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		answer <- s.writer.do(ctx, func(t *tx) error {
			close(begun)
			<-hold
			_, err := t.commit(change(1))
			return err
		})
	}()
	<-begun
	waits := make(chan error, 1)
	go func() { waits <- commits(s, change(2))(ctx) }()
	for s.writer.queued() != 1 {
		runtime.Gosched()
	}
	cancel()
	if err := <-waits; !errors.Is(err, context.Canceled) {
		t.Errorf("the one that waited: %v", err)
	}
	close(hold)
	if err := <-answer; err != nil {
		t.Errorf("the one that had begun: %v", err)
	}
	if _, err := s.Commit(t.Context(), change(3)); err != nil { // the writer has passed the one given up
		t.Error(err)
	}
	if got := fmt.Sprint(versions(t, s, 1, 2, 3)); got != "[1 0 1]" {
		t.Errorf("versions %s", got)
	}
}

// TestACleanEndLeavesOneFile: after Close all is in the file itself, so that copying
// it is a backup.
func TestACleanEndLeavesOneFile(t *testing.T) {
	s, path := openStore(t)
	if _, err := s.Commit(t.Context(), change(1)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, rest := range []string{"-wal", "-shm", "-steps"} {
		if _, err := os.Stat(path + rest); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left: %v", rest, err)
		}
	}
}
