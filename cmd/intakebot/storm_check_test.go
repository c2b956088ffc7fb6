package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// check holds what came out against what went in, once all is calm and at rest.
func (s *storm) check(store tickets.Store) {
	s.t.Helper()
	s.model.mu.Lock()
	defer s.model.mu.Unlock()
	filed := 0
	for _, c := range s.cast {
		filed += len(c.filed)
		s.filed(store, c)
	}
	s.letters()
	s.private()
	doubled := s.once()
	s.limits()
	s.shelf(store)
	m := s.model
	s.t.Logf("seed %d: %d lives, %d calls, %d of unknown outcome; %d tickets, %d letters, %d sends, %d doubled",
		s.seed, m.life, m.calls, m.unknown, filed, len(m.letters), len(m.sends), doubled)
	all.add(map[string]int{"storms": 1, "lives": m.life, "calls": m.calls, "calls of unknown outcome": m.unknown, "tickets": filed,
		"answers and additions": len(m.letters), "sends": len(m.sends), "doubled after an unknown outcome": doubled}, s.weather.Struck())
}

// filed: every ticket that was submitted is there once, with all its fields and
// files, for the store and for the agents.
func (s *storm) filed(store tickets.Store, c *customer) {
	s.t.Helper()
	list, err := store.TicketsOf(context.Background(), c.UserID(), 10000)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(list) != len(c.filed) {
		s.t.Errorf("%s has filed %d tickets, and there are %d", c.Name(), len(c.filed), len(list))
	}
	for _, w := range c.filed {
		got, err := store.Ticket(context.Background(), w.id(s.t))
		if err != nil {
			s.t.Errorf("%s: %v", w.number, err)
			continue
		}
		if got.Customer != c.UserID() || got.Topic != w.topic {
			s.t.Errorf("%s of %s: customer %d, topic %q instead of %q", w.number, c.Name(), got.Customer, got.Topic, w.topic)
		}
		if have, want := flat(got.Report), flat(w.report); !slices.Equal(have, want) {
			s.t.Errorf("%s of %s is\n%q\ninstead of\n%q", w.number, c.Name(), have, want)
		}
		s.shown(got)
	}
}

// shown: the agents have a ticket's card with every field and every file.
func (s *storm) shown(ticket tickets.Ticket) {
	s.t.Helper()
	number := tickets.Number(ticket.ID)
	var text string
	files := map[string]bool{}
	for _, m := range s.model.sends {
		if m.chat < 0 && m.thread == int(ticket.Place.Thread) { // a group that has grown has two IDs
			text += m.text + "\n"
			for _, f := range m.files {
				files[f] = true
			}
		}
	}
	for i, field := range flat(ticket.Report) {
		if i < 10 && !strings.Contains(text, strings.TrimPrefix(field, "https://")) || i >= 10 && !files[field] {
			s.t.Errorf("the agents' place of %s (%+v) lacks %q:\n%s", number, ticket.Place, field, text)
		}
	}
}

// letters: every answer and every addition has arrived, in order, at the right
// person; or the reader was refused, and then its writer was told.
func (s *storm) letters() {
	s.t.Helper()
	last := map[string]int{} // by ticket and chat, as Telegram itself has no order over chats: where the one before arrived
	slices.SortStableFunc(s.model.letters, func(a, b letter) int {
		return cmp.Or(cmp.Compare(a.from.Chat, b.from.Chat), cmp.Compare(a.from.ID, b.from.ID))
	})
	for _, l := range s.model.letters {
		owner := s.owner(l.ticket)
		if owner == nil {
			s.t.Errorf("%s is nobody's ticket", l.ticket)
			continue
		}
		toAgents := l.from.Chat > 0
		if !toAgents && !s.model.taken[[2]int64{l.from.Chat, int64(l.from.ID)}] {
			continue // the bot was out of the group
		}
		at := -1
		for i, m := range s.model.sends {
			if slices.Contains(tokensIn(m.text), l.token) && (toAgents && m.chat < 0 || !toAgents && m.chat == owner.UserID()) {
				at = i
				break
			}
		}
		line := fmt.Sprint(l.ticket, l.from.Chat)
		switch {
		case at >= 0 && at < last[line]:
			s.t.Errorf("%d, for %s, arrived before an earlier one", l.token, l.ticket)
		case at >= 0:
			last[line] = at
		case s.model.denied[l.token] == 0 && !s.model.returned(l):
			s.t.Errorf("%d, written at %v, for %s of %s (to the agents: %v), did not arrive", l.token, l.from.Date.Format(time.TimeOnly), l.ticket, owner.Name(), toAgents)
		}
	}
}

// private: nobody sees what belongs to another, nor what agents keep inside (P7).
func (s *storm) private() {
	s.t.Helper()
	letterOf := map[int64]string{} // token to ticket
	for _, l := range s.model.letters {
		letterOf[l.token] = l.ticket
	}
	for _, m := range s.model.sends {
		if m.chat < 0 {
			continue
		}
		for _, token := range tokensIn(m.text) {
			owner := s.cast[min(int(token/100000), len(s.cast))-1]
			if token > 900000 {
				owner = s.owner(letterOf[token])
			}
			if s.model.secrets[token] || owner == nil || owner.UserID() != m.chat {
				s.t.Errorf("%d has been shown %d: %q", m.chat, token, m.text)
			}
		}
	}
}

// limits: the stage's own limits were not run into (P3), but for a life that knows
// nothing yet of what the one before it sent, and for a clock that has jumped.
func (s *storm) limits() {
	s.t.Helper()
	if s.weather.Struck()[string(telegramsim.JumpClock)] > 0 {
		return
	}
	for _, at := range s.model.limited {
		young := slices.ContainsFunc(s.model.lives[1:], func(born time.Time) bool { return !at.Before(born) && at.Sub(born) < 2*time.Minute })
		if !young {
			s.t.Errorf("a limit was run into at %v", at.Format(time.TimeOnly))
		}
	}
}

// shelf: only what the storm made up was set aside.
func (s *storm) shelf(store tickets.Store) {
	s.t.Helper()
	list, err := store.Shelf(context.Background(), 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, sh := range list {
		if body := string(sh.Body); !strings.Contains(body, "nonsense") && !strings.Contains(body, "no number") &&
			!strings.Contains(body, `"data":7`) && !strings.Contains(body, "[1,2,3]") && !strings.Contains(body, `"poll"`) {
			s.t.Errorf("update %d was set aside: %s\n%.300s", sh.Update.ID, sh.Cause, body)
		}
	}
}

// once: what was sent twice is something whose first outcome nobody knew (P2). It
// counts those.
func (s *storm) once() (doubled int) {
	s.t.Helper()
	type thing struct {
		chat         int64
		thread       int
		text, others string
	}
	before := map[thing]int{}
	for i, m := range s.model.sends {
		what := thing{m.chat, m.thread, m.text, m.buttons + fmt.Sprint(m.files)}
		if m.method == "createforumtopic" {
			what = thing{chat: m.chat, text: "topic of " + numbers.FindString(m.text)}
		} else if len(tokensIn(m.text)) == 0 && !strings.Contains(m.text, "is accepted") {
			continue // the same words can be due twice
		}
		first, twice := before[what]
		before[what] = i
		if !twice || s.again(first, i) {
			continue
		}
		doubled++
		if !s.model.excused(first, i) {
			s.t.Errorf("sent twice, though the first outcome was known:\n%+v\n%+v", s.model.sends[first], m)
		}
	}
	return doubled
}

// again tells what is rightly said twice: a question that was asked for anew, by
// something that the customer did in between; the topic of a ticket whose topic is
// gone; and a board of which Telegram has said that it is gone.
func (s *storm) again(first, second int) bool {
	a, b := s.model.sends[first], s.model.sends[second]
	switch {
	case a.method == "createforumtopic":
		return !slices.ContainsFunc(s.desk.Topics(), func(t telegramsim.TopicInfo) bool { return t.ID == a.thread })
	case a.chat < 0 && strings.HasPrefix(a.text, "📋"):
		return slices.ContainsFunc(s.model.gone, func(g gone) bool { return g.chat == a.chat && slices.Contains(a.ids, g.message) && !g.at.After(b.at) })
	case a.chat < 0 || !strings.Contains(a.buttons, `"data"`):
		return false
	}
	for _, m := range s.model.sends[first+1 : second] { // a command, however long it waited, is answered with the question below
		if m.chat == a.chat && (strings.Contains(m.text, "How it works") || strings.Contains(m.text, "This is the support desk")) {
			return true
		}
	}
	// Of a message the date has whole seconds.
	p := s.world.PersonByID(a.chat)
	for _, m := range p.Messages() {
		if !m.FromBot && !m.Date.Before(a.at.Add(-2*time.Second)) && !m.Date.After(b.at) {
			return true
		}
	}
	return false
}

// excused tells whether nobody knew what became of a send: its answer was lost,
// or the bot died before it could note it, which it does before it sends the next
// to the same place.
func (m *model) excused(first, second int) bool {
	a := m.sends[first]
	if a.open {
		return true
	}
	if m.sends[second].life == a.life {
		return false
	}
	for _, b := range m.sends[first+1:] {
		if b.life != a.life {
			break
		}
		if b.chat == a.chat && b.thread == a.thread && len(b.files) == 0 {
			return false
		}
	}
	return true
}

// tally adds up what was seen in all storms of a run.
type tally struct {
	mu           sync.Mutex
	seen, struck map[string]int
}

var all tally

func (t *tally) add(seen, struck map[string]int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen, t.struck = map[string]int{}, map[string]int{}
	}
	for name, n := range seen {
		t.seen[name] += n
	}
	for name, n := range struck {
		t.struck[name] += n
	}
}

func (t *tally) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return fmt.Sprintf("all in all: %v\nwhat has struck: %v", t.seen, t.struck)
}
