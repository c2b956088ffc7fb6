package bot

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"intakebot/tickets"
)

// sendQueue keeps the order of what is to be sent: within an address by ID,
// among addresses by priority and in turn. One that has much to say goes behind
// all that wait by then, each time that it was served, so that nobody's flood
// delays the others of a group. It holds what orders them, and the texts
// that could be joined; the store has the rest. It knows no clock and starts nothing; its owner
// locks it.
type sendQueue struct {
	lines  map[tickets.Address]*line
	known  map[int64]bool // by notice ID: queued, or being sent
	newest int64          // the highest ID so far
	served int64          // how many notices are done with
	ready  lineHeap       // lines of which a notice may be sent
	later  lineHeap       // lines to be looked at again at a time; some are ready too
}

// line is one address.
type line struct {
	items    []*item   // by ID
	sending  *item     // nil: none
	at       time.Time // when another notice may go
	priority tickets.Priority
	id       int64  // of the notice that goes next, or of the newest when the line was last served
	served   int64  // when it was last served, as a count; 0: never
	turn     int64  // the newest ID then
	places   [2]int // in the heaps, counted from 1; 0: not in it
}

// item is a notice in the queue.
type item struct {
	id       int64
	to       tickets.Address
	priority tickets.Priority
	rank     tickets.Priority // of its line when it was taken: what waits behind it may be more urgent
	merge    string
	at       time.Time       // not before
	aside    bool            // others of its line may pass it once it was tried, too
	held     bool            // tried before, or held back by a limit: holds up the line until at
	swept    bool            // found in the store, where more of its line may wait
	fails    int             // tries in a row that the store refused
	goes     tickets.Address // where its line goes, once nothing of it is being sent; zero: it stays
	messages int             // that the next call makes, as far as is known
	free     bool            // counts against no limit
	text     *tickets.Notice // may go into one message with others like it; nil: not
	claim    *ahead          // made by the commit; nil: still to be made
}

func newSendQueue() *sendQueue {
	q := &sendQueue{lines: map[tickets.Address]*line{}, known: map[int64]bool{}}
	q.ready.less = func(a, b *line) bool {
		return cmp.Or(cmp.Compare(a.priority, b.priority), cmp.Compare(a.id, b.id), cmp.Compare(a.served, b.served)) < 0
	}
	q.later.less = func(a, b *line) bool { return a.at.Before(b.at) }
	q.later.number = 1
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
	if n.Merge != "" || n.Drops != "" {
		l.items = slices.DeleteFunc(l.items, func(it *item) bool {
			gone := it.merge != "" && (it.merge == n.Merge || it.merge == n.Drops) && it != l.sending && it.id < n.ID
			if gone {
				delete(q.known, it.id)
			}
			return gone
		})
	}
	it := &item{id: n.ID, to: n.To, priority: n.Priority, merge: n.Merge, at: n.After, held: n.Attempts > 0, swept: swept, messages: firstCall(n),
		free: isFree(n)}
	if n.Claimed {
		it.held, it.claim = false, &ahead{tickets.Claim{Notice: n}, now}
	}
	if isJoinable(n) {
		text := n // else every notice would be copied to the heap
		it.text = &text
	}
	at, _ := slices.BinarySearchFunc(l.items, it, func(a, b *item) int { return cmp.Compare(a.id, b.id) })
	l.items = slices.Insert(l.items, at, it)
	q.known[n.ID] = true
	q.newest = max(q.newest, n.ID)
	q.place(l, now)
}

// firstCall is how many messages a notice's first call makes, as far as can be
// told without its texts.
func firstCall(n tickets.Notice) int {
	if n.Kind == tickets.NoticeCopy && n.Extra.Source != nil && len(n.Message.Text) == 0 && len(n.Sent) == 0 {
		return max(1, len(n.Extra.Source.Messages))
	}
	return 1
}

// isFree tells what Telegram does not count: edits in private chats, reactions
// and deletions (P3).
func isFree(n tickets.Notice) bool {
	switch n.Kind {
	case tickets.NoticeEdit:
		return n.To.Chat > 0
	case tickets.NoticeReact, tickets.NoticeDelete:
		return true
	}
	return false
}

// next takes the notice that is to be sent now; nil when there is none. The
// owner must call done, hold or release with it.
func (q *sendQueue) next(now time.Time) *item {
	if _, ok := q.rank(now); !ok {
		return nil
	}
	l := q.ready.lines[0]
	l.sending = l.first(now)
	l.sending.rank = l.priority
	q.place(l, now)
	return l.sending
}

// rank is that of the notice that next would take; not ok: there is none.
func (q *sendQueue) rank(now time.Time) (rank tickets.Priority, ok bool) {
	for len(q.later.lines) > 0 && !q.later.lines[0].at.After(now) {
		q.place(q.later.lines[0], now)
	}
	if len(q.ready.lines) == 0 {
		return 0, false
	}
	return q.ready.lines[0].priority, true
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
	q.served++
	l.served, l.turn = q.served, q.newest
	q.place(l, now)
	if len(l.items) == 0 {
		delete(q.lines, it.to)
	}
}

// hold puts a notice back, to be tried again at an instant. Its line waits, unless
// it steps aside.
func (q *sendQueue) hold(it *item, at, now time.Time) {
	it.held, it.at = !it.aside, at
	l := q.lines[it.to]
	l.sending = nil
	q.place(l, now)
}

// release puts a notice back as it was.
func (q *sendQueue) release(it *item, now time.Time) {
	l := q.lines[it.to]
	l.sending = nil
	q.place(l, now)
}

// len counts the notices that are queued or being sent.
func (q *sendQueue) len() int { return len(q.known) }

// first finds the notice of a line that goes now; nil: none. Notices for later
// that were never tried are passed by.
func (l *line) first(now time.Time) *item {
	for _, it := range l.items {
		if !it.at.After(now) {
			return it
		}
		if it.held {
			return nil
		}
	}
	return nil
}

// place puts a line where it belongs now. It has the priority of its most
// urgent notice: an announcement must not hold up a question behind it (P3).
func (q *sendQueue) place(l *line, now time.Time) {
	q.ready.remove(l)
	q.later.remove(l)
	if l.sending != nil {
		return
	}
	next := l.first(now)
	l.at, l.priority = time.Time{}, tickets.PriorityAnnounce
	for _, it := range l.items {
		if !it.at.After(now) {
			l.priority = min(l.priority, it.priority)
		} else if l.at.IsZero() || it.at.Before(l.at) {
			l.at = it.at
		}
	}
	if next != nil {
		l.id = max(next.id, l.turn)
		heap.Push(&q.ready, l)
	}
	if !l.at.IsZero() {
		heap.Push(&q.later, l)
	}
}

// lineHeap is a heap of lines that know their place in it.
type lineHeap struct {
	lines  []*line
	less   func(a, b *line) bool
	number int // of the heap, in the lines' places
}

func (h *lineHeap) remove(l *line) {
	if at := l.places[h.number]; at > 0 {
		heap.Remove(h, at-1)
	}
}

// Len is part of heap.Interface.
func (h *lineHeap) Len() int { return len(h.lines) }

// Less is part of heap.Interface.
func (h *lineHeap) Less(i, j int) bool { return h.less(h.lines[i], h.lines[j]) }

// Swap is part of heap.Interface.
func (h *lineHeap) Swap(i, j int) {
	h.lines[i], h.lines[j] = h.lines[j], h.lines[i]
	h.lines[i].places[h.number], h.lines[j].places[h.number] = i+1, j+1
}

// Push is part of heap.Interface.
func (h *lineHeap) Push(x any) {
	l := x.(*line)
	h.lines = append(h.lines, l)
	l.places[h.number] = len(h.lines)
}

// Pop is part of heap.Interface.
func (h *lineHeap) Pop() any {
	last := len(h.lines) - 1
	l := h.lines[last]
	l.places[h.number] = 0
	h.lines[last] = nil
	h.lines = h.lines[:last]
	return l
}
