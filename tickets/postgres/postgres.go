// Package postgres is the store on PostgreSQL, 15 and newer, for any number of
// replicas at once.
//
// A write is one round trip: its statements travel together as one
// transaction, and a guard among them fails it when a version has moved.
package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"intakebot/migrations"
	"intakebot/tickets"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

var _ tickets.Store = (*Store)(nil)

// connections is how many there are at most, unless the URL says
// pool_max_conns: enough to keep the server's disk busy with commits.
const connections = 16

// oldest is the first version of PostgreSQL that is tested, as the server
// counts.
const oldest = 150000

// Store keeps everything in a database that replicas share.
type Store struct {
	pool     *pgxpool.Pool
	presence presence
}

// Open connects to postgres://… and brings its tables up to date, waiting
// where another replica does. It fails with migrations.ErrNewer when a newer
// version of the program has worked on it. No error tells the password.
func Open(ctx context.Context, databaseURL string) (*Store, error) {
	cfg, err := parse(databaseURL)
	if err != nil {
		return nil, err
	}
	return open(ctx, cfg)
}

func open(ctx context.Context, cfg *pgxpool.Config) (*Store, error) {
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	s := &Store{pool: pool}
	if err := s.prepare(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context) error {
	var version int
	if err := s.pool.QueryRow(ctx, `SELECT current_setting('server_version_num')::int`).Scan(&version); err != nil {
		return err
	}
	if version < oldest {
		return fmt.Errorf("PostgreSQL %d is too old: it takes %d or newer", version/10000, oldest/10000)
	}
	db := stdlib.OpenDBFromPool(s.pool)
	if err := errors.Join(migrations.Postgres(ctx, db), db.Close()); err != nil {
		return err
	}
	return s.addWords(ctx)
}

// parse reads the URL. Errors of the parsers quote it, so they are not passed
// on where the password could not be told from the rest.
func parse(databaseURL string) (*pgxpool.Config, error) {
	u, err := url.Parse(databaseURL)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return nil, errors.New("not a database URL: write postgres://user:password@host:5432/name, with special characters as %XX")
	}
	cfg, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		return nil, errors.New(redact(err.Error(), u))
	}
	if !u.Query().Has("pool_max_conns") {
		cfg.MaxConns = connections
	}
	c := &cfg.ConnConfig.Config
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, 5*time.Second)
	c.RuntimeParams["application_name"] = cmp.Or(c.RuntimeParams["application_name"], "intakebot")
	return cfg, nil
}

// redact takes the password out of a text, as it is written in the URL and as
// it is meant.
func redact(s string, u *url.URL) string {
	secrets := []string{u.Query().Get("password")}
	if password, ok := u.User.Password(); ok {
		_, written, _ := strings.Cut(u.User.String(), ":")
		secrets = append(secrets, password, written)
	}
	for _, secret := range secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, "xxxxx")
		}
	}
	return s
}

// Ping tells whether the server can be reached.
func (s *Store) Ping(ctx context.Context) error { return s.pool.Ping(ctx) }

// Close waits for calls that have begun and closes the connections.
func (s *Store) Close() error {
	s.presence.close()
	s.pool.Close()
	return nil
}

// The codes with which the schema's function must_change_one fails.
const (
	codeStale   = "IB001" // the version has moved, or the claim is another's
	codeNoPlace = "IB002" // a place of no ticket
)

// told turns what the server says into the errors that callers tell apart.
func told(err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return err
	}
	switch {
	case pg.Code == codeStale:
		return tickets.ErrStale
	case isAway(pg.Code):
		return fmt.Errorf("%w: %w", tickets.ErrAway, err)
	case pg.Code != "23505": // unique_violation
		return err
	}
	switch pg.ConstraintName {
	case "updates_pkey", "updates_message":
		return tickets.ErrDuplicate
	case "customers_pkey", "tickets_draft_key":
		return tickets.ErrStale
	}
	return err
}

// isAway tells the codes for which no statement is to blame, most of them by
// their class (https://www.postgresql.org/docs/current/errcodes-appendix.html):
// broken connections, deadlocks, a full disk or no connection left, a server that
// is stopped or has broken, and one that is a standby for now.
func isAway(code string) bool {
	switch code[:min(2, len(code))] {
	case "08", "40", "53", "57", "58":
		return true
	}
	return code == "55P03" || code == "25006"
}

// send does the statements of a batch in one transaction and one round trip.
func (s *Store) send(ctx context.Context, b *pgx.Batch) error {
	return told(s.pool.SendBatch(ctx, b).Close())
}

// list reads all rows of an answer.
func list[T any](ctx context.Context, s *Store, scan pgx.RowToFunc[T], query string, args ...any) ([]T, error) {
	rows, err := s.pool.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}
