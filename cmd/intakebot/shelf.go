package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/pflag"

	"intakebot/tickets"
	"intakebot/tickets/sqlite"
)

// shelfCmd is about updates that were set aside (P6).
type shelfCmd struct {
	settings
	Retry bool
}

func (c *shelfCmd) flags(set *pflag.FlagSet) {
	c.settings.flags(set)
	switchFlag(set, &c.Retry, "retry", "work on them again, now; with SQLite, stop the bot first, as one process writes to the file (a list can be had at any time)")
}

// shelfMost is how many updates one call looks at.
const shelfMost = 1000

// Run lists the shelf, or works on what lies there again.
func (c *shelfCmd) Run(ctx context.Context, std streams) error {
	if !c.Retry {
		return c.list(ctx, std)
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(std.err, nil))
	d, err := openDesk(ctx, cfg, log)
	if err != nil {
		return err
	}
	return errors.Join(retryShelf(ctx, d, std.out), d.close())
}

// list needs nothing but the database, and disturbs no bot that runs on it.
func (c *shelfCmd) list(ctx context.Context, std streams) error {
	var wrong mistakes
	c.fill()
	where := c.database(&wrong)
	if err := wrong.err(); err != nil {
		return err
	}
	found, err := shelfOf(ctx, where, slog.New(slog.NewTextHandler(std.err, nil)))
	if err != nil {
		return err
	}
	printShelf(std.out, found)
	return nil
}

// shelfOf reads the shelf.
func shelfOf(ctx context.Context, where database, log *slog.Logger) ([]tickets.Shelved, error) {
	if where.file != "" {
		return sqlite.ShelfOf(ctx, where.file, shelfMost)
	}
	store, err := openStore(ctx, where, log)
	if err != nil {
		return nil, err
	}
	found, err := store.Shelf(ctx, shelfMost)
	return found, errors.Join(err, store.Close())
}

// printShelf prints a line for each: no message text (P8).
func printShelf(out io.Writer, list []tickets.Shelved) {
	for _, s := range list {
		fmt.Fprintf(out, "%s  update %d  chat %d  %s\n", s.At.UTC().Format(time.RFC3339), s.Update.ID, s.Update.Chat, s.Cause)
	}
	fmt.Fprintf(out, "%d set aside\n", len(list))
}

// retryShelf works on every update there. What comes of it is sent by the bot
// when it runs. One that fails again goes back to the shelf.
func retryShelf(ctx context.Context, d *desk, out io.Writer) error {
	list, err := d.store.Shelf(ctx, shelfMost)
	if err != nil {
		return err
	}
	var failed []error
	for _, s := range list {
		if err := d.intake.Retry(ctx, s.Update.ID); err != nil {
			failed = append(failed, fmt.Errorf("update %d: %w", s.Update.ID, err))
			continue
		}
		fmt.Fprintf(out, "update %d: done\n", s.Update.ID)
	}
	return errors.Join(failed...)
}
