package tickets

import (
	"errors"
	"strings"
	"testing"
)

// codeOf is the code of a FieldError, "ok" without an error.
func codeOf(t testing.TB, err error) string {
	t.Helper()
	if err == nil {
		return "ok"
	}
	var fe *FieldError
	if !errors.As(err, &fe) {
		t.Fatalf("error %v is no *FieldError", err)
	}
	return fe.Code
}

func TestEmail(t *testing.T) {
	local64 := strings.Repeat("a", 64)
	label63 := strings.Repeat("b", 63)
	for _, c := range []struct{ in, want string }{
		{"anna@example.ru", "anna@example.ru"},
		{"  Anna.Petrova@Example.RU \n", "Anna.Petrova@example.ru"},
		{"mailto:anna@example.ru", "anna@example.ru"},
		{"MAILTO:anna@example.ru?subject=help", "anna@example.ru"},
		{"<anna@example.ru>", "anna@example.ru"},
		{"anna@example.ru.", "anna@example.ru"},
		{"<anna@example.ru>,", "anna@example.ru"},
		{"anna+shop@mail.example.co.uk", "anna+shop@mail.example.co.uk"},
		{"o'neil@example.com", "o'neil@example.com"},
		{"иван@пример.рф", "иван@пример.рф"},
		{"ivan@ПРИМЕР.РФ", "ivan@пример.рф"},
		{"ivan@xn--e1afmkfd.xn--p1ai", "ivan@пример.рф"},
		{`"anna petrova"@example.ru`, `"anna petrova"@example.ru`},
		{`"anna"@example.ru`, "anna@example.ru"},
		{`"a@b"@example.ru`, `"a@b"@example.ru`},
		{"anna\u200b@example.ru", "anna@example.ru"},
		{local64 + "@example.ru", local64 + "@example.ru"},
		{"sales@123.ru", "sales@123.ru"},

		{"", ""},
		{"anna", ""},
		{"@example.ru", ""},
		{"anna@", ""},
		{"anna@localhost", ""},
		{"anna@example", ""},
		{"anna@@example.ru", ""},
		{"anna@example..ru", ""},
		{".anna@example.ru", ""},
		{"anna.@example.ru", ""},
		{"an..na@example.ru", ""},
		{"anna petrova@example.ru", ""},
		{"anna@example.ru boris@example.ru", ""},
		{"anna@example.ru, boris@example.ru", ""},
		{"Анна <anna@example.ru>", ""},
		{"anna@example.ru (Анна)", ""},
		{"(Анна)anna@example.ru", ""},
		{"anna @example.ru", ""},
		{"anna@[192.168.0.1]", ""},
		{"anna@192.168.0.1", ""},
		{"anna@-example.ru", ""},
		{"anna@exa_mple.ru", ""},
		{"<@relay.ru:anna@example.ru>", ""},
		{"моя почта anna@example.ru", ""},
		{local64 + "a@example.ru", ""},
		{"a@" + label63 + "b.ru", ""},
		{"a@" + strings.Repeat(label63+".", 4) + "ru", ""},
		{local64 + "@" + strings.Repeat(label63[:60]+".", 4) + "ru", ""},
		{"anna\x00@example.ru", ""},
	} {
		got, err := Email(c.in)
		wantCode := "ok"
		if c.want == "" {
			wantCode = EmailInvalid
		}
		if code := codeOf(t, err); got != c.want || code != wantCode {
			t.Errorf("Email(%q) = %q, %s; want %q, %s", c.in, got, code, c.want, wantCode)
		}
	}
}

func FuzzEmail(f *testing.F) {
	for _, s := range []string{"anna@example.ru", "<иван@пример.рф>.", `"a b"@x.ru`, "mailto:a@b.c?d", "a@[::1]", "ß@straße.de"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Email(s)
		if err != nil {
			codeOf(t, err)
			return
		}
		if len(got) > emailMax {
			t.Errorf("%d bytes long", len(got))
		}
		if again, err := Email(got); err != nil || again != got {
			t.Errorf("Email(%q) = %q, then %q, %v", s, got, again, err)
		}
	})
}
