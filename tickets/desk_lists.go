package tickets

import (
	"cmp"
	"slices"
	"strconv"
)

// Listed is how many tickets a list shows: with their links they still fit into
// one message.
const Listed = 25

// Urgency orders tickets, the most urgent first: critical ones (R2.4), then by due
// time, then by arrival (R2.3).
func Urgency(a, b Ticket) int {
	if a.Critical != b.Critical {
		if a.Critical {
			return -1
		}
		return 1
	}
	if a.Due.IsZero() != b.Due.IsZero() {
		if b.Due.IsZero() {
			return -1
		}
		return 1
	}
	return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
}

// List shows the first of so many tickets to agents below a heading, a text with
// plurals of n: for the board, /queue, /mine and /find these are "board.head",
// "list.queue", "list.mine" and "list.find".
func (d Desk) List(heading string, list []Ticket, all int) Message {
	m := Say(heading, Args{"n": Count(all)})
	list = list[:min(len(list), Listed)]
	for _, t := range list {
		m.Text = append(m.Text, d.listed(t)...)
	}
	if more := all - len(list); more > 0 {
		m.Text = append(m.Text, Line{"list.more", Args{"n": Count(more)}})
	}
	return m
}

// listed is a ticket in a list for agents: what it is, and how it stands.
func (d Desk) listed(t Ticket) []Line {
	first := Line{"list.ticket", Args{
		"sign": Key(d.sign(t)), "number": Text(Number(t.ID)), "site": Text(SiteShown(t.Report.Site)),
		"problem": Text(cutRunes(oneLine(t.Report.Problem), 40)), // a ticket has two lines
	}}
	if link := t.Place.link(); link != "" {
		first.Key = "list.ticket.link"
		first.Args["url"] = Text(link)
	}
	second := Line{"list.standing", Args{"status": status(t), "name": Key("list.nobody")}}
	if t.Life.AgentName != "" {
		second.Args["name"] = Text(t.Life.AgentName)
	}
	if !t.Due.IsZero() {
		second.Key = "list.standing.due"
		second.Args["due"] = Time(t.Due)
	}
	return []Line{first, second}
}

// Supergroups is the ID from which on downwards chats are supergroups and
// channels; the plain groups' are above.
const Supergroups = -1_000_000_000_000

// link is the address of the ticket's topic or card
// (https://core.telegram.org/api/links#forum-topic-links); empty where the chat
// has none, as plain groups have not.
func (p Place) link() string {
	message := cmp.Or(p.Thread, p.Card)
	if p.Group >= Supergroups || message == 0 {
		return ""
	}
	return "https://t.me/c/" + strconv.FormatInt(Supergroups-p.Group, 10) + "/" + strconv.FormatInt(message, 10)
}

// Mine shows customers their tickets, each with a button "c.show".
func (d Desk) Mine(list []Ticket) Message {
	if len(list) == 0 {
		return Say("mine.none", nil)
	}
	m := Say("mine.head", nil)
	var buttons []Button
	for _, t := range list[:min(len(list), 10)] {
		key, args := "mine.ticket", Args{
			"sign": Key("sign." + string(t.State)), "number": Text(Number(t.ID)), "site": Text(SiteShown(t.Report.Site)), "status": Key("yours." + string(t.State)),
		}
		if !t.Due.IsZero() {
			key += ".due"
			args["due"] = Time(t.Due)
		}
		m.Text = append(m.Text, Line{key, args})
		buttons = append(buttons, Button{
			Label: Line{"button.c.show", Args{"number": Text(Number(t.ID))}}, Data: TicketPress("c.show", t.ID, ""),
		})
	}
	m.Buttons = slices.Collect(slices.Chunk(buttons, 3))
	return m
}

// Help lists the actions with what they do.
func (d Desk) Help() Message {
	m := Message{Text: []Line{{Key: "desk.help"}, {}}}
	for _, a := range Actions {
		m.Text = append(m.Text, Line{"help.command", Args{"command": Text("/" + a.Name), "about": Key("action." + a.Name + ".about")}})
	}
	return m
}
