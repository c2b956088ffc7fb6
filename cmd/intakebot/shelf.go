package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"intakebot/tickets"
)

// shelfCmd is about updates that were set aside (P6).
type shelfCmd struct {
	settings
	Retry bool `help:"Work on them again, now. With SQLite, stop the bot before listing too: one process has the file."`
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

// list needs nothing but the database.
func (c *shelfCmd) list(ctx context.Context, std streams) error {
	var wrong mistakes
	c.fill()
	where := c.database(&wrong)
	if err := wrong.err(); err != nil {
		return err
	}
	store, err := openStore(ctx, where, slog.New(slog.NewTextHandler(std.err, nil)))
	if err != nil {
		return err
	}
	return errors.Join(listShelf(ctx, store, std.out), store.Close())
}

// listShelf prints a line for each: no message text (P8).
func listShelf(ctx context.Context, store tickets.Store, out io.Writer) error {
	list, err := store.Shelf(ctx, shelfMost)
	if err != nil {
		return err
	}
	for _, s := range list {
		fmt.Fprintf(out, "%s  update %d  chat %d  %s\n", s.At.UTC().Format(time.RFC3339), s.Update.ID, s.Update.Chat, s.Cause)
	}
	fmt.Fprintf(out, "%d set aside\n", len(list))
	return nil
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
