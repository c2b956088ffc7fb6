package bot

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/bot/texts"
	"intakebot/tickets"
)

func testLog(t testing.TB) *slog.Logger { return slog.New(slog.NewTextHandler(testWriter{t}, nil)) }

func testRenderer(t testing.TB) *Renderer {
	t.Helper()
	catalog, err := texts.New()
	if err != nil {
		t.Fatal(err)
	}
	return NewRenderer(catalog, time.FixedZone("MSK", 3*60*60), testLog(t))
}

func claimOf(n tickets.Notice) tickets.Claim { return tickets.Claim{Notice: n} }

func TestInstantsAreShownInTheDesksZone(t *testing.T) {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	r := testRenderer(t)
	for lang, want := range map[tickets.Lang]string{
		tickets.Russian: "вт 24 ноября, 15:00 МСК", tickets.English: "Tue 24 November, 15:00 MSK",
	} {
		if got := r.instant(lang, at); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	for offset, want := range map[int]string{5 * 3600: "UTC+5", -3*3600 - 1800: "UTC-3:30", 5*3600 + 45*60: "UTC+5:45"} {
		r.zone = time.FixedZone(time.Date(0, 1, 1, 0, 0, 0, 0, time.FixedZone("", offset)).Format("-07"), offset)
		if got := r.instant(tickets.English, at); !strings.HasSuffix(got, " "+want) {
			t.Errorf("%q, want %q at its end", got, want)
		}
	}
}

func TestLinesBecomeOneText(t *testing.T) {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	text := func(s string) tickets.Line {
		return tickets.Line{Key: "plain", Args: tickets.Args{"text": tickets.Text(s)}}
	}
	n := tickets.Notice{Lang: tickets.English, About: 1042, Message: tickets.Message{Text: []tickets.Line{
		text("<b>one</b> & two"), {}, text(""),
		{Key: "plain", Args: tickets.Args{"text": tickets.Count(5)}},
		{Key: "plain", Args: tickets.Args{"text": tickets.Key("language.ru")}},
		{Key: "plain", Args: tickets.Args{"text": tickets.Of(tickets.Words{"en": "words <i>", "ru": "слова"})}},
		{Key: "plain", Args: tickets.Args{"text": tickets.Time(at)}},
	}}}
	got := testRenderer(t).content(n).text
	want := "<b>one</b> & two\n\n5\nRussian\nwords <i>\nTue 24 November, 15:00 MSK"
	if strings.Replace(got.text, "Русский", "Russian", 1) != want || len(got.entities) != 0 {
		t.Errorf("%q\n%+v", got.text, got.entities)
	}
}

func TestATextNamesItsTicket(t *testing.T) {
	r := testRenderer(t)
	for _, lang := range tickets.Langs {
		n := tickets.Notice{Lang: lang, About: 1042, Message: tickets.Say("filed", nil)}
		if got := r.content(n).text.text; !strings.Contains(got, "T-1042") {
			t.Errorf("%s: %q", lang, got)
		}
	}
}

// TestWhatIsMissingIsReplaced: no chat sees a template's error (P5).
func TestWhatIsMissingIsReplaced(t *testing.T) {
	r := testRenderer(t)
	for _, l := range []tickets.Line{{Key: "no such key"}, {Key: "plain"}, {Key: "filed.due", Args: tickets.Args{"wrong": tickets.Text("x")}}} {
		got := r.line(tickets.Russian, 0, l)
		if strings.Contains(got, "no value") || strings.Contains(got, "{{") || strings.Contains(got, "<nil>") {
			t.Errorf("%+v: %q", l, got)
		}
	}
	n := tickets.Notice{Lang: "de", Message: cardOf("hello")}
	if got := r.content(n).text.text; got != "hello" {
		t.Errorf("in a language that there is not: %q", got)
	}
}

func TestButtons(t *testing.T) {
	r := testRenderer(t)
	long := tickets.Line{Key: "plain", Args: tickets.Args{"text": tickets.Text("<b>" + strings.Repeat("я", 100))}}
	empty := tickets.Line{Key: "plain", Args: tickets.Args{"text": tickets.Text("")}}
	n := tickets.Notice{Lang: tickets.Russian, Message: tickets.Message{
		Buttons:  [][]tickets.Button{{{Label: long, Data: "1:x:"}, {Label: empty, URL: "https://x.ru"}}, {}},
		Keyboard: &tickets.Keyboard{Rows: [][]tickets.KeyboardKey{{{Label: tickets.Line{Key: "key.skip"}, ShareContact: true}}}},
	}}
	c := r.content(n)
	rows := c.inline.(models.InlineKeyboardMarkup).InlineKeyboard
	if len(rows) != 1 || unitsOf(rows[0][0].Text) != maxLabel || !strings.HasPrefix(rows[0][0].Text, "<b>я") ||
		rows[0][0].CallbackData != "1:x:" || rows[0][1].Text == "" || rows[0][1].URL != "https://x.ru" {
		t.Errorf("%+v", rows)
	}
	k := c.keyboard.(models.ReplyKeyboardMarkup)
	if !k.ResizeKeyboard || !k.OneTimeKeyboard || !k.Keyboard[0][0].RequestContact || k.Keyboard[0][0].Text == "" {
		t.Errorf("%+v", k)
	}
	n.Message.Keyboard = &tickets.Keyboard{}
	if k, ok := r.content(n).keyboard.(models.ReplyKeyboardRemove); !ok || !k.RemoveKeyboard {
		t.Errorf("not removed: %+v", k)
	}
	if c := r.content(tickets.Notice{}); c.inline != nil || c.keyboard != nil {
		t.Error("buttons out of nothing")
	}
}

func TestKeyboardAndButtonsShareAMessage(t *testing.T) {
	r := testRenderer(t)
	n := tickets.Notice{Lang: tickets.Russian, Message: tickets.Message{
		Text:     []tickets.Line{{Key: "filed", Args: nil}, {}, {Key: "plain", Args: tickets.Args{"text": tickets.Text("more")}}},
		Buttons:  [][]tickets.Button{{{Label: tickets.Line{Key: "key.skip"}, Data: "1:x:"}}},
		Keyboard: &tickets.Keyboard{},
	}, About: 7}
	parts := textParts(r.content(n))
	if len(parts) != 2 || parts[1].text.text != "more" {
		t.Fatalf("%+v", parts)
	}
	if _, ok := parts[0].markup.(models.ReplyKeyboardRemove); !ok {
		t.Errorf("first: %+v", parts[0].markup)
	}
	if _, ok := parts[1].markup.(models.InlineKeyboardMarkup); !ok {
		t.Errorf("last: %+v", parts[1].markup)
	}
}

func TestToastsAndTitlesAreShort(t *testing.T) {
	r := testRenderer(t)
	long := tickets.Line{Key: "plain", Args: tickets.Args{"text": tickets.Text(strings.Repeat("<b>👍\n", 300))}}
	if got := r.Toast(tickets.Russian, long); unitsOf(got) > 200 || unitsOf(got) < 190 || strings.Contains(got, "\n") {
		t.Errorf("%d: %q", unitsOf(got), got)
	}
	if got := r.Toast(tickets.Russian, tickets.Line{}); got != "" {
		t.Errorf("%q", got)
	}
	n := tickets.Notice{Lang: tickets.Russian, Title: long, To: tickets.Address{Ticket: 5}}
	if got := r.title(n); unitsOf(got) > 128 || unitsOf(got) < 120 {
		t.Errorf("%d: %q", unitsOf(got), got)
	}
	n.Title = tickets.Line{Key: "plain", Args: tickets.Args{"text": tickets.Text(" ")}}
	if got := r.title(n); got != "T-5" {
		t.Errorf("%q", got)
	}
}

// question is what a customer is asked most: a step, a text, an answer so far,
// four buttons.
func question() tickets.Notice {
	return tickets.Notice{Kind: tickets.NoticeSend, Lang: tickets.Russian, Message: tickets.Message{
		Text: []tickets.Line{
			{Key: "step", Args: tickets.Args{"step": tickets.Count(3), "steps": tickets.Count(8)}}, {},
			{Key: "ask.problem.more", Args: tickets.Args{"text": tickets.Text("После обновления корзина пуста, если открыть её с телефона")}},
		},
		Buttons: [][]tickets.Button{
			{{Label: tickets.Line{Key: "button.done"}, Data: "a:done:"}, {Label: tickets.Line{Key: "button.clear.text"}, Data: "a:clear:"}},
			{{Label: tickets.Line{Key: "button.back"}, Data: "a:back:"}, {Label: tickets.Line{Key: "button.cancel"}, Data: "a:cancel:"}},
		},
	}}
}

func BenchmarkRenderQuestion(b *testing.B) {
	r := testRenderer(b)
	n := question()
	b.ReportAllocs()
	for b.Loop() {
		if parts := r.content(n).text.split(maxText); len(parts) != 1 {
			b.Fatal("not one part")
		}
	}
}
