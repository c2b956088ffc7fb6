// Package migrations holds the tables of both stores, and brings a database up
// to what the program knows.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// ErrNewer says that a newer version of the program has worked on the
// database. This one would write what the newer one cannot read.
var ErrNewer = errors.New("the database is newer than this program: run the newer intakebot, or restore a backup")

// SQLite brings a file up to date. The caller holds the file's lock.
func SQLite(ctx context.Context, db *sql.DB) error {
	return up(ctx, goose.DialectSQLite3, "sqlite", db)
}

// Postgres brings a database up to date, one replica at a time: the others
// wait for the lock, for two minutes at most.
func Postgres(ctx context.Context, db *sql.DB) error {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
	if err != nil {
		return err
	}
	return up(ctx, goose.DialectPostgres, "postgres", db, goose.WithSessionLocker(locker))
}

func up(ctx context.Context, d goose.Dialect, dir string, db *sql.DB, opts ...goose.ProviderOption) error {
	all, err := list(dir)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(d, db, nil, append(opts, goose.WithGoMigrations(all...), goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return err
	}
	// This takes the lock, and so goes before Up, whose look at what is
	// pending does not.
	has, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("reading the database's version: %w", err)
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; has > newest {
		return fmt.Errorf("%w (version %d; this program knows %d)", ErrNewer, has, newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bringing the database up to date: %w", err)
	}
	return nil
}

// upwards begins a file, which only leads up, in one transaction.
const upwards = "-- +goose Up\n"

// list reads a folder's migrations. Each is sent as one text: goose's own reader,
// which cuts files into statements, takes 8 MB for each, more than all else at the
// program's start.
func list(dir string) (all []*goose.Migration, err error) {
	names, err := fs.Glob(files, dir+"/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(string(text), upwards) {
			return nil, fmt.Errorf("%s does not begin with %q", name, upwards)
		}
		run := func(ctx context.Context, tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, string(text)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			return nil
		}
		all = append(all, goose.NewGoMigration(version, &goose.GoFunc{RunTx: run}, nil))
	}
	return all, nil
}
