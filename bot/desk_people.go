package bot

import (
	"context"
	"strings"

	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// colleague is the agent that a command names: by a reply to their message, by
// a mention, or by the name of an administrator of the group. Nobody where the
// command names none, or one who is not known.
func (in *Intake) colleague(ctx context.Context, m *models.Message, name string) (tickets.Actor, error) {
	if to := repliedTo(m); to != nil && name == "" && to.From != nil && !to.From.IsBot {
		return agent(to.From), nil
	}
	for _, e := range m.Entities {
		if e.Type == models.MessageEntityTypeTextMention && e.User != nil && !e.User.IsBot {
			return agent(e.User), nil
		}
	}
	name = strings.TrimPrefix(name, "@")
	if name == "" {
		return tickets.Actor{}, nil
	}
	ask, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	admins, err := in.cfg.Telegram.Admins(ask, m.Chat.ID)
	if err != nil {
		return tickets.Actor{}, &refusal{err: err, telegram: true}
	}
	for _, u := range admins {
		if !u.IsBot && (strings.EqualFold(u.Username, name) || strings.EqualFold(person(&u).Name, name)) {
			return agent(&u), nil
		}
	}
	return tickets.Actor{}, nil
}

// customersPost is the message of a ticket's customer that a command replies to
// here, as the customer sent it; nil: it replies to none.
func (in *Intake) customersPost(ctx context.Context, m *models.Message, t tickets.Ticket) (*tickets.Post, error) {
	to := repliedTo(m)
	if to == nil {
		return nil, nil
	}
	here := tickets.Spot{Chat: m.Chat.ID, Message: int64(to.ID)}
	list, err := in.cfg.Store.Carried(ctx, here)
	if err != nil {
		return nil, in.storeError(ctx, err)
	}
	post, ok := postOf(to)
	if !ok {
		return nil, nil
	}
	post.Source = tickets.Source{Chat: t.Customer}
	for _, c := range list {
		if c.To == here && c.From.Chat == t.Customer && c.Ticket == t.ID {
			post.Source.Messages = append(post.Source.Messages, c.From.Message)
		}
	}
	if len(post.Source.Messages) == 0 {
		return nil, nil
	}
	in.behead(&post, t)
	if len(to.Photo) > 0 {
		shot := photo(to.Photo)
		post.Shot = &shot
	}
	return &post, nil
}

// behead takes off the lines above a customer's words that the bot put there:
// one, or several where several additions became one message.
func (in *Intake) behead(p *tickets.Post, t tickets.Ticket) {
	if p.Body == nil {
		return
	}
	head := in.cfg.Render(in.cfg.Policy.Agents.Lang, tickets.AddedHead(t))
	for at := 0; ; {
		if strings.HasPrefix(p.Body.Text[at:], head) {
			line, _, _ := strings.Cut(p.Body.Text[at:], "\n")
			p.Body = without(*p.Body, at, min(at+len(line)+1, len(p.Body.Text)))
		}
		next := strings.Index(p.Body.Text[at:], paragraph+head)
		if next < 0 {
			return
		}
		at += next + len(paragraph)
	}
}

// without is a body less some bytes of its text.
func without(b tickets.Body, from, to int) *tickets.Body {
	first, last := unitsOf(b.Text[:from]), unitsOf(b.Text[:to])
	out := tickets.Body{Text: b.Text[:from] + b.Text[to:]}
	for _, e := range b.Entities {
		switch {
		case e.Offset >= last:
			e.Offset -= last - first
		case e.Offset+e.Length > first:
			continue // of what is gone
		}
		out.Entities = append(out.Entities, e)
	}
	return &out
}
