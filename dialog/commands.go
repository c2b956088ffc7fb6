package dialog

import (
	"intakebot/tickets"
)

// Command is one that customers can give at every step.
type Command struct {
	Name  string            // without slash; its description has the key "command.NAME"
	takes func(*turn) Event // nil: it is about tickets, and done before the dialog is asked
}

// Commands lists them in the order of the menu.
var Commands = []Command{
	{"new", (*turn).commandNew},
	{"tickets", nil},
	{"back", (*turn).commandBack},
	{"cancel", (*turn).commandCancel},
	{"language", (*turn).commandLanguage},
	{"help", (*turn).commandHelp},
	{"start", (*turn).commandStart},
}

// command does what a command says.
func (t *turn) command() Event {
	for _, c := range t.commands {
		if c.Name == t.in.Command && c.takes != nil {
			return c.takes(t)
		}
	}
	t.repeat = t.session.Draft != nil
	return t.refuse("refuse.command", nil)
}

// commandNew begins a draft, or asks what to do with the present one.
func (t *turn) commandNew() Event {
	if t.row.State == Again {
		t.repeat = true
		return Stay
	}
	if t.session.Draft == nil {
		t.begin()
		t.takeStrays()
	}
	return New
}

func (t *turn) commandBack() Event {
	if _, ok := t.row.On[Back]; !ok {
		return t.refuse("refuse.back", nil)
	}
	return Back
}

func (t *turn) commandCancel() Event {
	if t.row.State == Leave {
		t.repeat = true
		return Stay
	}
	if _, ok := t.row.On[Cancel]; !ok {
		return t.refuse("refuse.cancel", nil)
	}
	return Cancel
}

// commandLanguage offers the languages. The buttons never age.
func (t *turn) commandLanguage() Event {
	var row []tickets.Button
	for _, l := range tickets.Langs {
		row = append(row, tickets.Button{
			Label: tickets.Line{Key: "language." + string(l)},
			Data:  tickets.Press{Event: pressLanguage, Value: string(l)}.Encode(),
		})
	}
	t.first = &tickets.Message{Text: []tickets.Line{{Key: "ask.language"}}, Buttons: [][]tickets.Button{row}}
	return Stay
}

// commandHelp says what the bot does and what can be done now.
func (t *turn) commandHelp() Event {
	m := tickets.Message{Text: []tickets.Line{{Key: "help"}}}
	for _, c := range t.commands {
		if c.Name != "start" {
			m.Text = append(m.Text, tickets.Line{Key: "help.command", Args: tickets.Args{
				"command": tickets.Text("/" + c.Name), "about": tickets.Key("command." + c.Name)}})
		}
	}
	m.Text = append(m.Text, tickets.Line{}, tickets.Line{Key: "help.phones"})
	m.Text = append(m.Text, phones(t.env.Policy)...)
	return t.introduce(m)
}

// commandStart welcomes. With a draft, its question is asked again.
func (t *turn) commandStart() Event {
	m := tickets.Message{Text: []tickets.Line{{Key: "welcome", Args: tickets.Args{"name": tickets.Text(t.in.From.Name)}}}}
	if docs := t.env.Policy.Documents; len(docs) > 0 {
		m.Text = append(m.Text, tickets.Line{}, tickets.Line{Key: "welcome.documents"}) // R1.2
		for _, d := range docs {
			m.Text = append(m.Text, tickets.Line{Key: "link", Args: tickets.Args{
				"title": tickets.Of(d.Title), "url": tickets.Text(d.URL)}})
		}
	}
	return t.introduce(m)
}

// introduce says a message, and then the question where there is a draft.
func (t *turn) introduce(m tickets.Message) Event {
	if t.session.Draft == nil && t.row.State == Idle {
		m.Buttons = rows(newButton("button.new"))
	} else {
		t.repeat = !t.in.Aside
	}
	t.first = &m
	return Stay
}

// phones lists the desk's phones (R8.2).
func phones(p *tickets.Policy) []tickets.Line {
	var out []tickets.Line
	for _, ph := range p.Phones {
		out = append(out, tickets.Line{Key: "phone", Args: tickets.Args{
			"number": tickets.Text(ph.Number), "note": tickets.Of(ph.Note)}})
	}
	return out
}
