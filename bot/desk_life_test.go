package bot

import (
	"strings"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// TestALifeAtTheDesk plays a ticket from taking it to its end, from both sides.
func TestALifeAtTheDesk(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		if got := s.presses(olga, "Взять"); !strings.Contains(got, "T-") {
			t.Errorf("the press answers %q", got)
		}
		s.hears(s.anna.Chat, "Olga", "T-")

		// Answers: a text with formatting, a picture with a caption, a note.
		answer, err := olga.Send("Очистите кэш")
		s.does(answer, err)
		s.hears(s.anna.Chat, "Olga", "Очистите кэш")
		s.reacted(topic, answer.ID)
		shot := picture(t, "jpeg")
		picture, err := olga.SendPhoto(shot, "вот так")
		s.does(picture, err)
		if m := s.hears(s.anna.Chat, "вот так"); m.Kind != "photo" {
			t.Errorf("the picture arrived as %s", m.Kind)
		}
		s.does(olga.Send("// сложный случай"))
		s.does(olga.Send("/note и ещё"))
		s.does(olga.SendAlbum([]telegramsim.AlbumItem{{Data: shot, Caption: "// не для клиента"}, {Data: shot}}))
		s.count(s.anna.Chat, "случай", 0)
		s.count(s.anna.Chat, "и ещё", 0)
		s.hears(s.anna.Chat, "вот так")

		// An edit, a deletion.
		s.does(olga.Edit(answer.ID, "Очистите кэш браузера"))
		s.count(s.anna.Chat, "кэш браузера", 1)
		s.does(olga.Send("/delete", telegramsim.ReplyTo(picture.ID)))
		s.count(s.anna.Chat, "вот так", 0)

		// The customer waited for adds, in a reply, and mends it.
		s.does(olga.Send("/wait"))
		s.is(id, tickets.StateWaiting)
		carried := s.find(s.anna.Chat, "кэш браузера")
		added, err := s.anna.Send("Не помогло", telegramsim.ReplyTo(carried.ID))
		s.does(added, err)
		s.is(id, tickets.StateWork)
		s.reacted(s.anna.Chat, added.ID)
		copied := s.find(topic, "Не помогло")
		if r := copied.Raw.ReplyToMessage; r == nil || r.ID != answer.ID {
			t.Errorf("the addition replies to %+v", r)
		}
		s.does(s.anna.Edit(added.ID, "Совсем не помогло"))
		s.count(topic, "исправлено", 1)

		// Solved, rated low with a comment, reopened, closed.
		s.does(olga.Send("/solve"))
		s.pass(time.Minute)
		if !s.isClosed(id) {
			t.Error("the topic of a solved ticket is open")
		}
		s.presses(s.anna, "2 ★")
		s.does(s.anna.Send("Слишком долго"))
		s.count(topic, "Слишком долго", 1)
		s.presses(s.anna, "Открыть снова")
		s.is(id, tickets.StateReopened)
		s.pass(time.Minute)
		if s.isClosed(id) {
			t.Error("the topic of a reopened ticket is closed")
		}
		s.does(olga.Send("/close"))
		s.is(id, tickets.StateClosed)
		if l := s.stored(id).Life; l.Comment != "" || l.Rating != 0 {
			t.Errorf("every ending asks anew: %+v", l)
		}
		s.does(s.anna.Send("/tickets"))
		s.hears(s.anna.Chat, tickets.Number(id))
		s.presses(s.anna, tickets.Number(id))
		s.hears(s.anna.Chat, "a.ru")
	})
}

// find is the newest message of the bot in a chat with some words.
func (s *shift) find(ch *telegramsim.Chat, words string) telegramsim.Message {
	s.Helper()
	var found telegramsim.Message
	for _, m := range botMessages(ch) {
		if m.Has(words) {
			found = m
		}
	}
	if found.ID == 0 {
		s.Fatalf("nobody said %q\n%s", words, ch.Transcript())
	}
	return found
}

// TestTooLateToDelete: what Telegram does not delete any more stays on both sides, and
// the agent is told so.
func TestTooLateToDelete(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		answer, err := olga.Send("Очистите кэш")
		s.does(answer, err)
		s.pass(49 * time.Hour)
		s.does(olga.Send("/delete", telegramsim.ReplyTo(answer.ID)))
		s.hears(topic, "больше двух суток")
		s.count(s.anna.Chat, "Очистите кэш", 1)
		if _, there := topic.Message(answer.ID); !there {
			t.Error("it is gone on this side only")
		}
	})
}

// TestWhoTakesFirstHasIt has two agents take a ticket at the same instant.
func TestWhoTakesFirstHasIt(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		card := botMessages(topic)[0]
		data := tickets.TicketPress("t.take", id, "")
		var presses []*telegramsim.Pressed
		for _, p := range []*telegramsim.Person{s.ivan, s.olga} {
			pressed, err := p.In(topic).PressData(card.ID, data)
			if err != nil {
				t.Fatal(err)
			}
			presses = append(presses, pressed)
		}
		s.settled()
		holder, refused := s.stored(id).Life.AgentName, 0
		for _, p := range presses {
			got, err := p.Answer(s.ctx)
			if err != nil {
				t.Fatal(err)
			}
			if got.ShowAlert && strings.Contains(got.Text, holder) {
				refused++
			}
		}
		if refused != 1 || holder == "" {
			t.Errorf("%q has it, %d were told so", holder, refused)
		}
		s.count(s.anna.Chat, "занимается", 1)
	})
}

// TestAnAlbumStaysOne sends albums both ways.
func TestAnAlbumStaysOne(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		shots := []telegramsim.AlbumItem{{Data: picture(t, "jpeg"), Caption: "первый"}, {Data: picture(t, "png")}, {Data: picture(t, "jpeg")}}
		album, err := s.olga.In(topic).SendAlbum(shots)
		s.does(album, err)
		s.one(s.anna.Chat, 3, "Olga")
		for _, m := range album {
			s.reacted(topic, m.ID)
			list, err := s.store.Outbox.(tickets.Store).Carried(s.ctx, tickets.Spot{Chat: s.desk.ID(), Message: int64(m.ID)})
			if err != nil || len(list) != 1 {
				t.Errorf("carried: %v, %v", list, err)
			}
		}
		s.does(s.anna.SendAlbum(shots))
		s.one(topic, 3, "Anna")
	})
}

// one expects the newest pictures in a chat to be one album below one line.
func (s *shift) one(ch *telegramsim.Chat, pictures int, head string) {
	s.Helper()
	said := botMessages(ch)
	if len(said) <= pictures {
		s.Fatalf("no album\n%s", ch.Transcript())
	}
	said = said[len(said)-pictures-1:]
	group := said[1].Raw.MediaGroupID
	for _, m := range said[1:] {
		if m.Kind != "photo" || m.Raw.MediaGroupID != group || group == "" {
			s.Errorf("not of the album: %v", m)
		}
	}
	if !said[0].Has(head) || said[1].Text != "первый" {
		s.Errorf("above the album: %q, its caption %q", said[0].Text, said[1].Text)
	}
}
