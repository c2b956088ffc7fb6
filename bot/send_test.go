package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// picture makes a file that the messenger keeps.
func (o *office) picture(s *telegramsim.Seat, i int, kind tickets.FileKind) tickets.File {
	o.Helper()
	send := func(name string, data []byte, caption string) (telegramsim.Message, error) {
		return s.SendPhoto(data, caption)
	}
	data := pngBytes(o, i)
	switch kind {
	case tickets.Document:
		send = func(name string, data []byte, caption string) (telegramsim.Message, error) {
			return s.SendDocument(name, data, caption)
		}
	case tickets.Animation:
		data = gifBytes(o, i)
		send = func(name string, data []byte, caption string) (telegramsim.Message, error) {
			return s.SendGIF(name, data, caption)
		}
	}
	m, err := send(fmt.Sprintf("%d.png", i), data, "")
	if err != nil {
		o.Fatal(err)
	}
	return tickets.File{ID: m.FileID, Kind: kind}
}

func (o *office) pictures(n int, kind tickets.FileKind) []tickets.File {
	s := o.customer("Photographer")
	var out []tickets.File
	for i := range n {
		out = append(out, o.picture(s, i, kind))
	}
	return out
}

// file files a ticket with its card, and returns its ID.
func (o *office) file(group int64, card tickets.Message) int64 {
	o.Helper()
	n := tickets.Notice{
		To: tickets.Address{Chat: group, Ticket: tickets.Filed}, About: tickets.Filed, Kind: tickets.NoticeCard,
		Lang: tickets.Russian, Message: card,
		Title: tickets.Line{Key: "plain", Args: tickets.Args{"text": tickets.Text("пример.рф: не\nоткрывается")}},
	}
	done := o.change(tickets.Change{
		Customer: &tickets.Customer{ID: 77, Version: o.version(77), Lang: tickets.Russian},
		File: &tickets.Ticket{Draft: fmt.Sprint("draft ", time.Now()), Customer: 77, Lang: tickets.Russian, Topic: "t", Level: "l",
			State: tickets.StateNew, Opened: time.Now(), Place: tickets.Place{Group: group}},
		Notices: []tickets.Notice{n},
	})
	o.outbox.Push(done.Notices)
	return done.Ticket
}

func (o *office) version(id int64) int64 {
	c, err := o.store.Outbox.(tickets.Store).Customer(o.ctx, id)
	if err != nil {
		o.Fatal(err)
	}
	return c.Version
}

func (o *office) place(ticket int64) tickets.Place {
	o.Helper()
	t, err := o.store.Outbox.(tickets.Store).Ticket(o.ctx, ticket)
	if err != nil {
		o.Fatal(err)
	}
	return t.Place
}

// toTicket is a text for the ticket's place.
func toTicket(group, ticket int64, text string) tickets.Notice {
	n := note(group, text)
	n.To.Ticket, n.About = ticket, ticket
	return n
}

func cardOf(text string, files ...tickets.File) tickets.Message {
	m := tickets.Say("plain", tickets.Args{"text": tickets.Text(text)})
	m.Files = files
	return m
}

func TestACardGetsATopicOfItsOwn(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		desk := o.world.AddForum("Desk", o.world.AddPerson("Agent"))
		id := o.file(desk.ID(), cardOf("the card", o.pictures(10, tickets.Photo)...))
		o.outbox.Push(o.commit(toTicket(desk.ID(), id, "more"), note(desk.ID(), "general")))
		o.drain()
		topics := desk.Topics()
		if len(topics) != 1 || topics[0].Name != "пример.рф: не открывается" {
			t.Fatalf("topics: %+v", topics)
		}
		inside := botMessages(desk.Topic(topics[0].ID))
		if len(inside) != 12 || inside[0].Text != "the card" || inside[11].Text != "more" {
			t.Fatalf("in the topic:\n%s", desk.Transcript())
		}
		album := inside[1].Raw.MediaGroupID
		for _, m := range inside[1:11] {
			if m.Kind != "photo" || album == "" || m.Raw.MediaGroupID != album {
				t.Errorf("not in the album: %v", m)
			}
		}
		p := o.place(id)
		if p.Thread != int64(topics[0].ID) || p.Card != int64(inside[0].ID) || p.Group != desk.ID() {
			t.Errorf("place: %+v", p)
		}
	}, telegramsim.WithRateLimits())
}

func botMessages(ch *telegramsim.Chat) []telegramsim.Message {
	var out []telegramsim.Message
	for _, m := range ch.Messages() {
		if m.FromBot && m.Kind != "service" {
			out = append(out, m)
		}
	}
	return out
}

// TestATopicIsMadeOnce: a crash right after the topic leaves one topic, as its
// ID was recorded before the card was sent.
func TestATopicIsMadeOnce(t *testing.T) {
	inOffice(t, func(o *office) {
		stop := o.start()
		desk := o.world.AddForum("Desk", o.world.AddPerson("Agent"))
		o.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
			return telegramsim.Outcome{Drop: c.Method == "sendmessage"}
		})
		o.file(desk.ID(), cardOf("the card"))
		o.pass(10 * time.Second)
		stop()
		o.world.SetFault(nil)
		o.start()
		o.drain()
		if topics := desk.Topics(); len(topics) != 1 {
			t.Errorf("topics: %+v", topics)
		}
		o.same("the group", botTexts(desk.Chat), []string{"the card"})
	})
}

func TestADeletedTopicIsMadeAgain(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		agent := o.world.AddPerson("Agent")
		desk := o.world.AddForum("Desk", agent)
		id := o.file(desk.ID(), cardOf("the card"))
		o.drain()
		first := o.place(id).Thread
		if err := agent.In(desk.Chat).DeleteTopic(int(first)); err != nil {
			t.Fatal(err)
		}
		o.outbox.Push(o.commit(toTicket(desk.ID(), id, "more"), toTicket(desk.ID(), id, "and more")))
		o.drain()
		topics := desk.Topics()
		if len(topics) != 1 || topics[0].ID == int(first) || topics[0].Name != tickets.Number(id) {
			t.Fatalf("topics: %+v", topics)
		}
		o.same("the new topic", botTexts(desk.Topic(topics[0].ID)), []string{"more", "and more"})
	})
}

func TestAPlainGroupGetsFilesAsReplies(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		desk := o.world.AddGroup("Desk", o.world.AddPerson("Agent"))
		files := append(o.pictures(1, tickets.Photo), o.pictures(3, tickets.Document)...)
		files = append(files, o.pictures(2, tickets.Animation)...)
		id := o.file(desk.ID(), cardOf("the card", files...))
		o.outbox.Push(o.commit(toTicket(desk.ID(), id, "more")))
		o.drain()
		all := botMessages(desk.Chat)
		var kinds []string
		for _, m := range all {
			kinds = append(kinds, m.Kind)
		}
		o.same("kinds", kinds, []string{"text", "photo", "document", "document", "document", "animation", "animation", "text"})
		for _, m := range all[1:] {
			if r := m.Raw.ReplyToMessage; r == nil || r.ID != all[0].ID {
				t.Errorf("no reply to the card: %v", m)
			}
		}
		if all[2].Raw.MediaGroupID == "" || all[2].Raw.MediaGroupID != all[4].Raw.MediaGroupID || all[5].Raw.MediaGroupID != "" {
			t.Error("the documents are no album, or the animations are one")
		}
	})
}

func TestAForumWithoutTheRightGetsTheCardItself(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		desk := o.world.AddForum("Desk", o.world.AddPerson("Agent"))
		desk.SetBotRights(o.bot, telegramsim.PinMessages)
		id := o.file(desk.ID(), cardOf("the card"))
		o.drain()
		o.same("the group", botTexts(desk.Chat), []string{"the card"})
		if p := o.place(id); p.Thread != 0 || p.Card == 0 {
			t.Errorf("place: %+v", p)
		}
	})
}

func TestAGroupThatHasMovedIsFollowed(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		desk := o.world.AddGroup("Desk", o.world.AddPerson("Agent"))
		old := desk.ID()
		if err := desk.Migrate(); err != nil {
			t.Fatal(err)
		}
		id := o.file(old, cardOf("the card"))
		o.drain()
		o.outbox.Push(o.commit(note(old, "to all")))
		o.drain()
		if p := o.place(id); p.Group != desk.ID() || p.Group == old {
			t.Errorf("place: %+v, moved from %d to %d", p, old, desk.ID())
		}
		o.same("the supergroup", botTexts(desk.Chat), []string{"the card", "to all"})
	})
}

func TestTheDeskMayBeMended(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		agent := o.world.AddPerson("Agent")
		desk := o.world.AddForum("Desk", agent)
		desk.KickBot(o.bot)
		o.file(desk.ID(), cardOf("the card"))
		foreign := o.world.AddGroup("Foreign", agent)
		foreign.KickBot(o.bot)
		o.outbox.Push(o.commit(note(foreign.ID(), "goodbye"), tickets.Notice{To: tickets.Address{Chat: foreign.ID()}, Kind: tickets.NoticeLeave}))
		o.pass(time.Hour)
		o.counted("undeliverable", o.outbox.Counters.Undeliverable.Load(), 1)
		o.counted("left", o.outbox.Counters.Delivered.Load(), 1)
		desk.AddBot(o.bot, agent)
		desk.SetBotRights(o.bot, telegramsim.AllRights)
		o.drain()
		o.same("the group", botTexts(desk.Chat), []string{"the card"})
	})
}

func TestLeavesAGroup(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		foreign := o.world.AddGroup("Foreign", o.world.AddPerson("Stranger"))
		o.post(note(foreign.ID(), "goodbye"), tickets.Notice{To: tickets.Address{Chat: foreign.ID()}, Kind: tickets.NoticeLeave})
		o.drain()
		o.same("the group", botTexts(foreign.Chat), []string{"goodbye"})
		o.post(note(foreign.ID(), "still there?"))
		o.drain()
		o.counted("undeliverable", o.outbox.Counters.Undeliverable.Load(), 1)
	})
}

func TestABlockIsRecorded(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		o.change(tickets.Change{Customer: &tickets.Customer{ID: p.ID(), Lang: tickets.Russian}})
		if err := p.Block(); err != nil {
			t.Fatal(err)
		}
		o.post(note(p.ID(), "1"), note(p.ID(), "2"))
		o.drain()
		c, err := o.store.Outbox.(tickets.Store).Customer(o.ctx, p.ID())
		if err != nil || !c.Blocked {
			t.Errorf("not blocked: %+v %v", c, err)
		}
		o.counted("undeliverable", o.outbox.Counters.Undeliverable.Load(), 2)
		o.counted("blocked", o.outbox.Counters.Blocked.Load(), 2)
	})
}

func TestEditsThatChangeNothingSucceed(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		n := note(p.ID(), "question")
		n.Message.Buttons = [][]tickets.Button{{{Label: tickets.Line{Key: "button.back"}, Data: "1:back:"}}}
		o.post(n)
		o.drain()
		asked, _ := p.Last()
		edit := func(text string) tickets.Notice {
			n := note(p.ID(), text)
			n.Kind, n.Target = tickets.NoticeEdit, int64(asked.ID)
			return n
		}
		bare := tickets.Notice{To: tickets.Address{Chat: p.ID()}, Kind: tickets.NoticeEdit, Target: int64(asked.ID), Once: true}
		gone := edit("x")
		gone.Target = 4711
		o.post(bare, bare, edit("changed"), edit("changed"), gone)
		o.drain()
		if m, _ := p.Message(asked.ID); m.Text != "changed" || len(m.Buttons) != 0 || m.Version != 3 {
			t.Errorf("the message: %v, version %d", m, m.Version)
		}
		o.counted("delivered", o.outbox.Counters.Delivered.Load(), 6)
	})
}

func TestAnEditOfUnknownOutcomeIsRepeated(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		o.post(note(p.ID(), "question"))
		o.drain()
		asked, _ := p.Last()
		lost := 1
		o.world.SetFault(func(telegramsim.Call) telegramsim.Outcome {
			lost--
			return telegramsim.Outcome{AfterEffect: true, Drop: lost >= 0}
		})
		n := note(p.ID(), "changed")
		n.Kind, n.Target, n.Once = tickets.NoticeEdit, int64(asked.ID), true
		o.post(n)
		o.drain()
		o.counted("delivered", o.outbox.Counters.Delivered.Load(), 2)
		o.counted("unknown", o.outbox.Counters.Unknown.Load(), 1)
	})
}

func TestAShortTextIsTheCaptionOfOneFile(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		f := o.picture(p, 1, tickets.Photo)
		n := note(p.ID(), "look")
		n.Message.Files = []tickets.File{f}
		n.Message.Buttons = [][]tickets.Button{{{Label: tickets.Line{Key: "button.back"}, Data: "1:back:"}}}
		o.post(n)
		o.drain()
		m, _ := p.Last()
		if m.Kind != "photo" || m.Text != "look" || len(m.Buttons) != 1 {
			t.Errorf("%v", m)
		}
		edit := note(p.ID(), "looked")
		edit.Kind, edit.Target = tickets.NoticeEdit, int64(m.ID)
		o.post(edit)
		o.drain()
		if m, _ := p.Message(m.ID); m.Text != "looked" || m.Kind != "photo" {
			t.Errorf("edited: %v", m)
		}
	})
}

// longText is text with everything in it that could break a message.
func longText(units int) string {
	line := "<b>жирный</b> & <a href=\"x\">ссылка</a> *_`[ 👨‍👩‍👧‍👦 שלום 🇷🇺 é"
	var b strings.Builder
	for i := 0; unitsOf(b.String()) < units; i++ {
		fmt.Fprintf(&b, "%d %s\n", i, line)
	}
	return b.String()
}

func TestALongTextArrivesWhole(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		text := longText(9000)
		calls := 0
		o.world.SetFault(func(telegramsim.Call) telegramsim.Outcome {
			if calls++; calls == 2 {
				return telegramsim.Refuse(429, "Too Many Requests: retry after 3", `{"retry_after":3}`)
			}
			return telegramsim.Outcome{}
		})
		n := note(p.ID(), text)
		n.Message.Buttons = [][]tickets.Button{{{Label: tickets.Line{Key: "button.back"}, Data: "1:back:"}}}
		o.post(n, note(p.ID(), "next"))
		o.drain()
		parts := botMessages(p.Chat)
		if len(parts) != 4 || parts[3].Text != "next" {
			t.Fatalf("%d messages", len(parts))
		}
		if got := squeeze(parts[0].Text + parts[1].Text + parts[2].Text); got != squeeze(text) {
			t.Errorf("the text has changed:\n%s", got)
		}
		for i, m := range parts {
			if (len(m.Buttons) > 0) != (i == 2) {
				t.Errorf("part %d has %d rows of buttons", i, len(m.Buttons))
			}
		}
	})
}

// squeeze takes out white space and what cannot be seen.
func squeeze(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), "")
}

func TestAnEmptyMessageHoldsUpNobody(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		o.post(note(p.ID(), " \u200B\n"), note(p.ID(), "next"))
		o.drain()
		o.same("the chat", botTexts(p.Chat), []string{"next"})
		o.counted("undeliverable", o.outbox.Counters.Undeliverable.Load(), 1)
	})
}
