package limits

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Two replicas with clocks of their own share the server's: no window holds too
// many. A grant lies between the call and its return, so of any 31 the last
// return comes a window after the first call.
func TestTheServersClockMeasures(t *testing.T) {
	client, _ := connect(t)
	type grant struct{ asked, answered time.Time }
	var mu sync.Mutex
	var grants []grant
	var wg sync.WaitGroup
	for g := range 6 {
		r := NewRedis(client, "intakebot:")
		wrong := time.Duration(g) * 7 * time.Hour
		wg.Go(func() {
			for i := range int64(60) {
				asked := time.Now()
				if !ask(t.Context(), r, call{chat: int64(g)*1000 + i + 1, rank: RankUsual}, asked.Add(wrong)).granted() {
					continue
				}
				mu.Lock()
				grants = append(grants, grant{asked, time.Now()})
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(grants) < AllSends {
		t.Fatalf("%d granted, want %d at least", len(grants), AllSends)
	}
	slices.SortFunc(grants, func(a, b grant) int { return a.answered.Compare(b.answered) })
	for i := AllSends; i < len(grants); i++ {
		first := grants[i-AllSends].asked
		for _, g := range grants[i-AllSends : i] {
			if g.asked.Before(first) {
				first = g.asked
			}
		}
		if took := grants[i].answered.Sub(first); took < AllWindow {
			t.Errorf("%d sends within %v", AllSends+1, took)
		}
	}
}

// All keys expire, and in a cluster they lie in one slot.
func TestKeys(t *testing.T) {
	client, _ := connect(t)
	ctx, l := t.Context(), NewRedis(client, "intakebot:9:")
	ask(ctx, l, call{chat: 5, rank: RankUsual}, time.Now())
	ask(ctx, l, call{chat: -6, group: true, rank: RankUsual}, time.Now())
	l.Penalise(ctx, 5, time.Second, time.Now())
	l.Penalise(ctx, 0, time.Second, time.Now())
	NewSharedFlood(client, "intakebot:9:", 3).Allow(ctx, 5, 1, time.Now())
	keys, err := client.Keys(ctx, "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	want := []string{
		"intakebot:9:{5}:flood", "intakebot:9:{limits}:group:-6", "intakebot:9:{limits}:held:0",
		"intakebot:9:{limits}:held:5", "intakebot:9:{limits}:sends:-6", "intakebot:9:{limits}:sends:0", "intakebot:9:{limits}:sends:5",
	}
	if !slices.Equal(keys, want) {
		t.Errorf("the keys are %q", keys)
	}
	for _, key := range keys {
		if left := client.PTTL(ctx, key).Val(); left <= 0 || left > group.keep() {
			t.Errorf("%s expires in %v", key, left)
		}
	}
}

// While Redis is away each replica goes on with a part of the limit, and what
// it knows holds on when Redis is back, empty.
func TestAnOutage(t *testing.T) {
	client, server := connect(t)
	ctx, now := t.Context(), noon
	l := shared(client, 1)[0]
	var sent []time.Time
	more := func(n int) (granted int) {
		for range n {
			chat := int64(len(sent) + 100)
			if ask(ctx, l, call{chat: chat, rank: RankUsual}, now).granted() {
				sent = append(sent, now)
				granted++
			}
		}
		return granted
	}
	l.Penalise(ctx, 1, time.Minute, now)
	if got := more(20); got != 20 {
		t.Errorf("with Redis %d of 20 granted", got)
	}
	server.Stop()
	if got := more(40); got != AllSends-20 {
		t.Errorf("%d more granted by the replica alone, want %d", got, AllSends-20)
	}
	now = now.Add(AllWindow)
	if got := more(40); got != 0 {
		t.Errorf("%d granted in the next window, want none: a replica alone takes a third", got)
	}
	now = now.Add(2 * AllWindow)
	if got := more(40); got != AllSends {
		t.Errorf("%d granted in three windows, want %d", got, AllSends)
	}
	l.Penalise(ctx, 2, time.Minute, now)
	server.Start()
	for client.Set(ctx, "k", "", time.Minute).Err() != nil {
		runtime.Gosched() // as the bot does with every message
	}
	if got := more(40); got != 0 {
		t.Errorf("%d granted by an empty Redis in the same window", got)
	}
	for _, chat := range []int64{1, 2} {
		if ask(ctx, l, call{chat: chat, rank: RankUsual}, now.Add(50*time.Second)).granted() {
			t.Errorf("chat %d: the penalty is forgotten", chat)
		}
	}
	now = now.Add(51 * time.Second)
	if got := more(40); got != AllSends {
		t.Errorf("%d granted afterwards, want %d", got, AllSends)
	}
}

// Emptying the server, its scripts too, loses nothing but the last window of
// the other replicas.
func TestEmptied(t *testing.T) {
	client, _ := connect(t)
	ctx, l := t.Context(), shared(client, 1)[0]
	granted := 0
	for i := range int64(60) {
		if i%7 == 0 {
			if err := errors.Join(client.FlushAll(ctx).Err(), client.ScriptFlush(ctx).Err()); err != nil {
				t.Fatal(err)
			}
		}
		if ask(ctx, l, call{chat: i + 1, rank: RankUsual}, noon).granted() {
			granted++
		}
	}
	if granted != AllSends {
		t.Errorf("%d granted, want %d", granted, AllSends)
	}
}

// A server's clock that was set back does not stop the sending.
func TestTheServersClockSetBack(t *testing.T) {
	client, _ := connect(t)
	ctx, both := t.Context(), shared(client, 2)
	for chat := range int64(AllSends) {
		ask(ctx, both[0], call{chat: chat + 1, rank: RankUsual}, noon.Add(time.Hour))
	}
	if w := ask(ctx, both[1], call{chat: 1, rank: RankUsual}, noon); !w.granted() {
		t.Errorf("an hour earlier: %+v", w)
	}
}

// nonsense is a server that answers with something else.
type nonsense struct{ redis.Scripter }

func (nonsense) EvalSha(ctx context.Context, _ string, _ []string, _ ...any) *redis.Cmd {
	cmd := redis.NewCmd(ctx)
	cmd.SetVal([]any{int64(1)})
	return cmd
}

func TestAnAnswerThatIsNone(t *testing.T) {
	l := NewRedis(nonsense{}, "")
	if w := ask(t.Context(), l, call{chat: 1, rank: RankUsual}, noon); !w.granted() {
		t.Errorf("the replica does not go on alone: %+v", w)
	}
	if _, err := l.ask(t.Context(), call{chat: 1, rank: RankUsual}, noon); err == nil || !strings.Contains(err.Error(), "something else") {
		t.Errorf("the error is %v", err)
	}
}

func BenchmarkRedis(b *testing.B) {
	client, _ := connect(b)
	l := shared(client, 1)[0]
	now := noon
	for b.Loop() {
		now = now.Add(AllWindow)
		ask(b.Context(), l, call{chat: 1, rank: RankUsual}, now)
	}
}
