package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
	"intakebot/tickets/policy"
)

// customer files tickets as the dice fall, and knows what they must come to:
// from what went in, and from nothing that the program keeps.
type customer struct {
	*telegramsim.Person
	dice    *rand.Rand
	serial  *atomic.Int64                                                                                            // makes every text another
	filing  func(context.Context, wanted) error                                                                      // what follows a ticket; nil: nothing
	waits   func(ctx context.Context, what string, want func(telegramsim.Message) bool) (telegramsim.Message, error) // nil: for a minute
	plain   bool                                                                                                     // straight through, one problem a ticket; see errLost
	refused int                                                                                                      // how often the bot was refused here, as far as is known
	hooked  bool                                                                                                     // without detours, and no press right behind a message: a webhook may bring it first

	question telegramsim.Message // the newest; its buttons are pressed
	unread   bool                // it is heard already, and not answered
	pressed  press               // the latest, if nothing was typed since
	draft    draft
	known    tickets.Contact // of the latest ticket
	sites    []string
	kept     []string // problems for later
	filed    []wanted
}

// press is a button that was pressed.
type press struct {
	on   telegramsim.Message
	data string
	at   time.Time
}

// draft is what a customer has said so far.
type draft struct {
	topic     string
	report    tickets.Report
	pieces    []string
	submitted bool        // or so the customer thinks
	filled    bool        // contact and site were there from the start
	quick     bool        // the contact came on one press
	typed     map[int]int // messages that can be edited, by their step
}

// wanted is a ticket as it must be. Of the files only the IDs are known.
type wanted struct {
	number string
	topic  string
	report tickets.Report
}

// errDropped ends a dialog without a ticket, as the customer wanted.
var errDropped = errors.New("the customer does not go on")

// tickets files one ticket after another while more says so.
func (c *customer) tickets(ctx context.Context, more func() bool) error {
	err := or(nil, c.says("/start"), c.hears(ctx, "support desk"))
	if err != nil && !errors.Is(err, errLost) {
		return err
	}
	for more() {
		c.draft = draft{typed: map[int]int{}}
		if err := c.says("/new"); err != nil {
			return err
		}
		err := c.fill(ctx)
		if errors.Is(err, errLost) {
			err = c.recovers(ctx)
		}
		for err == nil && len(c.kept) > 0 {
			err = c.another(ctx)
		}
		if err != nil && !errors.Is(err, errDropped) {
			return fmt.Errorf("%s: %w", c.Name(), err)
		}
	}
	return nil
}

// another files a problem that was kept, or puts it off.
func (c *customer) another(ctx context.Context) error {
	if err := c.hears(ctx, "more problem"); err != nil {
		return err
	}
	if c.chance(3) {
		return or(errDropped, c.press("Later"), c.hears(ctx, "it is kept"))
	}
	c.draft = draft{pieces: c.kept[:1:1], filled: true, quick: true, typed: map[int]int{}}
	c.draft.report.Contact, c.draft.report.Site = c.known, c.sites[len(c.sites)-1]
	c.kept = c.kept[1:]
	if err := c.press("Yes, file it"); err != nil {
		return err
	}
	return c.fill(ctx)
}

// fill answers question after question, and files the draft.
func (c *customer) fill(ctx context.Context) error {
	for at := 0; at < len(questions); {
		q := questions[at]
		if err := c.hears(ctx, q.asks...); err != nil {
			return err
		}
		var err error
		if at, err = c.wanders(ctx, at, q.back); err != nil {
			return err
		}
	}
	return c.accepted(ctx)
}

// wanders answers a question, or does something else first.
func (c *customer) wanders(ctx context.Context, at, back int) (next int, err error) {
	switch {
	case c.hooked || c.plain: // as nothing speeds the limits up
	case at > 0 && c.chance(12):
		if at == onSite && c.draft.quick {
			back = onName
		}
		return back, c.press("← Back")
	case c.chance(40):
		return at, c.says("/help") // then the question comes again
	case c.chance(60):
		return at, c.drops(ctx)
	case c.chance(6) && at != onPhone:
		if err := c.corrects(ctx); err != nil {
			return at, err
		}
		if at == onReview { // it is shown anew, corrected
			return questions[at].answer(c, ctx)
		}
	}
	return questions[at].answer(c, ctx)
}

// drops cancels the draft.
func (c *customer) drops(ctx context.Context) error {
	return or(errDropped, c.says("/cancel"), c.hears(ctx, "Cancel the ticket?"),
		c.press("Yes, delete it"), c.hears(ctx, "The ticket is cancelled"))
}

// or is the first of some errors that is one, or else the last word.
func or(last error, errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return last
}

// corrects edits a message that gave an answer, each one once: Telegram's
// edit date has whole seconds.
func (c *customer) corrects(ctx context.Context) error {
	for _, step := range slices.Sorted(maps.Keys(c.draft.typed)) {
		if c.chance(2) {
			continue
		}
		message := c.draft.typed[step]
		delete(c.draft.typed, step)
		text := c.text("corrected <i>and</i> *true*")
		if step == onEmail {
			text = fmt.Sprintf("corrected%d@example.com", c.serial.Add(1))
		}
		*c.draft.field(step) = text
		c.Skip()
		if _, err := c.Edit(message, text); err != nil {
			return err
		}
		return c.hears(ctx, "Corrected:")
	}
	return nil
}

// accepted reads the receipt.
func (c *customer) accepted(ctx context.Context) error {
	if err := c.hears(ctx, "is accepted"); err != nil {
		return err
	}
	return c.notes(ctx, numbers.FindString(c.question.Text))
}

// notes remembers what was filed.
func (c *customer) notes(ctx context.Context, number string) error {
	d := c.draft
	d.report.Contact.Account = c.Name()
	c.filed = append(c.filed, wanted{number, d.topic, d.report})
	c.known = d.report.Contact
	c.sites = append(c.sites, d.report.Site)
	if c.filing == nil {
		return nil
	}
	return c.filing(ctx, c.filed[len(c.filed)-1])
}

var numbers = regexp.MustCompile(`T-\d+`)

// field finds the text of a step.
func (d *draft) field(step int) *string {
	r := &d.report
	return map[int]*string{
		onEmail: &r.Contact.Email, onName: &r.Contact.Name,
		onError: &r.Error, onSteps: &r.Steps, onChanges: &r.Changes,
	}[step]
}

// chance is one in n.
func (c *customer) chance(n int) bool { return c.dice.IntN(n) == 0 }

// text makes a text that nobody has said before.
func (c *customer) text(words string) string {
	return fmt.Sprintf("%s %d", words, c.serial.Add(1))
}

// says types a text. Whatever stood in the chat is read by then.
func (c *customer) says(text string) error {
	c.Skip()
	c.pressed = press{}
	_, err := c.Send(text)
	return err
}

// types answers a step with a text that can be edited later.
func (c *customer) types(step int, text string) error {
	c.Skip()
	c.pressed = press{}
	m, err := c.Send(text)
	if field := c.draft.field(step); field != nil {
		*field, c.draft.typed[step] = text, m.ID
	}
	return err
}

// press presses a button of the question, at times twice.
func (c *customer) press(label string) error { return c.presses(label, c.chance(10)) }

// pressOnce is press for a button that a second press takes back.
func (c *customer) pressOnce(label string) error { return c.presses(label, false) }

func (c *customer) presses(label string, twice bool) error {
	c.Skip()
	for _, row := range c.question.Keyboard {
		for _, b := range row {
			if b.Text == label {
				_, err := c.Send(label)
				return err
			}
		}
	}
	for _, row := range c.question.Buttons {
		for _, b := range row {
			if !strings.Contains(b.Text, label) {
				continue
			}
			if twice {
				if _, err := c.PressData(c.question.ID, b.Data); err != nil {
					return err
				}
			}
			_, err := c.PressData(c.question.ID, b.Data)
			c.pressed = press{c.question, b.Data, time.Now()}
			return err
		}
	}
	return fmt.Errorf("no button %q on %s", label, c.question)
}

// hears waits for a question with one of the texts. One whose buttons were
// taken off is an earlier one.
func (c *customer) hears(ctx context.Context, texts ...string) error {
	if c.unread {
		c.unread = false
		return nil
	}
	return c.listens(ctx, fmt.Sprintf("one of %q", texts), func(m telegramsim.Message) bool { return isQuestion(m, texts) })
}

// listens waits for a message of a kind.
func (c *customer) listens(ctx context.Context, what string, want func(telegramsim.Message) bool) (err error) {
	if c.waits == nil {
		var done func()
		ctx, done = context.WithTimeout(ctx, hangs)
		defer done()
		c.question, err = c.ExpectFunc(ctx, what, want)
		return err
	}
	m, err := c.waits(ctx, what, want)
	if err == nil {
		c.question = m
	}
	return err
}

// isQuestion tells a message with one of some texts that can be answered with a
// press.
func isQuestion(m telegramsim.Message, texts []string) bool {
	return len(m.Buttons)+len(m.Keyboard) > 0 && slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(m.Text, text) })
}

var shipped = policy.Shipped()
