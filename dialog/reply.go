package dialog

import (
	"time"

	"intakebot/tickets"
)

// gatherPause is how long an answer waits for the rest of an album, whose
// pictures come as separate updates, so that it is said once.
const gatherPause = 700 * time.Millisecond

// reply makes the change: the session, and what is said.
func (t *turn) reply() (Reply, error) {
	said, wake := t.said(), t.customer.Wake
	if err := save(&t.customer, t.session, t.limits()); err != nil {
		return Reply{}, err
	}
	// Most steps only put the time off. The earlier one stays, and finds nothing to
	// do yet: that is cheaper than to move it with every step.
	if wake.After(t.env.Now) && wake.Before(t.customer.Wake) {
		t.customer.Wake = wake
	}
	c := tickets.Change{Customer: &t.customer, At: t.env.Now, Notices: said}
	if t.in.Update != (tickets.Update{}) {
		u := t.in.Update
		c.Update = &u
	}
	if t.receipt != nil {
		t.receipt.Into(t.env.Policy, &c)
	}
	return Reply{Change: c, Toast: t.toast, Alert: t.alert}, nil
}

// said puts the turn's messages into notices: what stands alone, then notes
// and question in one message, then the pressed message without its buttons.
func (t *turn) said() []tickets.Notice {
	var out []tickets.Notice
	say := func(m tickets.Message, at tickets.Extra) {
		if len(m.Text) > 0 {
			n := t.notice(m)
			n.Extra = at
			out = append(out, n)
		}
	}
	m, first := t.question(), t.firstAt()
	if t.session.Keyboard && t.row.State != Phone {
		t.session.Keyboard = false
		switch bare := len(t.notes) == 0 && len(m.Text) > 0 && len(m.Buttons) > 0 && t.homeAt() == t.questionAt(); {
		case t.first == nil && bare: // one notice: its first line goes ahead of the question
			m.Text, m.Keyboard = append(t.removal(), m.Text...), &tickets.Keyboard{}
		case t.first == nil:
			t.first, first = &tickets.Message{Text: t.removal(), Keyboard: &tickets.Keyboard{}}, t.homeAt()
		default:
			t.first.Keyboard = &tickets.Keyboard{}
		}
	}
	if t.first != nil {
		say(*t.first, first)
	}
	if t.receipt != nil && t.env.Threads {
		say(tickets.Say("thread.made", nil), tickets.Extra{Thread: t.session.Thread, Threaded: true})
	}
	if len(t.notes) > 0 && len(m.Text) > 0 {
		t.notes = append(t.notes, tickets.Line{}) // set apart from the question
	}
	m.Text = append(t.notes, m.Text...)
	say(m, t.questionAt())
	say(t.elsewhere(), tickets.Extra{Thread: t.in.Thread})
	if t.in.Kind == Pressed && t.in.PressedOn != 0 && (t.moved || t.askedAnew() || t.stale()) {
		out = append(out, t.bare())
	}
	return out
}

// homeAt is where the conversation is held.
func (t *turn) homeAt() tickets.Extra { return tickets.Extra{Thread: t.session.Thread} }

// questionAt is where a question is asked, or notes without one are said.
func (t *turn) questionAt() tickets.Extra {
	if t.moved || t.repeat {
		return t.homeAt()
	}
	return tickets.Extra{Thread: t.in.Thread}
}

// firstAt is where a message of its own is said: a receipt in the thread of its
// ticket, anything else where the customer is.
func (t *turn) firstAt() tickets.Extra {
	if t.receipt == nil {
		return tickets.Extra{Thread: t.in.Thread}
	}
	return tickets.Extra{Thread: tickets.InThread}
}

// elsewhere tells a customer who is in the thread of a ticket that the question
// is asked outside of it: on top of the chat where a button was pressed, else in
// a message, as is returned.
func (t *turn) elsewhere() tickets.Message {
	switch line := (tickets.Line{Key: "thread.elsewhere"}); {
	case !t.in.Aside || !t.moved && !t.repeat:
	case t.in.Kind == Pressed && t.toast == nil:
		t.toast, t.alert = &line, true
	default:
		return tickets.Message{Text: []tickets.Line{line}}
	}
	return tickets.Message{}
}

// removal is said when the keyboard is taken away: Telegram does so with a
// message only.
func (t *turn) removal() []tickets.Line {
	lines := t.notes
	t.notes = nil
	if len(lines) == 0 {
		lines = []tickets.Line{{Key: "noted"}}
		if t.in.Kind != Typed && t.in.Kind != Shared { // back, skipped, cancelled: nothing was
			lines[0].Key = "all_right"
		}
	}
	return lines
}

// question is what is asked now: whole after a move, its buttons alone below
// a note, nothing where nothing is to be said.
func (t *turn) question() tickets.Message {
	switch {
	case t.moved || t.repeat:
		m := t.row.Asks(t)
		t.session.Keyboard = t.session.Keyboard || m.Keyboard != nil
		return m
	case len(t.notes) > 0:
		m := t.row.Asks(t)
		return tickets.Message{Buttons: m.Buttons, Keyboard: m.Keyboard}
	default:
		return tickets.Message{}
	}
}

// notice addresses a message to the customer.
func (t *turn) notice(m tickets.Message) tickets.Notice {
	n := tickets.Notice{
		To: tickets.Address{Chat: t.customer.ID}, Kind: tickets.NoticeSend, Lang: t.customer.Lang,
		Message: m, Merge: t.merge, Once: t.once,
	}
	if t.once {
		n.Priority = tickets.PriorityReminder
	}
	if t.moved {
		n.Drops = mergeFiles // the customer has gone on, so the count is old news
	}
	if t.after {
		n.After = t.env.Now.Add(gatherPause)
	}
	if t.receipt != nil {
		n.About = tickets.Filed
	}
	return n
}

// bare takes the buttons off the message that was pressed: they are of no use
// any more. It is a courtesy, so it goes last.
func (t *turn) bare() tickets.Notice {
	return tickets.Notice{
		To: tickets.Address{Chat: t.customer.ID}, Kind: tickets.NoticeEdit, Priority: tickets.PriorityReminder,
		Lang: t.customer.Lang, Target: t.in.PressedOn, Once: true,
	}
}

// askedAnew tells whether a press on a question has it asked again below. A
// button that never ages stays.
func (t *turn) askedAnew() bool { return t.repeat && t.in.Press.Revision != 0 }

// stale tells whether the press belongs to an earlier question.
func (t *turn) stale() bool {
	return t.in.Press.Revision != 0 && t.in.Press.Revision < t.session.Revision
}
