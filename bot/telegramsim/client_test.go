package telegramsim_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"intakebot/bot/telegramsim"
)

// tell makes the bot say something in a chat.
func (s *stage) tell(chat int64, text string, buttons ...string) int {
	s.t.Helper()
	a := args{"chat_id": chat, "text": text}
	if len(buttons) > 0 {
		a["reply_markup"] = keys(buttons...)
	}
	var m struct {
		ID int `json:"message_id"`
	}
	s.result(s.call("sendMessage", a), &m)
	return m.ID
}

func TestExpectReadsEachMessageOnce(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("раз")
	s.tell(ivan.ID(), "шаг 1")
	s.tell(ivan.ID(), "шаг 2")
	if m := ivan.Expect("шаг", "2"); m.Text != "шаг 2" {
		t.Errorf("%v", m)
	}
	if m := ivan.Expect("шаг"); m.Text != "шаг 1" {
		t.Errorf("%v", m)
	}
	ended, cancel := context.WithCancel(s.ctx)
	cancel()
	_, err := ivan.Chat.Expect(ended, "шаг")
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "Help desk: шаг 2") || !strings.Contains(err.Error(), "Ivan: раз") {
		t.Errorf("the error does not show the chat: %v", err)
	}
	id := s.tell(ivan.ID(), "шаг 3")
	ivan.Skip()
	if _, err := ivan.Chat.Expect(ended, "шаг"); err == nil {
		t.Error("a skipped message was read")
	}
	s.call("editMessageText", args{"chat_id": ivan.ID(), "message_id": id, "text": "шаг 3, исправлен"})
	if m := ivan.Expect("шаг 3"); m.Version != 2 {
		t.Errorf("%v", m)
	}
}

func TestExpectWakesOnTheMessage(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	watch := s.world.Subscribe()
	defer watch.Close()
	got := make(chan string, 1)
	go func() {
		m, err := ivan.Chat.Expect(s.ctx, "нужное")
		got <- fmt.Sprint(m.Text, err)
	}()
	s.tell(ivan.ID(), "другое")
	s.tell(ivan.ID(), "нужное")
	if g := <-got; g != "нужное<nil>" {
		t.Error(g)
	}
	for _, want := range []string{"другое", "нужное"} {
		if e := must[telegramsim.Event](t)(watch.Next(s.ctx)); e.Kind != telegramsim.MessageSent || e.Message.Text != want {
			t.Errorf("%+v", e)
		}
	}
}

func TestAWorldThatClosesEndsWaiting(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	watch := s.world.Subscribe()
	s.world.Close()
	if _, err := ivan.Chat.Expect(s.ctx, "x"); !errors.Is(err, telegramsim.ErrClosed) {
		t.Errorf("%v", err)
	}
	if _, err := watch.Next(s.ctx); !errors.Is(err, telegramsim.ErrClosed) {
		t.Errorf("%v", err)
	}
	if _, err := s.world.Subscribe().Next(s.ctx); !errors.Is(err, telegramsim.ErrClosed) {
		t.Errorf("%v", err)
	}
}

func TestTheNewestButtonIsPressed(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	old := s.tell(ivan.ID(), "1", "Далее", "Назад")
	s.tell(ivan.ID(), "2", "Далее »")
	s.tell(ivan.ID(), "3")
	for _, tc := range []struct {
		label, data string
	}{{"Далее", "Далее"}, {"Дал", "Далее »"}, {"»", "Далее »"}, {"Назад", "Назад"}} {
		ivan.Press(tc.label)
		if u := s.last(); u.CallbackQuery.Data != tc.data {
			t.Errorf("%s pressed %s", tc.label, u.CallbackQuery.Data)
		}
	}
	must[*telegramsim.Pressed](t)(ivan.PressData(old, "made up"))
	if u := s.last(); u.CallbackQuery.Data != "made up" || u.CallbackQuery.Message.Message.ID != old {
		t.Errorf("%+v", u.CallbackQuery)
	}
	if _, err := ivan.Seat.Press("Нет такой"); !errors.Is(err, telegramsim.ErrNoButton) || !strings.Contains(err.Error(), "on message 3 [Далее »]; on message 2 [Далее] [Назад]") {
		t.Errorf("%v", err)
	}
}

// failing is a TB that keeps what a test would have failed with.
type failing struct {
	ctx  context.Context
	text string
}

func (f *failing) Helper()                           {}
func (f *failing) Context() context.Context          { return f.ctx }
func (f *failing) Fatalf(format string, args ...any) { f.text = fmt.Sprintf(format, args...) }

func TestAnActorFailsTheTestWithTheChat(t *testing.T) {
	s := newStage(t)
	ended, cancel := context.WithCancel(s.ctx)
	cancel()
	tb := &failing{ctx: ended}
	ivan := s.world.Customer(tb, "Ivan")
	ivan.Send("алло")
	for what, act := range map[string]func(){
		`expected a message with ["ответ"]`: func() { ivan.Expect("ответ") },
		`Ivan presses Далее`:                func() { ivan.Press("Далее") },
		`expected a topic with ["№"]`:       func() { ivan.ExpectTopic("№") },
	} {
		tb.text = ""
		act()
		if !strings.Contains(tb.text, what) || !strings.Contains(tb.text, "Ivan: алло") {
			t.Errorf("%s: %q", what, tb.text)
		}
	}
}

func TestHistoryIsKeptShort(t *testing.T) {
	s := newStage(t, telegramsim.WithHistory(5))
	ivan := s.world.Customer(t, "Ivan")
	for i := range 100 {
		ivan.Send(fmt.Sprint("сообщение ", i))
		s.tell(ivan.ID(), fmt.Sprint("ответ ", i))
	}
	if n := len(ivan.Messages()); n < 5 || n > 10 {
		t.Errorf("%d messages are kept", n)
	}
	if m, ok := ivan.Last(); !ok || m.Text != "ответ 99" {
		t.Errorf("%v", m)
	}
	if ivan.Expect("ответ 98"); len(ivan.Messages()) == 0 {
		t.Error("nothing is left")
	}
}
