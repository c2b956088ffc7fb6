package bot

import (
	"testing"
	"time"

	"intakebot/dialog"
	"intakebot/tickets"
)

const (
	reminded = "черновик ждёт вас"
	expired  = "Черновик заявки пролежал слишком долго"
)

// draftToSite has the customer answer the questions before the one for the site.
func (s *shift) draftToSite() {
	s.Helper()
	s.presses(s.anna, "Новая заявка")
	s.presses(s.anna, "Ошибка или сбой")
	for _, answer := range []string{"Анна", "anna@example.ru", "anna"} {
		s.does(s.anna.Send(answer))
	}
	s.does(s.anna.Send("Пропустить"))
	s.hears(s.anna.Chat, "Адрес сайта?")
}

// TestADraftIsRemindedOfOnce: after the policy's hour, in the running program,
// with the question and its buttons; and not again however long it waits.
func TestADraftIsRemindedOfOnce(t *testing.T) {
	atDesk(t, func(s *shift) {
		s.draftToSite()
		s.pass(s.policy.Limits.RemindAfter - time.Minute)
		s.count(s.anna.Chat, reminded, 0)
		s.pass(2 * time.Minute)
		s.hears(s.anna.Chat, reminded, "Шаг 3 из 8", "Адрес сайта?")
		s.pass(5 * s.policy.Limits.RemindAfter)
		s.count(s.anna.Chat, reminded, 1)
		s.presses(s.anna, "Назад")
		s.hears(s.anna.Chat, "Телефон для экстренной связи?")
		s.pass(s.policy.Limits.RemindAfter + time.Minute) // another silence
		s.hears(s.anna.Chat, reminded, "Телефон для экстренной связи?")
	})
}

// TestARemindersHourGoesOnOverARestart: the clock is in the store.
func TestARemindersHourGoesOnOverARestart(t *testing.T) {
	atDesk(t, func(s *shift) {
		s.draftToSite()
		s.pass(s.policy.Limits.RemindAfter / 2)
		s.away(s.policy.Limits.RemindAfter)
		s.settled()
		s.count(s.anna.Chat, reminded, 1)
		s.hears(s.anna.Chat, reminded, "Адрес сайта?")
		s.does(s.anna.Send("example.ru"))
		s.hears(s.anna.Chat, "В чём проблема?")
	})
}

// TestADraftWaitsAWeek: up to the policy's limit it goes on, and then it ends
// and says so, whether the customer comes back or not.
func TestADraftWaitsAWeek(t *testing.T) {
	atDesk(t, func(s *shift) {
		s.draftToSite()
		s.away(s.policy.Limits.DraftKept - time.Minute)
		s.does(s.anna.Send("example.ru"))
		s.hears(s.anna.Chat, "В чём проблема?")
		s.away(s.policy.Limits.DraftKept - time.Minute)
		s.count(s.anna.Chat, expired, 0)
		s.pass(2 * time.Minute)
		s.count(s.anna.Chat, expired, 1)
		last := s.hears(s.anna.Chat, expired)
		if len(last.Buttons) == 0 {
			t.Errorf("no way on from %s", last)
		}
		s.pass(3 * time.Hour)
		s.count(s.anna.Chat, expired, 1)
		s.presses(s.anna, "Новая заявка")
		s.hears(s.anna.Chat, "О чём ваша заявка?")
	})
}

// TestABlockedCustomerIsNotReminded: who does not want to hear of the bot hears
// nothing, and is shown the draft on coming back.
func TestABlockedCustomerIsNotReminded(t *testing.T) {
	atDesk(t, func(s *shift) {
		s.draftToSite()
		s.does(nil, s.anna.Block())
		s.pass(2 * s.policy.Limits.RemindAfter)
		s.count(s.anna.Chat, reminded, 0)
		s.does(nil, s.anna.Unblock())
		s.pass(time.Minute)
		s.count(s.anna.Chat, reminded, 1)
		s.does(s.anna.Send("example.ru"))
		s.hears(s.anna.Chat, "В чём проблема?")
	})
}

// TestADraftEndsThoughNobodyLooked: a press that comes after the limit, before
// the clock's look, finds no draft either.
func TestADraftEndsThoughNobodyLooked(t *testing.T) {
	atDesk(t, func(s *shift) {
		s.draftToSite()
		s.close()
		s.pass(s.policy.Limits.DraftKept + time.Hour)
		s.does(s.anna.Send("example.ru"))
		s.open()
		s.settled()
		s.count(s.anna.Chat, expired, 1)
		c, err := s.store.Outbox.(tickets.Store).Customer(s.ctx, s.anna.ID())
		if err != nil || dialog.Busy(c) {
			t.Errorf("there is a draft still: %v", err)
		}
	})
}

// TestADraftSurvivesARestartAtEveryStep: the buttons and the keyboard of before
// still serve, and nothing is asked or answered twice.
func TestADraftSurvivesARestartAtEveryStep(t *testing.T) {
	atDesk(t, func(s *shift) {
		press := func(label string) func() { return func() { s.presses(s.anna, label) } }
		send := func(text string) func() { return func() { s.does(s.anna.Send(text)) } }
		picture := func() { s.does(s.anna.SendPhoto(pngBytes(t, 1), "")) }
		for _, step := range []struct {
			does func()
			asks string
		}{
			{press("Новая заявка"), "О чём ваша заявка?"},
			{press("Другое"), "О чём ваша заявка?"},
			{press("Наполнение"), "Заявку всё же можно подать"},
			{press("Всё равно подать"), "Как вас зовут?"},
			{press("Anna"), "Ваша электронная почта?"},
			{send("anna@example.ru"), "Ваш логин"},
			{send("anna"), "Телефон для экстренной связи?"},
			{send("Пропустить"), "Адрес сайта?"},
			{send("example.ru"), "В чём проблема?"},
			{send("1. Каталог не открывается: белая страница.\n2. Перестали приходить письма о заказах."), "Добавил к описанию"},
			{press("Готово"), "2 разные проблемы"},
			{press("Подать по отдельности"), "Какой текст ошибки"},
			{press("Текста ошибки нет"), "Какие действия"},
			{press("Не знаю"), "Пришлите снимки"},
			{picture, "Сохранил: 1 снимок"},
			{press("Готово"), "Что меняли"},
			{press("Ничего не меняли"), "Проверьте заявку"},
			{press("Изменить"), "Что изменить?"},
			{press("Логин"), "Ваш логин"},
			{send("petrova"), "Проверьте заявку"},
			{send("/cancel"), "Отменить заявку?"},
			{press("Продолжить"), "Проверьте заявку"},
			{send("/new"), "уже есть неотправленная"},
			{press("Продолжить"), "Проверьте заявку"},
			{press("Отправить"), "Осталась ещё 1 проблема"},
			{press("Да, подать"), "О чём ваша заявка?"},
		} {
			before := len(botMessages(s.anna.Chat))
			step.does()
			s.away(time.Minute)
			s.settled()
			s.hears(s.anna.Chat, step.asks)
			if got := len(botMessages(s.anna.Chat)) - before; got > 2 {
				t.Errorf("%d messages before %q\n%s", got, step.asks, s.anna.Transcript())
			}
		}
	})
}
