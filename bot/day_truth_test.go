package bot

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"intakebot/bot/telegramsim"
)

// What the simulated desk shows, held against what the model knows.

var dayStatus = map[string]string{
	"new": "новая", "work": "в работе", "waiting": "ждёт клиента", "development": "в разработке", "put_off": "отложена",
	"solved": "решена", "declined": "отклонена", "closed": "закрыта", "reopened": "открыта снова",
}

var daySign = map[string]string{
	"new": "🆕", "work": "🔧", "waiting": "⏳", "development": "🛠", "put_off": "⏸", "solved": "✅", "declined": "🚫", "closed": "✅", "reopened": "🔁",
}

// sign is how the name of a ticket's topic begins.
func (t *modelTicket) sign() string {
	if t.critical && !t.isEnded() {
		return "🔴" + daySign[t.state]
	}
	return daySign[t.state]
}

// card is the card of a ticket; false: it is not there yet.
func (d *day) card(t *modelTicket) (telegramsim.Message, bool) {
	head := fmt.Sprintf("T-%d · ", t.n)
	for _, m := range botMessages(d.desk.Topic(t.thread)) {
		if t.thread != 0 && len(m.Buttons) > 0 && m.Has(head, "Тема: ") {
			return m, true
		}
	}
	return telegramsim.Message{}, false
}

// checkDesk sees that topics, cards and the board show what is.
func (d *day) checkDesk() {
	d.Helper()
	names := map[int]telegramsim.TopicInfo{}
	for _, info := range d.desk.Topics() {
		names[info.ID] = info
	}
	if len(names) != len(d.tickets) {
		d.fault("%d topics for %d tickets", len(names), len(d.tickets))
	}
	for _, t := range d.tickets {
		d.checkTopic(t, names[t.thread])
		d.checkCard(t)
	}
	d.checkBoard()
}

func (d *day) checkTopic(t *modelTicket, info telegramsim.TopicInfo) {
	if want := fmt.Sprintf("%s T-%d · ", t.sign(), t.n); !strings.HasPrefix(info.Name, want) || info.Closed != t.isEnded() {
		d.fault("the topic is %q, closed %v; want %q, %v", info.Name, info.Closed, want, t.isEnded())
	}
}

func (d *day) checkCard(t *modelTicket) {
	card, ok := d.card(t)
	if !ok {
		d.fault("T-%d has no card\n%s", t.n, d.desk.Topic(t.thread).Transcript())
		return
	}
	want := []string{fmt.Sprintf("%s T-%d · %s\n", t.sign(), t.n, dayStatus[t.state])}
	if t.state == "closed" {
		want[0] = fmt.Sprintf("T-%d · %s\n", t.n, dayStatus[t.state])
	}
	if t.agent != "" {
		want = append(want, "Ведёт: "+t.agent+"\n")
	}
	if !t.isEnded() {
		want = append(want, "Уровень: "+levelRules[t.level].name+"\n")
	}
	if t.rating > 0 && t.isEnded() {
		want = append(want, fmt.Sprintf("Оценка: %d из 5\n", t.rating))
	}
	if !card.Has(want...) || t.critical && !card.Has("🔴 Критическая") {
		d.fault("T-%d: the card lacks one of %q:\n%s\n%s", t.n, want, card.Text, d.story(t))
	}
	due, runs := t.due()
	runs = runs && (t.state == "new" || t.state == "reopened") // then it stands above the customer's message
	found := dueForm.FindStringSubmatch(card.Text)
	if runs != (found != nil) || runs && !due.shows(found[1]+" "+found[2]) {
		d.fault("T-%d: due %v, %s; the card says\n%s", t.n, runs, clockOf(due.from), card.Text)
	}
}

// learns asks by /why what nobody can know: whether an answer or an addition that
// came at the same instant was first.
func (d *day) learns() {
	list := d.which(func(t *modelTicket) bool { return t.unsure })
	for _, t := range list {
		d.could(d.agents[0].in(t).Send("/why"))
		d.until(time.Now().Add(5 * time.Second))
	}
	d.until(time.Now().Add(2 * time.Minute))
	for _, t := range list {
		said := botMessages(d.desk.Topic(t.thread))
		d.learn(t, said[len(said)-1])
	}
}

func (d *day) learn(t *modelTicket, why telegramsim.Message) {
	if t.unsure = false; why.Has("ответа не ждёт") {
		t.stop()
	} else if t.counting().level != "" && !why.Has("🧮") {
		d.fault("T-%d: /why says %s", t.n, why.Text)
	}
	t.recount(time.Now())
	if last := len(t.runs) - 1; t.counting().level != "" {
		t.runs[last].from = t.runs[last-1].from
	}
}

var boardLine = regexp.MustCompile(`(?m)^(\S+) T-(\d+) · .*\n +(?:до \S+ (\d+) [^\s,]+, (\d\d:\d\d) МСК · )?([^·\n]+) · ([^·\n]+)$`)

// checkBoard sees that the board lists what is open, the most urgent first (R2.3,
// R2.4).
func (d *day) checkBoard() {
	var board telegramsim.Message
	for _, m := range botMessages(d.desk.Chat) {
		if m.Pinned {
			board = m
		}
	}
	open := urgent(d.which(func(t *modelTicket) bool { return !t.isEnded() }))
	lines := boardLine.FindAllStringSubmatch(board.Text, -1)
	if len(lines) != min(len(open), 25) || !board.Has(fmt.Sprintf("📋 %d ", len(open))) {
		d.fault("%d tickets are open, the board is\n%s", len(open), board.Text)
		return
	}
	for i, line := range lines {
		if want := boardOf(open[i]); !slices.Contains(want, strings.Join(line[1:], "|")) {
			d.fault("at place %d of the board is %q, want one of %q\n%s", i+1, line[0], want, board.Text)
			return
		}
	}
}

// boardOf is what the board says of a ticket: its due time is known to two
// seconds, so that it can be in one of two minutes.
func boardOf(t *modelTicket) []string {
	agent := t.agent
	if agent == "" {
		agent = "никто не взял"
	}
	due, ok := t.due()
	var out []string
	for _, at := range []time.Time{due.from, due.to} {
		day, clock := "", ""
		if ok {
			day, clock, _ = strings.Cut(clockOf(at), " ")
		}
		out = append(out, strings.Join([]string{t.sign(), fmt.Sprint(t.n), day, clock, dayStatus[t.state], agent}, "|"))
	}
	return out
}
