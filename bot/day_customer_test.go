package bot

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"intakebot/bot/telegramsim"
)

// dayCustomer is one of the day's customers. They look at their chat now and
// then, and do one thing.
type dayCustomer struct {
	d       *day
	n       int
	seat    *telegramsim.Seat
	english bool
	rand    *rand.Rand
	tickets []*modelTicket
	blocked bool
	busy    time.Time // until then nobody else touches this customer's tickets

	draft    *dayDraft // nil: none
	kept     []string  // tokens of the problems for later
	answered int       // the question that was answered last
	asked    int       // how often it was waited for
	strays   []string  // tokens of what was asked about and not answered yet
	comment  *modelTicket
	rated    time.Time
	sent     []sentAddition
}

// sentAddition is an addition that can be edited later.
type sentAddition struct {
	id     int
	ticket *modelTicket
}

func (c *dayCustomer) String() string { return c.seat.Person().Name() }

func (c *dayCustomer) in(ru, en string) string {
	if c.english {
		return en
	}
	return ru
}

// between is a pause of so many seconds.
func (c *dayCustomer) between(from, to int) time.Duration {
	return time.Duration(from+c.rand.IntN(to-from)) * time.Second
}

func (c *dayCustomer) say(text string, opts ...telegramsim.SendOption) int {
	m, err := c.seat.Send(text, opts...)
	c.d.could(m, err)
	return m.ID
}

// press presses a button of a message, by a part of its label.
func (c *dayCustomer) press(m telegramsim.Message, label string) {
	for _, b := range slices.Concat(m.Buttons...) {
		if strings.Contains(b.Text, label) {
			c.d.could(c.seat.PressData(m.ID, b.Data))
			return
		}
	}
	c.d.fault("%s finds no button %q below %q", c, label, m.Text)
}

func (c *dayCustomer) token(kind string) string {
	return c.d.book.token(parcel{kind: kind, from: c.String(), owner: c.seat.ID(), chat: c.seat.ID(), at: time.Now()})
}

// draftToken is a token of the draft.
func (c *dayCustomer) draftToken() string {
	token := c.token("draft")
	c.draft.tokens = append(c.draft.tokens, token)
	return token
}

func (c *dayCustomer) tail() string {
	lines := strings.Split(c.seat.Transcript(), "\n")
	return strings.Join(lines[max(0, len(lines)-30):], "\n")
}

func (c *dayCustomer) open() []*modelTicket {
	return c.which(func(t *modelTicket) bool { return !t.isEnded() })
}

func (c *dayCustomer) which(is func(*modelTicket) bool) []*modelTicket {
	return slices.DeleteFunc(slices.Clone(c.tickets), func(t *modelTicket) bool { return !is(t) })
}

// isFree tells whether what happens to the customer's tickets now can be told
// from what happened before.
func (c *dayCustomer) isFree(now time.Time) bool {
	return !now.Before(c.busy) && !slices.ContainsFunc(c.tickets, func(t *modelTicket) bool { return t.nearSilence(now) })
}

// takes keeps others away from the customer's tickets for a moment.
func (c *dayCustomer) takes(now time.Time) { c.busy = now.Add(3 * time.Second) }

// step does one thing, and says when to look again.
func (c *dayCustomer) step() time.Duration {
	now := time.Now()
	switch {
	case c.blocked:
		c.returns(now)
		return c.between(10, 60)
	case c.draft != nil:
		return c.answers()
	case !c.isFree(now):
		return c.between(3, 20)
	case len(c.strays) > 0:
		c.chooses(now)
		return c.between(20, 60)
	case c.comment != nil:
		c.comments(now)
		return c.between(400, 900)
	case c.d.isEvening(now):
		return time.Hour
	}
	c.acts(now)
	if c.comment != nil {
		return c.between(10, 200)
	}
	return time.Duration(c.rand.ExpFloat64() * float64(c.d.pace))
}

// deed is something to do, more likely the greater its weight.
type deed struct {
	weight int
	do     func()
}

// oneOf does one of the deeds.
func oneOf(r *rand.Rand, deeds []deed) {
	sum := 0
	for _, d := range deeds {
		sum += d.weight
	}
	if sum == 0 {
		return
	}
	n := r.IntN(sum)
	for _, d := range deeds {
		if n -= d.weight; n < 0 {
			d.do()
			return
		}
	}
}

func (c *dayCustomer) acts(now time.Time) {
	open := c.open()
	ended := c.which(func(t *modelTicket) bool { return t.isEnded() && !t.merged })
	deeds := []deed{{40 / (1 + 6*len(c.tickets)), c.begins}, {2, func() { c.say("/tickets") }}}
	if len(open) > 0 {
		t, often := open[c.rand.IntN(len(open))], 40
		if t.isHard() {
			often = 2
		}
		deeds = append(deeds, deed{often, func() { c.adds(t, now) }}, deed{2, c.blocks})
	}
	if len(open) > 1 {
		deeds = append(deeds, deed{8, c.wonders})
	}
	if len(ended) > 0 {
		t := ended[c.rand.IntN(len(ended))]
		deeds = append(deeds, deed{20, func() { c.rates(t) }}, deed{4, func() { c.reopens(t, now) }}, deed{3, func() { c.writesToEnded(t) }})
	}
	if len(c.sent) > 0 {
		deeds = append(deeds, deed{5, func() { c.edits(c.sent[c.rand.IntN(len(c.sent))]) }})
	}
	oneOf(c.rand, deeds)
}

func (c *dayCustomer) begins() {
	c.draft = &dayDraft{}
	if c.answered == 0 && len(c.tickets) == 0 {
		c.d.could(c.seat.Start(""))
	}
	c.say("/new")
}

// adds writes something about a ticket: words, a picture or an album, or two
// things at once.
func (c *dayCustomer) adds(t *modelTicket, now time.Time) {
	c.takes(now)
	var opts []telegramsim.SendOption
	if len(c.open()) > 1 || time.Since(c.rated) < 6*time.Minute || c.chance(40) { // words right after a rating are about it
		to := c.about(t)
		if to == 0 {
			return
		}
		opts = append(opts, telegramsim.ReplyTo(to))
	}
	token := func() string { return c.tokenFor("addition", t) }
	switch c.rand.IntN(6) {
	case 0:
		c.sentAs(c.seat.SendPhoto(tokenPicture(token()), c.in("Вот так ", "Like this ")+token(), opts...))
	case 1:
		list, err := c.seat.SendAlbum(album(2+c.rand.IntN(3), token), opts...)
		c.d.could(nil, err)
		c.d.book.sent(idsOf(list)...)
	case 2:
		c.sentAs(c.seat.Send(c.in("Сначала так: ", "First this: ")+token(), opts...))
		c.sentAs(c.seat.Send(c.in("и вот ещё ", "and this too ")+token(), opts...))
	default:
		m, err := c.seat.Send(c.in("Дополняю: ", "I add: ")+token(), opts...)
		c.sentAs(m, err)
		c.sent = append(c.sent, sentAddition{m.ID, t})
	}
	t.added(now)
}

// sentAs notes where the newest parcels were sent.
func (c *dayCustomer) sentAs(m telegramsim.Message, err error) {
	c.d.could(m, err)
	c.d.book.sent(m.ID)
}

func (c *dayCustomer) tokenFor(kind string, t *modelTicket) string {
	token := c.token(kind)
	c.d.book.parcels[token].ticket = t.n
	return token
}

// about is the newest message in the chat of which a person would say that it is
// about the ticket; 0: there is none.
func (c *dayCustomer) about(t *modelTicket) int {
	for _, m := range slices.Backward(botMessages(c.seat.Chat)) {
		if isAbout(m.Text) == t.n && m.Kind == "text" {
			return m.ID
		}
	}
	return 0
}

var (
	acceptedForm = regexp.MustCompile(`(?:Заявка|Ticket) T-(\d+) (?:принята|is accepted)`)
	numberForm   = regexp.MustCompile(`T-(\d+)`)
)

// isAbout is the ticket that a message is about: the one that it says is accepted,
// or the only one in its first line; 0: none.
func isAbout(text string) int {
	found := acceptedForm.FindAllStringSubmatch(text, -1)
	if found == nil {
		first, _, _ := strings.Cut(text, "\n")
		found = numberForm.FindAllStringSubmatch(first, -1)
	}
	if len(found) != 1 {
		return 0
	}
	n, _ := strconv.Atoi(found[0][1])
	return n
}

// edits corrects an addition.
func (c *dayCustomer) edits(s sentAddition) {
	c.takes(time.Now())
	m, err := c.seat.Edit(s.id, c.in("Точнее: ", "Rather: ")+c.tokenFor("edited", s.ticket))
	c.d.could(m, err)
}

func (c *dayCustomer) blocks() {
	if c.d.isQuiet(c) {
		c.takes(time.Now())
		c.blocked = true
		c.d.could(nil, c.seat.Block())
	}
}

func (c *dayCustomer) returns(now time.Time) {
	if c.isFree(now) && c.chance(30) {
		c.takes(now)
		c.blocked = false
		c.d.could(c.seat.Start(""))
	}
}
