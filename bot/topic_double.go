package bot

import (
	"cmp"
	"context"
	"errors"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// ownTopic is the topic that an update tells of, where the bot itself made it
// for a ticket; nil: it tells of something else.
func (in *Intake) ownTopic(r *received) *tickets.NewTopic {
	m := r.update.Message
	id := in.madeFor(m)
	if id == 0 {
		return nil
	}
	return &tickets.NewTopic{Ticket: id, Group: m.Chat.ID, Thread: int64(cmp.Or(m.MessageThreadID, m.ID))}
}

// madeFor is the ticket for which the bot itself made the topic that a message
// begins; 0: it begins none of the bot's.
func (in *Intake) madeFor(m *models.Message) int64 {
	if m == nil || m.ForumTopicCreated == nil || m.From == nil || !m.From.IsBot || m.From.Username != in.cfg.Username {
		return 0
	}
	return firstNumber(m.ForumTopicCreated.Name)
}

// topicMade takes the news of a topic that the bot itself has made. Mostly its
// maker has recorded it, or is about to. One whose maker never learnt of it, as
// it crashed or the answer was lost, becomes the ticket's; or where that has
// another by now, it is taken away: nothing was ever sent there (P2). Hearing
// the same news again does no harm.
func (in *Intake) topicMade(ctx context.Context, r *received, topic tickets.NewTopic) error {
	t, err := in.cfg.Store.Ticket(ctx, topic.Ticket)
	if err == nil && t.Place == (tickets.Place{Group: topic.Group}) {
		if err = in.commit(ctx, tickets.Change{Topic: &topic}); err != nil {
			return err
		}
		t, err = in.cfg.Store.Ticket(ctx, topic.Ticket)
	}
	switch {
	case errors.Is(err, tickets.ErrNotFound):
		return in.pass(r)
	case err != nil:
		return in.storeError(ctx, err)
	case t.Place.Group != topic.Group || t.Place.Thread == topic.Thread:
		return in.pass(r)
	}
	in.Counters.Doubled.Add(1)
	in.log.Warn("a topic was made twice, as the outcome of the first try was not known; the empty one is taken away",
		"ticket", t.ID, "chat", topic.Group, "topic", topic.Thread)
	mark := r.mark()
	return in.commit(ctx, tickets.Change{Update: &mark, Notices: []tickets.Notice{{
		To: tickets.Address{Chat: topic.Group}, About: t.ID, Kind: tickets.NoticeUntopic, Priority: tickets.PriorityReminder,
		Lang: in.cfg.Policy.Agents.Lang, Target: topic.Thread,
	}}})
}

// untopic deletes a topic that holds nothing. Where that is refused, it is closed.
func (s *sender) untopic(ctx context.Context, n tickets.Notice, at spot, r *result) {
	if n.Target == 0 { // it was left behind
		return
	}
	call, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	_, err := s.api.DeleteForumTopic(call, &tg.DeleteForumTopicParams{ChatID: at.chat, MessageThreadID: int(n.Target)})
	if classify(err).fate == fateBad {
		s.log.Warn("an empty topic cannot be deleted, and is closed", "chat", at.chat, "topic", n.Target, "cause", redact(s.api.Token(), err))
		n.Extra.Closed = true
		err = s.close(ctx, n, topicKey{at.chat, n.Target})
	}
	if classify(err).fate != fateNoTopic { // else somebody was quicker
		r.err = harmless(err)
	}
}
