package tickets

import (
	"maps"
	"slices"
	"strings"
)

// show brings the ticket's card: in its place for a button, with more buttons
// where the value is "more"; below the command else.
func (u *deskTurn) show(a Act) error {
	m := u.Card(u.t)
	switch {
	case a.Reply != 0:
		if !dueOnCard(u.t) { // it is a look at the ticket as it is now
			m.Text = slices.Insert(m.Text, 1, dueLine(u.t)...)
		}
		u.into(NoticeSend, m).Target = a.Reply
	case a.Value == "more":
		m.Buttons = u.moreButtons(u.t, a.Banned)
		u.card(m)
	default:
		u.card(m)
	}
	return nil
}

// choose asks for the value of an action by buttons: under the card for a
// button, below the command else.
func (u *deskTurn) choose(a Act, key string) error {
	if row, _ := FindAction(a.Name); !row.OfferedIn(u.t.State) {
		return refusal("desk.not_now", Args{"status": status(u.t)})
	}
	if a.Value != "" {
		return refusal(key+".unknown", Args{"name": Text(a.Value), "known": Text(strings.Join(u.known(a.Name), ", "))})
	}
	rows := u.choices(a)
	if a.Reply != 0 {
		u.into(NoticeSend, Message{Text: []Line{{Key: key}}, Buttons: rows}).Target = a.Reply
		return nil
	}
	m := u.Card(u.t)
	m.Buttons = append(rows, []Button{{Label: Line{Key: "button.t.back"}, Data: TicketPress("t.ticket", u.t.ID, "")}})
	u.card(m)
	return nil
}

// known lists the values of an action, as they are typed.
func (u *deskTurn) known(action string) []string {
	var ids []string
	switch row, _ := FindAction(action); row.Wants {
	case WantsReason:
		for _, r := range u.Policy.Reasons {
			ids = append(ids, r.ID)
		}
	case WantsLevel:
		for _, l := range u.Policy.Levels {
			ids = append(ids, l.ID)
		}
	case WantsCanned:
		ids = slices.Sorted(maps.Keys(u.Policy.Canned))
	}
	return ids
}

// Label is how a button tells a ticket from the others of its customer: number, site
// and the beginning of the problem.
func (t Ticket) Label() Args {
	return Args{
		"number": Text(Number(t.ID)), "site": Text(SiteShown(t.Report.Site)), "problem": Text(cutRunes(oneLine(t.Report.Problem), labelRunes)),
	}
}

// choices has a button for each value of an action.
func (u *deskTurn) choices(a Act) [][]Button {
	var rows [][]Button
	add := func(value string, label Line) {
		rows = append(rows, []Button{{Label: label, Data: TicketPress("t."+a.Name, u.t.ID, value)}})
	}
	for _, t := range u.mergeable(a.Others) {
		add(Number(t.ID), Line{"button.t.merge", t.Label()})
	}
	for _, id := range u.known(a.Name) {
		var text Arg
		switch a.Name {
		case "level":
			l, _ := u.Policy.Level(id)
			text = Of(l.Name)
		case "r":
			text = Text(id + " · " + cutRunes(u.Policy.Canned[id].In(u.Policy.Agents.Lang), labelRunes))
		default:
			r, _ := u.Policy.Reason(id)
			text = Of(r.Name)
		}
		add(id, Line{"plain", Args{"text": text}})
	}
	return rows
}

// A button has room for few words, and a card for few buttons.
const (
	labelRunes = 40
	mostChoice = 10
)

// mergeable are the newest of a customer's tickets that the ticket can be merged
// into.
func (u *deskTurn) mergeable(others []Ticket) []Ticket {
	list := slices.DeleteFunc(slices.Clone(others), func(t Ticket) bool { return t.ID == u.t.ID || t.State.Ended() })
	return list[:min(len(list), mostChoice)]
}
