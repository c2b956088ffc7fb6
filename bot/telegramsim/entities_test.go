package telegramsim

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-telegram/bot/models"
)

// show writes a text's entities as type(part), one after another.
func show(t richText) string {
	var out []string
	for _, e := range t.entities {
		s := fmt.Sprintf("%s(%s)", e.Type, cut16(t.text, e.Offset, e.Length))
		if e.URL != "" || e.Language != "" {
			s += "=" + e.URL + e.Language
		}
		out = append(out, s)
	}
	return t.text + " | " + strings.Join(out, " ")
}

func TestMarkupIsTakenOff(t *testing.T) {
	for _, tc := range []struct{ mode, in, want string }{
		{"HTML", "просто текст", "просто текст | "},
		{"HTML", "<b>жирный</b> и <i>курсив</i>", "жирный и курсив | bold(жирный) italic(курсив)"},
		{"html", "😀 <b>за эмодзи</b>", "😀 за эмодзи | bold(за эмодзи)"},
		{"HTML", "a &lt;b&gt; &amp; &quot;c&quot; &#1078; &unknown;", `a <b> & "c" ж &unknown; | `},
		{"HTML", `<a href="https://example.ru/?a=1&amp;b=2">здесь</a>`, "здесь | text_link(здесь)=https://example.ru/?a=1&b=2"},
		{"HTML", "<b>x<i>y</i></b>", "xy | bold(xy) italic(y)"},
		{"HTML", `<pre><code class="language-go">f()</code></pre>`, "f() | pre(f())=go"},
		{"HTML", "<blockquote expandable>long</blockquote>", "long | expandable_blockquote(long)"},
		{"HTML", `<span class="tg-spoiler">x</span> <tg-spoiler>y</tg-spoiler>`, "x y | spoiler(x) spoiler(y)"},
		{"HTML", "<b>  </b>x  ", "x | "},
		{"HTML", "<b></b>x", "x | "},
		{"MarkdownV2", `*жирный* _курсив_ __черта__ ~нет~ ||тайна||`, "жирный курсив черта нет тайна | bold(жирный) italic(курсив) underline(черта) strikethrough(нет) spoiler(тайна)"},
		{"MarkdownV2", `1\. пункт \- раз\!`, "1. пункт - раз! | "},
		{"MarkdownV2", "[сайт](https://example.ru/a) и `код *x*`", "сайт и код *x* | text_link(сайт)=https://example.ru/a code(код *x*)"},
		{"MarkdownV2", "```go\nf()\n```", "f() | pre(f())=go"},
		{"MarkdownV2", ">цитата\n>вторая\nпосле", "цитата\nвторая\nпосле | blockquote(цитата\nвторая)"},
		{"", "  /new@helpdeskbot привет  ", "/new@helpdeskbot привет | bot_command(/new@helpdeskbot)"},
		{"", "сайт https://example.ru/x, почта a.b@example.ru и @someone #тег", "сайт https://example.ru/x, почта a.b@example.ru и @someone #тег | url(https://example.ru/x) email(a.b@example.ru) mention(@someone) hashtag(#тег)"},
		{"HTML", "a\r\nb\t<b>\u202ec</b>\u202e d", "a\nb c d | bold(c)"},
		{"", "и/или a/b", "и/или a/b | "},
	} {
		t.Run(tc.mode+" "+tc.in, func(t *testing.T) {
			got, err := (&call{}).richText(tc.in, tc.mode, nil)
			if err != nil {
				t.Fatal(err)
			}
			if show(got) != tc.want {
				t.Errorf("got  %s\nwant %s", show(got), tc.want)
			}
		})
	}
}

func TestBadMarkupIsRefusedInTheServersWords(t *testing.T) {
	const parse = "Bad Request: can't parse entities: "
	for _, tc := range []struct{ mode, in, want string }{
		{"HTML", "a <foo>", parse + `Unsupported start tag "foo" at byte offset 2`},
		{"HTML", "1 < 2", parse + `Unsupported start tag "" at byte offset 2`},
		{"HTML", "<b>x", parse + `Can't find end tag corresponding to start tag "b"`},
		{"HTML", "x</b>", parse + "Unexpected end tag at byte offset 1"},
		{"HTML", "<b>x</i>", parse + `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`},
		{"HTML", "<b", parse + "Unclosed start tag at byte offset 0"},
		{"HTML", `<a href="x`, parse + "Unclosed start tag at byte offset 0"},
		{"HTML", `<a href`, parse + "Unclosed start tag \"a\" at byte offset 0"},
		{"HTML", "<b>x</b", parse + "Unclosed end tag at byte offset 4"},
		{"HTML", "<span>x</span>", parse + `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{"MarkdownV2", "точка.", parse + `Character '.' is reserved and must be escaped with the preceding '\'`},
		{"MarkdownV2", "*нет конца", parse + "Can't find end of bold entity at byte offset 0"},
		{"MarkdownV2", "`нет конца", parse + "Can't find end of code entity at byte offset 0"},
		{"MarkdownV2", "[x](http://a", parse + "Can't find end of a URL at byte offset 4"},
		{"BBCode", "x", "Bad Request: unsupported parse_mode"},
		{"", strings.Repeat("x", maxRawBytes+1), "Bad Request: text is too long"},
		{"", "\xff", "Bad Request: strings must be encoded in UTF-8"},
	} {
		t.Run(tc.mode+" "+tc.want, func(t *testing.T) {
			_, err := (&call{}).richText(tc.in, tc.mode, nil)
			if err == nil || err.Error() != tc.want {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
}

func TestATextKeepsAHundredEntities(t *testing.T) {
	got, err := (&call{}).richText(strings.Repeat("<b>a</b> #тег ", 500), "HTML", nil)
	if err != nil || len(got.entities) != maxEntities || got.entities[1].Offset != 2 {
		t.Errorf("%d entities, %v", len(got.entities), err)
	}
}

func TestEntitiesMustFitTheText(t *testing.T) {
	for _, tc := range []struct{ text, entities, want string }{
		{"абв", `[{"type":"bold","offset":-1,"length":1}]`, "receive an entity with incorrect offset -1"},
		{"абв", `[{"type":"bold","offset":0,"length":-1}]`, "receive an entity with incorrect length -1"},
		{"абв", `[{"type":"bold","offset":3,"length":1}]`, "entity begins after the end of the text at UTF-16 offset 3"},
		{"абв", `[{"type":"bold","offset":1,"length":3}]`, "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 4"},
		{"😀б", `[{"type":"bold","offset":1,"length":1}]`, "entity begins in a middle of a UTF-16 symbol at byte offset 4"},
		{"😀б", `[{"type":"bold","offset":0,"length":1}]`, "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 4"},
		{"абв", `["bold"]`, "can't parse MessageEntity: expected an Object"},
	} {
		_, err := (&call{}).richText(tc.text, "", []byte(tc.entities))
		var e *apiError
		if !errors.As(err, &e) || e.Code != 400 || e.Text != "Bad Request: "+tc.want {
			t.Errorf("%s %s: got %v, want %s", tc.text, tc.entities, err, tc.want)
		}
	}
	got, err := (&call{}).richText("  x 😀 y ", "", []byte(`[{"type":"bold","offset":4,"length":2},{"type":"italic","offset":0,"length":0}]`))
	if err != nil || show(got) != "x 😀 y | bold(😀)" {
		t.Errorf("%s %v", show(got), err)
	}
	if got.entities[0].Type != models.MessageEntityTypeBold || got.entities[0].Offset != 2 {
		t.Errorf("the leading white space was not taken off the offsets: %+v", got.entities)
	}
}
