package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"intakebot/tickets"
)

// TestPage plays the story of demo --play by hand: a customer files a ticket
// in the page's left window, and the desk sees it in a topic of its right one.
// The desk is Russian; one of its customers is not.
func TestPage(t *testing.T) {
	t.Parallel() // most of the time passes in waiting for leave to send (P3)
	for _, c := range []struct {
		lang     tickets.Lang
		customer string
		card     []string
	}{
		{tickets.Russian, "Анна", []string{"Почта: anna@myshop.ru", "мойсалон.рф", "белая страница", "HTTP 500", "модуль оплаты", "язык: Русский"}},
		{tickets.English, "Emily", []string{"Почта: emily@myshop.com", "myshop.com/catalogue", "blank page", "HTTP 500", "payment module", "язык: English"}},
	} {
		t.Run(string(c.lang), func(t *testing.T) {
			t.Parallel()
			b := openBrowser(t, startDesk(t, newStage(tickets.Russian), tickets.Russian))
			b.click(".rail [role=tab]", c.customer)
			b.plays(stories[c.lang])
			b.deskSees("T-1", c.card)
		})
	}
}

// plays does in the page, as the open customer, what a story says.
func (b *browser) plays(story []beat) {
	b.t.Helper()
	pictures := screenshots(b.t)
	for _, moment := range story {
		b.act(moment, pictures)
	}
}

// act does in the page what a moment of the story says.
func (b *browser) act(m beat, pictures []string) {
	b.t.Helper()
	if m.hears != "" {
		b.hears(m.hears)
	}
	switch {
	case m.says == "/start":
		b.do(chromedp.Click(chromedp.CSS(".customer .wide")))
	case m.says != "":
		b.types(".customer .entry textarea", strings.ReplaceAll(m.says, "\n", " "))
	case m.press != "":
		b.click(".customer .key", m.press)
	case m.shares:
		b.click(".customer .reply-keys .key", "📱")
	case m.shows > 0:
		b.do(chromedp.SetUploadFiles(chromedp.CSS(".customer input[type=file]"), pictures[:m.shows], chromedp.NodeReady))
		b.click("dialog .main", "")
	}
}

// hears waits until the bot has said something new with the text in it.
func (b *browser) hears(text string) {
	b.t.Helper()
	b.heard = b.until(fmt.Sprintf(`[...document.querySelectorAll('.customer .item:not(.own)')].find((el) =>
		Number(el.dataset.message) > %d && el.innerText.includes(%s))?.dataset.message`, b.heard, quote(text)))
}

// deskSees opens a ticket's topic, and waits for its card and its screenshots.
func (b *browser) deskSees(ticket string, card []string) {
	b.t.Helper()
	b.click(".agents .row", ticket)
	for _, want := range card {
		b.until(`document.querySelector('.agents .feed').innerText.includes(` + quote(want) + `)`)
	}
	b.until(`(() => {
		const shots = [...document.querySelectorAll('.agents .shot img')];
		return shots.length === 2 && shots.every((img) => img.complete && img.naturalWidth === 960);
	})()`)
}

// screenshots are files to attach.
func screenshots(t *testing.T) []string {
	t.Helper()
	folder := t.TempDir()
	var paths []string
	for _, p := range samples() {
		path := filepath.Join(folder, p.Name)
		if err := os.WriteFile(path, p.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}
