package tickets

import "time"

// warnings are the per cent of the reaction time after which agents are
// warned; the last is the breach.
var warnings = [...]int{50, 80, 100}

// levelOf is a ticket's level; one that the policy has no more is its first.
func (d Desk) levelOf(t Ticket) Level {
	if l, ok := d.Policy.Level(t.Level); ok {
		return l
	}
	return d.Policy.Levels[0]
}

// reaction is the longest reaction time that counts for a ticket now; 0: none
// is regulated (R5.1).
func (d Desk) reaction(t Ticket) time.Duration {
	if t.State == StateDevelopment {
		return 0
	}
	return d.levelOf(t).Reaction
}

// passes is the instant at which so many per cent of the reaction time have
// passed; zero: there is none.
func (d Desk) passes(t Ticket, percent int) time.Time {
	l := d.levelOf(t)
	return d.Policy.CalendarOf(l).Due(t.Life.Since, l.Reaction*time.Duration(percent)/100)
}

// passed is how many per cent to be warned of have passed.
func (d Desk) passed(t Ticket) int {
	most := 0
	for _, percent := range warnings {
		if at := d.passes(t, percent); !at.IsZero() && !at.After(d.Now) {
			most = percent
		}
	}
	return most
}

// start begins the reaction time at an instant (R2.7).
func (d Desk) start(t *Ticket, since time.Time) {
	t.Life.Since, t.Life.Warned = since, 0
	d.recount(t)
}

// recount works the due time out anew, after the level or state has changed.
// What has not passed by the new count can be warned of again.
func (d Desk) recount(t *Ticket) {
	t.Due = time.Time{}
	if !t.Life.Since.IsZero() && d.reaction(*t) > 0 {
		t.Due = d.passes(*t, 100)
	}
	if t.Due.IsZero() {
		t.Life.Warned = 0
	} else {
		t.Life.Warned = min(t.Life.Warned, d.passed(*t))
	}
}

// stop ends the reaction time: support has reacted, or waits itself.
func stop(t *Ticket) { t.Life.Since, t.Life.Warned, t.Due = time.Time{}, 0, time.Time{} }

// wake is when to look at a ticket next without anybody's doing; zero: never.
func (d Desk) wake(t Ticket) time.Time {
	switch {
	case !t.Due.IsZero():
		for _, percent := range warnings {
			if percent > t.Life.Warned {
				return d.passes(t, percent)
			}
		}
	case t.State == StateWaiting && !t.Life.Reminded:
		return d.Policy.Calendar.Due(t.Life.Quiet, d.Policy.Silence.Remind)
	case t.State == StateWaiting:
		return d.closes(t)
	case t.State == StateSolved:
		return d.Policy.Calendar.Due(t.Life.Ended, d.Policy.Silence.Close)
	}
	return time.Time{}
}

// closes is when a ticket that waits for its customer is closed. It is counted
// from the reminder, once there was one, so that the customer has the time that
// the reminder names even where it came late.
func (d Desk) closes(t Ticket) time.Time {
	if t.Life.Reminded {
		return d.Policy.Calendar.Due(t.Life.Quiet, d.Policy.Silence.Close-d.Policy.Silence.Remind)
	}
	return d.Policy.Calendar.Due(t.Life.Quiet, d.Policy.Silence.Close)
}

// Reopenable tells whether the customer may still take the ticket up again
// (R7.2).
func (d Desk) Reopenable(t Ticket) bool {
	return t.State.Ended() && t.Life.MergedTo == 0 && !d.Now.After(t.Life.Ended.Add(d.Policy.Silence.Reopen))
}
