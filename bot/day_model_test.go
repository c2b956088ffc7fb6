package bot

import (
	"slices"
	"time"
)

// modelTicket is what somebody who sees only what people do, and what the bot
// shows, knows of a ticket by the regulation.
type modelTicket struct {
	n        int
	of       *dayCustomer
	thread   int
	topic    string // the label of it that was pressed
	base     string // the level of its topic
	level    string
	before   string // the level before development; "": it never was there
	state    string // new, work, waiting, development, put_off, solved, declined, closed, reopened
	critical bool
	agent    string // who has it; "": nobody
	since    span   // since when the customer waits for a reaction; zero: does not
	unsure   bool   // of since: an answer and an addition came at once
	quiet    time.Time
	reminded bool
	ended    time.Time
	rating   int
	merged   bool
	runs     []clockRun
	told     map[string]int // how often the customer was to be told something
	problem  string         // token of its description
}

// clockRun is a time in which the reaction time ran without a change.
type clockRun struct {
	since    span
	level    string
	from, to time.Time // to: zero while it runs
	unsure   bool
}

// isHard tells whether agents and customer put the ticket off, so that its reaction
// time runs out.
func (t *modelTicket) isHard() bool { return t.n%4 == 0 }

func (t *modelTicket) isEnded() bool {
	return t.state == "solved" || t.state == "declined" || t.state == "closed"
}

// counting is what the clock does by the ticket's state and level.
func (t *modelTicket) counting() clockRun {
	if t.since.isZero() || t.state == "development" || levelRules[t.level].reaction == 0 {
		return clockRun{}
	}
	return clockRun{since: t.since, level: t.level, unsure: t.unsure}
}

// recount notes a change of the clock.
func (t *modelTicket) recount(now time.Time) {
	next, last := t.counting(), clockRun{}
	if len(t.runs) > 0 {
		last = t.runs[len(t.runs)-1]
	}
	if last.since == next.since && last.level == next.level && last.unsure == next.unsure {
		return
	}
	if len(t.runs) > 0 {
		t.runs[len(t.runs)-1].to = now
	}
	next.from = now
	t.runs = append(t.runs, next)
}

// due is when a reaction is due by now; false: none is.
func (t *modelTicket) due() (span, bool) {
	r := t.counting()
	if r.level == "" {
		return span{}, false
	}
	return r.since.after(100, r.level), true
}

// start begins the reaction time (R2.7), stop ends it.
func (t *modelTicket) start(now time.Time) {
	t.since, t.unsure = span{now, now.Add(handled)}, false
}
func (t *modelTicket) stop() { t.since, t.unsure = span{}, false }

// handled is how long the bot takes at most to look at what somebody did: it
// leaves half a second between two polls.
const handled = 2 * time.Second

// agentDid follows an agent's action by the regulation. False: it is refused.
func (t *modelTicket) agentDid(action, by string, now time.Time) bool {
	defer t.recount(now)
	switch action {
	case "answer":
		return t.answered(by, now)
	case "take":
		return t.taken(by, now)
	case "assign":
		if t.isEnded() || t.agent == by {
			return false
		}
		t.agent = by
		return true
	case "reopen":
		if !t.isEnded() {
			return false
		}
		t.reopened(now)
		return true
	}
	return t.moved(action, by, now)
}

func (t *modelTicket) answered(by string, now time.Time) bool {
	if t.merged { // the talk goes on elsewhere
		return false
	}
	if t.state == "new" || t.state == "reopened" {
		t.state = "work"
	}
	if t.state == "waiting" {
		t.quiet, t.reminded = now, false
	}
	if !t.isEnded() {
		t.hold(by)
	}
	t.stop()
	return true
}

func (t *modelTicket) taken(by string, now time.Time) bool {
	switch {
	case t.isEnded(), t.state == "waiting", t.agent != "" && t.agent != by, t.agent == by && t.state == "work":
		return false
	}
	if t.state != "work" {
		t.tell("take")
	}
	t.leaveDevelopment(now)
	t.state = "work"
	t.hold(by)
	return true
}

// targets are the states that actions lead to.
var targets = map[string]string{
	"wait": "waiting", "develop": "development", "putoff": "put_off", "decline": "declined", "solve": "solved", "close": "closed", "merge": "closed",
}

func (t *modelTicket) moved(action, by string, now time.Time) bool {
	to := targets[action]
	fromEnd := action == "close" && (t.state == "solved" || t.state == "declined") || action == "merge" && t.state != "closed"
	if to == t.state || t.isEnded() && !fromEnd {
		return false
	}
	wasEnded := t.isEnded()
	if to == "waiting" || to == "put_off" {
		t.stop()
	}
	t.leaveDevelopment(now)
	t.state = to
	switch {
	case to == "waiting":
		t.quiet, t.reminded = now, false
	case to == "development":
		if t.level != "development" {
			t.before, t.level = t.level, "development" // R5.1
		}
	case t.isEnded():
		t.stop()
		if !wasEnded {
			t.ended, t.rating = now, 0
		}
	}
	t.hold(by)
	t.tell(action)
	return true
}

// ownLevel is the level that the ticket had before development, or its topic's.
func (t *modelTicket) ownLevel() string {
	if t.before != "" {
		return t.before
	}
	return t.base
}

// leaveDevelopment gives a ticket its own level back, and the customer who
// wrote meanwhile a reaction from now on.
func (t *modelTicket) leaveDevelopment(now time.Time) {
	if t.state != "development" {
		return
	}
	if t.level == "development" {
		t.level = t.ownLevel()
	}
	if !t.since.isZero() {
		t.since = span{now, now.Add(handled)}
	}
}

func (t *modelTicket) reopened(now time.Time) {
	t.state, t.agent, t.merged, t.ended = "reopened", "", false, time.Time{}
	if t.level == "development" {
		t.level = t.ownLevel()
	}
	t.start(now)
	t.tell("reopen")
	t.recount(now)
}

func (t *modelTicket) hold(by string) {
	if t.agent == "" {
		t.agent = by
	}
}

// added follows an addition of the customer.
func (t *modelTicket) added(now time.Time) {
	if t.state == "waiting" {
		t.state = "work"
		t.tell("added")
	}
	t.start(now)
	t.recount(now)
}

// leveled follows a change of level.
func (t *modelTicket) leveled(level string, now time.Time) bool {
	if t.isEnded() || level == t.level {
		return false
	}
	t.level = level
	t.tell("level")
	t.recount(now)
	return true
}

// received takes over what another ticket was about.
func (t *modelTicket) received(other *modelTicket, since span, now time.Time) {
	t.critical = t.critical || other.critical
	if !since.isZero() && t.since.isZero() {
		if t.state == "waiting" {
			t.state = "work"
		}
		t.since, t.unsure = since, other.unsure
	}
	t.recount(now)
}

// tell notes that the customer is to be told something; who has blocked the bot
// hears nothing.
func (t *modelTicket) tell(what string) {
	if !t.of.blocked {
		t.told[what]++
	}
}

// urgent orders open tickets as the board does: critical ones first (R2.4), then
// by due time, then by arrival (R2.3).
func urgent(list []*modelTicket) []*modelTicket {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *modelTicket) int {
		ad, aok := a.due()
		bd, bok := b.due()
		switch {
		case a.critical != b.critical:
			return yes(a.critical, -1, 1)
		case aok != bok:
			return yes(aok, -1, 1)
		case aok && !ad.from.Equal(bd.from):
			return ad.from.Compare(bd.from)
		}
		return a.n - b.n
	})
	return list
}

func yes(cond bool, a, b int) int {
	if cond {
		return a
	}
	return b
}
