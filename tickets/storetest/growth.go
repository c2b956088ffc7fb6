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
		for more := true; more; {
			more, err = d.Store.Index(t.Context())
			check(t, err)
		}
		g.desks = append(g.desks, d)
	}
	for _, d := range g.desks {
		d.Filled()
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

// GrowthOfBoard measures the board alone, for which tickets alone are filled in:
// so ten millions of them take minutes, and 20 GB.
func GrowthOfBoard(t *testing.T, open func() Desk) {
	sizes := []int{20, 40}
	if *growth > 0 {
		sizes = []int{1000, *growth}
	}
	g := &growing{t: t, took: map[string][]time.Duration{}}
	for _, size := range sizes {
		d := &grown{Desk: open(), t: t, size: size}
		d.at = d.Instant(start)
		for from := 1; from <= size; from += growthStep {
			d.fillTickets(from, min(from+growthStep-1, size))
		}
		d.Filled()
		g.desks = append(g.desks, d)
	}
	g.board()
	if *growth > 0 {
		fmt.Println(g.table(sizes))
	}
}

// board lists the open tickets that it shows, and counts them all.
func (g *growing) board() {
	g.time("the board", func(d *grown, _ int64) error {
		list, all, err := d.Store.Queue(g.t.Context(), growthGroup, tickets.Anyone, tickets.Listed)
		same(g.t, "listed, of so many", []int{len(list), all}, []int{min(tickets.Listed, d.open()), d.open()})
		return err
	})
}

// growing is the same desk in several sizes.
type growing struct {
	t     *testing.T
	desks []*grown
	next  int64 // of updates and messages
	rows  []string
	took  map[string][]time.Duration // medians, by operation
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
	g.board()
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
