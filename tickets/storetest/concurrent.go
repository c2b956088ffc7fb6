package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"intakebot/tickets"
)

const (
	people  = 5
	writers = 8
	senders = 4
	updates = 18 // of each writer
	group   = -100
)

// alive is when those claim that do not die; whoever dies claimed at start.
var alive = later(time.Hour)

// storm is the model beside the store: what was committed, and what was sent.
type storm struct {
	replicas []tickets.Store // on the same data
	turns    atomic.Int64    // spreads calls over them
	writing  atomic.Int32    // writers that are not done

	mu        sync.Mutex
	changed   *sync.Cond                  // something may be there to send
	changes   int                         // counts that
	commits   map[int64]int               // by customer
	filed     map[int64]int               // by customer
	worked    map[int64]int               // by ticket: changes that stand
	committed map[int64]tickets.Notice    // by ID
	sent      map[tickets.Address][]int64 // IDs in the order of sending
	sending   map[tickets.Address]int64
}

func (m *storm) store() tickets.Store {
	return m.replicas[m.turns.Add(1)%int64(len(m.replicas))]
}

func testConcurrent(t *testing.T, s tickets.Store) { Storm(t, s) }

// Storm lets writers and senders share customers and addresses, by way of
// stores on the same, empty data. Nothing is lost, nothing is doubled, and each
// address keeps its order (P1, P2, P4).
func Storm(t *testing.T, replicas ...tickets.Store) {
	m := &storm{
		replicas: replicas, commits: map[int64]int{}, filed: map[int64]int{}, worked: map[int64]int{}, committed: map[int64]tickets.Notice{},
		sent: map[tickets.Address][]int64{}, sending: map[tickets.Address]int64{},
	}
	m.changed = sync.NewCond(&m.mu)
	m.writing.Store(writers)
	var all sync.WaitGroup
	for w := range int64(writers) {
		all.Go(func() {
			defer m.stir()
			defer m.writing.Add(-1)
			rng := rand.New(rand.NewPCG(1, uint64(w)))
			for i := range int64(updates) {
				m.write(t, rng, w*1000+i)
			}
		})
	}
	for w := range senders {
		all.Go(func() {
			rng := rand.New(rand.NewPCG(2, uint64(w)))
			defer m.stir()
			for !t.Failed() && m.send(t, rng, fmt.Sprint("replica", w/2)) {
			}
		})
	}
	all.Wait()
	m.judge(t)
}

// write commits one update of one of the people, as often as it takes, and
// then again, as Telegram does when an acknowledgement was lost.
func (m *storm) write(t *testing.T, rng *rand.Rand, update int64) {
	customer := 1 + rng.Int64N(people)
	for {
		c, n := m.next(t, rng, customer)
		c.Update = &tickets.Update{ID: update, Chat: customer, Message: update}
		done, err := m.store().Commit(t.Context(), c)
		if errors.Is(err, tickets.ErrStale) {
			continue
		}
		if err != nil {
			t.Errorf("commit %d of customer %d: %v", n, customer, err)
			return
		}
		m.wrote(c, done)
		break
	}
	again, _ := m.next(t, rng, customer)
	again.Update = &tickets.Update{ID: update}
	_, err := m.store().Commit(t.Context(), again)
	wantErr(t, "an update again", err, tickets.ErrDuplicate)
}

// next makes the customer's nth change, as the session counts.
func (m *storm) next(t *testing.T, rng *rand.Rand, customer int64) (c tickets.Change, n int64) {
	who, err := m.store().Customer(t.Context(), customer)
	if err != nil {
		t.Error(err)
	}
	if who.Session != nil {
		if err := json.Unmarshal(who.Session, &n); err != nil {
			t.Error(err)
		}
	}
	n++
	who.Session = json.RawMessage(fmt.Sprint(n))
	c = tickets.Change{Customer: &who, At: start}
	for part := range 1 + rng.Int64N(3) {
		c.Notices = append(c.Notices, numbered(tickets.Address{Chat: customer}, n*10+part))
	}
	if rng.IntN(4) == 0 {
		c.Notices = append(c.Notices, numbered(tickets.Address{Chat: group}, 0))
	}
	if rng.IntN(4) == 0 {
		c.File = ticket(fmt.Sprint(customer, "/", n), customer)
		c.Events = []tickets.Event{{At: start, Actor: tickets.Actor{Kind: "customer", ID: customer}, Kind: "filed"}}
		c.Notices = append(c.Notices, numbered(tickets.Address{Chat: group, Ticket: tickets.Filed}, 1))
	}
	m.work(t, rng, &c)
	return c, n
}

func numbered(to tickets.Address, n int64) tickets.Notice {
	return tickets.Notice{To: to, Kind: tickets.NoticeSend, Message: tickets.Say("n", tickets.Args{"n": tickets.Count(n)})}
}

// work adds changes of any tickets that there are, in any order: anybody's, as
// agents' are.
func (m *storm) work(t *testing.T, rng *rand.Rand, c *tickets.Change) {
	for _, i := range rng.Perm(8)[:rng.IntN(3)] {
		k, err := m.store().Ticket(t.Context(), 1001+int64(i))
		if errors.Is(err, tickets.ErrNotFound) {
			continue
		}
		if err != nil {
			t.Error(err)
		}
		k.State, k.Agent = tickets.StateWork, 1+rng.Int64N(9)
		c.Tickets = append(c.Tickets, k)
		c.Events = append(c.Events, tickets.Event{Ticket: k.ID, At: start, Actor: tickets.Actor{Kind: "agent"}, Kind: "taken"})
		c.Notices = append(c.Notices, numbered(tickets.Address{Chat: group, Ticket: k.ID}, k.Version+1))
	}
}

func (m *storm) wrote(c tickets.Change, done tickets.Committed) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.commits[c.Customer.ID]++
	if done.Ticket != 0 {
		m.filed[c.Customer.ID]++
	}
	for _, k := range c.Tickets {
		m.worked[k.ID]++
	}
	m.add(done.Notices)
}

// add notes notices that a commit or a settlement has written.
func (m *storm) add(list []tickets.Notice) {
	for _, n := range list {
		m.committed[n.ID] = n
	}
	m.changes++
	m.changed.Broadcast()
}

// stir wakes senders that found nothing to send.
func (m *storm) stir() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	m.changed.Broadcast()
}

func (m *storm) turn() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.changes
}

// await returns when something has changed since a turn, or all is lost.
func (m *storm) await(t *testing.T, turn int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.changes == turn && !t.Failed() {
		m.changed.Wait()
	}
}

// send sends what waits at this moment, or waits until something does, and
// tells whether there can be more.
func (m *storm) send(t *testing.T, rng *rand.Rand, owner string) bool {
	turn, over := m.turn(), m.writing.Load() == 0
	list, err := m.store().Waiting(t.Context(), alive, later(time.Hour), 20)
	if err != nil {
		t.Error(err)
		return false
	}
	for _, n := range list {
		m.sendOne(t, rng, owner, n.ID)
	}
	left, err := m.store().Unsent(t.Context())
	if err != nil {
		t.Error(err)
	}
	if over && left == 0 {
		return false
	}
	if len(list) == 0 {
		m.await(t, turn)
	}
	return true
}

// sendOne claims a notice and then sends it, or puts it off, or dies.
func (m *storm) sendOne(t *testing.T, rng *rand.Rand, owner string, id int64) {
	fate := rng.IntN(10)
	at := alive
	if fate == 0 {
		owner, at = "dying "+fmt.Sprint(id, rng.Int64()), start
	} else {
		owner += fmt.Sprint(" ", rng.Int64())
	}
	c, err := m.store().Claim(t.Context(), owner, id, at)
	if errors.Is(err, tickets.ErrStale) || errors.Is(err, tickets.ErrBehind) {
		return
	}
	if err != nil {
		t.Errorf("claim: %v", err)
		return
	}
	if fate == 0 {
		m.revive(t)
		return
	}
	o := tickets.Settlement{Notice: id, Outcome: tickets.Delivered, At: start}
	if fate == 1 {
		o.Outcome = tickets.Again
	}
	if fate == 2 && c.Notice.To.Chat != group {
		o.Then = []tickets.Notice{numbered(tickets.Address{Chat: group}, 0)}
	}
	m.sends(t, c.Notice, fate != 1)
	then, err := m.store().Settle(t.Context(), owner, o)
	if err != nil {
		t.Errorf("settle: %v", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(then)
}

// sends is the moment of sending. Nobody else sends to the address at once.
func (m *storm) sends(t *testing.T, n tickets.Notice, delivered bool) {
	m.mu.Lock()
	if other := m.sending[n.To]; other != 0 {
		t.Errorf("notices %d and %d of one address are sent at once", other, n.ID)
	}
	m.sending[n.To] = n.ID
	m.mu.Unlock()
	runtime.Gosched()
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sending, n.To)
	if delivered {
		m.sent[n.To] = append(m.sent[n.To], n.ID)
	}
}

// revive gives back what the dead left; they died before they sent.
func (m *storm) revive(t *testing.T) {
	defer m.stir()
	if _, err := m.store().Orphans(t.Context(), "reviver", start.Add(time.Second)); err != nil {
		t.Error(err)
	}
}

// judge holds the store against the model.
func (m *storm) judge(t *testing.T) {
	unsent(t, m.store(), 0)
	count := 0
	for to, line := range m.sent {
		count += len(line)
		last := int64(0)
		for _, id := range line {
			n, ok := m.committed[id]
			if !ok {
				t.Errorf("notice %d was sent twice or never committed", id)
			}
			delete(m.committed, id)
			// Of the group itself there is no order among customers.
			if now := *n.Message.Text[0].Args["n"].Count; to != (tickets.Address{Chat: group}) && now <= last {
				t.Errorf("%v was sent part %d after %d", to, now, last)
			} else {
				last = now
			}
		}
	}
	same(t, "committed notices that were not sent", len(m.committed), 0)
	if count < writers*updates {
		t.Errorf("only %d notices were sent", count)
	}
	m.judgePeople(t)
}

func (m *storm) judgePeople(t *testing.T) {
	total := 0
	for customer := range int64(people + 1) {
		c := load(t, m.store(), customer)
		total += m.commits[customer]
		same(t, "versions and commits", c.Version, int64(m.commits[customer]))
		list, err := m.store().TicketsOf(t.Context(), customer, 1000)
		check(t, err)
		same(t, "tickets", len(list), m.filed[customer])
		for _, k := range list {
			events, err := m.store().Events(t.Context(), k.ID)
			check(t, err)
			same(t, "events and version of a ticket", []int64{int64(len(events)), k.Version}, []int64{int64(1 + m.worked[k.ID]), int64(len(events))})
		}
	}
	same(t, "commits", total, writers*updates)
	if len(m.worked) == 0 {
		t.Error("no ticket was worked on")
	}
}
