package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// The questions, in their order.
const (
	onTopic = iota
	onName
	onEmail
	onLogin
	onPhone
	onSite
	onProblem
	onError
	onSteps
	onShots
	onChanges
	onReview
	onFiled
)

// question is how a customer knows one, where Back leads from it, and how it
// is answered: the answer gives the question to wait for next.
type question struct {
	asks   []string
	back   int
	answer func(*customer, context.Context) (int, error)
}

var questions []question

func init() { // the answers refer to the table
	questions = []question{
		onTopic:   {[]string{"What is your ticket about"}, 0, (*customer).topic},
		onName:    {[]string{"What is your name"}, onTopic, (*customer).name},
		onEmail:   {[]string{"Your e-mail address"}, onName, (*customer).email},
		onLogin:   {[]string{"Your login in the system"}, onEmail, (*customer).login},
		onPhone:   {[]string{"A phone number for emergencies"}, onLogin, (*customer).phone},
		onSite:    {[]string{"The site's address"}, onPhone, (*customer).site},
		onProblem: {[]string{"What is the problem"}, onSite, (*customer).problem},
		onError:   {[]string{"What does the error message say"}, onProblem, text(onError, "There is no error text", "HTTP 500 <b>& more</b>")},
		onSteps:   {[]string{"What leads to the problem"}, onError, text(onSteps, "I don't know", "I open _the basket_ & press *Pay*")},
		onShots:   {[]string{"Send screenshots", "Screenshots\nThere"}, onSteps, (*customer).shots},
		onChanges: {[]string{"What was changed on the site"}, onShots, text(onChanges, "Nothing was changed", "A module for <payments>")},
		onReview:  {[]string{"Please check the ticket"}, onChanges, (*customer).review},
	}
}

// text answers a free text, or says that there is none.
func text(step int, none, words string) func(*customer, context.Context) (int, error) {
	return func(c *customer, _ context.Context) (int, error) {
		if c.chance(4) {
			*c.draft.field(step) = ""
			delete(c.draft.typed, step)
			return step + 1, c.press(none)
		}
		return step + 1, c.types(step, c.text(words))
	}
}

func (c *customer) topic(ctx context.Context) (int, error) {
	next := onName
	if c.draft.filled {
		next = onProblem
	}
	topic := shipped.Topics[c.dice.IntN(len(shipped.Topics))]
	label := topic.Name[tickets.English]
	c.draft.topic = topic.ID
	if !topic.OutOfScope {
		return next, c.press(label)
	}
	if err := c.others(ctx, label); err != nil {
		return 0, err
	}
	return next, or(nil, c.press(label), c.hears(ctx, "file a ticket all the same"), c.press("File a ticket all the same"))
}

// others opens the list of the topics out of scope. It is the same question, so
// that one that was sent twice may stand before it.
func (c *customer) others(ctx context.Context, label string) error {
	for !slices.ContainsFunc(c.question.Labels(), func(l string) bool { return strings.Contains(l, label) }) {
		if err := or(nil, c.pressOnce("Other: beyond support"), c.hears(ctx, questions[onTopic].asks...)); err != nil {
			return err
		}
	}
	return nil
}

func (c *customer) name(context.Context) (int, error) {
	contact := &c.draft.report.Contact
	c.draft.quick = false
	switch {
	case c.known.Name != "" && !c.chance(3):
		*contact, c.draft.quick = c.known, true
		clear(c.draft.typed)
		return onSite, c.press(c.known.Name + ", " + c.known.Email)
	case c.chance(2):
		contact.Name = c.Name()
		delete(c.draft.typed, onName)
		return onEmail, c.pressExactly(c.Name())
	}
	return onEmail, c.types(onName, c.text("Customer"))
}

// pressExactly tells the name's button from that of the known contact.
func (c *customer) pressExactly(label string) error {
	q := &c.question
	for i, row := range q.Buttons {
		q.Buttons[i] = slices.DeleteFunc(slices.Clone(row), func(b telegramsim.Button) bool { return b.Text != label })
	}
	return c.press(label)
}

func (c *customer) email(ctx context.Context) (int, error) {
	if c.chance(6) {
		if err := or(nil, c.says("me@nowhere"), c.hears(ctx, "does not look like an e-mail")); err != nil {
			return 0, err
		}
	}
	return onLogin, c.types(onEmail, fmt.Sprintf("me%d@example.com", c.serial.Add(1)))
}

func (c *customer) login(context.Context) (int, error) {
	c.draft.report.Contact.Login = fmt.Sprintf("login%d", c.serial.Add(1))
	return onPhone, c.says(c.draft.report.Contact.Login)
}

func (c *customer) phone(context.Context) (int, error) {
	phone := &c.draft.report.Contact.Phone
	switch c.dice.IntN(3) {
	case 0:
		*phone = ""
		return onSite, c.press("Skip")
	case 1:
		*phone = c.PhoneNumber()
		c.Skip()
		_, err := c.ShareContact()
		return onSite, err
	}
	*phone = fmt.Sprintf("+7495%07d", 1000000+c.serial.Add(1))
	return onSite, c.says(*phone)
}

func (c *customer) site(context.Context) (int, error) {
	site := &c.draft.report.Site
	if n := len(c.sites); n > 0 && c.chance(2) {
		*site = c.sites[n-1]
		return onProblem, c.press(strings.TrimPrefix(*site, "https://"))
	}
	*site = fmt.Sprintf("https://shop%d.example.com/basket", c.serial.Add(1))
	return onProblem, c.says(*site)
}

// problem describes it in a message or several; some descriptions hold two
// problems.
func (c *customer) problem(ctx context.Context) (int, error) {
	d := &c.draft
	switch {
	case len(d.pieces) > 0 && c.chance(4):
		d.pieces = nil
		return onProblem, c.removes(ctx, "Write it anew")
	case len(d.report.Files) == 0 && c.chance(8): // and the text is asked for again
		err := or(nil, c.shows(1), c.hears(ctx, "Saved: 1 screenshot"))
		c.unread = err == nil
		return onProblem, err
	case len(d.pieces) == 0 && !c.plain && c.chance(3):
		return c.twoProblems(ctx)
	}
	for range 1 + c.dice.IntN(3) {
		if len(d.pieces) > 0 && (c.chance(2) || c.hooked || c.plain) {
			break
		}
		piece := c.text("The basket stays empty whatever is put there, case")
		d.pieces = append(d.pieces, piece)
		if err := or(nil, c.says(piece), c.hears(ctx, "Added to the description")); err != nil {
			return 0, err
		}
	}
	return onError, c.described(ctx, false)
}

func (c *customer) twoProblems(ctx context.Context) (int, error) {
	one := c.text("The catalogue does not open, there is a blank page instead, case")
	two := c.text("E-mails about new orders stopped coming, case")
	c.draft.pieces = []string{"1. " + one + "\n2. " + two}
	if err := or(nil, c.says(c.draft.pieces[0]), c.hears(ctx, "Added to the description")); err != nil {
		return 0, err
	}
	split := c.chance(2)
	if err := c.described(ctx, split); err != nil || !split {
		return onError, err
	}
	c.draft.report.Problem, c.draft.pieces = one, []string{one}
	c.kept = append(c.kept, two)
	return onError, nil
}

// described ends the description. Whether it looks like several problems is
// the program's guess, and the customer's to decide.
func (c *customer) described(ctx context.Context, split bool) error {
	c.draft.report.Problem = strings.Join(c.draft.pieces, "\n")
	if err := or(nil, c.press("✓ Done"), c.hears(ctx, "What does the error message say", "different problems here")); err != nil {
		return err
	}
	switch {
	case strings.Contains(c.question.Text, "What does the error") && split:
		return errors.New("two problems were taken for one")
	case strings.Contains(c.question.Text, "What does the error"):
		c.unread = true
		return nil
	case split:
		return c.press("File them separately")
	}
	return c.press("It is one problem")
}

func (c *customer) shots(ctx context.Context) (int, error) {
	have := len(c.draft.report.Files)
	switch {
	case have > 0 && c.chance(4):
		c.draft.report.Files = nil
		return onShots, c.removes(ctx, "Remove all")
	case have == 0 && c.chance(4):
		return onChanges, c.press("No screenshots")
	case have == 0 || have < 3 && c.chance(3):
		n := 1 + c.dice.IntN(3)
		if err := or(nil, c.shows(n), c.hears(ctx, fmt.Sprintf("Saved: %d screenshot", have+n))); err != nil {
			return 0, err
		}
	}
	return onChanges, c.press("✓ Done")
}

// removes takes back what was given, and waits until it is: the question that
// follows may have stood there before, sent twice.
func (c *customer) removes(ctx context.Context, label string) error {
	err := or(nil, c.press(label), c.hears(ctx, "Removed."))
	c.unread = err == nil
	return err
}

// shows sends pictures: an album where there are several, else in any form.
func (c *customer) shows(n int) error {
	c.Skip()
	var sent []telegramsim.Message
	var one telegramsim.Message
	var err error
	data := func() []byte { return picture(int(c.serial.Add(1))) }
	switch kind := c.dice.IntN(3); {
	case n > 1:
		album := make([]telegramsim.AlbumItem, n)
		for i := range album {
			album[i].Data = data()
		}
		sent, err = c.SendAlbum(album)
	case kind == 0:
		one, err = c.SendDocument("error.png", data(), "")
	case kind == 1:
		one, err = c.SendGIF("error.gif", append([]byte("GIF89a"), data()...), "")
	default:
		one, err = c.SendPhoto(data(), "")
	}
	if n == 1 {
		sent = []telegramsim.Message{one}
	}
	for _, m := range sent {
		c.draft.report.Files = append(c.draft.report.Files, tickets.File{ID: m.FileID})
	}
	return err
}

// review sends the ticket, after changing a field now and then.
func (c *customer) review(ctx context.Context) (int, error) {
	if c.plain || !c.chance(4) {
		c.draft.submitted = true
		return onFiled, c.press("✓ Send")
	}
	step := []int{onEmail, onError, onSteps, onChanges}[c.dice.IntN(4)]
	label := map[int]string{onEmail: "E-mail", onError: "Error text", onSteps: "Steps", onChanges: "Changes"}[step]
	err := or(nil, c.press("✎ Edit"), c.hears(ctx, "What shall we change"), c.press(label), c.hears(ctx, questions[step].asks...))
	if err != nil {
		return 0, err
	}
	_, err = questions[step].answer(c, ctx)
	return onReview, err
}
