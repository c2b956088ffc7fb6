package bot

import (
	"strings"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// silent has a customer block the bot, and expects that whoever acts is told so
// and sees no sign of success.
func (s *shift) silent(topic *telegramsim.Chat, olga *telegramsim.Seat, command string) {
	s.Helper()
	before := len(botMessages(topic))
	wrote, err := olga.Send(command)
	s.does(wrote, err)
	m, _ := topic.Message(wrote.ID)
	var said []string
	for _, m := range botMessages(topic)[before:] {
		said = append(said, m.Text)
	}
	if len(m.Reactions) > 0 || !strings.Contains(strings.Join(said, "\n"), "заблокировал бота") {
		s.Errorf("%s: reactions %v, said %q", command, m.Reactions, said)
	}
}

// TestNothingIsSaidToBeSentBeforeItWas: a canned answer and the news of a status
// are reported like an answer, by what became of them.
func TestNothingIsSaidToBeSentBeforeItWas(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		for _, command := range []string{"/r details", "/wait", "/solve"} {
			wrote, err := olga.Send(command)
			s.does(wrote, err)
			s.reacted(topic, wrote.ID)
			s.pass(time.Minute)
		}
		s.does(olga.Send("/reopen"))
		s.does(nil, s.anna.Block())
		s.silent(topic, olga, "/r details")
		s.pass(time.Minute)
		s.silent(topic, olga, "/solve")
		s.pass(time.Minute)
		s.does(olga.Send("/reopen"))
		s.pass(time.Minute)
		s.does(olga.PressData(botMessages(topic)[0].ID, tickets.TicketPress("t.r", s.numberOf(topic), "details")))
		s.hears(topic, "заблокировал бота")
	})
}

// numberOf is the ticket whose topic it is.
func (s *shift) numberOf(topic *telegramsim.Chat) int64 {
	s.Helper()
	return numberIn(botMessages(topic)[0].Raw)
}

// ticketsOf lists a customer's tickets, the newest first.
func (s *shift) ticketsOf(customer *telegramsim.Seat) []tickets.Ticket {
	s.Helper()
	list, err := s.store.Outbox.(tickets.Store).TicketsOf(s.ctx, customer.Person().UserID(), 9)
	if err != nil {
		s.Fatal(err)
	}
	return list
}

// TestACannedAnswerIsAnAnswer: it can be taken back, and replied to; what is
// done to the command that sent it does not reach the customer.
func TestACannedAnswerIsAnAnswer(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		command, err := olga.Send("/r details")
		s.does(command, err)
		answer := s.hears(s.anna.Chat, "не хватает сведений", "Olga")
		s.does(olga.Edit(command.ID, "/r detailsss"))
		s.hears(topic, "ещё раз новым сообщением")
		s.count(s.anna.Chat, "не хватает сведений", 1)
		s.count(s.anna.Chat, "detailsss", 0)
		s.does(s.anna.Send("Вот сведения", telegramsim.ReplyTo(answer.ID)))
		if r := s.find(topic, "Вот сведения").Raw.ReplyToMessage; r == nil || r.ID != command.ID {
			t.Errorf("the addition replies to %+v", r)
		}
		s.does(olga.Send("/delete", telegramsim.ReplyTo(command.ID)))
		s.count(s.anna.Chat, "не хватает сведений", 0)
		s.does(olga.PressData(botMessages(topic)[0].ID, tickets.TicketPress("t.r", s.numberOf(topic), "access")))
		s.hears(s.anna.Chat, "временный доступ")
		s.hears(topic, "Olga", "временный доступ")
	})
}

// TestWhatWasDoneIsTold: words after a command go to the customer with its news.
func TestWhatWasDoneIsTold(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		for _, step := range []struct{ command, told, words string }{
			{"/wait Пришлите журнал ошибок", "ждёт вашего ответа", "журнал ошибок"},
			{"/putoff long-diagnosis ждём ответа хостинга", "отложена", "ждём ответа хостинга"},
			{"/develop исправят в версии 7.2", "разработку", "в версии 7.2"},
			{"/solve Очистили кэш, каталог открывается", "решена", "Очистили кэш"},
			{"/reopen Рано закрыли", "снова открыта", "Рано закрыли"},
			{"/decline out-of-scope обратитесь к партнёрам", "не получится", "обратитесь к партнёрам"},
		} {
			s.does(olga.Send(step.command))
			s.hears(s.anna.Chat, step.told, step.words)
			s.pass(time.Minute)
		}
		s.hears(s.anna.Chat, "смените или отключите") // R6.3
		if got := s.stored(id).State; got != tickets.StateDeclined {
			t.Errorf("the ticket is %s", got)
		}
		s.does(olga.Send("/transcript"))
		s.hears(topic, "Очистили кэш", "Вне рамок поддержки")
	})
}
