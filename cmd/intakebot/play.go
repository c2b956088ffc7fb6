package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// play acts a ticket's whole life, from the customer's first word to the last
// rating. The error tells where the story broke off.
func play(ctx context.Context, s *stage, lang tickets.Lang, out io.Writer) error {
	t := tell(s, lang, out)
	defer t.close()
	a := &acting{stage: s, teller: t}
	if err := a.files(ctx, lang); err != nil {
		return err
	}
	if err := a.acts(ctx, lives[lang]); err != nil {
		return err
	}
	return a.ended(ctx, notes[lang])
}

// fileTicket acts the story's beginning: a ticket is filed.
func fileTicket(ctx context.Context, s *stage, lang tickets.Lang) error {
	t := tell(s, lang, io.Discard)
	defer t.close()
	return (&acting{stage: s, teller: t}).files(ctx, lang)
}

// acting is a story on its way.
type acting struct {
	stage  *stage
	teller *teller
	topic  *telegramsim.Chat      // the ticket's, once there is one
	said   [3]telegramsim.Message // the last of each, by beat.by
	moment int
}

// files has the customer file the ticket, and sees that the agents get it, with
// its screenshots.
func (a *acting) files(ctx context.Context, lang tickets.Lang) error {
	if err := a.acts(ctx, stories[lang]); err != nil {
		return err
	}
	return a.deskHas(ctx)
}

func (a *acting) acts(ctx context.Context, story []beat) error {
	for _, b := range story {
		a.moment++
		if err := a.act(ctx, b); err != nil {
			return fmt.Errorf("the story broke off at moment %d: %w", a.moment, err)
		}
	}
	return nil
}

// act waits, and does.
func (a *acting) act(ctx context.Context, b beat) error {
	seat := a.seat(b.by)
	if err := a.waits(ctx, seat, b); err != nil {
		return err
	}
	if b.press != "" {
		there := func() bool { _, ok := button(seat, b.press); return ok }
		if err := a.until(ctx, seat, "a button "+b.press, there); err != nil {
			return err
		}
		on, _ := button(seat, b.press)
		last, _ := seat.Last()
		a.teller.reach(on)
		a.teller.reach(last)
		a.teller.presses(seat, b.press)
	}
	m, err := b.act(seat)
	if m.ID != 0 {
		a.said[b.by] = m
	}
	return err
}

func (a *acting) seat(by int) *telegramsim.Seat {
	if by == 0 {
		return a.stage.customers[0].Seat
	}
	return a.stage.agents[by-1].In(a.topic)
}

// waits waits for what somebody is to see first.
func (a *acting) waits(ctx context.Context, seat *telegramsim.Seat, b beat) error {
	if b.hears != "" {
		m, err := seat.Expect(ctx, b.hears)
		if err != nil {
			return err
		}
		a.teller.reach(m)
	}
	said := a.said[b.by]
	confirmed := func() bool { m, _ := seat.Message(said.ID); return len(m.Reactions) > 0 }
	if b.seen {
		if err := a.until(ctx, seat, "a reaction on «"+said.Text+"»", confirmed); err != nil {
			return err
		}
	}
	if b.topic == "" {
		return nil
	}
	return a.until(ctx, seat, "a topic with the name "+b.topic, func() bool { return a.topicIs(b.topic) })
}

// act does what a beat says.
func (b beat) act(s *telegramsim.Seat) (m telegramsim.Message, err error) {
	switch {
	case b.says != "":
		return s.Send(b.says)
	case b.press != "":
		_, err = s.Press(b.press)
	case b.shares:
		return s.ShareContact()
	case b.photo != "":
		return s.SendPhoto(samples()[1].Data, b.photo)
	case b.shows > 0:
		var album []telegramsim.AlbumItem
		for i := range b.shows {
			album = append(album, telegramsim.AlbumItem{Data: samples()[i].Data})
		}
		_, err = s.SendAlbum(album)
	}
	return m, err
}

// until waits until something holds in a chat, looking again after every event.
func (a *acting) until(ctx context.Context, seat *telegramsim.Seat, what string, holds func() bool) error {
	events := a.stage.world.Subscribe()
	defer events.Close()
	for !holds() {
		if _, err := events.Next(ctx); err != nil {
			return fmt.Errorf("expected %s: %w\n%s", what, err, seat.Transcript())
		}
	}
	return nil
}

// button finds the newest message with a button to press; one below the chat is in
// no message.
func button(s *telegramsim.Seat, label string) (on telegramsim.Message, found bool) {
	has := func(rows [][]telegramsim.Button) bool {
		return slices.ContainsFunc(slices.Concat(rows...), func(b telegramsim.Button) bool { return strings.Contains(b.Text, label) })
	}
	for _, m := range s.Messages() {
		if has(m.Buttons) {
			on, found = m, true
		}
	}
	return on, found || has(s.Keyboard())
}

// topicIs tells whether the ticket's topic bears a sign, and is closed or open as
// that says.
func (a *acting) topicIs(sign string) bool {
	t := a.stage.desk.Topics()[0]
	return strings.HasPrefix(t.Name, sign) && t.Closed == (sign == solvedSign)
}

// solvedSign is how the name of a topic begins whose ticket is solved, or closed.
const solvedSign = "✅"

// deskHas waits until the ticket is in a topic of its own, screenshots and all.
func (a *acting) deskHas(ctx context.Context) error {
	topic, err := a.stage.desk.ExpectTopic(ctx, "T-")
	if err != nil {
		return err
	}
	a.topic = topic
	return a.until(ctx, a.seat(1), "the ticket's card and its screenshots", func() bool {
		card, shots := false, 0
		for _, m := range topic.Messages() {
			card = card || m.Has("HTTP 500")
			if m.Kind == "photo" {
				shots++
			}
		}
		return card && shots == 2
	})
}

// ended sees that the topic is closed in the end, and that what was to stay
// inside did.
func (a *acting) ended(ctx context.Context, note string) error {
	closed := func() bool { return a.topicIs(solvedSign) }
	if err := a.until(ctx, a.seat(1), "a closed topic", closed); err != nil {
		return err
	}
	if strings.Contains(a.stage.customers[0].Transcript(), note) {
		return errors.New("the customer sees a note of the agents")
	}
	return nil
}
