package bot

import (
	"context"
	"slices"

	tg "github.com/go-telegram/bot"

	"intakebot/tickets"
)

// topicKey names a topic.
type topicKey struct{ chat, thread int64 }

// mostTopics bounds what is remembered of topics.
const mostTopics = 10_000

// inPlace sees that a ticket's notice has a place to go to: a topic where the
// group has topics, and the card in it. What it makes is recorded before
// anything else can go wrong, so that it is made once: then it says no, and the
// notice is tried again at once. A ticket whose card stands outside of a topic
// stays there.
func (s *sender) inPlace(ctx context.Context, c tickets.Claim, at spot, r *result) bool {
	n := c.Notice
	if n.To.Ticket == 0 || c.Place.Card != 0 {
		return true
	}
	if at.thread == 0 {
		forum, err := s.isForum(ctx, at.chat)
		if err != nil {
			r.err = err
			return false
		}
		if forum {
			s.makeTopic(ctx, n, at.chat, r)
			return false
		}
	}
	return n.Kind == tickets.NoticeCard || s.cardAnew(ctx, n, at, r)
}

// again is the line behind a card that was made anew from which on it tells what
// was before.
const again = "topic.again"

// Merges of what follows a card that was made anew: where the new topic is deleted
// too before they went, only those of the next one matter.
const (
	mergeRest = "card rest"
	mergePast = "card past"
)

// CardOf makes cards anew, for OutboxConfig.Card, of tickets in a store, with
// their history behind them.
func CardOf(store tickets.Store, policy *tickets.Policy) func(context.Context, int64) (tickets.Notice, error) {
	return func(ctx context.Context, id int64) (tickets.Notice, error) {
		t, err := store.Ticket(ctx, id)
		if err != nil {
			return tickets.Notice{}, err
		}
		d := tickets.Desk{Policy: policy}
		n := tickets.Notice{
			To: tickets.Address{Chat: t.Place.Group, Ticket: id}, About: id, Kind: tickets.NoticeCard,
			Lang: policy.Agents.Lang, Message: d.Card(t), Title: d.Title(t),
		}
		n.Message.Files, n.Extra.Closed = t.Report.Files, t.State.Ended()
		events, err := store.Events(ctx, id)
		past := d.Transcript(t, events)
		past.Text[0] = tickets.Line{Key: again}
		n.Message.Text = append(n.Message.Text, past.Text...)
		return n, err
	}
}

// makeTopic makes a topic for a ticket, and stops there.
func (s *sender) makeTopic(ctx context.Context, n tickets.Notice, chat int64, r *result) {
	if n.Title.Key == "" && s.card != nil {
		card, err := s.card(ctx, n.To.Ticket)
		if err != nil {
			r.err = &unsentError{err}
			return
		}
		n.Title, n.Lang = card.Title, card.Lang
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	topic, err := s.api.CreateForumTopic(ctx, &tg.CreateForumTopicParams{ChatID: chat, Name: s.render.title(n)})
	if classify(err).fate == fateNoForum {
		s.log.Warn("no topic can be made; the ticket goes into the group itself", "chat", chat, "cause", redact(s.api.Token(), err))
		s.learn(chat, false)
		r.pause, r.lacks = true, lackOf(err)
		return
	}
	if err != nil {
		r.err = err
		return
	}
	if n.Kind != tickets.NoticeCard && s.remade != nil {
		s.remade(chat, int64(topic.MessageThreadID))
	}
	r.pause, r.sent = true, nil
	r.place = &tickets.Place{Group: chat, Thread: int64(topic.MessageThreadID)}
	s.shut(topicKey{chat, r.place.Thread}, false)
}

// cardAnew sends the card of a ticket that has lost it with its topic, and tells
// whether the notice itself can go on without that. What does not fit into one
// call follows as a notice of its own.
func (s *sender) cardAnew(ctx context.Context, n tickets.Notice, at spot, r *result) bool {
	if s.card == nil {
		return true
	}
	card, err := s.card(ctx, n.To.Ticket)
	if err != nil {
		r.err = &unsentError{err}
		return false
	}
	past := cutPast(&card.Message)
	parts := cardParts(s.render.content(card))
	if len(parts) == 0 {
		return true
	}
	at.reply = 0
	sent, err := s.text(at, parts[0]).run(ctx, nil)
	if s.cardRefused(n.To.Ticket, err) {
		s.log.Warn("a card cannot be sent anew", "ticket", n.To.Ticket, "cause", redact(s.api.Token(), err))
		return true
	}
	if err != nil {
		r.err = err
		return false
	}
	r.place = &tickets.Place{Group: at.chat, Thread: int64(at.thread), Card: sent[0]}
	r.pause, r.until = true, s.now()
	r.then = restOf(card, n.To, parts[1:])
	if at.thread != 0 && len(past) > 0 { // the new topic is empty
		r.then = append(r.then, tickets.Notice{
			To: n.To, About: n.To.Ticket, Kind: tickets.NoticeSend, Priority: tickets.PriorityAnswer, Lang: card.Lang,
			Message: tickets.Message{Text: past}, Merge: mergePast,
		})
	}
	return false
}

// cardRefused tells whether Telegram has found fault with a ticket's card so often
// in a row that what waits for it goes on without. A single refusal of an unknown
// kind must not lose the card; and it comes before the notice itself is given up
// for the same reason.
func (s *sender) cardRefused(ticket int64, err error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if classify(err).fate != fateBad {
		if err == nil {
			delete(s.refused, ticket)
		}
		return false
	}
	if len(s.refused) >= mostTopics {
		clear(s.refused)
	}
	s.refused[ticket]++
	return s.refused[ticket] >= mostOdd
}

// cutPast takes what was before off a card: the card is edited later, and that
// stays.
func cutPast(card *tickets.Message) []tickets.Line {
	i := slices.IndexFunc(card.Text, func(l tickets.Line) bool { return l.Key == again })
	if i < 0 {
		return nil
	}
	past := card.Text[i:]
	card.Text = card.Text[:i]
	return past
}

// restOf is what belongs to a card beside its first message.
func restOf(card tickets.Notice, to tickets.Address, parts []textPart) []tickets.Notice {
	if len(parts) == 0 && len(card.Message.Files) == 0 {
		return nil
	}
	rest := tickets.Notice{
		To: to, About: to.Ticket, Kind: tickets.NoticeSend, Priority: tickets.PriorityAnswer, Lang: card.Lang,
		Message: tickets.Message{Files: card.Message.Files}, Merge: mergeRest,
	}
	var text rich
	for i, p := range parts {
		if i > 0 {
			text = text.and("\n", p.text)
		} else {
			text = p.text
		}
	}
	if text.text != "" {
		rest.Extra.Body = text.body()
	}
	return []tickets.Notice{rest}
}

// topic brings a ticket's topic up to date: its name, and whether it is closed.
// In a plain group nothing is to be done. One that was deleted is made again,
// unless only to be closed.
func (s *sender) topic(ctx context.Context, c tickets.Claim, at spot, r *result) {
	n := c.Notice
	if c.Place.Card == 0 && s.card != nil && !n.Extra.Closed && !s.inPlace(ctx, c, at, r) || at.thread == 0 {
		return
	}
	key := topicKey{at.chat, int64(at.thread)}
	if r.err = s.rename(ctx, n, key); r.err == nil && s.isShut(key) != shutAs(n.Extra.Closed) {
		r.err = s.close(ctx, n, key)
	}
	if classify(r.err).fate == fateNoTopic && n.Extra.Closed {
		r.err = nil
	}
	if r.lacks = lackOf(r.err); r.lacks == "" { // else until somebody gives the right
		r.err = harmless(r.err)
	}
}

func (s *sender) rename(ctx context.Context, n tickets.Notice, key topicKey) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	_, err := s.api.EditForumTopic(ctx, &tg.EditForumTopicParams{
		ChatID: key.chat, MessageThreadID: int(key.thread), Name: s.render.title(n),
	})
	return unlessSo(err)
}

// close closes a topic, or opens it, and remembers that.
func (s *sender) close(ctx context.Context, n tickets.Notice, key topicKey) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	var err error
	if n.Extra.Closed {
		_, err = s.api.CloseForumTopic(ctx, &tg.CloseForumTopicParams{ChatID: key.chat, MessageThreadID: int(key.thread)})
	} else {
		_, err = s.api.ReopenForumTopic(ctx, &tg.ReopenForumTopicParams{ChatID: key.chat, MessageThreadID: int(key.thread)})
	}
	if err = unlessSo(err); err == nil {
		s.shut(key, n.Extra.Closed)
	}
	return err
}

// unlessSo passes over that a call would change nothing.
func unlessSo(err error) error {
	if classify(err).fate == fateDone {
		return nil
	}
	return err
}

// What is known of whether a topic is closed: calls that would change nothing
// are spared, as they cost the group's quota (P3).
const (
	shutUnknown = iota
	shutNo
	shutYes
)

func shutAs(closed bool) int {
	if closed {
		return shutYes
	}
	return shutNo
}

func (s *sender) isShut(key topicKey) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.topics[key]
}

func (s *sender) shut(key topicKey, closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.topics) >= mostTopics {
		clear(s.topics)
	}
	s.topics[key] = shutAs(closed)
}
