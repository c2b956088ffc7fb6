package bot

import (
	"strings"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
)

// TestALongAnswerIsOneAnswer: with our line above it takes two messages; an edit
// and a deletion are about both.
func TestALongAnswerIsOneAnswer(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		long := strings.Repeat("Ещё слово. ", 370) + "Конец."
		wrote, err := olga.Send(long)
		s.does(wrote, err)
		s.count(s.anna.Chat, "Ещё слово", 2)
		s.reacted(topic, wrote.ID)
		s.does(olga.Edit(wrote.ID, "Совсем коротко"))
		s.hears(s.anna.Chat, "Исправлено", "Совсем коротко")
		s.does(s.anna.Send("Понятно", telegramsim.ReplyTo(s.find(s.anna.Chat, "Конец.").ID)))
		if r := s.find(topic, "Понятно").Raw.ReplyToMessage; r == nil || r.ID != wrote.ID {
			t.Errorf("the addition replies to %+v", r)
		}
		s.does(olga.Send("/delete", telegramsim.ReplyTo(wrote.ID)))
		s.count(s.anna.Chat, "Ещё слово", 0)
		s.count(s.anna.Chat, "Конец.", 0)
	})
}

// TestAnEditThatGrows beyond one message goes below as a correction, whole.
func TestAnEditThatGrows(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		wrote, err := olga.Send("Коротко")
		s.does(wrote, err)
		s.does(olga.Edit(wrote.ID, strings.Repeat("Ещё слово. ", 370)+"Конец."))
		s.count(s.anna.Chat, "Исправлено", 1)
		s.count(s.anna.Chat, "Конец.", 1)
	})
}

// TestWhatStandsAboveAMediumGoesWithIt: a sticker has no caption for our line.
func TestWhatStandsAboveAMediumGoesWithIt(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		before := len(botTexts(s.anna.Chat))
		sticker, err := olga.SendSticker()
		s.does(sticker, err)
		s.does(olga.Send("/delete", telegramsim.ReplyTo(sticker.ID)))
		for _, m := range botMessages(s.anna.Chat)[before:] {
			if !m.Deleted {
				t.Errorf("left behind: %q", m.Text)
			}
		}
	})
}

// TestAnAnswerMadeANoteIsTakenBack, whichever way the note is written.
func TestAnAnswerMadeANoteIsTakenBack(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		for _, edit := range []string{"// он сам виноват", "/note он сам виноват", "/note@thebot он сам виноват"} {
			wrote, err := olga.Send("Он сам виноват")
			s.does(wrote, err)
			s.count(s.anna.Chat, "сам виноват", 1)
			s.does(olga.Edit(wrote.ID, edit))
			s.count(s.anna.Chat, "сам виноват", 0)
		}
	})
}

// TestAnAdditionSaysWhenToReact, and the card is left as it is: each edit is one
// of the group's 20 messages a minute (P3). A look at the ticket shows it too.
func TestAnAdditionSaysWhenToReact(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		card := botMessages(topic)[0]
		if !card.Has("Ответить до") {
			t.Errorf("the card of a new ticket: %q", card.Text)
		}
		s.does(olga.Send("Что на экране?"))
		s.pass(time.Minute)
		before, _ := topic.Message(card.ID)
		s.does(s.anna.Send("Белый лист"))
		s.hears(topic, "Anna", "ответить до ср 25 ноября, 12:01", "Белый лист")
		s.pass(time.Minute)
		if after, _ := topic.Message(card.ID); after.Version != before.Version || after.Has("Ответить до") {
			t.Errorf("the card, version %d after %d: %q", after.Version, before.Version, after.Text)
		}
		s.does(olga.Send("/ticket"))
		s.hears(topic, "Ответить до: ср 25 ноября, 12:01")
	})
}

// TestSplittingWhatWasJoined: two additions that became one message are one
// description, without the lines that the bot put above them.
func TestSplittingWhatWasJoined(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		s.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome { // so that all four wait
			if c.Chat() != s.desk.ID() {
				return telegramsim.Outcome{}
			}
			return telegramsim.Refuse(429, "Too Many Requests: retry after 10", `{"retry_after":10}`)
		})
		for _, words := range []string{"Первое", "Второе", "Третье", "Четвёртое"} {
			s.does(s.anna.Send(words))
		}
		s.world.SetFault(nil)
		s.pass(time.Minute)
		joined := s.find(topic, "Четвёртое")
		if !joined.Has("Третье") {
			t.Fatalf("not joined: %q", joined.Text)
		}
		s.does(s.olga.In(topic).Send("/split", telegramsim.ReplyTo(joined.ID)))
		list := s.ticketsOf(s.anna)
		if got := list[0].Report.Problem; len(list) != 2 || strings.Contains(got, "Anna") || !strings.HasSuffix(got, "Третье\n\nЧетвёртое") {
			t.Errorf("the description of %d tickets is %q", len(list), got)
		}
	})
}

// TestTellsThatSupportIsClosedAfterAQuestion: also of a message that had to be
// asked about first (R2.1).
func TestTellsThatSupportIsClosedAfterAQuestion(t *testing.T) {
	atDesk(t, func(s *shift) {
		s.ticket(s.anna, "a.ru")
		s.ticket(s.anna, "b.ru")
		s.pass(9 * time.Hour)
		s.does(s.anna.Send("Всё ещё не работает"))
		s.presses(s.anna, "b.ru")
		s.count(s.anna.Chat, "откроется", 1)
		s.does(s.anna.Send("И ещё"))
		s.presses(s.anna, "b.ru")
		s.count(s.anna.Chat, "откроется", 1)
	})
}

// TestABanDuringADraft: the draft is not reminded of, and waits for the end of
// the ban.
func TestABanDuringADraft(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		s.does(s.anna.Send("/new"))
		s.presses(s.anna, "Общий вопрос")
		s.does(s.olga.In(topic).Send("/ban"))
		before := len(botTexts(s.anna.Chat))
		s.pass(3 * time.Hour)
		s.does(s.anna.Send("Анна"))
		if said := botTexts(s.anna.Chat)[before:]; len(said) > 0 {
			t.Errorf("somebody banned is told %q", said)
		}
		s.does(s.olga.In(topic).Send("/unban"))
		s.does(s.anna.Send("Анна"))
		s.hears(s.anna.Chat, "Ваш")
	})
}
