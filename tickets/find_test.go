package tickets

import (
	"reflect"
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
		Contact: Contact{Name: "Имя", Email: "E@x.ru", Login: "Login", Phone: "+71234;ext=5", Account: "@Nick"},
		Site:    "https://xn--e1afmkfd.xn--p1ai/a", Problem: "«Беда»…", Error: "Fatal_1", Steps: "Ёлка", Changes: "Правки",
	}}
	want := " https xn e1afmkfd xn p1ai a пример рф a имя e x ru login 71234 ext 5 nick беда fatal 1 елка правки 1234 234 "
	if got := k.Words(); got != want {
		t.Errorf("words:\n%q, want\n%q", got, want)
	}
}

func TestLookups(t *testing.T) {
	for _, c := range []struct {
		text string
		want []Lookup
	}{
		{"", nil},
		{" - % \x00 ", nil},
		{"Интернационализация ё", []Lookup{{[]string{"интернационализа", "е"}, []string{" интернационализация", " е "}}}},
		{"anna@shop.ru", []Lookup{{[]string{"anna", "shop", "ru"}, []string{" anna shop ru "}}}},
		{"1С 1С", []Lookup{{[]string{"1с"}, []string{" 1с ", " 1с "}}}},
		{"8 (495) 123", []Lookup{
			{[]string{"123", "495", "8"}, []string{" 8 ", " 495", " 123"}}, {[]string{"8495123"}, []string{" 8495123"}},
		}},
		{"a b c d e f g h ijk", []Lookup{{
			[]string{"ijk", "a", "b", "c", "d", "e", "f", "g"}, []string{" a ", " b ", " c ", " d ", " e ", " f ", " g ", " h ", " ijk"},
		}}},
	} {
		if got := Lookups(c.text); !reflect.DeepEqual(got, c.want) && len(got)+len(c.want) > 0 {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}
