package bot

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// anew has lost cards made anew with these files.
func anew(files ...tickets.File) func(*OutboxConfig) {
	return func(cfg *OutboxConfig) {
		cfg.Card = func(_ context.Context, ticket int64) (tickets.Notice, error) {
			m := cardOf("the card, anew", files...)
			m.Text = append(m.Text, tickets.Line{Key: again})
			m.Buttons = [][]tickets.Button{{{Label: tickets.Line{Key: "button.back"}, Data: "1:back:"}}}
			return tickets.Notice{Kind: tickets.NoticeCard, About: ticket, Lang: tickets.Russian, Message: m,
				Title: tickets.Line{Key: "plain", Args: tickets.Args{"text": tickets.Text("title, anew")}}}, nil
		}
	}
}

// loseTopic deletes the ticket's topic.
func (c *counter) loseTopic() {
	c.Helper()
	if err := c.agent.Person().In(c.desk.Chat).DeleteTopic(int(c.place(c.ticket).Thread)); err != nil {
		c.Fatal(err)
	}
}

func (c *counter) topicNow() *telegramsim.Chat {
	c.Helper()
	topics := c.desk.Topics()
	if len(topics) != 1 {
		c.Fatalf("topics: %+v", topics)
	}
	return c.desk.Topic(topics[0].ID)
}

func TestALostCardIsMadeAnew(t *testing.T) {
	var files []tickets.File
	atCounter(t, func(c *counter) {
		files = append(files, c.pictures(2, tickets.Photo)...)
		before := c.place(c.ticket)
		c.loseTopic()
		reply := toTicket(c.desk.ID(), c.ticket, "more")
		reply.Target = before.Card
		c.post(reply)
		c.drain()
		inside := botMessages(c.topicNow())
		if len(inside) != 5 || inside[0].Text != "the card, anew" || len(inside[0].Buttons) != 1 || !inside[4].Has("♻️") ||
			inside[1].Text != "more" || inside[3].Kind != "photo" || inside[3].Raw.MediaGroupID == "" {
			t.Fatalf("in the new topic: %v", inside)
		}
		if name := c.desk.Topics()[0].Name; name != "title, anew" {
			t.Errorf("its name: %q", name)
		}
		after := c.place(c.ticket)
		if after.Card != int64(inside[0].ID) || after.Thread == before.Thread {
			t.Errorf("place: %+v", after)
		}
		edit := note(c.desk.ID(), "the card, edited")
		edit.To.Ticket, edit.Kind, edit.Extra.Card = c.ticket, tickets.NoticeEdit, true
		c.post(edit)
		c.drain()
		if m, _ := c.topicNow().Message(inside[0].ID); m.Text != "the card, edited" {
			t.Errorf("edited: %v", m)
		}
	}, func(cfg *OutboxConfig) {
		cfg.Card = func(ctx context.Context, id int64) (tickets.Notice, error) {
			anew(files...)(cfg)
			return cfg.Card(ctx, id)
		}
	})
}

// TestATopicThatIsLostAgain: what was on its way into the first new topic comes once.
func TestATopicThatIsLostAgain(t *testing.T) {
	var files []tickets.File
	atCounter(t, func(c *counter) {
		files = append(files, c.pictures(2, tickets.Photo)...)
		c.loseTopic()
		var once sync.Once
		c.world.SetFault(func(call telegramsim.Call) (o telegramsim.Outcome) {
			if call.Method == "sendmediagroup" {
				once.Do(func() { o = telegramsim.Refuse(429, "Too Many Requests: retry after 60", `{"retry_after":60}`) })
			}
			return o
		})
		c.post(toTicket(c.desk.ID(), c.ticket, "more"))
		c.pass(20 * time.Second)
		if inside := botTexts(c.topicNow()); len(inside) != 2 {
			t.Fatalf("in the first new topic: %q", inside)
		}
		c.loseTopic()
		c.drain()
		if inside := botMessages(c.topicNow()); len(inside) != 4 || inside[0].Text != "the card, anew" || inside[2].Kind != "photo" || !inside[3].Has("♻️") {
			t.Errorf("in the second new topic: %v", inside)
		}
	}, func(cfg *OutboxConfig) {
		cfg.Card = func(ctx context.Context, id int64) (tickets.Notice, error) {
			anew(files...)(cfg)
			return cfg.Card(ctx, id)
		}
	})
}

func TestALostTopicIsMadeAgainToBeRenamedNotToBeClosed(t *testing.T) {
	atCounter(t, func(c *counter) {
		rename := tickets.Notice{To: tickets.Address{Chat: c.desk.ID(), Ticket: c.ticket}, About: c.ticket, Kind: tickets.NoticeTopic,
			Title: tickets.Line{Key: "plain", Args: tickets.Args{"text": tickets.Text("renamed")}}}
		closing := rename
		closing.Extra.Closed = true
		c.loseTopic()
		c.post(closing)
		c.drain()
		if topics := c.desk.Topics(); len(topics) != 0 {
			t.Errorf("made again: %+v", topics)
		}
		c.post(rename)
		c.drain()
		if inside := botTexts(c.topicNow()); len(inside) != 2 || c.desk.Topics()[0].Name != "renamed" {
			t.Errorf("%+v holds %q", c.desk.Topics(), inside)
		}
	}, anew())
}

// TestATopicIsNotOpenedTwice: a call that changes nothing is spared (P3).
func TestATopicIsNotOpenedTwice(t *testing.T) {
	atCounter(t, func(c *counter) {
		var renamed, opened, closed atomic.Int32
		c.world.SetFault(func(call telegramsim.Call) telegramsim.Outcome {
			switch call.Method {
			case "editforumtopic":
				renamed.Add(1)
			case "reopenforumtopic":
				opened.Add(1)
			case "closeforumtopic":
				closed.Add(1)
			}
			return telegramsim.Outcome{}
		})
		for i, shut := range []bool{false, false, true, true, false} {
			c.post(tickets.Notice{To: tickets.Address{Chat: c.desk.ID(), Ticket: c.ticket}, Kind: tickets.NoticeTopic,
				Extra: tickets.Extra{Closed: shut},
				Title: tickets.Line{Key: "plain", Args: tickets.Args{"text": tickets.Text(strings.Repeat("x", i+1))}}})
			c.drain()
		}
		if got := []int32{renamed.Load(), opened.Load(), closed.Load()}; got[0] != 5 || got[1] != 1 || got[2] != 1 {
			t.Errorf("renamed, opened, closed: %v", got)
		}
	})
}

func TestAPlainGroupHasNoTopicToRename(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start(anew())
		desk := o.world.AddGroup("Desk", o.world.AddPerson("Agent"))
		id := o.file(desk.ID(), cardOf("the card"))
		o.post(tickets.Notice{To: tickets.Address{Chat: desk.ID(), Ticket: id}, Kind: tickets.NoticeTopic})
		o.drain()
		o.same("the group", botTexts(desk.Chat), []string{"the card"})
		o.counted("delivered", o.outbox.Counters.Delivered.Load(), 2)
	})
}

// TestALongCardIsEditedByItsHead: what stays is in a message below.
func TestALongCardIsEditedByItsHead(t *testing.T) {
	atCounter(t, func(c *counter) {
		rest := longText(5000)
		c.ticket = c.file(c.desk.ID(), cardOf("new, nobody's\n\n"+rest))
		c.drain()
		edit := note(c.desk.ID(), "in work, Olga's\n\n"+rest)
		edit.To.Ticket, edit.Kind, edit.Extra.Card = c.ticket, tickets.NoticeEdit, true
		edit.Message.Buttons = [][]tickets.Button{{{Label: tickets.Line{Key: "button.back"}, Data: "1:back:"}}}
		c.post(edit)
		c.drain()
		inside := botMessages(c.desk.Topic(int(c.place(c.ticket).Thread)))
		if inside[0].Text != "in work, Olga's" || len(inside[0].Buttons) != 1 {
			t.Errorf("the head: %v", inside[0])
		}
		if got := strings.Join(botTexts(c.desk.Topic(int(c.place(c.ticket).Thread)))[1:], "\n"); squeeze(got) != squeeze(rest) {
			t.Errorf("the rest has changed:\n%s", got)
		}
	})
}

func TestTheBoardRests(t *testing.T) {
	atCounter(t, func(c *counter) {
		var shown []time.Time
		c.world.SetFault(func(call telegramsim.Call) telegramsim.Outcome {
			if strings.HasSuffix(call.Args["text"], "open") {
				shown = append(shown, time.Now())
			}
			return telegramsim.Outcome{}
		})
		for _, s := range []string{"1 open", "2 open", "3 open", "4 open"} {
			n := note(c.desk.ID(), s)
			n.Kind, n.Merge = tickets.NoticeBoard, "board"
			c.post(n)
			c.pass(5 * time.Second)
		}
		c.drain()
		if len(shown) != 2 || shown[1].Sub(shown[0]) < boardRest {
			t.Errorf("shown at %v", shown)
		}
		c.same("the board", botTexts(c.desk.Chat)[1:], []string{"4 open"})
	})
}

func TestAMissingRightIsToldOnceAnHour(t *testing.T) {
	atCounter(t, func(c *counter) {
		c.desk.SetBotRights(c.bot, telegramsim.ManageTopics)
		said := must[telegramsim.Message](c)(c.agent.Send("mine"))
		remove := tickets.Notice{To: tickets.Address{Chat: c.desk.ID(), Ticket: c.ticket}, Lang: tickets.English,
			Kind: tickets.NoticeDelete, Target: int64(said.ID)}
		warnings := func() (n int64) {
			for _, s := range botTexts(c.desk.Chat) {
				if strings.Contains(s, "“Delete messages”") {
					n++
				}
			}
			return n
		}
		for range 3 {
			c.post(remove)
			c.drain()
		}
		c.counted("warnings", warnings(), 1)
		c.pass(rightsRest)
		c.post(remove)
		c.drain()
		c.counted("warnings after an hour", warnings(), 2)
		c.counted("undeliverable", c.outbox.Counters.Undeliverable.Load(), 0)
	})
}

// TestNothingForTheDeskIsLostForWantOfARight: it waits until somebody has given
// the right.
func TestNothingForTheDeskIsLostForWantOfARight(t *testing.T) {
	atCounter(t, func(c *counter) {
		if err := c.agent.Person().In(c.desk.Chat).CloseTopic(int(c.place(c.ticket).Thread), true); err != nil {
			t.Fatal(err)
		}
		c.desk.SetBotRights(c.bot, telegramsim.PinMessages)
		c.post(toTicket(c.desk.ID(), c.ticket, "more"))
		c.pass(30 * time.Minute)
		if warned := botTexts(c.desk.Chat); len(warned) != 2 || !strings.Contains(warned[1], "«Управление темами»") {
			t.Errorf("in the group: %q", warned)
		}
		c.desk.SetBotRights(c.bot, telegramsim.AllRights)
		c.drain()
		c.same("the topic", botTexts(c.topic), []string{"the card", "more"})
		c.counted("undeliverable", c.outbox.Counters.Undeliverable.Load(), 0)
	})
}

// TestATopicGetsItsNameOnceTheRightIsThere, and what is said in it does not wait
// for that.
func TestATopicGetsItsNameOnceTheRightIsThere(t *testing.T) {
	atCounter(t, func(c *counter) {
		rename := func(to string) {
			c.post(tickets.Notice{To: tickets.Address{Chat: c.desk.ID(), Ticket: c.ticket}, About: c.ticket, Kind: tickets.NoticeTopic,
				Lang: tickets.English, Title: tickets.Line{Key: "plain", Args: tickets.Args{"text": tickets.Text(to)}}, Merge: "topic"})
		}
		c.desk.SetBotRights(c.bot, telegramsim.PinMessages)
		rename("stale")
		c.pass(time.Second)
		rename("solved")
		c.post(toTicket(c.desk.ID(), c.ticket, "more"))
		c.pass(2 * asidePause)
		c.same("the topic", botTexts(c.topic), []string{"the card", "more"})
		c.desk.SetBotRights(c.bot, telegramsim.AllRights)
		c.pass(2 * asidePause)
		if got := c.desk.Topics()[0].Name; got != "solved" {
			t.Errorf("the topic is %q", got)
		}
		c.counted("undeliverable", c.outbox.Counters.Undeliverable.Load(), 0)
	})
}

// TestTheBoardIsPinnedOnceTheRightIsThere: a group is told once of that right, which
// it can do without.
func TestTheBoardIsPinnedOnceTheRightIsThere(t *testing.T) {
	atCounter(t, func(c *counter) {
		c.desk.SetBotRights(c.bot, telegramsim.ManageTopics)
		n := note(c.desk.ID(), "1 open")
		n.Kind, n.Merge, n.Lang = tickets.NoticeBoard, "board", tickets.English
		c.post(n)
		c.pass(3 * rightsRest)
		if said := botTexts(c.desk.Chat)[1:]; len(said) != 2 || !strings.Contains(said[1], "Pin messages") {
			t.Errorf("in the group: %q", said)
		}
		c.desk.SetBotRights(c.bot, telegramsim.AllRights)
		c.pass(2 * asidePause)
		if board := botMessages(c.desk.Chat)[1]; !board.Pinned {
			t.Errorf("not pinned: %v", board)
		}
	})
}

// TestACardAnewSurvivesARefusal: one that Telegram finds fault with once is tried
// again, and one that it never takes holds up nothing for good.
func TestACardAnewSurvivesARefusal(t *testing.T) {
	for _, c := range []struct {
		refusals int
		want     []string // what the new topic holds begins so
	}{{1, []string{"the card, anew", "more"}}, {1000, []string{"more"}}} {
		t.Run(fmt.Sprint(c.refusals, " refusals"), func(t *testing.T) {
			atCounter(t, func(d *counter) {
				d.loseTopic()
				left := c.refusals
				d.world.SetFault(func(call telegramsim.Call) telegramsim.Outcome {
					if call.Method != "sendmessage" || call.Args["text"] == "more" || left == 0 {
						return telegramsim.Outcome{}
					}
					left--
					return telegramsim.Refuse(400, "Bad Request: SOMETHING_NEW_INVALID", "")
				})
				d.post(toTicket(d.desk.ID(), d.ticket, "more"))
				d.drain()
				inside := botTexts(d.topicNow())
				for i, want := range c.want {
					if i >= len(inside) || !strings.Contains(strings.SplitN(inside[i], "\n", 2)[0], want) {
						t.Fatalf("after %d refusals: %q", c.refusals, inside)
					}
				}
			}, anew())
		})
	}
}
