package bot

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"intakebot/tickets"
)

// queueModel is the queue's promise without its machinery: a list of notices.
type queueModel struct {
	now     time.Time
	queue   *sendQueue
	waiting map[int64]*item // by ID, as the queue should see them
	sending map[int64]*item
	taken   map[int64]*item // what next gave
	nextID  int64
	turns   map[tickets.Address][2]int64 // of addresses that were served and have more: the newest ID then, and which service it was
	served  int64
}

func (m *queueModel) add(t *rapid.T) {
	m.nextID++
	n := tickets.Notice{
		ID: m.nextID, To: tickets.Address{Chat: rapid.Int64Range(1, 3).Draw(t, "chat")},
		Priority: tickets.Priority(rapid.IntRange(0, 3).Draw(t, "priority")),
		Merge:    rapid.SampledFrom([]string{"", "", "m"}).Draw(t, "merge"),
	}
	if rapid.IntRange(0, 4).Draw(t, "later") == 0 {
		n.After = m.now.Add(time.Duration(rapid.IntRange(1, 5).Draw(t, "after")) * time.Second)
	}
	for id, it := range m.waiting {
		if n.Merge != "" && it.merge == n.Merge && it.to == n.To {
			delete(m.waiting, id)
		}
	}
	m.waiting[n.ID] = &item{id: n.ID, to: n.To, priority: n.Priority, merge: n.Merge, at: n.After}
	m.queue.add(n, false, m.now)
	m.queue.add(n, true, m.now) // known already
}

// first is what the model would send next at an address.
func (m *queueModel) first(to tickets.Address) *item {
	for _, it := range m.sending {
		if it.to == to {
			return nil
		}
	}
	var ids []int64
	for id, it := range m.waiting {
		if it.to == to {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		if it := m.waiting[id]; !it.at.After(m.now) {
			return it
		} else if it.held {
			return nil
		}
	}
	return nil
}

// urgency is the most urgent priority that is due at an address.
func (m *queueModel) urgency(to tickets.Address) tickets.Priority {
	p := tickets.PriorityAnnounce
	for _, it := range m.waiting {
		if it.to == to && !it.at.After(m.now) {
			p = min(p, it.priority)
		}
	}
	return p
}

// before tells whether a notice goes before another: the more urgent, then the one
// that waited longer, counted from the last service of its address.
func (m *queueModel) before(a, b *item) bool {
	key := func(it *item) []int64 {
		turn := m.turns[it.to]
		return []int64{int64(m.urgency(it.to)), max(it.id, turn[0]), turn[1]}
	}
	return slices.Compare(key(a), key(b)) < 0
}

func (m *queueModel) take(t *rapid.T) {
	var want *item
	for chat := int64(1); chat <= 3; chat++ {
		it := m.first(tickets.Address{Chat: chat})
		if it == nil {
			continue
		}
		if want == nil || m.before(it, want) {
			want = it
		}
	}
	got := m.queue.next(m.now)
	switch {
	case got == nil && want == nil:
		return
	case got == nil || want == nil || got.id != want.id:
		t.Fatalf("next is %+v, want %+v", got, want)
	}
	delete(m.waiting, got.id)
	m.sending[got.id], m.taken[got.id] = want, got
}

// anySent picks one that is being sent; 0: none.
func (m *queueModel) anySent(t *rapid.T) int64 {
	var ids []int64
	for id := range m.sending {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return 0
	}
	slices.Sort(ids)
	return rapid.SampledFrom(ids).Draw(t, "sent")
}

func (m *queueModel) done(t *rapid.T) {
	if id := m.anySent(t); id != 0 {
		m.queue.done(m.taken[id], m.now)
		to := m.sending[id].to
		delete(m.sending, id)
		m.served++
		delete(m.turns, to)
		for _, it := range m.waiting {
			if it.to == to {
				m.turns[to] = [2]int64{m.nextID, m.served}
			}
		}
	}
}

func (m *queueModel) hold(t *rapid.T) {
	if id := m.anySent(t); id != 0 {
		it, at := m.sending[id], m.now.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "pause"))*time.Second)
		it.held, it.at = true, at
		m.waiting[id] = it
		delete(m.sending, id)
		m.queue.hold(m.taken[id], at, m.now)
	}
}

// check: nothing is forgotten, nothing kept, and the queue wakes in time.
func (m *queueModel) check(t *rapid.T) {
	if got, want := m.queue.len(), len(m.waiting)+len(m.sending); got != want {
		t.Fatalf("%d in the queue, want %d", got, want)
	}
	if len(m.waiting)+len(m.sending) == 0 && len(m.queue.lines) != 0 {
		t.Fatalf("empty lines are kept")
	}
	if len(m.waiting) > 0 && len(m.sending) == 0 && len(m.queue.ready.lines) == 0 && m.queue.wake().IsZero() {
		t.Fatalf("notices wait, and nothing will wake them")
	}
}

func TestTheQueueKeepsItsPromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &queueModel{
			now: time.Unix(1e9, 0), queue: newSendQueue(), waiting: map[int64]*item{}, sending: map[int64]*item{}, taken: map[int64]*item{},
			turns: map[tickets.Address][2]int64{},
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": m.add, "take": m.take, "done": m.done, "hold": m.hold, "": m.check,
			"tick": func(*rapid.T) { m.now = m.now.Add(time.Second) },
		})
	})
}

// TestAddressesTakeTurns fills one address of a group before another says
// anything: it waits for one notice, and not for all.
func TestAddressesTakeTurns(t *testing.T) {
	q, now := newSendQueue(), time.Unix(1e9, 0)
	for id := int64(1); id <= 6; id++ {
		to := tickets.Address{Chat: -1, Ticket: 1}
		if id > 4 {
			to.Ticket = 2
		}
		q.add(tickets.Notice{ID: id, To: to}, false, now)
	}
	var got []int64
	for it := q.next(now); it != nil; it = q.next(now) {
		got = append(got, it.id)
		q.done(it, now)
	}
	if want := []int64{1, 5, 2, 6, 3, 4}; !slices.Equal(got, want) {
		t.Errorf("sent in the order %v, want %v", got, want)
	}
}

func BenchmarkQueue(b *testing.B) {
	q, now := newSendQueue(), time.Unix(1e9, 0)
	for i := range int64(10_000) { // a broadcast stands behind
		q.add(tickets.Notice{ID: i + 1, To: tickets.Address{Chat: i}, Priority: tickets.PriorityAnnounce}, false, now)
	}
	b.ReportAllocs()
	id := int64(1_000_000)
	for b.Loop() {
		id++
		q.add(tickets.Notice{ID: id, To: tickets.Address{Chat: -id}}, false, now)
		it := q.next(now)
		if it.id != id {
			b.Fatal("the broadcast went first")
		}
		q.done(it, now)
	}
}
