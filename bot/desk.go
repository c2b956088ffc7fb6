package bot

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// desk takes what happens in an agents' chat. Only its members act (P7).
func (in *Intake) desk(ctx context.Context, r *received) error {
	if topic := in.ownTopic(r); topic != nil {
		return in.topicMade(ctx, r, *topic)
	}
	by, ok := agentOf(r)
	if !ok {
		return in.pass(r)
	}
	member, err := in.isMember(ctx, r, by)
	switch {
	case errors.Is(err, errOutside):
		return in.unchecked(ctx, r)
	case err != nil:
		return err
	case !member:
		in.deskToast(r, "carry.members")
		return in.pass(r)
	case r.press() != nil:
		return in.deskPress(ctx, r, by)
	case r.update.Message != nil:
		return in.deskMessage(ctx, r, by)
	case r.update.EditedMessage != nil:
		return in.deskEdit(ctx, r, by)
	}
	return in.pass(r)
}

// unchecked answers what an agent did about a ticket when the bot was out of the
// group before it came to it: whether a member did it cannot be told any more
// (P7), and nothing must get lost in silence. A message is answered once the bot
// is back.
func (in *Intake) unchecked(ctx context.Context, r *received) error {
	id, err := in.here(ctx, r)
	if err != nil {
		return err
	}
	if m := r.message(); id == 0 || m != nil && isService(m) {
		return in.pass(r)
	}
	return in.told(ctx, r, id, sayNo("carry.outside", nil))
}

// deskToast answers a press in the agents' chat that does nothing.
func (in *Intake) deskToast(r *received, key string) {
	if r.press() != nil {
		in.answerPress(r, in.cfg.Render(in.cfg.Policy.Agents.Lang, tickets.Line{Key: key}), true)
	}
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
	return agent(from), true
}

func agent(u *models.User) tickets.Actor {
	return tickets.Actor{Kind: "agent", ID: u.ID, Name: person(u).Name}
}

// memberFor is how long somebody who was seen to be a member is taken for one.
const memberFor = 10 * time.Minute

// membership is a person in a chat.
type membership struct{ chat, user int64 }

// isMember tells whether an agent is in the chat: in a group that is public, or
// where a channel's readers comment, others can write and press too (P7).
// Telegram is asked now and then only. Where it does not answer, the update has
// to be brought again.
func (in *Intake) isMember(ctx context.Context, r *received, by tickets.Actor) (bool, error) {
	chat, _ := r.chat()
	if by.ID == chat.ID {
		return true, nil
	}
	who, now := membership{chat.ID, by.ID}, in.cfg.Now()
	if until, ok := in.members.Load(who); ok && now.Before(until.(time.Time)) {
		return true, nil
	}
	ask, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	member, err := in.cfg.Telegram.Member(ask, chat.ID, by.ID)
	if err != nil && !errors.Is(err, errOutside) {
		return false, &refusal{err: err, telegram: true}
	}
	if member {
		in.members.Store(who, now.Add(memberFor))
	}
	return member, err
}

// inside begins what stays inside.
const inside = "//"

// deskMessage is a command, a note, or an answer to the customer.
func (in *Intake) deskMessage(ctx context.Context, r *received, by tickets.Actor) error {
	m := r.update.Message
	text, entities := m.Text+m.Caption, append(m.Entities, m.CaptionEntities...)
	if in.staysInside(m, text, entities) {
		return in.pass(r)
	}
	if isCommand(entities) && m.ForwardOrigin == nil {
		name, ours := command(text, entities, in.cfg.Username)
		if !ours {
			return in.pass(r) // it is another bot's
		}
		return in.deskCommand(ctx, r, by, name, argument(text))
	}
	id, err := in.ticketHere(ctx, m)
	if err != nil {
		return err
	}
	if id == 0 || isService(m) {
		return in.pass(r)
	}
	if inside, err := in.albumInside(ctx, m, id); inside || err != nil {
		if err != nil {
			return in.storeError(ctx, err)
		}
		return in.pass(r)
	}
	post, ok := postOf(m)
	switch {
	case !ok:
		return in.told(ctx, r, id, sayNo("carry.kind", nil))
	case strings.HasPrefix(text, inside):
		return in.act(ctx, r, id, tickets.Act{Name: "note", By: by, Value: strings.TrimPrefix(text, inside), Reply: int64(m.ID)})
	}
	return in.told(ctx, r, id, in.onTicket(ctx, r, id, func(t tickets.Ticket) (tickets.Change, error) {
		var err error
		if post.Reply, err = in.counterpart(ctx, m, t.Customer); err != nil {
			return tickets.Change{}, err
		}
		return in.rules().AgentPosts(t, by, post)
	}))
}

// staysInside tells whether a picture belongs to an album whose caption is a note
// or a command: only the picture with the caption says so.
func (in *Intake) staysInside(m *models.Message, text string, entities []models.MessageEntity) bool {
	if m.MediaGroupID == "" {
		return false
	}
	if strings.HasPrefix(text, inside) || isCommand(entities) {
		in.insides.Store(m.MediaGroupID, true)
		return false
	}
	_, ok := in.insides.Load(m.MediaGroupID)
	return ok
}

// albumInside tells the same of an album whose first picture this replica did not
// see: the ticket's history has it.
func (in *Intake) albumInside(ctx context.Context, m *models.Message, id int64) (bool, error) {
	if m.MediaGroupID == "" {
		return false, nil
	}
	events, err := in.cfg.Store.Events(ctx, id)
	return slices.ContainsFunc(events, func(e tickets.Event) bool { return e.Data[albumOfNote] == m.MediaGroupID }), err
}

// albumOfNote is where an event names the album whose caption was a note or a
// command.
const albumOfNote = "album"

// markAlbum has a change say so, where it has an event.
func markAlbum(c *tickets.Change, m *models.Message) {
	if m == nil || m.MediaGroupID == "" || len(c.Events) == 0 {
		return
	}
	data := map[string]string{albumOfNote: m.MediaGroupID}
	maps.Copy(data, c.Events[0].Data)
	c.Events[0].Data = data
}

// isCommand tells whether a text begins with a command of any bot.
func isCommand(entities []models.MessageEntity) bool {
	for _, e := range entities {
		if e.Type == models.MessageEntityTypeBotCommand && e.Offset == 0 {
			return true
		}
	}
	return false
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
// its topic, even if it has another one by now, or in a plain group the one whose
// message it replies to; 0: none.
func (in *Intake) ticketHere(ctx context.Context, m *models.Message) (int64, error) {
	if m.MessageThreadID != 0 {
		t, err := in.cfg.Store.TicketIn(ctx, m.Chat.ID, int64(m.MessageThreadID))
		switch {
		case err == nil:
			return t.ID, nil
		case !errors.Is(err, tickets.ErrNotFound):
			return 0, in.storeError(ctx, err)
		}
		if id := in.madeFor(m.ReplyToMessage); id != 0 {
			return id, nil
		}
	}
	to := repliedTo(m)
	if to == nil {
		return 0, nil
	}
	id, err := in.carriedTicket(ctx, tickets.Spot{Chat: m.Chat.ID, Message: int64(to.ID)})
	if id != 0 || err != nil {
		return id, err
	}
	return numberIn(to), nil
}

// repliedTo is the message that somebody chose to reply to; nil: none. In a
// forum everything replies to the topic's beginning, which nobody chose.
func repliedTo(m *models.Message) *models.Message {
	if to := m.ReplyToMessage; to != nil && to.ForumTopicCreated == nil {
		return to
	}
	return nil
}

// numberIn reads the ticket's number in the first line of a message of the
// bot's: cards, warnings and news have it there, and lists have not.
func numberIn(m *models.Message) int64 {
	if m.From == nil || !m.From.IsBot {
		return 0
	}
	line, _, _ := strings.Cut(m.Text+m.Caption, "\n")
	return firstNumber(line)
}

// firstNumber is the first ticket's number in a line; 0: there is none.
func firstNumber(line string) int64 {
	for word := range strings.FieldsSeq(line) {
		word = strings.Trim(word, "·:,.")
		if id, err := tickets.ParseNumber(word); err == nil && strings.HasPrefix(word, "T-") {
			return id
		}
	}
	return 0
}

// here is the ticket in whose place something happened; 0: in none's.
func (in *Intake) here(ctx context.Context, r *received) (int64, error) {
	if m := r.message(); m != nil {
		return in.ticketHere(ctx, m)
	}
	chat, thread := r.chat()
	if thread == 0 {
		return 0, nil
	}
	t, err := in.cfg.Store.TicketIn(ctx, chat.ID, int64(thread))
	switch {
	case errors.Is(err, tickets.ErrNotFound):
		return 0, nil
	case err != nil:
		return 0, in.storeError(ctx, err)
	}
	return t.ID, nil
}
