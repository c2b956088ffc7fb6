package main

import (
	"context"
	"flag"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"intakebot/tickets"
)

var pictureFile = flag.String("picture", "", "save the README's picture of the demo in this file, relative to this folder")

// rush is what the README's picture shows, and what goes before it.
var rush = struct{ emily, ivan, anna []beat }{
	emily: []beat{
		{says: "/start"},
		{hears: "support desk", press: "New ticket"},
		{hears: "What is your ticket about", press: "Errors on the site"},
		{hears: "What is your name", press: "Emily Clark"},
		{hears: "e-mail address", says: "emily@myshop.com"},
		{hears: "login", says: "emily"},
		{hears: "phone number", press: "Skip"},
		{hears: "site's address", says: "myshop.com/catalogue"},
		{hears: "What is the problem", says: "The catalogue shows an error page, no goods"},
		{hears: "Added to the description", press: "Done"},
		{hears: "error message", says: "HTTP 500 Internal Server Error"},
		{hears: "What leads to the problem", says: "I open the home page and press “Catalogue”"},
		{hears: "Send screenshots", shows: 2},
		{hears: "2 screenshots", press: "Done"},
		{hears: "changed on the site", press: "Nothing was changed"},
		{hears: "Please check the ticket", press: "Send"},
		{hears: "is accepted"},
	},
	ivan: []beat{
		{says: "/start"},
		{hears: "support desk", press: "New ticket"},
		{hears: "What is your ticket about", press: "The site is down"},
		{hears: "What is your name", says: "Ivan"},
		{hears: "e-mail address", says: "ivan@goodbread.com"},
		{hears: "login", says: "ivan"},
		{hears: "phone number", press: "Skip"},
		{hears: "site's address", says: "goodbread.com"},
		{hears: "What is the problem", says: "The whole site is down since nine in the morning"},
		{hears: "Added to the description", press: "Done"},
		{hears: "error message", press: "no error text"},
		{hears: "What leads to the problem", press: "I don't know"},
		{hears: "Send screenshots", press: "No screenshots"},
		{hears: "changed on the site", press: "Nothing"},
		{hears: "Please check the ticket", press: "Send"},
		{hears: "is accepted"},
	},
	anna: []beat{
		{says: "/start"},
		{hears: "служба поддержки", press: "Новая заявка"},
		{hears: "О чём ваша заявка", press: "Сайт работает медленно"},
		{hears: "Как вас зовут", says: "Анна"},
		{hears: "электронная почта", says: "anna@салон.рф"},
		{hears: "логин", says: "anna"},
		{hears: "Телефон", press: "Пропустить"},
		{hears: "Адрес сайта", says: "салон.рф"},
		{hears: "В чём проблема", says: "Страницы открываются по десять секунд"},
		{hears: "Добавил к описанию", press: "Готово"},
		{hears: "текст ошибки", press: "ошибки нет"},
		{hears: "действия приводят", press: "Не знаю"},
		{hears: "снимки экрана", press: "Без снимков"},
		{hears: "Что меняли на сайте", press: "Ничего"},
		{hears: "Проверьте заявку", press: "Отправить"},
		{hears: "принята"},
	},
}

// TestPicture has three customers file tickets at once, one of them through the
// page, and each ticket get a topic of its own.
func TestPicture(t *testing.T) {
	t.Parallel()
	s := newStage(tickets.English)
	b := openBrowser(t, startDesk(t, s, tickets.English))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var others errgroup.Group
	for i, story := range [][]beat{rush.ivan, rush.anna} {
		others.Go(func() error { return s.files(ctx, i+1, story) })
	}
	b.plays(rush.emily[:15])
	if err := others.Wait(); err != nil {
		t.Fatal(err)
	}
	b.plays(rush.emily[15:])
	for _, customer := range []string{"Ivan", "Анна", "Emily"} {
		b.opens(customer)
	}
	for _, site := range []string{"goodbread.com", "салон.рф", "myshop.com"} {
		b.click(".agents .row", site)
	}
	b.until(`document.querySelectorAll('.agents .row').length === 4 && document.querySelectorAll('.agents .shot img').length === 2`)
	b.until(`[...document.images].every((img) => img.complete) && !document.querySelector('.rail .badge')`)
	if *pictureFile != "" {
		b.until(`document.getAnimations().every((one) => one.playState === 'finished')`)
		b.shoot(*pictureFile)
	}
}

// opens opens a customer's chat while events stream in, and sees it drawn before
// another can be opened: a chat that was never drawn would count as never read.
func (b *browser) opens(customer string) {
	b.t.Helper()
	drawn := b.until(`(async () => {
		const page = await import(new URL('ui/static/js/store.js', document.baseURI));
		const tab = [...document.querySelectorAll('.rail [role=tab]')].find((one) => one.innerText.includes(` + quote(customer) + `));
		page.changed(true);
		tab.click();
		await null;
		return tab.getAttribute('aria-selected') === 'true' ? 1 : 2;
	})()`)
	if drawn != 1 {
		b.t.Fatalf("%s's chat was not drawn at once", customer)
	}
}

// files acts a story without a page.
func (s *stage) files(ctx context.Context, customer int, story []beat) error {
	for _, b := range story {
		seat := s.customers[customer].Seat
		if b.hears != "" {
			if _, err := seat.Expect(ctx, b.hears); err != nil {
				return err
			}
		}
		if _, err := b.act(seat); err != nil {
			return err
		}
	}
	return nil
}
