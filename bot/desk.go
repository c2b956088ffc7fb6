package bot

import (
	"context"
	"errors"
	"strings"

	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// desk takes what happens in an agents' chat.
func (in *Intake) desk(ctx context.Context, r *received) error {
	if m := r.message(); m != nil && m.MigrateToChatID != 0 {
		in.deskMoved(m.Chat.ID, m.MigrateToChatID)
		return in.pass(r)
	}
	by, ok := agentOf(r)
	switch {
	case !ok:
		return in.pass(r)
	case r.press() != nil:
		return in.deskPress(ctx, r, by)
	case r.update.Message != nil:
		return in.deskMessage(ctx, r, by)
	case r.update.EditedMessage != nil:
		return in.deskEdit(ctx, r)
	}
	return in.pass(r)
}

// agentOf is who acts in the agents' chat: a member, or an administrator who
// writes in the group's own name. Bots and channels are no agents (P7).
func agentOf(r *received) (tickets.Actor, bool) {
	if m := r.message(); m != nil && m.SenderChat != nil {
		if m.SenderChat.ID != m.Chat.ID {
			return tickets.Actor{}, false
		}
		name := m.AuthorSignature
		if name == "" {
			name = m.SenderChat.Title
		}
		return tickets.Actor{Kind: "agent", ID: m.SenderChat.ID, Name: clean(name)}, true
	}
	from := r.sender()
	if from == nil || from.IsBot {
		return tickets.Actor{}, false
	}
	return tickets.Actor{Kind: "agent", ID: from.ID, Name: person(from).Name}, true
}

// inside begins what stays inside.
const inside = "//"

// deskMessage is a command, a note, or an answer to the customer.
func (in *Intake) deskMessage(ctx context.Context, r *received, by tickets.Actor) error {
	m := r.update.Message
	if name, ok := command(m.Text, m.Entities, in.cfg.Username); ok && m.ForwardOrigin == nil {
		return in.deskCommand(ctx, r, by, name, argument(m.Text))
	}
	id, err := in.ticketHere(ctx, m)
	if err != nil {
		return err
	}
	post, ok := postOf(m)
	if id == 0 || !ok {
		return in.pass(r)
	}
	if strings.HasPrefix(m.Text, inside) {
		return in.act(ctx, r, id, tickets.Act{Name: "note", By: by, Value: strings.TrimPrefix(m.Text, inside), Reply: int64(m.ID)})
	}
	return in.told(ctx, r, in.onTicket(ctx, r, id, func(t tickets.Ticket) (tickets.Change, error) {
		if post.Reply, err = in.counterpart(ctx, m, t.Customer); err != nil {
			return tickets.Change{}, err
		}
		return in.rules().AgentPosts(t, by, post)
	}))
}

// argument is what follows a command.
func argument(text string) string {
	i := strings.IndexAny(text, " \n\t")
	if i < 0 {
		return ""
	}
	return strings.TrimSpace(text[i:])
}

// ticketHere is the ticket that a message of the agents' chat is about: that of
// its topic, or in a plain group the one whose message it replies to; 0: none.
func (in *Intake) ticketHere(ctx context.Context, m *models.Message) (int64, error) {
	if m.MessageThreadID != 0 {
		t, err := in.cfg.Store.TicketIn(ctx, m.Chat.ID, int64(m.MessageThreadID))
		switch {
		case err == nil:
			return t.ID, nil
		case !errors.Is(err, tickets.ErrNotFound):
			return 0, in.storeError(ctx, err)
		}
	}
	if m.ReplyToMessage == nil {
		return 0, nil
	}
	s := tickets.Spot{Chat: m.Chat.ID, Message: int64(m.ReplyToMessage.ID)}
	id, err := in.carriedTicket(ctx, s)
	if id != 0 || err != nil {
		return id, err
	}
	return numberIn(m.ReplyToMessage), nil
}

// numberIn reads the ticket's number that begins a message of the bot's, as its
// cards do.
func numberIn(m *models.Message) int64 {
	if m.From == nil || !m.From.IsBot {
		return 0
	}
	for word := range strings.FieldsSeq(m.Text + " " + m.Caption) {
		if id, err := tickets.ParseNumber(strings.Trim(word, "·:,.")); err == nil && strings.HasPrefix(word, "T-") {
			return id
		}
	}
	return 0
}

// act does an action that changes a ticket, and tells whoever did it.
func (in *Intake) act(ctx context.Context, r *received, id int64, a tickets.Act) error {
	return in.told(ctx, r, in.onTicket(ctx, r, id, func(t tickets.Ticket) (tickets.Change, error) {
		return in.rules().Act(t, a)
	}))
}

// told answers whoever acted: a press is ended, a refusal is said in words. A
// refusal is no failure.
func (in *Intake) told(ctx context.Context, r *received, err error) error {
	var no *tickets.Refusal
	if !errors.As(err, &no) {
		if err == nil {
			in.answerPress(r, "", false)
		}
		return err
	}
	if r.press() != nil {
		in.answerPress(r, in.cfg.Render(in.readerOf(ctx, r), no.Line), true)
		return nil
	}
	return in.say(ctx, r, tickets.Message{Text: []tickets.Line{no.Line}})
}

// readerOf is the language of whoever did it.
func (in *Intake) readerOf(ctx context.Context, r *received) tickets.Lang {
	chat, _ := r.chat()
	if chat == nil || chat.Type != models.ChatTypePrivate {
		return in.cfg.Policy.Agents.Lang
	}
	tag := ""
	if from := r.sender(); from != nil {
		tag = from.LanguageCode
	}
	c, err := in.cfg.Store.Customer(ctx, chat.ID)
	if err != nil {
		c = tickets.Customer{}
	}
	return in.langOf(c, tickets.Change{}, tag)
}

// say answers a message or a press where it stands.
func (in *Intake) say(ctx context.Context, r *received, m tickets.Message) error {
	mark := r.mark()
	return in.commit(ctx, tickets.Change{Update: &mark, Notices: []tickets.Notice{in.answerTo(ctx, r, m)}})
}

// answerTo addresses a message to the place where something happened.
func (in *Intake) answerTo(ctx context.Context, r *received, m tickets.Message) tickets.Notice {
	chat, _ := r.chat()
	n := tickets.Notice{
		To: tickets.Address{Chat: chat.ID}, Kind: tickets.NoticeSend, Priority: tickets.PriorityDialog,
		Lang: in.readerOf(ctx, r), Message: m,
	}
	if msg := r.message(); msg != nil {
		n.Target = int64(msg.ID)
		if id, err := in.ticketHere(ctx, msg); err == nil && id != 0 && chat.Type != models.ChatTypePrivate {
			n.To.Ticket, n.About = id, id
		}
	}
	return n
}

// deskEdit carries an agent's edit over.
func (in *Intake) deskEdit(ctx context.Context, r *received) error {
	return in.carryEdit(ctx, r, "carry.edited")
}

// carryEdit changes the copy of a message that was edited; one that was never
// carried over passes by.
func (in *Intake) carryEdit(ctx context.Context, r *received, mark string) error {
	m := r.update.EditedMessage
	post, ok := postOf(m)
	if !ok || post.Body == nil {
		return in.pass(r)
	}
	spot := tickets.Spot{Chat: m.Chat.ID, Message: int64(m.ID)}
	list, err := in.cfg.Store.Carried(ctx, spot)
	if err != nil {
		return in.storeError(ctx, err)
	}
	c := tickets.Change{}
	for _, carried := range list {
		if carried.From != spot {
			continue
		}
		t, err := in.cfg.Store.Ticket(ctx, carried.Ticket)
		if err != nil {
			return in.ticketError(ctx, err)
		}
		n := tickets.Notice{
			To: tickets.Address{Chat: carried.To.Chat}, About: t.ID, Kind: tickets.NoticeEdit, Priority: tickets.PriorityAnswer,
			Lang: t.Lang, Target: carried.To.Message, Message: tickets.Say(mark, nil), Extra: tickets.Extra{Body: post.Body},
		}
		if carried.To.Chat == t.Place.Group {
			n.To.Ticket, n.Lang = t.ID, in.cfg.Policy.Agents.Lang
		}
		c.Notices = append(c.Notices, n)
	}
	if len(c.Notices) == 0 {
		return in.pass(r)
	}
	u := r.mark()
	c.Update = &u
	return in.commit(ctx, c)
}

// ticketError tells a ticket that is not there from a store that is away.
func (in *Intake) ticketError(ctx context.Context, err error) error {
	if errors.Is(err, tickets.ErrNotFound) {
		return &tickets.Refusal{Line: tickets.Line{Key: "ticket.unknown"}}
	}
	return in.storeError(ctx, err)
}

func isStale(err error) bool { return errors.Is(err, tickets.ErrStale) }
