package tickets

import (
	"slices"
	"time"
)

// Lines of a history and spans of a reasoning that fit into one message.
const (
	mostEvents = 40
	mostSpans  = 20
)

// told are the kinds of events that a customer is shown; the rest is the
// desk's own.
var told = []string{"filed", "state", "level", "answered", "added", "rated", "split", "merged"}

// History shows a customer one of their tickets, and what became of it.
func (d Desk) History(t Ticket, events []Event) Message {
	m := Message{Text: []Line{
		{"history.head", Args{"sign": Key("sign." + string(t.State)), "status": Key("yours." + string(t.State))}},
		{"field.show.site", Args{"site": Text(SiteShown(t.Report.Site)), "url": Text(t.Report.Site)}},
		{"field.show.level", Args{"level": Of(d.levelOf(t).Name)}},
	}}
	m.Text = append(m.Text, clockLines(t)...)
	m.Text = append(m.Text, Line{"field.show.problem", Args{"text": Text(cutRunes(t.Report.Problem, 1000))}}, Line{})
	events = slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return !slices.Contains(told, e.Kind) })
	for _, e := range newest(events, mostEvents) {
		m.Text = append(m.Text, Line{"history.line", Args{"at": Time(e.At), "what": e.what("history.", "yours.")}})
	}
	if d.Reopenable(t) {
		m.Buttons = [][]Button{{reopenButton(t)}}
	}
	return m
}

// Transcript shows agents the whole audit trail of a ticket.
func (d Desk) Transcript(t Ticket, events []Event) Message {
	m := Say("transcript.head", nil)
	if len(events) > mostEvents {
		m.Text = append(m.Text, Line{"transcript.cut", Args{"n": Count(len(events) - mostEvents)}})
	}
	for _, e := range newest(events, mostEvents) {
		m.Text = append(m.Text, d.recorded(e))
		if why := e.Data["why"]; why != "" {
			m.Text = append(m.Text, Line{"transcript.words", Args{"text": Text(why)}})
		}
	}
	return m
}

// recorded is an event's line, with who and why.
func (d Desk) recorded(e Event) Line {
	args := Args{"at": Time(e.At), "what": e.what("transcript.", "status."), "who": Text(e.Actor.Name)}
	if e.Actor.Kind == "bot" {
		args["who"] = Key("transcript.bot")
	}
	reason, ok := d.Policy.Reason(e.Data["reason"])
	switch level, found := d.Policy.Level(e.Data["to"]); {
	case ok:
		args["detail"] = Of(reason.Name)
	case e.Kind == "level" && found:
		args["detail"] = Of(level.Name)
	case e.Kind == "state" || e.Kind == "filed":
		return Line{"transcript.line", args}
	case e.Kind == "critical":
		args["what"] = Key("transcript.critical." + e.Data["to"])
		return Line{"transcript.line", args}
	case e.Data["to"] != "":
		args["detail"] = Text(e.Data["to"])
	case e.Data["percent"] != "":
		args["detail"] = Text(e.Data["percent"] + " %")
	default:
		return Line{"transcript.line", args}
	}
	return Line{"transcript.line.detail", args}
}

// what names an event in words: those for a state, and those for other events.
func (e Event) what(prefix, states string) Arg {
	if e.Kind == "state" {
		return Key(states + e.Data["to"])
	}
	return Key(prefix + e.Kind)
}

func newest(events []Event, most int) []Event { return events[max(0, len(events)-most):] }

// Why shows the working time that was counted for the reaction that a customer
// waits for, span by span.
func (d Desk) Why(t Ticket) Message {
	level := d.levelOf(t)
	switch {
	case t.Life.Since.IsZero():
		return Say("why.none", nil)
	case t.Due.IsZero():
		return Say("why.unregulated", Args{"level": Of(level.Name)})
	}
	calendar := d.Policy.CalendarOf(level)
	m := Message{Text: []Line{
		{"why.since", lasting(Args{"since": Time(t.Life.Since), "level": Of(level.Name)}, level.Reaction)}, {},
	}}
	spans := calendar.Spans(t.Life.Since, d.Now)
	if len(spans) == 0 {
		m.Text = append(m.Text, Line{Key: "why.closed"})
	}
	if more := len(spans) - mostSpans; more > 0 {
		m.Text = append(m.Text, Line{"why.earlier", lasting(Args{"n": Count(more)}, calendar.Worked(t.Life.Since, spans[more-1].End))})
		spans = spans[more:]
	}
	for _, s := range spans {
		m.Text = append(m.Text, Line{"why.span", lasting(Args{"from": Time(s.Start), "to": Time(s.End)}, s.End.Sub(s.Start))})
	}
	m.Text = append(m.Text, Line{}, Line{"why.sum", lasting(Args{}, calendar.Worked(t.Life.Since, d.Now))})
	key, left := "why.left", calendar.Worked(d.Now, t.Due)
	if left < 0 {
		key, left = "why.over", -left
	}
	m.Text = append(m.Text, Line{key, lasting(Args{"due": Time(t.Due)}, left)})
	return m
}

// lasting adds a duration to a text's values: whole hours and minutes.
func lasting(args Args, d time.Duration) Args {
	minutes := int64(d / time.Minute)
	args["h"], args["m"] = Count(minutes/60), Count(minutes%60)
	return args
}
