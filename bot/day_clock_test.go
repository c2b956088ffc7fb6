package bot

import (
	"fmt"
	"sync"
	"time"
)

// The simulated day's own idea of working time. It counts minute by minute and
// knows nothing of package sla.

var moscow = time.FixedZone("MSK", 3*60*60)

// deskOpen tells whether support works at an instant (R2.1): working days 9 to
// 18, weekends 10 to 18, or not at all on weekends where those do not count.
func deskOpen(t time.Time, weekends bool) bool {
	t = t.In(moscow)
	from := 9
	if d := t.Weekday(); d == time.Saturday || d == time.Sunday {
		if !weekends {
			return false
		}
		from = 10
	}
	return t.Hour() >= from && t.Hour() < 18
}

// countOn is when so much working time has passed since an instant. What was counted
// once is remembered, as counting takes its time.
func countOn(since time.Time, work time.Duration, weekends bool) time.Time {
	key := counted{since, work, weekends}
	at, ok := countedOn.Load(key)
	if !ok {
		at, _ = countedOn.LoadOrStore(key, count(since, work, weekends))
	}
	return at.(time.Time)
}

type counted struct {
	since    time.Time
	work     time.Duration
	weekends bool
}

var countedOn sync.Map

func count(since time.Time, work time.Duration, weekends bool) time.Time {
	for t := since; ; {
		next := t.Truncate(time.Minute).Add(time.Minute)
		if deskOpen(t, weekends) {
			if work <= next.Sub(t) {
				return t.Add(work)
			}
			work -= next.Sub(t)
		}
		t = next
	}
}

// levelRule is what the regulation says of a level: R2.1 and the desk's figure,
// R4.2, R5.1.
type levelRule struct {
	name     string
	reaction time.Duration // 0: not regulated
	weekends bool
}

var levelRules = map[string]levelRule{
	"support":      {"Поддержка", 9 * time.Hour, true},
	"consultation": {"Консультация", 20 * time.Hour, false},
	"development":  {"Разработка", 0, false},
}

// span is when something happened, as far as one can see from outside: between
// what a person did and what the bot said.
type span struct{ from, to time.Time }

func (s span) isZero() bool { return s.from.IsZero() }

// after is the span in which so much of a level's reaction time has passed.
func (s span) after(percent int, level string) span {
	r := levelRules[level]
	work := r.reaction * time.Duration(percent) / 100
	return span{countOn(s.from, work, r.weekends), countOn(s.to, work, r.weekends)}
}

// has tells whether an instant lies in the span, or so much later.
func (s span) has(t time.Time, slack time.Duration) bool {
	return !t.Before(s.from) && !t.After(s.to.Add(slack))
}

// shows tells whether a clock time that the bot shows, such as "27 18:00", is
// one of the span.
func (s span) shows(clock string) bool {
	return clock == clockOf(s.from) || clock == clockOf(s.to)
}

func clockOf(t time.Time) string {
	t = t.In(moscow)
	return fmt.Sprintf("%d %02d:%02d", t.Day(), t.Hour(), t.Minute())
}

// silence is when the customer's silence is next acted on, and how; zero: never.
func (t *modelTicket) silence() (at time.Time, what string) {
	switch {
	case t.state == "waiting" && !t.reminded:
		return countOn(t.quiet, dayRemind, true), "remind"
	case t.state == "waiting":
		return countOn(t.quiet, dayClose-dayRemind, true), "closed.waiting"
	case t.state == "solved":
		return countOn(t.ended, dayClose, true), "closed.solved"
	}
	return time.Time{}, ""
}

// silent follows what time brings: the bot looks every quarter of a minute.
func (t *modelTicket) silent(now time.Time) {
	at, what := t.silence()
	if at.IsZero() || now.Before(at.Add(timerSlack)) {
		return
	}
	t.tell(what)
	if what == "remind" {
		t.quiet, t.reminded = at, true
		return
	}
	if t.state == "waiting" { // every ending asks anew
		t.ended, t.rating = at, 0
	}
	t.state, t.reminded = "closed", false
}

// nearSilence tells whether silence may be acted on just now, so that nobody can
// say what state the ticket is in.
func (t *modelTicket) nearSilence(now time.Time) bool {
	at, _ := t.silence()
	return !at.IsZero() && now.After(at.Add(-5*time.Second)) && now.Before(at.Add(timerSlack))
}

// timerSlack is how late what time brings can come: the bot looks every 15 s,
// and counts on from when it looked.
const timerSlack = 45 * time.Second
