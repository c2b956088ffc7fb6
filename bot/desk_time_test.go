package bot

import (
	"strings"
	"testing"
	"time"

	"intakebot/tickets"
)

// restart ends the intake, and begins another one on the same store.
func (s *shift) restart() {
	s.close()
	s.open()
	s.settled()
}

// TestWarnsOnceOverRestarts: at 50 and 80 per cent and at the breach, in the
// ticket's topic, and not of what was answered in time.
func TestWarnsOnceOverRestarts(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru") // at noon: due after nine working hours
		_, answered := s.ticket(s.anna, "b.ru")
		s.does(s.olga.In(answered).Send("Смотрим"))
		warned := func(half, most, all int) {
			t.Helper()
			s.count(topic, "прошла половина", half)
			s.count(topic, "80 %", most)
			s.count(topic, "время реакции вышло", all)
		}
		for _, step := range []struct {
			wait            time.Duration
			half, most, all int
		}{
			{4*time.Hour + 25*time.Minute, 0, 0, 0}, {10 * time.Minute, 1, 0, 0}, {time.Hour, 1, 0, 0},
			{16*time.Hour + 30*time.Minute, 1, 0, 0}, {15 * time.Minute, 1, 1, 0}, {2 * time.Hour, 1, 1, 1}, {3 * time.Hour, 1, 1, 1},
		} {
			s.pass(step.wait)
			warned(step.half, step.most, step.all)
			s.restart()
			warned(step.half, step.most, step.all)
		}
		s.count(answered, "реакции", 0)
	})
}

// TestAWarningMissedIsSaidOnce: only the newest, where the bot was away.
func TestAWarningMissedIsSaidOnce(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		s.away(23 * time.Hour)
		s.settled()
		s.count(topic, "прошла половина", 0)
		s.count(topic, "80 %", 1)
	})
}

// TestRatings: each of them, changed, commented, late, and after a reopening.
func TestRatings(t *testing.T) {
	atDesk(t, func(s *shift) {
		s.policy.Silence.Reopen = 24 * time.Hour
		id, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		s.does(olga.Send("/solve"))
		prompt := s.hears(s.anna.Chat, "Оцените")
		for _, stars := range []string{"5", "4", "3", "2", "1"} {
			_, err := s.anna.PressData(prompt.ID, tickets.TicketPress("c.rate", id, stars))
			s.does(nil, err)
			s.hears(s.anna.Chat, stars+" из 5")
		}
		pressed, err := s.anna.PressData(prompt.ID, tickets.TicketPress("c.rate", id, "1"))
		s.does(nil, err)
		if got, _ := pressed.Answer(s.ctx); got.Text == "" {
			t.Error("the same rating again is answered by nothing")
		}
		s.does(s.anna.Send("Три дня ждали"))
		s.hears(s.anna.Chat, "записал")
		s.count(topic, "Три дня ждали", 1)
		s.count(topic, "оценку", 1)
		s.presses(s.anna, "Открыть снова")
		pressed, err = s.anna.PressData(prompt.ID, tickets.TicketPress("c.rate", id, "5"))
		s.does(nil, err)
		if got, _ := pressed.Answer(s.ctx); !strings.Contains(got.Text, "снова в работе") || s.stored(id).Life.Rating != 1 {
			t.Errorf("a rating of an open ticket is answered by %q", got.Text)
		}
		s.does(olga.Send("/solve"))
		s.pass(25 * time.Hour)
		_, err = s.anna.PressData(prompt.ID, tickets.TicketPress("c.rate", id, "5"))
		s.does(nil, err)
		if got := s.stored(id).Life.Rating; got != 5 {
			t.Errorf("rated late: %d", got)
		}
		pressed, err = s.anna.PressData(prompt.ID, tickets.TicketPress("c.reopen", id, ""))
		s.does(nil, err)
		if got, _ := pressed.Answer(s.ctx); got.Text == "" || s.stored(id).State.Ended() != true {
			t.Errorf("reopened too late: %q", got.Text)
		}
	})
}

// TestSilenceRemindsAndCloses in working hours, and says so beforehand.
func TestSilenceRemindsAndCloses(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru") // Tuesday noon; 9 and 27 working hours
		s.does(s.olga.In(topic).Send("/wait"))
		s.hears(s.anna.Chat, "закроется пт 27 ноября, 12:00")
		s.pass(24*time.Hour - time.Minute)
		s.count(s.anna.Chat, "мы ждём вашего ответа", 0)
		s.pass(2 * time.Minute)
		s.hears(s.anna.Chat, "мы ждём вашего ответа", "закроется пт 27 ноября, 12:00")
		s.pass(48*time.Hour - 2*time.Minute)
		s.is(id, tickets.StateWaiting)
		s.pass(2 * time.Minute)
		s.is(id, tickets.StateClosed)
		s.hears(s.anna.Chat, "закрыта", "Оцените", "открыть снова")
		s.count(s.anna.Chat, "мы ждём вашего ответа", 1)
	})
}

// TestALevelOutlastsDevelopment: the one that an agent chose comes back.
func TestALevelOutlastsDevelopment(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		olga := s.olga.In(topic)
		for _, command := range []string{"/level consultation", "/develop", "/take"} {
			s.does(olga.Send(command))
			s.pass(time.Minute)
		}
		if got := s.stored(id).Level; got != "consultation" {
			t.Errorf("the level is %s", got)
		}
	})
}

// TestOldButtonsDoWhatIsLeftToDo: those of a card in the general topic, of a
// ticket that has ended meanwhile, and of one that there is not.
func TestOldButtonsDoWhatIsLeftToDo(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		hall := s.olga.In(s.desk.Chat)
		s.does(hall.Send("/ticket " + tickets.Number(id)))
		old := s.hears(s.desk.Chat, "новая")
		s.does(s.olga.In(topic).Send("/close"))
		for _, data := range []string{
			tickets.TicketPress("t.take", id, ""), tickets.TicketPress("t.wait", id, ""), tickets.TicketPress("t.level", id, "support"),
			tickets.TicketPress("t.putoff", id, "out-of-scope"), tickets.TicketPress("t.solve", 4242, ""), tickets.TicketPress("t.nonsense", id, ""), "x",
		} {
			pressed, err := hall.PressData(old.ID, data)
			s.does(nil, err)
			if got, err := pressed.Answer(s.ctx); err != nil || got.Text == "" {
				t.Errorf("%q is answered by %+v, %v", data, got, err)
			}
		}
		s.is(id, tickets.StateClosed)
		stranger := s.world.AddPerson("Stranger")
		if _, err := stranger.In(s.desk.Chat).PressData(old.ID, tickets.TicketPress("t.reopen", id, "")); err == nil {
			s.settled()
		}
		s.is(id, tickets.StateClosed)
	})
}
