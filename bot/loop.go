package bot

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"
)

// loop does something in the background again and again.
type loop struct {
	name    string
	every   time.Duration
	log     *slog.Logger
	runOnce func(ctx context.Context) (more bool, err error)
	ran     chan error // nil but in tests: what each run came to
}

func newLoop(name string, every time.Duration, log *slog.Logger, once func(context.Context) (bool, error)) *loop {
	return &loop{name: name, every: every, log: log, runOnce: once}
}

// run works at once, then after every pause, until the context ends. A run
// that left work behind is followed by the next without a pause; one that
// failed is told and tried again.
func (l *loop) run(ctx context.Context) error {
	ticker := time.NewTicker(l.every)
	defer ticker.Stop()
	for {
		more, err := l.safely(ctx)
		if err != nil && ctx.Err() == nil {
			l.log.Warn("background work failed", "work", l.name, "cause", err)
		}
		if l.ran != nil {
			l.ran <- err
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// safely makes an error of a panic, so that what cannot be worked on ends
// neither the loop nor the program.
func (l *loop) safely(ctx context.Context) (more bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			more, err = false, panicError(p)
			l.log.Error("panic", "work", l.name, "cause", err, "stack", string(debug.Stack()))
		}
	}()
	return l.runOnce(ctx)
}
