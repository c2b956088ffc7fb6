package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

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
	asked   []*question // by the transaction at hand
	touched []int64     // questions that it settled or changed
}

// all runs a group of writes in one transaction, and tells what came of each.
// One that fails leaves nothing and harms no other: as that is rare, the writes
// are guarded from each other only once it has happened.
func (t *tx) all(group []*write) []error {
	errs := make([]error, len(group))
	failed := false
	err := t.attempt(group, func(_ int, run func(*tx) error) error {
		err := run(t)
		failed = err != nil
		return err
	})
	if failed && len(group) > 1 {
		err = t.attempt(group, func(i int, run func(*tx) error) (broken error) {
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
func (t *tx) attempt(group []*write, do func(i int, run func(*tx) error) error) (err error) {
	if _, err := t.exec(`BEGIN IMMEDIATE`); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = t.exec(`ROLLBACK`) // it may be gone already, so the answer means nothing
		}
	}()
	t.asked, t.touched = t.asked[:0], t.touched[:0]
	// What a broken log holds is not known, and must not count beside what follows.
	folds, number := t.steps.entries > 0 || t.log.broken, t.log.next()
	if folds {
		if err := t.fold(number); err != nil {
			return err
		}
	}
	changes := false
	for i, op := range group {
		if op.run == nil {
			continue
		}
		changes = true
		if err := do(i, op.run); err != nil {
			return err
		}
	}
	if _, err = t.exec(`COMMIT`); err != nil {
		t.log.broken = t.log.broken || folds // which number the tables know is not known
		return err
	}
	if folds {
		t.steps.folded()
		t.log.restart(number)
	}
	if changes {
		t.steps.changed(t.asked, t.touched)
	}
	return nil
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
