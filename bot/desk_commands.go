package bot

import (
	"context"
	"strconv"
	"strings"

	"intakebot/tickets"
)

// listed is how many tickets a list shows.
const listed = 30

// deskCommand does an agent's command.
func (in *Intake) deskCommand(ctx context.Context, r *received, by tickets.Actor, name, arg string) error {
	m := r.update.Message
	a, ok := tickets.FindAction(name)
	if name == "delete" {
		return in.deskDelete(ctx, r)
	}
	if !ok {
		return in.told(ctx, r, &tickets.Refusal{Line: tickets.Line{
			Key: "desk.unknown", Args: tickets.Args{"command": tickets.Text("/" + name)}}})
	}
	id, err := in.ticketHere(ctx, m)
	if err != nil {
		return err
	}
	act := tickets.Act{Name: a.Name, By: by, Value: arg, Reply: int64(m.ID)}
	if a.Wants == tickets.WantsTicket {
		other, err := tickets.ParseNumber(arg)
		switch {
		case err == nil && !a.Ticket:
			id = other
		case err == nil:
			if act.Other, err = in.cfg.Store.Ticket(ctx, other); err != nil {
				return in.told(ctx, r, in.ticketError(ctx, err))
			}
		}
	}
	if a.Wants == tickets.WantsPost && m.ReplyToMessage != nil {
		if post, ok := postOf(m.ReplyToMessage); ok {
			act.Post = &post
		}
	}
	return in.doAction(ctx, r, a, act, id)
}

// doAction does an action, wherever it came from.
func (in *Intake) doAction(ctx context.Context, r *received, a tickets.Action, act tickets.Act, id int64) error {
	switch {
	case id == 0 && (a.Ticket || a.Changes):
		return in.told(ctx, r, &tickets.Refusal{Line: tickets.Line{Key: "carry.where"}})
	case a.Changes:
		return in.act(ctx, r, id, act)
	}
	m, err := in.view(ctx, a.Name, act, id, r)
	if err != nil {
		return in.told(ctx, r, err)
	}
	in.answerPress(r, "", false)
	return in.say(ctx, r, m)
}

// view is what an action shows that changes nothing.
func (in *Intake) view(ctx context.Context, name string, act tickets.Act, id int64, r *received) (tickets.Message, error) {
	d := in.rules()
	chat, _ := r.chat()
	switch name {
	case "why", "transcript":
		t, err := in.cfg.Store.Ticket(ctx, id)
		if err != nil {
			return tickets.Message{}, in.ticketError(ctx, err)
		}
		if name == "why" {
			return d.Why(t), nil
		}
		events, err := in.cfg.Store.Events(ctx, id)
		if err != nil {
			return tickets.Message{}, in.storeError(ctx, err)
		}
		return d.Transcript(t, events), nil
	case "queue", "mine", "board":
		agent := int64(0)
		if name == "mine" {
			agent = act.By.ID
		}
		list, err := in.cfg.Store.Queue(ctx, chat.ID, agent, tickets.OpenStates, listed)
		if err != nil {
			return tickets.Message{}, in.storeError(ctx, err)
		}
		if name == "board" {
			return d.Board(list), nil
		}
		return d.List("list."+name, list), nil
	case "find":
		list, err := in.cfg.Store.Find(ctx, act.Value, listed)
		if err != nil {
			return tickets.Message{}, in.storeError(ctx, err)
		}
		return d.List("list.find", list), nil
	default:
		return d.Help(), nil
	}
}

// deskPress does a button of a ticket's card.
func (in *Intake) deskPress(ctx context.Context, r *received, by tickets.Actor) error {
	p, err := tickets.DecodePress(r.press().Data)
	if err != nil {
		in.toast(ctx, r, TextOutdated)
		return in.pass(r)
	}
	event, id, value, ok := tickets.ParseTicketPress(p)
	name, agents := strings.CutPrefix(event, "t.")
	if !ok || !agents {
		in.toast(ctx, r, TextOutdated)
		return in.pass(r)
	}
	a, known := tickets.FindAction(name)
	if !known {
		return in.act(ctx, r, id, tickets.Act{Name: name, By: by, Value: value})
	}
	return in.doAction(ctx, r, a, tickets.Act{Name: a.Name, By: by, Value: value}, id)
}

// deskDelete takes back what was carried to the customer.
func (in *Intake) deskDelete(ctx context.Context, r *received) error {
	m := r.update.Message
	if m.ReplyToMessage == nil {
		return in.told(ctx, r, &tickets.Refusal{Line: tickets.Line{Key: "carry.delete.how"}})
	}
	spot := tickets.Spot{Chat: m.Chat.ID, Message: int64(m.ReplyToMessage.ID)}
	list, err := in.cfg.Store.Carried(ctx, spot)
	if err != nil {
		return in.storeError(ctx, err)
	}
	u := r.mark()
	c := tickets.Change{Update: &u}
	gone := func(s tickets.Spot) {
		c.Notices = append(c.Notices, tickets.Notice{
			To: tickets.Address{Chat: s.Chat}, Kind: tickets.NoticeDelete, Priority: tickets.PriorityAnswer, Target: s.Message})
	}
	by, _ := agentOf(r)
	for _, carried := range list {
		if carried.From == spot {
			gone(carried.To)
			c.Events = append(c.Events, tickets.Event{Ticket: carried.Ticket, At: in.cfg.Now(), Actor: by, Kind: "deleted",
				Data: map[string]string{"message": strconv.FormatInt(spot.Message, 10)}})
		}
	}
	if len(c.Notices) == 0 {
		return in.told(ctx, r, &tickets.Refusal{Line: tickets.Line{Key: "carry.delete.how"}})
	}
	gone(spot)
	gone(tickets.Spot{Chat: m.Chat.ID, Message: int64(m.ID)})
	return in.commit(ctx, c)
}
