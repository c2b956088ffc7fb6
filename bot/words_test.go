package bot

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"intakebot/bot/texts"
	"intakebot/dialog"
	"intakebot/tickets"
	"intakebot/tickets/policy"
)

// TestDialogHasItsWords walks the dialog at random, as the shipped policy has
// it, and renders all that is said in every language: no key and no value may
// be missing.
func TestDialogHasItsWords(t *testing.T) {
	catalog, err := texts.New()
	if err != nil {
		t.Fatal(err)
	}
	shipped := policy.Shipped()
	rapid.Check(t, func(r *rapid.T) {
		var log bytes.Buffer
		w := &walker{
			render: NewRenderer(catalog, shipped.Calendar.Location(), slog.New(slog.NewTextHandler(&log, nil))),
			env: dialog.Env{
				Policy: &shipped, Groups: tickets.Groups{IDs: []int64{-100}}, Now: time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC),
				NewID: func() string { return "draft" },
			},
			customer: tickets.Customer{ID: 7},
		}
		for range rapid.IntRange(1, 80).Draw(r, "steps") {
			w.step(r)
		}
		if log.Len() > 0 {
			r.Fatalf("said without words: %s", log.String())
		}
	})
}

type walker struct {
	render   *Renderer
	env      dialog.Env
	customer tickets.Customer
	buttons  []string
	update   int64
}

// step does anything that a customer can do, and reads the answer.
func (w *walker) step(r *rapid.T) {
	w.update++
	in := w.input(r)
	in.Update = tickets.Update{ID: w.update}
	in.From = dialog.Person{ID: 7, Name: "Анна <b>Петрова</b>", Tag: rapid.SampledFrom([]string{"ru", "en"}).Draw(r, "tag")}
	in.Message, in.Date = w.update, w.env.Now
	w.env.Threads = rapid.Bool().Draw(r, "threads")
	in.Aside = rapid.IntRange(0, 5).Draw(r, "in a ticket's thread") == 0
	if in.Aside {
		in.Thread = 5
	}
	if in.Kind == dialog.Edited {
		in.Message = rapid.Int64Range(1, w.update).Draw(r, "edited")
	}
	reply, err := dialog.Answer(w.customer, in, w.env)
	if err != nil {
		r.Fatal(err)
	}
	w.read(r, reply)
	if rapid.IntRange(0, 20).Draw(r, "pause") == 0 {
		w.env.Now = w.env.Now.Add(time.Hour)
		if reply, err = dialog.Wake(w.customer, w.env); err != nil {
			r.Fatal(err)
		}
		w.read(r, reply)
	}
}

func (w *walker) input(r *rapid.T) dialog.Input {
	if len(w.buttons) > 0 && rapid.IntRange(0, 3).Draw(r, "press") > 0 {
		p, err := tickets.DecodePress(rapid.SampledFrom(w.buttons).Draw(r, "button"))
		if err != nil {
			r.Fatal(err)
		}
		return dialog.Input{Kind: dialog.Pressed, Press: p, PressedOn: 3}
	}
	kind := rapid.SampledFrom([]dialog.Kind{dialog.Typed, dialog.Typed, dialog.Typed, dialog.Commanded, dialog.Sent, dialog.Shared, dialog.Edited, dialog.Other, dialog.Keyed}).Draw(r, "kind")
	in := dialog.Input{
		Kind: kind, FileName: "a.exe", Phone: "79161234567", Own: rapid.Bool().Draw(r, "own"),
		Key: rapid.SampledFrom([]string{"key.skip", "key.back", "key.cancel"}).Draw(r, "key"),
		Text: rapid.SampledFrom([]string{
			"x", "", "anna", "anna@example.ru", "example.ru", "a.ru b.ru", "ftp://a.ru", "localhost", "89161234567", "123-45-67",
			"Каталог не открывается, вместо товаров белая страница", "1. Не работает каталог\n2. Не приходят письма\n3. Ошибка в корзине",
			strings.Repeat("ы", 200), strings.Repeat("слово ", 2500),
		}).Draw(r, "text"),
		Command: rapid.SampledFrom([]string{"new", "back", "cancel", "language", "help", "start", "what"}).Draw(r, "command"),
	}
	in.Refused = rapid.SampledFrom([]dialog.Refusal{"", "", "", dialog.RefusedType, dialog.RefusedSize, dialog.RefusedEmpty}).Draw(r, "refused")
	if kind == dialog.Sent && in.Refused == "" {
		unique := fmt.Sprint(rapid.IntRange(1, 15).Draw(r, "file"))
		in.File = &tickets.File{ID: unique, Unique: unique, Kind: tickets.Photo, Type: "image/jpeg", Message: w.update}
	}
	return in
}

// read renders every notice in every language, and remembers the buttons.
func (w *walker) read(r *rapid.T, reply dialog.Reply) {
	w.customer = *reply.Change.Customer
	w.customer.Version++
	for _, n := range reply.Change.Notices {
		n = n.For(1001)
		for _, n.Lang = range tickets.Langs {
			c := w.render.content(n)
			w.sound(r, n, c.text.text)
			w.sound(r, n, w.render.title(n))
		}
		if n.Kind != tickets.NoticeSend || n.To.Chat != 7 {
			continue
		}
		if len(n.Message.Buttons) > 0 {
			w.buttons = nil
		}
		for _, row := range n.Message.Buttons {
			for _, b := range row {
				w.buttons = append(w.buttons, b.Data)
			}
		}
	}
	if reply.Toast != nil {
		for _, lang := range tickets.Langs {
			w.sound(r, tickets.Notice{}, w.render.Toast(lang, *reply.Toast))
		}
	}
}

// sound looks for what no reader should see.
func (w *walker) sound(r *rapid.T, n tickets.Notice, text string) {
	for _, bad := range []string{"<no value>", "{{", "<b>Тема", "</", "%!"} {
		if strings.Contains(strings.ReplaceAll(text, "Анна <b>Петрова</b>", ""), bad) {
			r.Fatalf("%s in %q, of %+v", bad, text, n.Message.Text)
		}
	}
}
