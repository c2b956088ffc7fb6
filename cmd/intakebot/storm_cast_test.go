package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// What customers do waits out that their chat is blocked.

func (c *customer) Send(text string, opts ...telegramsim.SendOption) (telegramsim.Message, error) {
	return awaits(func() (telegramsim.Message, error) { return c.Person.Send(text, opts...) })
}

func (c *customer) SendPhoto(data []byte, caption string, opts ...telegramsim.SendOption) (telegramsim.Message, error) {
	return awaits(func() (telegramsim.Message, error) { return c.Person.SendPhoto(data, caption, opts...) })
}

func (c *customer) SendDocument(name string, data []byte, caption string) (telegramsim.Message, error) {
	return awaits(func() (telegramsim.Message, error) { return c.Person.SendDocument(name, data, caption) })
}

func (c *customer) SendGIF(name string, data []byte, caption string) (telegramsim.Message, error) {
	return awaits(func() (telegramsim.Message, error) { return c.Person.SendGIF(name, data, caption) })
}

func (c *customer) SendAlbum(items []telegramsim.AlbumItem) ([]telegramsim.Message, error) {
	return awaits(func() ([]telegramsim.Message, error) { return c.Person.SendAlbum(items) })
}

func (c *customer) ShareContact() (telegramsim.Message, error) {
	return awaits(func() (telegramsim.Message, error) { return c.Person.ShareContact() })
}

func (c *customer) Edit(id int, text string) (telegramsim.Message, error) {
	return awaits(func() (telegramsim.Message, error) { return c.Person.Edit(id, text) })
}

// errLost says that the bot was refused in this chat, so that the next message may
// never come.
var errLost = errors.New("what the bot had to say was lost")

// recovers finds out what became of a draft, from the list of tickets, and ends it
// where it was not filed.
func (c *customer) recovers(ctx context.Context) error {
	number := ""
	if err := c.asks(ctx, "/tickets", "Your tickets", "There are no tickets yet"); err != nil {
		return err
	}
	for _, n := range numbers.FindAllString(c.question.Text, -1) {
		if !slices.ContainsFunc(c.filed, func(w wanted) bool { return w.number == n }) {
			number = n
		}
	}
	if number != "" {
		if !c.draft.submitted {
			return fmt.Errorf("%s was filed by nobody", number)
		}
		return c.notes(ctx, number)
	}
	for {
		if err := c.asks(ctx, "/cancel", "Cancel the ticket?", "There is nothing to cancel"); err != nil || c.question.Has("nothing to cancel") {
			return err
		}
		err := or(nil, c.press("Yes, delete it"), c.hears(ctx, "The ticket is cancelled"))
		if !errors.Is(err, errLost) {
			return err
		}
	}
}

// asks says a command until it is answered.
func (c *customer) asks(ctx context.Context, command string, texts ...string) error {
	for {
		err := or(nil, c.says(command), c.listens(ctx, fmt.Sprint(texts), func(m telegramsim.Message) bool {
			return m.FromBot && slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(m.Text, text) })
		}))
		if !errors.Is(err, errLost) {
			return err
		}
	}
}

// adds has a customer write to a ticket that was just accepted, in reply to what
// names it, so that nobody has to ask where it belongs. An old button is pressed
// at the same moment now and then.
func (s *storm) adds(_ context.Context, c *customer, w wanted) error {
	receipt := c.question
	if !receipt.Has("is accepted") {
		return nil
	}
	for range c.dice.IntN(3) {
		var m telegramsim.Message
		var err error
		token := c.serial.Add(1)
		words := fmt.Sprintf("It got worse since then, see %d", token)
		if c.chance(4) {
			m, err = c.SendPhoto(picture(int(token)), words, telegramsim.ReplyTo(receipt.ID))
		} else {
			m, err = c.Send(words, telegramsim.ReplyTo(receipt.ID))
		}
		if err != nil {
			return err
		}
		s.model.wrote(token, w.number, m)
		if c.chance(3) {
			_, _ = c.PressData(receipt.ID, tickets.Press{Revision: 1, Event: "next"}.Encode())
		}
		<-time.After(time.Duration(c.dice.Int64N(int64(s.quick / 4)))) // as people take their time
	}
	return nil
}

// card is a ticket's card as an agent finds it: it may be there twice.
type card struct {
	chat    *telegramsim.Chat
	message telegramsim.Message
	number  string
}

// isCard tells a card by what only a card has.
func isCard(m telegramsim.Message) bool {
	head, _, _ := strings.Cut(m.Text, "\n")
	return m.FromBot && len(m.Buttons) > 0 && numbers.MatchString(head) && m.Has("Customer ")
}

// cards lists the newest card of every ticket.
func (s *storm) cards() (list []card) {
	groups := s.world.Groups()
	desk := groups[len(groups)-1].Chat
	at := map[string]int{}
	for _, m := range desk.Messages() {
		number := numbers.FindString(m.Text)
		if number == "" || !isCard(m) {
			continue
		}
		c := card{desk, m, number}
		if m.Thread != 0 {
			c.chat = desk.Topic(m.Thread)
		}
		if i, ok := at[number]; ok {
			list[i] = c
			continue
		}
		at[number] = len(list)
		list = append(list, c)
	}
	return list
}

// answers has the agents work on the tickets that they see.
func (s *storm) answers(ctx context.Context, more func() bool) {
	dice := rand.New(rand.NewPCG(s.seed, 99))
	for token := int64(900001); more() && ctx.Err() == nil; token++ {
		<-time.After(time.Second + time.Duration(dice.Int64N(int64(s.quick/4)))) // as people take their time
		cards := s.cards()
		if len(cards) == 0 {
			continue
		}
		c := cards[dice.IntN(len(cards))]
		agent := s.agents[dice.IntN(len(s.agents))].In(c.chat)
		var opts []telegramsim.SendOption
		if c.chat.Thread() == 0 {
			opts = append(opts, telegramsim.ReplyTo(c.message.ID))
		}
		words := fmt.Sprintf("Please try again now, case %d", token)
		var m telegramsim.Message
		var err error
		switch dice.IntN(8) {
		case 0:
			_, _ = agent.Send("/take", opts...)
			continue
		case 1:
			_, _ = agent.Send(fmt.Sprintf("// not for the customer %d", token), opts...)
			s.model.inside(token)
			continue
		case 2:
			m, err = agent.SendPhoto(picture(int(token)), words, opts...)
		default:
			m, err = agent.Send(words, opts...)
		}
		if err == nil { // else the topic is gone
			s.model.wrote(token, c.number, m)
		}
	}
}

// owner is whose ticket has a number.
func (s *storm) owner(number string) *customer {
	for _, c := range s.cast {
		if slices.ContainsFunc(c.filed, func(w wanted) bool { return w.number == number }) {
			return c
		}
	}
	return nil
}
