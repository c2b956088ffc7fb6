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
		if w := ask(ctx, l, call{chat: chat + 1}, now); !w.granted() {
			t.Fatalf("send %d: %v", chat, w)
		}
		if n := len(l.chats); n > 3000 {
			t.Fatalf("%d chats are remembered", n)
		}
		if held := l.chats[-5]; held == nil && now.Sub(noon) < Recovery {
			t.Fatal("a penalty is forgotten")
		}
	}
	ask(ctx, l, call{chat: 1}, now.Add(time.Hour))
	if n := len(l.chats); n != 1 {
		t.Errorf("%d chats are remembered after an hour, want 1", n)
	}
}

// Callers that come out of their order do not turn the limiter's time back.
func TestTimeDoesNotGoBack(t *testing.T) {
	l, ctx := NewLocal(), t.Context()
	for range ChatSends {
		ask(ctx, l, call{chat: 1}, noon)
	}
	if w := ask(ctx, l, call{chat: 1}, noon.Add(-time.Hour)); w.longest() != ChatWindow {
		t.Errorf("an hour earlier: %+v, want %v", w, ChatWindow)
	}
}

func BenchmarkLocal(b *testing.B) {
	l, now, chat := NewLocal(), noon, int64(0)
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(AllWindow / AllSends)
		chat = (chat + 1) % 500
		ask(b.Context(), l, call{chat: chat}, now)
	}
}
