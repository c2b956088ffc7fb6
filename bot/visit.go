package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/dialog"
	"intakebot/tickets"
)

// visited is how many of a customer's tickets are looked at.
const visited = 50

// mostMerged is how many tickets are followed that went one into another.
const mostMerged = 5

// ownThread finds the ticket in whose thread a customer does something, or the
// one that it was joined with; ID 0: in none's. Outside of threads nothing is
// read.
func (in *Intake) ownThread(ctx context.Context, input *dialog.Input) (tickets.Ticket, error) {
	if input.Thread == 0 {
		return tickets.Ticket{}, nil
	}
	t, err := in.cfg.Store.TicketIn(ctx, input.From.ID, input.Thread)
	for range mostMerged {
		if err != nil || t.Life.MergedTo == 0 {
			break
		}
		t, err = in.cfg.Store.Ticket(ctx, t.Life.MergedTo)
	}
	switch {
	case errors.Is(err, tickets.ErrNotFound):
		return tickets.Ticket{}, nil
	case err != nil:
		return tickets.Ticket{}, in.storeError(ctx, err)
	}
	input.Aside = true
	return t, nil
}

// visit takes what a customer with tickets does outside of the intake: their
// list, ratings, additions. The ticket is the one in whose thread it was done.
// Not done: it is the dialog's.
func (in *Intake) visit(ctx context.Context, r *received, input dialog.Input, c tickets.Customer, own tickets.Ticket) (done bool, err error) {
	switch input.Kind {
	case dialog.Pressed:
		return in.visitPress(ctx, r, input)
	case dialog.Commanded:
		if input.Command != "tickets" {
			return false, nil
		}
		return true, in.mine(ctx, r, input)
	case dialog.Edited:
		return in.visitEdit(ctx, r, input.From.ID)
	case dialog.Typed, dialog.Sent, dialog.Other, dialog.Shared, dialog.Keyed:
		if c.Version == 0 {
			return false, nil
		}
		return in.add(ctx, r, input, c, own)
	}
	return false, nil
}

// visitEdit carries the edit of an addition over.
func (in *Intake) visitEdit(ctx context.Context, r *received, customer int64) (bool, error) {
	id, err := in.carriedTicket(ctx, spotOf(r.update.EditedMessage))
	if id == 0 && err == nil {
		id, err = in.onWay(ctx, r.update.EditedMessage, customer)
	}
	if id == 0 || err != nil {
		return err != nil, err
	}
	return true, in.carryEdit(ctx, r, id, func(t tickets.Ticket) tickets.Line {
		return tickets.Line{Key: "carry.edited", Args: tickets.Args{"name": tickets.Text(t.Report.Contact.Name)}}
	})
}

// lateEdit tells a customer who edits what they said before a ticket was filed that
// the ticket has what was filed.
func (in *Intake) lateEdit(ctx context.Context, r *received, input dialog.Input) error {
	m := r.update.EditedMessage
	if isCommand(m.Entities) {
		return in.pass(r)
	}
	list, err := in.cfg.Store.TicketsOf(ctx, input.From.ID, visited)
	if err != nil {
		return in.storeError(ctx, err)
	}
	said := time.Unix(int64(m.Date), 0)
	comment := func(t tickets.Ticket) bool { return t.Life.Remarked.Sub(said).Abs() < time.Minute }
	if slices.ContainsFunc(list, comment) {
		return in.pass(r)
	}
	for _, t := range slices.Backward(list) { // the first one that was filed since
		if !t.Opened.Before(said) && t.Opened.Sub(said) < in.cfg.Policy.Limits.DraftKept && t.Life.SplitFrom == 0 {
			if t.State.Ended() {
				break
			}
			return in.say(ctx, r, t.ID, tickets.Say("add.late", nil))
		}
	}
	return in.pass(r)
}

// onWay is the ticket to which a customer's message is on its way; 0: none. Only
// open ones are looked at, as it is seconds ago.
func (in *Intake) onWay(ctx context.Context, m *models.Message, customer int64) (int64, error) {
	list, err := in.cfg.Store.TicketsOf(ctx, customer, visited)
	if err != nil {
		return 0, in.storeError(ctx, err)
	}
	for _, t := range list {
		if t.State.Ended() {
			continue
		}
		if is, err := in.isOnWay(ctx, t.ID, m); is || err != nil {
			return t.ID, err
		}
	}
	return 0, nil
}

// mine lists the customer's tickets.
func (in *Intake) mine(ctx context.Context, r *received, input dialog.Input) error {
	list, err := in.cfg.Store.TicketsOf(ctx, input.From.ID, visited)
	if err != nil {
		return in.storeError(ctx, err)
	}
	return in.say(ctx, r, 0, in.rules().Mine(list))
}

// visitPress does a button that the customer got with a ticket.
func (in *Intake) visitPress(ctx context.Context, r *received, input dialog.Input) (bool, error) {
	event, id, value, ok := tickets.ParseTicketPress(input.Press)
	if !ok || !strings.HasPrefix(event, "c.") {
		return false, nil
	}
	err := in.onTicket(ctx, r, id, func(t tickets.Ticket) (tickets.Change, error) {
		if t.Customer != input.From.ID { // P7
			return tickets.Change{}, sayNo(unknownTicket, nil)
		}
		return in.visitEvent(ctx, r, event, t, value)
	})
	return true, in.told(ctx, r, id, err)
}

// endedMeanwhile asks anew, in the place of a question, where the ticket that was
// chosen has ended since: take it up again, or a new one?
func (in *Intake) endedMeanwhile(ctx context.Context, r *received, t tickets.Ticket) (tickets.Change, error) {
	c, err := in.cfg.Store.Customer(ctx, t.Customer)
	if err != nil {
		return tickets.Change{}, in.storeError(ctx, err)
	}
	question := in.which(whither{}, []tickets.Ticket{t})
	switch {
	case len(dialog.Strays(c)) == 0:
		return tickets.Change{}, sayNo("add.again", nil)
	case question.Text == nil || pressedOn(r) == 0:
		return tickets.Change{}, sayNo("reopen.late", nil)
	}
	return tickets.Change{Notices: []tickets.Notice{{
		To: tickets.Address{Chat: t.Customer}, About: t.ID, Kind: tickets.NoticeEdit, Lang: in.langOf(c, tickets.Change{}, ""),
		Target: pressedOn(r), Message: question,
	}}}, nil
}

func (in *Intake) visitEvent(ctx context.Context, r *received, event string, t tickets.Ticket, value string) (tickets.Change, error) {
	d := in.rules()
	switch event {
	case "c.rate":
		stars, _ := strconv.Atoi(value)
		return d.Rate(t, stars)
	case "c.reopen":
		if waits, err := in.hasStrays(ctx, t.Customer); err != nil || waits && !t.State.Ended() {
			return in.addStrays(ctx, r, t, tickets.Change{}) // an agent has taken it up meanwhile
		}
		c, err := d.Reopen(t, tickets.Actor{Kind: "customer", ID: t.Customer, Name: t.Report.Contact.Name})
		if err != nil {
			return c, err
		}
		return in.addStrays(ctx, r, t, c)
	case "c.add":
		if t.State.Ended() {
			return in.endedMeanwhile(ctx, r, t)
		}
		return in.addStrays(ctx, r, t, tickets.Change{})
	case "c.show":
		events, err := in.cfg.Store.Events(ctx, t.ID)
		if err != nil {
			return tickets.Change{}, in.storeError(ctx, err)
		}
		n, err := in.answerTo(ctx, r, t.ID, d.History(t, events))
		return tickets.Change{Notices: []tickets.Notice{n}}, err
	}
	return tickets.Change{}, sayNo(TextOutdated, nil)
}

// add takes a message of a customer who is not in the intake: an addition to a
// ticket, a comment on a rating, or the beginning of something new. In the
// middle of a draft only what is said in a ticket's thread, or as a reply to
// something of a ticket, goes there.
func (in *Intake) add(ctx context.Context, r *received, input dialog.Input, c tickets.Customer, own tickets.Ticket) (bool, error) {
	m := r.update.Message
	post, ok := postOf(m)
	if !ok || dialog.Busy(c) && repliedTo(m) == nil && own.ID == 0 {
		return false, nil
	}
	list, err := in.cfg.Store.TicketsOf(ctx, input.From.ID, visited)
	if err != nil {
		return true, in.storeError(ctx, err)
	}
	if len(list) == 0 {
		return false, nil
	}
	w, err := in.whither(ctx, m, input, list, own)
	switch {
	case err != nil:
		return true, err
	case dialog.Busy(c) && !w.said:
		return false, nil
	case w.ticket == 0:
		return in.askWhich(ctx, r, input, post, w, list)
	}
	err = in.onTicket(ctx, r, w.ticket, func(t tickets.Ticket) (tickets.Change, error) {
		switch {
		case w.comment:
			return in.rules().Comment(t, input.Text)
		case w.thanks:
			return in.rules().Thanks(t, input.Text)
		}
		var err error
		if !w.merged { // what it replies to stands in another topic
			if post.Reply, err = in.counterpart(ctx, m, t.Place.Group); err != nil {
				return tickets.Change{}, err
			}
		}
		c, err := in.rules().CustomerAdds(t, post)
		if err == nil {
			in.rules().Closed(&c, t, list)
		}
		return c, err
	})
	if no := new(tickets.Refusal); errors.As(err, &no) && no.Line.Key == "closed.choose" {
		return in.askWhich(ctx, r, input, post, w, only(append(list, own), w.ticket)[:1])
	}
	return true, in.told(ctx, r, w.ticket, err)
}
