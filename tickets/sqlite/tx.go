package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"intakebot/tickets"
)

// tx is the writer's connection with its prepared statements. Its statements
// have no deadline: a write that has begun is ended.
type tx struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

// all runs a group of writes in one transaction, and tells what came of each.
// One that fails leaves nothing and harms no other.
func (t *tx) all(group []*write) []error {
	errs := make([]error, len(group))
	if err := t.attempt(group, errs); err != nil {
		// Nothing of the group is in the file, whatever a part of it thinks.
		// The transaction may be gone already, so the answer means nothing.
		_, _ = t.exec(`ROLLBACK`)
		for i := range errs {
			errs[i] = err
		}
	}
	return errs
}

func (t *tx) attempt(group []*write, errs []error) error {
	if _, err := t.exec(`BEGIN IMMEDIATE`); err != nil {
		return err
	}
	if len(group) == 1 {
		if err := group[0].run(t); err != nil {
			return err
		}
	} else {
		for i, op := range group {
			var err error
			if errs[i], err = t.guarded(op.run); err != nil {
				return err
			}
		}
	}
	_, err := t.exec(`COMMIT`)
	return err
}

// guarded runs one write so that it can fail alone. The second error ends the
// whole transaction.
func (t *tx) guarded(run func(*tx) error) (failed, broken error) {
	if _, err := t.exec(`SAVEPOINT one`); err != nil {
		return nil, err
	}
	failed = run(t)
	if failed != nil {
		// A full disk ends the transaction from inside, and then this fails.
		if _, err := t.exec(`ROLLBACK TO one`); err != nil {
			return nil, fmt.Errorf("%w: %w (after: %v)", tickets.ErrAway, err, failed) // of one, so the others must not take it for theirs
		}
	}
	_, broken = t.exec(`RELEASE one`)
	return failed, broken
}

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
	s, err := t.stmt(query)
	if err != nil {
		return 0, err
	}
	res, err := s.Exec(args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
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
