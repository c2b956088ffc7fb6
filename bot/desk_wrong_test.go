package bot

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// TestANumberGoesBeforeThePlace: a command that names a ticket is about that
// one, in the topic of another one too.
func TestANumberGoesBeforeThePlace(t *testing.T) {
	atDesk(t, func(s *shift) {
		one, topic := s.ticket(s.anna, "a.ru")
		two, _ := s.ticket(s.anna, "b.ru")
		olga := s.olga.In(topic)
		number := tickets.Number(two)
		wrote, err := olga.Send("/solve " + number + " Починили")
		s.does(wrote, err)
		s.is(one, tickets.StateNew)
		s.is(two, tickets.StateSolved)
		s.hears(s.anna.Chat, number, "Починили")
		s.reacted(topic, wrote.ID)
		s.does(olga.Send("/reopen " + number))
		s.does(olga.Send("/level " + number + " consultation"))
		s.does(olga.Send("/priority " + number + " off"))
		if a, b := s.stored(one), s.stored(two); a.Level != "support" || b.Level != "consultation" || !a.Critical || b.Critical {
			t.Errorf("%s critical %v, %s critical %v", a.Level, a.Critical, b.Level, b.Critical)
		}
		s.does(olga.Send("/assign " + number))
		if s.stored(one).Agent != 0 || s.stored(two).Agent == 0 {
			t.Error("the other ticket was assigned")
		}
		s.does(olga.Send("/why 12 часов?")) // no ticket's number, and no word for anybody
		s.hears(topic, "Считаем")
		s.does(olga.Send("/close 5 страниц открываются"))
		s.is(one, tickets.StateClosed)
	})
}

// TestAMergedTicketGoesOnElsewhere: who writes about it is brought, or sent, to
// the ticket that it was merged into.
func TestAMergedTicketGoesOnElsewhere(t *testing.T) {
	atDesk(t, func(s *shift) {
		one, first := s.ticket(s.anna, "a.ru")
		two, second := s.ticket(s.anna, "b.ru")
		olga := s.olga.In(second)
		s.does(olga.Send("Что на экране?"))
		asked := s.hears(s.anna.Chat, "Что на экране?")
		s.does(olga.Send("/merge " + tickets.Number(one)))
		s.does(s.anna.Send("Белый лист", telegramsim.ReplyTo(asked.ID)))
		s.count(first, "Белый лист", 1)
		s.count(s.anna.Chat, "О чём ваша заявка", 0)
		s.pass(time.Minute)
		s.does(olga.Send("Спасибо"))
		s.count(s.anna.Chat, "Спасибо", 0)
		s.hears(second, tickets.Number(one))
		s.does(olga.Send("/r details"))
		s.count(s.anna.Chat, "не хватает сведений", 0)
		s.does(olga.Send("/reopen"))
		s.is(two, tickets.StateReopened)
		s.does(olga.Send("Снова здесь"))
		s.hears(s.anna.Chat, "Снова здесь")
	})
}

// TestAnEmptySearch says what to search for.
func TestAnEmptySearch(t *testing.T) {
	atDesk(t, func(s *shift) {
		s.ticket(s.anna, "a.ru")
		s.does(s.olga.In(s.desk.Chat).Send("/find"))
		s.hears(s.desk.Chat, "/find ")
	})
}

// TestTakingWhatIsOnesOwn is told in other words than another's, and taking
// over a ticket that nobody has costs the group no message.
func TestTakingWhatIsOnesOwn(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		before := len(botTexts(topic))
		wrote, err := olga.Send("/assign")
		s.does(wrote, err)
		s.reacted(topic, wrote.ID)
		if n := len(botTexts(topic)); n != before {
			t.Errorf("%d messages more\n%s", n-before, topic.Transcript())
		}
		s.does(olga.Send("/assign"))
		s.hears(topic, "уже у вас")
		s.does(s.ivan.In(topic).Send("/assign"))
		s.hears(topic, "Ivan", "Olga")
	})
}

// TestTwoAgentsAgreeOnThePriority: both press the same button at once, and the
// ticket is what the button said.
func TestTwoAgentsAgreeOnThePriority(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		card := botMessages(topic)[0]
		_, err := s.olga.In(topic).PressData(card.ID, tickets.TicketPress("t.ticket", id, "more"))
		s.does(nil, err)
		for _, p := range []*telegramsim.Person{s.olga, s.ivan} {
			if _, err := p.In(topic).Press("Не критическая"); err != nil {
				t.Fatal(err)
			}
		}
		s.settled()
		if s.stored(id).Critical {
			t.Error("it is critical again")
		}
		s.count(s.anna.Chat, "критическ", 1)
	})
}

// TestAReplyToASplitReceipt is about the new ticket: the receipt names both.
func TestAReplyToASplitReceipt(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		s.does(s.anna.Send("И письма не приходят"))
		s.does(s.olga.In(topic).Send("/split", telegramsim.ReplyTo(s.find(topic, "письма").ID)))
		s.pass(time.Minute)
		receipt := s.hears(s.anna.Chat, "отдельная проблема", "T-1002")
		s.does(s.anna.Send("Третий день", telegramsim.ReplyTo(receipt.ID)))
		split := s.desk.Topic(int(s.stored(s.ticketsOf(s.anna)[0].ID).Place.Thread))
		s.count(split, "Третий день", 1)
		s.count(split, "Выделена из", 1)
		s.count(topic, "Третий день", 0)
	})
}

// TestADeletedTopicTellsWhatWasBefore, in a message that stays when the card is
// edited.
func TestADeletedTopicTellsWhatWasBefore(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		s.does(s.olga.In(topic).Send("/wait Пришлите журнал"))
		s.does(nil, s.olga.In(s.desk.Chat).DeleteTopic(int(s.stored(id).Place.Thread)))
		s.does(s.anna.Send("Вот журнал"))
		s.pass(time.Minute)
		anew := s.desk.Topic(int(s.stored(id).Place.Thread))
		s.does(s.olga.In(anew).Send("/take"))
		s.pass(time.Minute)
		s.count(anew, "Вот журнал", 1)
		if m := s.find(anew, "до этого"); !m.Has("ждёт клиента", "Пришлите журнал") {
			t.Errorf("what was before: %q", m.Text)
		}
	})
}

// TestAnAlbumStaysInsideOverARestart: its pictures come as separate updates, and
// the next one may reach another replica.
func TestAnAlbumStaysInsideOverARestart(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, _ := s.ticket(s.anna, "a.ru")
		said := len(botTexts(s.anna.Chat))
		for i, caption := range []string{"// только для нас", ""} {
			s.inject(models.Message{
				ID: 900 + i, From: s.olgaNow(), Chat: models.Chat{ID: s.desk.ID(), Type: "supergroup"}, Date: int(time.Now().Unix()),
				MessageThreadID: int(s.stored(id).Place.Thread), IsTopicMessage: true, MediaGroupID: "77", Caption: caption,
				Photo: []models.PhotoSize{{FileID: "x", FileUniqueID: "x", Width: 1, Height: 1}},
			})
			s.restart()
		}
		s.is(id, tickets.StateNew)
		if got := len(botTexts(s.anna.Chat)); got != said {
			t.Errorf("the customer got something:\n%s", s.anna.Transcript())
		}
	})
}

func (s *shift) olgaNow() *models.User {
	u := s.olga.User()
	return &u
}

// TestAStrangersPressIsAnswered: in a public group everybody sees the buttons.
func TestAStrangersPressIsAnswered(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		var answers []string
		s.world.SetFault(func(call telegramsim.Call) telegramsim.Outcome {
			if call.Method == "answercallbackquery" {
				answers = append(answers, call.Args["text"])
			}
			return telegramsim.Outcome{}
		})
		card := botMessages(topic)[0].Raw
		body, err := json.Marshal(models.Update{ID: 600000, CallbackQuery: &models.CallbackQuery{
			ID: "1", From: models.User{ID: 4040, FirstName: "Stranger"}, Data: tickets.TicketPress("t.take", id, ""),
			Message: models.MaybeInaccessibleMessage{Type: models.MaybeInaccessibleMessageTypeMessage, Message: card},
		}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.bot.Inject(body)
		s.does(nil, err)
		s.is(id, tickets.StateNew)
		if len(answers) != 1 || !strings.Contains(answers[0], "участник") {
			t.Errorf("answered %q", answers)
		}
	})
}
