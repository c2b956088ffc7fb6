package limits

import (
	"fmt"
	"time"

	"pgregory.net/rapid"
)

// model is the limits written down as they read, slowly: it keeps every send
// and every 429 and counts.
type model struct {
	sent     []send
	trespass map[int64][]trespass // by chat; 0: all
}

type send struct {
	at    time.Time
	chat  int64
	group bool
}

// trespass is a time in which 429s held a chat.
type trespass struct {
	until   time.Time
	strikes int
}

func newModel() *model { return &model{trespass: make(map[int64][]trespass)} }

// held tells until when a chat is held, and how many strikes count.
func (m *model) held(chat int64, now time.Time) (until time.Time, strikes int) {
	if n := len(m.trespass[chat]); n > 0 {
		last := m.trespass[chat][n-1]
		until, strikes = last.until, last.strikes
		for quiet := until.Add(Recovery); !quiet.After(now) && strikes > 0; quiet = quiet.Add(Recovery) {
			strikes--
		}
	}
	return until, strikes
}

func (m *model) penalise(chat int64, after time.Duration, now time.Time) {
	until, strikes := m.held(chat, now)
	if !now.Before(until) {
		strikes = min(strikes+1, MaxStrikes)
	}
	if end := now.Add(after); end.After(until) {
		until = end
	}
	m.trespass[chat] = append(m.trespass[chat], trespass{until, strikes})
}

// allows tells whether a send would keep all limits.
func (m *model) allows(s send) bool {
	for chat, limits := range map[int64][]struct {
		n      int
		window time.Duration
		counts func(send) bool
	}{
		0: {{AllSends, AllWindow, func(send) bool { return true }}},
		s.chat: {
			{ChatSends, ChatWindow, func(o send) bool { return o.chat == s.chat }},
			{GroupSends, GroupWindow, func(o send) bool { return s.group && o.chat == s.chat }},
		},
	} {
		until, strikes := m.held(chat, s.at)
		if s.at.Before(until) {
			return false
		}
		for _, l := range limits {
			window := l.window * time.Duration(100+50*max(0, strikes-1)) / 100
			n := 0
			for _, o := range m.sent {
				if l.counts(o) && s.at.Sub(o.at) < window {
					n++
				}
			}
			if n >= l.n {
				return false
			}
		}
	}
	return true
}

// check compares a limiter's answer with what the model allows. The wait of one
// of several replicas may turn out to be too short, as it may not know of the
// others' sends when it answers from what it knows itself.
func (m *model) check(s send, w Wait, alone bool) error {
	if allowed := m.allows(s); w.Granted() != allowed {
		return fmt.Errorf("%v: the limiter says %v, allowed: %v", s, w, allowed)
	}
	if w.Granted() {
		m.sent = append(m.sent, s)
		return nil
	}
	// The wait is right to the microsecond, but where strikes are forgotten
	// meanwhile: then it is at most as long as it was told.
	later := s
	later.at = s.at.Add(w.For())
	if alone && !m.allows(later) {
		return fmt.Errorf("%v: told to wait %v, and that is not enough", s, w)
	}
	later.at = later.at.Add(-time.Microsecond)
	if m.allows(later) && !m.forgets(s, later.at) {
		return fmt.Errorf("%v: told to wait %v, and less is enough", s, w)
	}
	return nil
}

// forgets tells whether a strike that counts for a send is forgotten between it
// and an instant.
func (m *model) forgets(s send, then time.Time) bool {
	for _, chat := range []int64{0, s.chat} {
		_, before := m.held(chat, s.at)
		if _, after := m.held(chat, then); after < before {
			return true
		}
	}
	return false
}

// drawChat draws one of few chats, so that they fill; groups are negative.
func drawChat(t *rapid.T) int64 {
	return rapid.SampledFrom([]int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, -1, -2}).Draw(t, "chat")
}

// drawStep draws how much time passes: mostly little.
func drawStep(t *rapid.T) time.Duration {
	longest := rapid.SampledFrom([]time.Duration{0, 0, 0, 0, 0, 40 * time.Millisecond, time.Second, 20 * time.Second, 5 * time.Minute}).Draw(t, "scale")
	return time.Duration(rapid.Int64Range(0, longest.Microseconds()).Draw(t, "step")) * time.Microsecond
}
