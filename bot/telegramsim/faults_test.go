package telegramsim_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
)

func TestFaults(t *testing.T) {
	var waited atomic.Int64
	s := newStage(t, telegramsim.WithTimer(func(d time.Duration) <-chan time.Time {
		waited.Add(int64(d))
		over := make(chan time.Time)
		close(over)
		return over
	}))
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	send := args{"chat_id": ivan.ID(), "text": "привет"}
	for _, tc := range []struct {
		name    string
		outcome telegramsim.Outcome
		arrives bool
		ok      func(reply, error) bool
	}{
		{"nothing", telegramsim.Outcome{}, true, func(r reply, err error) bool { return r.OK }},
		{"a refusal", telegramsim.Refuse(429, "Too Many Requests: retry after 7", `{"retry_after":7}`), false,
			func(r reply, err error) bool { return r.ErrorCode == 429 && r.Parameters.RetryAfter == 7 }},
		{"an HTML page", telegramsim.Outcome{Status: http.StatusBadGateway, Body: "<html>"}, false, func(_ reply, err error) bool { return err != nil }},
		{"a broken line before", telegramsim.Outcome{Drop: true}, false, func(_ reply, err error) bool { return err != nil }},
		{"a broken line after", telegramsim.Outcome{Drop: true, AfterEffect: true}, true, func(_ reply, err error) bool { return err != nil }},
		{"a delay", telegramsim.Outcome{Delay: time.Hour}, true, func(r reply, err error) bool { return r.OK }},
	} {
		s.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
			if c.Method == "sendmessage" && c.Chat() == ivan.Person().UserID() && c.Bot == 4242 {
				return tc.outcome
			}
			return telegramsim.Outcome{}
		})
		before := len(ivan.Messages())
		r, err := s.tryCall("sendMessage", send)
		if !tc.ok(r, err) {
			t.Errorf("%s: %+v %v", tc.name, r, err)
		}
		if arrived := len(ivan.Messages()) > before; arrived != tc.arrives {
			t.Errorf("%s: arrived: %v", tc.name, arrived)
		}
	}
	if time.Duration(waited.Load()) != time.Hour {
		t.Errorf("waited %v", time.Duration(waited.Load()))
	}
	s.world.SetFault(nil)
	if r := s.call("sendMessage", send); !r.OK {
		t.Errorf("%+v", r)
	}
}
