package bot

import (
	"context"
	"time"
)

// backoff is a growing pause between tries, jittered so that replicas do not
// come back in step.
type backoff struct {
	first, most time.Duration
	rand        func() float64 // from 0 to 1
	tries       int
}

func (in *Intake) backoff(first, most time.Duration) backoff {
	return backoff{first: first, most: most, rand: in.cfg.Rand}
}

// next is the next pause: between half and all of first, doubled with every
// try up to most.
func (b *backoff) next() time.Duration {
	d := b.most
	if b.tries < 30 && b.first<<b.tries < b.most {
		d = b.first << b.tries
	}
	b.tries++
	return d/2 + time.Duration(b.rand()*float64(d/2))
}

// reset begins anew after a success.
func (b *backoff) reset() { b.tries = 0 }

// pause waits, and tells whether it waited to the end.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
