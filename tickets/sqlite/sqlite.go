// Package sqlite is the store in one file.
//
// All writes go through one goroutine, which puts those that wait at the same
// moment on the disk together, so that they share one fsync. What a dialog does all
// the time, a step with its question and that question's way, is appended to a log
// of its own (stepLog) and kept in memory (steps) until the tables are brought up to
// date (fold), some dozens of steps at once; everything else is a transaction in
// tables that are up to date. Reads have connections of their own and never wait for
// a write; those that a step may concern look into the memory first, or have the
// tables brought up to date.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"intakebot/migrations"
	"intakebot/tickets"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

var _ tickets.Store = (*Store)(nil)

// readers is how many reads go on at once; more would only take turns on the
// processors.
const readers = 4

// Store keeps everything in one file. Only one process may have it open.
type Store struct {
	release func() error // see hold
	db      *sql.DB      // for reads, and for bringing the tables up to date
	stmts   sync.Map     // by their SQL
	hot     hot
	writer  *writer
	closing sync.Once
}

// Open opens a file, making it where there is none, and brings its tables up
// to date. It fails when another process has the file open, and with
// migrations.ErrNewer when a newer version of the program wrote it.
func Open(ctx context.Context, path string) (*Store, error) {
	s := &Store{}
	if err := s.open(ctx, path); err != nil {
		if s.release != nil { // else it is another intakebot
			err = lockedBy(err)
		}
		return nil, errors.Join(fmt.Errorf("opening %s: %w", path, err), s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, path string) error {
	if err := private(path); err != nil {
		return err
	}
	// One file has one lock, by whatever name it is opened.
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	if err := private(path + ".lock"); err != nil {
		return err
	}
	// A commit waits for the data and the size of the file, not for its time
	// of change. Not to be had everywhere; then it waits for all.
	_, _ = sqlite.Fdatasync(true)
	if s.release, err = hold(ctx, path+".lock"); err != nil {
		return err
	}
	if s.db, err = sql.Open("sqlite", dsn(path, "NORMAL")); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(readers)
	s.db.SetMaxIdleConns(readers)
	if err := onceFree(ctx, func() error { return migrations.SQLite(ctx, s.db) }); err != nil {
		return err
	}
	if s.writer, err = newWriter(ctx, path); err != nil {
		return err
	}
	return s.addWords(ctx)
}

// private makes a file where there is none. SQLite would make it readable to
// everybody, and it holds what customers write. SQLite's other files take the
// mode of the first.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// How long a lock that is held from outside, by a backup say, is waited for, and
// how long until it is tried again where SQLite does not wait by itself.
const (
	busyTime   = 5 * time.Second
	lockedWait = 20 * time.Millisecond
)

// onceFree does what fails at once while somebody else has the file locked: to make
// it a file with a write-ahead log, or to write after reading.
func onceFree(ctx context.Context, do func() error) error {
	for begun := time.Now(); ; {
		err := do()
		if !isBusy(err) || time.Since(begun) > busyTime {
			return err
		}
		select {
		case <-time.After(lockedWait):
		case <-ctx.Done():
			return err
		}
	}
}

// lockedBy says who may have a file locked.
func lockedBy(err error) error {
	if isBusy(err) {
		return fmt.Errorf("another program, such as a backup, has it locked: wait for that one, or end it (%w)", err)
	}
	return err
}

func isBusy(err error) bool {
	e := new(sqlite.Error)
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

// dsn names the file with its settings. With synchronous FULL a commit is on the
// disk when it returns. With NORMAL it is on the disk before the next FULL one: a
// new table that is lost with the power is made again.
func dsn(path, synchronous string) string {
	busy := fmt.Sprintf("busy_timeout(%d)", busyTime.Milliseconds())
	q := url.Values{"_pragma": {busy, "journal_mode(WAL)", "synchronous(" + synchronous + ")", "foreign_keys(1)", "wal_autocheckpoint(4000)"}}
	return fileURL(path) + "?" + q.Encode()
}

func fileURL(path string) string {
	u := url.URL{Path: filepath.ToSlash(path)}
	return "file:" + u.EscapedPath()
}

// hold locks a file for the life of the process: a second one on the same
// data would break the order of the outbox. It is a database of its own with a
// transaction that never ends, because SQLite's locks work on every system,
// and vanish with the process.
func hold(ctx context.Context, path string) (release func() error, err error) {
	db, err := sql.Open("sqlite", fileURL(path)+"?_txlock=exclusive")
	if err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(context.WithoutCancel(ctx), nil)
	if isBusy(err) {
		err = fmt.Errorf("another intakebot has it open: stop that one first, or choose another file (%w)", err)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return func() error { return errors.Join(tx.Rollback(), db.Close()) }, nil
}

// Ping tells whether the file can be read.
func (s *Store) Ping(ctx context.Context) error {
	var n int
	return s.row(ctx, `SELECT count(*) FROM ticket_states`).Scan(&n)
}

// Close ends the writes that have begun and closes the file.
func (s *Store) Close() (err error) {
	s.closing.Do(func() { err = s.close() })
	return err
}

func (s *Store) close() error {
	var errs []error
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	if s.release != nil {
		errs = append(errs, s.release())
	}
	return errors.Join(errs...)
}
