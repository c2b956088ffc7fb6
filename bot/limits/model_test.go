package limits

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"
)

// model is the limits written down as they read, slowly: it keeps every
// message and every 429 and counts.
type model struct {
	noted    map[scope][]time.Time
	trespass map[int64][]trespass // by chat; 0: all
}

// send is a call at an instant.
type send struct {
	call
	at time.Time
}

// scope is what a limit is about: a chat, or 0 for all of them, and whether
// the messages are counted there as in a group.
type scope struct {
	chat  int64
	group bool
}

// rule is a limit on a scope.
type rule struct {
	scope
	n      int
	burst  int // beyond which they are spread evenly; 0: not
	window time.Duration
}

// trespass is a time in which 429s held a chat.
type trespass struct {
	until   time.Time
	strikes int
}

func newModel() *model {
	return &model{noted: make(map[scope][]time.Time), trespass: make(map[int64][]trespass)}
}

// rules are the limits that count for a send.
func (m *model) rules(s send) []rule {
	allSends := AllSends
	if _, strikes := m.held(0, s.at); s.rank == RankUrgent && strikes <= 1 {
		allSends += AllSpare
	}
	rules := []rule{{scope{0, false}, allSends, 0, AllWindow}, {scope{s.chat, false}, ChatSends, 0, ChatWindow}}
	if s.group {
		rules = append(rules, rule{scope{s.chat, true}, GroupSends, GroupBurst, GroupWindow})
	}
	for i, r := range rules {
		_, strikes := m.held(r.chat, s.at)
		rules[i].window = r.window * time.Duration(100+50*max(0, strikes-1)) / 100
	}
	return rules
}

// free tells whether a rule lets another message be at an instant.
func (m *model) free(r rule, at time.Time) bool {
	n, last := 0, time.Time{}
	for _, other := range m.noted[r.scope] {
		if at.Sub(other) < r.window {
			n++
		}
		last = other
	}
	return n < r.n && (r.burst == 0 || n < r.burst || at.Sub(last) >= r.window/time.Duration(GroupSends))
}

// note counts a message from the first instant on when the rule lets it be.
func (m *model) note(r rule, at time.Time) {
	instants := []time.Time{at}
	for _, other := range m.noted[r.scope] {
		instants = append(instants, other.Add(r.window), other.Add(r.window/time.Duration(GroupSends)))
	}
	slices.SortFunc(instants, time.Time.Compare)
	for _, i := range instants {
		if !i.Before(at) && m.free(r, i) {
			m.noted[r.scope] = append(m.noted[r.scope], i)
			return
		}
	}
}

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
	for _, r := range m.rules(s) {
		if until, _ := m.held(r.chat, s.at); s.at.Before(until) || !m.free(r, s.at) {
			return false
		}
	}
	return true
}

// check compares a limiter's answer with what the model allows. The wait of one
// of several replicas may turn out to be too short, as it may not know of the
// others' sends when it answers from what it knows itself.
func (m *model) check(s send, w wait, alone bool) error {
	if allowed := m.allows(s); w.granted() != allowed {
		return fmt.Errorf("%v: the limiter says %v, allowed: %v", s, w, allowed)
	}
	if w.granted() {
		for _, r := range m.rules(s) {
			for range max(1, s.messages) {
				m.note(r, s.at)
			}
		}
		return nil
	}
	// The wait is right to the microsecond, but where strikes are forgotten
	// meanwhile: then it is at most as long as it was told.
	later := s
	later.at = s.at.Add(w.longest())
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

// drawSend draws a send to one of few chats, so that they fill; groups are
// negative.
func drawSend(t *rapid.T, albums bool) call {
	s := call{chat: rapid.SampledFrom([]int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, -1, -2}).Draw(t, "chat")}
	s.group = s.chat < 0
	if albums {
		s.messages = rapid.IntRange(0, MaxMessages).Draw(t, "messages")
	}
	return s
}

// drawRank draws a rank of those that are not spread evenly.
func drawRank(t *rapid.T) int {
	return rapid.SampledFrom([]int{RankUrgent, RankUsual}).Draw(t, "rank")
}

// drawStep draws how much time passes: mostly little.
func drawStep(t *rapid.T) time.Duration {
	longest := rapid.SampledFrom([]time.Duration{0, 0, 0, 0, 0, 40 * time.Millisecond, time.Second, 20 * time.Second, 5 * time.Minute}).Draw(t, "scale")
	return time.Duration(rapid.Int64Range(0, longest.Microseconds()).Draw(t, "step")) * time.Microsecond
}
