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

	"intakebot/dialog/sessions/redisconn"
	"intakebot/tickets/storetest/servers"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// limiter is what both kinds have in common.
type limiter interface {
	Reserve(ctx context.Context, chat int64, group bool, messages, rank int, now time.Time) (own, all time.Duration)
	Penalise(ctx context.Context, chat int64, retryAfter time.Duration, now time.Time)
}

// ask asks as a caller does.
func ask(ctx context.Context, l limiter, c call, now time.Time) wait {
	own, all := l.Reserve(ctx, c.chat, c.group, c.messages, c.rank, now)
	return wait{own, all}
}

// longest is how long the chat that was asked for has to wait.
func (w wait) longest() time.Duration { return max(w.own, w.all) }

var spaces atomic.Int64

// shared makes limiters of a new space of one server; they are told the time.
func shared(client redis.Scripter, n int) []limiter {
	space := fmt.Sprintf("intakebot:%d:", spaces.Add(1))
	var all []limiter
	for range n {
		r := NewRedis(client, space)
		r.told = true
		all = append(all, r)
	}
	return all
}

// script is a limiter that knows nothing but what Redis tells.
type script struct {
	t *testing.T
	*Redis
}

func (s script) Reserve(ctx context.Context, chat int64, group bool, messages, rank int, now time.Time) (own, all time.Duration) {
	w, err := s.ask(ctx, newCall(chat, group, messages, rank), now)
	if err != nil {
		s.t.Error(err)
	}
	return w.own, w.all
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
func kinds(t *testing.T, test func(t *testing.T, fresh func() []limiter)) {
	t.Run("local", func(t *testing.T) {
		test(t, func() []limiter { return []limiter{NewLocal()} })
	})
	t.Run("redis", func(t *testing.T) {
		client, _ := connect(t)
		test(t, func() []limiter { return shared(client, 1) })
	})
	t.Run("script", func(t *testing.T) {
		client, _ := connect(t)
		test(t, func() []limiter { return []limiter{script{t, shared(client, 1)[0].(*Redis)}} })
	})
	t.Run("replicas", func(t *testing.T) {
		client, _ := connect(t)
		test(t, func() []limiter { return shared(client, 2) })
	})
}

// Whatever is asked for when, no window ever holds more than it may, a send is
// granted as soon as it may be, and the wait told is the right one (P3).
func TestAnySchedule(t *testing.T) {
	kinds(t, func(t *testing.T, fresh func() []limiter) {
		rapid.Check(t, func(t *rapid.T) {
			limiters, m, now := fresh(), newModel(), noon
			// Albums take turns with 429s and ranks: when the pace or the limit
			// changes while an album is being made up for, the order of noting
			// is not that of time, and counting is stricter than the rule.
			albums, rank := rapid.Bool().Draw(t, "albums"), drawRank(t)
			for range rapid.IntRange(1, 150).Draw(t, "steps") {
				now = now.Add(drawStep(t))
				l := limiters[rapid.IntRange(0, len(limiters)-1).Draw(t, "replica")]
				if !albums && rapid.IntRange(0, 19).Draw(t, "429") == 0 {
					chat := rapid.SampledFrom([]int64{0, 1, 2, -1}).Draw(t, "whom")
					after := time.Duration(rapid.IntRange(0, 30).Draw(t, "after")) * time.Second
					m.penalise(chat, after, now)
					limiters[0].Penalise(t.Context(), chat, after, now)
					continue
				}
				if !albums {
					rank = drawRank(t)
				}
				s := send{drawSend(t, albums), now}
				s.rank = rank
				if err := m.check(s, ask(t.Context(), l, s.call, now), len(limiters) == 1); err != nil {
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
		{"a group", map[int64]int{-1: 45}, 2*GroupWindow + 4*GroupWindow/GroupSends},
		{"an announcement", many(100), 3 * AllWindow},
		{"a group and others", map[int64]int{-1: 21, 1: 1, 2: 2}, GroupWindow},
	} {
		t.Run(c.name, func(t *testing.T) {
			kinds(t, func(t *testing.T, fresh func() []limiter) {
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
func drain(t *testing.T, limiters []limiter, left map[int64]int) time.Duration {
	now, turn := noon, 0
	todo := make(map[int64]int, len(left))
	for chat, n := range left {
		todo[chat] = n
	}
	for len(todo) > 0 {
		soonest := time.Hour
		for chat := range todo {
			turn++
			w := ask(t.Context(), limiters[turn%len(limiters)], call{chat: chat, group: chat < 0, rank: RankUsual}, now)
			if w.granted() {
				if todo[chat]--; todo[chat] == 0 {
					delete(todo, chat)
				}
				soonest = 0
				continue
			}
			soonest = min(soonest, w.longest())
		}
		now = now.Add(soonest)
	}
	return now.Sub(noon)
}

// However many ask at once, the sum keeps the limits.
func TestManyAtOnce(t *testing.T) {
	kinds(t, func(t *testing.T, fresh func() []limiter) {
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
						if ask(t.Context(), l, call{chat: i%c.chats + 1, rank: RankUsual}, noon).granted() {
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

// An album goes as a whole, and the next message waits for all of it.
func TestAlbums(t *testing.T) {
	kinds(t, func(t *testing.T, fresh func() []limiter) {
		for _, c := range []struct {
			messages int
			wait     time.Duration // for the chat's next
		}{{0, 0}, {1, 0}, {2, 0}, {3, ChatWindow}, {4, ChatWindow}, {6, 2 * ChatWindow}, {10, 3 * ChatWindow}, {100, 3 * ChatWindow}} {
			l := fresh()[0]
			if w := ask(t.Context(), l, call{chat: 1, messages: c.messages, rank: RankUsual}, noon); !w.granted() {
				t.Errorf("an album of %d has to wait %v", c.messages, w)
			}
			if w := ask(t.Context(), l, call{chat: 1, rank: RankUsual}, noon); w.own != c.wait {
				t.Errorf("after an album of %d one has to wait %v, want %v", c.messages, w, c.wait)
			}
		}
		l := fresh()[0]
		for chat := range int64(4) {
			if got, want := ask(t.Context(), l, call{chat: chat + 1, messages: 10, rank: RankUsual}, noon).granted(), chat < 3; got != want {
				t.Errorf("album %d of ten: granted %v, want %v", chat+1, got, want)
			}
		}
	})
}

// The wait tells whether any other chat need be asked.
func TestWhatTheWaitIsFor(t *testing.T) {
	l, ctx := NewLocal(), context.Background()
	for chat := range int64(AllSends - ChatSends) {
		ask(ctx, l, call{chat: chat + 100, rank: RankUsual}, noon)
	}
	for range ChatSends {
		ask(ctx, l, call{chat: 1, rank: RankUsual}, noon)
	}
	now := noon.Add(time.Second)
	if w := ask(ctx, l, call{chat: 2, rank: RankUsual}, now); w != (wait{all: AllWindow - time.Second}) || w.longest() != w.all {
		t.Errorf("when everything is used up: %+v", w)
	}
	if w := ask(ctx, l, call{chat: 1, rank: RankUsual}, now); w.all != AllWindow-time.Second || w.own != ChatWindow-time.Second || w.longest() != w.own {
		t.Errorf("when the chat's part is, too: %+v", w)
	}
	if w := ask(ctx, l, call{chat: 1, rank: RankUsual}, noon.Add(AllWindow)); w != (wait{own: ChatWindow - AllWindow}) {
		t.Errorf("when only the chat's is: %+v", w)
	}
}

// A 429 holds the chat that it names, and no other.
func TestAPenaltyHoldsWhomItNames(t *testing.T) {
	kinds(t, func(t *testing.T, fresh func() []limiter) {
		ctx, all := t.Context(), fresh()
		first, last := all[0], all[len(all)-1]
		first.Penalise(ctx, 7, 9*time.Second, noon)
		if w := ask(ctx, last, call{chat: 7, rank: RankUsual}, noon.Add(time.Second)); w != (wait{own: 8 * time.Second}) {
			t.Errorf("the chat: %+v", w)
		}
		if w := ask(ctx, last, call{chat: 8, rank: RankUsual}, noon.Add(time.Second)); !w.granted() {
			t.Errorf("another chat: %+v", w)
		}
		first.Penalise(ctx, 0, 30*time.Second, noon.Add(time.Second))
		if w := ask(ctx, last, call{chat: 8, rank: RankUsual}, noon.Add(2*time.Second)); w != (wait{all: 29 * time.Second}) {
			t.Errorf("another chat, when all are held: %+v", w)
		}
		if w := ask(ctx, last, call{chat: 7, rank: RankUsual}, noon.Add(31*time.Second)); !w.granted() {
			t.Errorf("afterwards: %+v", w)
		}
	})
}

// Repeated 429s slow a chat down step by step, and quiet takes it back.
func TestLearning(t *testing.T) {
	kinds(t, func(t *testing.T, fresh func() []limiter) {
		l, ctx, now := fresh()[0], t.Context(), noon
		// full fills the chat's bucket and tells how long that holds.
		full := func() time.Duration {
			for range ChatSends + 1 {
				if w := ask(ctx, l, call{chat: 7, rank: RankUsual}, now); !w.granted() {
					return w.longest()
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
