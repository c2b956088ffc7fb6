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
		{"HTTPS://www.B-2.ru/", []Lookup{{[]string{"ru", "2", "b"}, []string{" b 2 ru "}}}},
		{"http://", []Lookup{{[]string{"http"}, []string{" http"}}}},
		{"shop.com:443", []Lookup{{[]string{"shop", "443", "com"}, []string{" shop com 443"}}, {[]string{"shop", "com"}, []string{" shop com"}}}},
		{"https://пример.рф/a#b", []Lookup{
			{[]string{"пример", "рф", "a", "b"}, []string{" пример рф a b "}},
			{[]string{"e1afmkfd", "p1ai", "xn", "a"}, []string{" xn e1afmkfd xn p1ai a "}},
		}},
		{"4567 4567", []Lookup{{[]string{"4567"}, []string{" 4567", " 4567"}}, {[]string{"45674567"}, []string{" 45674567"}}}},
		{"45-67, 8", []Lookup{{[]string{"45", "67", "8"}, []string{" 45 67 ", " 8 "}}, {[]string{"4567", "8"}, []string{" 4567", " 8 "}}}},
		{"+49 30 +7 9", []Lookup{{[]string{"30", "49", "7", "9"}, []string{" 49 ", " 30 ", " 7 ", " 9 "}}, {[]string{"4930", "7", "9"}, []string{" 4930", " 7 ", " 9 "}}}},
		{"phone 12", []Lookup{{[]string{"phone", "12"}, []string{" phone", " 12 "}}}},
		{"Тел.: 12-3", []Lookup{{[]string{"тел", "12", "3"}, []string{" тел", " 12 3 "}}, {[]string{"123"}, []string{" 123"}}}},
		{"a.ru 1-23", []Lookup{
			{[]string{"23", "ru", "1", "a"}, []string{" a ru ", " 1 23 "}}, {[]string{"123", "ru", "a"}, []string{" a ru ", " 123"}},
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

func TestParseNumber(t *testing.T) {
	for _, s := range []string{"T-1001", "t1001", "T 1001", "Т-1001.", "т 1001,", " #1001: ", "№ 1001", "1001?"} {
		if n, err := ParseNumber(s); n != 1001 || err != nil {
			t.Errorf("%q: %d, %v", s, n, err)
		}
	}
	for _, s := range []string{"", "T", "T-", "10 01", "T-1001 T-1002", "0", "T-1001a", "X 1001"} {
		if n, err := ParseNumber(s); err == nil {
			t.Errorf("%q is number %d", s, n)
		}
	}
}
