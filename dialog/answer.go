// Package dialog is the intake conversation: one table of states, no I/O.
// Script Intake is the whole of it; Answer moves a customer one step along.
package dialog

import (
	"time"

	"intakebot/tickets"
)

// Answer works out all that follows from what a customer did. It does no I/O
// and changes nothing; committing the reply's change is up to the caller. An
// error means that the stored session cannot be read.
func Answer(c tickets.Customer, in Input, env Env) (Reply, error) {
	t, err := newTurn(Intake, c, in, env)
	if err != nil {
		return Reply{}, err
	}
	if in.Kind == Blocked || in.Kind == Unblocked {
		t.customer.Blocked = in.Kind == Blocked
		return t.reply()
	}
	t.customer.Blocked = false
	t.settle()
	if err := t.fire(t.expire()); err != nil {
		return Reply{}, err
	}
	if err := t.fire(t.take()); err != nil {
		return Reply{}, err
	}
	t.session.Touched, t.session.Reminded = env.Now, false
	if d := t.session.Draft; d != nil {
		d.By = in.From.Name
	}
	return t.reply()
}

// Wake works out what is due for a customer whose time to be looked at has
// come: a reminder, or the end of a draft (Customer.Wake).
func Wake(c tickets.Customer, env Env) (Reply, error) {
	t, err := newTurn(Intake, c, Input{}, env)
	if err != nil {
		return Reply{}, err
	}
	t.once = true
	if err := t.fire(t.expire()); err != nil {
		return Reply{}, err
	}
	s := &t.session
	if s.Draft != nil && !c.Blocked && !s.Reminded && !env.Now.Before(wakeAt(*s, t.limits())) {
		s.Reminded, t.in.From.Name = true, s.Draft.By
		t.note("remind", nil)
		t.repeat = true
	}
	return t.reply()
}

// newTurn loads what a turn starts from. A person seen for the first time
// gets the language of their app.
func newTurn(sc Script, c tickets.Customer, in Input, env Env) (*turn, error) {
	s, err := load(c)
	if err != nil {
		return nil, err
	}
	if c.Lang == "" {
		c.Lang = tickets.LangOf(in.From.Tag)
	}
	t := &turn{script: sc, commands: Commands, customer: c, session: s, in: in, env: env}
	t.row, _ = sc.row(s.State)
	if t.row.State == "" || (s.Draft == nil && t.row.drafting()) {
		t.session.State, t.session.Draft = Idle, nil
		t.row, _ = sc.row(Idle)
	}
	return t, nil
}

// drafting tells whether a row is about a draft.
func (r Row) drafting() bool {
	_, ok := r.On[Expire]
	return ok
}

// expire ends a draft after the policy's longest pause.
func (t *turn) expire() Event {
	s := &t.session
	if s.Draft == nil || t.env.Now.Before(s.Touched.Add(t.env.Policy.Limits.DraftKept)) {
		return Stay
	}
	t.note("draft.expired", nil)
	s.Draft = nil
	return Expire
}

// settle has the conversation held where the customer is. What is said in the
// thread of a ticket leaves it where it was; one that begins there is held
// outside of threads.
func (t *turn) settle() {
	switch s := &t.session; {
	case !t.in.Aside:
		s.Thread = t.in.Thread
	case s.Draft == nil:
		s.Thread = 0
	}
}

// take reads what the customer did, and gives the event that it comes to.
func (t *turn) take() Event {
	switch t.in.Kind {
	case Commanded:
		return t.command()
	case Pressed:
		return t.press()
	case Keyed:
		return t.key()
	case Edited:
		return t.edited()
	case Sent:
		return t.sent()
	case Typed:
		if t.continues() {
			return Stay
		}
		return t.row.Takes(t)
	case Shared:
		return t.row.Takes(t)
	default:
		return t.refuse("refuse.other", nil)
	}
}

// fire follows an event along the table, and asks the question there.
func (t *turn) fire(e Event) error {
	if e == Stay {
		return nil
	}
	s := &t.session
	if e == Back {
		t.restore()
	}
	if _, ok := t.row.On[Done]; ok && s.Draft != nil && s.Draft.Editing && (e == Next || e == Back || e == Known) {
		e = Done
	}
	if _, ok := t.row.On[BackKnown]; ok && e == Back && s.Draft != nil && s.Draft.Quick {
		e = BackKnown
	}
	to, err := follow(t.row.State, e)
	if err != nil {
		return err
	}
	if to == Return {
		to = s.Return
	}
	if (to == Leave || to == Again) && t.row.State != Leave && t.row.State != Again {
		s.Return = t.row.State
	}
	if to == Review && s.Draft != nil {
		s.Draft.Editing = false
	}
	t.enter(to)
	return nil
}

// enter moves to a state. Its question is a new one, so the buttons of all
// earlier ones are outdated from now on.
func (t *turn) enter(to State) {
	t.session.State = to
	t.session.Revision++
	if t.session.Draft != nil {
		t.session.Draft.Refused = 0
	}
	t.row, _ = t.script.row(to)
	t.moved = true
}

// continuationPause is the longest time between two halves of a text that a
// messenger has cut for its length, and continuationSize the shortest size of
// the first half in UTF-16 units: apps cut at 4096, at a space if they can.
const (
	continuationPause = 3 * time.Second
	continuationSize  = 3500
)
