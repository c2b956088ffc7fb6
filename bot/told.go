package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/dialog"
	"intakebot/tickets"
)

func (in *Intake) rules() tickets.Desk { return tickets.Desk{Policy: in.cfg.Policy, Now: in.cfg.Now()} }

// sayNo is a refusal in the bot's own words.
func sayNo(key string, args tickets.Args) error {
	return &tickets.Refusal{Line: tickets.Line{Key: key, Args: args}}
}

// unknownTicket is said of a ticket that there is not, or that is another customer's.
const unknownTicket = "ticket.unknown"

// ticketError tells a ticket that is not there from a store that is away.
func (in *Intake) ticketError(ctx context.Context, err error) error {
	if errors.Is(err, tickets.ErrNotFound) {
		return sayNo(unknownTicket, nil)
	}
	return in.storeError(ctx, err)
}

// onTicket works on a ticket until its version holds still: load, work out,
// commit. r is nil for the clock.
func (in *Intake) onTicket(ctx context.Context, r *received, id int64, do func(tickets.Ticket) (tickets.Change, error)) error {
	return in.insistOn(ctx, r, func() (tickets.Change, error) {
		t, err := in.cfg.Store.Ticket(ctx, id)
		if err != nil {
			return tickets.Change{}, in.ticketError(ctx, err)
		}
		c, err := do(t)
		if err == nil {
			err = in.overDraft(ctx, t, &c)
		}
		return c, err
	})
}

// asking are the first lines of what customers may answer; so they may whatever has
// an agent's own words in it.
var asking = []string{
	"answer", "answer.by", "answer.begun", "answer.begun.by", "told.waiting", "told.reopened", "told.reopened.by", "told.reminded", "told.words",
}

// overDraft tells customers who are in the middle of another draft how their words
// reach the ticket that they are asked about: they would answer the draft's question.
func (in *Intake) overDraft(ctx context.Context, t tickets.Ticket, c *tickets.Change) error {
	asks := func(n tickets.Notice) bool {
		return n.To.Chat == t.Customer && slices.ContainsFunc(n.Message.Text, func(l tickets.Line) bool { return slices.Contains(asking, l.Key) })
	}
	i := slices.IndexFunc(c.Notices, asks)
	if i < 0 || t.Thread != 0 {
		return nil
	}
	customer, err := in.cfg.Store.Customer(ctx, t.Customer)
	if err != nil {
		return in.storeError(ctx, err)
	}
	if dialog.Busy(customer) {
		hint := c.Notices[i]
		c.Notices = append(c.Notices, tickets.Notice{
			To: hint.To, About: t.ID, Kind: tickets.NoticeSend, Priority: hint.Priority, Lang: hint.Lang, After: hint.After,
			Message: tickets.Say("told.draft", nil), Once: true, Merge: "draft",
		})
	}
	return nil
}

// insistOn works a change out and commits it, again where a version has moved
// meanwhile: the last word wins, but knows of the one before.
func (in *Intake) insistOn(ctx context.Context, r *received, do func() (tickets.Change, error)) error {
	wait := in.backoff(5*time.Millisecond, 200*time.Millisecond)
	var err error
	for range staleAttempts {
		var c tickets.Change
		if c, err = do(); err != nil {
			return err
		}
		if r != nil {
			mark := r.mark()
			c.Update = &mark
		}
		if err = in.commit(ctx, c); !errors.Is(err, tickets.ErrStale) {
			return err
		}
		in.Counters.Stale.Add(1)
		pause(ctx, wait.next())
	}
	return err
}

// told answers whoever acted: a press is ended, a refusal is said in words where
// it happened. A refusal is no failure. The ticket is the one it was about; 0:
// none.
func (in *Intake) told(ctx context.Context, r *received, about int64, err error) error {
	var no *tickets.Refusal
	if !errors.As(err, &no) {
		if err == nil {
			in.answerPress(r, "", false)
		}
		return err
	}
	if no.Line.Key == unknownTicket {
		about = 0
	}
	if r.press() != nil {
		in.answerPress(r, in.cfg.Render(in.readerOf(ctx, r), no.Line), true)
		return nil
	}
	return in.say(ctx, r, about, tickets.Message{Text: []tickets.Line{no.Line}})
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
func (in *Intake) say(ctx context.Context, r *received, about int64, m tickets.Message) error {
	n, err := in.answerTo(ctx, r, about, m)
	if err != nil {
		return err
	}
	mark := r.mark()
	return in.commit(ctx, tickets.Change{Update: &mark, Notices: []tickets.Notice{n}})
}

// answerTo addresses a message to the place where something happened, below
// what it answers.
func (in *Intake) answerTo(ctx context.Context, r *received, about int64, m tickets.Message) (tickets.Notice, error) {
	chat, _ := r.chat()
	n := tickets.Notice{
		To: tickets.Address{Chat: chat.ID}, Kind: tickets.NoticeSend, Priority: tickets.PriorityDialog,
		Lang: in.readerOf(ctx, r), About: about, Message: m,
	}
	switch {
	case r.message() != nil:
		n.Target = int64(r.message().ID)
	case chat.Type != models.ChatTypePrivate:
		n.Target = pressedOn(r)
	}
	if chat.Type == models.ChatTypePrivate {
		n.Extra.Thread = r.topic()
		return n, nil
	}
	id, err := in.here(ctx, r)
	n.To.Ticket = id
	return n, err
}

// pressedOn is the message with the button that was pressed; 0: none.
func pressedOn(r *received) int64 {
	q := r.press()
	switch {
	case q == nil:
	case q.Message.Message != nil:
		return int64(q.Message.Message.ID)
	case q.Message.InaccessibleMessage != nil:
		return int64(q.Message.InaccessibleMessage.MessageID)
	}
	return 0
}
