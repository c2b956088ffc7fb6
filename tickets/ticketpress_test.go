package tickets_test

import (
	"testing"

	"pgregory.net/rapid"

	"intakebot/tickets"
)

func TestTicketPress(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		id := rapid.Int64Range(1, 1<<62).Draw(r, "id")
		event := rapid.SampledFrom([]string{"t.putoff", "c.rate", "t.transcript"}).Draw(r, "event")
		value := rapid.SampledFrom([]string{"", "5", "no-information", "a.b.c"}).Draw(r, "value")
		p, err := tickets.DecodePress(tickets.TicketPress(event, id, value))
		if err != nil {
			r.Fatal(err)
		}
		e, i, v, ok := tickets.ParseTicketPress(p)
		if !ok || e != event || i != id || v != value {
			r.Fatalf("%q %d %q became %q %d %q, %v", event, id, value, e, i, v, ok)
		}
	})
}

func TestForeignPresses(t *testing.T) {
	for _, p := range []tickets.Press{
		{Event: "submit", Value: "a"}, {Revision: 1, Event: "t.take", Value: "a"}, {Event: "t.take"}, {Event: "t.take", Value: "-1"},
		{Event: "t.take", Value: "0"}, {Event: "t.take", Value: "A"}, {Event: "t.take", Value: "a."}, {Event: "t.take", Value: "01"},
		{Event: "t.take", Value: "zzzzzzzzzzzzzzzzzz"},
	} {
		if event, id, value, ok := tickets.ParseTicketPress(p); ok {
			t.Errorf("%+v is read as %q %d %q", p, event, id, value)
		}
	}
}

// TestButtonsOfANewTicket: the card is written before the ticket has its ID.
func TestButtonsOfANewTicket(t *testing.T) {
	p := newPlayer(tuesday, "site-down")
	var c tickets.Change
	tickets.Filing{Topic: "site-down", Group: groupID, At: tuesday}.Into(&p.policy, &c)
	first := c.Notices[0].Message.Buttons[0][0].Data
	n := c.Notices[0].For(1001)
	for _, row := range n.Message.Buttons {
		for _, b := range row {
			press, err := tickets.DecodePress(b.Data)
			if _, id, _, ok := tickets.ParseTicketPress(press); err != nil || !ok || id != 1001 {
				t.Errorf("the button %q", b.Data)
			}
		}
	}
	if n.About != 1001 || c.Notices[0].Message.Buttons[0][0].Data != first {
		t.Error("the change itself was altered")
	}
}
