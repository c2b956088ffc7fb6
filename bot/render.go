package bot

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/bot/texts"
	"intakebot/tickets"
)

// Lengths in UTF-16 units. Telegram's own limit on a button is not published;
// longer labels cannot be read on a phone.
const (
	maxLabel = 64
	maxToast = 200 // https://core.telegram.org/bots/api#answercallbackquery
	maxTitle = 128 // https://core.telegram.org/bots/api#createforumtopic
)

// Renderer turns what is to be said into what is sent, in the reader's
// language. It does not change, and is safe for concurrent use.
type Renderer struct {
	catalog *texts.Catalog
	zone    *time.Location
	log     *slog.Logger
}

// NewRenderer renders with a catalog; times are shown in a zone.
func NewRenderer(catalog *texts.Catalog, zone *time.Location, log *slog.Logger) *Renderer {
	return &Renderer{catalog, zone, log}
}

// content is a message ready to be cut into what Telegram takes.
type content struct {
	text     rich
	inline   models.ReplyMarkup // buttons under the message; nil: none
	keyboard models.ReplyMarkup // in place of the letters; nil: left as it is
	files    []tickets.File
}

// content renders a notice's message.
func (r *Renderer) content(n tickets.Notice) content {
	return content{
		text:     r.carried(n),
		inline:   r.buttons(n),
		keyboard: r.keyboard(n),
		files:    n.Message.Files,
	}
}

// title is the name of a topic: never empty, on one line.
func (r *Renderer) title(n tickets.Notice) string {
	about := n.About
	if n.To.Ticket != 0 {
		about = n.To.Ticket
	}
	if n.Title.Key != "" {
		if s := plain(parseRich(r.line(n.Lang, about, n.Title)), maxTitle); !isBlank(s) {
			return s
		}
	}
	return tickets.Number(about)
}

// Toast renders what is shown on top of the chat when a button was pressed: at
// most 200 characters of plain text, possibly none.
func (r *Renderer) Toast(lang tickets.Lang, line tickets.Line) string {
	return plain(parseRich(r.line(lang, 0, line)), maxToast)
}

// lines joins paragraphs. One that comes out empty is left out; one without a
// key is a blank line.
func (r *Renderer) lines(lang tickets.Lang, about int64, lines []tickets.Line) string {
	shown := make([]string, 0, len(lines))
	for _, l := range lines {
		s := r.line(lang, about, l)
		if s != "" || l.Key == "" {
			shown = append(shown, s)
		}
	}
	return strings.Join(shown, "\n")
}

// line renders one paragraph to our markup.
func (r *Renderer) line(lang tickets.Lang, about int64, l tickets.Line) string {
	if l.Key == "" {
		return ""
	}
	args := make(map[string]any, len(l.Args)+1)
	if about > 0 {
		args["ticket"] = tickets.Number(about)
	}
	var count *int64
	for name, a := range l.Args {
		args[name] = r.value(lang, a)
		if name == "n" {
			count = a.Count
		}
	}
	return r.text(lang, l.Key, args, count)
}

// text looks a text up. What is missing is logged, and replaced by another
// language, or by the text without its arguments: no chat sees an error (P5).
func (r *Renderer) text(lang tickets.Lang, key string, args map[string]any, count *int64) string {
	s, err := r.catalog.Render(lang, key, args, count)
	if err == nil {
		return s
	}
	r.log.Error("a text is missing", "key", key, "lang", lang, "err", err)
	for _, other := range tickets.Langs {
		if s, err := r.catalog.Render(other, key, args, count); other != lang && err == nil {
			return s
		}
	}
	return r.catalog.Neutral(lang, key)
}

// value is an argument as the templates take it: our markup, or a number.
func (r *Renderer) value(lang tickets.Lang, a tickets.Arg) any {
	switch {
	case a.Count != nil:
		return *a.Count
	case a.Time != nil:
		return r.instant(lang, *a.Time)
	case a.Key != "":
		return r.text(lang, a.Key, map[string]any{}, nil)
	case a.Words != nil:
		return untrusted(a.Words.In(lang))
	}
	return untrusted(a.Text)
}

// instant shows a time in the desk's zone, and names the zone.
func (r *Renderer) instant(lang tickets.Lang, t time.Time) string {
	t = t.In(r.zone)
	return r.text(lang, "time", map[string]any{
		"weekday": r.text(lang, "weekday."+strconv.Itoa(int(t.Weekday())), nil, nil),
		"month":   r.text(lang, "month."+strconv.Itoa(int(t.Month())), nil, nil),
		"day":     t.Day(),
		"clock":   t.Format("15:04"),
		"zone":    r.zoneName(lang, t),
	}, nil)
}

// zoneName names the zone in the reader's words where there are any, else as
// its distance from UTC.
func (r *Renderer) zoneName(lang tickets.Lang, t time.Time) string {
	name, offset := t.Zone()
	if key := "zone." + name; r.catalog.Has(key) {
		return r.text(lang, key, nil, nil)
	}
	if !strings.HasPrefix(name, "+") && !strings.HasPrefix(name, "-") {
		return untrusted(name)
	}
	if minutes := offset / 60 % 60; minutes != 0 {
		return fmt.Sprintf("UTC%+d:%02d", offset/3600, max(minutes, -minutes))
	}
	return fmt.Sprintf("UTC%+d", offset/3600)
}

// label is a button's text.
func (r *Renderer) label(n tickets.Notice, l tickets.Line) string {
	if s := plain(parseRich(r.line(n.Lang, n.About, l)), maxLabel); !isBlank(s) {
		return s
	}
	return "•" // Telegram refuses a message with an empty button
}

func (r *Renderer) buttons(n tickets.Notice) models.ReplyMarkup {
	var rows [][]models.InlineKeyboardButton
	for _, row := range n.Message.Buttons {
		var out []models.InlineKeyboardButton
		for _, b := range row {
			out = append(out, models.InlineKeyboardButton{Text: r.label(n, b.Label), CallbackData: b.Data, URL: b.URL})
		}
		if len(out) > 0 {
			rows = append(rows, out)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return models.InlineKeyboardMarkup{InlineKeyboard: rows}
}

func (r *Renderer) keyboard(n tickets.Notice) models.ReplyMarkup {
	k := n.Message.Keyboard
	if k == nil {
		return nil
	}
	if len(k.Rows) == 0 {
		return models.ReplyKeyboardRemove{RemoveKeyboard: true}
	}
	rows := make([][]models.KeyboardButton, len(k.Rows))
	for i, row := range k.Rows {
		for _, b := range row {
			rows[i] = append(rows[i], models.KeyboardButton{Text: r.label(n, b.Label), RequestContact: b.ShareContact})
		}
	}
	return models.ReplyKeyboardMarkup{Keyboard: rows, ResizeKeyboard: true, OneTimeKeyboard: true}
}
