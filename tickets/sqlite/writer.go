package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"intakebot/tickets"
)

// patience is how long a caller whose context has ended waits for a write that
// has begun.
const patience = 8 * time.Second

// groupMax bounds a transaction, and so how long a write can take.
const groupMax = 256

// lazyTime is how long a write that nobody waits for waits for others, to share
// their fsync.
const lazyTime = 3 * time.Millisecond

var errClosed = errors.New("the store is closed")

// write is one call that changes something. It runs in the writer's goroutine,
// and again if one that it shared a transaction with has failed.
type write struct {
	run   func(*tx) error
	begun bool // by the writer, which from then on answers
	gone  bool // given up by the caller before it was begun
	lazy  bool // nobody waits for it
	done  chan error
}

// writer is the one goroutine that changes the file.
type writer struct {
	db   *sql.DB
	tx   *tx
	wake chan struct{} // holds one token: there is something to do
	end  chan struct{} // closed when the goroutine has ended

	mu      sync.Mutex
	waiting []*write
	closed  bool
}

func newWriter(ctx context.Context, dsn string) (*writer, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	w := &writer{
		db:   db,
		tx:   &tx{conn: conn, stmts: map[string]*sql.Stmt{}, execs: map[string]driver.StmtExecContext{}},
		wake: make(chan struct{}, 1),
		end:  make(chan struct{}),
	}
	go w.loop()
	return w, nil
}

// do runs a write and returns when it is on the disk, or was not done. A
// caller whose context ends while the write still waits gets the context's
// error, and it is never done. One that has begun is waited for, because its
// answer must not be lost; only a disk that hangs makes do give up, with an
// error that says so.
func (w *writer) do(ctx context.Context, run func(*tx) error) error {
	return w.await(ctx, &write{run: run, done: make(chan error, 1)})
}

func (w *writer) await(ctx context.Context, op *write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := w.put(op); err != nil {
		return err
	}
	select {
	case err := <-op.done:
		return err
	case <-ctx.Done():
	}
	if w.giveUp(op) {
		return ctx.Err()
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case err := <-op.done:
		return err
	case <-late.C:
		return fmt.Errorf("the disk does not answer; whether it was written is not known: %w", ctx.Err())
	}
}

// answer does a write that gives an answer, which counts only once all is on
// the disk.
func answer[T any](ctx context.Context, w *writer, run func(*tx) (T, error)) (T, error) {
	return answerTo(ctx, w, false, run)
}

// answerTo is answer for a write that may be lazy.
func answerTo[T any](ctx context.Context, w *writer, lazy bool, run func(*tx) (T, error)) (T, error) {
	var got, none T
	err := w.await(ctx, &write{lazy: lazy, done: make(chan error, 1), run: func(t *tx) (err error) {
		got, err = run(t)
		return err
	}})
	if err != nil {
		return none, err
	}
	return got, nil
}

func (w *writer) put(op *write) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return errClosed
	}
	w.waiting = append(w.waiting, op)
	switch {
	case !op.lazy:
		w.signal()
	case len(w.waiting) == 1: // those that come after it are taken with it
		time.AfterFunc(lazyTime, w.signal)
	}
	return nil
}

func (w *writer) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// giveUp takes a write back, unless it has begun.
func (w *writer) giveUp(op *write) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	op.gone = !op.begun
	return op.gone
}

// take gives the writes that wait at this moment; none: the writer may end.
func (w *writer) take() (group []*write, ended bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := min(len(w.waiting), groupMax)
	for _, op := range w.waiting[:n] {
		if !op.gone {
			op.begun = true
			group = append(group, op)
		}
	}
	w.waiting = append(w.waiting[:0], w.waiting[n:]...)
	if len(w.waiting) > 0 {
		w.signal()
	}
	return group, w.closed && len(w.waiting) == 0
}

func (w *writer) loop() {
	defer close(w.end)
	for range w.wake {
		runtime.Gosched() // those who are just about to write come along
		group, ended := w.take()
		if len(group) > 0 {
			for i, err := range w.tx.all(group) {
				group[i].done <- told(err)
			}
		}
		if ended {
			return
		}
	}
}

// told marks the errors for which no write is to blame.
func told(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%w: %w", tickets.ErrAway, err)
	}
	return err
}

func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	w.signal()
	w.mu.Unlock()
	<-w.end
	return errors.Join(w.tx.close(), w.db.Close())
}
