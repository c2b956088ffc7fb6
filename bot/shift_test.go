package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/bot/limits"
	"intakebot/bot/telegramsim"
	"intakebot/bot/texts"
	"intakebot/tickets"
	"intakebot/tickets/policy"
)

// shift is a whole desk in a bubble of its own time: the intake, the outbox and
// a store in a file, agents in their group, and customers.
type shift struct {
	*office
	policy tickets.Policy
	desk   *telegramsim.Group
	olga   *telegramsim.Person
	ivan   *telegramsim.Person // another agent
	anna   *telegramsim.Seat   // a customer
	intake *Intake
	groups []int64                                            // of the last configuration
	close  func()                                             // stops outbox and intake
	thread func(context.Context, int64) (tickets.Line, error) // for the outbox
}

// atDesk runs a test on a working day's noon, in a forum.
func atDesk(t *testing.T, test func(*shift)) {
	t.Helper()
	atDeskIn(t, func(w *telegramsim.World, p ...*telegramsim.Person) *telegramsim.Group {
		return w.AddForum("Desk", p...)
	}, test)
}

func atDeskIn(t *testing.T, group func(*telegramsim.World, ...*telegramsim.Person) *telegramsim.Group, test func(*shift)) {
	t.Helper()
	inOffice(t, func(o *office) { workShift(t, o, group, nil, test) })
}

// workShift runs a test at a desk; thread is for the outbox.
func workShift(t *testing.T, o *office, group func(*telegramsim.World, ...*telegramsim.Person) *telegramsim.Group,
	thread func(context.Context, int64) (tickets.Line, error), test func(*shift)) {
	t.Helper()
	s := &shift{office: o, policy: policy.Shipped(), thread: thread}
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, s.policy.Calendar.Location())
	o.pass(time.Until(noon))
	s.olga, s.ivan = o.world.AddPerson("Olga", telegramsim.Username("olga")), o.world.AddPerson("Ivan")
	s.desk = group(o.world, s.olga, s.ivan)
	s.anna = o.world.AddPerson("Anna").With(o.bot)
	s.groups = []int64{s.desk.ID()}
	s.open()
	s.does(s.anna.Start(""))
	test(s)
}

// open runs an outbox and an intake, until they are closed or the test ends.
func (s *shift) open() { s.serve(s.groups...) }

// serve opens with other groups in the configuration.
func (s *shift) serve(groups ...int64) {
	s.Helper()
	s.groups = groups
	send := s.send(groups...)
	listen := s.listen()
	s.close = func() { listen(); send() }
}

// send runs an outbox alone.
func (s *shift) send(groups ...int64) (stop func()) {
	s.Helper()
	store := s.store.Outbox.(tickets.Store)
	return s.start(func(c *OutboxConfig) {
		c.Card, c.Home, c.Thread = CardOf(store, &s.policy), HomeOf(store, &s.policy, groups), s.thread
	})
}

// listen runs an intake beside the outbox.
func (s *shift) listen() (stop func()) {
	s.Helper()
	catalog, err := texts.New()
	if err != nil {
		s.Fatal(err)
	}
	api, err := NewAPI(testToken, "http://telegram.test", s.client, s.log)
	if err != nil {
		s.Fatal(err)
	}
	s.intake = NewIntake(IntakeConfig{
		Telegram: NewReceiver(api), Store: s.store.Outbox.(tickets.Store), Outbox: s.outbox,
		Policy: &s.policy, Groups: s.groups, Username: "thebot", Threads: s.bot.User().HasTopicsEnabled, Label: catalog.KeyOf, Render: s.render.Toast, Log: s.log,
		Flood: limits.NewFlood(s.policy.Limits.PerMinute),
	})
	ctx, cancel := context.WithCancel(s.ctx)
	ended := make(chan error, 1)
	go func(in *Intake) { ended <- in.Run(ctx) }(s.intake)
	stop = sync.OnceFunc(func() { cancel(); <-ended })
	s.Cleanup(stop)
	return stop
}

// away closes the desk, lets time go by, and opens it again.
func (s *shift) away(d time.Duration) {
	s.Helper()
	s.close()
	s.pass(d)
	s.open()
}

// does checks that a person could do something, and lets everything follow.
func (s *shift) does(_ any, err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
	s.settled()
}

// settled waits until everything that is for now was sent.
func (s *shift) settled() {
	s.Helper()
	s.pass(5 * time.Second)
	for range 60 { // the group's limit holds some up
		waiting, err := s.store.Waiting(s.ctx, time.Now(), time.Now().Add(time.Second), 1)
		if err != nil {
			s.Fatal(err)
		}
		if len(waiting) == 0 {
			return
		}
		s.pass(time.Second)
	}
}

// ticket files a ticket for a customer's site, and gives its topic.
func (s *shift) ticket(customer *telegramsim.Seat, site string) (int64, *telegramsim.Chat) {
	s.Helper()
	return s.ticketIn(s.desk, customer, site)
}

// ticketIn files one for another group than the desk.
func (s *shift) ticketIn(group *telegramsim.Group, customer *telegramsim.Seat, site string) (int64, *telegramsim.Chat) {
	s.Helper()
	f := tickets.Filing{
		Draft: s.unique("draft"), Customer: customer.Person().UserID(), Lang: tickets.Russian, Topic: s.policy.Topics[0].ID,
		Group: group.ID(), At: time.Now(),
		Report: tickets.Report{Site: "https://" + site + "/", Problem: "Не открывается " + site, Contact: tickets.Contact{Name: customer.Person().Name()}},
	}
	var c tickets.Change
	f.Into(&s.policy, &c)
	done := s.change(c)
	s.outbox.Push(done.Notices)
	s.settled()
	thread := int(s.stored(done.Ticket).Place.Thread)
	if thread == 0 {
		return done.Ticket, group.Chat
	}
	return done.Ticket, group.Topic(thread)
}

func (s *shift) stored(id int64) tickets.Ticket {
	s.Helper()
	t, err := s.store.Outbox.(tickets.Store).Ticket(s.ctx, id)
	if err != nil {
		s.Fatal(err)
	}
	return t
}

// presses presses the newest button with a label, and gives what it answers.
func (s *shift) presses(seat *telegramsim.Seat, label string) string {
	s.Helper()
	p, err := seat.Press(label)
	s.does(nil, err)
	got, err := p.Answer(s.ctx)
	if err != nil {
		s.Fatal(err)
	}
	return got.Text
}

// hears expects something in the newest message of the bot in a chat.
func (s *shift) hears(ch *telegramsim.Chat, words ...string) telegramsim.Message {
	s.Helper()
	said := botMessages(ch)
	if len(said) == 0 || !said[len(said)-1].Has(words...) {
		s.Fatalf("not said last: %q\n%s", words, ch.Transcript())
	}
	return said[len(said)-1]
}

// count is how many messages of the bot in a chat hold some words.
func (s *shift) count(ch *telegramsim.Chat, words string, want int) {
	s.Helper()
	n := 0
	for _, m := range botMessages(ch) {
		if m.Has(words) && !m.Deleted {
			n++
		}
	}
	if n != want {
		s.Errorf("%q was said %d times, want %d\n%s", words, n, want, ch.Transcript())
	}
}

// reacted expects the bot's confirmation on a message.
func (s *shift) reacted(ch *telegramsim.Chat, id int) {
	s.Helper()
	if m, ok := ch.Message(id); !ok || len(m.Reactions) != 1 || m.Reactions[0].Emoji != "👌" {
		s.Errorf("message %d is not confirmed: %v\n%s", id, m.Reactions, ch.Transcript())
	}
}

func (s *shift) is(id int64, state tickets.State) {
	s.Helper()
	if t := s.stored(id); t.State != state {
		s.Errorf("the ticket is %s, want %s", t.State, state)
	}
}

// topicNamed tells whether a topic of the desk is closed, by its number.
func (s *shift) isClosed(id int64) bool {
	s.Helper()
	for _, t := range s.desk.Topics() {
		if strings.Contains(t.Name, fmt.Sprint("T-", id)) {
			return t.Closed
		}
	}
	s.Fatalf("no topic of T-%d", id)
	return false
}

// inject brings a message as it is.
func (s *shift) inject(m models.Message) {
	s.Helper()
	body, err := json.Marshal(models.Update{ID: 500000 + int64(m.ID), Message: &m})
	if err != nil {
		s.Fatal(err)
	}
	_, err = s.bot.Inject(body)
	s.does(nil, err)
}
