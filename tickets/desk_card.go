package tickets

import "slices"

// status is a ticket's state in words.
func status(t Ticket) Arg { return Key("status." + string(t.State)) }

// sign is the mark of a ticket's state in lists and topic names.
func (d Desk) sign(t Ticket) string {
	switch {
	case t.Critical && !t.State.Ended():
		return "sign.critical." + string(t.State)
	case t.State == StateClosed:
		return "sign.solved" // so that closing does not rename the topic
	}
	return "sign." + string(t.State)
}

// Title is the name of a ticket's topic: sign, number, site and a few words.
func (d Desk) Title(t Ticket) Line {
	return Line{"card.topic", Args{
		"sign": Key(d.sign(t)), "site": Text(SiteShown(t.Report.Site)), "problem": Text(cutRunes(t.Report.Problem, 100)),
	}}
}

// ThreadName is the name of the customer's thread of a ticket: number, site and a
// few words. It does not tell how the ticket stands, as nobody brings it up to
// date.
func (t Ticket) ThreadName() Line {
	return Line{"thread.name", Args{
		"site": Text(SiteShown(t.Report.Site)), "problem": Text(cutRunes(t.Report.Problem, 60)),
	}}
}

// Card shows a ticket to the agents: how it stands, every field (R3.5), and
// buttons for what can be done.
func (d Desk) Card(t Ticket) Message {
	m := Message{Text: []Line{
		{"card.title", Args{"sign": Key(d.sign(t)), "status": status(t)}},
	}}
	if dueOnCard(t) {
		m.Text = append(m.Text, dueLine(t)...)
	}
	m.Text = append(m.Text, d.standing(t)...)
	m.Text = append(append(m.Text, Line{}), fields(d.Policy, t)...)
	m.Text = append(m.Text, Line{"card.account", Args{
		"account": Text(t.Report.Contact.Account), "lang": Key("language." + string(t.Lang)),
	}})
	m.Buttons = d.Buttons(t)
	return m
}

// standing tells how a ticket stands, as far as there is something to tell.
func (d Desk) standing(t Ticket) []Line {
	var lines []Line
	add := func(key string, args Args) { lines = append(lines, Line{key, args}) }
	if t.Critical {
		add("card.critical", nil)
	}
	if t.Life.AgentName != "" {
		add("card.agent", Args{"name": Text(t.Life.AgentName)})
	}
	if r, ok := d.Policy.Reason(t.Life.Reason); ok {
		add("card.reason", Args{"reason": Of(r.Name)})
	}
	if t.Life.SplitFrom != 0 {
		add("card.split", Args{"other": Text(Number(t.Life.SplitFrom))})
	}
	if t.Life.MergedTo != 0 {
		add("card.merged", Args{"other": Text(Number(t.Life.MergedTo))})
	}
	if t.Life.Rating != 0 {
		add("card.rating", Args{"n": Count(t.Life.Rating)})
	}
	if t.Life.Comment != "" {
		add("card.comment", Args{"text": Text(t.Life.Comment)})
	}
	return lines
}

// dueOnCard tells whether the card keeps showing the due time. Once an agent has
// reacted it comes and goes with every message, and each edit is one of the
// group's 20 a minute (P3): then the customer's message says it, where it is read
// anyway, and the board.
func dueOnCard(t Ticket) bool { return t.State == StateNew || t.State == StateReopened }

// dueLine says until when to react; nothing where nobody waits.
func dueLine(t Ticket) []Line {
	if t.Due.IsZero() {
		return nil
	}
	return []Line{{"card.due", Args{"due": Time(t.Due)}}}
}

// Buttons are what can be done in the ticket's present state, two in a row.
func (d Desk) Buttons(t Ticket) [][]Button {
	buttons := d.buttonsAt(t, OnCard)
	buttons = append(buttons, Button{Label: Line{Key: "button.t.more"}, Data: TicketPress("t.ticket", t.ID, "more")})
	return inRows(buttons)
}

// moreButtons take the place of Buttons once "more" was pressed.
func (d Desk) moreButtons(t Ticket, banned bool) [][]Button {
	besides := "unban"
	if banned {
		besides = "ban"
	}
	buttons := d.buttonsAt(t, UnderMore)
	buttons = slices.DeleteFunc(buttons, func(b Button) bool { return b.Label.Key == "action."+besides })
	buttons = append(buttons, Button{Label: Line{Key: "button.t.back"}, Data: TicketPress("t.ticket", t.ID, "")})
	return inRows(buttons)
}

func (d Desk) buttonsAt(t Ticket, place ButtonPlace) []Button {
	var out []Button
	for _, a := range Actions {
		if a.Button != place || !a.OfferedIn(t.State) || (a.Wants == WantsCanned && len(d.Policy.Canned) == 0) {
			continue
		}
		label, value := "action."+a.Name, ""
		if a.Name == "priority" { // it does what it says, however often it is pressed
			value = "on"
			if t.Critical {
				label, value = label+".off", "off"
			}
		}
		out = append(out, Button{Label: Line{Key: label}, Data: TicketPress("t."+a.Name, t.ID, value)})
	}
	return out
}

func inRows(buttons []Button) [][]Button { return slices.Collect(slices.Chunk(buttons, 2)) }
