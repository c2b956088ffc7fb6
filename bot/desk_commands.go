package bot

import (
	"context"
	"slices"
	"strings"

	"intakebot/tickets"
)

// deskCommand does an agent's command.
func (in *Intake) deskCommand(ctx context.Context, r *received, by tickets.Actor, name, arg string) error {
	m := r.update.Message
	a, ok := tickets.FindAction(name)
	if !ok {
		return in.told(ctx, r, 0, sayNo("desk.unknown", tickets.Args{"command": tickets.Text("/" + name)}))
	}
	id, err := in.ticketHere(ctx, m)
	if err != nil {
		return err
	}
	word, rest := tickets.CutWord(arg)
	switch named, err := tickets.ParseNumber(word); {
	case err == nil && names(a, word, id):
		id, arg = named, rest
	case a.Name == "ticket" && arg != "":
		return in.told(ctx, r, 0, sayNo("carry.where", nil))
	}
	return in.doAction(ctx, r, a, tickets.Act{Name: a.Name, By: by, Value: arg, Reply: int64(m.ID)}, id)
}

// names tells whether a number behind a command says which ticket it is about.
// In a ticket's place it has to look like one, as it could be anything; there,
// words are about the ticket whose place it is.
func names(a tickets.Action, word string, here int64) bool {
	switch {
	case a.Name == "ticket":
		return true
	case here == 0:
		return a.Ticket
	case a.Wants == tickets.WantsText || a.Wants == tickets.WantsPost || a.Wants == tickets.WantsTicket:
		return false
	}
	return a.Ticket && strings.Contains(word, "-")
}

// deskPress does a button of a ticket's card.
func (in *Intake) deskPress(ctx context.Context, r *received, by tickets.Actor) error {
	p, err := tickets.DecodePress(r.press().Data)
	event, id, value, ok := tickets.ParseTicketPress(p)
	name, agents := strings.CutPrefix(event, "t.")
	a, known := tickets.FindAction(name)
	if err != nil || !ok || !agents || !known {
		in.deskToast(r, "carry.old")
		return in.pass(r)
	}
	return in.doAction(ctx, r, a, tickets.Act{Name: a.Name, By: by, Value: value}, id)
}

// doAction does an action, wherever it came from.
func (in *Intake) doAction(ctx context.Context, r *received, a tickets.Action, act tickets.Act, id int64) error {
	switch {
	case id == 0 && (a.Ticket || a.Changes):
		return in.told(ctx, r, 0, sayNo("carry.where", nil))
	case a.Changes:
		return in.act(ctx, r, id, act)
	case a.Name == "ban" || a.Name == "unban":
		return in.told(ctx, r, id, in.ban(ctx, r, act, id))
	case a.Name == "delete":
		return in.told(ctx, r, id, in.deskDelete(ctx, r, act.By))
	}
	m, err := in.view(ctx, r, act, id)
	if err != nil {
		return in.told(ctx, r, id, err)
	}
	in.answerPress(r, "", false)
	return in.say(ctx, r, id, m)
}

// act does an action that changes a ticket, and tells whoever did it.
func (in *Intake) act(ctx context.Context, r *received, id int64, a tickets.Act) error {
	row, _ := tickets.FindAction(a.Name)
	var now *tickets.Ticket
	err := in.onTicket(ctx, r, id, func(t tickets.Ticket) (tickets.Change, error) {
		if err := in.fill(ctx, r, t, row, &a); err != nil {
			return tickets.Change{}, err
		}
		c, err := in.rules().Act(t, a)
		if err != nil {
			return c, err
		}
		markAlbum(&c, r.message())
		now = nil
		if i := slices.IndexFunc(c.Tickets, func(k tickets.Ticket) bool { return k.ID == id && k.State != t.State }); i >= 0 {
			now = &c.Tickets[i]
		}
		return c, in.place(ctx, r, t, a, &c)
	})
	if err == nil && now != nil && r.press() != nil {
		in.answerPress(r, in.cfg.Render(in.cfg.Policy.Agents.Lang, tickets.Line{Key: "toast.ticket", Args: tickets.Args{
			"number": tickets.Text(tickets.Number(id)), "status": tickets.Key("status." + string(now.State))}}), false)
	}
	return in.told(ctx, r, id, err)
}

// fill finds what an action wants besides the ticket. It is looked up with
// every try, as it may have changed as well.
func (in *Intake) fill(ctx context.Context, r *received, t tickets.Ticket, row tickets.Action, a *tickets.Act) (err error) {
	switch {
	case row.Name == "merge":
		a.Other = tickets.Ticket{}
		number, _, _ := strings.Cut(a.Value, " ")
		if id, wrong := tickets.ParseNumber(number); wrong == nil {
			if a.Other, err = in.cfg.Store.Ticket(ctx, id); err != nil {
				return in.ticketError(ctx, err)
			}
		} else if a.Value == "" {
			if a.Others, err = in.cfg.Store.TicketsOf(ctx, t.Customer, visited); err != nil {
				return in.storeError(ctx, err)
			}
		}
	case row.Name == "ticket":
		c, err := in.cfg.Store.Customer(ctx, t.Customer)
		if err != nil {
			return in.storeError(ctx, err)
		}
		a.Banned = c.Banned
	case row.Wants == tickets.WantsPost && r.message() != nil:
		if a.Post, err = in.customersPost(ctx, r.message(), t); err != nil || a.Post == nil {
			return err
		}
		events, err := in.cfg.Store.Events(ctx, t.ID)
		if err != nil {
			return in.storeError(ctx, err)
		}
		a.Again = slices.ContainsFunc(events, func(e tickets.Event) bool { return e.SplitOf(a.Post.Source.Messages[0]) })
	case row.Wants == tickets.WantsAgent && r.message() != nil:
		a.Agent, err = in.colleague(ctx, r.message(), a.Value)
	case row.Name == "note" && r.message() != nil && r.message().Text != "" && a.Value == "":
		return sayNo("desk.note.how", nil)
	case row.Name == "note" && r.message() != nil && r.message().MediaGroupID != "":
		a.Late, err = in.albumWent(ctx, t.ID, r.message().MediaGroupID)
	}
	return err
}

// albumWent tells whether pictures of an album went to the customer: a note on a
// later one comes too late for them.
func (in *Intake) albumWent(ctx context.Context, ticket int64, album string) (bool, error) {
	events, err := in.cfg.Store.Events(ctx, ticket)
	if err != nil {
		return false, in.storeError(ctx, err)
	}
	return slices.ContainsFunc(events, func(e tickets.Event) bool { return e.CarriesOf(album) }), nil
}

// place moves the answers to an agent to where the agent is: a ticket can be
// named from anywhere, and its card can be shown anywhere.
func (in *Intake) place(ctx context.Context, r *received, t tickets.Ticket, a tickets.Act, c *tickets.Change) error {
	chat, _ := r.chat()
	if a.Reply != 0 {
		id, err := in.here(ctx, r)
		for i, n := range c.Notices {
			if n.To.Chat == t.Place.Group && n.Target == a.Reply {
				c.Notices[i].To = tickets.Address{Chat: chat.ID, Ticket: id}
			}
			if n.Extra.Report {
				n.Extra.Source.Chat = chat.ID
			}
		}
		return err
	}
	on := pressedOn(r)
	if on == 0 || on == t.Place.Card && chat.ID == t.Place.Group {
		return nil
	}
	id, err := in.here(ctx, r)
	for _, n := range c.Notices {
		if n.Kind != tickets.NoticeEdit || !n.Extra.Card {
			continue
		}
		if len(c.Events) == 0 { // only what is shown changes
			c.Notices = nil
		}
		n.To, n.Target, n.Extra.Card, n.Merge, n.Drops = tickets.Address{Chat: chat.ID, Ticket: id}, on, false, "", ""
		n.After = c.At
		c.Notices = append(c.Notices, n)
		break
	}
	return err
}
