package bot

import (
	"context"
	"strings"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// inThreads runs a test at a desk whose bot has topics in private chats.
func inThreads(t *testing.T, test func(*shift)) {
	t.Helper()
	inOffice(t, func(o *office) {
		o.bot.SetTopics(true, true)
		workShift(t, o, func(w *telegramsim.World, p ...*telegramsim.Person) *telegramsim.Group {
			return w.AddForum("Desk", p...)
		}, ThreadOf(o.store.Outbox.(tickets.Store)), test)
	})
}

// news tells Anna something in the thread of a ticket.
func (s *shift) news(id int64, text string) tickets.Notice {
	n := note(s.anna.ID(), text)
	n.About, n.Extra.Thread = id, tickets.InThread
	return n
}

// threaded files a ticket with its receipt, and gives the agents' topic and
// Anna in her thread.
func (s *shift) threaded(site string) (int64, *telegramsim.Chat, *telegramsim.Seat) {
	s.Helper()
	id, topic := s.ticket(s.anna, site)
	s.post(s.news(id, "Принята "+site))
	s.settled()
	return id, topic, s.inside(id)
}

// inside is Anna in the thread of a ticket.
func (s *shift) inside(id int64) *telegramsim.Seat {
	s.Helper()
	thread := s.stored(id).Thread
	if thread == 0 {
		s.Fatalf("no thread of %d\n%s", id, s.anna.Transcript())
	}
	return s.anna.Person().In(s.anna.Topic(int(thread)))
}

// outside is Anna's chat without the threads.
func (s *shift) outside() *telegramsim.Chat { return s.anna.Topic(1) }

// fills leads Anna from /new to the review of her ticket, wherever she sits.
func (s *shift) fills(at *telegramsim.Seat) {
	s.Helper()
	s.does(at.Send("/new"))
	s.presses(at, "Ошибка или сбой")
	for _, answer := range []string{"Анна", "anna@shop.ru", "anna", "+79161234567", "shop.ru", "Корзина пустая, хотя товары в неё положили"} {
		s.does(at.Send(answer))
	}
	s.presses(at, "Готово")
	for _, answer := range []string{"Ошибка 500", "Кладу товар в корзину"} {
		s.does(at.Send(answer))
	}
	s.presses(at, "Без снимков")
	s.does(at.Send("Ничего не меняли"))
}

// TestATicketIsAThread: the dialog is held where the customer writes, and all
// that is about the ticket is said in its own thread.
func TestATicketIsAThread(t *testing.T) {
	inThreads(t, func(s *shift) {
		s.fills(s.anna)
		s.presses(s.anna, "Отправить")
		const id = 1001
		own := s.inside(id)
		if name := own.Title(); !strings.HasPrefix(name, "T-1001 · shop.ru · Корзина пустая") {
			t.Errorf("the thread is called %q", name)
		}
		s.hears(own.Chat, "T-1001", "принята")
		s.hears(s.outside(), "T-1001", "в отдельной теме")
		s.count(s.anna.Chat, "принята", 2)
		topic := s.desk.Topic(int(s.stored(id).Place.Thread))
		s.does(s.olga.In(topic).Send("Какой браузер?"))
		asked := s.hears(own.Chat, "Какой браузер?")
		said, err := own.Send("Хром", telegramsim.ReplyTo(asked.ID))
		s.does(said, err)
		if m := s.hears(topic, "Хром"); m.Raw.ReplyToMessage == nil || m.Raw.ReplyToMessage.ForumTopicCreated != nil {
			t.Errorf("not a reply: %v", m)
		}
		s.reacted(own.Chat, said.ID)
		s.does(own.Edit(said.ID, "Файрфокс"))
		s.count(topic, "Файрфокс", 1)
		s.does(s.olga.In(topic).Send("/solve"))
		s.hears(own.Chat, "решена", "Как мы справились")
		s.presses(own, "5 ★")
		s.does(own.Send("Быстро помогли"))
		s.hears(own.Chat, "Спасибо")
		if life := s.stored(id).Life; life.Rating != 5 || life.Comment != "Быстро помогли" {
			t.Errorf("rated %+v", life)
		}
		s.hears(s.outside(), "в отдельной теме") // and nothing since
	})
}

// TestAThreadChooses: what is written in a thread needs no question, whatever
// it looks like, but for a ticket that has ended.
func TestAThreadChooses(t *testing.T) {
	inThreads(t, func(s *shift) {
		first, one, own := s.threaded("a.ru")
		_, two, _ := s.threaded("b.ru")
		s.does(own.Send("Новая проблема на shop.com: не отправляются заказы"))
		s.count(one, "shop.com", 1)
		s.does(own.SendAlbum([]telegramsim.AlbumItem{{Data: picture(t, "jpeg"), Caption: "первый"}, {Data: picture(t, "png")}}))
		s.one(one, 2, "Anna")
		s.count(s.anna.Chat, "К какой заявке", 0)
		s.does(s.anna.Send("Просто так")) // outside, it has to be asked
		s.count(s.outside(), "К какой заявке", 1)

		s.does(s.olga.In(one).Send("/close"))
		s.does(own.Send("Опять не открывается"))
		s.hears(own.Chat, "завершена", "новую?")
		s.count(one, "Опять", 0)
		s.presses(own, "Открыть снова")
		s.is(first, tickets.StateReopened)
		s.count(one, "Опять", 1)
		if n := len(botMessages(two)); n != 1 {
			t.Errorf("the other topic has %d messages\n%s", n, two.Transcript())
		}
	})
}

// TestANewTicketFromAThread is begun outside of it: what is typed in the thread
// is the ticket's.
func TestANewTicketFromAThread(t *testing.T) {
	inThreads(t, func(s *shift) {
		_, one, own := s.threaded("a.ru")
		s.does(s.olga.In(one).Send("/close"))
		s.does(own.Send("Не приходят письма о заказах с сайта"))
		if toast := s.presses(own, "Новая заявка"); !strings.Contains(toast, "в основном чате") {
			t.Errorf("the press answers %q", toast)
		}
		s.hears(s.outside(), "О чём ваша заявка", "сохранил для описания")
		s.does(own.Send("/new"))
		s.hears(own.Chat, "в основном чате")
		s.hears(s.outside(), "уже есть неотправленная")
	})
}

// TestADraftIsNotDisturbed by what is said in a thread, and commands are
// answered where they are given.
func TestADraftIsNotDisturbed(t *testing.T) {
	inThreads(t, func(s *shift) {
		_, one, own := s.threaded("a.ru")
		s.fills(s.anna)
		before := len(s.outside().Messages())
		session := s.customerOf(s.anna).Session
		s.does(own.Send("Ещё о первой заявке"))
		s.does(own.SendPhoto(picture(t, "jpeg"), ""))
		s.count(one, "Ещё о первой заявке", 1)
		if string(s.customerOf(s.anna).Session) != string(session) {
			t.Error("the session has changed")
		}
		s.does(own.Send("/tickets"))
		s.hears(own.Chat, "Ваши заявки", "T-1001")
		s.presses(own, "T-1001")
		s.hears(own.Chat, "T-1001", "в очереди")
		s.does(own.Send("/help"))
		s.hears(own.Chat, "/tickets")
		if after := s.outside().Messages(); len(after) != before {
			t.Errorf("said outside: %v", after[before:])
		}
		s.does(s.anna.Send("/tickets"))
		s.hears(s.outside(), "Ваши заявки")
		s.presses(s.anna.Person().In(s.outside()), "Отправить")
		s.hears(s.inside(1002).Chat, "T-1002", "принята")
	})
}

func (s *shift) customerOf(seat *telegramsim.Seat) tickets.Customer {
	s.Helper()
	c, err := s.store.Outbox.(tickets.Store).Customer(s.ctx, seat.Person().UserID())
	if err != nil {
		s.Fatal(err)
	}
	return c
}

// TestADialogInAThreadOfTheCustomers is held there, reminders too, while the
// ticket gets one of its own.
func TestADialogInAThreadOfTheCustomers(t *testing.T) {
	inThreads(t, func(s *shift) {
		topic, err := s.anna.CreateTopic("Помогите")
		s.does(topic, err)
		at := s.anna.Person().In(topic)
		before := len(s.outside().Messages())
		s.fills(at)
		s.pass(s.policy.Limits.RemindAfter + time.Minute)
		s.hears(topic, "Проверьте заявку")
		s.presses(at, "Отправить")
		s.hears(topic, "в отдельной теме")
		s.hears(s.inside(1001).Chat, "принята")
		if after := s.outside().Messages(); len(after) != before {
			t.Errorf("said outside: %v", after[before:])
		}
	})
}

// TestAJoinedTicketsThreadLeadsOn: what is written there belongs to the ticket
// that the other one went into.
func TestAJoinedTicketsThreadLeadsOn(t *testing.T) {
	inThreads(t, func(s *shift) {
		_, one, own := s.threaded("a.ru")
		second, two, _ := s.threaded("b.ru")
		s.does(s.olga.In(one).Send("/merge " + tickets.Number(second)))
		s.hears(own.Chat, "объединили")
		s.does(own.Send("И сегодня тоже"))
		s.count(two, "И сегодня тоже", 1)
		s.count(one, "И сегодня тоже", 0)
	})
}

// TestAnOlderTicketGetsItsThread with the next news, unless it has ended.
func TestAnOlderTicketGetsItsThread(t *testing.T) {
	inThreads(t, func(s *shift) {
		open, one := s.ticket(s.anna, "a.ru")
		third, three := s.ticket(s.anna, "c.ru")
		ended, two := s.ticket(s.anna, "b.ru")
		s.does(s.olga.In(two).Send("/close"))
		s.does(s.olga.In(one).Send("Смотрю"))
		s.hears(s.inside(open).Chat, "Смотрю")
		if thread := s.stored(ended).Thread; thread != 0 {
			t.Errorf("a ticket that has ended got thread %d", thread)
		}
		s.hears(s.outside(), "закрыта")
		s.does(s.olga.In(three).SendAlbum([]telegramsim.AlbumItem{{Data: picture(t, "jpeg"), Caption: "первый"}, {Data: picture(t, "png")}}))
		s.one(s.inside(third).Chat, 2, "Olga")
		if topics := s.anna.Topics(); len(topics) != 2 {
			t.Errorf("threads: %+v", topics)
		}
	})
}

// reads counts what is looked up of threads.
type reads struct {
	tickets.Store
	threads int
}

func (r *reads) TicketIn(ctx context.Context, chat, thread int64) (tickets.Ticket, error) {
	if chat > 0 {
		r.threads++
	}
	return r.Store.TicketIn(ctx, chat, thread)
}

// TestWithoutTopicsNothingIsAsked: a bot that has no topics makes no call and no
// read for their sake, though it had them once.
func TestWithoutTopicsNothingIsAsked(t *testing.T) {
	inOffice(t, func(o *office) {
		store := &reads{Store: o.store.Outbox.(tickets.Store)}
		o.store.Outbox = store
		workShift(t, o, func(w *telegramsim.World, p ...*telegramsim.Person) *telegramsim.Group {
			return w.AddForum("Desk", p...)
		}, nil, func(s *shift) {
			made := 0
			s.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
				if c.Chat() > 0 && (c.Method == "createforumtopic" || c.Method == "getchat" || c.Thread() != 0) {
					made++
				}
				return telegramsim.Outcome{}
			})
			s.fills(s.anna)
			s.presses(s.anna, "Отправить")
			s.hears(s.anna.Chat, "принята")
			topic := s.desk.Topic(int(s.stored(1001).Place.Thread))
			s.does(s.olga.In(topic).Send("Смотрю"))
			s.does(s.anna.Send("Жду"))
			s.count(topic, "Жду", 1)
			s.count(s.anna.Chat, "в отдельной теме", 0)
			old := s.stored(1001)
			old.Draft, old.Thread = "old", 77
			s.post(s.news(s.change(tickets.Change{File: &old}).Ticket, "О прежней"))
			s.settled()
			s.count(s.anna.Chat, "О прежней", 1)
			if made != 0 || store.threads != 0 {
				t.Errorf("%d calls and %d reads for threads", made, store.threads)
			}
		})
	})
}
