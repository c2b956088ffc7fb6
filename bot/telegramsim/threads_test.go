package telegramsim_test

import (
	"errors"
	"testing"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
)

// inThreads is a stage whose bot has topics in private chats, with a person and
// a topic of theirs.
func inThreads(t *testing.T, byPeople bool) (*stage, *telegramsim.Actor, *models.ForumTopic) {
	s := newStage(t)
	s.bot.SetTopics(true, byPeople)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	topic := must[*models.ForumTopic](t)(s.api.CreateForumTopic(s.ctx, &bot.CreateForumTopicParams{ChatID: ivan.ID(), Name: "T-1001 · a.ru"}))
	return s, ivan, topic
}

func TestATopicOfAPrivateChatsLife(t *testing.T) {
	s, ivan, topic := inThreads(t, false)
	if me := must[*models.User](t)(s.api.GetMe(s.ctx)); !me.HasTopicsEnabled || me.AllowsUsersToCreateTopics {
		t.Errorf("%+v", me)
	}
	inside := ivan.At(ivan.Topic(topic.MessageThreadID))
	sent := must[*models.Message](t)(s.api.SendMessage(s.ctx, &bot.SendMessageParams{
		ChatID: ivan.ID(), MessageThreadID: topic.MessageThreadID, Text: "принято",
	}))
	if !sent.IsTopicMessage || sent.MessageThreadID != topic.MessageThreadID || sent.ReplyToMessage != nil || sent.Chat.IsForum {
		t.Errorf("%+v", sent)
	}
	inside.Expect("принято")
	said := inside.Send("спасибо", telegramsim.ReplyTo(sent.ID))
	updates := s.poll(0, 0)
	last := updates[len(updates)-1].Message
	if last.Text != "спасибо" || last.MessageThreadID != topic.MessageThreadID || !last.IsTopicMessage || last.ReplyToMessage.ID != sent.ID {
		t.Errorf("%+v", last)
	}
	// A reply goes where the message stands.
	if m := must[*models.Message](t)(s.api.SendMessage(s.ctx, &bot.SendMessageParams{
		ChatID: ivan.ID(), Text: "да", ReplyParameters: &models.ReplyParameters{MessageID: said.ID},
	})); m.MessageThreadID != topic.MessageThreadID {
		t.Errorf("%+v", m)
	}
	yes := must[bool](t)
	yes(s.api.EditForumTopic(s.ctx, &bot.EditForumTopicParams{ChatID: ivan.ID(), MessageThreadID: topic.MessageThreadID, Name: "T-1001 ✅"}))
	if list := ivan.Topics(); len(list) != 1 || list[0].Name != "T-1001 ✅" || inside.Title() != "T-1001 ✅" {
		t.Errorf("%+v", list)
	}
	if main := ivan.Topic(1).Messages(); len(main) != 1 || main[0].Text != "/start" {
		t.Errorf("outside of topics: %v", main)
	}
	yes(s.api.DeleteForumTopic(s.ctx, &bot.DeleteForumTopicParams{ChatID: ivan.ID(), MessageThreadID: topic.MessageThreadID}))
	if len(ivan.Topics()) != 0 || len(inside.Messages()) != 0 {
		t.Errorf("left: %v %v", ivan.Topics(), inside.Messages())
	}
	s.noThread(ivan.ID(), topic.MessageThreadID)
	if _, err := inside.Seat.Send("x"); !errors.Is(err, telegramsim.ErrNoTopic) {
		t.Errorf("wrote into a deleted topic: %v", err)
	}
}

// noThread wants a send into a topic to be refused.
func (s *stage) noThread(chat int64, thread int) {
	s.t.Helper()
	r := s.call("sendMessage", args{"chat_id": chat, "message_thread_id": thread, "text": "x"})
	if r.ErrorCode != 400 || r.Description != "Bad Request: message thread not found" {
		s.t.Errorf("%+v", r)
	}
}

func TestTopicsOfPrivateChatsAreSwitched(t *testing.T) {
	s, ivan, topic := inThreads(t, true)
	inside := ivan.At(ivan.Topic(topic.MessageThreadID))
	said := inside.Send("внутри")
	s.bot.SetTopics(false, true)
	s.noThread(ivan.ID(), topic.MessageThreadID)
	for method, more := range map[string]args{
		"createForumTopic": {"name": "x"}, "editForumTopic": {"message_thread_id": topic.MessageThreadID, "name": "x"},
	} {
		more["chat_id"] = ivan.ID()
		if r := s.call(method, more); r.Description != "Bad Request: the chat is not a forum" {
			t.Errorf("%s: %+v", method, r)
		}
	}
	if _, err := inside.Seat.Send("x"); !errors.Is(err, telegramsim.ErrNoTopic) {
		t.Errorf("wrote into a topic that is switched off: %v", err)
	}
	if _, err := ivan.CreateTopic("x"); !errors.Is(err, telegramsim.ErrNoRight) {
		t.Errorf("made a topic where there are none: %v", err)
	}
	flat := must[*models.Message](t)(s.api.SendMessage(s.ctx, &bot.SendMessageParams{
		ChatID: ivan.ID(), Text: "в общем", ReplyParameters: &models.ReplyParameters{MessageID: said.ID},
	}))
	if flat.MessageThreadID != 0 {
		t.Errorf("%+v", flat)
	}
	s.bot.SetTopics(true, true)
	inside.Send("снова внутри")
}

// TestPeopleMakeTopicsWhereTheyMay also closes none: private chats have no such
// thing.
func TestPeopleMakeTopicsWhereTheyMay(t *testing.T) {
	s, ivan, topic := inThreads(t, false)
	if _, err := ivan.CreateTopic("x"); !errors.Is(err, telegramsim.ErrNoRight) {
		t.Errorf("made a topic: %v", err)
	}
	if err := ivan.DeleteTopic(topic.MessageThreadID); !errors.Is(err, telegramsim.ErrNoRight) {
		t.Errorf("deleted a topic: %v", err)
	}
	s.bot.SetTopics(true, true)
	own := must[*telegramsim.Chat](t)(ivan.CreateTopic("Моё"))
	ivan.At(own).Send("вопрос")
	updates := s.poll(0, 0)
	if last := updates[len(updates)-1].Message; last.Text != "вопрос" || last.MessageThreadID != own.Thread() {
		t.Errorf("%+v", last)
	}
	if err := ivan.DeleteTopic(own.Thread()); err != nil || len(ivan.Topics()) != 1 {
		t.Errorf("%v, left %v", err, ivan.Topics())
	}
	r := s.call("closeForumTopic", args{"chat_id": ivan.ID(), "message_thread_id": topic.MessageThreadID})
	if r.Description != "Bad Request: the chat is not a forum" {
		t.Errorf("%+v", r)
	}
	if err := ivan.CloseTopic(topic.MessageThreadID, true); !errors.Is(err, telegramsim.ErrNoRight) {
		t.Errorf("closed a topic: %v", err)
	}
}
