package bot

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// accepted takes down a ticket that a customer is told of (R3.7).
func (d *day) accepted(c *dayCustomer, s saying) {
	found := acceptedForm.FindStringSubmatch(s.text)
	if found == nil || s.edited {
		return
	}
	n, _ := strconv.Atoi(found[1])
	t := &modelTicket{n: n, of: c, state: "new", told: map[string]int{}}
	if d.numbered(n) != nil {
		d.fault("T-%d is accepted twice", n)
		return
	}
	switch sp := d.splitting; {
	case c.draft != nil && !c.draft.sent.IsZero():
		d.filed(t, c.draft, s.at)
		c.draft = nil
		if len(c.kept) > 0 {
			c.draft = &dayDraft{}
		}
	case sp != nil && sp.from.of == c:
		t.base, t.since, t.problem = sp.from.base, span{sp.at, s.at}, sp.parcel.token
		t.critical = isCriticalTopic(sp.from.topic)
		t.topic, sp.parcel.split = sp.from.topic, n
		d.splitting = nil
	default:
		d.fault("%s is told of T-%d, and has not filed it", c, n)
	}
	t.level = t.base
	t.recount(t.since.from)
	c.tickets, d.tickets = append(c.tickets, t), append(d.tickets, t)
}

// filed takes down what a draft has become.
func (d *day) filed(t *modelTicket, f *dayDraft, at time.Time) {
	t.base, t.topic, t.since, t.problem = "support", f.topic, span{f.sent, at}, f.problem
	t.critical = isCriticalTopic(f.topic)
	if slices.Contains(consulted, f.topic) { // R4.1, R6.2
		t.base = "consultation"
	}
	for _, token := range f.tokens {
		d.book.parcels[token].ticket = t.n
	}
}

// isCriticalTopic: a site or service is down (R2.4).
func isCriticalTopic(label string) bool { return strings.HasPrefix(label, "🔴") }

// consulted are the topics whose tickets are consultations (R4.1, R6.2).
var consulted = []string{
	"Общий вопрос", "A general question", "Установка продукта", "Installing the product", "Настройка ПК или сервера", "Setting up a PC or server",
	"Оформление шаблонов", "Styling templates", "Наполнение сайта", "Filling the site", "Управление комментариями", "Managing comments",
	"Настройка 1С, МойСклад, ЮKassa", "1C, MoySklad, YooKassa setup",
}

var dueForm = regexp.MustCompile(`(?:ответит не позднее:|reacts by:|[Оо]тветить до:?|реакции вышло|нужно было до) \S+ (\d+) [^\s,]+, (\d\d:\d\d)`)

// checkDue sees that a time named by a receipt, a card or a warning is that by
// which a reaction is due (R2.2, R2.3).
func (d *day) checkDue(s saying) {
	found := dueForm.FindStringSubmatch(s.text)
	t := d.numbered(isAbout(s.text))
	if s.thread != 0 {
		t = d.inThread(s.thread)
	}
	if found == nil || t == nil || s.isList() {
		return
	}
	clock := found[1] + " " + found[2]
	var want []string
	for _, r := range t.runs {
		if r.from.After(s.at) || !r.to.IsZero() && r.to.Before(s.at.Add(-shownLate)) {
			continue
		}
		if r.unsure || r.level != "" && r.since.after(100, r.level).shows(clock) {
			return
		}
		want = append(want, fmt.Sprintf("%s of %s since %s", clockOf(r.since.after(100, yesLevel(r)).from), r.level, clockOf(r.since.from)))
	}
	d.fault("T-%d: a reaction is said to be due %s, want %q:\n%s\n%s", t.n, clock, want, s.text, d.story(t))
}

func yesLevel(r clockRun) string {
	if r.level == "" {
		return "support"
	}
	return r.level
}

// shownLate is how long a card may show what was: it waits half a minute for more
// to change, and its turn in the group.
const shownLate = 3 * time.Minute

func (d *day) inThread(thread int) *modelTicket {
	for _, t := range d.tickets {
		if t.thread == thread {
			return t
		}
	}
	return nil
}
