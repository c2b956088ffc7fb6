package bot

import (
	"fmt"
	"strings"
	"testing"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// counter is a desk with one ticket in its topic, and an agent in it.
type counter struct {
	*office
	desk     *telegramsim.Group
	customer *telegramsim.Seat
	topic    *telegramsim.Chat
	agent    *telegramsim.Seat
	ticket   int64
}

func atCounter(t *testing.T, test func(*counter), change ...func(*OutboxConfig)) {
	t.Helper()
	inOffice(t, func(o *office) {
		o.start(change...)
		olga := o.world.AddPerson("Olga")
		c := &counter{office: o, desk: o.world.AddForum("Desk", olga), customer: o.customer("Ivan")}
		c.ticket = o.file(c.desk.ID(), cardOf("the card"))
		o.drain()
		c.topic = c.desk.Topic(c.desk.Topics()[0].ID)
		c.agent = olga.In(c.topic)
		test(c)
	}, telegramsim.WithRateLimits())
}

// answer is what an agent wrote, on its way to the customer.
func (c *counter) answer(kind tickets.NoticeKind, messages ...telegramsim.Message) tickets.Notice {
	n := note(c.customer.ID(), "Olga:")
	n.Kind, n.About = kind, c.ticket
	n.Extra.Source = &tickets.Source{Chat: c.desk.ID()}
	n.Extra.Report, n.Extra.Writer = true, tickets.Russian
	for _, m := range messages {
		n.Extra.Source.Messages = append(n.Extra.Source.Messages, int64(m.ID))
	}
	return n
}

func (c *counter) carried(m telegramsim.Message) []tickets.Carried {
	c.Helper()
	list, err := c.store.Outbox.(tickets.Store).Carried(c.ctx, tickets.Spot{Chat: c.desk.ID(), Message: int64(m.ID)})
	if err != nil {
		c.Fatal(err)
	}
	return list
}

func must[T any](c *counter) func(T, error) T {
	return func(v T, err error) T {
		c.Helper()
		if err != nil {
			c.Fatal(err)
		}
		return v
	}
}

func TestAnAnswerKeepsItsFormattingAndIsReported(t *testing.T) {
	atCounter(t, func(c *counter) {
		wrote := must[telegramsim.Message](c)(c.agent.Send("Try 😀 again"))
		n := c.answer(tickets.NoticeSend, wrote)
		n.Extra.Body = &tickets.Body{Text: "Try 😀 again", Entities: []tickets.Entity{
			{Type: "bold", Offset: 7, Length: 99}, {Type: "custom_emoji", Offset: 4, Length: 2}, {Type: "italic", Offset: 50, Length: 1}}}
		c.post(n)
		c.drain()
		m, _ := c.customer.Last()
		if m.Text != "Olga:\nTry 😀 again" {
			t.Fatalf("carried: %v", m)
		}
		if e := m.Raw.Entities; len(e) != 1 || e[0].Offset != 13 || e[0].Length != 5 || e[0].Type != "bold" {
			t.Errorf("formatting: %+v", e)
		}
		links := c.carried(wrote)
		if len(links) != 1 || links[0].To != (tickets.Spot{Chat: c.customer.ID(), Message: int64(m.ID)}) || links[0].Ticket != c.ticket {
			t.Errorf("recorded: %+v", links)
		}
		if now, _ := c.topic.Message(wrote.ID); len(now.Reactions) != 1 || now.Reactions[0].Emoji != deliveredSign {
			t.Errorf("the agent sees %v", now.Reactions)
		}
	})
}

func TestMediaAreCopiedWithTheirCaption(t *testing.T) {
	atCounter(t, func(c *counter) {
		photo := must[telegramsim.Message](c)(c.agent.SendPhoto(pngBytes(c, 1), "see here"))
		n := c.answer(tickets.NoticeCopy, photo)
		n.Extra.Body = &tickets.Body{Text: "see here"}
		c.post(n)
		c.drain()
		if m, _ := c.customer.Last(); m.Kind != "photo" || m.Text != "Olga:\nsee here" {
			t.Errorf("copied: %v", m)
		}
		sticker := must[telegramsim.Message](c)(c.agent.SendSticker())
		c.post(c.answer(tickets.NoticeCopy, sticker))
		c.drain()
		all := c.customer.Messages()
		if m := all[len(all)-1]; m.Kind != "sticker" || all[len(all)-2].Text != "Olga:" {
			t.Errorf("copied: %v", all[len(all)-2:])
		}
		if links := c.carried(sticker); len(links) != 2 || links[1].To.Message != int64(all[len(all)-1].ID) {
			t.Errorf("recorded: %+v", links)
		}
	})
}

func TestAnAlbumStaysAnAlbum(t *testing.T) {
	atCounter(t, func(c *counter) {
		album := must[[]telegramsim.Message](c)(c.agent.SendAlbum([]telegramsim.AlbumItem{{Data: pngBytes(c, 1)}, {Data: pngBytes(c, 2)}, {Data: pngBytes(c, 3)}}))
		c.post(c.answer(tickets.NoticeCopy, album...))
		c.drain()
		all := c.customer.Messages()
		got := all[len(all)-3:]
		for i, m := range got {
			if m.Kind != "photo" || m.Raw.MediaGroupID == "" || m.Raw.MediaGroupID != got[0].Raw.MediaGroupID {
				t.Errorf("not in the album: %v", m)
			}
			if links := c.carried(album[i]); len(links) != 1 || links[0].To.Message != int64(m.ID) {
				t.Errorf("recorded for %d: %+v", i, links)
			}
		}
	})
}

func TestWhatCannotBeDeliveredIsTold(t *testing.T) {
	atCounter(t, func(c *counter) {
		wrote := must[telegramsim.Message](c)(c.agent.Send("hello"))
		gone := c.answer(tickets.NoticeCopy, telegramsim.Message{ID: 4711})
		c.post(gone)
		c.drain()
		if m, _ := c.topic.Last(); !strings.Contains(m.Text, "сообщение удалили") {
			t.Errorf("the agent reads %v", m)
		}
		if err := c.customer.Block(); err != nil {
			t.Fatal(err)
		}
		n := c.answer(tickets.NoticeSend, wrote)
		n.Extra.Body = &tickets.Body{Text: "hello"}
		c.post(n)
		c.drain()
		m, _ := c.topic.Last()
		if !strings.Contains(m.Text, "заблокировал") || m.Raw.ReplyToMessage == nil || m.Raw.ReplyToMessage.ID != wrote.ID {
			t.Errorf("the agent reads %v", m)
		}
		if now, _ := c.topic.Message(wrote.ID); len(now.Reactions) != 0 {
			t.Error("told as delivered")
		}
	})
}

func TestTopicCardAndDeletions(t *testing.T) {
	atCounter(t, func(c *counter) {
		to := tickets.Address{Chat: c.desk.ID(), Ticket: c.ticket}
		said := must[telegramsim.Message](c)(c.customer.Send("mistake"))
		rename := tickets.Notice{To: to, Kind: tickets.NoticeTopic, About: c.ticket, Extra: tickets.Extra{Closed: true},
			Title: tickets.Line{Key: "plain", Args: tickets.Args{"text": tickets.Text("✅ done")}}}
		card := note(c.desk.ID(), "the card, edited")
		card.To, card.Kind, card.Extra.Card = to, tickets.NoticeEdit, true
		gone := tickets.Notice{To: tickets.Address{Chat: c.customer.ID()}, Kind: tickets.NoticeDelete, Target: int64(said.ID)}
		c.post(rename, card, gone)
		c.drain()
		if got := c.desk.Topics()[0]; got.Name != "✅ done" || !got.Closed {
			t.Errorf("the topic: %+v", got)
		}
		if m, _ := c.topic.Message(int(c.place(c.ticket).Card)); m.Text != "the card, edited" {
			t.Errorf("the card: %v", m)
		}
		if m, ok := c.customer.Message(said.ID); ok && !m.Deleted {
			t.Errorf("still there: %v", m)
		}
		c.post(rename, gone) // all of it is so already
		c.drain()
		c.counted("undeliverable", c.outbox.Counters.Undeliverable.Load(), 0)
	})
}

func TestTheBoardIsOnePinnedMessage(t *testing.T) {
	atCounter(t, func(c *counter) {
		board := func(text string) {
			n := note(c.desk.ID(), text)
			n.Kind, n.Merge = tickets.NoticeBoard, "board"
			c.post(n)
			c.drain()
		}
		board("1 open")
		board("2 open")
		board("2 open")
		var found []telegramsim.Message
		for _, m := range botMessages(c.desk.Chat) {
			if strings.HasSuffix(m.Text, "open") {
				found = append(found, m)
			}
		}
		if len(found) != 1 || found[0].Text != "2 open" || !found[0].Pinned {
			t.Fatalf("the board: %v", found)
		}
		if err := c.agent.Person().In(c.desk.Chat).Delete(found[0].ID); err != nil {
			t.Fatal(err)
		}
		board("3 open")
		if m := botMessages(c.desk.Chat); m[len(m)-1].Text != "3 open" {
			t.Errorf("the board was not made again: %v", fmt.Sprint(m))
		}
	})
}
