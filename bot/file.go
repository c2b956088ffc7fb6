package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"intakebot/dialog"
	"intakebot/tickets"
)

// mostFetch is the largest file that Telegram lets bots fetch, in bytes.
const mostFetch = 20 << 20

// fileWait is how long a document waits for a Telegram that does not answer,
// since it came or since the bot runs: nobody shall have to send it again over
// that. After it one file that cannot be had no more holds up its customer (P6).
const fileWait = 5 * time.Minute

// sinceStart is an instant, or the bot's start if that was later.
func (in *Intake) sinceStart(at time.Time) time.Time {
	if at.Before(in.started) {
		return in.started
	}
	return at
}

// mostBytes is the largest file that is taken.
func (in *Intake) mostBytes() int64 {
	if most := in.cfg.Policy.Limits.FileBytes; most > 0 && most < mostFetch {
		return most
	}
	return mostFetch
}

// look judges a document by its content and not by its name (R3.5). It is
// done before anything is loaded, so that no version waits for the network.
func (in *Intake) look(ctx context.Context, input *dialog.Input) error {
	f := input.File
	if f == nil || f.Type != "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	head, err := in.cfg.Telegram.FileHead(ctx, f.ID, tickets.FileHead)
	switch {
	case errors.Is(err, errFileSize):
		refuse(input, dialog.RefusedSize)
	case errors.Is(err, errFileGone):
		refuse(input, dialog.RefusedType)
	case err != nil && in.cfg.Now().Before(in.sinceStart(input.Date).Add(fileWait)):
		return &refusal{err: fmt.Errorf("look at a document: %w", err), telegram: true}
	case err != nil:
		return fmt.Errorf("look at a document: %w", err)
	case len(head) == 0:
		refuse(input, dialog.RefusedEmpty)
	default:
		mime, ok := tickets.ImageType(head)
		if f.Type = mime; !ok {
			refuse(input, dialog.RefusedType)
		}
	}
	return nil
}
