package bot

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// checkPrivacy sees that no customer sees what is another's, and that nothing of
// one ticket is in another's topic.
func (d *day) checkPrivacy(s saying) {
	for _, token := range s.tokens {
		p := d.book.parcels[token]
		if c := d.customerOf(s.chat); c != nil && (p.owner != s.chat || p.kind == "note") {
			d.fault("%s sees %s, which is %s's %s of T-%d:\n%s", c, token, p.from, p.kind, p.ticket, s.text)
		}
		t := d.inThread(s.thread)
		if s.thread != 0 && t != nil && p.owner != t.of.seat.ID() && !s.isList() {
			d.fault("in the topic of T-%d is %s, which is %s's:\n%s", t.n, token, p.from, s.text)
		}
	}
}

// checkParcels sees that everything arrived where it belongs, once, in order.
func (d *day) checkParcels() {
	last := map[string]*parcel{}
	seen := map[string]int{}
	for _, p := range d.book.order {
		var came []saying
		for _, s := range d.book.came(p.token) {
			if d.counts(p, s) {
				came = append(came, s)
			}
		}
		if n := len(came); n != d.wanted(p) && (p.kind != "comment" || n == 0) {
			d.fault("%s, %s's %s to T-%d of %s: came %d times, want %d%s", p.token, p.from, p.kind, p.ticket, p.at.In(moscow).Format("Mon 15:04:05"), n, d.wanted(p), d.traces(p))
			if t := d.numbered(p.ticket); t != nil {
				d.Logf("the topic:\n%s", d.desk.Topic(t.thread).Transcript())
			}
			continue
		}
		if len(came) != 1 || p.stray || p.kind != "answer" && p.kind != "addition" {
			continue
		}
		key := fmt.Sprint(p.kind, p.ticket)
		if before := last[key]; before != nil && !before.isBeside(p) && before.order < p.order && seen[key] > came[0].id {
			d.fault("%s of T-%d came before %s, which was sent first%s%s", p.token, p.ticket, before.token, d.traces(before), d.traces(p))
		}
		last[key], seen[key] = p, came[0].id
	}
	for _, token := range d.deleted {
		if strings.Contains(d.customerOf(d.book.parcels[token].owner).seat.Transcript(), token) {
			p := d.book.parcels[token]
			d.fault("%s was deleted, and is still there%s\n%s", token, d.traces(p), d.desk.Topic(d.numbered(p.ticket).thread).Transcript())
		}
	}
}

// isBeside tells whether two people sent two things at the same instant: nobody can
// say which was first.
func (p *parcel) isBeside(o *parcel) bool { return p.from != o.from && p.at.Equal(o.at) }

// traces lists where a parcel was seen, for whoever reads a fault.
func (d *day) traces(p *parcel) string {
	out := fmt.Sprintf("\n  %+v", *p)
	at := d.desk.Chat
	if c := d.customerOf(p.chat); c != nil {
		at = c.seat.Chat
	}
	if m, ok := at.Message(p.order); ok {
		out += fmt.Sprintf("\n  sent as %q of album %q, with %v", m, m.Raw.MediaGroupID, m.Reactions)
	}
	for _, s := range d.book.came(p.token) {
		out += fmt.Sprintf("\n  %s in %d/%d #%d, edited %v: %.150q", s.at.In(moscow).Format("Mon 15:04:05.0"), s.chat, s.thread, s.id, s.edited, s.text)
	}
	return out
}

// counts tells whether a saying delivers a parcel: others repeat it, such as the
// questions of the intake.
func (d *day) counts(p *parcel, s saying) bool {
	t := d.numbered(p.ticket)
	switch p.kind {
	case "answer":
		return s.chat == p.owner && !s.edited
	case "note":
		return s.chat == p.owner
	case "draft":
		return t == nil && s.chat == d.desk.ID() || t != nil && s.thread == t.thread && !s.edited && !strings.HasPrefix(s.text, "🗂") && d.isFirst(p, s)
	case "edited":
		return s.chat == p.owner && p.chat != p.owner || t != nil && s.thread == t.thread && p.chat == p.owner && !s.isList()
	}
	return t != nil && s.thread == t.thread && (!s.edited || p.kind == "comment") && !s.isList()
}

// isList tells whether a saying lists tickets, or tells of one that was joined: the
// words of others are in it.
func (s saying) isList() bool {
	return strings.HasPrefix(s.text, "🔎") || strings.HasPrefix(s.text, "📋") || strings.HasPrefix(s.text, "🔗")
}

// isFirst tells whether a saying in a topic is the first with a parcel: a card can
// be shown again.
func (d *day) isFirst(p *parcel, s saying) bool {
	for _, o := range d.book.came(p.token) {
		if o.thread == s.thread {
			return o.id == s.id
		}
	}
	return false
}

func (d *day) wanted(p *parcel) int {
	if p.kind == "note" || p.lost || p.ticket == 0 {
		return 0
	}
	return 1
}

// dayTold is how the customer is told something.
var dayTold = map[string][2]string{
	"take": {"🔧 Заявка T-%d в работе", "🔧 Ticket T-%d is being"}, "wait": {"❓ Заявка T-%d ждёт", "❓ Ticket T-%d is waiting"},
	"develop": {"🛠 Заявка T-%d передана", "🛠 Ticket T-%d has gone"}, "putoff": {"⏸ Работа по заявке T-%d отложена", "⏸ Work on ticket T-%d is put off"},
	"decline": {"🚫 Решить заявку T-%d", "🚫 Ticket T-%d cannot"}, "solve": {"✅ Заявка T-%d решена", "✅ Ticket T-%d is solved"},
	"close": {"🔒 Заявка T-%d закрыта.\n", "🔒 Ticket T-%d is closed.\n"}, "merge": {"🔗 Заявка T-%d — о том же", "🔗 Ticket T-%d is about"},
	"reopen": {"🔁 Заявка T-%d снова открыта", "🔁 Ticket T-%d is open again"}, "level": {"Уровень заявки T-%d теперь", "The level of ticket T-%d is now"},
	"remind": {"⏳ По заявке T-%d мы ждём", "⏳ Ticket T-%d is waiting"}, "added": {"Спасибо, передал специалисту. Заявка T-%d", "I have passed it on. Work on ticket T-%d"},
	"closed.waiting": {"🔒 Заявка T-%d закрыта: ответа", "🔒 Ticket T-%d is closed: no answer"}, "closed.solved": {"🔒 Заявка T-%d закрыта. Она была", "🔒 Ticket T-%d is closed. It was"},
}

// checkTold sees that the customers were told what became of their tickets (R3.8),
// each thing once.
func (d *day) checkTold() {
	for _, t := range d.tickets {
		for what, words := range dayTold {
			words, n := fmt.Sprintf(t.of.in(words[0], words[1]), t.n), 0
			for _, s := range d.book.all {
				if s.chat == t.of.seat.ID() && !s.edited && strings.Contains(s.text, words) {
					n++
				}
			}
			if n != t.told[what] {
				d.fault("%s was told of %s in T-%d %d times, want %d\n%s", t.of, what, t.n, n, t.told[what], t.of.seat.Transcript())
			}
		}
	}
}

var warnForm = regexp.MustCompile(`^(?:⏳ T-\d+: прошла половина|⏰ T-\d+: прошло 80|🔥 T-\d+: время реакции вышло)`)

// checkWarnings sees that the agents were warned at 50, 80 and 100 % of the
// reaction time, once each, and only then.
func (d *day) checkWarnings() {
	for _, t := range d.tickets {
		var warned []saying
		for _, s := range d.book.all {
			if s.thread == t.thread && !s.edited && warnForm.MatchString(s.text) {
				warned = append(warned, s)
			}
		}
		for _, w := range t.warnings() {
			i := slices.IndexFunc(warned, func(s saying) bool { return percentOf(s) == w.percent && w.at.has(s.at, warnLate) })
			switch {
			case i >= 0:
				warned = slices.Delete(warned, i, i+1)
			case !w.maybe:
				d.fault("T-%d: nobody was warned of %d %% at %s", t.n, w.percent, clockOf(w.at.from))
			}
		}
		for _, s := range warned {
			d.fault("T-%d: a warning too many at %s: %s", t.n, clockOf(s.at), s.text)
		}
	}
}

// warned counts the warnings by their per cent.
func (d *day) warned() map[int]int {
	n := map[int]int{}
	for _, s := range d.book.all {
		if !s.edited && warnForm.MatchString(s.text) {
			n[percentOf(s)]++
		}
	}
	return n
}

// warnLate is how late a warning can be: the bot looks every quarter of a minute,
// and the group has its limit.
const warnLate = 90 * time.Second

func percentOf(s saying) int {
	return map[string]int{"⏳": 50, "⏰": 80, "🔥": 100}[strings.Fields(s.text)[0]]
}

// warning is one that is due.
type warning struct {
	percent int
	at      span
	maybe   bool // it may have come just too late
}

// warnings are due in a ticket's life. A level that changes can pass several at
// once: then only the last is said.
func (t *modelTicket) warnings() []warning {
	var out []warning
	said, since := 0, span{}
	for _, r := range t.runs {
		if r.level == "" { // by R5.1 nothing is warned of, and nothing is kept
			said = 0
			continue
		}
		if r.since != since {
			said, since = 0, r.since
		}
		passed := 0
		for _, percent := range []int{50, 80, 100} {
			if !r.since.after(percent, r.level).from.After(r.from) {
				passed = percent
			}
		}
		said = min(said, passed)
		out, said = r.warn(out, said, passed)
	}
	return out
}

// warn adds the warnings of a run.
func (r clockRun) warn(out []warning, said, passed int) ([]warning, int) {
	soon := func(at time.Time) bool { return !r.to.IsZero() && r.to.Before(at.Add(warnLate)) }
	if passed > said {
		out = append(out, warning{passed, span{r.from, r.from}, r.unsure || soon(r.from)})
		said = passed
	}
	for _, percent := range []int{50, 80, 100} {
		at := r.since.after(percent, r.level)
		if percent <= said || !r.to.IsZero() && !at.from.Before(r.to) {
			continue
		}
		out = append(out, warning{percent, at, r.unsure || soon(at.to)})
		said = percent
	}
	return out, said
}
