package bot

import (
	"context"

	"intakebot/tickets"
)

// listed is how many tickets a list looks at; it shows fewer.
const listed = 200

// view is what an action shows that changes nothing.
func (in *Intake) view(ctx context.Context, r *received, act tickets.Act, id int64) (tickets.Message, error) {
	switch act.Name {
	case "why", "transcript":
		return in.viewTicket(ctx, act.Name, id)
	case "queue", "mine", "board":
		chat, _ := r.chat()
		return in.viewQueue(ctx, act, chat.ID)
	case "find":
		if act.Value == "" {
			return tickets.Message{}, sayNo("carry.find", nil)
		}
		list, err := in.cfg.Store.Find(ctx, act.Value, listed)
		if err != nil {
			return tickets.Message{}, in.storeError(ctx, err)
		}
		return in.rules().List("list.find", list, len(list)), nil
	default:
		return in.rules().Help(), nil
	}
}

func (in *Intake) viewTicket(ctx context.Context, name string, id int64) (tickets.Message, error) {
	t, err := in.cfg.Store.Ticket(ctx, id)
	if err != nil {
		return tickets.Message{}, in.ticketError(ctx, err)
	}
	if name == "why" {
		return in.rules().Why(t), nil
	}
	events, err := in.cfg.Store.Events(ctx, id)
	if err != nil {
		return tickets.Message{}, in.storeError(ctx, err)
	}
	return in.rules().Transcript(t, events), nil
}

// viewQueue lists a group's open tickets: all of them, those that nobody has
// taken, or those of whoever asks.
func (in *Intake) viewQueue(ctx context.Context, act tickets.Act, group int64) (tickets.Message, error) {
	who, heading := int64(tickets.Anyone), "board.head"
	switch act.Name {
	case "queue":
		who, heading = 0, "list.queue"
	case "mine":
		who, heading = act.By.ID, "list.mine"
	}
	list, all, err := in.queue(ctx, group, who)
	if err != nil {
		return tickets.Message{}, err
	}
	return in.rules().List(heading, list, all), nil
}

// ban has the desk take no more from a ticket's customer, or take it again.
func (in *Intake) ban(ctx context.Context, r *received, act tickets.Act, id int64) error {
	var said tickets.Notice
	err := in.onTicket(ctx, r, id, func(t tickets.Ticket) (tickets.Change, error) {
		c, err := in.cfg.Store.Customer(ctx, t.Customer)
		if err != nil {
			return tickets.Change{}, in.storeError(ctx, err)
		}
		change, err := in.rules().Ban(t, c, act)
		if err != nil {
			return change, err
		}
		said = change.Notices[0]
		return change, in.place(ctx, r, t, act, &change)
	})
	if err == nil && r.press() != nil {
		in.answerPress(r, in.cfg.Render(said.Lang, said.Message.Text[0]), false)
	}
	return err
}
