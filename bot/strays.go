package bot

import (
	"context"
	"slices"

	"intakebot/dialog"
	"intakebot/tickets"
)

// mostChoices is how many tickets a question offers.
const mostChoices = 5

// askWhich keeps a message in the customer's session and asks, once for all that
// are kept, where they belong. Customers whose tickets ended too long ago begin
// anew, in the dialog.
func (in *Intake) askWhich(ctx context.Context, r *received, input dialog.Input, p tickets.Post, w whither, list []tickets.Ticket) (bool, error) {
	question := in.which(w, list)
	if question.Text == nil {
		return false, nil
	}
	now := in.cfg.Now()
	n := tickets.Notice{
		To: tickets.Address{Chat: input.From.ID}, Kind: tickets.NoticeSend, Target: input.Message, Message: question, Merge: "which",
		Extra: tickets.Extra{Thread: input.Thread},
	}
	if p.Source.Album != "" {
		n.After = now.Add(tickets.AlbumWait)
	}
	return true, in.insistOn(ctx, r, func() (tickets.Change, error) {
		c, err := in.cfg.Store.Customer(ctx, input.From.ID)
		if err != nil {
			return tickets.Change{}, in.storeError(ctx, err)
		}
		stray := dialog.Stray{Message: input.Message, At: now, Media: p.Media, Body: p.Body, File: input.File}
		n.Lang = in.langOf(c, tickets.Change{}, input.From.Tag)
		c, kept, err := dialog.WithStray(c, stray, in.cfg.Policy.Limits)
		if !kept && err == nil {
			n.Message = tickets.Say("add.full", nil)
		}
		return tickets.Change{Customer: &c, Notices: []tickets.Notice{n}, At: now}, err
	})
}

// which is the question where a message belongs; without a text where there is
// nothing to ask.
func (in *Intake) which(w whither, list []tickets.Ticket) tickets.Message {
	var rows [][]tickets.Button
	for _, t := range list {
		key, event := "button.c.add", "c.add"
		if t.State.Ended() {
			key, event = "button.c.reopen_one", "c.reopen"
		}
		if len(rows) >= mostChoices || t.State.Ended() && !in.rules().Reopenable(t) {
			continue
		}
		rows = append(rows, []tickets.Button{{
			Label: tickets.Line{Key: key, Args: t.Label()}, Data: tickets.TicketPress(event, t.ID, ""),
		}})
	}
	if len(rows) == 0 {
		return tickets.Message{}
	}
	anew := []tickets.Button{tickets.NewButton}
	if w.fresh {
		return tickets.Message{Text: []tickets.Line{{Key: "add.fresh"}}, Buttons: append([][]tickets.Button{anew}, rows...)}
	}
	m := tickets.Message{Text: []tickets.Line{{Key: "add.which"}}, Buttons: append(rows, anew)}
	if ended := slices.IndexFunc(list, func(t tickets.Ticket) bool { return t.State.Ended() && in.rules().Reopenable(t) }); len(rows) == 1 && ended >= 0 {
		m.Text = []tickets.Line{{Key: "closed.choose", Args: tickets.Args{"ticket": tickets.Text(tickets.Number(list[ended].ID))}}}
	}
	return m
}

// addStrays adds what was asked about to a ticket, along with what happens to
// the ticket anyway, such as that it is taken up again. Whoever presses twice,
// or on a question that was answered, adds nothing twice.
func (in *Intake) addStrays(ctx context.Context, r *received, t tickets.Ticket, with tickets.Change) (tickets.Change, error) {
	c, err := in.cfg.Store.Customer(ctx, t.Customer)
	if err != nil {
		return with, in.storeError(ctx, err)
	}
	strays := dialog.Strays(c)
	if len(strays) == 0 {
		if len(with.Tickets) == 0 {
			return with, sayNo("add.again", nil)
		}
		return with, nil
	}
	if len(with.Tickets) > 0 {
		t = with.Tickets[0]
	}
	more, err := in.rules().CustomerAdds(t, strayPost(t.Customer, strays))
	if err != nil {
		return with, err
	}
	if c, err = dialog.WithoutStrays(c, in.cfg.Policy.Limits); err != nil {
		return with, err
	}
	if len(more.Tickets) > 0 {
		with.Tickets = more.Tickets
	}
	with.Customer = &c
	with.Events, with.Notices = append(with.Events, more.Events...), append(with.Notices, more.Notices...)
	list, err := in.cfg.Store.TicketsOf(ctx, t.Customer, visited)
	if err != nil {
		return with, in.storeError(ctx, err)
	}
	in.rules().Closed(&with, t, list)
	if on := pressedOn(r); on != 0 {
		with.Notices = append(with.Notices, tickets.Notice{
			To: tickets.Address{Chat: t.Customer}, About: t.ID, Kind: tickets.NoticeEdit, Priority: tickets.PriorityReminder,
			Lang: in.langOf(c, tickets.Change{}, ""), Target: on, Message: tickets.Say("add.done", nil), Once: true,
		})
	}
	return with, nil
}

// hasStrays tells whether anything of a customer waits to be told where it belongs.
func (in *Intake) hasStrays(ctx context.Context, customer int64) (bool, error) {
	c, err := in.cfg.Store.Customer(ctx, customer)
	return len(dialog.Strays(c)) > 0, err
}

// strayPost makes one post of all that waited: a text as it is, everything else
// as a copy of the messages.
func strayPost(chat int64, strays []dialog.Stray) tickets.Post {
	p := tickets.Post{Source: tickets.Source{Chat: chat}, Media: true}
	for _, s := range strays {
		p.Source.Messages = append(p.Source.Messages, s.Message)
	}
	if len(strays) == 1 {
		p.Media, p.Body = strays[0].Media, strays[0].Body
	}
	return p
}
