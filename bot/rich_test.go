package bot

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
	"pgregory.net/rapid"
)

// covered is what an entity covers.
func covered(r rich, e models.MessageEntity) string {
	u := utf16.Encode([]rune(r.text))
	return string(utf16.Decode(u[e.Offset : e.Offset+e.Length]))
}

// shown writes a rich text so that it can be compared: text, then each entity.
func shown(r rich) string {
	out := r.text
	for _, e := range r.entities {
		out += "|" + string(e.Type) + ":" + covered(r, e) + e.URL
	}
	return out
}

func TestMarkupBecomesEntities(t *testing.T) {
	for _, tt := range []struct{ markup, want string }{
		{"plain", "plain"},
		{"<b>жирный</b> и <i>курсив</i>", "жирный и курсив|bold:жирный|italic:курсив"},
		{"👍<b>a<u>b</u></b>", "👍ab|bold:ab|underline:b"},
		{"<s>a</s><code>b</code><pre>c</pre>", "abc|strikethrough:a|code:b|pre:c"},
		{"<blockquote>a\nb</blockquote>c", "a\nbc|blockquote:a\nb"},
		{`<a href="https://x.ru/?a=1&amp;b=&quot;">x</a>`, `x|text_link:xhttps://x.ru/?a=1&b="`},
		{`<a href="javascript:alert(1)">x</a>`, "x"},
		{`<a href="">x</a><a>y</a>`, "x<a>y</a>"},
		{"<b></b>x", "x"},
		{"<b>open", "open|bold:open"},
		{"<b><i>x</b>y</i>", "xy</i>|bold:x|italic:x"},
		{"a < b > c & d &lt;b&gt; &amp;lt;", "a < b > c & d <b> &lt;"},
		{"<script>x</script>", "<script>x</script>"},
		{"<b class=x>x", "<b class=x>x"},
		{"<", "<"}, {"&", "&"}, {"</b>", "</b>"}, {"", ""},
	} {
		if got := shown(parseRich(tt.markup)); got != tt.want {
			t.Errorf("%q:\n got %q\nwant %q", tt.markup, got, tt.want)
		}
	}
}

func TestRightToLeftIsIsolatedAmongOtherText(t *testing.T) {
	for _, tt := range []struct{ markup, want string }{
		{"Сайт: " + untrusted("שלום") + "!", "Сайт: \u2068שלום\u2069!"},
		{"<b>Имя</b>\n" + untrusted("שלום"), "Имя\nשלום"},
		{untrusted("one\nשלום\nthree"), "one\nשלום\nthree"},
		{"В: " + untrusted("שלום\nمرحبا"), "В: \u2068שלום\u2069\nمرحبا"},
		{"Сайт: " + untrusted("example.ru"), "Сайт: example.ru"},
		{untrusted("a\u202Eb\u2069c\u2067"), "abc"},
	} {
		if got := parseRich(tt.markup).text; got != tt.want {
			t.Errorf("%q:\n got %q\nwant %q", tt.markup, got, tt.want)
		}
	}
}

func TestSanitize(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"a\r\nb\rc\u2028d", "a\nb\nc\nd"}, {"a\x00b\x1Bc\x7F", "a b c "}, {"a\xFFb", "a\uFFFDb"}, {"a\tb\nc", "a\tb\nc"},
	} {
		if got := sanitize(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestPartsEndAtTheBestPlace(t *testing.T) {
	for _, tt := range []struct {
		text  string
		limit int
		want  []string
	}{
		{"aaaaaa\n\nb\ncc dd", 10, []string{"aaaaaa", "b\ncc dd"}},
		{"aa\n\nbbbb\ncc dd", 10, []string{"aa\n\nbbbb", "cc dd"}},
		{"aaaa bb\ncc dd", 10, []string{"aaaa bb", "cc dd"}},
		{"aaaa bbbb cccc", 10, []string{"aaaa bbbb", "cccc"}},
		{"aaaaaaaaaabbb", 10, []string{"aaaaaaaaaa", "bbb"}},
		{"aaaaaaaaaa\nbbb", 10, []string{"aaaaaaaaaa", "bbb"}},
		{"👍👍👍👍👍👍", 5, []string{"👍👍", "👍👍", "👍👍"}},
		{"aaae\u0301e\u0301", 6, []string{"aaae\u0301", "e\u0301"}},
		{"🇷🇺🇷🇺🇷🇺", 10, []string{"🇷🇺🇷🇺", "🇷🇺"}},
		{"aa👨‍👩‍👧‍👦", 8, []string{"aa", "👨‍👩‍👧‍👦"[:len("👨‍👩‍👧")], "\u200D👦"}},
		{"aaaaa👍🏽", 8, []string{"aaaaa", "👍🏽"}},
		{"   \n\n ", 3, nil},
		{"", 3, nil},
	} {
		var got []string
		for _, p := range (rich{text: tt.text}).split(tt.limit) {
			got = append(got, p.text)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

var pieces = []string{"слово", "word", " ", "\n", "\n\n", "👍🏽", "👨‍👩‍👧‍👦", "🇷🇺", "e\u0301", "<b>", "</b>", "<i>", "</i>", "<code>", "</code>",
	`<a href="https://x.ru">`, "</a>", "&amp;", "&", "<", "שלום", "\u2068", "\u2069", "xxxxxxxxxxxxxxxxxxxx"}

func drawMarkup(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 80).Draw(t, "markup"), "")
}

// TestSplittingLosesNothing: whatever the text, its parts fit, hold all that can
// be seen, and bold stays bold.
func TestSplittingLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := parseRich(drawMarkup(t))
		limit := rapid.IntRange(2, 60).Draw(t, "limit")
		checkParts(t, whole, whole.split(limit), limit)
	})
}

type fataler interface{ Fatalf(string, ...any) }

func checkParts(t fataler, whole rich, parts []rich, limit int) {
	text, marked := "", ""
	for _, p := range parts {
		if n := unitsOf(p.text); n > limit || n == 0 {
			t.Fatalf("a part of %d units, of at most %d", n, limit)
		}
		if !utf8.ValidString(p.text) || isBlank(p.text) {
			t.Fatalf("a part that cannot be sent: %q", p.text)
		}
		checkEntities(t, p)
		text += p.text
		marked += markedText(p)
	}
	if squeeze(text) != squeeze(blankless(whole.text)) {
		t.Fatalf("the parts hold %q, not %q", text, whole.text)
	}
	if squeeze(marked) != squeeze(blankless(markedText(whole))) {
		t.Fatalf("bold in the parts is %q, not %q", marked, markedText(whole))
	}
}

// blankless takes out what parts of nothing visible would leave out.
func blankless(s string) string {
	if isBlank(s) {
		return ""
	}
	return s
}

// markedText is all that is bold.
func markedText(r rich) string {
	u := utf16.Encode([]rune(r.text))
	bold := make([]bool, len(u))
	for _, e := range r.entities {
		for i := e.Offset; e.Type == models.MessageEntityTypeBold && i < e.Offset+e.Length; i++ {
			bold[i] = true
		}
	}
	var out []uint16
	for i := range u {
		if bold[i] {
			out = append(out, u[i])
		}
	}
	return string(utf16.Decode(out))
}

func checkEntities(t fataler, r rich) {
	n := len(utf16.Encode([]rune(r.text)))
	last := 0
	for _, e := range r.entities {
		if e.Offset < last || e.Length <= 0 || e.Offset+e.Length > n {
			t.Fatalf("entity %+v in a text of %d units", e, n)
		}
		if e.Type == models.MessageEntityTypeTextLink && e.URL == "" {
			t.Fatalf("a link to nowhere: %+v", e)
		}
		last = e.Offset
	}
}

// FuzzUntrusted: whatever somebody writes stands in the message as it is, and
// makes no entity.
func FuzzUntrusted(f *testing.F) {
	for _, s := range []string{"<b>x</b>", "&amp;", "</code>", "a\nb", "שלום <i>", "\u2069\u202E", `"><a href="https://x">`, "\xff\x00", longText(200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := parseRich("Имя: <b>" + untrusted(s) + "</b>.")
		checkEntities(t, r)
		if len(r.entities) > 1 {
			t.Fatalf("%q made entities: %+v", s, r.entities)
		}
		want := "Имя: " + squeezeLines(sanitize(s)) + "."
		if got := squeezeLines(r.text); got != want {
			t.Fatalf("%q is shown as %q", s, got)
		}
		link := parseRich(`<a href="` + untrusted(s) + `">x</a>`)
		if len(link.entities) > 1 || link.text != "x" {
			t.Fatalf("%q broke out of an address: %q", s, link.text)
		}
		checkParts(t, r, r.split(40), 40)
	})
}

func squeezeLines(s string) string {
	return strings.Map(func(r rune) rune {
		if r == fsi || r == pdi {
			return -1
		}
		return r
	}, s)
}

func TestPlain(t *testing.T) {
	for _, tt := range []struct {
		in    string
		limit int
		want  string
	}{{"a\n b", 10, "a b"}, {"abcdef", 4, "abc…"}, {"abc def", 5, "abc…"}, {"👍👍👍", 4, "👍…"}, {"", 4, ""}} {
		if got := plain(rich{text: tt.in}, tt.limit); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}

func BenchmarkSplitLongText(b *testing.B) {
	markup := untrusted(longText(9000))
	for b.Loop() {
		if len(parseRich(markup).split(maxText)) != 3 {
			b.Fatal("not three parts")
		}
	}
}
