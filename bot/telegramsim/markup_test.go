package telegramsim_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestWhatKeyboardsLose holds what the server drops without a word.
func TestWhatKeyboardsLose(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	button := func(text string) args { return args{"text": text, "callback_data": "x"} }
	var long, many []any
	for i := range 15 {
		long = append(long, button(fmt.Sprint(i)))
	}
	for range 60 {
		many = append(many, []any{button("a"), button("b"), button("c"), button("d"), button("e"), button("f")})
	}
	for _, tc := range []struct {
		name string
		rows []any
		want string
	}{
		{"buttons without a text", []any{[]any{button(""), button("a")}, []any{button("")}}, "[a]"},
		{"links are kept", []any{[]any{args{"text": "сайт", "url": "example.ru/a"}, args{"text": "чат", "url": "tg://user?id=1"}}}, "[сайт чат]"},
		{"more than 12 in a row", []any{long}, "[0 1 2 3 4 5 6 7 8 9 10 11]"},
		{"nothing", []any{}, "[]"},
	} {
		s.call("sendMessage", args{"chat_id": ivan.ID(), "text": tc.name, "reply_markup": args{"inline_keyboard": tc.rows}})
		if got := fmt.Sprint(ivan.Expect(tc.name).Labels()); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
	s.call("sendMessage", args{"chat_id": ivan.ID(), "text": "много", "reply_markup": args{"inline_keyboard": many}})
	if n := len(ivan.Expect("много").Labels()); n != 300 {
		t.Errorf("%d buttons", n)
	}
	if got := ivan.Transcript(); !strings.Contains(got, "[ сайт ] [ чат ]") {
		t.Error(got)
	}
}
