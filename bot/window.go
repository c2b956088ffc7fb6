package bot

import (
	"context"
	"sync"
	"time"
)

// window is the updates from the polling offset on: which of them are in hand,
// and how far the offset may go.
type window struct {
	mu      sync.Mutex
	order   []int64        // as they came; trimmed when the offset moves
	isDone  map[int64]bool // of those in order
	inHand  int
	next    int64         // offset when all is done; 0: from the first there is
	changed chan struct{} // holds a token when something was done
}

func newWindow() *window {
	return &window{isDone: map[int64]bool{}, changed: make(chan struct{}, 1)}
}

// offset moves on to the first update in hand, and is where to poll. What it
// leaves behind is confirmed by that poll, and only then forgotten here.
func (w *window) offset() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.order) > 0 && w.isDone[w.order[0]] {
		delete(w.isDone, w.order[0])
		w.order = w.order[1:]
	}
	if len(w.order) > 0 {
		return w.order[0]
	}
	return w.next
}

// nothing notes that a poll brought nothing, so that all is confirmed. The
// next one takes whatever there is: after a quiet week the IDs begin anew, and
// can be smaller.
func (w *window) nothing() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.order) == 0 {
		w.next = 0
	}
}

// add notes a new update, or tells that it is known.
func (w *window) add(id int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, known := w.isDone[id]; known {
		return false
	}
	w.isDone[id] = false
	w.order = append(w.order, id)
	w.next = id + 1
	w.inHand++
	return true
}

// done notes that an update can be acknowledged.
func (w *window) done(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.isDone[id] = true
	w.inHand--
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// settle waits until the next poll makes sense: at once when everything is
// done and the offset moves, otherwise not before earliest.
func (w *window) settle(ctx context.Context, polled int64, earliest time.Time) {
	t := time.NewTimer(time.Until(earliest))
	defer t.Stop()
	for !w.movesOn(polled) {
		select {
		case <-w.changed:
		case <-t.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// movesOn tells whether nothing is in hand and the next poll has an offset
// other than the last.
func (w *window) movesOn(polled int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.inHand == 0 && w.next != polled
}
