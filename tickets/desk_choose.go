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
		m.Buttons = u.moreButtons(u.t)
		u.card(m)
	default:
		u.card(m)
	}
	return nil
}

// choose asks for the value of an action by buttons: under the card for a
// button, below the command else.
func (u *deskTurn) choose(a Act, key string) error {
	if a.Value != "" {
		return refusal(key+".unknown", Args{"name": Text(a.Value), "known": Text(strings.Join(u.known(a.Name), ", "))})
	}
	rows := u.choices(a.Name)
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

// choices has a button for each value of an action.
func (u *deskTurn) choices(action string) [][]Button {
	var rows [][]Button
	for _, id := range u.known(action) {
		label := Line{"plain", Args{"text": Text(id)}}
		if r, ok := u.Policy.Reason(id); ok && (action == "putoff" || action == "decline") {
			label.Args["text"] = Of(r.Name)
		} else if l, ok := u.Policy.Level(id); ok && action == "level" {
			label.Args["text"] = Of(l.Name)
		}
		rows = append(rows, []Button{{Label: label, Data: TicketPress("t."+action, u.t.ID, id)}})
	}
	return rows
}
