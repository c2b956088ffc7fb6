package bot

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"intakebot/tickets"
)

// sendQueue keeps the order of what is to be sent: within an address by ID,
// among addresses by priority and ID. It holds no message, only what orders
// them; the store has the rest. It knows no clock and starts nothing; its owner
// locks it.
type sendQueue struct {
	lines map[tickets.Address]*line
	known map[int64]bool // by notice ID: queued, or being sent
	ready lineHeap       // lines whose next notice may be sent
	later lineHeap       // lines that wait for a time
}

// line is one address.
type line struct {
	items    []*item // by ID
	sending  *item   // nil: none
	at       time.Time
	priority tickets.Priority
	id       int64
	heap     *lineHeap // that the line is in; nil: none
	index    int
}

// item is a notice in the queue.
type item struct {
	id       int64
	to       tickets.Address
	priority tickets.Priority
	merge    string
	at       time.Time // not before
	held     bool      // tried before, or held back by a limit: holds up the line until at
	swept    bool      // found in the store, where more of its line may wait
	fails    int       // tries in a row that the store refused
	messages int       // that the next call makes, as far as is known
}

func newSendQueue() *sendQueue {
	q := &sendQueue{lines: map[tickets.Address]*line{}, known: map[int64]bool{}}
	q.ready.less = func(a, b *line) bool {
		return cmp.Or(cmp.Compare(a.priority, b.priority), cmp.Compare(a.id, b.id)) < 0
	}
	q.later.less = func(a, b *line) bool { return a.at.Before(b.at) }
	return q
}

// add queues a notice, unless it is queued already. Notices that it replaces
// are dropped, but for one that is being sent.
func (q *sendQueue) add(n tickets.Notice, swept bool, now time.Time) {
	if q.known[n.ID] {
		return
	}
	l := q.lines[n.To]
	if l == nil {
		l = &line{}
		q.lines[n.To] = l
	}
	if n.Merge != "" {
		l.items = slices.DeleteFunc(l.items, func(it *item) bool {
			gone := it.merge == n.Merge && it != l.sending && it.id < n.ID
			if gone {
				delete(q.known, it.id)
			}
			return gone
		})
	}
	it := &item{id: n.ID, to: n.To, priority: n.Priority, merge: n.Merge, at: n.After, held: n.Attempts > 0, swept: swept, messages: 1}
	at, _ := slices.BinarySearchFunc(l.items, it, func(a, b *item) int { return cmp.Compare(a.id, b.id) })
	l.items = slices.Insert(l.items, at, it)
	q.known[n.ID] = true
	q.place(l, now)
}

// next takes the notice that is to be sent now; nil when there is none. The
// owner must call done or hold with it.
func (q *sendQueue) next(now time.Time) *item {
	for len(q.later.lines) > 0 && !q.later.lines[0].at.After(now) {
		q.place(q.later.lines[0], now)
	}
	if len(q.ready.lines) == 0 {
		return nil
	}
	l := q.ready.lines[0]
	l.sending, _ = l.first(now)
	q.place(l, now)
	return l.sending
}

// wake is when next may find something that it does not find now; zero: never.
func (q *sendQueue) wake() time.Time {
	if len(q.later.lines) == 0 {
		return time.Time{}
	}
	return q.later.lines[0].at
}

// done takes a notice out of the queue.
func (q *sendQueue) done(it *item, now time.Time) {
	l := q.lines[it.to]
	l.sending = nil
	l.items = slices.DeleteFunc(l.items, func(other *item) bool { return other == it })
	delete(q.known, it.id)
	q.place(l, now)
	if len(l.items) == 0 {
		delete(q.lines, it.to)
	}
}

// hold puts a notice back, to be tried again at an instant. Its line waits.
func (q *sendQueue) hold(it *item, at, now time.Time) {
	it.held, it.at = true, at
	l := q.lines[it.to]
	l.sending = nil
	q.place(l, now)
}

// len counts the notices that are queued or being sent.
func (q *sendQueue) len() int { return len(q.known) }

// first finds the notice of a line that goes next, and when. Notices for later
// that were never tried are passed by; then the instant is the earliest of all.
func (l *line) first(now time.Time) (*item, time.Time) {
	var at time.Time
	for _, it := range l.items {
		if !it.at.After(now) {
			return it, time.Time{}
		}
		if at.IsZero() || it.at.Before(at) {
			at = it.at
		}
		if it.held {
			break
		}
	}
	return nil, at
}

// place puts a line where it belongs now. It has the priority of its most
// urgent notice: an announcement must not hold up a question behind it (P3).
func (q *sendQueue) place(l *line, now time.Time) {
	if l.heap != nil {
		heap.Remove(l.heap, l.index)
		l.heap = nil
	}
	if l.sending != nil || len(l.items) == 0 {
		return
	}
	it, at := l.first(now)
	if it == nil {
		l.at = at
		q.later.add(l)
		return
	}
	l.id, l.priority = it.id, it.priority
	for _, other := range l.items {
		if !other.at.After(now) {
			l.priority = min(l.priority, other.priority)
		}
	}
	q.ready.add(l)
}

// lineHeap is a heap of lines that know their place in it.
type lineHeap struct {
	lines []*line
	less  func(a, b *line) bool
}

func (h *lineHeap) add(l *line) {
	l.heap = h
	heap.Push(h, l)
}

// Len is part of heap.Interface.
func (h *lineHeap) Len() int { return len(h.lines) }

// Less is part of heap.Interface.
func (h *lineHeap) Less(i, j int) bool { return h.less(h.lines[i], h.lines[j]) }

// Swap is part of heap.Interface.
func (h *lineHeap) Swap(i, j int) {
	h.lines[i], h.lines[j] = h.lines[j], h.lines[i]
	h.lines[i].index, h.lines[j].index = i, j
}

// Push is part of heap.Interface.
func (h *lineHeap) Push(x any) {
	l := x.(*line)
	l.index = len(h.lines)
	h.lines = append(h.lines, l)
}

// Pop is part of heap.Interface.
func (h *lineHeap) Pop() any {
	last := len(h.lines) - 1
	l := h.lines[last]
	h.lines[last] = nil
	h.lines = h.lines[:last]
	return l
}
