package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// beat is one moment of the story: the customer waits for a question, then
// does one thing.
type beat struct {
	hears  string // part of what the bot says; of the newest message not yet heard
	says   string // typed
	press  string // a button's label, or part of it
	shares bool   // the own contact
	shows  int    // so many of the samples, as one album
}

// stories are the same story in every language: two problems in one
// description, a screenshot, a ticket.
var stories = map[tickets.Lang][]beat{
	tickets.Russian: {
		{says: "/start"},
		{hears: "служба поддержки", press: "Новая заявка"},
		{hears: "О чём ваша заявка", press: "Ошибка или сбой"},
		{hears: "Как вас зовут", press: "Анна Петрова"},
		{hears: "электронная почта", says: "anna@myshop"},
		{hears: "не похоже на адрес почты", says: "anna@myshop.ru"},
		{hears: "логин", says: "anna"},
		{hears: "Телефон", shares: true},
		{hears: "Адрес сайта", says: "Сайт https://мойсалон.рф/каталог"},
		{hears: "В чём проблема", says: "1. Каталог товаров не открывается: вместо него белая страница.\n2. Ещё перестали приходить письма о новых заказах."},
		{hears: "Добавил к описанию", press: "Готово"},
		{hears: "разные проблемы", press: "Подать по отдельности"},
		{hears: "текст ошибки", says: "HTTP 500 Internal Server Error"},
		{hears: "действия приводят", says: "Открываю главную, нажимаю «Каталог»"},
		{hears: "снимки экрана", shows: 2},
		{hears: "2 снимка", press: "Готово"},
		{hears: "Что меняли на сайте", says: "Вчера обновили модуль оплаты"},
		{hears: "Проверьте заявку", press: "Отправить"},
		{hears: "принята"},
		{hears: "Осталась ещё 1 проблема", press: "Позже"},
		{hears: "Вернуться можно кнопкой"},
	},
	tickets.English: {
		{says: "/start"},
		{hears: "support desk", press: "New ticket"},
		{hears: "What is your ticket about", press: "Errors on the site"},
		{hears: "What is your name", press: "Emily Clark"},
		{hears: "e-mail address", says: "emily@myshop"},
		{hears: "does not look like an e-mail", says: "emily@myshop.com"},
		{hears: "login", says: "emily"},
		{hears: "phone number", shares: true},
		{hears: "site's address", says: "It is https://myshop.com/catalogue"},
		{hears: "What is the problem", says: "1. The catalogue does not open: there is a blank page instead.\n2. Also, e-mails about new orders stopped coming."},
		{hears: "Added to the description", press: "Done"},
		{hears: "different problems", press: "File them separately"},
		{hears: "error message", says: "HTTP 500 Internal Server Error"},
		{hears: "What leads to the problem", says: "I open the home page and press “Catalogue”"},
		{hears: "Send screenshots", shows: 2},
		{hears: "2 screenshots", press: "Done"},
		{hears: "changed on the site", says: "The payment module was updated yesterday"},
		{hears: "Please check the ticket", press: "Send"},
		{hears: "is accepted"},
		{hears: "1 more problem", press: "Later"},
		{hears: "brings you back to it"},
	},
}

// play acts the story, and sees that the agents' group gets the ticket with
// its screenshots. The error tells where the story broke off.
func play(ctx context.Context, s *stage, lang tickets.Lang, out io.Writer) error {
	teller := tell(s, out)
	customer := s.customers[0]
	for i, b := range stories[lang] {
		if err := b.act(ctx, customer, teller); err != nil {
			teller.close()
			return fmt.Errorf("the story broke off at moment %d: %w", i+1, err)
		}
	}
	err := deskHas(ctx, s)
	teller.close()
	return err
}

// act waits and does. Without a teller it does so quietly.
func (b beat) act(ctx context.Context, p *telegramsim.Person, t *teller) error {
	if b.hears != "" {
		m, err := p.Expect(ctx, b.hears)
		if err != nil {
			return err
		}
		if t != nil {
			t.reach(m.ID)
		}
	}
	var err error
	switch {
	case b.says != "":
		_, err = p.Send(b.says)
	case b.press != "":
		if t != nil {
			t.say(fmt.Sprintf("%s: ▸ %s\n", p.Name(), b.press))
		}
		_, err = p.Press(b.press)
	case b.shares:
		_, err = p.ShareContact()
	case b.shows > 0:
		var album []telegramsim.AlbumItem
		for i := range b.shows {
			album = append(album, telegramsim.AlbumItem{Data: samples()[i].Data})
		}
		_, err = p.SendAlbum(album)
	}
	return err
}

// deskHas waits until the ticket is in a topic of its own, screenshots and all.
func deskHas(ctx context.Context, s *stage) error {
	topic, err := s.desk.ExpectTopic(ctx, "T-")
	if err != nil {
		return err
	}
	for _, want := range []string{"HTTP 500", ""} {
		_, err := topic.ExpectFunc(ctx, "the ticket's card and its screenshots", func(m telegramsim.Message) bool {
			return (want != "" && strings.Contains(m.Text, want)) || (want == "" && m.Kind == "photo")
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// teller prints what happens on the stage as chat lines, both sides of it.
type teller struct {
	events *telegramsim.Subscription
	done   sync.WaitGroup
	mu     sync.Mutex
	told   sync.Cond
	last   int // the newest message that was told
	out    io.Writer
}

// reach waits until a message was told, so that what is done because of it
// comes after it.
func (t *teller) reach(id int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.last < id {
		t.told.Wait()
	}
}

func (t *teller) say(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintln(t.out, line)
}

func tell(s *stage, out io.Writer) *teller {
	t := &teller{events: s.world.Subscribe(), out: out}
	t.told.L = &t.mu
	t.done.Go(func() {
		for {
			e, err := t.events.Next(context.Background())
			if errors.Is(err, telegramsim.ErrClosed) {
				return
			}
			if e.Kind == telegramsim.MessageSent && e.Message != nil {
				t.say(chatLine(s, *e.Message))
				t.mu.Lock()
				t.last = max(t.last, e.Message.ID)
				t.told.Broadcast()
				t.mu.Unlock()
			}
		}
	})
	return t
}

// close prints what is left.
func (t *teller) close() {
	t.events.Close()
	t.done.Wait()
}

// chatLine is a message with the place where it stands.
func chatLine(s *stage, m telegramsim.Message) string {
	place, indent := "", ""
	if m.Chat == s.desk.ID() {
		place, indent = "    ┃ "+s.desk.Title()+" ┃ ", "    ┃ "
	}
	text := strings.ReplaceAll(m.String(), "\n", "\n"+indent)
	return place + text + "\n"
}
