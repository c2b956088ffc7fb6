package telegramsim_test

import (
	"testing"
	"time"

	"intakebot/bot/telegramsim"
)

// until calls a method until it is refused, and tells how often it passed.
func (s *stage) until(method string, call func(i int) args) (int, reply) {
	s.t.Helper()
	for i := range 200 {
		if r := s.call(method, call(i)); !r.OK {
			return i, r
		}
	}
	s.t.Fatal("there is no limit")
	return 0, reply{}
}

func TestLimitsOnSending(t *testing.T) {
	s := newStage(t, telegramsim.WithRateLimits())
	var people []*telegramsim.Actor
	for range 40 {
		p := s.world.Customer(t, "P")
		p.Send("/start")
		people = append(people, p)
	}
	n, r := s.until("sendMessage", func(int) args { return args{"chat_id": people[0].ID(), "text": "x"} })
	if n != 5 || r.ErrorCode != 429 || r.Parameters.RetryAfter != 1 || r.Description != "Too Many Requests: retry after 1" {
		t.Errorf("one chat: %d, %+v", n, r)
	}
	s.clock.Advance(time.Second)
	n, r = s.until("sendMessage", func(i int) args { return args{"chat_id": people[i].ID(), "text": "x"} })
	if n != 30 || r.ErrorCode != 429 {
		t.Errorf("all chats: %d, %+v", n, r)
	}
	s.clock.Advance(time.Minute)
	if r := s.call("sendMessage", args{"chat_id": people[0].ID(), "text": "x"}); !r.OK {
		t.Errorf("%+v", r)
	}
}

func TestAGroupTakesTwentyAMinute(t *testing.T) {
	s := newStage(t, telegramsim.WithRateLimits())
	desk := s.world.AddForum("Support", s.world.AddPerson("Olga"))
	card := s.tell(desk.ID(), "карточка")
	passed, waits := 1, 0
	for i := range 60 { // a topic, an edit and a message each second
		for _, r := range []reply{
			s.call("createForumTopic", args{"chat_id": desk.ID(), "name": "x"}),
			s.call("editMessageText", args{"chat_id": desk.ID(), "message_id": card, "text": time.Duration(i).String()}),
			s.call("sendMessage", args{"chat_id": desk.ID(), "text": "x"}),
		} {
			if r.OK {
				passed++
			} else if waits++; r.Parameters.RetryAfter < 1 {
				t.Fatalf("%+v", r)
			}
		}
		s.clock.Advance(time.Second)
	}
	if passed != 20+19 || waits != 180+1-passed {
		t.Errorf("%d passed in the first minute, %d refused", passed, waits)
	}
	if r := s.call("sendChatAction", args{"chat_id": desk.ID(), "action": "typing"}); !r.OK {
		t.Errorf("typing is not limited: %+v", r)
	}
}
