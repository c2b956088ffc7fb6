package limits

import (
	"slices"
	"time"
)

// limit is "at most n sends in any window", and some to spare for those that a
// customer waits for. With a burst, those beyond it are spread evenly.
type limit struct {
	n      int
	spare  int
	burst  int // 0: not spread
	window time.Duration
}

var (
	all   = limit{n: AllSends, spare: AllSpare, window: AllWindow}
	chat  = limit{n: ChatSends, window: ChatWindow}
	group = limit{n: GroupSends, burst: GroupBurst, window: GroupWindow}
)

// most is how many sends a window holds for a call at a pace in percent.
func (l limit) most(c call, percent int) int {
	if c.urgent() && percent == 100 {
		return l.n + l.spare
	}
	return l.n
}

// gap is the time between sends that are spread evenly, at a pace in percent.
func (l limit) gap(percent int) time.Duration { return l.stretched(percent) / time.Duration(l.n) }

// stretched is the window that counts at a pace in percent.
func (l limit) stretched(percent int) time.Duration {
	return l.window * time.Duration(percent) / 100
}

// slowest is the longest window that a limit can come to have.
func (l limit) slowest() time.Duration {
	return l.stretched(100 + StrikePercent*(MaxStrikes-1))
}

// keep is longer than any time of a bucket can matter: an album can fill this
// and the next windows, of which there are four at most.
func (l limit) keep() time.Duration { return 5 * l.slowest() }

// bucket remembers when the last messages under a limit were sent, or, after an
// album, when they ought to have been. Times are counted from an instant that
// the owner chooses.
type bucket struct {
	sent []time.Duration // at most as many as the limit and its spare say
	next int             // once full: the earliest noted, to be replaced next
}

// noted is the n-th latest time, counted from 1.
func (b *bucket) noted(n int) time.Duration {
	return b.sent[(b.next+2*len(b.sent)-n)%len(b.sent)]
}

// wait is how long it takes until a message would keep the limit of n.
func (b *bucket) wait(l limit, n, percent int, t time.Duration) time.Duration {
	if b == nil {
		return 0
	}
	return max(0, b.full(l, n, percent, t), min(b.full(l, l.burst, percent, t), b.close(l, percent, t)))
}

// full is how long the window holds n messages.
func (b *bucket) full(l limit, n, percent int, t time.Duration) time.Duration {
	if n == 0 || len(b.sent) < n {
		return 0
	}
	return b.noted(n) + l.stretched(percent) - t
}

// close is how long a message would be too close to the last one.
func (b *bucket) close(l limit, percent int, t time.Duration) time.Duration {
	if len(b.sent) == 0 {
		return 0
	}
	return b.noted(1) + l.gap(percent) - t
}

// take notes the messages of a call, each at the first time when it keeps the limit.
func (b *bucket) take(l limit, c call, percent int, t time.Duration) {
	for range c.messages {
		at := t + b.wait(l, l.most(c, percent), percent, t)
		if len(b.sent) < l.n+l.spare {
			b.sent = append(b.sent, at)
			continue
		}
		b.sent[b.next] = at
		b.next = (b.next + 1) % len(b.sent)
	}
}

// idle tells whether the bucket can be forgotten: it holds nothing back at any
// pace.
func (b *bucket) idle(l limit, t time.Duration) bool {
	return b == nil || len(b.sent) == 0 || t-slices.Max(b.sent) >= l.slowest()
}

// penalty is what 429s have left behind.
type penalty struct {
	until   time.Duration // nothing is sent before
	strikes int           // as counted at until
}

// left is how long nothing may be sent.
func (p *penalty) left(t time.Duration) time.Duration { return max(0, p.until-t) }

// count is the number of strikes that are still remembered.
func (p *penalty) count(t time.Duration) int {
	if t <= p.until {
		return p.strikes
	}
	return max(0, p.strikes-int((t-p.until)/Recovery))
}

// percent is how long the windows are, 100 being the usual.
func (p *penalty) percent(t time.Duration) int {
	return 100 + StrikePercent*max(0, p.count(t)-1)
}

func (p *penalty) add(t, retryAfter time.Duration) {
	if t >= p.until {
		p.strikes = min(MaxStrikes, p.count(t)+1)
	}
	p.until = max(p.until, t+max(0, retryAfter))
}
