package bot

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets/policy"
)

var (
	daySeed  = flag.Uint64("day.seed", 0, "play the simulated day with this seed only")
	dayLong  = flag.Bool("day.long", false, "play a busier desk, and the weekend and the Monday too")
	dayCount = flag.Uint64("day.count", 1, "play so many simulated days, each with a seed of its own")
)

// dayRemind and dayClose are the silence that the simulated desk allows: short
// enough for every ticket to reach its end within the week.
const (
	dayRemind = 3 * time.Hour
	dayClose  = 8 * time.Hour
)

// TestADayAtTheDesk plays a Friday and the morning after it at a desk with 5 agents
// and 30 customers, and a whole weekend where it is asked to, against the local Telegram with its limits on. What comes out
// is judged by a model that sees only what people do and what the bot shows.
func TestADayAtTheDesk(t *testing.T) {
	from, count := uint64(1), *dayCount
	if *daySeed != 0 {
		from, count = *daySeed, 1
	}
	for seed := from; seed < from+count; seed++ {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			inOffice(t, func(o *office) { newDay(o, seed).plays() }, telegramsim.WithRateLimits(), telegramsim.WithPollPenalty())
			if t.Failed() {
				t.Logf("again: go test ./bot -run TestADayAtTheDesk -day.seed %d -v", seed)
			}
		})
	}
}

// day is the simulated desk with everybody at it.
type day struct {
	*shift
	rand      *rand.Rand
	pace      time.Duration // between two things that one customer does, on average
	agents    []*dayAgent
	customers []*dayCustomer
	tickets   []*modelTicket
	book      *ledger
	splitting *splitting // a ticket that is being made of a message
	deleted   []string   // tokens that agents have taken back
	faults    int
	over      bool // nobody begins anything new
}

func newDay(o *office, seed uint64) *day {
	d := &day{shift: &shift{office: o, policy: policy.Shipped()}, rand: newRand(seed, 0), pace: 3 * time.Hour}
	if *dayLong {
		d.pace = 70 * time.Minute
	}
	d.policy.Silence.Remind, d.policy.Silence.Close = dayRemind, dayClose
	o.pass(time.Until(time.Date(2026, 11, 27, 7, 30, 0, 0, moscow)))
	d.book = newLedger(o.world)
	var members []*telegramsim.Person
	for i, name := range []string{"Ольга Первая", "Иван Второй", "Мария Третья", "Пётр Четвёртый", "Анна Пятая"} {
		p := o.world.AddPerson(name)
		members = append(members, p)
		d.agents = append(d.agents, &dayAgent{d: d, who: p, rand: newRand(seed, 100+i)})
	}
	d.desk = o.world.AddForum("Desk", members...)
	for _, p := range members[1:] {
		d.desk.Promote(p, telegramsim.AllRights)
	}
	for n := range 30 {
		lang := []string{"ru", "en"}[n%2]
		p := o.world.AddPerson(fmt.Sprintf("Client%d Day", n), telegramsim.Language(lang))
		d.customers = append(d.customers, &dayCustomer{d: d, n: n, seat: p.With(o.bot), english: lang == "en", rand: newRand(seed, 1000+n)})
	}
	d.groups = []int64{d.desk.ID()}
	d.open()
	return d
}

// could says that a person could do something.
func (d *day) could(_ any, err error) {
	d.Helper()
	if err != nil {
		d.fault("somebody could not: %v", err)
	}
}

// fault notes what is wrong, and when; after some it gives up.
func (d *day) fault(format string, args ...any) {
	d.Helper()
	d.Errorf("%s: %s", time.Now().In(moscow).Format("Mon 15:04:05"), fmt.Sprintf(format, args...))
	if d.faults++; d.faults > 10 {
		d.FailNow()
	}
}

// isEvening tells whether customers leave the desk alone.
func (d *day) isEvening(now time.Time) bool {
	h := now.In(moscow).Hour()
	return d.over || h < 8 || h > 21
}

func (d *day) isQuiet(c *dayCustomer) bool { return time.Since(c.busy) > time.Minute }

func (d *day) which(is func(*modelTicket) bool) []*modelTicket {
	return slices.DeleteFunc(slices.Clone(d.tickets), func(t *modelTicket) bool { return !is(t) })
}

// ticket finds a ticket by its number; nil: there is none.
func (d *day) numbered(n int) *modelTicket {
	for _, t := range d.tickets {
		if t.n == n {
			return t
		}
	}
	return nil
}

// ticketIn is the ticket whose number a text holds.
func (d *day) ticketIn(text string) *modelTicket {
	n, _ := strconv.Atoi(numberForm.FindStringSubmatch(text)[1])
	return d.numbered(n)
}

// plays plays until everything is over, and looks at it from time to time while
// everybody rests.
func (d *day) plays() {
	moments := []string{"27 12:30", "27 18:20", "28 11:00"}
	if *dayLong {
		moments = append(moments, "28 18:10", "29 18:30", "30 13:00", "30 17:00")
	}
	for _, until := range moments {
		at, err := time.ParseInLocation("2006-01 02 15:04", "2026-11 "+until, moscow)
		if err != nil {
			d.Fatal(err)
		}
		d.goesOn(at)
		d.rests()
	}
	d.ends()
	d.checkParcels()
	d.checkTold()
	d.checkWarnings()
	d.counted("429s", d.outbox.Counters.Limited.Load(), 0)
	d.counted("updates set aside", d.intake.Counters.Shelved.Load(), 0)
	d.Logf("%d tickets, %d messages of people, %d of the bot, warnings %v", len(d.tickets), len(d.book.order), len(d.book.all), d.warned())
}

// goesOn lets everybody act until an instant.
func (d *day) goesOn(until time.Time) {
	next := make([]time.Time, len(d.customers)+len(d.agents))
	for i := range next {
		next[i] = time.Now().Add(time.Duration(d.rand.Int64N(int64(d.pace))))
	}
	for {
		who := 0
		for i := range next {
			if next[i].Before(next[who]) {
				who = i
			}
		}
		if !next[who].Before(until) {
			d.until(until)
			return
		}
		d.until(next[who])
		next[who] = time.Now().Add(max(time.Second, d.steps(who)))
	}
}

func (d *day) steps(who int) time.Duration {
	if who < len(d.customers) {
		return d.customers[who].step()
	}
	return d.agents[who-len(d.customers)].step()
}

// until lets time go by, a quarter of a minute at most at once, so that what time
// brings is seen in its order.
func (d *day) until(at time.Time) {
	for {
		d.hear()
		rest := time.Until(at)
		if rest <= 0 {
			synctest.Wait()
			d.hear()
			return
		}
		d.pass(min(rest, 15*time.Second))
	}
}

// hear takes in what the bot has said, and what time has brought.
func (d *day) hear() {
	for _, s := range d.book.hear() {
		if c := d.customerOf(s.chat); c != nil {
			d.accepted(c, s)
		}
		d.checkPrivacy(s)
		d.checkDue(s)
	}
	for _, t := range d.tickets {
		t.silent(time.Now())
		if t.thread == 0 {
			t.thread = d.threadOf(t.n)
		}
	}
}

func (d *day) customerOf(chat int64) *dayCustomer {
	for _, c := range d.customers {
		if c.seat.ID() == chat {
			return c
		}
	}
	return nil
}

func (d *day) threadOf(n int) int {
	for _, info := range d.desk.Topics() {
		if strings.Contains(info.Name, fmt.Sprintf(" T-%d ·", n)) {
			return info.ID
		}
	}
	return 0
}

// rests lets everything be sent, and looks at the desk.
func (d *day) rests() {
	for !d.isSettled() {
		d.until(time.Now().Add(15 * time.Second))
	}
	d.learns()
	d.checkDesk()
}

// isSettled tells whether nobody waits for anything: the outbox is empty and no
// silence is about to be acted on.
func (d *day) isSettled() bool {
	n, err := d.store.Unsent(d.ctx)
	if err != nil {
		d.Fatal(err)
	}
	now := time.Now()
	return n == 0 && !slices.ContainsFunc(d.tickets, func(t *modelTicket) bool {
		return t.nearSilence(now) || t.nearSilence(now.Add(2*time.Minute))
	})
}

// ends has the agents solve what is open, and close it; or the customers be silent
// until all is closed.
func (d *day) ends() {
	d.over = true
	d.goesOn(time.Now().Add(40 * time.Minute)) // drafts are finished
	for _, c := range d.customers {
		if c.blocked {
			c.blocked = false
			d.could(c.seat.Start(""))
		}
	}
	d.finishes("solve", func(t *modelTicket) bool { return !t.isEnded() })
	if !*dayLong {
		d.rests()
		d.finishes("close", func(t *modelTicket) bool { return t.state == "solved" })
	}
	over := func(t *modelTicket) bool { return t.state == "closed" || t.state == "declined" }
	for end := time.Now().Add(96 * time.Hour); time.Now().Before(end) && len(d.which(over)) < len(d.tickets); {
		d.until(time.Now().Add(time.Hour))
	}
	d.rests()
	for _, t := range d.tickets {
		if !over(t) {
			d.fault("T-%d ends as %s", t.n, t.state)
		}
	}
}

// finishes has an agent do the same to all tickets that are so.
func (d *day) finishes(action string, are func(*modelTicket) bool) {
	for _, t := range d.which(are) {
		d.until(time.Now().Add(5 * time.Second))
		if are(t) && !t.nearSilence(time.Now()) {
			d.agents[0].does(t, action, "", time.Now())
		}
	}
}

// story is the end of both chats of a ticket, for whoever reads a fault.
func (d *day) story(t *modelTicket) string {
	lines := strings.Split(d.desk.Topic(t.thread).Transcript(), "\n")
	return t.of.tail() + "\n" + strings.Join(lines[max(0, len(lines)-20):], "\n")
}
