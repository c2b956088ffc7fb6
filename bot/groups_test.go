package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// atPlainDesk runs a test in a plain group, of which the bot sees everything.
func atPlainDesk(t *testing.T, test func(*shift)) {
	t.Helper()
	atDeskIn(t, func(w *telegramsim.World, p ...*telegramsim.Person) *telegramsim.Group {
		return w.AddGroup("Desk", p...)
	}, func(s *shift) {
		s.desk.SetBotRights(s.bot, telegramsim.AllRights)
		test(s)
	})
}

// grows turns the desk into a supergroup.
func (s *shift) grows() (old int64) {
	s.Helper()
	old = s.desk.ID()
	s.does(nil, s.desk.Migrate())
	return old
}

// topicOf is the one topic of a ticket that is there.
func (s *shift) topicOf(g *telegramsim.Group, id int64) *telegramsim.Chat {
	s.Helper()
	var found []telegramsim.TopicInfo
	for _, t := range g.Topics() {
		if strings.Contains(t.Name, tickets.Number(id)+" ") {
			found = append(found, t)
		}
	}
	if len(found) != 1 {
		s.Fatalf("topics of %s: %+v", tickets.Number(id), found)
	}
	return g.Topic(found[0].ID)
}

// board is the one pinned message of a group.
func (s *shift) board(g *telegramsim.Group) telegramsim.Message {
	s.Helper()
	var found []telegramsim.Message
	for _, m := range g.Messages() {
		if m.Pinned && !m.Deleted {
			found = append(found, m)
		}
	}
	if len(found) != 1 || !found[0].Has("📋") {
		s.Fatalf("pinned: %v\n%s", found, g.Transcript())
	}
	return found[0]
}

// stands sees that a ticket is in a topic of a group, with a card that works,
// and that answers and additions go through it.
func (s *shift) stands(g *telegramsim.Group, id int64, customer *telegramsim.Seat) {
	s.Helper()
	topic := s.topicOf(g, id)
	p := s.stored(id).Place
	card, ok := topic.Message(int(p.Card))
	if p.Group != g.ID() || !ok || !card.Has(tickets.Number(id)) || len(card.Buttons) == 0 {
		s.Errorf("its place is %+v, its card %v", p, card)
	}
	words := s.unique("слова")
	s.does(s.olga.In(topic).Send(words))
	s.count(customer.Chat, words, 1)
	words = s.unique("дополнение")
	s.does(customer.Send(words))
	s.count(topic, words, 1)
	s.does(s.olga.In(g.Chat).Send("/queue"))
	s.does(s.olga.In(g.Chat).Send("/board"))
	board, link := s.hears(g.Chat, tickets.Number(id)), fmt.Sprintf("https://t.me/c/%d/%d", -1_000_000_000_000-g.ID(), p.Thread)
	if !slices.ContainsFunc(board.Raw.Entities, func(e models.MessageEntity) bool { return e.URL == link }) {
		s.Errorf("no link %s in %+v", link, board.Raw.Entities)
	}
	s.pass(time.Minute)
}

// TestAPlainGroupBecomesAForum: the news comes first, and the configuration has
// the old ID until the bot is started with the new one.
func TestAPlainGroupBecomesAForum(t *testing.T) {
	atPlainDesk(t, func(s *shift) {
		id, plain := s.ticket(s.anna, "a.ru")
		added, err := s.anna.Send("Страница пустая")
		s.does(added, err)
		s.count(plain, "Страница пустая", 1)
		s.pass(time.Minute)
		old := s.grows()
		s.pass(time.Minute)
		s.count(s.desk.Chat, "супергруппой", 1)
		s.count(s.topicOf(s.desk, id), "до этого", 1)
		s.does(s.anna.Edit(added.ID, "Страница совсем пустая")) // its copy has stayed behind
		s.count(s.topicOf(s.desk, id), "Страница совсем пустая", 1)
		s.stands(s.desk, id, s.anna)
		s.presses(s.olga.In(s.topicOf(s.desk, id)), "Ждём клиента")
		s.is(id, tickets.StateWaiting)
		if board := s.board(s.desk); !board.Has(tickets.Number(id)) {
			t.Errorf("the board: %v", board)
		}
		for _, configured := range []int64{old, s.desk.ID()} {
			s.close()
			s.serve(configured)
			s.stands(s.desk, id, s.anna)
			boris := s.world.AddPerson(s.unique("Boris")).With(s.bot)
			s.does(boris.Start(""))
			two, _ := s.ticketFor(boris, "b.ru")
			s.stands(s.desk, two, boris)
		}
		s.count(s.desk.Chat, "супергруппой", 1)
		s.counted("undeliverable", s.outbox.Counters.Undeliverable.Load(), 0)
	})
}

// ticketFor files a ticket in the group that the running bot chooses.
func (s *shift) ticketFor(customer *telegramsim.Seat, site string) (int64, *telegramsim.Chat) {
	s.Helper()
	env := s.intake.env()
	group := s.policy.GroupFor(env.Groups, s.policy.Topics[0].ID, customer.Person().UserID())
	if group != s.desk.ID() {
		s.Fatalf("a ticket would go to %d, not to %d", group, s.desk.ID())
	}
	return s.ticket(customer, site)
}

// TestTheRefusalTellsFirst: a send meets the old group before the news has come.
func TestTheRefusalTellsFirst(t *testing.T) {
	atPlainDesk(t, func(s *shift) {
		old := s.desk.ID()
		id, _ := s.ticket(s.anna, "a.ru")
		s.close()
		s.does(s.anna.Send("Первое"))
		if err := s.desk.Migrate(); err != nil {
			t.Fatal(err)
		}
		stop := s.send(old)
		s.outbox.Push(s.commit(toTicket(old, id, "раз"), toTicket(old, id, "два"), note(old, "три")))
		s.pass(time.Minute)
		topic := s.topicOf(s.desk, id)
		s.count(topic, "раз\n\nдва", 1)
		s.count(s.desk.Chat, "три", 1)
		stop()
		s.serve(old)
		s.pass(time.Minute)
		s.count(s.topicOf(s.desk, id), "Первое", 1)
		s.stands(s.desk, id, s.anna)
	})
}

// TestAMoveThatNobodyToldOf: the bot was down for so long that Telegram has
// dropped the news, and the configuration has the new ID only.
func TestAMoveThatNobodyToldOf(t *testing.T) {
	for name, both := range map[string]bool{"the new ID": false, "the old ID": true} {
		t.Run(name, func(t *testing.T) {
			atPlainDesk(t, func(s *shift) {
				id, _ := s.ticket(s.anna, "a.ru")
				s.close()
				configured := s.grows()
				if !both {
					configured = s.desk.ID()
				}
				s.pass(25 * time.Hour)
				s.serve(configured)
				s.pass(time.Minute)
				s.stands(s.desk, id, s.anna)
				s.count(s.desk.Chat, "супергруппой", 1)
			})
		})
	}
}

// TestWhatWasLeftBehindIsNotTakenForAnother: a message of a group that the ticket
// has left is none of its group now, whatever their numbers.
func TestWhatWasLeftBehindIsNotTakenForAnother(t *testing.T) {
	atDesk(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		card := botMessages(topic)[0]
		to := tickets.Address{Chat: -4000099, Ticket: id}
		reaction := tickets.Notice{To: to, Kind: tickets.NoticeReact, Target: int64(card.ID), Extra: tickets.Extra{Emoji: deliveredSign}}
		words, gone := note(0, "не доставлено"), reaction
		words.To, words.Target, gone.Kind = to, int64(card.ID), tickets.NoticeDelete
		edit := words
		edit.Kind, edit.Extra.Body = tickets.NoticeEdit, &tickets.Body{Text: "исправлено"}
		s.post(reaction, words, gone, edit)
		s.settled()
		if now, ok := topic.Message(card.ID); !ok || now.Deleted || len(now.Reactions) != 0 || now.Version != card.Version {
			t.Errorf("the card: %v", now)
		}
		said := botMessages(topic)
		if len(said) != 3 || said[1].Text != "не доставлено" || !said[2].Has("исправлено") || said[1].Raw.ReplyToMessage.ID == card.ID {
			t.Errorf("said %v", said)
		}
	})
}

// gateLimiter counts the leave that it gives, and holds all back while closed.
type gateLimiter struct {
	noLimits
	mu     sync.Mutex
	closed bool
	given  map[int64]int
}

func (l *gateLimiter) Reserve(_ context.Context, chat int64, _ bool, messages, _ int, _ time.Time) (own, all time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return time.Second, 0
	}
	l.given[chat] += messages
	return 0, 0
}

func (l *gateLimiter) open(yes bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = !yes
}

// TestAMovedGroupsLimitIsKept: what waited for the old group's turn waits for the
// new one's, so that no call is made there without leave (P3).
func TestAMovedGroupsLimitIsKept(t *testing.T) {
	inOffice(t, func(o *office) {
		limiter := &gateLimiter{given: map[int64]int{}}
		o.start(func(c *OutboxConfig) { c.Limiter = limiter })
		plain := o.world.AddGroup("Desk", o.world.AddPerson("Agent"))
		plain.SetBotRights(o.bot, telegramsim.AllRights)
		old, ids := plain.ID(), []int64{}
		for range 3 {
			ids = append(ids, o.file(old, cardOf("the card")))
		}
		o.drain()
		limiter.open(false)
		var waiting []tickets.Notice
		for _, id := range ids {
			waiting = append(waiting, toTicket(old, id, "more"))
		}
		o.post(append(waiting, note(old, "to all"))...)
		o.pass(time.Second)
		if err := plain.Migrate(); err != nil {
			t.Fatal(err)
		}
		o.change(tickets.Change{Moved: &tickets.Moved{From: old, To: plain.ID()}})
		var calls atomic.Int64
		o.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
			if c.Method == "sendmessage" || c.Method == "createforumtopic" {
				calls.Add(1)
			}
			if c.Chat() == old {
				t.Errorf("%s in the old group", c.Method)
			}
			return telegramsim.Outcome{}
		})
		limiter.open(true)
		o.drain()
		if n, given := calls.Load(), limiter.given[plain.ID()]; n != int64(given) || n < 7 {
			t.Errorf("%d calls with leave for %d\n%s", n, given, plain.Transcript())
		}
	})
}

// TestAGroupGrowsWithoutTheBot: it was out of the group meanwhile, so that no news
// came, and a send has found it out. No ticket stays without a card.
func TestAGroupGrowsWithoutTheBot(t *testing.T) {
	atPlainDesk(t, func(s *shift) {
		quiet, _ := s.ticket(s.anna, "a.ru")
		boris := s.world.AddPerson(s.unique("Boris")).With(s.bot)
		s.does(boris.Start(""))
		loud, _ := s.ticketFor(boris, "b.ru")
		s.pass(time.Minute)
		s.close()
		s.desk.KickBot(s.bot)
		old := s.grows()
		s.desk.SetBotRights(s.bot, telegramsim.AllRights)
		stop := s.send(old)
		s.outbox.Push(s.commit(toTicket(old, loud, "ещё")))
		s.pass(time.Minute)
		stop()
		s.serve(old)
		s.pass(2 * time.Minute)
		s.stands(s.desk, loud, boris)
		s.stands(s.desk, quiet, s.anna)
		s.settled()
		edited := s.board(s.desk).EditDate
		s.pass(5 * time.Minute)
		if at := s.board(s.desk).EditDate; at != edited {
			t.Errorf("the board was edited again at %v, and nothing has changed", at)
		}
	})
}
