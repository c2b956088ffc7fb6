package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"intakebot/migrations"
	"intakebot/tickets"
	"intakebot/tickets/postgres"
	"intakebot/tickets/sqlite"
)

// openStore opens the store that the configuration names. A server that is
// away is waited for, with a line in the log; a file that cannot be opened is
// not, since waiting would not mend it.
func openStore(ctx context.Context, db database, log *slog.Logger) (tickets.Store, error) {
	if db.file != "" {
		s, err := sqlite.Open(ctx, db.file)
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	for wait := time.Second; ; wait = min(2*wait, 15*time.Second) {
		s, err := postgres.Open(ctx, db.url)
		switch {
		case err == nil:
			return s, nil
		case errors.Is(err, migrations.ErrNewer), ctx.Err() != nil:
			return nil, err
		}
		log.Warn("PostgreSQL is away, trying again", "in", wait, "cause", err)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
	}
}

// postgresURL checks an address without connecting.
func postgresURL(address string) error {
	_, err := pgxpool.ParseConfig(address)
	return err
}
