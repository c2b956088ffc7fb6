package tickets

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestName(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"  Анна \t Петрова\n", "Анна Петрова"},
		{"O'Neil, Jr.", "O'Neil, Jr."},
		{"شهناز", "شهناز"},
		{"Анна\u202eавотс", "Аннаавотс"},
		{"Anna\x00\x1b[31m", "Anna[31m"},
		{"А\u200b\ufeffнна", "Анна"},
		{"👩\u200d💻 Анна", "👩\u200d💻 Анна"},
		{strings.Repeat("я", 100), strings.Repeat("я", 100)},
		{"Анна\xff", "Анна"},
		{"", NameEmpty},
		{" \n\t\u200b\u202e", NameEmpty},
		{"\u200d\u200d", NameEmpty},
		{"👍", NameEmpty},
		{"8 495 123-45-67", NameEmpty},
		{strings.Repeat("я", 101), NameLong},
	} {
		got, err := Name(c.in)
		if err != nil {
			got = codeOf(t, err)
		}
		if got != c.want {
			t.Errorf("Name(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestLogin(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{" anna_petrova ", "anna_petrova"},
		{"anna@example.ru", "anna@example.ru"},
		{"Анна-1", "Анна-1"},
		{strings.Repeat("я", 64), strings.Repeat("я", 64)},
		{strings.Repeat("я", 65), LoginInvalid},
		{"anna petrova", LoginInvalid},
		{"anna\npetrova", LoginInvalid},
		{"", LoginInvalid},
		{"\u200b", LoginInvalid},
	} {
		got, err := Login(c.in)
		if err != nil {
			got = codeOf(t, err)
		}
		if got != c.want {
			t.Errorf("Login(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestFreeText(t *testing.T) {
	for _, c := range []struct {
		in   string
		max  int
		want string
	}{
		{" Не открывается\r\nсайт\rсовсем ", 100, "Не открывается\nсайт\nсовсем"},
		{"a\tb\x00\x07\x1bc", 100, "a\tbc"},
		{"раз\u2028два", 100, "раз\nдва"},
		{"👍🏽👨‍👩‍👧", 100, "👍🏽👨‍👩‍👧"},
		{"שלום עולם", 100, "שלום עולם"},
		{"\u202eтекст", 100, "текст"},
		{"\u202eтекст\u202c", 100, "\u202eтекст\u202c"},
		{"текст\u202c\u2069", 100, "текст"},
		{"\u2067שלום\u2069", 100, "\u2067שלום\u2069"},
		{"\u202eа\nб\u202c", 100, "а\nб"},
		{"\u2067а\u202eб\u2069в\u202c", 100, "\u2067аб\u2069в"},
		{"\u202aа\u2067б\u202cв\u2069г\u202c", 100, "\u202aа\u2067бв\u2069г\u202c"},
		{"", 0, ""},
		{"👍👍", 4, "👍👍"},
		{"a\xffb", 2, "ab"},
	} {
		if got, err := FreeText(c.in, c.max); err != nil || got != c.want {
			t.Errorf("FreeText(%q, %d) = %q, %v; want %q", c.in, c.max, got, err, c.want)
		}
	}
	if _, err := FreeText("👍👍я", 3); err == nil || err.Error() != "text.long (2)" {
		t.Errorf("five units in three: %v", err)
	}
}

func FuzzName(f *testing.F) {
	f.Add("  Анна \u202e Петрова ")
	f.Add("a\u0085\u200b b")
	f.Fuzz(func(t *testing.T, s string) {
		name, err := Name(s)
		if err == nil {
			if again, err := Name(name); err != nil || again != name || utf8.RuneCountInString(name) > nameMax {
				t.Errorf("Name(%q) = %q, then %q, %v", s, name, again, err)
			}
		}
		login, err := Login(s)
		if err == nil {
			if again, err := Login(login); err != nil || again != login || strings.ContainsAny(login, " \n\t") {
				t.Errorf("Login(%q) = %q, then %q, %v", s, login, again, err)
			}
		}
	})
}

func FuzzFreeText(f *testing.F) {
	f.Add("раз\r\n\u202eдва\u2069\u202c", 10)
	f.Add("\u2067\u202a\u2069\u202c\r\x00\n", 3)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		got, err := FreeText(s, limit)
		if err != nil {
			codeOf(t, err)
			return
		}
		if again, err := FreeText(got, limit); err != nil || again != got || UTF16Len(got) > limit || !utf8.ValidString(got) {
			t.Errorf("FreeText(%q) = %q, then %q, %v", s, got, again, err)
		}
	})
}

func TestFieldCodesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range FieldCodes() {
		if seen[c] || !strings.Contains(c, ".") {
			t.Errorf("code %q", c)
		}
		seen[c] = true
	}
}
