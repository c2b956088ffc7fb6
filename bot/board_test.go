package bot

import (
	"strings"
	"sync"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// calls notes when methods of the Bot API are called for the desk.
func (s *shift) calls(methods ...string) func() []time.Time {
	var mu sync.Mutex
	var at []time.Time
	s.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
		mu.Lock()
		defer mu.Unlock()
		if strings.Contains(strings.Join(methods, " "), c.Method) && strings.Contains(c.Args["text"], "📋") {
			at = append(at, time.Now())
		}
		return telegramsim.Outcome{}
	})
	return func() []time.Time {
		mu.Lock()
		defer mu.Unlock()
		return at
	}
}

// TestTheBoardSurvivesARestart: it is the same message, and is not shown more
// often for it.
func TestTheBoardSurvivesARestart(t *testing.T) {
	atDesk(t, func(s *shift) {
		shown := s.calls("sendmessage", "editmessagetext")
		id, topic := s.ticket(s.anna, "a.ru")
		s.does(s.olga.In(topic).Send("/take"))
		s.pass(time.Minute)
		before := s.board(s.desk)
		for range 6 {
			s.close()
			s.serve(s.desk.ID())
			s.does(s.olga.In(topic).Send("/assign"))
			s.does(s.ivan.In(topic).Send("/assign"))
		}
		s.pass(time.Minute)
		after := s.board(s.desk)
		if after.ID != before.ID || !after.Has(tickets.Number(id), "Ivan") {
			t.Errorf("the board was %v, and is %v", before, after)
		}
		at := shown()
		for i := 1; i < len(at); i++ {
			if pause := at[i].Sub(at[i-1]); pause < boardRest {
				t.Errorf("shown again after %v", pause)
			}
		}
		if len(at) < 3 {
			t.Errorf("shown at %v", at)
		}
	})
}

// TestADeletedBoardIsMadeAnew, and pinned; so is one that another bot has made.
func TestADeletedBoardIsMadeAnew(t *testing.T) {
	atDesk(t, func(s *shift) {
		_, topic := s.ticket(s.anna, "a.ru")
		s.does(s.olga.In(topic).Send("/take"))
		s.pass(time.Minute)
		first := s.board(s.desk)
		s.does(nil, s.olga.In(s.desk.Chat).Delete(first.ID))
		s.does(s.olga.In(topic).Send("/priority off"))
		s.pass(time.Minute)
		second := s.board(s.desk)
		if second.ID == first.ID || !second.Has("Olga") {
			t.Errorf("the board: %v", second)
		}
		s.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
			if c.Method == "editmessagetext" && c.Args["message_id"] != "" && c.Args["message_thread_id"] == "" && strings.Contains(c.Args["text"], "📋") {
				return telegramsim.Refuse(400, "Bad Request: message can't be edited", "")
			}
			return telegramsim.Outcome{}
		})
		s.does(s.ivan.In(topic).Send("/assign"))
		s.pass(time.Minute)
		if third := s.find(s.desk.Chat, "📋"); third.ID == second.ID || !third.Pinned || !third.Has("Ivan") {
			t.Errorf("the board: %v", third)
		}
	})
}

// TestTheBoardWorksUnpinned: the bot says once which right it lacks.
func TestTheBoardWorksUnpinned(t *testing.T) {
	atDesk(t, func(s *shift) {
		s.desk.SetBotRights(s.bot, telegramsim.ManageTopics)
		id, topic := s.ticket(s.anna, "a.ru")
		s.pass(time.Minute)
		s.does(s.olga.In(topic).Send("/take"))
		for _, now := range []string{"off", "on", "off"} {
			s.pass(2 * time.Hour)
			s.does(s.olga.In(topic).Send("/priority " + now))
		}
		s.pass(time.Minute)
		board := s.find(s.desk.Chat, "📋")
		if board.Pinned || board.Version < 3 || !board.Has(tickets.Number(id), "Olga") {
			t.Errorf("the board, version %d: %v", board.Version, board)
		}
		s.count(s.desk.Chat, "📋", 1)
		s.count(s.desk.Chat, "Закрепление сообщений", 1)
	})
}

// TestAPinIsTriedAgain: the board is pinned also where Telegram was away for a
// moment just then.
func TestAPinIsTriedAgain(t *testing.T) {
	atDesk(t, func(s *shift) {
		var once sync.Once
		s.world.SetFault(func(c telegramsim.Call) (o telegramsim.Outcome) {
			if c.Method == "pinchatmessage" {
				once.Do(func() { o = telegramsim.Refuse(429, "Too Many Requests: retry after 5", `{"retry_after":5}`) })
			}
			return o
		})
		_, topic := s.ticket(s.anna, "a.ru")
		s.does(s.olga.In(topic).Send("/take"))
		s.pass(time.Minute)
		s.board(s.desk)
	})
}
