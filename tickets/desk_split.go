package tickets

import (
	"fmt"
	"slices"
	"strconv"
)

// split makes a ticket of its own out of a customer's message (R3.4). Its
// description is the message's text, or the words after the command.
func (u *deskTurn) split(a Act) error {
	text := a.Value
	if text == "" && a.Post != nil && a.Post.Body != nil {
		text = a.Post.Body.Text
	}
	switch {
	case a.Post == nil || len(a.Post.Source.Messages) == 0:
		return refusal("desk.split.reply", nil)
	case text == "":
		return refusal("desk.split.text", nil)
	case a.Again:
		return refusal("desk.split.again", nil)
	}
	f := Filing{
		// The version keeps a repeated change from filing it twice.
		Draft:    fmt.Sprintf("split-%d-%d-%d", u.t.ID, a.Post.Source.Messages[0], u.t.Version),
		Customer: u.t.Customer, Lang: u.t.Lang, Topic: u.t.Topic, Group: u.t.Place.Group, At: u.Now,
		Report: Report{Contact: u.t.Report.Contact, Site: u.t.Report.Site, Problem: text},
	}
	if a.Post.Shot != nil { // it is shown with the card
		f.Report.Files = []File{*a.Post.Shot}
	}
	u.file(f, a)
	return nil
}

// splitMessage is where an event names the message that became a ticket.
const splitMessage = "message"

// SplitOf tells whether an event is that a message became a ticket of its own.
func (e Event) SplitOf(message int64) bool {
	return e.Kind == "split" && e.Data[splitMessage] == strconv.FormatInt(message, 10)
}

// file adds the new ticket: linked, confirmed to the customer with the reason,
// and told in both topics.
func (u *deskTurn) file(f Filing, a Act) {
	t := f.Ticket(u.Policy)
	t.Life.SplitFrom = u.t.ID
	u.c.File = &t
	u.c.Events = append(u.c.Events, Event{
		At: u.Now, Actor: a.By, Kind: "filed",
		Data: map[string]string{"topic": t.Topic, "level": t.Level, "from": Number(u.t.ID)},
	})
	u.record("split", map[string]string{splitMessage: strconv.FormatInt(a.Post.Source.Messages[0], 10)})
	receipt := f.Receipt(u.Policy)
	why := Line{"told.split", Args{"from": Text(Number(u.t.ID))}}
	receipt.Text = slices.Insert(receipt.Text, 1, Line{}, why) // the first line says which ticket a reply is about
	u.tell(receipt).About = Filed
	u.c.Notices = append(u.c.Notices, f.card(u.Policy, t))
	if a.Post.Media && a.Post.Shot == nil { // videos and the like go along
		n := u.carry(u.into(NoticeSend, Message{}), Post{Source: a.Post.Source, Media: true})
		n.To.Ticket, n.About = Filed, Filed
	}
	n := u.into(NoticeSend, Say("desk.split", nil))
	n.About, n.Target = Filed, a.Reply
}

// merge closes the ticket, and goes on with it in another one of the same
// customer.
func (u *deskTurn) merge(a Act) error {
	o := a.Other
	switch {
	case o.ID == 0 && a.Value != "":
		return refusal("desk.merge.which", nil)
	case o.ID == 0 && len(u.mergeable(a.Others)) == 0:
		return refusal("desk.merge.none", nil)
	case o.ID == 0:
		return u.choose(a, "desk.merge")
	case o.ID == u.t.ID:
		return refusal("desk.merge.same", nil)
	case o.Customer != u.t.Customer: // P7
		return refusal("desk.merge.customer", nil)
	case o.State.Ended():
		return refusal("desk.merge.ended", Args{"other": Text(Number(o.ID))})
	}
	if err := u.step(a, ""); err != nil {
		return err
	}
	u.t.Life.MergedTo = o.ID
	u.record("merged", map[string]string{"to": Number(o.ID)})
	u.tell(Message{Text: append([]Line{{"told.merged", Args{"other": Text(Number(o.ID))}}}, said(a)...)})
	u.inside("desk.merged", Args{"other": Text(Number(o.ID))}).Target = a.Reply
	into := u.turn(o, a.By)
	if err := into.receive(u.before); err != nil {
		return err
	}
	c := into.done()
	u.c.Tickets = append(u.c.Tickets, c.Tickets...)
	u.c.Events = append(u.c.Events, c.Events...)
	u.c.Notices = append(u.c.Notices, c.Notices...)
	return nil
}

// receive takes over what another ticket was about. A customer who waits for a
// reaction there waits for it here.
func (u *deskTurn) receive(from Ticket) error {
	u.t.Critical = u.t.Critical || from.Critical
	u.record("merged", map[string]string{"from": Number(from.ID)})
	u.inside("desk.merged.here", Args{"from": Text(Number(from.ID)), "problem": Text(cutRunes(from.Report.Problem, 1000))})
	if from.Life.Since.IsZero() || !u.t.Life.Since.IsZero() {
		return nil
	}
	if err := u.move("add", ""); err != nil {
		return err
	}
	u.start(&u.t, from.Life.Since)
	return nil
}
