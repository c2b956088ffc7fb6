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
		File: &tickets.Ticket{Draft: o.unique("draft"), Customer: 77, Lang: tickets.Russian, Topic: "t", Level: "l",
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

func TestStoppingEndsBetweenParts(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.customer("Ivan")
		o.world.SetFault(func(telegramsim.Call) telegramsim.Outcome {
			return telegramsim.Outcome{Delay: 2 * time.Second}
		})
		stop := o.start()
		text := longText(9000)
		o.post(note(p.ID(), text))
		o.pass(time.Second)
		stop()
		if n := len(botMessages(p.Chat)); n != 1 {
			t.Errorf("%d parts were sent", n)
		}
		o.start()
		o.drain()
		if got := strings.Join(botTexts(p.Chat), ""); squeeze(got) != squeeze(text) {
			t.Errorf("the text has changed:\n%s", got)
		}
		o.counted("unknown", o.outbox.Counters.Unknown.Load(), 0)
	})
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
