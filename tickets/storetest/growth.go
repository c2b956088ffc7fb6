package storetest

import (
	"encoding/json"
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
	growthFresh = 1000   // tickets that come into the index in the usual way
	growthStep  = 100000 // tickets that are filled in at once
)

// Desk is a store that Growth fills, and its database.
type Desk struct {
	Store   tickets.Store
	SQL     func(string)           // runs a statement
	Instant func(time.Time) string // writes a time in one
	Filled  func()                 // once all is there
	Indexed string                 // the columns of words that are in the index
}

// Growth measures how the cost of what a desk does all day grows with its
// tickets, and prints the README's rows. Desks of all sizes take turns, so that
// what else the machine does meanwhile harms all alike.
func Growth(t *testing.T, open func() Desk) {
	sizes, left := []int{20, 40}, 20
	if *growth > 0 {
		sizes, left = []int{1000, max(1000, *growth/10), *growth}, growthLeft
	}
	g := &growing{t: t, took: map[string][]time.Duration{}}
	for _, size := range sizes {
		var err error
		d := &grown{Desk: open(), t: t, size: size}
		d.at = d.Instant(start)
		d.fill()
		d.Filled()
		for more := true; more; {
			more, err = d.Store.Index(t.Context())
			check(t, err)
		}
		g.desks = append(g.desks, d)
	}
	g.measure()
	g.desks = g.desks[len(g.desks)-1:]
	g.desks[0].backlog(left)
	g.desks[0].Filled()
	g.outbox(fmt.Sprintf("%d notices waiting", left))
	if *growth > 0 {
		fmt.Println(g.table(sizes))
	}
}

// growing is the same desk in several sizes.
type growing struct {
	t     *testing.T
	desks []*grown
	next  int64 // of updates and messages
	rows  []string
	took  map[string][]time.Duration // medians, by operation
}

// grown is a desk of a size.
type grown struct {
	Desk
	t    *testing.T
	at   string // an instant, as SQL
	size int
}

// growthReport is what customers write, with words of 1.2 kB.
var growthReport = tickets.Report{
	Contact: tickets.Contact{
		Name: "Ольга Ёжикова", Email: "olga@example.ru", Login: "olga_admin", Phone: "+74951234567", Account: "Ольга @olga_e",
	},
	Site: "https://shop.example.ru/cart",
	Problem: "После обновления темы в корзине не открывается оплата: нажимаю «Оплатить», появляется белая страница и ошибка 500. " +
		"Так у всех покупателей с самого утра, в другом браузере то же самое. Заказы не проходят, клиенты звонят и жалуются.",
	Error:   "500 Internal Server Error: Uncaught TypeError: Cannot read properties of undefined (reading 'price') in /var/www/shop/checkout.php:214",
	Steps:   "Открыть каталог, положить любой товар в корзину, нажать «Оформить», выбрать доставку, нажать «Оплатить»",
	Changes: "Вчера вечером обновили тему и модуль доставки до версии 2.14",
}

// open is how many tickets have not ended: the oldest.
func (g *grown) open() int { return min(growthOpen, g.size/2) }

// fill brings tickets into a desk, with what belongs to them.
func (g *grown) fill() {
	for from := 1; from <= g.size; from += growthStep {
		g.fillFrom(from, min(from+growthStep-1, g.size))
	}
}

func (g *grown) fillFrom(from, to int) {
	report, err := json.Marshal(growthReport)
	check(g.t, err)
	quoted := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	series := func(from, to int) string {
		return fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)`, from, to)
	}
	all := series(from, to)
	g.SQL(series((from-1)/20+1, to/20) + ` INSERT INTO customers (id, version, lang, session, blocked)
		SELECT i, 1, 'en', '{"state":"idle","rev":3,"touched":"2026-01-01T00:00:00Z"}', false FROM n`)
	g.SQL(all + ` INSERT INTO tickets (version, draft, customer, lang, topic, level, critical, state, report, opened, due,
			place_group, place_thread, place_card, agent)
		SELECT 1, 'old' || i, (i - 1) / 20 + 1, 'en', 'errors', 'support', false,
			CASE WHEN i <= ` + fmt.Sprint(g.open()) + ` THEN 'work' ELSE 'closed' END, ` + quoted(string(report)) + `, ` + g.at + `, ` + g.at + `,
			` + fmt.Sprint(growthGroup) + `, 10 + i, 11 + i, 77
		FROM n`)
	// Open tickets change, and have the words of their reports.
	words := ` SELECT 1000 + i, CASE WHEN i <= ` + fmt.Sprint(g.open()) + ` THEN '' ELSE ' only' || i || ' twentieth' || (i % 20) END ||
		` + quoted(tickets.Ticket{Report: growthReport}.Words()) + ` FROM n WHERE i `
	g.SQL(all + ` INSERT INTO ` + g.Indexed + words + `<= ` + fmt.Sprint(g.size-growthFresh))
	g.SQL(all + ` INSERT INTO fresh_words (ticket, words)` + words + `> ` + fmt.Sprint(g.size-growthFresh))
	g.SQL(all + ` INSERT INTO events (ticket, at, actor_kind, actor_id, actor_name, kind, data)
		SELECT 1000 + i, ` + g.at + `, 'customer', (i - 1) / 20 + 1, 'Emily', 'filed', '{}' FROM n`)
	g.SQL(all + ` INSERT INTO carried (ticket, from_chat, from_message, to_chat, to_message)
		SELECT 1000 + i, (i - 1) / 20 + 1, 100 + i, ` + fmt.Sprint(growthGroup) + `, 100 + i FROM n`)
	g.SQL(all + ` INSERT INTO updates (id, chat, message, edited, at) SELECT i, (i - 1) / 20 + 1, 100 + i, 0, ` + g.at + ` FROM n`)
	g.SQL(all + ` INSERT INTO notices (chat, about, kind, priority, lang, message, title, target, once, merge, written, state, settled,
			attempts, doubtful, sent, cause)
		SELECT (i - 1) / 20 + 1, 1000 + i, 'send', 0, 'en', '{"text":[{"key":"receipt"}]}', '{}', 0, false, '', ` + g.at + `, 'sent', ` + g.at + `,
			1, 0, '[7]', '' FROM n`)
}

// backlog puts notices into the outbox that nobody has sent, a chat each.
func (g *grown) backlog(n int) {
	g.SQL(fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)`, n) + `
		INSERT INTO notices (chat, kind, priority, lang, message, title, target, once, merge, written, state, attempts, doubtful, sent, cause)
		SELECT 5000000 + i, 'send', 3, 'en', '{"text":[{"key":"announce"}]}', '{}', 0, false, '', ` + g.at + `, 'pending', 0, 0, '[]', '' FROM n`)
}

// time measures the medians of a number of tries.
func (g *growing) time(what string, do func(d *grown, i int64) error) {
	g.t.Helper()
	tries := growthTries
	if *growth == 0 {
		tries = 1
	}
	took := make([][]time.Duration, len(g.desks))
	for range tries {
		g.next++
		for at, d := range g.desks {
			begun := time.Now()
			check(g.t, do(d, g.next))
			took[at] = append(took[at], time.Since(begun))
		}
	}
	g.rows = append(g.rows, what)
	for _, all := range took {
		slices.Sort(all)
		g.took[what] = append(g.took[what], all[tries/2])
	}
}

// measure does each thing that a desk does all day.
func (g *growing) measure() {
	ctx := g.t.Context()
	g.time("the board", func(d *grown, _ int64) error {
		list, err := d.Store.Queue(ctx, growthGroup, 0, tickets.OpenStates, 100)
		same(g.t, "listed", len(list), min(100, d.open()))
		return err
	})
	g.time("`/tickets`", func(d *grown, i int64) error {
		list, err := d.Store.TicketsOf(ctx, d.someone(i), 50)
		same(g.t, "a customer's", len(list) >= 20, true)
		return err
	})
	g.find("by number", func(d *grown, _ int64) (int, string) { return 1, tickets.Number(1000 + int64(d.size)) })
	g.find("a word of many", func(d *grown, _ int64) (int, string) { return min(25, d.size), "белая страница" })
	g.find("a word of every twentieth", func(d *grown, _ int64) (int, string) { return min(25, (d.size-d.open())/20), "twentieth7" })
	g.find("a word of one", func(d *grown, i int64) (int, string) {
		return 1, fmt.Sprintf("only%d", d.size-int(i*7919)%(d.size/10)) // no other's beginning
	})
	g.find("what is nowhere", func(*grown, int64) (int, string) { return 0, "nowhere to be found" })
	g.time("an addition to a ticket", (*grown).add)
	g.time("filing", (*grown).file)
}

func (g *growing) find(what string, text func(d *grown, i int64) (want int, text string)) {
	g.time("`/find`, "+what, func(d *grown, i int64) error {
		want, text := text(d, i)
		list, err := d.Store.Find(g.t.Context(), text, 25)
		same(g.t, "found by "+text+" of "+fmt.Sprint(d.size), len(list), want)
		return err
	})
}

// someone is a customer, another one at each try.
func (g *grown) someone(i int64) int64 { return 1 + i*7919%int64(g.size/20) }

// add is what a customer writes to an open ticket.
func (g *grown) add(i int64) error {
	ctx, s := g.t.Context(), g.Store
	id := 1001 + i%int64(g.open())
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
	ctx, s := g.t.Context(), g.Store
	c, err := s.Customer(ctx, g.someone(i))
	check(g.t, err)
	k := ticket(fmt.Sprint("new", i), c.ID)
	k.Report = growthReport
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
		_, err := g.Store.Claim(g.t.Context(), "growth", n.ID, start)
		check(g.t, err)
		settle(g.t, g.Store, "growth", sent(n.ID))
	}
}

// outbox measures what the outbox asks while much is waiting.
func (g *growing) outbox(with string) {
	ctx := g.t.Context()
	g.time("what was left behind, "+with, func(d *grown, _ int64) error {
		_, err := d.Store.Waiting(ctx, start.Add(time.Hour), start.Add(time.Hour), 500)
		return err
	})
	g.time("whose sender has died, "+with, func(d *grown, _ int64) error {
		_, err := d.Store.Orphans(ctx, "growth", start)
		return err
	})
	g.time("an answer from commit to settled, "+with, func(d *grown, i int64) error {
		done, err := d.Store.Commit(ctx, tickets.Change{Notices: []tickets.Notice{note(i, "answer")}, At: start})
		d.sent(done)
		return err
	})
}

// table is the README's, in milliseconds.
func (g *growing) table(sizes []int) string {
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
