package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"intakebot/tickets"
)

// tx is the writer's connection with its prepared statements. Its statements
// have no deadline: a write that has begun is ended.
type tx struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt              // of reads
	execs map[string]driver.StmtExecContext // of changes, past package sql: its locks and checks cost more than they give here
	args  []driver.NamedValue               // of the statement at hand

	steps   *steps
	log     *stepLog
	relaxed bool // see relax
	busy    time.Duration
	asked   []*question // by the transaction at hand
	touched []int64     // questions that it settled or changed
	met     []int64     // customers that it changed, or has written to
}

// all runs a group of writes in one transaction, and tells what came of each.
// One that fails leaves nothing and harms no other: as that is rare, the writes
// are guarded from each other only once it has happened.
func (t *tx) all(group []*write) []error {
	errs := make([]error, len(group))
	failed := false
	err := t.attempt(true, group, func(_ int, run func(*tx) error) error {
		err := run(t)
		failed = err != nil
		return err
	})
	if failed && len(group) > 1 {
		err = t.attempt(true, group, func(i int, run func(*tx) error) (broken error) {
			errs[i], broken = t.guarded(run)
			return broken
		})
	}
	if err != nil {
		for i := range errs {
			errs[i] = err
		}
	}
	return errs
}

// attempt does each of a group in one transaction, in tables that are up to date.
// After an error nothing of the group is in the file, whatever a part of it thinks.
// Without a group, and impatient, it does not wait for the disk, as the log still holds
// what may be lost, nor for whoever has the file locked, as others wait meanwhile.
func (t *tx) attempt(patient bool, group []*write, do func(i int, run func(*tx) error) error) (err error) {
	// A log continues tables that nothing else has changed. What a spent one holds may
	// not be known, and must not count beside what follows.
	anew := t.log.spent || len(group) > 0 && t.log.end > 0
	if err := t.relax(!patient && !anew); err != nil {
		return err
	}
	if _, err := t.exec(`BEGIN IMMEDIATE`); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = t.exec(`ROLLBACK`) // it may be gone already, so the answer means nothing
		}
	}()
	t.asked, t.touched, t.met = t.asked[:0], t.touched[:0], t.met[:0]
	number, end := t.log.number, t.log.end
	if anew {
		number, end = t.log.next(), 0
	}
	if anew || t.steps.entries > 0 {
		if err := t.fold(number, end); err != nil {
			return err
		}
	}
	for i, op := range group {
		if err := do(i, op.run); err != nil {
			return err
		}
	}
	if _, err = t.exec(`COMMIT`); err != nil {
		t.log.spent = t.log.spent || anew // which number the tables know is not known
		return err
	}
	t.steps.folded()
	if anew {
		t.log.restart(number)
	}
	if len(group) > 0 {
		t.steps.changed(t.asked, t.touched, t.met)
	}
	return nil
}

// relax says whether what follows waits neither for the disk nor for a locked file.
func (t *tx) relax(relaxed bool) error {
	if t.relaxed == relaxed {
		return nil
	}
	synchronous, busy := "FULL", t.busy
	if relaxed {
		synchronous, busy = "NORMAL", 0
	}
	// Not a statement that is prepared once: this one works as it is prepared.
	_, err := t.conn.ExecContext(context.Background(), fmt.Sprintf("PRAGMA synchronous = %s; PRAGMA busy_timeout = %d", synchronous, busy.Milliseconds()))
	if err == nil {
		t.relaxed = relaxed
	}
	return err
}

// guarded runs one write so that it can fail alone. The second error ends the
// whole transaction.
func (t *tx) guarded(run func(*tx) error) (failed, broken error) {
	if _, err := t.exec(`SAVEPOINT one`); err != nil {
		return nil, err
	}
	asked := len(t.asked)
	failed = run(t)
	if failed != nil {
		t.asked = t.asked[:asked]
		// A full disk ends the transaction from inside, and then this fails.
		if _, err := t.exec(`ROLLBACK TO one`); err != nil {
			return nil, fmt.Errorf("%w: %w (after: %v)", tickets.ErrAway, err, failed) // of one, so the others must not take it for theirs
		}
	}
	_, broken = t.exec(`RELEASE one`)
	return failed, broken
}

// stmt prepares a read.
func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if s, ok := t.stmts[query]; ok {
		return s, nil
	}
	s, err := t.conn.PrepareContext(context.Background(), query)
	if err == nil {
		t.stmts[query] = s
	}
	return s, err
}

// exec runs a statement and tells how many rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	res, err := t.run(query, args)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// insert runs a statement that makes a row, and tells the row's ID.
func (t *tx) insert(query string, args ...any) (int64, error) {
	res, err := t.run(query, args)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

func (t *tx) run(query string, args []any) (res driver.Result, err error) {
	t.args = t.args[:0]
	for i, arg := range args {
		v := driver.NamedValue{Ordinal: i + 1}
		if named, ok := arg.(sql.NamedArg); ok {
			v.Name, arg = named.Name, named.Value
		}
		if v.Value, err = driver.DefaultParameterConverter.ConvertValue(arg); err != nil {
			return nil, err
		}
		t.args = append(t.args, v)
	}
	err = t.conn.Raw(func(conn any) error {
		s, ok := t.execs[query]
		if !ok {
			prepared, err := conn.(driver.ConnPrepareContext).PrepareContext(context.Background(), query)
			if err != nil {
				return err
			}
			s = prepared.(driver.StmtExecContext)
			t.execs[query] = s
		}
		res, err = s.ExecContext(context.Background(), t.args)
		return err
	})
	return res, err
}

func (t *tx) query(query string, args ...any) (*sql.Rows, error) {
	s, err := t.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.Query(args...)
}

// row reads one row; Scan returns sql.ErrNoRows where there is none.
func (t *tx) row(query string, args ...any) scanner {
	s, err := t.stmt(query)
	if err != nil {
		return failedRow{err}
	}
	return s.QueryRow(args...)
}

// close ends the statements and the connection. Nobody else closes statements of
// a single connection, and SQLite keeps the file and its log open as long as
// there is one.
func (t *tx) close() error {
	var errs []error
	for _, s := range t.stmts {
		errs = append(errs, s.Close())
	}
	for _, s := range t.execs {
		errs = append(errs, s.(driver.Stmt).Close())
	}
	return errors.Join(append(errs, t.conn.Close())...)
}
