package tickets

import (
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	for _, alike := range [][2]string{
		{"КОРЗИНА", "корзина"}, {" Ёлка\n", "елка"}, {"ЕЛКА", "ёлка"}, {"Anna@Example.RU", "anna@example.ru"}, {"", " "},
	} {
		if a, b := Fold(alike[0]), Fold(alike[1]); a != b {
			t.Errorf("%q and %q differ", a, b)
		}
	}
	if Fold("и") == Fold("й") {
		t.Error("и and й are alike")
	}
}

// TestWords: whatever an agent may have of a ticket is in its words.
func TestWords(t *testing.T) {
	k := Ticket{Report: Report{
		Contact: Contact{Name: "Имя", Email: "E@x.ru", Login: "Login", Phone: "+7 1", Account: "@Nick"},
		Site:    "https://xn--e1afmkfd.xn--p1ai/a", Problem: "Беда", Error: "Fatal", Steps: "Шаги", Changes: "Правки",
	}}
	words := k.Words()
	for _, part := range []string{
		"имя", "e@x.ru", "login", "+7 1", "@nick", "xn--e1afmkfd.xn--p1ai/a", "пример.рф/a", "беда", "fatal", "шаги", "правки",
	} {
		if !strings.Contains(words, part) {
			t.Errorf("%q is not in %q", part, words)
		}
	}
}
