package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// TestAgentsNameATicketAnywhere gives commands outside of a ticket's topic: the
// answers come where they were given.
func TestAgentsNameATicketAnywhere(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		general := s.olga.In(s.desk.Chat)
		s.does(general.Send("/ticket " + tickets.Number(id)))
		card := s.hears(s.desk.Chat, "a.ru", "новая")
		_, err := s.olga.In(s.desk.Chat).PressData(card.ID, tickets.TicketPress("t.ticket", id, "more"))
		s.does(nil, err)
		shown, _ := s.desk.Message(card.ID)
		if !strings.Contains(strings.Join(shown.Labels(), " "), "Закрыть") {
			t.Errorf("buttons of the card that was pressed: %q", shown.Labels())
		}
		if first := botMessages(topic)[0]; strings.Contains(strings.Join(first.Labels(), " "), "Закрыть") {
			t.Errorf("buttons of the other card: %q", first.Labels())
		}
		_, err = s.olga.In(s.desk.Chat).PressData(card.ID, tickets.TicketPress("t.take", id, ""))
		s.does(nil, err)
		s.is(id, tickets.StateWork)
		s.does(general.Send("/solve T-1"))
		s.count(s.desk.Chat, "Такой заявки нет", 1)
		for command, answer := range map[string]string{
			"/queue": "В очереди", "/mine": "Ваши заявки", "/find a.ru": "Найдено", "/board": "ткрыт", "/help": "/take", "/nonsense": "/nonsense", "/take": "/ticket T-1042",
		} {
			s.pass(time.Minute) // for the board, and for the limit of a group
			s.does(general.Send(command))
			s.hears(s.desk.Chat, answer)
		}
		s.does(s.olga.In(topic).Send("/why"))
		s.hears(topic, "Уровень")
		s.does(s.olga.In(topic).Send("/transcript"))
		s.hears(topic, "Olga")
	})
}

// TestTheBotWasRemovedMeanwhile: what an agent wrote before that does nothing, as
// nobody tells who is a member (P7), and the agent learns of it.
func TestTheBotWasRemovedMeanwhile(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		s.close()
		s.does(s.olga.In(topic).Send("Проверьте, пожалуйста"))
		s.does(s.olga.In(topic).Send("/take"))
		s.does(s.olga.In(s.desk.Chat).Send("Кто обедать?"))
		s.desk.KickBot(s.bot)
		s.open()
		s.pass(time.Minute)
		s.desk.SetBotRights(s.bot, telegramsim.AllRights)
		s.pass(2 * time.Minute)
		s.is(id, tickets.StateNew)
		s.count(s.anna.Chat, "Проверьте", 0)
		s.count(topic, "повторите", 2)
		s.count(s.desk.Chat, "повторите", 2) // what is among themselves is not asked for
		s.does(s.olga.In(topic).Send("Проверьте ещё раз"))
		s.count(s.anna.Chat, "Проверьте ещё раз", 1)
	})
}

// TestATopicIsDeletedMeanwhile: what an agent wrote there before arrives.
func TestATopicIsDeletedMeanwhile(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		s.close()
		s.does(s.olga.In(topic).Send("Проверьте, пожалуйста"))
		s.does(nil, s.olga.In(s.desk.Chat).DeleteTopic(topic.Thread()))
		stop := s.send(s.desk.ID())
		s.outbox.Push(s.commit(toTicket(s.desk.ID(), id, "ещё")))
		s.pass(time.Minute)
		stop()
		s.open()
		s.settled()
		s.count(s.anna.Chat, "Проверьте, пожалуйста", 1)
	})
}

// TestOutsidersCommandNothing: bots, channels, strangers of a public group, and
// commands for other bots (P7).
func TestOutsidersCommandNothing(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		from := models.User{ID: 4040, FirstName: "Stranger"}
		for i, change := range []func(*models.Message){
			func(*models.Message) {},
			func(m *models.Message) { m.From = &models.User{ID: 5, IsBot: true, FirstName: "Bot"} },
			func(m *models.Message) { m.SenderChat = &models.Chat{ID: -1009, Type: "channel", Title: "Channel"} },
		} {
			m := models.Message{
				ID: 900 + i, From: &from, Chat: models.Chat{ID: s.desk.ID(), Type: "supergroup"}, Date: int(time.Now().Unix()),
				MessageThreadID: int(s.stored(id).Place.Thread), IsTopicMessage: true, Text: "Чужие слова",
			}
			change(&m)
			s.inject(m)
		}
		s.does(s.olga.In(topic).Send("/take@otherbot"))
		s.count(s.anna.Chat, "Чужие слова", 0)
		s.is(id, tickets.StateNew)
		s.count(s.anna.Chat, "otherbot", 0)
	})
}

// TestBansAndUnbans: one polite line, and then nothing goes through.
func TestBansAndUnbans(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		s.does(olga.Send("/ban"))
		s.hears(topic, "Anna")
		s.hears(s.anna.Chat, "больше не принимает")
		s.does(s.anna.Send("Почему?"))
		s.does(s.anna.Send("/new"))
		s.hears(s.anna.Chat, "больше не принимает")
		s.count(topic, "Почему?", 0)
		s.does(olga.Send("/ban"))
		s.hears(topic, "и так")
		s.does(olga.Send("/unban"))
		s.does(s.anna.Send("Спасибо"))
		s.count(topic, "Спасибо", 1)
	})
}

// TestSplitsMergesAndAssigns acts on two tickets and two agents.
func TestSplitsMergesAndAssigns(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		s.does(s.anna.Send("И письма не приходят"))
		s.does(olga.Send("/split", telegramsim.ReplyTo(s.find(topic, "письма").ID)))
		s.pass(time.Minute)
		list, err := s.store.Outbox.(tickets.Store).TicketsOf(s.ctx, s.anna.Person().UserID(), 9)
		if err != nil || len(list) != 2 || list[0].Report.Problem != "И письма не приходят" || list[0].Life.SplitFrom != id {
			t.Fatalf("split off: %+v, %v", list, err)
		}
		s.does(olga.Send("/split", telegramsim.ReplyTo(botMessages(topic)[0].ID)))
		s.hears(topic, "Ответьте", "выделить")
		s.does(olga.Send("/assign @ivan"))
		s.hears(topic, "@ivan")
		said, err := s.ivan.In(topic).Send("// я могу")
		s.does(said, err)
		s.does(olga.Send("/assign", telegramsim.ReplyTo(said.ID)))
		if got := s.stored(id).Life.AgentName; got != "Ivan" {
			t.Errorf("%q has it", got)
		}
		s.does(olga.Send("/assign olga"))
		if got := s.stored(id).Life.AgentName; got != "Olga" {
			t.Errorf("%q has it", got)
		}
		other := list[0]
		s.does(s.olga.In(s.desk.Topic(int(s.stored(other.ID).Place.Thread))).Send("/merge " + tickets.Number(id)))
		if got := s.stored(other.ID).Life.MergedTo; got != id {
			t.Errorf("merged into %d, want %d", got, id)
		}
	})
}

// TestMergesByButtons chooses among the customer's open tickets.
func TestMergesByButtons(t *testing.T) {
	atDesk(t, func(s *shift) {
		first, _ := s.ticket(s.anna, "a.ru")
		second, topic := s.ticket(s.anna, "b.ru")
		olga := s.olga.In(topic)
		s.presses(olga, "Ещё")
		s.presses(olga, "Объединить")
		if got := s.presses(olga, tickets.Number(first)); !strings.Contains(got, "закрыта") {
			t.Errorf("the toast: %q", got)
		}
		if got := s.stored(second); got.State != tickets.StateClosed || got.Life.MergedTo != first {
			t.Errorf("%s, merged into %d", got.State, got.Life.MergedTo)
		}
		s.count(s.anna.Chat, "объединили", 1)
	})
}

// TestButtonsThatNeedAMessage say how to give it, and ban turns into unban.
func TestButtonsThatNeedAMessage(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		for label, want := range map[string]string{"Выделить": "/split", "Заметка": "//", "Объединить": "нет"} {
			s.presses(olga, "Ещё")
			if got := s.presses(olga, label); !strings.Contains(got, want) {
				t.Errorf("%s: %q", label, got)
			}
			s.presses(olga, "Назад")
		}
		for _, c := range []struct{ label, want string }{{"Заблокировать", "больше ничего не принимаем"}, {"Разблокировать", "снова принимаем"}} {
			s.presses(olga, "Ещё")
			if got := s.presses(olga, c.label); !strings.Contains(got, c.want) {
				t.Errorf("%s: %q", c.label, got)
			}
		}
		s.count(s.anna.Chat, "больше не принимает", 1)
		s.count(s.anna.Chat, "снова принимает", 1)
	})
}

// TestSplitsAMessageOnce, and one without words not at all: what the bot wrote above
// it describes nothing.
func TestSplitsAMessageOnce(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		s.does(s.anna.SendPhoto(pngBytes(t, 1), ""))
		s.pass(time.Minute)
		split := telegramsim.ReplyTo(botMessages(topic)[len(botMessages(topic))-1].ID)
		s.does(olga.Send("/split", split))
		s.hears(topic, "нет текста")
		s.does(olga.Send("/split Не видно картинок", split))
		s.does(olga.Send("/split Не видно картинок", split))
		s.hears(topic, "уже сделана")
		list, err := s.store.Outbox.(tickets.Store).TicketsOf(s.ctx, s.anna.Person().UserID(), 9)
		if err != nil || len(list) != 2 || list[0].Report.Problem != "Не видно картинок" {
			t.Fatalf("%+v, %v", list, err)
		}
		s.pass(time.Minute)
		inside := botMessages(s.topicOf(s.desk, list[0].ID))
		pictures := slices.DeleteFunc(slices.Clone(inside), func(m telegramsim.Message) bool { return m.Kind != "photo" })
		if !inside[0].Has("Снимки: 1") || len(pictures) != 1 {
			t.Errorf("in its topic: %v", inside)
		}
	})
}

// TestNotesAreInTheTranscript: they outlive the topic that they were written in.
func TestNotesAreInTheTranscript(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		s.does(s.olga.In(s.desk.Chat).Send("/note " + tickets.Number(id) + " Перезвонить"))
		s.does(s.olga.In(topic).Send("// Он всегда так"))
		s.does(s.olga.In(topic).Send("/transcript"))
		s.hears(topic, "Перезвонить", "Он всегда так")
	})
}

// TestAPlainGroup works by replies: to the card and to what was carried, and not
// to a list.
func TestAPlainGroup(t *testing.T) {
	atDeskIn(t, func(w *telegramsim.World, p ...*telegramsim.Person) *telegramsim.Group {
		g := w.AddGroup("Desk", p[0])
		for _, other := range p[1:] {
			g.Join(other)
		}
		return g
	}, func(s *shift) {
		id, group := s.ticket(s.anna, "a.ru")
		s.desk.SetBotRights(s.bot, telegramsim.AllRights)
		olga := s.olga.In(group)
		card := s.find(group, tickets.Number(id))
		s.does(olga.Send("Просто разговор"))
		s.does(olga.Send("/queue"))
		s.does(olga.Send("Возьму первую", telegramsim.ReplyTo(s.hears(group, "В очереди").ID)))
		s.does(olga.Send("Сейчас посмотрим", telegramsim.ReplyTo(card.ID)))
		s.hears(s.anna.Chat, "Сейчас посмотрим")
		s.does(s.anna.Send("Жду"))
		s.does(olga.Send("Готово", telegramsim.ReplyTo(s.find(group, "Жду").ID)))
		s.hears(s.anna.Chat, "Готово")
		s.does(olga.Send("/solve", telegramsim.ReplyTo(card.ID)))
		s.is(id, tickets.StateSolved)
		s.count(s.anna.Chat, "Просто разговор", 0)
		s.count(s.anna.Chat, "Возьму первую", 0)
	})
}

// TestTheBoardFollows: one pinned message, edited at most every half minute.
func TestTheBoardFollows(t *testing.T) {
	atDesk(t, func(s *shift) {
		one, topic := s.ticket(s.anna, "a.ru")
		two, _ := s.ticket(s.anna, "b.ru")
		s.does(s.olga.In(topic).Send("/take"))
		s.pass(time.Minute)
		board := s.find(s.desk.Chat, "📋")
		if !board.Pinned || !board.Has(tickets.Number(one), tickets.Number(two)) {
			t.Errorf("the board: %v", board)
		}
		s.does(s.olga.In(topic).Send("/close"))
		s.pass(time.Minute)
		now, _ := s.desk.Message(board.ID)
		if now.Has(tickets.Number(one)) || !now.Has(tickets.Number(two)) || now.Version > 4 {
			t.Errorf("the board, version %d: %v", now.Version, now)
		}
	})
}

// TestACorrectionOfWhatWasJoined: two additions became one message, so that a
// correction goes below it and wipes nothing out.
func TestACorrectionOfWhatWasJoined(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		first, err := s.anna.Send("Первое")
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range []string{"Второе", "Третье", "Четвёртое"} {
			if _, err := s.anna.Send(words); err != nil {
				t.Fatal(err)
			}
		}
		s.settled()
		spot := tickets.Spot{Chat: s.anna.ID(), Message: int64(first.ID)}
		list, err := s.store.Outbox.(tickets.Store).Carried(s.ctx, spot)
		if err != nil || len(list) != 1 {
			t.Fatalf("carried: %v, %v", list, err)
		}
		copied, _ := topic.Message(int(list[0].To.Message))
		joined := copied.Has("Первое", "Второе")
		s.does(s.anna.Edit(first.ID, "Самое первое"))
		s.count(topic, "Самое первое", 1)
		s.count(topic, "Второе", 1)
		if after, _ := topic.Message(copied.ID); joined && after.Text != copied.Text {
			t.Errorf("the joined message became %q", after.Text)
		}
	})
}
