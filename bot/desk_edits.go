package bot

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// deskEdit carries an agent's edit over. What is made a note of by the edit is
// taken back from the customer.
func (in *Intake) deskEdit(ctx context.Context, r *received, by tickets.Actor) error {
	m := r.update.EditedMessage
	text, entities := m.Text+m.Caption, append(m.Entities, m.CaptionEntities...)
	name, ours := command(text, entities, in.cfg.Username)
	a, known := tickets.FindAction(name)
	switch {
	case strings.HasPrefix(text, inside), ours && known && a.Wants == tickets.WantsText:
		return in.madeNote(ctx, r, by)
	case known && ours: // a command is done once, and its words are not for the customer
		return in.say(ctx, r, 0, tickets.Say("carry.command", nil))
	case isCommand(entities):
		return in.pass(r)
	}
	id, err := in.ticketHere(ctx, m)
	if err != nil {
		return err
	}
	return in.carryEdit(ctx, r, id, func(t tickets.Ticket) tickets.Line { return in.rules().AnswerHead(t, by) })
}

// madeNote takes back from the customer what an edit has made a note of. What is
// on its way cannot be held up any more.
func (in *Intake) madeNote(ctx context.Context, r *received, by tickets.Actor) error {
	m := r.update.EditedMessage
	list, err := in.cfg.Store.Carried(ctx, spotOf(m))
	if err != nil {
		return in.storeError(ctx, err)
	}
	if len(list) > 0 {
		return in.takeBack(ctx, r, spotOf(m), by)
	}
	id, err := in.ticketHere(ctx, m)
	if err != nil {
		return err
	}
	if onWay, err := in.isOnWay(ctx, id, m); !onWay || err != nil {
		if err != nil {
			return err
		}
		return in.pass(r)
	}
	return in.say(ctx, r, id, tickets.Say("carry.late", nil))
}

// spotOf is where a message stands.
func spotOf(m *models.Message) tickets.Spot {
	return tickets.Spot{Chat: m.Chat.ID, Message: int64(m.ID)}
}

// carryEdit changes the copies of a message that was edited, below a line of
// ours. What is still on its way to the other side of a ticket is followed by a
// correction; one that was never carried over passes by.
func (in *Intake) carryEdit(ctx context.Context, r *received, id int64, head func(tickets.Ticket) tickets.Line) error {
	m := r.update.EditedMessage
	post, ok := postOf(m)
	if !ok || post.Body == nil {
		return in.pass(r)
	}
	list, err := in.cfg.Store.Carried(ctx, spotOf(m))
	if err != nil {
		return in.storeError(ctx, err)
	}
	mark := r.mark()
	c := tickets.Change{Update: &mark}
	for i, carried := range list {
		same := func(o tickets.Carried) bool {
			return o.From == spotOf(m) && o.Ticket == carried.Ticket && o.To.Chat == carried.To.Chat
		}
		if carried.From != spotOf(m) || slices.ContainsFunc(list[:i], same) {
			continue
		}
		parts := slices.ContainsFunc(list[i+1:], same)
		t, err := in.cfg.Store.Ticket(ctx, carried.Ticket)
		if err != nil {
			return in.ticketError(ctx, err)
		}
		n, err := in.editOf(ctx, t, carried, post, head(t), parts)
		if err != nil {
			return err
		}
		c.Notices = append(c.Notices, n)
	}
	if len(c.Notices) == 0 {
		if c.Notices, err = in.correction(ctx, m, id, post); err != nil {
			return err
		}
	}
	switch {
	case len(c.Notices) > 0:
		return in.commit(ctx, c)
	case id != 0 && m.Chat.Type != models.ChatTypePrivate: // it was a note, which an edit does not send
		return in.say(ctx, r, id, tickets.Say("carry.inside", nil))
	}
	return in.pass(r)
}

// correction follows a message that is on its way: it keeps its place behind it.
func (in *Intake) correction(ctx context.Context, m *models.Message, id int64, post tickets.Post) ([]tickets.Notice, error) {
	if onWay, err := in.isOnWay(ctx, id, m); !onWay || err != nil {
		return nil, err
	}
	t, err := in.cfg.Store.Ticket(ctx, id)
	if err != nil {
		return nil, in.ticketError(ctx, err)
	}
	n := tickets.Notice{
		To: tickets.Address{Chat: t.Customer}, About: t.ID, Kind: tickets.NoticeSend, Priority: tickets.PriorityAnswer, Lang: t.Lang,
		Message: tickets.Say("carry.correction", nil), Extra: tickets.Extra{Body: post.Body, Source: &post.Source, Thread: tickets.InThread},
	}
	if m.Chat.ID == t.Customer {
		n.To, n.Lang, n.Extra.Thread = tickets.Address{Chat: t.Place.Group, Ticket: t.ID}, in.cfg.Policy.Agents.Lang, 0
	}
	return []tickets.Notice{n}, nil
}

// isOnWay tells whether a ticket's history has a message as carried over.
func (in *Intake) isOnWay(ctx context.Context, id int64, m *models.Message) (bool, error) {
	if id == 0 {
		return false, nil
	}
	events, err := in.cfg.Store.Events(ctx, id)
	if err != nil {
		return false, in.storeError(ctx, err)
	}
	kind := "agent"
	if m.Chat.Type == models.ChatTypePrivate {
		kind = "customer"
	}
	return slices.ContainsFunc(events, func(e tickets.Event) bool { return e.Actor.Kind == kind && e.Carries(int64(m.ID)) }), nil
}

// editOf changes what a message became. Where several became one message, the
// correction goes below it, as the words of the others are not known any more;
// so it does where the message became several, or would.
func (in *Intake) editOf(ctx context.Context, t tickets.Ticket, c tickets.Carried, post tickets.Post, head tickets.Line, parts bool) (tickets.Notice, error) {
	n := tickets.Notice{
		To: tickets.Address{Chat: c.To.Chat}, About: t.ID, Kind: tickets.NoticeEdit, Priority: tickets.PriorityAnswer,
		Lang: t.Lang, Target: c.To.Message, Message: tickets.Message{Text: []tickets.Line{head}},
		Merge: "edit " + strconv.FormatInt(c.From.Message, 10), // of edits in a row the last one is enough (P3)
		Extra: tickets.Extra{Body: post.Body},
	}
	switch {
	case c.To.Chat == t.Place.Group:
		n.To.Ticket, n.Lang = t.ID, in.cfg.Policy.Agents.Lang
	case c.To.Chat < 0: // the ticket has left that group, and the correction follows it
		n.To, n.Lang = tickets.Address{Chat: t.Place.Group, Ticket: t.ID}, in.cfg.Policy.Agents.Lang
		n.Kind, n.Target = tickets.NoticeSend, 0
		return n, nil
	}
	together, err := in.cfg.Store.Carried(ctx, c.To)
	if err != nil {
		return n, in.storeError(ctx, err)
	}
	shared := slices.ContainsFunc(together, func(o tickets.Carried) bool { return o.To == c.To && o.From != c.From })
	if shared || parts || in.outgrown(n, post.Media) {
		n.Kind, n.Message, n.Extra.Thread = tickets.NoticeSend, tickets.Say("carry.correction", nil), tickets.InThread
		n.Extra.Source = &post.Source // it goes where the message goes
	}
	return n, nil
}

// deletable is how old a message may be that a bot deletes
// (https://core.telegram.org/bots/api#deletemessage), less a little for the way.
const deletable = 48*time.Hour - time.Minute

// outgrown tells whether a message does not hold any more what an edit puts
// into it.
func (in *Intake) outgrown(n tickets.Notice, media bool) bool {
	most := maxText
	if media {
		most = maxCaption
	}
	head := n.Message.Text[0]
	head.Args = maps.Clone(head.Args)
	if head.Args == nil {
		head.Args = tickets.Args{}
	}
	head.Args["ticket"] = tickets.Text(tickets.Number(n.About))
	return unitsOf(in.cfg.Render(n.Lang, head))+1+unitsOf(n.Extra.Body.Text) > most-mostTag
}

// mostTag is room to spare.
const mostTag = 32

// deskDelete takes back what was carried to the customer, and what it was
// carried from.
func (in *Intake) deskDelete(ctx context.Context, r *received, by tickets.Actor) error {
	m := r.update.Message
	to := repliedTo(m)
	if to == nil {
		return sayNo("carry.delete.how", nil)
	}
	if in.cfg.Now().Sub(time.Unix(int64(to.Date), 0)) > deletable {
		return sayNo("carry.delete.late", nil)
	}
	spot := tickets.Spot{Chat: m.Chat.ID, Message: int64(to.ID)}
	return in.takeBack(ctx, r, spot, by, spot, spotOf(m))
}

// takeBack deletes what a message was carried over to, and some messages along
// with it.
func (in *Intake) takeBack(ctx context.Context, r *received, from tickets.Spot, by tickets.Actor, also ...tickets.Spot) error {
	list, err := in.cfg.Store.Carried(ctx, from)
	if err != nil {
		return in.storeError(ctx, err)
	}
	list = slices.DeleteFunc(list, func(c tickets.Carried) bool { return c.From != from })
	if len(list) == 0 && len(also) > 0 {
		return sayNo("carry.delete.how", nil)
	}
	c := in.rules().TakeBack(by, list)
	for _, s := range also {
		c.Notices = append(c.Notices, tickets.Deletion(s))
	}
	mark := r.mark()
	c.Update = &mark
	return in.commit(ctx, c)
}
