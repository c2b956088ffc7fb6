package texts

import (
	"html"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"intakebot/tickets"
)

func shippedCatalog(t testing.TB) *Catalog {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryKeyExistsInEveryLanguage(t *testing.T) {
	c := shippedCatalog(t)
	if len(c.Keys()) < 10 {
		t.Fatalf("only %d keys", len(c.Keys()))
	}
	for _, key := range c.Keys() {
		if !c.Has(key) {
			t.Errorf("%q is missing in some language", key)
		}
	}
}

// arguments lists what a text names.
func arguments(text string) []string {
	return slices.Compact(slices.Sorted(slices.Values(argument.FindAllString(text, -1))))
}

func TestTheArgumentsAreTheSameInEveryLanguage(t *testing.T) {
	c := shippedCatalog(t)
	for _, key := range c.Keys() {
		var want []string
		for i, lang := range tickets.Langs {
			got := arguments(c.langs[lang].messages[key].Other)
			if i == 0 {
				want = got
			} else if !slices.Equal(got, want) {
				t.Errorf("%q: %q has the arguments %q, %q has %q", key, tickets.Langs[0], want, lang, got)
			}
		}
	}
}

// needed are the plural forms that whole numbers need.
var needed = map[tickets.Lang]func(*message) []string{
	tickets.Russian: func(m *message) []string { return []string{m.One, m.Few, m.Many, m.Other} },
	tickets.English: func(m *message) []string { return []string{m.One, m.Other} },
}

func TestPluralFormsAreComplete(t *testing.T) {
	c := shippedCatalog(t)
	for _, lang := range tickets.Langs {
		for key, m := range c.langs[lang].messages {
			if !m.isPlural() {
				continue
			}
			if slices.Contains(needed[lang](m), "") {
				t.Errorf("%q lacks a plural form in %q", key, lang)
			}
			if !slices.Contains(arguments(m.Other), "{{.n}}") {
				t.Errorf("%q in %q has plural forms, but no n", key, lang)
			}
		}
	}
}

var (
	tag     = regexp.MustCompile(`</?([a-z]+)( href="[^"<>]*")?>`)
	allowed = []string{"b", "i", "u", "s", "code", "pre", "blockquote", "a"}
)

// unbalanced tells what is wrong with the markup of a text.
func unbalanced(text string) string {
	var open []string
	for _, m := range tag.FindAllStringSubmatch(text, -1) {
		switch name := m[1]; {
		case !slices.Contains(allowed, name):
			return "unknown tag " + m[0]
		case !strings.HasPrefix(m[0], "</"):
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			return "closes what is not open: " + m[0]
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return "not closed: " + open[0]
	}
	rest := tag.ReplaceAllString(argument.ReplaceAllString(text, ""), "")
	if strings.ContainsAny(rest, "<>") {
		return "a stray < or >"
	}
	if strings.Contains(html.UnescapeString(rest), "<no value>") {
		return "no value"
	}
	return ""
}

func TestMarkupIsBalanced(t *testing.T) {
	c := shippedCatalog(t)
	for _, lang := range tickets.Langs {
		for key, m := range c.langs[lang].messages {
			for _, form := range m.forms() {
				if why := unbalanced(*form); why != "" {
					t.Errorf("%q in %q: %s", key, lang, why)
				}
			}
		}
	}
	for _, bad := range []string{"<b>x", "x</b>", "<b><i>x</b></i>", "<script>", "a < b", "1 > 0"} {
		if unbalanced(bad) == "" {
			t.Errorf("%q passes", bad)
		}
	}
}

func TestLabelsAreDistinct(t *testing.T) {
	c := shippedCatalog(t)
	for _, lang := range tickets.Langs {
		for key, m := range c.langs[lang].messages {
			if !strings.HasPrefix(key, labels) {
				continue
			}
			if got, ok := c.KeyOf(" " + m.Other + "\n"); !ok || got != key {
				t.Errorf("the label %q of %q is taken for %q", m.Other, key, got)
			}
			if strings.ContainsAny(m.Other, "<>{}&") {
				t.Errorf("the label %q of %q has markup or arguments: a press could not be known again", m.Other, key)
			}
		}
	}
	if key, ok := c.KeyOf("something else"); ok {
		t.Errorf("found %q", key)
	}
}

var someFiles = fstest.MapFS{
	"ru.yaml": {Data: []byte("a: \"<b>{{.x}}</b>\"\nn:\n  one: \"{{.n}} файл\"\n  few: \"{{.n}} файла\"\n  many: \"{{.n}} файлов\"\n  other: \"{{.n}} файла\"\nkey.go: Далее\nonly: |\n  строка\n")},
	"en.yaml": {Data: []byte("a: \"<i>{{.x}}</i>\"\nn:\n  one: \"{{.n}} file\"\n  other: \"{{.n}} files\"\nkey.go: Next\n")},
}

func someCatalog(t *testing.T) *Catalog {
	t.Helper()
	c, err := load(someFiles)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRender(t *testing.T) {
	c := someCatalog(t)
	for _, tt := range []struct {
		lang tickets.Lang
		key  string
		n    int64
		want string
	}{
		{"ru", "n", 1, "1 файл"}, {"ru", "n", 2, "2 файла"}, {"ru", "n", 5, "5 файлов"}, {"ru", "n", 11, "11 файлов"},
		{"ru", "n", 21, "21 файл"}, {"ru", "n", 0, "0 файлов"}, {"en", "n", 1, "1 file"}, {"en", "n", 0, "0 files"},
		{"ru", "n", -21, "-21 файл"}, {"en", "n", 10_000_001, "10000001 files"}, {"ru", "n", math.MinInt64, "-9223372036854775808 файлов"},
		{"ru", "a", 3, "<b>x</b>"}, // a count beside a text without plurals
		{"ru", "only", 0, "строка"},
	} {
		got, err := c.Render(tt.lang, tt.key, map[string]any{"n": tt.n, "x": "x"}, &tt.n)
		if err != nil || got != tt.want {
			t.Errorf("%s %s %d: %q, %v; want %q", tt.lang, tt.key, tt.n, got, err, tt.want)
		}
	}
}

func TestWhatIsMissingIsAnError(t *testing.T) {
	c := someCatalog(t)
	for _, tt := range []struct {
		lang tickets.Lang
		key  string
	}{{"ru", "a"}, {"ru", "none"}, {"en", "only"}, {"de", "a"}} {
		if got, err := c.Render(tt.lang, tt.key, nil, nil); err == nil || got != "" {
			t.Errorf("%s %s: %q and no error", tt.lang, tt.key, got)
		}
	}
	if got := c.Neutral("en", "a"); got != "<i></i>" {
		t.Errorf("neutral: %q", got)
	}
	if got := c.Neutral("en", "only"); got != "строка" {
		t.Errorf("neutral of another language: %q", got)
	}
	if c.Has("only") || !c.Has("a") || c.Neutral("en", "none") != "" {
		t.Error("Has or Neutral is wrong")
	}
	if key, ok := c.KeyOf("Далее"); !ok || key != "key.go" {
		t.Errorf("label: %q %v", key, ok)
	}
}

func TestBrokenFilesAreRefused(t *testing.T) {
	for name, files := range map[string]fs.FS{
		"argument":       fstest.MapFS{"ru.yaml": {Data: []byte(`a: "{{.x"`)}, "en.yaml": {Data: []byte("a: x")}},
		"no argument":    fstest.MapFS{"ru.yaml": {Data: []byte(`a: "{{x}}"`)}, "en.yaml": {Data: []byte("a: x")}},
		"plural form":    fstest.MapFS{"ru.yaml": {Data: []byte("a: {several: x, other: y}")}, "en.yaml": {Data: []byte("a: x")}},
		"no text":        fstest.MapFS{"ru.yaml": {Data: []byte("a:")}, "en.yaml": {Data: []byte("a: x")}},
		"key twice":      fstest.MapFS{"ru.yaml": {Data: []byte("a: x\na: y")}, "en.yaml": {Data: []byte("a: x")}},
		"no such tongue": fstest.MapFS{"ru.yaml": {Data: []byte("a: x")}, "en.yaml": {Data: []byte("a: x")}, "dates.yaml": {Data: []byte("b: x")}},
		"yaml":           fstest.MapFS{"ru.yaml": {Data: []byte("a: [")}, "en.yaml": {Data: []byte("a: x")}},
		"no language":    fstest.MapFS{"ru.yaml": {Data: []byte("a: x")}},
		"key in two":     fstest.MapFS{"ru.yaml": {Data: []byte("a: x")}, "x.ru.yaml": {Data: []byte("a: x")}, "en.yaml": {Data: []byte("a: x")}},
		"no such files":  fstest.MapFS{},
	} {
		if _, err := load(files); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	c := shippedCatalog(b)
	n := int64(5)
	args := map[string]any{"n": n}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Render("ru", "noted.short", args, &n); err != nil {
			b.Fatal(err)
		}
	}
}
