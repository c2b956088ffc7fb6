package telegramsim

import (
	"fmt"

	"github.com/go-telegram/bot/models"
)

// Edit changes the text of a message that the person sent, or its caption where
// it is a medium. The bot gets an edited_message.
func (s *Seat) Edit(messageID int, text string) (Message, error) {
	t, err := tidy(richText{text: text})
	if err != nil {
		return Message{}, err
	}
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	r, err := s.own(messageID)
	if err != nil {
		return Message{}, err
	}
	msg := *r.msg
	if _, file := kindOf(r.msg); file != "" {
		msg.Caption, msg.CaptionEntities = t.text, t.entities
	} else {
		msg.Text, msg.Entities = t.text, t.entities
	}
	msg.EditDate = s.w.unix()
	s.w.revise(s.c, r, &msg)
	s.w.notifyBots(s.c, r, models.AllowedUpdateEditedMessage)
	return s.w.snapshot(s.c, r), nil
}

func (s *Seat) own(messageID int) (*record, error) {
	r := s.c.get(messageID)
	if r == nil || r.msg.From == nil || r.msg.From.ID != s.person.user.ID {
		return nil, fmt.Errorf("%w of this person's: %d", ErrNoMessage, messageID)
	}
	return r, nil
}

// Delete removes a message for everybody: one's own, anything in a private chat,
// and anything in a group for an administrator. The bot learns nothing of it.
func (s *Seat) Delete(messageID int) error {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	r := s.c.get(messageID)
	if r == nil {
		return fmt.Errorf("%w: %d", ErrNoMessage, messageID)
	}
	mine := r.msg.From != nil && r.msg.From.ID == s.person.user.ID
	if !mine && !s.c.isPrivate() && !s.c.members[s.person.user.ID].can(DeleteMessages) {
		return ErrNoRight
	}
	s.w.erase(s.c, r)
	return nil
}

// React sets the person's reaction on a message; an empty emoji takes it away. A
// bot learns of it when it asked for message_reaction and, in a group, is an
// administrator.
func (s *Seat) React(messageID int, emoji string) error {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	r := s.c.get(messageID)
	if r == nil {
		return fmt.Errorf("%w: %d", ErrNoMessage, messageID)
	}
	now := []models.ReactionType{}
	if emoji != "" {
		now = append(now, models.ReactionType{
			Type: models.ReactionTypeTypeEmoji, ReactionTypeEmoji: &models.ReactionTypeEmoji{Emoji: emoji},
		})
	}
	old := r.react(s.person.user.ID, now)
	if old == nil {
		old = []models.ReactionType{}
	}
	s.w.tell(s.c, r, MessageReacted)
	for _, b := range s.reactionBots() {
		b.enqueue(models.AllowedUpdateMessageReaction, lane{laneReactions, s.c.info.ID}, updateLife, func(u *models.Update) {
			u.MessageReaction = &models.MessageReactionUpdated{
				Chat: s.c.info, MessageID: messageID, User: s.person.telegramUser(), Date: s.w.unix(),
				OldReaction: old, NewReaction: now,
			}
		})
	}
	return nil
}

func (s *Seat) reactionBots() []*Bot {
	if s.c.isPrivate() {
		return []*Bot{s.c.bot}
	}
	var out []*Bot
	for _, b := range s.c.bots() {
		if s.c.members[b.user.ID].isAdmin() {
			out = append(out, b)
		}
	}
	return out
}

// CreateTopic makes a topic by hand: in a forum as an administrator can, in a
// private chat where the bot lets people (Bot.SetTopics).
func (s *Seat) CreateTopic(name string) (*Chat, error) {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	if !s.c.hasTopics() || !s.mayTopics(ManageTopics) {
		return nil, ErrNoRight
	}
	t := s.w.addTopic(s.c, s.person.telegramUser(), nil, cleanName(name), defaultTopicColor, "")
	return s.Topic(t.id), nil
}

// DeleteTopic deletes a topic with all its messages, by the same rights. The
// bot learns of it only when it next sends there.
func (s *Seat) DeleteTopic(id int) error {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	t := s.c.topics[id]
	switch {
	case t == nil || t.deleted:
		return ErrNoTopic
	case !s.mayTopics(DeleteMessages):
		return ErrNoRight
	}
	s.w.deleteTopic(s.c, t)
	return nil
}

// mayTopics tells whether the person may make or delete topics here.
func (s *Seat) mayTopics(right Rights) bool {
	if s.c.isPrivate() {
		return s.c.bot.byPeople
	}
	return s.c.members[s.person.user.ID].can(right)
}

// CloseTopic closes a forum's topic by hand, or opens it again.
func (s *Seat) CloseTopic(id int, closed bool) error {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	t := s.c.topics[id]
	switch {
	case t == nil || t.deleted:
		return ErrNoTopic
	case !s.c.members[s.person.user.ID].can(ManageTopics):
		return ErrNoRight
	case t.closed == closed:
		return nil
	}
	t.closed = closed
	notice := &models.Message{From: s.person.telegramUser(), ForumTopicClosed: &models.ForumTopicClosed{}}
	if !closed {
		notice = &models.Message{From: s.person.telegramUser(), ForumTopicReopened: &models.ForumTopicReopened{}}
	}
	r := s.w.post(s.c, notice, t.id, nil, nil)
	s.w.notifyBots(s.c, r, models.AllowedUpdateMessage)
	s.w.emit(s.c, Event{Kind: TopicChanged, Thread: t.id})
	return nil
}
