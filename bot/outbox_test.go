package bot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"intakebot/bot/limits"
	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

func TestEveryChatGetsItsNoticesInOrder(t *testing.T) {
	inOffice(t, func(o *office) {
		o.world.SetFault(func(telegramsim.Call) telegramsim.Outcome {
			return telegramsim.Outcome{Delay: rand.N(300 * time.Millisecond)}
		})
		o.start()
		const each = 12
		var people []*telegramsim.Seat
		for i := range 6 {
			people = append(people, o.customer(fmt.Sprint("C", i)))
		}
		var list []tickets.Notice
		want := make([]string, each)
		for i := range want {
			want[i] = fmt.Sprint(i)
			for _, p := range people {
				list = append(list, note(p.ID(), want[i]))
			}
		}
		list = o.commit(list...)
		rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for _, n := range list { // as commits come to their ends side by side
			o.outbox.Push([]tickets.Notice{n})
		}
		o.drain()
		for _, p := range people {
			o.same("the chat of "+p.Title(), botTexts(p.Chat), want)
		}
		o.counted("429s", o.outbox.Counters.Limited.Load(), 0)
		o.counted("delivered", o.outbox.Counters.Delivered.Load(), 6*each)
	}, telegramsim.WithRateLimits())
}

func TestA429StopsItsChatAlone(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		slow, other := o.customer("Slow"), o.customer("Other")
		begin, refused := time.Now(), false
		o.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
			if c.Chat() == slow.ID() && !refused {
				refused = true
				return telegramsim.Refuse(429, "Too Many Requests: retry after 40", `{"retry_after":40}`)
			}
			return telegramsim.Outcome{}
		})
		o.post(note(slow.ID(), "1"), note(slow.ID(), "2"), note(other.ID(), "1"), note(other.ID(), "2"))
		o.drain()
		for _, m := range slow.Messages() {
			if m.FromBot && m.Date.Sub(begin) < 39*time.Second {
				t.Errorf("%q came after %v", m.Text, m.Date.Sub(begin))
			}
		}
		for _, m := range other.Messages() {
			if m.Date.Sub(begin) > 5*time.Second {
				t.Errorf("another chat's %q came after %v", m.Text, m.Date.Sub(begin))
			}
		}
		o.same("the chat", botTexts(slow.Chat), []string{"1", "2"})
		o.counted("429s", o.outbox.Counters.Limited.Load(), 1)
	})
}

func TestAnUnknownOutcomeIsRepeatedOrDropped(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		lost := 2
		o.world.SetFault(func(telegramsim.Call) telegramsim.Outcome {
			lost--
			return telegramsim.Outcome{AfterEffect: lost >= 0, Drop: lost >= 0}
		})
		reminder := note(p.ID(), "reminder")
		reminder.Once = true
		o.post(reminder)
		o.drain()
		o.post(note(p.ID(), "answer"), note(p.ID(), "next"))
		o.drain()
		o.same("the chat", botTexts(p.Chat), []string{"reminder", "answer", "answer", "next"})
		c := &o.outbox.Counters
		o.counted("unknown", c.Unknown.Load(), 2)
		o.counted("dropped", c.Dropped.Load(), 1)
		o.counted("delivered", c.Delivered.Load(), 2)
	})
}

func TestWhatSurelyWasNotSentIsSentOnce(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		reminder := note(p.ID(), "reminder")
		reminder.Once = true
		calls := 0
		o.world.SetFault(func(telegramsim.Call) telegramsim.Outcome {
			if calls++; calls > 8 {
				return telegramsim.Outcome{}
			}
			return telegramsim.Refuse(429, "Too Many Requests: retry after 1", `{"retry_after":1}`)
		})
		o.post(reminder)
		o.drain()
		o.same("the chat", botTexts(p.Chat), []string{"reminder"})
		o.counted("unknown", o.outbox.Counters.Unknown.Load(), 0)
	})
}

func TestAServersErrorIsUnknown(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		answers := []telegramsim.Outcome{
			{Status: 502, Body: "<html>Bad Gateway</html>"},
			telegramsim.Refuse(500, "Internal Server Error", ""),
		}
		o.world.SetFault(func(telegramsim.Call) (out telegramsim.Outcome) {
			if len(answers) > 0 {
				out, answers = answers[0], answers[1:]
			}
			return out
		})
		o.post(note(p.ID(), "answer"))
		o.drain()
		o.same("the chat", botTexts(p.Chat), []string{"answer"})
		o.counted("unknown", o.outbox.Counters.Unknown.Load(), 2)
	})
}

func TestADeadSendersNoticesAreTakenUp(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.customer("Ivan")
		once := note(o.customer("Anna").ID(), "reminder")
		once.Once = true
		left := o.commit(note(p.ID(), "claimed"), note(p.ID(), "behind"), note(p.ID(), "last"), once)
		for _, n := range []tickets.Notice{left[0], left[3]} {
			if _, err := o.store.Claim(o.ctx, "dead", n.ID, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		o.start()
		o.drain()
		o.same("the chat", botTexts(p.Chat), []string{"claimed", "behind", "last"})
		o.counted("unknown", o.outbox.Counters.Unknown.Load(), 2)
		o.counted("dropped", o.outbox.Counters.Dropped.Load(), 1)
	})
}

func TestAmongReplicasOnlyOldClaimsAreTakenUp(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.customer("Ivan")
		o.start(func(c *OutboxConfig) { c.Alone = false })
		synctest.Wait() // for the first look at what there is
		left := o.commit(note(p.ID(), "claimed"), note(p.ID(), "behind"))
		if _, err := o.store.Claim(o.ctx, "another", left[0].ID, time.Now()); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		o.outbox.Push(left[1:])
		o.drain()
		if d := time.Since(begin); d < orphanAge || d > orphanAge+2*sweepEvery {
			t.Errorf("taken up after %v", d)
		}
		o.same("the chat", botTexts(p.Chat), []string{"claimed", "behind"})
	})
}

func TestWhatNobodyPushedIsFound(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start(func(c *OutboxConfig) { c.Alone = false })
		p := o.customer("Ivan")
		var want []string
		var list []tickets.Notice
		for i := range 5 {
			want = append(want, fmt.Sprint(i))
			list = append(list, note(p.ID(), want[i]))
		}
		o.commit(list...)
		begin := time.Now()
		o.drain()
		if d := time.Since(begin); d > leftAge+2*sweepEvery {
			t.Errorf("found after %v", d)
		}
		o.same("the chat", botTexts(p.Chat), want)
	})
}

func TestOfMergedNoticesTheNewestIsSent(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		var held []tickets.Notice
		for i := range 4 {
			n := note(p.ID(), fmt.Sprint("so far ", i))
			n.Merge, n.After = "count", time.Now().Add(time.Second)
			held = append(held, o.post(n)...)
		}
		o.counted("queued", int64(o.outbox.Queued()), 1)
		o.drain()
		o.outbox.Push(held) // late, and settled long ago
		o.pass(time.Minute)
		o.same("the chat", botTexts(p.Chat), []string{"so far 3"})
		o.counted("queued", int64(o.outbox.Queued()), 0)
	})
}

func TestANoticeForLaterHoldsUpNobody(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		begin := time.Now()
		tomorrow := note(p.ID(), "tomorrow")
		tomorrow.After = begin.Add(24 * time.Hour)
		o.post(tomorrow, note(p.ID(), "now"))
		o.pass(time.Second)
		o.same("now", botTexts(p.Chat), []string{"now"})
		o.pass(24 * time.Hour)
		o.same("tomorrow", botTexts(p.Chat), []string{"now", "tomorrow"})
	})
}

// TestAQuestionToSomebodyAnnouncedTo goes right behind the announcement, which its
// urgency takes along.
func TestAQuestionToSomebodyAnnouncedTo(t *testing.T) {
	inOffice(t, func(o *office) {
		a := watch(o)
		o.start()
		a.announce(300)
		last := o.customer("Last")
		n := note(last.ID(), "announcement")
		n.Priority, n.Once = tickets.PriorityAnnounce, true
		o.post(n)
		o.pass(2 * time.Second)
		begin := time.Now()
		o.post(note(last.ID(), "question"))
		o.drain()
		if d := a.waited("question", begin); d > 100*time.Millisecond {
			t.Errorf("the question waited %v", d)
		}
		o.same("the chat", botTexts(last.Chat), []string{"announcement", "question"})
		o.counted("429s", o.outbox.Counters.Limited.Load(), 0)
	}, telegramsim.WithRateLimits())
}

func TestReplicasShareTheWork(t *testing.T) {
	inOffice(t, func(o *office) {
		shared := limits.NewLocal()
		replica := func(c *OutboxConfig) { c.Alone, c.Limiter = false, shared }
		o.start(replica)
		first := o.outbox
		o.start(replica)
		const each = 8
		var people []*telegramsim.Seat
		want := make([]string, each)
		for i := range 5 {
			people = append(people, o.customer(fmt.Sprint("C", i)))
		}
		for i := range want {
			want[i] = fmt.Sprint(i)
			for _, p := range people {
				list := o.commit(note(p.ID(), want[i]))
				first.Push(list)
				o.outbox.Push(list) // as if both had found it
			}
		}
		o.drain()
		for _, p := range people {
			o.same("the chat of "+p.Title(), botTexts(p.Chat), want)
		}
		sent := first.Counters.Delivered.Load() + o.outbox.Counters.Delivered.Load()
		o.counted("delivered by both", sent, int64(len(people)*each))
		o.pass(time.Minute)
		o.counted("left in memory", int64(first.Queued()+o.outbox.Queued()), 0)
	}, telegramsim.WithRateLimits())
}

// TestA429StopsAllTopicsOfItsGroup: the tickets of a group have places of their
// own, but one limit.
func TestA429StopsAllTopicsOfItsGroup(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		desk := o.world.AddForum("Desk", o.world.AddPerson("Agent"))
		one, two := o.file(desk.ID(), cardOf("card 1")), o.file(desk.ID(), cardOf("card 2"))
		o.drain()
		begin, calls := time.Now(), 0
		o.world.SetFault(func(telegramsim.Call) telegramsim.Outcome {
			if calls++; calls == 1 {
				return telegramsim.Refuse(429, "Too Many Requests: retry after 30", `{"retry_after":30}`)
			}
			if time.Since(begin) < 30*time.Second {
				t.Errorf("a call after %v", time.Since(begin))
			}
			return telegramsim.Outcome{}
		})
		o.post(toTicket(desk.ID(), one, "more 1"))
		o.pass(time.Second)
		o.post(toTicket(desk.ID(), two, "more 2"), toTicket(desk.ID(), two, "more 3"))
		o.drain()
		o.counted("calls", int64(calls), 3) // those for the second topic went together
	})
}

// counting counts how often the limiter is asked.
type counting struct {
	Limiter
	asked atomic.Int64
}

func (c *counting) Reserve(ctx context.Context, chat int64, group bool, messages, rank int, now time.Time) (own, all time.Duration) {
	c.asked.Add(1)
	return c.Limiter.Reserve(ctx, chat, group, messages, rank, now)
}

// TestTheLimiterIsNotAskedInVain: while the limit over all chats is spent, not
// every chat asks for itself. The limiter may be a server away.
func TestTheLimiterIsNotAskedInVain(t *testing.T) {
	inOffice(t, func(o *office) {
		limiter := &counting{Limiter: limits.NewLocal()}
		var list []tickets.Notice
		for i := range 400 {
			list = append(list, note(o.customer(fmt.Sprint("C", i)).ID(), "announcement"))
		}
		o.start(func(c *OutboxConfig) { c.Limiter = limiter })
		o.post(list...)
		o.drain()
		if asked := limiter.asked.Load(); asked > 4*400 {
			t.Errorf("asked %d times for 400 sends", asked)
		}
	})
}
