package tickets_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"intakebot/tickets"
)

// open tells by R2.1 alone whether support works in the minute that begins at
// an instant; consultations do not count weekends (R4.2).
func open(at time.Time, weekends bool) bool {
	at = at.In(moscow)
	from, weekend := 9, at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
	if weekend {
		from = 10
	}
	return (weekends || !weekend) && at.Hour() >= from && at.Hour() < 18
}

// minuteAfter counts working minutes one by one.
func minuteAfter(at time.Time, minutes int, weekends bool) time.Time {
	for minutes > 0 {
		if open(at, weekends) {
			minutes--
		}
		at = at.Add(time.Minute)
	}
	return at
}

// TestReactionTimesByTheMinute holds due times and warnings against counting
// minute by minute, from a random minute of two years on.
func TestReactionTimesByTheMinute(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		filed := tuesday.Add(time.Duration(rapid.IntRange(0, 2*365*24*60).Draw(r, "filed")) * time.Minute)
		topic, minutes, weekends := "error", 9*60, true
		if rapid.Bool().Draw(r, "consultation") {
			topic, minutes, weekends = "general", 20*60, false // R4.2
		}
		p := newPlayer(filed, topic)
		if rapid.Bool().Draw(r, "added") { // R2.7: counted anew
			filed = filed.Add(time.Duration(rapid.IntRange(1, 5000).Draw(r, "later")) * time.Minute)
			p.desk.Now = filed
			if err := p.add(); err != nil {
				r.Fatal(err)
			}
		}
		if want := minuteAfter(filed, minutes, weekends); !p.t.Due.Equal(want) {
			r.Fatalf("%s filed %v is due %v, want %v", topic, filed, p.t.Due, want)
		}
		for _, percent := range []int{50, 80, 100} {
			want := minuteAfter(filed, minutes*percent/100, weekends)
			if !p.t.Wake.Equal(want) {
				r.Fatalf("%s filed %v is warned of %d %% at %v, want %v", topic, filed, percent, p.t.Wake, want)
			}
			p.desk.Now = p.t.Wake
			if err := p.take(p.desk.Wake(p.t)); err != nil || p.t.Life.Warned != percent {
				r.Fatalf("warned %d, want %d: %v", p.t.Life.Warned, percent, err)
			}
		}
		if !p.t.Wake.IsZero() {
			r.Fatalf("woken after the breach: %v", p.t.Wake)
		}
	})
}

func TestALateWakeWarnsOnce(t *testing.T) {
	p := newPlayer(tuesday, "error")
	p.desk.Now = p.t.Due.Add(-time.Minute)
	if err := p.take(p.desk.Wake(p.t)); err != nil {
		t.Fatal(err)
	}
	if got := p.said(groupID); !slices.Equal(got, []string{"desk.warn.80"}) || p.t.Life.Warned != 80 || !p.t.Wake.Equal(p.t.Due) {
		t.Errorf("said %q, warned %d, wake %v", got, p.t.Life.Warned, p.t.Wake)
	}
	if err := p.take(p.desk.Wake(p.t)); err != nil || len(p.c.Tickets)+len(p.c.Notices)+len(p.c.Events) != 0 {
		t.Errorf("woken too early, and did %+v, %v", p.c, err)
	}
}

func TestAnAnswerStopsTheClock(t *testing.T) {
	p := newPlayer(tuesday, "error")
	if err := p.answer(ivan); err != nil {
		t.Fatal(err)
	}
	if !p.t.Due.IsZero() || !p.t.Wake.IsZero() || p.t.State != tickets.StateWork || p.t.Agent != ivan.ID || p.t.Life.LastAgent != ivan.ID {
		t.Errorf("after the answer: %+v", p.t)
	}
	if got := p.said(customerID); !slices.Equal(got, []string{"answer.begun.by"}) { // R3.8
		t.Errorf("the customer reads %q", got)
	}
	if n := p.c.Notices[0]; !n.Extra.Report || n.Extra.Body.Text != "ответ" || n.Extra.Source.Chat != groupID || n.Kind != tickets.NoticeSend {
		t.Errorf("the answer goes as %+v", n)
	}
	if i := slices.IndexFunc(p.c.Notices, func(n tickets.Notice) bool { return n.Merge == "card" }); p.c.Notices[i].Drops != "warn" || !p.c.Notices[i].Extra.Card {
		t.Errorf("a warning on its way is still sent: %+v", p.c.Notices)
	}
}

func TestTakingStopsNoClock(t *testing.T) {
	p := newPlayer(tuesday, "error")
	due := p.t.Due
	if err := p.act(ivan, "take", ""); err != nil || !p.t.Due.Equal(due) || p.t.State != tickets.StateWork {
		t.Errorf("taken: %v, due %v, %s", err, p.t.Due, p.t.State)
	}
	if got := p.said(customerID); !slices.Equal(got, []string{"told.work.by", "told.due"}) {
		t.Errorf("the customer reads %q", got)
	}
}

// TestLevels: the due time follows the level, from the same moment on.
func TestLevels(t *testing.T) {
	p := newPlayer(tuesday, "error")
	p.desk.Now = tuesday.Add(5 * time.Hour)
	if err := p.take(p.desk.Wake(p.t)); err != nil || p.t.Life.Warned != 50 {
		t.Fatalf("warned %d: %v", p.t.Life.Warned, err)
	}
	for _, tt := range []struct {
		level  string
		due    time.Time
		warned int
		told   []string
	}{
		{"consultation", minuteAfter(tuesday, 20*60, false), 0, []string{"told.level", "told.due"}},
		{"development", time.Time{}, 0, []string{"told.level", "told.no_due"}}, // R5.1
		{"support", minuteAfter(tuesday, 9*60, true), 0, []string{"told.level", "told.due"}},
	} {
		err := p.act(ivan, "level", tt.level)
		if err != nil || p.t.Level != tt.level || !p.t.Due.Equal(tt.due) || p.t.Life.Warned != tt.warned {
			t.Errorf("%s: %v, due %v, want %v; warned %d", tt.level, err, p.t.Due, tt.due, p.t.Life.Warned)
		}
		if got := slices.DeleteFunc(p.said(customerID), func(k string) bool { return k == "plain" }); !slices.Equal(got, tt.told) {
			t.Errorf("%s: the customer reads %q", tt.level, got)
		}
	}
	if err := p.act(ivan, "level", "support"); err == nil {
		t.Error("the same level again")
	}
}

// TestDevelopment: the level goes along, and comes back (R5.1).
func TestDevelopment(t *testing.T) {
	p := in(tickets.StateDevelopment)
	if p.t.Level != "development" || !p.t.Due.IsZero() || !p.t.Wake.IsZero() {
		t.Errorf("in development: %+v", p.t)
	}
	if err := p.add(); err != nil || !p.t.Due.IsZero() || p.t.State != tickets.StateDevelopment {
		t.Errorf("added: %v, due %v, %s", err, p.t.Due, p.t.State)
	}
	p.desk.Now = p.desk.Now.Add(100 * time.Hour)
	if err := p.act(ivan, "take", ""); err != nil || p.t.Level != "support" || !p.t.Due.Equal(minuteAfter(p.desk.Now, 9*60, true)) {
		t.Errorf("back: %v, level %s, due %v", err, p.t.Level, p.t.Due)
	}
}

// TestSilence: reminded after 9 working hours, closed after 27, and told so
// beforehand, also where the bot was down.
func TestSilence(t *testing.T) {
	for _, late := range []time.Duration{0, 200 * time.Hour} {
		p := in(tickets.StateWaiting)
		if want := minuteAfter(tuesday, 9*60, true); !p.t.Wake.Equal(want) || !p.t.Due.IsZero() {
			t.Fatalf("reminds at %v, want %v; due %v", p.t.Wake, want, p.t.Due)
		}
		p.desk.Now = p.t.Wake.Add(late)
		if err := p.take(p.desk.Wake(p.t)); err != nil || !slices.Equal(p.said(customerID), []string{"told.reminded", "told.waiting.silence"}) {
			t.Fatalf("%v, said %q", err, p.said(customerID))
		}
		if want := minuteAfter(p.desk.Now, 18*60, true); !p.t.Wake.Equal(want) || !p.c.Notices[0].Once {
			t.Errorf("closes at %v, want %v", p.t.Wake, want)
		}
		p.desk.Now = p.t.Wake
		if err := p.take(p.desk.Wake(p.t)); err != nil || p.t.State != tickets.StateClosed || !p.t.Wake.IsZero() {
			t.Errorf("%v, is %s", err, p.t.State)
		}
		if got := p.said(customerID); !slices.Contains(got, "told.closed.silence.waiting") || !slices.Contains(got, "rate.ask") {
			t.Errorf("said %q", got)
		}
	}
}

func TestAnAdditionEndsTheWaiting(t *testing.T) {
	p := in(tickets.StateWaiting)
	p.desk.Now = tuesday.Add(50 * time.Hour)
	if err := p.add(); err != nil || p.t.State != tickets.StateWork || !p.t.Due.Equal(minuteAfter(p.desk.Now, 9*60, true)) {
		t.Errorf("%v, %s, due %v", err, p.t.State, p.t.Due)
	}
	if got := p.said(customerID); !slices.Equal(got, []string{"told.added", "told.due"}) {
		t.Errorf("the customer reads %q", got)
	}
	if got := p.kinds(); got[0] != tickets.NoticeSend || got[1] != tickets.NoticeReact || p.c.Notices[1].Target != 600 {
		t.Errorf("notices %v", got)
	}
}

func TestWhy(t *testing.T) {
	p := newPlayer(time.Date(2026, 11, 27, 17, 0, 0, 0, moscow), "error") // a Friday
	p.desk.Now = time.Date(2026, 11, 28, 12, 30, 0, 0, moscow)
	want := []string{"why.since 09:00", "", "why.span 01:00", "why.span 02:30", "", "why.sum 03:30", "why.left 05:30"}
	var got []string
	for _, l := range p.desk.Why(p.t).Text {
		if l.Key != "" {
			l.Key += " " + hours(l.Args)
		}
		got = append(got, l.Key)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	p.desk.Now = p.t.Due.Add(24 * 365 * time.Hour)
	if m := p.desk.Why(p.t); len(m.Text) > 30 || !strings.HasPrefix(m.Text[len(m.Text)-1].Key, "why.over") {
		t.Errorf("%d lines, the last: %s", len(m.Text), m.Text[len(m.Text)-1].Key)
	}
}

func hours(a tickets.Args) string {
	return time.Time{}.Add(time.Duration(*a["h"].Count)*time.Hour + time.Duration(*a["m"].Count)*time.Minute).Format("15:04")
}
