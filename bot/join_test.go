package bot

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"intakebot/bot/limits"
	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// adds is what the customer wrote, on its way into the topic.
func (c *counter) adds(text string, entities ...tickets.Entity) (telegramsim.Message, tickets.Notice) {
	c.Helper()
	wrote := must[telegramsim.Message](c)(c.customer.Send(text))
	n := toTicket(c.desk.ID(), c.ticket, "Ivan:")
	n.Extra.Body = &tickets.Body{Text: text, Entities: entities}
	n.Extra.Source = &tickets.Source{Chat: c.customer.ID(), Messages: []int64{int64(wrote.ID)}}
	return wrote, n
}

// said is what the bot has written in the topic below the card.
func (c *counter) said() []telegramsim.Message { return botMessages(c.topic)[1:] }

func TestTextsForOneTopicAreJoined(t *testing.T) {
	atCounter(t, func(c *counter) {
		one, first := c.adds("😀 one", tickets.Entity{Type: "bold", Offset: 3, Length: 3})
		two, second := c.adds("two", tickets.Entity{Type: "italic", Offset: 0, Length: 3})
		c.post(first, second, toTicket(c.desk.ID(), c.ticket, "three"))
		c.drain()
		said := c.said()
		if len(said) != 1 || said[0].Text != "Ivan:\n😀 one\n\nIvan:\ntwo\n\nthree" {
			t.Fatalf("in the topic: %v", said)
		}
		if e := said[0].Raw.Entities; len(e) != 2 || e[0].Offset != 9 || e[1].Offset != 20 || e[1].Type != "italic" {
			t.Errorf("formatting: %+v", e)
		}
		for _, wrote := range []telegramsim.Message{one, two} {
			spot := tickets.Spot{Chat: c.customer.ID(), Message: int64(wrote.ID)}
			links, err := c.store.Outbox.(tickets.Store).Carried(c.ctx, spot)
			if err != nil || len(links) != 1 || links[0].To != (tickets.Spot{Chat: c.desk.ID(), Message: int64(said[0].ID)}) {
				t.Errorf("recorded of %q: %+v %v", wrote.Text, links, err)
			}
		}
		c.counted("delivered", c.outbox.Counters.Delivered.Load(), 4)
	})
}

func TestWhatIsNoPlainTextIsNotJoined(t *testing.T) {
	atCounter(t, func(c *counter) {
		buttons := toTicket(c.desk.ID(), c.ticket, "choose")
		buttons.Message.Buttons = [][]tickets.Button{{{Label: tickets.Line{Key: "button.back"}, Data: "1:back:"}}}
		reply := toTicket(c.desk.ID(), c.ticket, "below")
		reply.Target = c.place(c.ticket).Card
		text := func(s string) tickets.Notice { return toTicket(c.desk.ID(), c.ticket, s) }
		c.post(text("1"), text("2"), buttons, text("3"), reply, text("4"), text("5"), note(c.desk.ID(), "general"))
		c.drain()
		var got []string
		for _, m := range c.said() {
			got = append(got, m.Text)
		}
		c.same("the topic", got, []string{"1\n\n2", "choose", "3", "below", "4\n\n5"})
	})
}

func TestPrivateTextsAreNotJoined(t *testing.T) {
	atCounter(t, func(c *counter) {
		c.post(note(c.customer.ID(), "1"), note(c.customer.ID(), "2"))
		c.drain()
		c.same("the chat", botTexts(c.customer.Chat), []string{"1", "2"})
	})
}

func TestOnlyWhatFitsIsJoined(t *testing.T) {
	atCounter(t, func(c *counter) {
		long := strings.Repeat("слово ", 350) // 2100 units
		c.post(toTicket(c.desk.ID(), c.ticket, long), toTicket(c.desk.ID(), c.ticket, long), toTicket(c.desk.ID(), c.ticket, "short"))
		c.drain()
		if said := c.said(); len(said) != 2 || !strings.HasSuffix(said[1].Text, "\n\nshort") {
			t.Errorf("%d messages: %v", len(said), said)
		}
	})
}

// TestAJointFailureIsTriedOneByOne: a text that Telegram does not take spoils
// none of the others, and their order stays.
func TestAJointFailureIsTriedOneByOne(t *testing.T) {
	atCounter(t, func(c *counter) {
		c.world.SetFault(func(call telegramsim.Call) telegramsim.Outcome {
			if strings.Contains(call.Args["text"], "poison") {
				return telegramsim.Refuse(400, "Bad Request: something is odd", "")
			}
			return telegramsim.Outcome{}
		})
		for _, s := range []string{"1", "poison", "2"} {
			c.post(toTicket(c.desk.ID(), c.ticket, s))
		}
		c.outbox.Push(c.commit(toTicket(c.desk.ID(), c.ticket, "3"), toTicket(c.desk.ID(), c.ticket, "poison"), toTicket(c.desk.ID(), c.ticket, "4")))
		c.drain()
		var all []string
		for _, m := range c.said() {
			all = append(all, m.Text)
		}
		c.same("the topic", strings.Split(strings.Join(all, "\n\n"), "\n\n"), []string{"1", "2", "3", "4"})
		c.counted("undeliverable", c.outbox.Counters.Undeliverable.Load(), 2)
	})
}

// TestAJointMessageOfUnknownOutcomeIsRepeated: rather doubled than lost (P2).
func TestAJointMessageOfUnknownOutcomeIsRepeated(t *testing.T) {
	atCounter(t, func(c *counter) {
		lost := 1
		c.world.SetFault(func(call telegramsim.Call) telegramsim.Outcome {
			lost--
			return telegramsim.Outcome{AfterEffect: true, Drop: lost >= 0}
		})
		c.post(toTicket(c.desk.ID(), c.ticket, "1"), toTicket(c.desk.ID(), c.ticket, "2"))
		c.drain()
		var got []string
		for _, m := range c.said() {
			got = append(got, m.Text)
		}
		c.same("the topic", got, []string{"1\n\n2", "1", "2"})
		c.counted("unknown", c.outbox.Counters.Unknown.Load(), 2)
	})
}

// TestAStopLeavesJoinedTextsInOrder: what was claimed together and not sent goes
// out by the next run.
func TestAStopLeavesJoinedTextsInOrder(t *testing.T) {
	inOffice(t, func(o *office) {
		stop := o.start()
		desk := o.world.AddForum("Desk", o.world.AddPerson("Agent"))
		id := o.file(desk.ID(), cardOf("the card"))
		o.drain()
		o.world.SetFault(func(telegramsim.Call) telegramsim.Outcome {
			return telegramsim.Refuse(429, "Too Many Requests: retry after 30", `{"retry_after":30}`)
		})
		o.post(toTicket(desk.ID(), id, "1"), toTicket(desk.ID(), id, "2"))
		o.pass(sweepEvery)
		stop()
		o.world.SetFault(nil)
		o.start()
		o.post(toTicket(desk.ID(), id, "3"))
		o.drain()
		all := botTexts(desk.Topic(desk.Topics()[0].ID))[1:]
		o.same("the topic", strings.Split(strings.Join(all, "\n\n"), "\n\n"), []string{"1", "2", "3"})
	})
}

// TestABusyGroupGetsEverythingInOrder: with far more texts than the group's
// limit lets through one by one, over restarts and refusals, each topic has each
// of its texts once and in order, and the limit is never run into (P2, P3).
func TestABusyGroupGetsEverythingInOrder(t *testing.T) {
	inOffice(t, func(o *office) {
		limiter := limits.NewLocal() // one over all restarts, as what was sent still counts
		limited := func(cfg *OutboxConfig) { cfg.Limiter = limiter }
		stop := o.start(limited)
		desk := o.world.AddForum("Desk", o.world.AddPerson("Agent"))
		var ids []int64
		for i := range 3 {
			ids = append(ids, o.file(desk.ID(), cardOf(fmt.Sprint("card ", i))))
		}
		o.drain()
		o.world.SetFault(func(telegramsim.Call) telegramsim.Outcome {
			if rand.N(20) == 0 {
				return telegramsim.Refuse(502, "Bad Gateway", "")
			}
			return telegramsim.Outcome{Delay: rand.N(300 * time.Millisecond)}
		})
		const each = 40
		var want []string
		for i := range each {
			for _, id := range ids {
				o.post(toTicket(desk.ID(), id, fmt.Sprint(i)))
			}
			want = append(want, fmt.Sprint(i))
			o.pass(rand.N(2 * time.Second))
			if i%15 == 14 {
				stop()
				stop = o.start(limited)
			}
		}
		o.drain()
		o.counted("429s", o.outbox.Counters.Limited.Load(), 0)
		messages := 0
		for i, id := range ids {
			all := botTexts(desk.Topic(int(o.place(id).Thread)))[1:]
			messages += len(all)
			o.same(fmt.Sprint("topic ", i), strings.Split(strings.Join(all, paragraph), paragraph), want)
		}
		if messages >= len(ids)*each {
			t.Errorf("%d messages for %d texts: none were joined", messages, len(ids)*each)
		}
		t.Logf("%d messages for %d texts", messages, len(ids)*each)
	}, telegramsim.WithRateLimits())
}
