package telegramsim_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
)

func ids(updates []models.Update) []int64 {
	var out []int64
	for _, u := range updates {
		out = append(out, u.ID)
	}
	return out
}

func same(a []int64, b ...int64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestOffsetsConfirm(t *testing.T) {
	s := newStage(t, telegramsim.WithFirstUpdateID(10))
	ivan := s.world.Customer(t, "Ivan")
	for _, text := range []string{"a", "b", "c", "d"} {
		ivan.Send(text)
	}
	for _, step := range []struct {
		offset int64
		want   []int64
		left   int
	}{
		{0, []int64{10, 11, 12, 13}, 4},
		{0, []int64{10, 11, 12, 13}, 4},
		{11, []int64{11, 12, 13}, 3},
		{-2, []int64{12, 13}, 2},
		{10, []int64{12, 13}, 2},
		{14, nil, 0},
		{0, nil, 0},
	} {
		if got := ids(s.poll(step.offset, 0)); !same(got, step.want...) || s.bot.Pending() != step.left {
			t.Errorf("offset %d: %v with %d pending, want %v with %d", step.offset, got, s.bot.Pending(), step.want, step.left)
		}
	}
	ivan.Send("e")
	ivan.Send("f")
	var one []models.Update
	s.result(s.call("getUpdates", args{"limit": 1}), &one)
	if !same(ids(one), 14) {
		t.Errorf("limit: %v", ids(one))
	}
}

func TestALongPollWakesAtOnce(t *testing.T) {
	waits := make(chan struct{}, 10)
	s := newStage(t, telegramsim.WithTimer(manualTimer(waits))) // only a message can end the poll
	ivan := s.world.Customer(t, "Ivan")
	got := make(chan reply, 1)
	go func() {
		r, err := s.tryCall("getUpdates", args{"timeout": 50})
		if err != nil {
			t.Error(err)
		}
		got <- r
	}()
	<-waits
	ivan.Send("привет")
	if r := <-got; !strings.Contains(string(r.Result), "привет") {
		t.Errorf("%s", r.Result)
	}
}

func TestALongPollEndsAtItsTimeout(t *testing.T) {
	var asked time.Duration
	s := newStage(t, telegramsim.WithTimer(func(d time.Duration) <-chan time.Time {
		asked = d
		over := make(chan time.Time)
		close(over)
		return over
	}))
	if got := s.poll(0, 500); len(got) != 0 || asked != 50*time.Second {
		t.Errorf("%v after %v", got, asked)
	}
}

func TestTwoPollersConflict(t *testing.T) {
	waits := make(chan struct{}, 10)
	s := newStage(t, telegramsim.WithTimer(manualTimer(waits)))
	first := make(chan reply, 1)
	go func() {
		r, err := s.tryCall("getUpdates", args{"timeout": 50})
		if err != nil {
			t.Error(err)
		}
		first <- r
	}()
	<-waits
	second := make(chan reply, 1)
	go func() {
		r, err := s.tryCall("getUpdates", args{"timeout": 50})
		if err != nil {
			t.Error(err)
		}
		second <- r
	}()
	if r := <-first; r.ErrorCode != 409 || r.Description != "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running" {
		t.Errorf("%+v", r)
	}
	if r := s.call("setWebhook", args{"url": "http://127.0.0.1:1/"}); !r.OK {
		t.Errorf("%+v", r)
	}
	if r := <-second; r.ErrorCode != 409 || r.Description != "Conflict: terminated by setWebhook request" {
		t.Errorf("%+v", r)
	}
	s.refuses([]refusal{{"getUpdates", nil, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}})
	if r := s.call("deleteWebhook", nil); !r.OK {
		t.Errorf("%+v", r)
	}
	s.poll(0, 0)
}

func TestOnlyAllowedKindsArrive(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	sent := ivan.Send("a")
	kinds := func(updates []models.Update) string {
		var out []string
		for _, u := range updates {
			switch {
			case u.Message != nil:
				out = append(out, "message")
			case u.EditedMessage != nil:
				out = append(out, "edited")
			case u.MessageReaction != nil:
				out = append(out, "reaction "+u.MessageReaction.NewReaction[0].ReactionTypeEmoji.Emoji)
			case u.MyChatMember != nil:
				out = append(out, string(u.MyChatMember.NewChatMember.Type))
			}
		}
		return strings.Join(out, ",")
	}
	act := func(allowed []string) string {
		var first []models.Update
		s.result(s.call("getUpdates", args{"offset": -1, "allowed_updates": allowed}), &first)
		from := s.bot.Pending()
		ivan.Edit(sent.ID, "b"+allowed[0])
		ivan.React(sent.ID, "👍")
		ivan.Block()
		if err := ivan.Unblock(); err != nil {
			t.Fatal(err)
		}
		return kinds(s.poll(0, 0)[from:])
	}
	for _, tc := range []struct {
		allowed []string
		want    string
	}{
		{[]string{"message_reaction"}, "reaction 👍"},
		{[]string{"edited_message", "my_chat_member"}, "edited,kicked,member"},
	} {
		if got := act(tc.allowed); got != tc.want {
			t.Errorf("%v: %s, want %s", tc.allowed, got, tc.want)
		}
	}
	s.call("getUpdates", args{"allowed_updates": []string{}})
	ivan.React(sent.ID, "🔥")
	ivan.Send("c")
	if all := s.poll(0, 0); all[len(all)-1].Message == nil || all[len(all)-2].MessageReaction != nil {
		t.Error("the default kinds hold reactions")
	}
}

func TestRawUpdatesAreInjected(t *testing.T) {
	s := newStage(t, telegramsim.WithFirstUpdateID(100))
	inject := must[int64](t)
	inject(s.bot.Inject([]byte(`{"a_kind_of_tomorrow":{"x":1}}`)))
	inject(s.bot.Inject([]byte(`{"update_id":500,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"text":"прыжок","new_field":[]}}`)))
	inject(s.bot.Inject([]byte(`{"update_id":500,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"text":"прыжок"}}`)))
	s.world.Customer(t, "Ivan").Send("после")
	r := s.call("getUpdates", nil)
	var raw []map[string]json.RawMessage
	s.result(r, &raw)
	if len(raw) != 4 || string(raw[0]["a_kind_of_tomorrow"]) != `{"x":1}` || !strings.Contains(string(raw[1]["message"]), "new_field") {
		t.Fatalf("%s", r.Result)
	}
	if got := ids(s.poll(0, 0)); !same(got, 100, 500, 500, 501) {
		t.Errorf("%v", got)
	}
	inject(s.bot.Inject([]byte(`{"update_id":100,"again":{}}`)))
	if got := ids(s.poll(502, 0)); !same(got, 100) {
		t.Errorf("a repeated ID below the offset must still arrive once: %v", got)
	}
	if got := ids(s.poll(502, 0)); len(got) != 0 {
		t.Errorf("and only once: %v", got)
	}
	s.bot.SkipUpdateIDs(1000)
	s.world.Customer(t, "Anna").Send("далеко")
	pending := s.bot.PendingUpdates()
	if last := string(pending[len(pending)-1]); !strings.Contains(last, `"update_id":1502`) || !strings.Contains(last, "далеко") {
		t.Errorf("%s", last)
	}
	if _, err := s.bot.Inject([]byte("{")); err == nil {
		t.Error("bad JSON was taken")
	}
}

func TestHastyPollsArePunished(t *testing.T) {
	s := newStage(t, telegramsim.WithPollPenalty())
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("a")
	ivan.Send("b")
	for i, want := range []int{2, 1, 2} {
		if got := s.poll(0, 0); len(got) != want {
			t.Errorf("poll %d: %d updates, want %d", i+1, len(got), want)
		}
		if i == 1 {
			s.clock.Advance(time.Second)
		}
	}
}
