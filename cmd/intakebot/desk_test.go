package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// counter is a ticket that was just filed, with the agents at one side and the
// customer at the other.
type counter struct {
	*testing.T
	ctx      context.Context
	stage    *stage
	customer *telegramsim.Person
	topic    *telegramsim.Chat
	agent    *telegramsim.Seat
	other    *telegramsim.Seat
}

func atCounter(t *testing.T, prepare ...func(*stage)) *counter {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*hangs)
	t.Cleanup(cancel)
	s := newStage(tickets.English)
	for _, p := range prepare {
		p(s)
	}
	server, address, err := s.open("127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	t.Cleanup(s.world.Close)
	cfg, err := s.settings(address, filepath.Join(t.TempDir(), "desk.db")).config()
	if err != nil {
		t.Fatal(err)
	}
	cfg.policy.Agents.Lang, cfg.limiter = tickets.English, newHurry()
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- serveDesk(running, cfg, slog.New(slog.NewTextHandler(t.Output(), nil))) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	if err := fileTicket(ctx, s, tickets.English); err != nil {
		t.Fatal(err)
	}
	c := &counter{T: t, ctx: ctx, stage: s, customer: s.customers[0]}
	c.topic = s.desk.Topic(s.desk.Topics()[0].ID)
	c.agent, c.other = s.agents[0].In(c.topic), s.agents[1].In(c.topic)
	c.customer.Skip()
	return c
}

func (c *counter) ok(_ any, err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// reads waits for a message in a chat.
func (c *counter) reads(ch interface {
	Expect(context.Context, ...string) (telegramsim.Message, error)
}, words ...string) telegramsim.Message {
	c.Helper()
	m, err := ch.Expect(c.ctx, words...)
	if err != nil {
		c.Fatal(err)
	}
	return m
}

// presses waits for a button whose data begin so, and presses it.
func (c *counter) presses(seat *telegramsim.Seat, data string) {
	c.Helper()
	var found string
	m, err := seat.ExpectFunc(c.ctx, "a button "+data, func(m telegramsim.Message) bool {
		for _, b := range slices.Concat(m.Buttons...) {
			if strings.HasPrefix(b.Data, data) {
				found = b.Data
				return true
			}
		}
		return false
	})
	if err != nil {
		c.Fatal(err)
	}
	c.ok(seat.PressData(m.ID, found))
}

// until waits until something holds, looking again after every event.
func (c *counter) until(what string, holds func() bool) {
	c.Helper()
	events := c.stage.world.Subscribe()
	defer events.Close()
	for !holds() {
		if _, err := events.Next(c.ctx); err != nil {
			c.Fatalf("%s: %v\n%s", what, err, c.topic.Transcript())
		}
	}
}

func TestATicketsWholeLife(t *testing.T) {
	t.Parallel()
	c := atCounter(t)

	// The first answer begins the work, and the agent sees that it arrived.
	answer, err := c.agent.Send("Please clear the cache")
	c.ok(answer, err)
	c.reads(c.customer, "Please clear the cache", "Oleg")
	c.until("delivered", func() bool {
		m, _ := c.topic.Message(answer.ID)
		return len(m.Reactions) == 1
	})

	// What stays inside stays inside; a picture and a correction go over.
	c.ok(c.agent.Send("// a difficult one"))
	c.ok(c.agent.SendPhoto(samples()[0].Data, "like this"))
	c.reads(c.customer, "like this")
	c.ok(c.agent.Edit(answer.ID, "Please clear the browser's cache"))
	c.until("corrected", func() bool { return strings.Contains(c.customer.Transcript(), "browser's cache") })
	if strings.Contains(c.customer.Transcript(), "difficult") {
		t.Error("a note went to the customer")
	}

	// An addition goes into the topic, with no chatter.
	added, err := c.customer.Send("That did not help")
	c.ok(added, err)
	c.reads(c.topic, "That did not help")
	c.until("confirmed", func() bool {
		m, _ := c.customer.Message(added.ID)
		return len(m.Reactions) == 1
	})

	// Another agent cannot take it silently.
	c.ok(c.other.Send("/take"))
	c.reads(c.topic, "Oleg")

	// Solved: a rating, a comment, and on it goes again.
	c.ok(c.agent.Send("/solve"))
	c.presses(c.customer.Seat, "0:c.rate:")
	c.until("the topic is closed", func() bool { return c.stage.desk.Topics()[0].Closed })
	c.ok(c.customer.Send("It took too long"))
	c.reads(c.topic, "It took too long")
	c.presses(c.customer.Seat, "0:c.reopen:")
	c.until("the topic is open", func() bool { return !c.stage.desk.Topics()[0].Closed })

	// Closed: a message asks where it belongs, and takes the ticket up again.
	c.ok(c.agent.Send("/close"))
	c.until("the topic is closed again", func() bool { return c.stage.desk.Topics()[0].Closed })
	c.ok(c.customer.Send("The catalogue is blank again since this morning"))
	which := c.reads(c.customer, "Reopen it, or file a new one")
	c.ok(c.customer.PressData(which.ID, which.Buttons[0][0].Data))
	c.reads(c.topic, "blank again")
	c.ok(c.customer.Send("/tickets"))
	c.reads(c.customer, "T-1001")
	c.ok(c.agent.Send("/why"))
	c.until("the desk is in order", func() bool { return strings.Contains(c.stage.desk.Transcript(), "T-1001") })
}

// TestTalkAmongAgentsStaysInside replies to what only looks like a ticket: the
// list of a command, and the board.
func TestTalkAmongAgentsStaysInside(t *testing.T) {
	t.Parallel()
	c := atCounter(t)
	hall := c.stage.agents[0].In(c.stage.desk.Chat)
	board := c.reads(c.stage.desk, "1 open ticket", "T-1001")
	c.ok(hall.Send("/queue"))
	list := c.reads(c.stage.desk, "In the queue: 1", "T-1001")
	c.ok(hall.Send("between us: who takes this?", telegramsim.ReplyTo(list.ID)))
	c.ok(hall.Send("between us: and the others?", telegramsim.ReplyTo(board.ID)))
	c.ok(hall.Send("/queue"))
	c.reads(c.stage.desk, "In the queue: 1")
	c.ok(c.agent.Send("I do")) // goes behind whatever else goes to the customer
	c.reads(c.customer, "I do")
	if strings.Contains(c.customer.Transcript(), "between us") {
		t.Error("talk among agents went to the customer")
	}
}

// TestATicketIsAThreadOfItsOwn where the bot says that it has topics in private
// chats.
func TestATicketIsAThreadOfItsOwn(t *testing.T) {
	t.Parallel() // the story takes its time: a chat has one message a second
	c := atCounter(t, func(s *stage) { s.bot.SetTopics(true, false) })
	threads := c.customer.Topics()
	if len(threads) != 1 || !strings.HasPrefix(threads[0].Name, "T-1001 · myshop.com/catalogue · The catalogue") {
		t.Fatalf("topics of the customer's chat: %+v", threads)
	}
	own := c.customer.In(c.customer.Topic(threads[0].ID))
	c.ok(c.agent.Send("Which browser is it?"))
	c.reads(own, "Which browser is it?")
	c.ok(own.Send("Firefox"))
	c.reads(c.topic, "Firefox")
	if said := c.customer.Topic(1).Messages(); strings.Contains(said[len(said)-1].Text, "browser") {
		t.Errorf("said outside of the thread:\n%s", c.customer.Transcript())
	}
}
