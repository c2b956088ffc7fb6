package bot

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"intakebot/bot/limits"
	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

var deliveryFull = flag.Bool("delivery.full", false, "measure delivery at the limit at full size: an announcement to 100,000 chats, an hour of a busy group")

// arrivals notes when each text came in at Telegram, to the microsecond of the
// bubble's time, which is what the outbox needs of it: the processor's is free.
type arrivals struct {
	*office
	mu sync.Mutex
	at map[string][]arrival // by text
	n  int
	// first and last of those that were counted
	first, last time.Time
}

// arrival is when a text came in, and as which of all messages.
type arrival struct {
	time.Time
	n int
}

func watch(o *office) *arrivals {
	a := &arrivals{office: o, at: map[string][]arrival{}}
	o.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
		if strings.HasPrefix(c.Method, "send") {
			a.note(c.Args["text"])
		}
		return telegramsim.Outcome{}
	})
	return a
}

func (a *arrivals) note(text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	if a.n == 0 {
		a.first = now
	}
	a.n, a.last = a.n+1, now
	for line := range strings.SplitSeq(text, paragraph) {
		a.at[line] = append(a.at[line], arrival{now, a.n})
	}
}

// rate is how many messages a second came in.
func (a *arrivals) rate() float64 {
	return float64(a.n-1) / a.last.Sub(a.first).Seconds()
}

// waited is how long a text took, which came in once.
func (a *arrivals) waited(text string, since time.Time) time.Duration {
	a.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.at[text]) != 1 {
		a.Errorf("%q came in %d times", text, len(a.at[text]))
		return 0
	}
	return a.at[text][0].Sub(since)
}

// percentile is the least duration that so many percent do not exceed.
func percentile(list []time.Duration, percent int) time.Duration {
	slices.Sort(list)
	return list[max(0, (len(list)*percent+99)/100-1)]
}

// announce posts an announcement to so many customers, as one that comes in
// parts does.
func (a *arrivals) announce(chats int) {
	a.Helper()
	var list []tickets.Notice
	for i := range chats {
		n := note(a.customer(fmt.Sprint("C", i)).ID(), fmt.Sprint("announcement ", i))
		n.Priority, n.Once = tickets.PriorityAnnounce, true
		if list = append(list, n); len(list) == 1000 || i == chats-1 {
			a.post(list...)
			list = nil
		}
	}
}

// TestAnAnnouncementUsesTheWholeLimit sends to many chats, while customers in
// dialogs wait for the next question: five a second, at random instants. The one
// uses what Telegram grants to the last message, the others hardly wait (P3).
func TestAnAnnouncementUsesTheWholeLimit(t *testing.T) {
	chats := 1500
	if *deliveryFull {
		chats = 100_000
	}
	inOffice(t, func(o *office) {
		a := watch(o)
		var people []*telegramsim.Seat
		for i := range 50 {
			people = append(people, o.customer(fmt.Sprint("Dialog ", i)))
		}
		o.start()
		a.announce(chats)
		random := rand.New(rand.NewPCG(1, 2))
		asked := map[string]time.Time{}
		for i := 0; o.outbox.Queued() > chats/100; i++ {
			o.pass(time.Duration(random.ExpFloat64() * float64(time.Second) / 5))
			text := fmt.Sprint("question ", i)
			asked[text] = time.Now()
			o.post(note(people[i%len(people)].ID(), text))
		}
		o.drain()
		var waits []time.Duration
		for text, at := range asked {
			waits = append(waits, a.waited(text, at))
		}
		used := 100 * a.rate() / limits.AllSends
		p50, p99 := percentile(waits, 50), percentile(waits, 99)
		t.Logf("%d announcements and %d questions: %.2f %% of the limit used; a question waited %v (median), %v (p99), %v (most); %d times 429",
			chats, len(waits), used, p50, p99, percentile(waits, 100), o.outbox.Counters.Limited.Load())
		if used < 99.5 || p99 > 50*time.Millisecond {
			t.Error("want 99.5 % used at least, and a question to wait 50 ms at most at the 99th percentile")
		}
		o.counted("announcements and questions", int64(a.n), int64(chats+len(waits)))
		o.counted("429s", o.outbox.Counters.Limited.Load(), 0)
	}, telegramsim.WithRateLimits(), telegramsim.WithHistory(10))
}

// busyGroup is topics in groups into which events come at random instants.
type busyGroup struct {
	*arrivals
	random *rand.Rand
	groups []*telegramsim.Chat
	topics []int64
	events map[string]time.Time // by text: when
	byID   map[int64][]string   // by ticket, in order
}

// busy files tickets in forums, by turns.
func busy(o *office, forums, topics int) *busyGroup {
	g := &busyGroup{arrivals: watch(o), random: rand.New(rand.NewPCG(3, 4)), events: map[string]time.Time{}, byID: map[int64][]string{}}
	agent := o.world.AddPerson("Agent")
	for i := range forums {
		g.groups = append(g.groups, o.world.AddForum(fmt.Sprint("Desk ", i), agent).Chat)
	}
	for i := range topics {
		g.topics = append(g.topics, o.file(g.group(i), cardOf(fmt.Sprint("card ", i))))
	}
	o.drain()
	o.pass(2 * time.Minute)
	return g
}

func (g *busyGroup) group(i int) int64 { return g.groups[i%len(g.groups)].ID() }

// run has so many events a minute come in, for a while.
func (g *busyGroup) run(perMinute int, length time.Duration) {
	g.Helper()
	for end := time.Now().Add(length); time.Now().Before(end); {
		g.pass(time.Duration(g.random.ExpFloat64() * float64(time.Minute) / float64(perMinute)))
		i := g.random.IntN(len(g.topics))
		text := fmt.Sprintf("event %d of %d", len(g.events), g.topics[i])
		g.events[text] = time.Now()
		g.byID[g.topics[i]] = append(g.byID[g.topics[i]], text)
		g.post(toTicket(g.group(i), g.topics[i], text))
	}
	g.drain()
}

// delays are how long the events since an instant took. All came in once and in
// order.
func (g *busyGroup) delays(since time.Time) []time.Duration {
	g.Helper()
	var all []time.Duration
	for _, texts := range g.byID {
		last := time.Time{}
		for _, text := range texts {
			d := g.waited(text, g.events[text])
			if at := g.events[text].Add(d); at.Before(last) {
				g.Errorf("%s overtook another", text)
			} else {
				last = at
			}
			if !g.events[text].Before(since) {
				all = append(all, d)
			}
		}
	}
	return all
}

// TestABusyGroup has ten times as many events as its group has messages: they
// are joined, topic by topic, and each is there within a minute (P3).
func TestABusyGroup(t *testing.T) {
	// What a quiet group may get at once is made up for in the minutes after,
	// which count in the long run only.
	length, start := 7*time.Minute, 3*time.Minute
	if *deliveryFull {
		length, start = time.Hour, 0
	}
	for _, c := range []struct {
		forums int
		within time.Duration
	}{{1, time.Minute}, {2, 30 * time.Second}} {
		t.Run(fmt.Sprint(c.forums, " groups"), func(t *testing.T) {
			inOffice(t, func(o *office) {
				o.start()
				g := busy(o, c.forums, 20)
				before, begin := g.n, time.Now()
				g.run(200, length)
				delays := g.delays(begin.Add(start))
				p99 := percentile(delays, 99)
				t.Logf("%d events in %d messages: %v (median), %v (p99), %v (most); %d times 429", len(g.events), g.n-before,
					percentile(delays, 50), p99, percentile(delays, 100), o.outbox.Counters.Limited.Load())
				if p99 > c.within {
					t.Errorf("want %v at most at the 99th percentile", c.within)
				}
				o.counted("429s", o.outbox.Counters.Limited.Load(), 0)
			}, telegramsim.WithRateLimits())
		})
	}
}

// TestSixtyTicketsInAMinute files more than the group can take: its queue drains
// at its 20 a minute, and no customer waits for a question because of that.
func TestSixtyTicketsInAMinute(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		a := watch(o)
		desk := o.world.AddForum("Desk", o.world.AddPerson("Agent"))
		asked := map[string]time.Time{}
		var filed []int64
		begin := time.Now()
		for i := range 60 {
			p := o.customer(fmt.Sprint("C", i))
			id := o.file(desk.ID(), cardOf(fmt.Sprint("card ", i)))
			filed = append(filed, id)
			o.post(toTicket(desk.ID(), id, fmt.Sprint("addition to ", i)))
			text := fmt.Sprint("receipt ", i)
			asked[text] = time.Now()
			o.post(note(p.ID(), text))
			o.pass(time.Second)
		}
		o.drain()
		var most time.Duration
		for text, at := range asked {
			most = max(most, a.waited(text, at))
		}
		for i := range filed {
			card, added := a.at[fmt.Sprint("card ", i)], a.at[fmt.Sprint("addition to ", i)]
			if len(card) != 1 || len(added) != 1 || card[0].n >= added[0].n {
				t.Errorf("ticket %d: the card came at %v, the addition at %v", i, card, added)
			}
		}
		took := time.Since(begin)
		const calls = 60 * 3 // a topic, its card, the addition
		t.Logf("60 tickets, %d calls to the group in %v: %.1f a minute; a customer waited %v at most", calls, took, calls/took.Minutes(), most)
		if most > 0 {
			t.Error("a customer waited for the group")
		}
		if slowest := calls * limits.GroupWindow / limits.GroupSends; took > slowest+time.Second {
			t.Errorf("want it drained within %v", slowest)
		}
		o.counted("429s", o.outbox.Counters.Limited.Load(), 0)
	}, telegramsim.WithRateLimits())
}
