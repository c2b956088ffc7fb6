package dialog

import (
	"slices"

	"intakebot/tickets"
)

// What the buttons of the intake do, apart from the Script's events.
const (
	pressPick     = "pick" // a choice of the question, by its value
	pressDone     = "done" // the answer is complete
	pressNone     = "none" // there is nothing to answer
	pressClear    = "clear"
	pressLanguage = "lang" // never ages
)

// press does what a button says, if the question it belongs to is still open.
func (t *turn) press() Event {
	p := t.in.Press
	if p.Revision == 0 {
		return t.agelessPress(p)
	}
	if p.Revision != t.session.Revision {
		return t.toasted("toast.old")
	}
	e := Event(p.Event)
	if _, ok := t.row.On[e]; ok && (e == Back || e == Cancel) {
		return e
	}
	return t.row.Takes(t)
}

// agelessPress takes buttons that are good at any time.
func (t *turn) agelessPress(p tickets.Press) Event {
	switch {
	case p.Event == string(New):
		return t.commandNew()
	case p.Event == pressLanguage && slices.Contains(tickets.Langs, tickets.Lang(p.Value)):
		t.customer.Lang = tickets.Lang(p.Value)
		t.note("language.set", nil)
		t.repeat = t.session.Draft != nil || t.row.State == Offer
		return Stay
	default:
		return t.toasted("toast.old")
	}
}

// cleared asks anew after what was given is removed. The question is a new one: a
// second press of the old button must not remove what came since.
func (t *turn) cleared() Event {
	t.session.Revision++
	t.repeat = true
	return t.refuse("noted.cleared", nil)
}

// pressed tells whether the input is a certain button of the question.
func (t *turn) pressed(event string) bool {
	return t.in.Kind == Pressed && t.in.Press.Event == event
}

// keys of the Keyboard, by their labels' text keys.
var keys = map[string]Event{"key.skip": Next, "key.back": Back, "key.cancel": Cancel}

// key takes a press on the keyboard. Where the keyboard does not belong, its
// label is just a text.
func (t *turn) key() Event {
	e, ok := keys[t.in.Key]
	if !ok || t.row.State != Phone {
		t.in.Kind = Typed
		return t.row.Takes(t)
	}
	if e == Next {
		t.draft().Report.Contact.Phone = ""
		t.forget(Phone)
	}
	return e
}
