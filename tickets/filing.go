package tickets

import (
	"strconv"
	"time"
)

// Filing is a report on its way to becoming a ticket.
type Filing struct {
	Draft    string // ID of the draft: it is filed once
	Customer int64
	Lang     Lang   // the customer's
	Topic    string // ID
	Report   Report
	Group    int64 // agents' chat
	At       time.Time
}

// Ticket is what the filing becomes: its level comes from its topic, its
// reaction time from the level (R2.3).
func (f Filing) Ticket(p *Policy) Ticket {
	topic, level := f.assigned(p)
	t := Ticket{
		Draft: f.Draft, Customer: f.Customer, Lang: f.Lang, Topic: f.Topic, Level: level.ID, Critical: topic.Critical,
		State: StateNew, Report: f.Report, Opened: f.At, Place: Place{Group: f.Group},
	}
	d := Desk{Policy: p, Now: f.At}
	d.start(&t, f.At)
	t.Wake = d.wake(t)
	return t
}

// assigned finds topic and level. A topic that the policy has no more gets its
// first level.
func (f Filing) assigned(p *Policy) (Topic, Level) {
	topic, _ := p.Topic(f.Topic)
	level, ok := p.Level(topic.Level)
	if !ok {
		level = p.Levels[0]
	}
	return topic, level
}

// Into adds the filing to a change: the ticket, its audit line, its card for
// the agents. The customer's receipt is the caller's to send.
func (f Filing) Into(p *Policy, c *Change) {
	t := f.Ticket(p)
	c.File = &t
	c.Events = append(c.Events, Event{
		At: f.At, Kind: "filed", Actor: Actor{Kind: "customer", ID: f.Customer, Name: f.Report.Contact.Account},
		Data: map[string]string{"topic": t.Topic, "level": t.Level, "critical": strconv.FormatBool(t.Critical)},
	})
	c.Notices = append(c.Notices, f.card(p, t))
}

// Receipt confirms the ticket with its ID, its level and the time by which
// support will react (R3.6, R3.7); never when it will be solved (R2.5).
func (f Filing) Receipt(p *Policy) Message {
	t := f.Ticket(p)
	_, level := f.assigned(p)
	m := Message{Text: []Line{{Key: "filed"}, {}, {"filed.level", Args{"level": Of(level.Name)}}}}
	if t.Due.IsZero() {
		m.Text = append(m.Text, Line{Key: "filed.no_due"}) // R5.1
	} else {
		m.Text = append(m.Text, Line{"filed.due", Args{"due": Time(t.Due)}})
	}
	if about := level.About.In(f.Lang); about != "" {
		m.Text = append(m.Text, Line{"plain", Args{"text": Text(about)}})
	}
	if !p.Calendar.Open(f.At) {
		m.Text = append(m.Text, Line{"filed.closed", Args{"opens": Time(p.Calendar.NextOpening(f.At))}})
	}
	if t.Critical {
		m.Text = append(m.Text, Line{}, Line{Key: "filed.phones"}) // R3.3
		for _, ph := range p.Phones {
			m.Text = append(m.Text, ph.line())
		}
	}
	return m
}

// line shows a phone.
func (ph Phone) line() Line {
	return Line{"phone", Args{"number": Text(ph.Number), "note": Of(ph.Note)}}
}

// card shows the ticket to the agents, with every screenshot, in a topic of its
// own (R3.5).
func (f Filing) card(p *Policy, t Ticket) Notice {
	d := Desk{Policy: p, Now: f.At}
	t.ID = Filed
	m := d.Card(t)
	m.Files = f.Report.Files
	return Notice{
		To: Address{Chat: t.Place.Group, Ticket: Filed}, About: Filed, Kind: NoticeCard, Priority: PriorityAnswer,
		Lang: p.Agents.Lang, Message: m, Title: d.Title(t),
	}
}

// Fields shows every field of the report to the customer before it is filed.
func (f Filing) Fields(p *Policy) []Line { return fields(p, f.Ticket(p)) }

// fields shows every field of a ticket's report.
func fields(p *Policy, t Ticket) []Line {
	r := t.Report
	topic, _ := p.Topic(t.Topic)
	lines := []Line{
		{"field.show.topic", Args{"topic": Of(topic.Name)}},
		{"field.show.level", Args{"level": Of(Desk{Policy: p}.levelOf(t).Name)}},
		{"field.show.contact", Args{"name": Text(r.Contact.Name), "email": Text(r.Contact.Email), "login": Text(r.Contact.Login)}},
		optional("phone", r.Contact.Phone),
		{"field.show.site", Args{"site": Text(SiteShown(r.Site)), "url": Text(r.Site)}},
		{},
		{"field.show.problem", Args{"text": Text(r.Problem)}},
	}
	for _, f := range [][2]string{{"error", r.Error}, {"steps", r.Steps}, {"changes", r.Changes}} {
		if f[1] != "" || t.Life.SplitFrom == 0 { // of what was split off nobody was asked for these
			lines = append(lines, optional(f[0], f[1]))
		}
	}
	return append(lines, Line{"field.show.shots", Args{"n": Count(len(r.Files))}})
}

// optional shows a field that may be empty: the customer said that there is
// nothing, and that is worth showing.
func optional(field, text string) Line {
	if text == "" {
		return Line{Key: "field.none." + field}
	}
	return Line{"field.show." + field, Args{"text": Text(text)}}
}
