package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime"
	"slices"
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

// How many entries of the log are brought into the tables when nobody waits, how many
// though somebody does, and how long the tables stay behind at most, for whoever copies
// the file.
const (
	foldSome = 64
	foldMost = 1024
	foldTime = time.Second
)

var errClosed = errors.New("the store is closed")

// write is one call that changes something. It runs in the writer's goroutine,
// and again if one that it shared a transaction with has failed.
type write struct {
	run    func(*tx) error // nil: it only brings the tables up to date
	entry  *entry          // the same for the log; nil: it is for the tables
	logged bool            // and there it is
	begun  bool            // by the writer, which from then on answers
	gone   bool            // given up by the caller before it was begun
	lazy   bool            // nobody waits for it
	done   chan error
}

// writer is the one goroutine that changes the file.
type writer struct {
	db      *sql.DB
	tx      *tx
	entries []*entry      // of the group at hand
	wake    chan struct{} // holds one token: there is something to do
	end     chan struct{} // closed when the goroutine has ended

	fold  *time.Timer // brings the tables up to date
	folds bool        // it runs
	tried int         // with so many entries, without success

	mu      sync.Mutex
	waiting []*write
	closed  bool
}

func newWriter(ctx context.Context, path string) (*writer, error) {
	db, err := sql.Open("sqlite", dsn(path, "FULL"))
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	w := &writer{
		db: db,
		tx: &tx{
			conn: conn, stmts: map[string]*sql.Stmt{}, execs: map[string]driver.StmtExecContext{},
			steps: newSteps(), log: &stepLog{path: path + "-steps", sync: datasync}, busy: busyTime,
		},
		wake: make(chan struct{}, 1),
		end:  make(chan struct{}),
	}
	w.fold = time.AfterFunc(time.Hour, func() { _ = w.put(&write{lazy: true, done: make(chan error, 1)}) })
	w.fold.Stop()
	if err := w.recover(); err != nil {
		return nil, errors.Join(err, w.tx.close(), w.db.Close())
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
	return answerTo(ctx, w, &write{}, run)
}

// answerTo is answer for a write that may be lazy, or for the log: then the answer is
// nothing.
func answerTo[T any](ctx context.Context, w *writer, op *write, run func(*tx) (T, error)) (T, error) {
	var got, none T
	op.done = make(chan error, 1)
	op.run = func(t *tx) (err error) {
		got, err = run(t)
		return err
	}
	if err := w.await(ctx, op); err != nil {
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
	w.waiting = slices.Delete(w.waiting, 0, n)
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
			w.serve(group)
		}
		if ended {
			return
		}
	}
}

// serve does a group of writes: by the log where that can take all of them, else in
// the tables.
func (w *writer) serve(group []*write) {
	var readers []*write
	group = slices.DeleteFunc(group, func(op *write) bool {
		if op.run == nil {
			readers = append(readers, op)
		}
		return op.run == nil
	})
	rest := w.logAll(group)
	if len(rest) > 0 {
		for i, err := range w.tx.all(rest) {
			rest[i].done <- told(err)
		}
	}
	w.bringUp(readers)
}

// bringUp brings the tables up to date, if somebody wants to read them or there is
// much to do. If it cannot be done, the log goes on.
func (w *writer) bringUp(readers []*write) {
	n := w.tx.steps.entries
	some := n >= w.tried+foldMost || n >= w.tried+foldSome && len(w.wake) == 0
	if len(readers) > 0 || some {
		w.folds = false
		patient := slices.ContainsFunc(readers, func(op *write) bool { return !op.lazy })
		err := w.tx.attempt(patient, nil, nil)
		for _, op := range readers {
			op.done <- told(err)
		}
		n = w.tx.steps.entries
		w.tried = n
	}
	if n > 0 && !w.folds {
		w.folds = true
		w.fold.Reset(foldTime)
	}
}

// logAll does a group of writes by the log, and gives those that are left.
func (w *writer) logAll(group []*write) (rest []*write) {
	if w.tx.log.spent || slices.ContainsFunc(group, func(op *write) bool { return op.entry == nil }) {
		return group
	}
	entries, errs := w.entries[:0], make([]error, len(group))
	for i, op := range group {
		if errs[i] = w.tx.steps.stage(w.tx, op.entry); errs[i] == nil {
			entries = append(entries, op.entry)
		}
	}
	defer func() { w.entries = emptied(entries) }()
	if len(entries) > 0 && w.tx.log.append(entries) != nil {
		w.tx.steps.undo()
		return group
	}
	w.tx.steps.keep()
	for i, op := range group {
		if errs[i] == nil || errors.Is(errs[i], tickets.ErrDuplicate) || errors.Is(errs[i], tickets.ErrStale) {
			op.logged = errs[i] == nil
			op.done <- errs[i]
		} else {
			rest = append(rest, op) // also where looking failed
		}
	}
	return rest
}

// upToDate brings the tables up to date, as every write in them does.
func (w *writer) upToDate(ctx context.Context) error {
	return w.await(ctx, &write{done: make(chan error, 1)})
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
	w.fold.Stop()
	var err error
	if w.tx.log.end > 0 || w.tx.log.spent {
		w.tx.log.spent = true
		err = w.tx.attempt(true, nil, nil) // else the next life does it
	}
	return errors.Join(err, w.tx.log.close(err == nil), w.tx.close(), w.db.Close())
}
