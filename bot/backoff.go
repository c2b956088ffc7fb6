package bot

import (
	"context"
	"math/rand/v2"
	"time"
)

// backoff is a growing pause between tries, jittered so that replicas do not
// come back in step.
type backoff struct {
	first, most time.Duration
	tries       int
}

// next is the next pause: between half and all of first, doubled with every
// try up to most.
func (b *backoff) next() time.Duration {
	d := b.most
	if b.tries < 30 && b.first<<b.tries < b.most {
		d = b.first << b.tries
	}
	b.tries++
	return d/2 + rand.N(d/2+1)
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
