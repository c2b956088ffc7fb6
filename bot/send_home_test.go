package bot

import (
	"strings"
	"testing"
	"time"

	"intakebot/tickets"
)

// TestAWrongGroupIsCorrected: tickets that were filed while AGENT_GROUP_ID named
// no group of the bot's come into the right one.
func TestAWrongGroupIsCorrected(t *testing.T) {
	atDesk(t, func(s *shift) {
		wrong := s.world.AddForum("Elsewhere", s.ivan)
		wrong.KickBot(s.bot)
		s.close()
		s.serve(wrong.ID())
		var ids []int64
		for _, site := range []string{"a.ru", "b.ru"} {
			id, _ := s.ticketIn(wrong, s.anna, site)
			s.outbox.Push(s.commit(toTicket(wrong.ID(), id, "вдогонку")))
			ids = append(ids, id)
		}
		s.pass(time.Hour)
		s.close()
		s.serve(s.desk.ID())
		s.pass(2 * time.Minute)
		for _, id := range ids {
			topic := s.topicOf(s.desk, id)
			if said := botTexts(topic); len(said) != 2 || said[1] != "вдогонку" || strings.Contains(said[0], "♻️") {
				t.Errorf("in the topic: %q", said)
			}
			if p := s.stored(id).Place; p.Group != s.desk.ID() || p.Card == 0 {
				t.Errorf("its place: %+v", p)
			}
		}
		s.counted("unsent", int64(must[int](&counter{office: s.office})(s.store.Unsent(s.ctx))), 0)
	})
}

// TestAGroupIsTakenOut: its tickets stand on the board of another, and come
// there when there is something to be said of them.
func TestAGroupIsTakenOut(t *testing.T) {
	atDesk(t, func(s *shift) {
		other := s.world.AddForum("Other", s.olga, s.ivan)
		s.close()
		s.serve(s.desk.ID(), other.ID())
		id, left := s.ticketIn(other, s.anna, "a.ru")
		quiet, _ := s.ticketIn(other, s.anna, "b.ru")
		s.pass(time.Minute)
		s.does(s.olga.In(s.desk.Chat).Send("/queue"))
		s.does(s.olga.In(other.Chat).Send("/queue"))
		s.count(s.desk.Chat, tickets.Number(id), 0)
		s.hears(other.Chat, tickets.Number(id), tickets.Number(quiet))
		s.close()
		other.KickBot(s.bot)
		s.serve(s.desk.ID())
		s.pass(time.Minute)
		board := s.board(s.desk)
		if !board.Has(tickets.Number(id), tickets.Number(quiet)) || len(s.desk.Topics()) != 0 {
			t.Errorf("the board is %v, the topics %+v", board, s.desk.Topics())
		}
		s.does(s.anna.Send("Ещё вот что"))
		s.presses(s.anna, tickets.Number(id))
		s.pass(time.Minute)
		s.count(s.topicOf(s.desk, id), "Ещё вот что", 1)
		s.count(left, "Ещё вот что", 0)
		if n := len(s.desk.Topics()); n != 1 {
			t.Errorf("%d topics", n)
		}
		s.does(s.olga.In(s.desk.Chat).Send("/take " + tickets.Number(quiet)))
		s.pass(time.Minute)
		s.does(s.olga.In(s.topicOf(s.desk, quiet)).Send("/close"))
		s.is(quiet, tickets.StateClosed)
		s.does(s.olga.In(s.topicOf(s.desk, id)).Send("Смотрим"))
		s.hears(s.anna.Chat, "Смотрим")
		s.pass(time.Minute)
		s.counted("unsent", int64(must[int](&counter{office: s.office})(s.store.Unsent(s.ctx))), 0)
	})
}

// TestAnEndedTicketMovesWithoutACard: whatever ends it need not be seen.
func TestAnEndedTicketMovesWithoutACard(t *testing.T) {
	atDesk(t, func(s *shift) {
		other := s.world.AddForum("Other", s.olga, s.ivan)
		s.close()
		s.serve(s.desk.ID(), other.ID())
		id, _ := s.ticketIn(other, s.anna, "a.ru")
		s.pass(time.Minute)
		s.close()
		other.KickBot(s.bot)
		s.serve(s.desk.ID())
		s.does(s.olga.In(s.desk.Chat).Send("/close " + tickets.Number(id)))
		s.is(id, tickets.StateClosed)
		s.pass(time.Minute)
		if topics := s.desk.Topics(); len(topics) != 0 {
			t.Errorf("topics: %+v", topics)
		}
		s.counted("unsent", int64(must[int](&counter{office: s.office})(s.store.Unsent(s.ctx))), 0)
	})
}
