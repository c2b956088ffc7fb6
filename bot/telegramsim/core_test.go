package telegramsim_test

import (
	"strings"
	"testing"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

func TestAPersonTalksWithABot(t *testing.T) {
	s := newStage(t)
	ivan := s.world.AddPerson("Ivan Petrov")
	if _, err := ivan.Send("/start"); err != nil {
		t.Fatal(err)
	}
	updates := s.poll(0, 0)
	if len(updates) != 1 || updates[0].Message.Text != "/start" || updates[0].Message.Entities[0].Type != models.MessageEntityTypeBotCommand {
		t.Fatalf("updates: %+v", updates)
	}
	sent, err := s.api.SendMessage(s.ctx, &bot.SendMessageParams{
		ChatID: updates[0].Message.Chat.ID, Text: "Какой у вас сайт?",
		ReplyMarkup: models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "Назад", CallbackData: "1:back"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	asked, err := ivan.Expect(s.ctx, "сайт")
	if err != nil || asked.ID != sent.ID || asked.Labels()[0] != "Назад" {
		t.Fatalf("%v %v", asked, err)
	}
	pressed, err := ivan.Press("Назад")
	if err != nil {
		t.Fatal(err)
	}
	updates = s.poll(updates[0].ID+1, 0)
	if len(updates) != 1 || updates[0].CallbackQuery.Data != "1:back" || updates[0].CallbackQuery.Message.Message.ID != sent.ID {
		t.Fatalf("press: %+v", updates)
	}
	ok, err := s.api.AnswerCallbackQuery(s.ctx, &bot.AnswerCallbackQueryParams{CallbackQueryID: updates[0].CallbackQuery.ID, Text: "хорошо"})
	if err != nil || !ok {
		t.Fatal(err)
	}
	if a, err := pressed.Answer(s.ctx); err != nil || a.Text != "хорошо" {
		t.Fatalf("%+v %v", a, err)
	}
	edited, err := s.api.EditMessageText(s.ctx, &bot.EditMessageTextParams{ChatID: ivan.UserID(), MessageID: sent.ID, Text: "Готово"})
	if err != nil || edited.EditDate == 0 {
		t.Fatalf("%+v %v", edited, err)
	}
	if m, err := ivan.Expect(s.ctx, "Готово"); err != nil || m.Version != 2 || len(m.Buttons) != 0 {
		t.Fatalf("%+v %v", m, err)
	}
	if got := ivan.Transcript(); !strings.Contains(got, "Ivan Petrov: /start") || !strings.Contains(got, "Help desk: Готово") {
		t.Fatal(got)
	}
}

func TestAMissingButtonIsToldWithThoseThatExist(t *testing.T) {
	s := newStage(t)
	ivan := s.world.AddPerson("Ivan")
	_, _ = ivan.Send("/start")
	_, err := s.api.SendMessage(s.ctx, &bot.SendMessageParams{
		ChatID: ivan.UserID(), Text: "?",
		ReplyMarkup: models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "Далее", CallbackData: "x"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ivan.Press("Отмена"); err == nil || !strings.Contains(err.Error(), "[Далее]") {
		t.Fatal(err)
	}
}
