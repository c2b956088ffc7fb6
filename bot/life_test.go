package bot

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"intakebot/bot/limits"
	"intakebot/bot/telegramsim"
	"intakebot/tickets"
	"intakebot/tickets/policy"
)

// groupCounter counts what is taken from a group's limit.
type groupCounter struct {
	Limiter
	mu    sync.Mutex
	taken int
}

func (g *groupCounter) Reserve(ctx context.Context, chat int64, group bool, messages, rank int, now time.Time) (own, all time.Duration) {
	own, all = g.Limiter.Reserve(ctx, chat, group, messages, rank, now)
	if group && own <= 0 && all <= 0 {
		g.mu.Lock()
		g.taken += messages
		g.mu.Unlock()
	}
	return own, all
}

// life is a ticket that is worked on by the desk's rules.
type life struct {
	*counter
	policy *tickets.Policy
	quota  *groupCounter
	before int
}

// does works a change out of the ticket as it is, and has it sent.
func (l *life) does(what string, work func(tickets.Desk, tickets.Ticket) (tickets.Change, error)) {
	l.Helper()
	t, err := l.store.Outbox.(tickets.Store).Ticket(l.ctx, l.ticket)
	if err != nil {
		l.Fatal(err)
	}
	change, err := work(tickets.Desk{Policy: l.policy, Now: time.Now()}, t)
	if err != nil {
		l.Fatalf("%s: %v", what, err)
	}
	for i := range change.Notices {
		change.Notices[i].Extra.Writer = tickets.Russian
	}
	l.outbox.Push(l.change(change).Notices)
	l.drain()
	l.spent(what)
	l.pass(5 * time.Minute)
}

func (l *life) spent(what string) {
	l.quota.mu.Lock()
	defer l.quota.mu.Unlock()
	l.Logf("%-28s %d calls or pictures counted", what, l.quota.taken-l.before)
	l.before = l.quota.taken
}

func (l *life) answers(text string) {
	l.Helper()
	wrote := must[telegramsim.Message](l.counter)(l.agent.Send(text))
	by := tickets.Actor{Kind: "agent", ID: 5, Name: "Olga"}
	l.does("an answer", func(d tickets.Desk, t tickets.Ticket) (tickets.Change, error) {
		return d.AgentPosts(t, by, tickets.Post{Body: &tickets.Body{Text: text},
			Source: tickets.Source{Chat: l.desk.ID(), Messages: []int64{int64(wrote.ID)}}})
	})
	if m, _ := l.topic.Message(wrote.ID); len(m.Reactions) != 1 {
		l.Errorf("no sign that %q was delivered", text)
	}
}

func (l *life) adds(text string) {
	l.Helper()
	wrote := must[telegramsim.Message](l.counter)(l.customer.Send(text))
	l.does("an addition", func(d tickets.Desk, t tickets.Ticket) (tickets.Change, error) {
		return d.CustomerAdds(t, tickets.Post{Body: &tickets.Body{Text: text},
			Source: tickets.Source{Chat: l.customer.ID(), Messages: []int64{int64(wrote.ID)}}})
	})
}

func (l *life) acts(name string) {
	l.Helper()
	by := tickets.Actor{Kind: "agent", ID: 5, Name: "Olga"}
	l.does("/"+name, func(d tickets.Desk, t tickets.Ticket) (tickets.Change, error) {
		return d.Act(t, tickets.Act{Name: name, By: by})
	})
}

// files files a ticket by the dialog's rules, with two screenshots.
func (l *life) files() {
	l.Helper()
	shots := l.pictures(2, tickets.Photo)
	c := tickets.Customer{ID: l.customer.ID(), Lang: tickets.Russian, Version: l.version(l.customer.ID())}
	f := tickets.Filing{
		Draft: l.unique("draft"), Customer: c.ID, Lang: c.Lang, Topic: l.policy.Topics[0].ID, Group: l.desk.ID(), At: time.Now(),
		Report: tickets.Report{Site: "shop.example.com", Problem: "The basket stays empty", Files: shots,
			Contact: tickets.Contact{Name: "Ivan", Email: "ivan@example.com", Login: "ivan"}},
	}
	change := tickets.Change{Customer: &c}
	f.Into(l.policy, &change)
	done := l.change(change)
	l.ticket = done.Ticket
	l.outbox.Push(done.Notices)
	l.drain()
	l.topic = l.desk.Topic(int(l.place(l.ticket).Thread))
	l.agent = l.agent.Person().In(l.topic)
	l.spent("filed with two screenshots")
}

// TestWhatATicketCostsItsGroup plays a ticket's whole life by the desk's rules,
// and counts what it takes from the 20 messages a minute of all its group's
// tickets (P3).
func TestWhatATicketCostsItsGroup(t *testing.T) {
	quota := &groupCounter{Limiter: limits.NewLocal()}
	atCounter(t, func(c *counter) {
		shipped := policy.Shipped()
		l := &life{counter: c, policy: &shipped, quota: quota}
		l.pass(5 * time.Minute)
		l.before = quota.taken
		begun := quota.taken
		l.files()
		l.pass(5 * time.Minute)
		for i := range 3 {
			l.answers(fmt.Sprint("answer ", i))
			if i < 2 {
				l.adds(fmt.Sprint("addition ", i))
			}
		}
		l.acts("solve")
		l.does("rated", func(d tickets.Desk, t tickets.Ticket) (tickets.Change, error) { return d.Rate(t, 5) })
		total := quota.taken - begun
		t.Logf("a ticket's whole life counts %d times against its group's 20 a minute; the board is apart", total)
		if total > 11 {
			t.Error("that is more than it has to be")
		}
		c.counted("429s", c.outbox.Counters.Limited.Load(), 0)
		c.counted("undeliverable", c.outbox.Counters.Undeliverable.Load(), 0)
		said := strings.Join(botTexts(l.topic), "\n")
		for _, want := range []string{"addition 0", "addition 1", "The basket stays empty"} {
			if !strings.Contains(said, want) {
				t.Errorf("the agents do not see %q in:\n%s", want, said)
			}
		}
		if got := strings.Join(botTexts(c.customer.Chat), "\n"); strings.Count(got, "answer ") != 3 {
			t.Errorf("the customer reads\n%s", got)
		}
	}, func(cfg *OutboxConfig) { cfg.Limiter = quota })
}
