package limits

import (
	"testing"
	"time"
)

// Chats that nothing holds back are forgotten, those that a 429 slows down are
// not.
func TestIdleChatsAreForgotten(t *testing.T) {
	l, ctx, now := NewLocal(), t.Context(), noon
	l.Penalise(ctx, -5, time.Minute, now)
	for chat := range int64(100_000) {
		now = now.Add(AllWindow / AllSends)
		if w := ask(ctx, l, call{chat: chat + 1, rank: RankUsual}, now); !w.granted() {
			t.Fatalf("send %d: %v", chat, w)
		}
		if n := len(l.chats); n > 3000 {
			t.Fatalf("%d chats are remembered", n)
		}
		if held := l.chats[-5]; held == nil && now.Sub(noon) < Recovery {
			t.Fatal("a penalty is forgotten")
		}
	}
	ask(ctx, l, call{chat: 1, rank: RankUsual}, now.Add(time.Hour))
	if n := len(l.chats); n != 1 {
		t.Errorf("%d chats are remembered after an hour, want 1", n)
	}
}

// Callers that come out of their order do not turn the limiter's time back.
func TestTimeDoesNotGoBack(t *testing.T) {
	l, ctx := NewLocal(), t.Context()
	for range ChatSends {
		ask(ctx, l, call{chat: 1, rank: RankUsual}, noon)
	}
	if w := ask(ctx, l, call{chat: 1, rank: RankUsual}, noon.Add(-time.Hour)); w.longest() != ChatWindow {
		t.Errorf("an hour earlier: %+v, want %v", w, ChatWindow)
	}
}

func BenchmarkLocal(b *testing.B) {
	l, now, chat := NewLocal(), noon, int64(0)
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(AllWindow / AllSends)
		chat = (chat + 1) % 500
		ask(b.Context(), l, call{chat: chat, rank: RankUsual}, now)
	}
}

// What may wait is spread evenly, and uses the whole of the limit all the same;
// a customer's call takes the next place, or one to spare, and what may wait
// then leaves one free for each.
func TestWhatMayWaitIsSpread(t *testing.T) {
	l, ctx, now := NewLocal(), t.Context(), noon
	ask(ctx, l, call{chat: 1, rank: RankPatient}, now)
	now = now.Add(time.Hour)
	const sends = 3000
	var at []time.Time
	waited := map[time.Duration]int{}
	for chat := int64(10); len(at) < sends; chat++ {
		if chat%7 == 0 { // twice as often as chats get a place
			for range 2 {
				chat++
				w := ask(ctx, l, call{chat: chat, rank: RankUrgent}, now)
				waited[w.longest()]++
				at = append(at, now)
			}
		}
		w := ask(ctx, l, call{chat: chat, rank: RankPatient}, now)
		if !w.granted() {
			now = now.Add(w.longest())
			continue
		}
		at = append(at, now)
	}
	if len(waited) != 1 || waited[0] == 0 {
		t.Errorf("customers waited %v", waited)
	}
	for i := AllSends + AllSpare; i < len(at); i++ {
		if took := at[i].Sub(at[i-AllSends-AllSpare]); took < AllWindow {
			t.Fatalf("%d sends within %v", AllSends+AllSpare+1, took)
		}
	}
	took := now.Sub(at[0])
	if most := AllWindow * (sends + 1) / AllSends; took > most {
		t.Errorf("%d sends took %v, want %v at most", sends, took, most)
	}
	for i := 20; i < sends; i++ {
		if d := at[i].Sub(at[i-1]); d > 4*AllWindow/AllSends {
			t.Errorf("nothing was sent for %v", d)
		}
	}
}
