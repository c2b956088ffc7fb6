package limits

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"intakebot/redisconn"
	"intakebot/tickets/storetest/servers"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

var spaces atomic.Int64

// shared makes limiters of a new space of one server; they are told the time.
func shared(client redis.Scripter, n int) []Limiter {
	space := fmt.Sprintf("intakebot:%d:", spaces.Add(1))
	var all []Limiter
	for range n {
		r := NewRedis(client, space)
		r.told = true
		all = append(all, r)
	}
	return all
}

func connect(t testing.TB) (redis.UniversalClient, *servers.Server) {
	t.Helper()
	server := servers.Redis(t)
	client, err := redisconn.Open(server.URL, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client, server
}

// kinds runs a test against limiters of every kind: several that act as one.
func kinds(t *testing.T, test func(t *testing.T, fresh func() []Limiter)) {
	t.Run("local", func(t *testing.T) {
		test(t, func() []Limiter { return []Limiter{NewLocal()} })
	})
	t.Run("redis", func(t *testing.T) {
		client, _ := connect(t)
		test(t, func() []Limiter { return shared(client, 1) })
	})
	t.Run("replicas", func(t *testing.T) {
		client, _ := connect(t)
		test(t, func() []Limiter { return shared(client, 2) })
	})
}

// Whatever is asked for when, no window ever holds more than it may, a send is
// granted as soon as it may be, and the wait told is the right one (P3).
func TestAnySchedule(t *testing.T) {
	kinds(t, func(t *testing.T, fresh func() []Limiter) {
		rapid.Check(t, func(t *rapid.T) {
			limiters, m, now := fresh(), newModel(), noon
			for range rapid.IntRange(1, 150).Draw(t, "steps") {
				now = now.Add(drawStep(t))
				l := limiters[rapid.IntRange(0, len(limiters)-1).Draw(t, "replica")]
				if rapid.IntRange(0, 19).Draw(t, "429") == 0 {
					chat := rapid.SampledFrom([]int64{0, 1, 2, -1}).Draw(t, "whom")
					after := time.Duration(rapid.IntRange(0, 30).Draw(t, "after")) * time.Second
					m.penalise(chat, after, now)
					limiters[0].Penalise(t.Context(), chat, after, now)
					continue
				}
				s := send{at: now, chat: drawChat(t)}
				s.group = s.chat < 0
				if err := m.check(s, l.Reserve(t.Context(), s.chat, s.group, now), len(limiters) == 1); err != nil {
					t.Fatal(err)
				}
			}
		})
	})
}

// A queue that asks when it was told to is sent whole, in the time that the
// limits take and no longer.
func TestEverythingIsGrantedInTheEnd(t *testing.T) {
	for _, c := range []struct {
		name  string
		sends map[int64]int
		takes time.Duration
	}{
		{"one", map[int64]int{1: 1}, 0},
		{"a burst", map[int64]int{1: 3}, 0},
		{"a long answer", map[int64]int{1: 10}, 3 * ChatWindow},
		{"a group", map[int64]int{-1: 45}, 2*GroupWindow + ChatWindow},
		{"an announcement", many(100), 3 * AllWindow},
		{"a group and others", map[int64]int{-1: 21, 1: 1, 2: 2}, GroupWindow},
	} {
		t.Run(c.name, func(t *testing.T) {
			kinds(t, func(t *testing.T, fresh func() []Limiter) {
				if took := drain(t, fresh(), c.sends); took != c.takes {
					t.Errorf("took %v, want %v", took, c.takes)
				}
			})
		})
	}
}

// many is one send to each of so many chats.
func many(chats int64) map[int64]int {
	sends := make(map[int64]int)
	for chat := range chats {
		sends[chat+1] = 1
	}
	return sends
}

// drain sends everything, as a sender does that sleeps as long as it is told.
func drain(t *testing.T, limiters []Limiter, left map[int64]int) time.Duration {
	now, turn := noon, 0
	todo := make(map[int64]int, len(left))
	for chat, n := range left {
		todo[chat] = n
	}
	for len(todo) > 0 {
		soonest := time.Hour
		for chat := range todo {
			turn++
			w := limiters[turn%len(limiters)].Reserve(t.Context(), chat, chat < 0, now)
			if w.Granted() {
				if todo[chat]--; todo[chat] == 0 {
					delete(todo, chat)
				}
				soonest = 0
				continue
			}
			soonest = min(soonest, w.For())
		}
		now = now.Add(soonest)
	}
	return now.Sub(noon)
}

// However many ask at once, the sum keeps the limits.
func TestManyAtOnce(t *testing.T) {
	kinds(t, func(t *testing.T, fresh func() []Limiter) {
		for _, c := range []struct {
			name  string
			chats int64
			want  int64
		}{{"one chat", 1, ChatSends}, {"many chats", 40, AllSends}} {
			limiters := fresh()
			var granted atomic.Int64
			var wg sync.WaitGroup
			for g := range 8 {
				wg.Go(func() {
					for i := range int64(40) {
						l := limiters[g%len(limiters)]
						if l.Reserve(t.Context(), i%c.chats+1, false, noon).Granted() {
							granted.Add(1)
						}
					}
				})
			}
			wg.Wait()
			if granted.Load() != c.want {
				t.Errorf("%s: %d granted at one instant, want %d", c.name, granted.Load(), c.want)
			}
		}
	})
}

// The wait tells whether any other chat need be asked.
func TestWhatTheWaitIsFor(t *testing.T) {
	l, ctx := NewLocal(), context.Background()
	for chat := range int64(AllSends - ChatSends) {
		l.Reserve(ctx, chat+100, false, noon)
	}
	for range ChatSends {
		l.Reserve(ctx, 1, false, noon)
	}
	now := noon.Add(time.Second)
	if w := l.Reserve(ctx, 2, false, now); w != (Wait{All: AllWindow - time.Second}) || w.For() != w.All {
		t.Errorf("when everything is used up: %+v", w)
	}
	if w := l.Reserve(ctx, 1, false, now); w.All != AllWindow-time.Second || w.Chat != ChatWindow-time.Second || w.For() != w.Chat {
		t.Errorf("when the chat's part is, too: %+v", w)
	}
	if w := l.Reserve(ctx, 1, false, noon.Add(AllWindow)); w != (Wait{Chat: ChatWindow - AllWindow}) {
		t.Errorf("when only the chat's is: %+v", w)
	}
}

// A 429 holds the chat that it names, and no other.
func TestAPenaltyHoldsWhomItNames(t *testing.T) {
	kinds(t, func(t *testing.T, fresh func() []Limiter) {
		ctx, all := t.Context(), fresh()
		first, last := all[0], all[len(all)-1]
		first.Penalise(ctx, 7, 9*time.Second, noon)
		if w := last.Reserve(ctx, 7, false, noon.Add(time.Second)); w != (Wait{Chat: 8 * time.Second}) {
			t.Errorf("the chat: %+v", w)
		}
		if w := last.Reserve(ctx, 8, false, noon.Add(time.Second)); !w.Granted() {
			t.Errorf("another chat: %+v", w)
		}
		first.Penalise(ctx, 0, 30*time.Second, noon.Add(time.Second))
		if w := last.Reserve(ctx, 8, false, noon.Add(2*time.Second)); w != (Wait{All: 29 * time.Second}) {
			t.Errorf("another chat, when all are held: %+v", w)
		}
		if w := last.Reserve(ctx, 7, false, noon.Add(31*time.Second)); !w.Granted() {
			t.Errorf("afterwards: %+v", w)
		}
	})
}

// Repeated 429s slow a chat down step by step, and quiet takes it back.
func TestLearning(t *testing.T) {
	kinds(t, func(t *testing.T, fresh func() []Limiter) {
		l, ctx, now := fresh()[0], t.Context(), noon
		// full fills the chat's bucket and tells how long that holds.
		full := func() time.Duration {
			for range ChatSends + 1 {
				if w := l.Reserve(ctx, 7, false, now); !w.Granted() {
					return w.For()
				}
			}
			t.Fatal("the bucket has no bottom")
			return 0
		}
		for i, want := range []time.Duration{100, 100, 150, 200, 250, 300, 300} {
			if got := full(); got != ChatWindow*want/100 {
				t.Errorf("after %d 429s a full bucket holds %v, want %d %%", i, got, want)
			}
			l.Penalise(ctx, 7, 5*time.Second, now)
			l.Penalise(ctx, 7, 5*time.Second, now.Add(time.Second)) // of the same trespass
			now = now.Add(30 * time.Second)
		}
		now = now.Add(6 * time.Second).Add(-30 * time.Second) // the last penalty's end
		for _, want := range []time.Duration{250, 200, 150, 100, 100} {
			now = now.Add(Recovery)
			if got := full(); got != ChatWindow*want/100 {
				t.Errorf("in quiet a full bucket holds %v, want %d %%", got, want)
			}
		}
	})
}
