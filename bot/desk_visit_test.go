package bot

import (
	"strings"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// TestAsksOnceWhereItBelongs has a customer with two tickets write twice, and
// press twice.
func TestAsksOnceWhereItBelongs(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, one := s.ticket(s.anna, "a.ru")
		id, two := s.ticket(s.anna, "b.ru")
		s.does(s.anna.Send("Пишу подробнее"))
		s.does(s.anna.SendAlbum([]telegramsim.AlbumItem{{Data: picture(t, "jpeg")}, {Data: picture(t, "png")}}))
		s.count(s.anna.Chat, "К какой заявке", 2)
		question := s.hears(s.anna.Chat, "К какой заявке")
		s.presses(s.anna, tickets.Number(id))
		s.count(two, "Пишу подробнее", 1)
		if m, _ := s.anna.Message(question.ID); !m.Has(tickets.Number(id)) || len(m.Buttons) != 0 {
			t.Errorf("the question became %v", m)
		}
		if n := len(botMessages(one)); n != 1 {
			t.Errorf("the other topic has %d messages\n%s", n, one.Transcript())
		}
		pressed, err := s.anna.PressData(question.ID, tickets.TicketPress("c.add", id, ""))
		s.does(nil, err)
		if got, err := pressed.Answer(s.ctx); err != nil || !strings.Contains(got.Text, "уже передано") {
			t.Errorf("the second press answers %+v, %v", got, err)
		}
		s.count(two, "Пишу подробнее", 1)
		pictures := 0
		for _, m := range botMessages(two) {
			if m.Kind == "photo" {
				pictures++
			}
		}
		if pictures != 2 {
			t.Errorf("%d pictures arrived\n%s", pictures, two.Transcript())
		}
	})
}

// TestAReplyChooses: a reply to anything of a ticket needs no question, and
// goes there in the middle of a draft too.
func TestAReplyChooses(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, one := s.ticket(s.anna, "a.ru")
		_, two := s.ticket(s.anna, "b.ru")
		s.does(s.olga.In(one).Send("Что на экране?"))
		asked := s.hears(s.anna.Chat, "Что на экране?")
		s.does(s.anna.Send("/new"))
		s.does(s.anna.Send("Белый лист", telegramsim.ReplyTo(asked.ID)))
		s.count(one, "Белый лист", 1)
		s.count(two, "Белый лист", 0)
		s.count(s.anna.Chat, "К какой заявке", 0)
	})
}

// TestAReplyToASplitTicketsReceipt goes to the ticket that the receipt is about, not
// to the one that it was split from.
func TestAReplyToASplitTicketsReceipt(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, one := s.ticket(s.anna, "a.ru")
		s.does(s.anna.Send("И не приходят письма о заказах"))
		s.does(s.olga.In(one).Send("/split", telegramsim.ReplyTo(s.find(one, "письма").ID)))
		receipt := s.hears(s.anna.Chat, "отдельная проблема", "принята")
		s.does(s.anna.Send("Ни одного с утра", telegramsim.ReplyTo(receipt.ID)))
		s.count(one, "Ни одного", 0)
		split := s.desk.Topic(int(s.stored(id + 1).Place.Thread))
		s.count(split, "Ни одного", 1)
	})
}

// TestANewProblemIsOfferedAsOne begins a new ticket with what was written.
func TestANewProblemIsOfferedAsOne(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		s.does(s.anna.Send("А ещё на shop.com не отправляются заказы"))
		if m := s.hears(s.anna.Chat, "другая проблема"); !strings.Contains(m.Labels()[0], "Новая заявка") {
			t.Errorf("offered first: %q", m.Labels())
		}
		s.count(topic, "shop.com", 0)
		s.presses(s.anna, "Новая заявка")
		s.hears(s.anna.Chat, "О чём ваша заявка", "сохранил для описания")
	})
}

// TestAMessageToAClosedTicketAsks takes it up again with the message.
func TestAMessageToAClosedTicketAsks(t *testing.T) {
	atDesk(t, func(s *shift) {
		s.policy.Silence.Reopen = 24 * time.Hour
		id, topic := s.ticket(s.anna, "a.ru")
		s.does(s.olga.In(topic).Send("/close"))
		s.does(s.anna.Send("Опять не открывается"))
		s.presses(s.anna, "Открыть снова "+tickets.Number(id))
		s.is(id, tickets.StateReopened)
		s.count(topic, "Опять не открывается", 1)
		s.does(s.olga.In(topic).Send("/close"))
		s.pass(s.policy.Silence.Reopen + time.Hour)
		s.does(s.anna.Send("Снова здравствуйте"))
		s.count(topic, "Снова здравствуйте", 0)
		s.hears(s.anna.Chat, "Новая заявка")
	})
}

// TestWordsAfterAnotherRating: whoever changes a rating is asked for words again, and
// they go where they belong, not to another ticket that is open.
func TestWordsAfterAnotherRating(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		_, other := s.ticket(s.anna, "b.ru")
		s.does(s.olga.In(topic).Send("/solve"))
		s.presses(s.anna, "1 ★")
		s.does(s.anna.Send("Долго"))
		s.presses(s.anna, "2 ★")
		s.does(s.anna.Send("Но вежливо"))
		s.count(other, "Но вежливо", 0)
		s.count(topic, "Но вежливо", 1)
		if got := s.stored(id).Life.Comment; got != "Но вежливо" {
			t.Errorf("the comment is %q", got)
		}
		s.does(s.anna.Send("А здесь всё ещё сломано"))
		s.count(other, "всё ещё сломано", 1)
	})
}

// TestWordsAfterANewTicket: whoever files another ticket after a rating has gone on,
// and what they say then is of the new one.
func TestWordsAfterANewTicket(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, rated := s.ticket(s.anna, "a.ru")
		s.does(s.olga.In(rated).Send("/solve"))
		s.presses(s.anna, "5 ★")
		_, topic := s.ticket(s.anna, "b.ru")
		s.does(s.anna.Send("Очистила, не помогло"))
		s.count(rated, "не помогло", 0)
		s.count(topic, "не помогло", 1)
	})
}

// TestATicketEndsBeforeTheChoice: whoever chooses a ticket that was solved meanwhile
// is asked below the same message, with buttons, and loses nothing.
func TestATicketEndsBeforeTheChoice(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		s.ticket(s.anna, "b.ru")
		s.does(s.anna.Send("Пишу подробнее"))
		question := s.hears(s.anna.Chat, "К какой заявке")
		s.does(s.olga.In(topic).Send("/solve"))
		s.does(s.anna.PressData(question.ID, tickets.TicketPress("c.add", id, "")))
		if m, _ := s.anna.Message(question.ID); !m.Has(tickets.Number(id), "Открыть её снова или") || !strings.Contains(m.Labels()[0], "Открыть снова") {
			t.Errorf("the question became %v", m)
		}
		s.does(s.anna.PressData(question.ID, tickets.TicketPress("c.reopen", id, "")))
		s.is(id, tickets.StateReopened)
		s.count(topic, "Пишу подробнее", 1)
	})
}

// TestATicketIsReopenedBeforeTheChoice: whoever takes a ticket up again that an agent
// has taken up meanwhile adds to it all the same.
func TestATicketIsReopenedBeforeTheChoice(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		s.does(s.olga.In(topic).Send("/close"))
		s.does(s.anna.Send("Опять не открывается"))
		question := s.hears(s.anna.Chat, "Открыть её снова или")
		s.does(s.olga.In(topic).Send("/reopen"))
		s.does(s.anna.PressData(question.ID, tickets.TicketPress("c.reopen", id, "")))
		s.is(id, tickets.StateReopened)
		s.count(topic, "Опять не открывается", 1)
	})
}

// TestTellsOnceThatSupportIsClosed: once in a night (R2.1).
func TestTellsOnceThatSupportIsClosed(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		s.does(s.anna.Send("Днём"))
		s.count(s.anna.Chat, "не работает, откроется", 0)
		s.pass(9 * time.Hour)
		s.does(s.anna.Send("Вечером"))
		s.does(s.anna.Send("Ночью"))
		s.count(s.anna.Chat, "не работает, откроется", 1)
		s.pass(24 * time.Hour)
		s.does(s.anna.Send("Следующей ночью"))
		s.count(s.anna.Chat, "не работает, откроется", 2)
		s.count(topic, "Ночью", 1)
	})
}

// TestSilenceClosesATicket: a reminder, then the end, and no customer's ticket
// is another's (P7).
func TestSilenceClosesATicket(t *testing.T) {
	atDesk(t, func(s *shift) {
		s.policy.Silence.Remind, s.policy.Silence.Close = time.Hour, 2*time.Hour
		id, topic := s.ticket(s.anna, "a.ru")
		s.does(s.olga.In(topic).Send("/wait"))
		s.pass(3 * time.Hour)
		s.is(id, tickets.StateClosed)
		s.count(s.anna.Chat, "⏳", 1)
		bob := s.world.AddPerson("Bob").With(s.bot)
		s.does(bob.Start(""))
		welcome := s.hears(bob.Chat, "Здравствуйте")
		for _, event := range []string{"c.show", "c.reopen", "c.add", "t.take"} {
			_, err := bob.PressData(welcome.ID, tickets.TicketPress(event, id, ""))
			s.does(nil, err)
		}
		s.is(id, tickets.StateClosed)
		s.count(bob.Chat, "a.ru", 0)
	})
}

// TestThanks: they go to the ticket that has ended, which stays so, and not to
// another that is open.
func TestThanks(t *testing.T) {
	for text, want := range map[string]bool{
		"Спасибо!": true, "Спасибо большое, всё работает 🙏": true, "спс": true, "Thank you very much!": true, "Отлично, благодарю.": true,
		"Спасибо, но не работает": false, "Спасибо, а когда?": false, "Всё работает": true, "👍": true, "ок": true,
		"": false, "Thanks, still broken": false, "Ок?": false, "Да": false, "1": false,
	} {
		if isThanks(text) != want {
			t.Errorf("%q: thanks %v", text, !want)
		}
	}
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		_, other := s.ticket(s.anna, "b.ru")
		s.does(s.anna.Send("Спасибо"))
		s.hears(s.anna.Chat, "К какой заявке")
		s.does(s.olga.In(topic).Send("/solve"))
		s.does(s.anna.Send("Большое спасибо!"))
		s.hears(s.anna.Chat, "Рады, что помогли")
		s.is(id, tickets.StateSolved)
		s.count(other, "Большое спасибо", 0)
		s.pass(time.Minute)
		s.count(topic, "Большое спасибо", 1)
		s.presses(s.anna, "5 ★")
		s.does(s.anna.Send("Быстро"))
		if got := s.stored(id).Life.Comment; got != "Быстро" {
			t.Errorf("the comment is %q", got)
		}
		s.does(s.olga.In(other).Send("А здесь заработало?"))
		s.does(s.anna.Send("Да, всё заработало"))
		s.count(other, "Да, всё заработало", 1)
		s.pass(25 * time.Hour)
		s.does(s.anna.Send("Спасибо!"))
		s.count(other, "Спасибо!", 1)
	})
}

// TestAnAnswerOverADraft: what a customer is asked while another draft is open says how
// to answer it, as plain words answer the draft's question.
func TestAnAnswerOverADraft(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		s.does(olga.Send("Какая версия?"))
		s.count(s.anna.Chat, "ответьте на сообщение", 0)
		s.does(s.anna.Send("/new"))
		s.does(olga.Send("Какой браузер?"))
		s.hears(s.anna.Chat, "ответьте на сообщение")
		asked := s.find(s.anna.Chat, "Какой браузер?")
		s.does(s.anna.Send("Хром", telegramsim.ReplyTo(asked.ID)))
		s.count(topic, "Хром", 1)
		s.does(olga.Send("/wait А какая система?"))
		s.pass(time.Minute)
		s.count(s.anna.Chat, "ответьте на сообщение", 2)
	})
}

// TestAnEditAfterFiling of what was said before: the ticket has what was filed, and the
// customer learns of it.
func TestAnEditAfterFiling(t *testing.T) {
	atDesk(t, func(s *shift) {
		said, err := s.anna.Send("Страница пустая")
		s.does(said, err)
		_, topic := s.ticket(s.anna, "a.ru")
		s.does(s.anna.Edit(said.ID, "Страница белая"))
		s.hears(s.anna.Chat, "уже подана")
		s.count(topic, "Страница белая", 0)
	})
}

// TestANoteThatIsEdited, or that says nothing, goes nowhere, and its writer learns of it.
func TestANoteThatIsEdited(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		said, err := olga.Send("// перезвонить")
		s.does(said, err)
		s.does(olga.Edit(said.ID, "Мы перезвоним"))
		s.hears(topic, "не отправлено")
		s.count(s.anna.Chat, "перезвоним", 0)
		for _, empty := range []string{"/note", "//"} {
			s.does(olga.Send(empty))
			s.hears(topic, "Начните сообщение")
		}
	})
}
