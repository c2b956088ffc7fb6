package dialog

import "intakebot/tickets"

// turn is one step of a conversation while it is worked out.
type turn struct {
	script   Script
	commands []Command
	row      Row
	customer tickets.Customer
	session  Session
	in       Input
	env      Env

	moved   bool           // there is a new question
	repeat  bool           // the present question is asked again
	notes   []tickets.Line // said before the question
	merge   string         // see tickets.Notice
	after   bool           // more of the same kind is likely to follow at once
	once    bool
	first   *tickets.Message // said on its own, before all else, where the customer wrote
	receipt *tickets.Filing
	toast   *tickets.Line
	alert   bool
}

// note says something before the question.
func (t *turn) note(key string, args tickets.Args) {
	t.notes = append(t.notes, tickets.Line{Key: key, Args: args})
}

// refuse says why an answer cannot be taken, and what to do (P5). The draft
// stays as it is, and so do the question's buttons.
func (t *turn) refuse(key string, args tickets.Args) Event {
	t.note(key, args)
	return Stay
}

// unexpected refuses what was typed where a button is to be pressed.
func (t *turn) unexpected() Event {
	t.repeat = true
	return t.refuse("refuse.button", nil)
}

// toasted answers a press with a short notice, and does nothing.
func (t *turn) toasted(key string) Event {
	t.toast = &tickets.Line{Key: key}
	return Stay
}

// button makes a button of the present question.
func (t *turn) button(key, event, value string) tickets.Button {
	return t.labelled(tickets.Line{Key: key}, event, value)
}

// labelled makes a button of the present question with any label.
func (t *turn) labelled(label tickets.Line, event, value string) tickets.Button {
	return tickets.Button{
		Label: label,
		Data:  tickets.Press{Revision: t.session.Revision, Event: event, Value: value}.Encode(),
	}
}

// ask makes a question: where one is, the text, rows of buttons, and last the
// row with Back and Cancel.
func (t *turn) ask(line tickets.Line, rows ...[]tickets.Button) tickets.Message {
	m := tickets.Message{Text: append(t.progress(), line)}
	for _, r := range rows {
		if len(r) > 0 {
			m.Buttons = append(m.Buttons, r)
		}
	}
	if nav := t.nav(); len(nav) > 0 {
		m.Buttons = append(m.Buttons, nav)
	}
	return m
}

// progress says which step this is; nothing while one field is being changed.
func (t *turn) progress() []tickets.Line {
	if t.row.Step == 0 || t.session.Draft == nil || t.session.Draft.Editing {
		return nil
	}
	return []tickets.Line{{Key: "step", Args: tickets.Args{
		"step": tickets.Count(t.row.Step), "steps": tickets.Count(t.script.Steps()),
	}}}
}

// nav is the row with Back and Cancel, as far as the state has them.
func (t *turn) nav() []tickets.Button {
	var row []tickets.Button
	if _, ok := t.row.On[Back]; ok {
		row = append(row, t.button("button.back", string(Back), ""))
	}
	if _, ok := t.row.On[Cancel]; ok {
		row = append(row, t.button("button.cancel", string(Cancel), ""))
	}
	return row
}

// rows puts buttons one below the other.
func rows(buttons ...tickets.Button) [][]tickets.Button {
	out := make([][]tickets.Button, len(buttons))
	for i, b := range buttons {
		out[i] = []tickets.Button{b}
	}
	return out
}

// newButton begins a ticket at any time, however old its message.
func newButton(key string) tickets.Button {
	return tickets.Button{Label: tickets.Line{Key: key}, Data: tickets.Press{Event: string(New)}.Encode()}
}

// limits of the policy.
func (t *turn) limits() tickets.Limits { return t.env.Policy.Limits }
