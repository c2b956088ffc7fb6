package bot

import (
	"strings"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// carries is an agent's text on its way to the customer.
func (c *counter) carries(text string, entities ...tickets.Entity) (telegramsim.Message, tickets.Notice) {
	c.Helper()
	wrote := must[telegramsim.Message](c)(c.agent.Send(text))
	n := c.answer(tickets.NoticeSend, wrote)
	n.Extra.Body = &tickets.Body{Text: text, Entities: entities}
	return wrote, n
}

func TestALongAnswerIsCutWithItsFormatting(t *testing.T) {
	atCounter(t, func(c *counter) {
		text := strings.TrimSpace(strings.Repeat("слово и дело\n", 350)) // 4550 units
		wrote := must[telegramsim.Message](c)(c.agent.Send(text[:100]))
		n := c.answer(tickets.NoticeSend, wrote)
		n.Extra.Body = &tickets.Body{Text: text, Entities: []tickets.Entity{{Type: "bold", Offset: 0, Length: 1 << 20}}}
		c.post(n)
		c.drain()
		parts := botMessages(c.customer.Chat)
		if len(parts) != 2 {
			t.Fatalf("%d parts", len(parts))
		}
		for i, m := range parts {
			e := m.Raw.Entities
			if len(e) != 1 || e[0].Offset+e[0].Length != unitsOf(m.Text) {
				t.Errorf("part %d of %d units: %+v", i, unitsOf(m.Text), e)
			}
		}
		if links := c.carried(wrote); len(links) != 2 || links[0].To.Message != int64(parts[0].ID) || links[1].To.Message != int64(parts[1].ID) {
			t.Errorf("recorded: %+v", links)
		}
	})
}

func TestAQuoteBecomesAReply(t *testing.T) {
	atCounter(t, func(c *counter) {
		asked := must[telegramsim.Message](c)(c.customer.Send("how?"))
		_, n := c.carries("like this")
		n.Target = int64(asked.ID)
		c.post(n)
		c.drain()
		if m, _ := c.customer.Last(); m.Raw.ReplyToMessage == nil || m.Raw.ReplyToMessage.ID != asked.ID {
			t.Errorf("no reply: %v", m)
		}
		n.Target = 4711 // gone by now
		c.post(n)
		c.drain()
		if m, _ := c.customer.Last(); m.Text != "Olga:\nlike this" || m.Raw.ReplyToMessage != nil {
			t.Errorf("the reply to what is gone: %v", m)
		}
	})
}

// TestLinesAboveWhatIsGoneAreTakenBack: the customer does not see a name with
// nothing below it, and the agent hears of it at once.
func TestLinesAboveWhatIsGoneAreTakenBack(t *testing.T) {
	atCounter(t, func(c *counter) {
		begin := time.Now()
		for _, gone := range [][]telegramsim.Message{{{ID: 4711}}, {{ID: 4711}, {ID: 4712}}} {
			c.post(c.answer(tickets.NoticeCopy, gone...))
			c.drain()
		}
		if d := time.Since(begin); d > 10*time.Second {
			t.Errorf("told after %v", d)
		}
		c.same("the customer's chat", botTexts(c.customer.Chat), nil)
		c.counted("told", int64(strings.Count(c.topic.Transcript(), "сообщение удалили")), 2)
	})
}

// TestWhoeverWroteLearnsWhy: never "delivered" before it was, and in words why
// it was not.
func TestWhoeverWroteLearnsWhy(t *testing.T) {
	atCounter(t, func(c *counter) {
		for _, why := range []struct{ refusal, told string }{
			{"Forbidden: user is deactivated", "учётная запись"},
			{"Forbidden: bot was blocked by the user", "заблокировал"},
			{"Bad Request: something is odd", "не принял"},
		} {
			code := map[bool]int{true: 403, false: 400}[strings.HasPrefix(why.refusal, "Forbidden")]
			c.world.SetFault(func(call telegramsim.Call) telegramsim.Outcome {
				if call.Chat() == c.customer.ID() {
					return telegramsim.Refuse(code, why.refusal, "")
				}
				return telegramsim.Outcome{}
			})
			wrote, n := c.carries("hello")
			c.post(n)
			c.drain()
			m, _ := c.topic.Last()
			if !strings.Contains(m.Text, why.told) || m.Raw.ReplyToMessage == nil || m.Raw.ReplyToMessage.ID != wrote.ID {
				t.Errorf("%s: the agent reads %v", why.refusal, m)
			}
			if now, _ := c.topic.Message(wrote.ID); len(now.Reactions) != 0 {
				t.Errorf("%s: shown as delivered", why.refusal)
			}
		}
	})
}

// TestAnAlbumWithAGapIsNotPairedAtRandom: of copies of which one is missing
// nobody knows which is which.
func TestAnAlbumWithAGapIsNotPairedAtRandom(t *testing.T) {
	atCounter(t, func(c *counter) {
		album := must[[]telegramsim.Message](c)(c.agent.SendAlbum([]telegramsim.AlbumItem{
			{Data: pngBytes(c, 1)}, {Data: pngBytes(c, 2)}, {Data: pngBytes(c, 3)}}))
		if err := c.agent.Delete(album[1].ID); err != nil {
			t.Fatal(err)
		}
		c.post(c.answer(tickets.NoticeCopy, album...))
		c.drain()
		if got := botMessages(c.customer.Chat); len(got) != 3 || got[1].Kind != "photo" || got[2].Kind != "photo" {
			t.Errorf("the customer sees %v", got)
		}
		for _, m := range album {
			if links := c.carried(m); len(links) != 0 {
				t.Errorf("recorded of %d: %+v", m.ID, links)
			}
		}
	})
}
