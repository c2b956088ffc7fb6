package dialog

import (
	"slices"
	"strconv"
	"strings"

	"intakebot/tickets"
)

// line is a text without values.
func line(key string) tickets.Line { return tickets.Line{Key: key} }

// askIdle says what to press, below whatever was said before.
func askIdle(t *turn) tickets.Message {
	buttons := rows(newButton("button.new"))
	if len(t.session.Kept) > 0 {
		buttons = rows(newButton("button.new"), t.button("button.kept", string(More), ""))
	}
	return tickets.Message{Buttons: buttons}
}

// askTopic shows the policy's topics, the critical ones marked (R2.4). Those
// out of scope are one press further, so that the list stays short.
func askTopic(t *turn) tickets.Message {
	var buttons []tickets.Button
	others := t.draft().Others
	for _, topic := range t.env.Policy.Topics {
		if topic.OutOfScope != others {
			continue
		}
		key := "button.topic"
		if topic.Critical {
			key = "button.topic.critical"
		}
		label := tickets.Line{Key: key, Args: tickets.Args{"topic": tickets.Of(topic.Name)}}
		buttons = append(buttons, t.labelled(label, pressPick, topic.ID))
	}
	switch {
	case others:
		buttons = append(buttons, t.button("button.topics", string(More), ""))
	case slices.ContainsFunc(t.env.Policy.Topics, func(topic tickets.Topic) bool { return topic.OutOfScope }):
		buttons = append(buttons, t.button("button.topics.outside", string(More), outside))
	}
	return t.ask(line("ask.topic"), rows(buttons...)...)
}

// askScope explains why the topic is out of scope, and who helps (R1.3, R6.2).
func askScope(t *turn) tickets.Message {
	p := t.env.Policy
	topic, _ := p.Topic(t.draft().Outside)
	level, _ := p.Level(topic.Level)
	m := t.ask(tickets.Line{Key: "ask.scope", Args: tickets.Args{
		"topic": tickets.Of(topic.Name), "why": tickets.Of(topic.Explain), "level": tickets.Of(level.Name)}},
		rows(t.labelled(tickets.Line{Key: "button.insist", Args: tickets.Args{"level": tickets.Of(level.Name)}}, pressDone, ""))...)
	if p.Partners.URL != "" {
		m.Text = append(m.Text, line("ask.scope.partners"), tickets.Line{Key: "link", Args: tickets.Args{
			"title": tickets.Of(p.Partners.Title), "url": tickets.Text(p.Partners.URL)}})
	}
	return m
}

// askName offers what is known from an earlier ticket, or the messenger's name.
func askName(t *turn) tickets.Message {
	var buttons []tickets.Button
	if k := t.session.Known; k != nil && !t.draft().Editing {
		label := tickets.Line{Key: "button.known", Args: tickets.Args{
			"name": tickets.Text(k.Name), "email": tickets.Text(k.Email)}}
		buttons = append(buttons, t.labelled(label, string(Known), ""))
	}
	if name, err := tickets.Name(t.in.From.Name); err == nil {
		label := tickets.Line{Key: "button.name", Args: tickets.Args{"name": tickets.Text(name)}}
		buttons = append(buttons, t.labelled(label, pressPick, ""))
	}
	return t.ask(line("ask.name"), rows(buttons...)...)
}

func askEmail(t *turn) tickets.Message { return t.ask(line("ask.email")) }

func askLogin(t *turn) tickets.Message { return t.ask(line("ask.login")) }

// askPhone shows a keyboard, because only a keyboard can share the contact.
func askPhone(t *turn) tickets.Message {
	return tickets.Message{
		Text: append(t.progress(), line("ask.phone")),
		Keyboard: &tickets.Keyboard{Rows: [][]tickets.KeyboardKey{
			{{Label: line("key.share"), ShareContact: true}},
			{{Label: line("key.skip")}},
			{{Label: line("key.back")}, {Label: line("key.cancel")}},
		}},
	}
}

// askSite offers the sites of earlier tickets.
func askSite(t *turn) tickets.Message {
	var buttons []tickets.Button
	for i, site := range t.session.Sites {
		label := tickets.Line{Key: "button.site", Args: tickets.Args{"site": tickets.Text(tickets.SiteShown(site))}}
		buttons = append(buttons, t.labelled(label, pressPick, strconv.Itoa(i)))
	}
	return t.ask(line("ask.site"), rows(buttons...)...)
}

// askProblem shows what was written so far, if anything.
func askProblem(t *turn) tickets.Message {
	text := t.draft().description()
	if text == "" {
		return t.ask(tickets.Line{Key: "ask.problem", Args: tickets.Args{"n": tickets.Count(t.limits().DescriptionMin)}})
	}
	return t.ask(tickets.Line{Key: "ask.problem.more", Args: tickets.Args{"text": tickets.Text(excerpt(text))}},
		[]tickets.Button{t.button("button.done", pressDone, ""), t.button("button.clear.text", pressClear, "")})
}

// askSeveral shows the problems found in the description (R3.4).
func askSeveral(t *turn) tickets.Message {
	parts := t.draft().Parts
	m := t.ask(tickets.Line{Key: "ask.several", Args: tickets.Args{"n": tickets.Count(len(parts))}},
		rows(t.button("button.split", pressDone, ""), t.button("button.one", pressNone, ""))...)
	for i, p := range parts {
		m.Text = append(m.Text, tickets.Line{Key: "part", Args: tickets.Args{
			"number": tickets.Count(i + 1), "text": tickets.Text(excerpt(p))}})
	}
	m.Text = append(m.Text, line("ask.several.why"))
	return m
}

func askError(t *turn) tickets.Message { return t.askText("ask.error", "button.no_error") }

func askSteps(t *turn) tickets.Message { return t.askText("ask.steps", "button.no_steps") }

func askChanges(t *turn) tickets.Message { return t.askText("ask.changes", "button.no_changes") }

func (t *turn) askText(key, none string) tickets.Message {
	return t.ask(line(key), rows(t.button(none, pressNone, ""))...)
}

// askShots says how many screenshots there are.
func askShots(t *turn) tickets.Message {
	n := len(t.draft().Report.Files)
	args := tickets.Args{"n": tickets.Count(n), "max": tickets.Count(t.limits().Files)}
	if n == 0 {
		return t.ask(tickets.Line{Key: "ask.shots", Args: args}, rows(t.button("button.no_shots", pressNone, ""))...)
	}
	key := "ask.shots.more"
	if n >= t.limits().Files {
		key = "ask.shots.full"
	}
	return t.ask(tickets.Line{Key: key, Args: args},
		[]tickets.Button{t.button("button.done", pressDone, ""), t.button("button.clear.shots", pressClear, "")})
}

// askReview shows the ticket as the agents will see it.
func askReview(t *turn) tickets.Message {
	m := t.ask(line("ask.review"), rows(t.button("button.submit", string(Submit), ""), t.button("button.edit", string(Edit), ""))...)
	m.Text = append(m.Text, tickets.Line{})
	m.Text = append(m.Text, t.filing().Fields(t.env.Policy)...)
	return m
}

// fields can be changed one by one from the review, two in a row.
var fields = []struct {
	State State
	Event Event
}{
	{Topic, EditTopic}, {Name, EditName}, {Email, EditEmail}, {Login, EditLogin}, {Phone, EditPhone}, {Site, EditSite},
	{Problem, EditProblem}, {Error, EditError}, {Steps, EditSteps}, {Shots, EditShots}, {Changes, EditChanges},
}

func askChoose(t *turn) tickets.Message {
	var table [][]tickets.Button
	for i, f := range fields {
		b := t.button("field."+string(f.State), string(f.Event), "")
		if i%2 == 0 {
			table = append(table, nil)
		}
		table[len(table)-1] = append(table[len(table)-1], b)
	}
	return t.ask(line("ask.choose"), table...)
}

func askLeave(t *turn) tickets.Message {
	return t.confirm("ask.leave", "button.drop", "button.continue")
}

func askAgain(t *turn) tickets.Message {
	return t.confirm("ask.again", "button.drop_new", "button.continue")
}

// confirm asks whether the draft is to be dropped. No row with Back and
// Cancel: they would say the same as the two answers.
func (t *turn) confirm(key, yes, no string) tickets.Message {
	return tickets.Message{
		Text:    []tickets.Line{line(key)},
		Buttons: rows(t.button(no, string(No), ""), t.button(yes, string(Yes), "")),
	}
}

// askOffer shows a problem that was kept.
func askOffer(t *turn) tickets.Message {
	kept := t.session.Kept
	if len(kept) == 0 {
		return askIdle(t)
	}
	return tickets.Message{
		Text: []tickets.Line{{Key: "ask.offer", Args: tickets.Args{"n": tickets.Count(len(kept)), "text": tickets.Text(excerpt(kept[0]))}}},
		Buttons: rows(t.button("button.file_kept", string(Yes), ""), t.button("button.later", string(No), ""),
			t.button("button.forget", pressClear, "")),
	}
}

// excerptLength is how many characters of the customer's own words a question
// repeats: enough to know them again.
const excerptLength = 300

func excerpt(s string) string {
	runes := []rune(s)
	if len(runes) <= excerptLength {
		return s
	}
	return strings.TrimSpace(string(runes[:excerptLength])) + "…"
}
