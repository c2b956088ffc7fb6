package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"intakebot/dialog"
	"intakebot/tickets"
)

// visited is how many of a customer's tickets are looked at.
const visited = 50

// visit takes what a customer with tickets does outside of the intake: their
// list, ratings, additions. Not done: it is the dialog's.
func (in *Intake) visit(ctx context.Context, r *received, input dialog.Input) (done bool, err error) {
	switch input.Kind {
	case dialog.Pressed:
		return in.visitPress(ctx, r, input)
	case dialog.Commanded:
		if input.Command != "tickets" {
			return false, nil
		}
		return true, in.mine(ctx, r, input)
	case dialog.Edited:
		return in.visitEdit(ctx, r)
	case dialog.Typed, dialog.Sent, dialog.Other, dialog.Shared, dialog.Keyed:
		return in.add(ctx, r, input)
	}
	return false, nil
}

// visitEdit carries the edit of an addition over.
func (in *Intake) visitEdit(ctx context.Context, r *received) (bool, error) {
	m := r.update.EditedMessage
	id, err := in.carriedTicket(ctx, tickets.Spot{Chat: m.Chat.ID, Message: int64(m.ID)})
	if id == 0 || err != nil {
		return err != nil, err
	}
	return true, in.carryEdit(ctx, r, "carry.edited.by_customer")
}

// mine lists the customer's tickets.
func (in *Intake) mine(ctx context.Context, r *received, input dialog.Input) error {
	list, err := in.cfg.Store.TicketsOf(ctx, input.From.ID, visited)
	if err != nil {
		return in.storeError(ctx, err)
	}
	return in.say(ctx, r, in.rules().Mine(list))
}

// visitPress does a button that the customer got with a ticket.
func (in *Intake) visitPress(ctx context.Context, r *received, input dialog.Input) (bool, error) {
	event, id, value, ok := tickets.ParseTicketPress(input.Press)
	if !ok || !strings.HasPrefix(event, "c.") {
		return false, nil
	}
	return true, in.told(ctx, r, in.visitEvent(ctx, r, event, id, value))
}

func (in *Intake) visitEvent(ctx context.Context, r *received, event string, id int64, value string) error {
	own := func(do func(tickets.Ticket) (tickets.Change, error)) error {
		return in.onTicket(ctx, r, id, func(t tickets.Ticket) (tickets.Change, error) {
			if chat, _ := r.chat(); t.Customer != chat.ID { // P7
				return tickets.Change{}, &tickets.Refusal{Line: tickets.Line{Key: "ticket.unknown"}}
			}
			return do(t)
		})
	}
	d := in.rules()
	switch event {
	case "c.rate":
		stars, _ := strconv.Atoi(value)
		return own(func(t tickets.Ticket) (tickets.Change, error) { return d.Rate(t, stars) })
	case "c.reopen":
		return own(func(t tickets.Ticket) (tickets.Change, error) { return in.reopen(ctx, r, t) })
	case "c.add":
		return own(func(t tickets.Ticket) (tickets.Change, error) { return in.addAsked(ctx, r, t) })
	case "c.show":
		return own(func(t tickets.Ticket) (tickets.Change, error) {
			events, err := in.cfg.Store.Events(ctx, t.ID)
			if err != nil {
				return tickets.Change{}, in.storeError(ctx, err)
			}
			return tickets.Change{Notices: []tickets.Notice{in.answerTo(ctx, r, d.History(t, events))}}, nil
		})
	}
	return &tickets.Refusal{Line: tickets.Line{Key: TextOutdated}}
}

// askedAbout is the customer's message that a question of ours replies to: the
// question was put because of it. nil: Telegram did not bring it.
func askedAbout(r *received) *models.Message {
	q := r.press()
	if q == nil || q.Message.Message == nil {
		return nil
	}
	m := q.Message.Message.ReplyToMessage
	if m == nil || m.From == nil || m.From.IsBot {
		return nil
	}
	m.Chat = q.Message.Message.Chat
	return m
}

// reopen takes a ticket up again, along with the message that led to it.
func (in *Intake) reopen(ctx context.Context, r *received, t tickets.Ticket) (tickets.Change, error) {
	by := tickets.Actor{Kind: "customer", ID: t.Customer, Name: t.Report.Contact.Name}
	c, err := in.rules().Reopen(t, by)
	m := askedAbout(r)
	if err != nil || m == nil || len(c.Tickets) != 1 {
		return c, err
	}
	post, ok := postOf(m)
	if !ok {
		return c, nil
	}
	more, err := in.rules().CustomerAdds(c.Tickets[0], post)
	if err != nil {
		return c, nil
	}
	c.Tickets = more.Tickets
	c.Events, c.Notices = append(c.Events, more.Events...), append(c.Notices, more.Notices...)
	return c, nil
}

// addAsked adds the message that was asked about.
func (in *Intake) addAsked(ctx context.Context, r *received, t tickets.Ticket) (tickets.Change, error) {
	m := askedAbout(r)
	if m == nil {
		return tickets.Change{}, &tickets.Refusal{Line: tickets.Line{Key: "add.again"}}
	}
	post, ok := postOf(m)
	if !ok {
		return tickets.Change{}, &tickets.Refusal{Line: tickets.Line{Key: "add.again"}}
	}
	return in.rules().CustomerAdds(t, post)
}

// add takes a message of a customer who is not in the intake: an addition to a
// ticket, a comment on a rating, or the beginning of something new.
func (in *Intake) add(ctx context.Context, r *received, input dialog.Input) (bool, error) {
	m := r.update.Message
	post, ok := postOf(m)
	if !ok {
		return false, nil
	}
	c, err := in.cfg.Store.Customer(ctx, input.From.ID)
	if err != nil {
		return true, in.storeError(ctx, err)
	}
	if c.Version == 0 || dialog.Busy(c) {
		return false, nil
	}
	list, err := in.cfg.Store.TicketsOf(ctx, input.From.ID, visited)
	if err != nil || len(list) == 0 {
		return err != nil, err
	}
	which, err := in.whichTicket(ctx, m, list)
	if err != nil {
		return true, err
	}
	if which == 0 {
		return in.askWhich(ctx, r, input, list)
	}
	err = in.onTicket(ctx, r, which, func(t tickets.Ticket) (tickets.Change, error) {
		if input.Kind == dialog.Typed && in.justRated(t) {
			return in.rules().Comment(t, input.Text)
		}
		if post.Reply, err = in.counterpart(ctx, m, t.Place.Group); err != nil {
			return tickets.Change{}, err
		}
		return in.rules().CustomerAdds(t, post)
	})
	var no *tickets.Refusal
	if errors.As(err, &no) && no.Line.Key == "closed.choose" {
		return in.askWhich(ctx, r, input, list)
	}
	return true, in.told(ctx, r, err)
}

// justRated tells whether what is typed now is a comment on the rating.
func (in *Intake) justRated(t tickets.Ticket) bool {
	return t.State.Ended() && t.Life.Rating != 0 && t.Life.Comment == "" && in.cfg.Now().Sub(t.Life.Rated) < tickets.CommentWait
}

// whichTicket is the ticket that a message belongs to: the one it replies to,
// the only one that is open, or the one that was just rated. 0: not clear.
func (in *Intake) whichTicket(ctx context.Context, m *models.Message, list []tickets.Ticket) (int64, error) {
	if m.ReplyToMessage != nil {
		id, err := in.carriedTicket(ctx, tickets.Spot{Chat: m.Chat.ID, Message: int64(m.ReplyToMessage.ID)})
		if err != nil {
			return 0, err
		}
		if id == 0 {
			id = numberIn(m.ReplyToMessage)
		}
		if slices.ContainsFunc(list, func(t tickets.Ticket) bool { return t.ID == id }) {
			return id, nil
		}
	}
	open := slices.DeleteFunc(slices.Clone(list), func(t tickets.Ticket) bool { return t.State.Ended() })
	if len(open) == 1 && !otherProblem(m.Text+m.Caption, open[0]) {
		return open[0].ID, nil
	}
	if i := slices.IndexFunc(list, in.justRated); i >= 0 && len(open) == 0 {
		return list[i].ID, nil
	}
	return 0, nil
}

// otherProblem tells whether a message looks like a problem of its own: it
// names another site, or says so.
func otherProblem(text string, t tickets.Ticket) bool {
	lower := strings.ToLower(text)
	for _, words := range []string{"новая проблема", "другая проблема", "ещё одна проблема", "еще одна проблема", "другой вопрос", "new problem", "another problem", "different problem", "another issue"} {
		if strings.Contains(lower, words) {
			return true
		}
	}
	for _, site := range tickets.Sites(text) {
		if !tickets.SameSite(site, t.Report.Site) {
			return true
		}
	}
	return false
}

// chosen is how many tickets a question offers.
const chosen = 5

// askWhich asks, once for a message, where it belongs. Customers whose tickets
// ended too long ago begin anew, in the dialog.
func (in *Intake) askWhich(ctx context.Context, r *received, input dialog.Input, list []tickets.Ticket) (bool, error) {
	d := in.rules()
	m := tickets.Message{Text: []tickets.Line{{Key: "add.which"}}}
	row := func(key, event string, t tickets.Ticket) {
		m.Buttons = append(m.Buttons, []tickets.Button{{
			Label: tickets.Line{Key: key, Args: tickets.Args{
				"number": tickets.Text(tickets.Number(t.ID)), "site": tickets.Text(tickets.SiteShown(t.Report.Site))}},
			Data: tickets.TicketPress(event, t.ID, ""),
		}})
	}
	for _, t := range list {
		switch {
		case len(m.Buttons) >= chosen:
		case !t.State.Ended():
			row("button.c.add", "c.add", t)
		case d.Reopenable(t):
			row("button.c.reopen_one", "c.reopen", t)
		}
	}
	if len(m.Buttons) == 0 {
		return false, nil
	}
	m.Buttons = append(m.Buttons, []tickets.Button{{Label: tickets.Line{Key: "button.new"}, Data: tickets.Press{Event: "new"}.Encode()}})
	return true, in.say(ctx, r, m)
}

// beginWith begins a new ticket with the message that was asked about, where it
// says enough.
func (in *Intake) beginWith(rd reader, input *dialog.Input, m *models.Message) {
	with := dialog.Input{Update: input.Update, From: input.From}
	rd.place(&with, m)
	if rd.content(&with, m) && (with.File != nil || utf8.RuneCountInString(with.Text) >= in.cfg.Policy.Limits.DescriptionMin) {
		*input = with
	}
}

// ticketsOnce looks at the tickets whose time has come.
func (in *Intake) ticketsOnce(ctx context.Context) (more bool, err error) {
	ids, err := in.cfg.Store.SleepingTickets(ctx, in.cfg.Now(), wakeBatch)
	if err != nil {
		return false, err
	}
	var failed []error
	for _, id := range ids {
		err := in.onTicket(ctx, nil, id, func(t tickets.Ticket) (tickets.Change, error) {
			if t.Wake.IsZero() || t.Wake.After(in.cfg.Now()) {
				return tickets.Change{}, nil
			}
			c, err := in.rules().Wake(t)
			if err == nil && len(c.Tickets) == 0 { // nothing to do, and not again at once
				t.Wake = in.cfg.Now().Add(sleepOn)
				c.Tickets = []tickets.Ticket{t}
			}
			return c, err
		})
		failed = append(failed, err)
	}
	return len(ids) == wakeBatch, errors.Join(failed...)
}

// boardEvery is how often a board may change: each edit is one of a group's 20
// messages a minute (P3).
const boardEvery = 30 * time.Second

// boardsOnce shows each group its open tickets, where they changed.
func (in *Intake) boardsOnce(ctx context.Context) (more bool, err error) {
	if !in.desksChanged.Swap(false) {
		return false, nil
	}
	for _, group := range in.cfg.Groups {
		list, err := in.cfg.Store.Queue(ctx, group, 0, tickets.OpenStates, listed)
		if err != nil {
			in.desksChanged.Store(true)
			return false, err
		}
		err = in.commit(ctx, tickets.Change{Notices: []tickets.Notice{{
			To: tickets.Address{Chat: group}, Kind: tickets.NoticeBoard, Priority: tickets.PriorityReminder, Once: true,
			Lang: in.cfg.Policy.Agents.Lang, Message: in.rules().Board(list), Merge: "board",
		}}})
		if err != nil {
			in.desksChanged.Store(true)
			return false, err
		}
	}
	return false, nil
}
