package bot

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// losesTopics has Telegram make so many topics without the bot's learning of it.
func (s *shift) losesTopics(times int32) {
	var left atomic.Int32
	left.Store(times)
	s.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
		lost := c.Method == "createforumtopic" && left.Add(-1) >= 0
		return telegramsim.Outcome{AfterEffect: lost, Drop: lost}
	})
}

// wants sees that a ticket has one topic, with all that belongs there.
func (s *shift) wants(id int64, words ...string) {
	s.Helper()
	if said := botTexts(s.topicOf(s.desk, id)); len(said) != 1+len(words) || strings.Join(said[1:], "|") != strings.Join(words, "|") {
		s.Errorf("in the topic: %q", said)
	}
}

// TestATopicWhoseAnswerWasLostIsTheTickets: the news of it comes before the next
// try, so that no second one is made.
func TestATopicWhoseAnswerWasLostIsTheTickets(t *testing.T) {
	atDesk(t, func(s *shift) {
		s.losesTopics(1)
		id, _ := s.ticket(s.anna, "a.ru")
		s.wants(id)
		s.counted("unknown", s.outbox.Counters.Unknown.Load(), 1)
		s.counted("doubled", s.intake.Counters.Doubled.Load(), 0)
		if n := len(s.desk.Topics()); n != 1 {
			t.Errorf("%d topics", n)
		}
	})
}

// TestATopicThatWasMadeTwiceIsOne: the bot died between making a topic and
// recording it, and made another before it heard of the first.
func TestATopicThatWasMadeTwiceIsOne(t *testing.T) {
	for name, c := range map[string]struct {
		rights telegramsim.Rights
		closed int
	}{
		"with the right to delete":    {telegramsim.AllRights, 0},
		"without the right to delete": {telegramsim.ManageTopics | telegramsim.PinMessages, 1},
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, func(s *shift) {
				s.desk.SetBotRights(s.bot, c.rights)
				s.settled()
				s.close()
				s.losesTopics(1)
				stop := s.send(s.desk.ID())
				id, _ := s.ticket(s.anna, "a.ru")
				s.outbox.Push(s.commit(toTicket(s.desk.ID(), id, "ещё")))
				s.pass(time.Minute)
				if n := len(s.desk.Topics()); n != 2 {
					t.Fatalf("%d topics: nothing was made twice", n)
				}
				stop()
				s.serve(s.desk.ID())
				s.pass(time.Minute)
				s.counted("doubled", s.intake.Counters.Doubled.Load(), 1)
				open, closed := 0, 0
				for _, topic := range s.desk.Topics() {
					if topic.Closed {
						closed++
					} else if open++; int64(topic.ID) != s.stored(id).Place.Thread {
						t.Errorf("the topic that is left is %d, the ticket's place %+v", topic.ID, s.stored(id).Place)
					}
				}
				if open != 1 || closed != c.closed {
					t.Errorf("%d topics are open, %d closed", open, closed)
				}
				if said := botTexts(s.desk.Topic(int(s.stored(id).Place.Thread))); len(said) != 2 || said[1] != "ещё" {
					t.Errorf("in the topic: %q", said)
				}
			})
		})
	}
}

// TestAGroupGrowsDuringASend: what follows waits for the send into the old group,
// so that the order stays, and only one topic is made.
func TestAGroupGrowsDuringASend(t *testing.T) {
	atPlainDesk(t, func(s *shift) {
		old, files := s.desk.ID(), s.pictures(2, tickets.Photo)
		var topics atomic.Int32
		s.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
			if c.Method == "createforumtopic" {
				topics.Add(1)
			}
			if c.Method == "sendmediagroup" && c.Chat() == old {
				return telegramsim.Outcome{Delay: 15 * time.Second, Drop: true}
			}
			return telegramsim.Outcome{}
		})
		id := s.file(old, cardOf("раз", files...))
		s.pass(time.Second)
		s.grows()
		s.outbox.Push(s.commit(toTicket(s.desk.ID(), id, "два")))
		s.pass(time.Minute)
		made := s.desk.Topics()
		if len(made) != 1 || topics.Load() != 1 {
			t.Fatalf("%d topics were made, and are %+v", topics.Load(), made)
		}
		if said := botTexts(s.desk.Topic(made[0].ID)); len(said) != 4 || said[3] != "два" {
			t.Errorf("in the topic: %q", said)
		}
	})
}

// TestAGroupGrowsUnderItsBoard: a board that went into the old group is no message of
// the new one.
func TestAGroupGrowsUnderItsBoard(t *testing.T) {
	atPlainDesk(t, func(s *shift) {
		old := s.desk.ID()
		var sent atomic.Bool
		s.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
			if c.Method == "sendmessage" && c.Chat() == old && strings.HasPrefix(c.Args["text"], "📋") {
				sent.Store(true)
				return telegramsim.Outcome{AfterEffect: true, Delay: 10 * time.Second}
			}
			return telegramsim.Outcome{}
		})
		id, _ := s.ticket(s.anna, "a.ru")
		s.does(s.olga.In(s.desk.Chat).Send("/take " + tickets.Number(id)))
		for !sent.Load() {
			s.pass(time.Second)
		}
		s.grows()
		two, _ := s.ticket(s.anna, "b.ru") // whose messages take the board's number
		s.pass(5 * time.Minute)
		if board := s.board(s.desk); !board.Has(tickets.Number(id)) || !board.Has(tickets.Number(two)) {
			t.Errorf("the board: %v", board)
		}
	})
}

// TestNewsOfTopicsChangesNothing: of topics that agents make, of those that are
// known, deleted or in a group that the ticket has left, and the same news again.
func TestNewsOfTopicsChangesNothing(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, _ := s.ticket(s.anna, "a.ru")
		name := s.desk.Topics()[0].Name
		before := s.stored(id).Place
		if _, err := s.olga.In(s.desk.Chat).CreateTopic(name); err != nil {
			t.Fatal(err)
		}
		s.settled()
		if after := s.stored(id).Place; after != before || len(s.desk.Topics()) != 2 {
			t.Errorf("its place %+v, the topics %+v", after, s.desk.Topics())
		}
		move := tickets.Settlement{Notice: s.commit(toTicket(s.desk.ID(), id, "x"))[0].ID, Outcome: tickets.Delivered, At: time.Now(), Place: &tickets.Place{Group: -1009}}
		if _, err := s.store.Claim(s.ctx, "move", move.Notice, time.Now()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.store.Settle(s.ctx, "move", move); err != nil {
			t.Fatal(err)
		}
		for i := range 2 {
			s.inject(models.Message{
				ID: 700 + i, MessageThreadID: int(before.Thread), From: &models.User{ID: 1, IsBot: true, Username: "thebot"},
				Chat: models.Chat{ID: s.desk.ID(), Type: models.ChatTypeSupergroup}, ForumTopicCreated: &models.ForumTopicCreated{Name: name},
			})
		}
		if n := len(s.desk.Topics()); n != 2 {
			t.Errorf("%d topics are left", n)
		}
		s.counted("doubled", s.intake.Counters.Doubled.Load(), 0)
	})
}
