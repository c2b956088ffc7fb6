package bot

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"intakebot/bot/telegramsim"
)

// dayAgent is one of the desk's agents.
type dayAgent struct {
	d    *day
	who  *telegramsim.Person
	rand *rand.Rand
}

func (a *dayAgent) name() string { return a.who.Name() }

func (a *dayAgent) in(t *modelTicket) *telegramsim.Seat { return a.who.In(a.d.desk.Topic(t.thread)) }

// step does one thing to one of the tickets, and says when to look again.
func (a *dayAgent) step() time.Duration {
	now := time.Now()
	if !deskOpen(now, true) && a.rand.IntN(20) > 0 {
		return time.Duration(10+a.rand.IntN(20)) * time.Minute
	}
	if t := a.picks(now); t != nil {
		t.of.takes(now)
		a.acts(t, now)
	}
	return time.Duration(a.rand.ExpFloat64() * float64(a.d.pace) / 8)
}

// picks finds a ticket to work on: mostly an open one.
func (a *dayAgent) picks(now time.Time) *modelTicket {
	open, shy := a.rand.IntN(10) > 0, a.rand.IntN(20) > 0
	list := a.d.which(func(t *modelTicket) bool {
		return t.thread != 0 && t.isEnded() != open && t.of.isFree(now) && !(shy && t.isHard())
	})
	if len(list) == 0 {
		return nil
	}
	return list[a.rand.IntN(len(list))]
}

func (a *dayAgent) acts(t *modelTicket, now time.Time) {
	act := func(name string) func() { return func() { a.does(t, name, "", now) } }
	deeds := []deed{{30, func() { a.answers(t, now) }}, {8, act("take")}, {5, func() { a.notes(t) }}, {4, func() { a.looks(t) }}}
	if t.isEnded() {
		deeds = []deed{{3, func() { a.answers(t, now) }}, {4, act("reopen")}, {5, act("close")}, {3, func() { a.notes(t) }}}
		oneOf(a.rand, deeds)
		return
	}
	reasons := []string{"not-reproduced", "no-information", "long-diagnosis", "out-of-scope", "not-constructive"}
	reason := reasons[a.rand.IntN(len(reasons))]
	deeds = append(deeds, []deed{
		{8, act("wait")}, {20, act("solve")}, {3, act("develop")}, {3, func() { a.does(t, "putoff", reason, now) }},
		{2, func() { a.does(t, "decline", reason, now) }}, {3, act("close")}, {2, act("assign")}, {4, func() { a.levels(t, now) }},
		{3, func() { a.prioritises(t) }}, {4, func() { a.cans(t, now) }}, {3, func() { a.splits(t, now) }}, {3, func() { a.merges(t, now) }},
		{4, func() { a.corrects(t, now) }}, {4, func() { a.together(t, now) }},
	}...)
	oneOf(a.rand, deeds)
}

// does does an action by its button, where the card has it, or by its command.
func (a *dayAgent) does(t *modelTicket, name, value string, now time.Time) {
	if value != "" || !a.pressed(t, name) {
		a.d.could(a.in(t).Send(strings.TrimSpace("/" + name + " " + value)))
	}
	t.agentDid(name, a.name(), now)
}

// dayLabels are what the buttons of actions say.
var dayLabels = map[string]string{"take": "✋ Взять", "wait": "⏳ Ждём клиента", "solve": "✅ Решена", "reopen": "🔁 Открыть снова"}

// pressed presses an action's button on the card, half of the time.
func (a *dayAgent) pressed(t *modelTicket, name string) bool {
	card, ok := a.d.card(t)
	label := dayLabels[name]
	if !ok || label == "" || a.rand.IntN(2) == 0 {
		return false
	}
	for _, b := range slices.Concat(card.Buttons...) {
		if b.Text == label {
			a.d.could(a.in(t).PressData(card.ID, b.Data))
			return true
		}
	}
	return false
}

func (a *dayAgent) token(kind string, t *modelTicket) string {
	p := parcel{kind: kind, from: a.name(), owner: t.of.seat.ID(), ticket: t.n, chat: a.d.desk.ID(), at: time.Now(), lost: t.of.blocked || kind == "answer" && t.merged}
	return a.d.book.token(p)
}

// answers writes to the customer: words, a picture, an album, a voice message.
func (a *dayAgent) answers(t *modelTicket, now time.Time) {
	seat, token := a.in(t), func() string { return a.token("answer", t) }
	switch a.rand.IntN(8) {
	case 0:
		a.sentAs(seat.SendPhoto(tokenPicture(token()), "Смотрите "+token()))
	case 1:
		list, err := seat.SendAlbum(album(2+a.rand.IntN(3), token))
		a.d.could(nil, err)
		a.d.book.sent(idsOf(list)...)
	case 2:
		a.sentAs(seat.SendVoice([]byte("OggS" + token())))
	case 3:
		a.sentAs(seat.Send("Во-первых " + token()))
		a.sentAs(seat.Send("Во-вторых " + token()))
	default:
		a.sentAs(seat.Send("Попробуйте так: " + token()))
	}
	t.agentDid("answer", a.name(), now)
}

func (a *dayAgent) sentAs(m telegramsim.Message, err error) {
	a.d.could(m, err)
	a.d.book.sent(m.ID)
}

func idsOf(list []telegramsim.Message) []int {
	var ids []int
	for _, m := range list {
		ids = append(ids, m.ID)
	}
	return ids
}

// notes says something that stays inside.
func (a *dayAgent) notes(t *modelTicket) {
	seat, token := a.in(t), a.token("note", t)
	switch a.rand.IntN(3) {
	case 0:
		a.d.could(seat.Send("// между нами " + token))
	case 1:
		a.d.could(seat.Send("/note странно " + token))
	default:
		items := album(2, func() string { return a.token("note", t) })
		items[0].Caption = "// снимки для нас " + token
		list, err := seat.SendAlbum(items)
		a.d.could(list, err)
	}
}

// looks looks something up.
func (a *dayAgent) looks(t *modelTicket) {
	commands := []string{"/why", "/transcript", "/queue", "/mine", "/find shop", fmt.Sprintf("/ticket T-%d", t.n)}
	a.d.could(a.in(t).Send(commands[a.rand.IntN(len(commands))]))
}

func (a *dayAgent) levels(t *modelTicket, now time.Time) {
	level := []string{"support", "consultation", "development"}[a.rand.IntN(3)]
	a.d.could(a.in(t).Send("/level " + level))
	t.leveled(level, now)
}

func (a *dayAgent) prioritises(t *modelTicket) {
	on := a.rand.IntN(2) == 0
	a.d.could(a.in(t).Send("/priority " + map[bool]string{true: "on", false: "off"}[on]))
	t.critical = on
}

func (a *dayAgent) cans(t *modelTicket, now time.Time) {
	a.d.could(a.in(t).Send("/r details"))
	t.tell("canned")
	t.agentDid("answer", a.name(), now)
}

// carried finds a message in a ticket's topic that brought a parcel of a kind.
func (a *dayAgent) carried(t *modelTicket, kind string) (saying, *parcel) {
	for _, s := range slices.Backward(a.d.book.all) {
		for _, token := range s.tokens {
			p := a.d.book.parcels[token]
			if s.thread == t.thread && p.kind == kind && p.ticket == t.n && p.split == 0 && len(s.tokens) == 1 && !s.photo {
				return s, p
			}
		}
	}
	return saying{}, nil
}

// splits makes a ticket of its own out of an addition (R3.4).
func (a *dayAgent) splits(t *modelTicket, now time.Time) {
	s, p := a.carried(t, "addition")
	if p == nil || a.d.splitting != nil || t.of.blocked {
		return
	}
	a.d.splitting = &splitting{t, p, now}
	a.d.could(a.in(t).Send("/split", telegramsim.ReplyTo(s.id)))
}

// splitting is a ticket that is being made out of a message.
type splitting struct {
	from   *modelTicket
	parcel *parcel
	at     time.Time
}

// merges joins a ticket into another one of the same customer, or tries to join it
// with somebody else's.
func (a *dayAgent) merges(t *modelTicket, now time.Time) {
	others := a.d.which(func(o *modelTicket) bool { return o != t && !o.isEnded() && (o.of == t.of || a.rand.IntN(20) == 0) })
	if len(others) == 0 {
		return
	}
	o := others[a.rand.IntN(len(others))]
	a.d.could(a.in(t).Send(fmt.Sprintf("/merge T-%d", o.n)))
	if o.of != t.of { // P7: refused
		return
	}
	since := t.since
	t.agentDid("merge", a.name(), now)
	t.merged = true
	o.received(t, since, now)
}

// corrects edits an answer of the agent's own, or takes it back.
func (a *dayAgent) corrects(t *modelTicket, now time.Time) {
	for _, p := range a.d.book.order {
		if p.kind != "answer" || p.from != a.name() || p.ticket != t.n || p.maybe || p.lost || t.of.blocked {
			continue
		}
		m, ok := a.in(t).Message(p.order)
		if !ok || m.Kind != "text" || !strings.HasPrefix(m.Text, "Попробуйте") {
			continue
		}
		p.maybe = true
		if a.rand.IntN(2) == 0 {
			a.d.could(a.in(t).Send("/delete", telegramsim.ReplyTo(p.order)))
			if now.Sub(p.at) < 47*time.Hour { // later, Telegram does not allow it
				a.d.deleted = append(a.d.deleted, p.token)
			}
			return
		}
		a.d.could(a.in(t).Edit(p.order, "Вернее: "+a.token("edited", t)))
		return
	}
}

// together has two people act at the same instant.
func (a *dayAgent) together(t *modelTicket, now time.Time) {
	other := a.d.agents[a.rand.IntN(len(a.d.agents))]
	if other == a {
		return
	}
	switch a.rand.IntN(2) {
	case 0: // the customer adds something: nobody can say which came first
		if t.of.blocked || t.of.draft != nil || len(t.of.strays) > 0 || t.of.comment != nil || len(t.of.open()) != 1 {
			return
		}
		t.of.adds(t, now)
		a.answers(t, now)
		if t.state == "waiting" {
			t.state = "work"
		}
		t.since, t.unsure = span{now, now.Add(handled)}, true
		t.recount(now)
	default:
		a.answers(t, now)
		other.answers(t, now)
	}
}
