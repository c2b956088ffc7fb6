package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"intakebot/bot/telegramsim"
)

// wonders writes without saying about which ticket.
func (c *dayCustomer) wonders() {
	c.takes(time.Now())
	c.stray(c.say(c.in("Пишу подробнее ", "In more detail: ") + c.strayToken()))
}

func (c *dayCustomer) strayToken() string {
	token := c.token("addition")
	c.d.book.parcels[token].stray = true
	c.strays = append(c.strays, token)
	return token
}

func (c *dayCustomer) stray(id int) { c.d.book.sent(id) }

// writesToEnded replies to a ticket that has ended.
func (c *dayCustomer) writesToEnded(t *modelTicket) {
	if to := c.about(t); to != 0 {
		c.takes(time.Now())
		c.stray(c.say(c.in("Опять то же самое ", "The same again ")+c.strayToken(), telegramsim.ReplyTo(to)))
	}
}

// chooses says where it belongs what was asked about.
func (c *dayCustomer) chooses(now time.Time) {
	for _, m := range slices.Backward(botMessages(c.seat.Chat)) {
		if !m.Has(c.in("К какой заявке", "Which ticket does this")) && !m.Has(c.in("Открыть её снова или", "Reopen it, or")) {
			continue
		}
		labels := slices.DeleteFunc(m.Labels(), func(l string) bool { return !strings.Contains(l, "T-") })
		if len(labels) == 0 {
			break
		}
		label := labels[c.rand.IntN(len(labels))]
		t := c.d.ticketIn(label)
		c.takes(now)
		c.press(m, label)
		again := strings.Contains(label, c.in("Открыть снова", "Reopen"))
		if t.isEnded() && !again { // it has ended meanwhile: the question changes
			return
		}
		if t.isEnded() {
			t.reopened(now)
		}
		t.added(now)
		for _, token := range c.strays {
			c.d.book.parcels[token].ticket = t.n
		}
		c.strays = nil
		return
	}
	c.d.fault("%s is not asked where it belongs\n%s", c, c.tail())
	c.strays = nil
}

// rates gives stars below the newest message that asks for them.
func (c *dayCustomer) rates(t *modelTicket) {
	stars := 1 + c.rand.IntN(5)
	for _, m := range slices.Backward(botMessages(c.seat.Chat)) {
		if len(m.Buttons) == 0 || !m.Has(fmt.Sprintf("T-%d", t.n), c.in("Как мы справились", "How did we do")) {
			continue
		}
		c.takes(time.Now())
		c.press(m, fmt.Sprintf("%d ★", stars))
		if t.rating != stars {
			t.rating, c.rated = stars, time.Now()
			c.comment = t
		}
		return
	}
}

// comments says why, or nothing.
func (c *dayCustomer) comments(now time.Time) {
	t := c.comment
	c.comment = nil
	if now.Sub(c.rated) < 4*time.Minute && t.isEnded() && c.chance(60) {
		c.takes(now)
		c.sentAs(c.seat.Send(c.in("Долго ждали ", "It took long ") + c.tokenFor("comment", t)))
	}
}

// reopens takes a ticket up again.
func (c *dayCustomer) reopens(t *modelTicket, now time.Time) {
	for _, m := range slices.Backward(botMessages(c.seat.Chat)) {
		if !m.Has(fmt.Sprintf("T-%d", t.n)) || !strings.Contains(strings.Join(m.Labels(), ""), c.in("Открыть снова", "Reopen")) || m.Has(c.in("К какой", "Which ticket")) {
			continue
		}
		c.takes(now)
		c.press(m, c.in("Открыть снова", "Reopen"))
		t.reopened(now)
		return
	}
}
