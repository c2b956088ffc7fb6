package limits

import "time"

// limit is "at most n sends in any window".
type limit struct {
	n      int
	window time.Duration
}

var (
	all   = limit{AllSends, AllWindow}
	chat  = limit{ChatSends, ChatWindow}
	group = limit{GroupSends, GroupWindow}
)

// stretched is the window that counts at a pace in percent.
func (l limit) stretched(percent int) time.Duration {
	return l.window * time.Duration(percent) / 100
}

// slowest is the longest window that a limit can come to have.
func (l limit) slowest() time.Duration {
	return l.stretched(100 + StrikePercent*(MaxStrikes-1))
}

// bucket remembers when the last sends under a limit were made. Times are
// counted from an instant that the owner chooses, and never decrease.
type bucket struct {
	sent []time.Duration // at most as many as the limit says
	next int             // once full: the oldest, to be replaced next
}

// wait is how long it takes until a send would keep the limit.
func (b *bucket) wait(l limit, percent int, t time.Duration) time.Duration {
	if b == nil || len(b.sent) < l.n {
		return 0
	}
	return max(0, b.sent[b.next]+l.stretched(percent)-t)
}

func (b *bucket) take(l limit, t time.Duration) {
	if len(b.sent) < l.n {
		b.sent = append(b.sent, t)
		return
	}
	b.sent[b.next] = t
	b.next = (b.next + 1) % l.n
}

// idle tells whether the bucket can be forgotten: it holds nothing back at any
// pace.
func (b *bucket) idle(l limit, t time.Duration) bool {
	if b == nil || len(b.sent) == 0 {
		return true
	}
	newest := b.sent[(b.next+len(b.sent)-1)%len(b.sent)]
	return t-newest >= l.slowest()
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
