package storetest

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"intakebot/tickets"
)

var growth = flag.Int("growth", 0, "measure with as many tickets as this; 0: only that it runs")

const (
	growthGroup = -100500
	growthOpen  = 500    // tickets that have not ended, however many have
	growthLeft  = 100000 // notices that wait
	growthTries = 201
)

// Growth measures how the cost of what a desk does all day grows with its
// tickets, and prints the README's rows. sql runs a statement on the database
// itself, where instant writes a time; done tells it that much was written.
func Growth(t *testing.T, s tickets.Store, sql func(string), instant func(time.Time) string, done func()) {
	g := &grown{t: t, s: s, sql: sql, at: instant(start), took: map[string][]time.Duration{}}
	sizes, left := []int{20, 40}, 20
	if *growth > 0 {
		sizes, left = []int{1000, *growth / 10, *growth}, growthLeft
	}
	for _, size := range sizes {
		g.fill(size)
		done()
		g.measure()
	}
	g.backlog(left)
	done()
	g.outbox(fmt.Sprintf("%d notices waiting", left))
	if *growth > 0 {
		fmt.Println(g.table(sizes))
	}
}

// grown is a store that grows.
type grown struct {
	t    *testing.T
	s    tickets.Store
	sql  func(string)
	at   string // an instant, as SQL
	size int
	next int64 // of updates and messages
	rows []string
	took map[string][]time.Duration // medians, by operation
}

// fill brings the store to a number of tickets, with what belongs to them.
func (g *grown) fill(size int) {
	const report = `'{"contact":{"name":"Emily Clark","email":"emily@example.com"},"site":"https://shop.example.com","problem":"` +
		`After Pay a blank page opens with error 500, for every customer, since the morning.","error":"500 Internal Server Error",` +
		`"steps":"Cart, Pay","files":[],"changes":"a new theme"}'`
	series := func(from, to int) string {
		return fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)`, from, to)
	}
	all := series(g.size+1, size)
	g.sql(series(g.size/20+1, size/20) + ` INSERT INTO customers (id, version, lang, session, blocked)
		SELECT i, 1, 'en', '{"state":"idle","rev":3,"touched":"2026-01-01T00:00:00Z"}', false FROM n`)
	g.sql(all + ` INSERT INTO tickets (version, draft, customer, lang, topic, level, critical, state, report, opened, due,
			place_group, place_thread, place_card, agent, words)
		SELECT 1, 'old' || i, (i - 1) / 20 + 1, 'en', 'errors', 'support', false,
			CASE WHEN i <= ` + fmt.Sprint(growthOpen) + ` THEN 'work' ELSE 'closed' END, ` + report + `, ` + g.at + `, ` + g.at + `,
			` + fmt.Sprint(growthGroup) + `, 10 + i, 11 + i, 77,
			'https://shop' || i || '.example.com' || ' emily clark after pay a blank page opens with error 500, for every customer, since the morning.'
		FROM n`)
	g.sql(all + ` INSERT INTO events (ticket, at, actor_kind, actor_id, actor_name, kind, data)
		SELECT 1000 + i, ` + g.at + `, 'customer', (i - 1) / 20 + 1, 'Emily', 'filed', '{}' FROM n`)
	g.sql(all + ` INSERT INTO carried (ticket, from_chat, from_message, to_chat, to_message)
		SELECT 1000 + i, (i - 1) / 20 + 1, 100 + i, ` + fmt.Sprint(growthGroup) + `, 100 + i FROM n`)
	g.sql(all + ` INSERT INTO updates (id, chat, message, edited, at) SELECT i, (i - 1) / 20 + 1, 100 + i, 0, ` + g.at + ` FROM n`)
	g.sql(all + ` INSERT INTO notices (chat, about, kind, priority, lang, message, title, target, once, merge, written, state, settled,
			attempts, doubtful, sent, cause)
		SELECT (i - 1) / 20 + 1, 1000 + i, 'send', 0, 'en', '{"text":[{"key":"receipt"}]}', '{}', 0, false, '', ` + g.at + `, 'sent', ` + g.at + `,
			1, 0, '[7]', '' FROM n`)
	g.size = size
}

// backlog puts notices into the outbox that nobody has sent, a chat each.
func (g *grown) backlog(n int) {
	g.sql(fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)`, n) + `
		INSERT INTO notices (chat, kind, priority, lang, message, title, target, once, merge, written, state, attempts, doubtful, sent, cause)
		SELECT 5000000 + i, 'send', 3, 'en', '{"text":[{"key":"announce"}]}', '{}', 0, false, '', ` + g.at + `, 'pending', 0, 0, '[]', '' FROM n`)
}

// time measures the median of a number of tries.
func (g *grown) time(what string, do func(i int64) error) {
	g.t.Helper()
	tries := growthTries
	if *growth == 0 {
		tries = 1
	}
	took := make([]time.Duration, 0, tries)
	for range tries {
		g.next++
		begun := time.Now()
		check(g.t, do(g.next))
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	if g.took[what] == nil {
		g.rows = append(g.rows, what)
	}
	g.took[what] = append(g.took[what], took[tries/2])
}

// measure does each thing that a desk does all day.
func (g *grown) measure() {
	ctx, s := g.t.Context(), g.s
	someone := func(i int64) int64 { return 1 + i*7919%int64(g.size/20) }
	g.time("the board", func(int64) error {
		list, err := s.Queue(ctx, growthGroup, 0, tickets.OpenStates, 100)
		same(g.t, "listed", len(list), min(100, g.size))
		return err
	})
	g.time("`/tickets`", func(i int64) error {
		list, err := s.TicketsOf(ctx, someone(i), 50)
		same(g.t, "a customer's", len(list) >= 20, true)
		return err
	})
	g.find()
	g.time("an addition to a ticket", g.add)
	g.time("filing", g.file)
}

func (g *grown) find() {
	found := func(want int, text string) error {
		list, err := g.s.Find(g.t.Context(), text, 25)
		same(g.t, "found", len(list), want)
		return err
	}
	g.time("`/find`, by number", func(int64) error { return found(1, tickets.Number(1000+int64(g.size))) })
	g.time("`/find`, a word of many", func(int64) error { return found(min(25, g.size), "blank page") })
	g.time("`/find`, a recent site", func(int64) error { return found(1, fmt.Sprintf("shop%d.example", g.size-10)) })
	g.time("`/find`, what is nowhere", func(int64) error { return found(0, "nowhere to be found") })
}

// add is what a customer writes to an open ticket.
func (g *grown) add(i int64) error {
	ctx, s := g.t.Context(), g.s
	id := 1001 + i%int64(min(growthOpen, g.size))
	k, err := s.Ticket(ctx, id)
	check(g.t, err)
	c, err := s.Customer(ctx, k.Customer)
	check(g.t, err)
	_, err = s.TicketsOf(ctx, c.ID, 50)
	check(g.t, err)
	_, err = s.Carried(ctx, tickets.Spot{Chat: c.ID, Message: 101})
	check(g.t, err)
	n := note(growthGroup, "added")
	n.To.Ticket = id
	done, err := s.Commit(ctx, tickets.Change{
		Update: g.update(c.ID, i), Tickets: []tickets.Ticket{k}, Notices: []tickets.Notice{n}, At: start,
		Events: []tickets.Event{{Ticket: id, At: start, Actor: tickets.Actor{Kind: "customer", ID: c.ID}, Kind: "added"}},
	})
	check(g.t, err)
	g.sent(done)
	return nil
}

// file is a draft that becomes a ticket.
func (g *grown) file(i int64) error {
	ctx, s := g.t.Context(), g.s
	c, err := s.Customer(ctx, 1+i*7919%int64(g.size/20))
	check(g.t, err)
	k := ticket(fmt.Sprint("new", i), c.ID)
	k.State, k.Place.Group = tickets.StateClosed, growthGroup // so that as many are open as before
	n := note(c.ID, "receipt")
	n.About = tickets.Filed
	done, err := s.Commit(ctx, tickets.Change{
		Update: g.update(c.ID, i), Customer: &c, File: k, Notices: []tickets.Notice{n}, At: start,
		Events: []tickets.Event{{At: start, Actor: tickets.Actor{Kind: "customer", ID: c.ID}, Kind: "filed"}},
	})
	check(g.t, err)
	g.sent(done)
	return nil
}

func (g *grown) update(chat, i int64) *tickets.Update {
	return &tickets.Update{ID: 1<<40 + i, Chat: chat, Message: 1<<40 + i}
}

// sent has what a change wanted to be sent out of the way.
func (g *grown) sent(done tickets.Committed) {
	for _, n := range done.Notices {
		_, err := g.s.Claim(g.t.Context(), "growth", n.ID, start)
		check(g.t, err)
		settle(g.t, g.s, "growth", sent(n.ID))
	}
}

// outbox measures what the outbox asks while much is waiting.
func (g *grown) outbox(with string) {
	ctx := g.t.Context()
	g.time("what was left behind, "+with, func(int64) error {
		_, err := g.s.Waiting(ctx, start.Add(time.Hour), start.Add(time.Hour), 500)
		return err
	})
	g.time("whose sender has died, "+with, func(int64) error {
		_, err := g.s.Orphans(ctx, "growth", start)
		return err
	})
	g.time("an answer from commit to settled, "+with, func(i int64) error {
		done, err := g.s.Commit(ctx, tickets.Change{Notices: []tickets.Notice{note(i, "answer")}, At: start})
		g.sent(done)
		return err
	})
}

// table is the README's, in milliseconds.
func (g *grown) table(sizes []int) string {
	var b strings.Builder
	b.WriteString("| ms |")
	for _, size := range sizes {
		fmt.Fprintf(&b, " %d tickets |", size)
	}
	b.WriteString(" times |\n| --- |" + strings.Repeat(" ---: |", len(sizes)+1) + "\n")
	for _, what := range g.rows {
		fmt.Fprintf(&b, "| %s |", what)
		list := g.took[what]
		b.WriteString(strings.Repeat(" |", len(sizes)-len(list)))
		for _, d := range list {
			fmt.Fprintf(&b, " %.3f |", float64(d.Microseconds())/1000)
		}
		if times := " |"; len(list) > 1 {
			times = fmt.Sprintf(" %.1f |", float64(list[len(list)-1])/float64(list[0]))
			b.WriteString(times)
		} else {
			b.WriteString(times)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
