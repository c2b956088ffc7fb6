package tickets_test

import (
	"testing"
	"time"

	"intakebot/tickets"
	"intakebot/tickets/policy"
)

func TestBanIsTheCustomers(t *testing.T) {
	p := policy.Shipped()
	d := tickets.Desk{Policy: &p, Now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	by := tickets.Actor{Kind: "agent", ID: 1, Name: "Olga"}
	c, err := d.Ban(tickets.Ticket{ID: 5, Customer: 7}, tickets.Customer{ID: 7, Version: 3}, tickets.Act{Name: "ban", By: by, Reply: 9})
	if err != nil || c.Customer == nil || !c.Customer.Banned || c.Customer.Version != 3 || len(c.Tickets) != 0 {
		t.Fatalf("%+v, %v", c, err)
	}
	if len(c.Events) != 1 || c.Events[0].Kind != "ban" || c.Events[0].Actor != by {
		t.Errorf("the audit trail has %+v", c.Events)
	}
	if _, err := d.Ban(tickets.Ticket{ID: 5}, *c.Customer, tickets.Act{Name: "ban", By: by, Reply: 9}); err == nil {
		t.Error("banned twice")
	}
}

// TestClosedIsToldOnce: of all a customer's tickets, and not after a receipt
// that has said so.
func TestClosedIsToldOnce(t *testing.T) {
	p := policy.Shipped()
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, p.Calendar.Location())
	night := noon.Add(10 * time.Hour)
	told := func(now time.Time, list ...tickets.Ticket) (bool, tickets.Ticket) {
		var c tickets.Change
		tickets.Desk{Policy: &p, Now: now}.Closed(&c, list[0], list)
		if len(c.Notices) == 0 {
			return false, list[0]
		}
		return true, c.Tickets[0]
	}
	old := tickets.Ticket{ID: 1, Opened: noon}
	if ok, _ := told(noon, old); ok {
		t.Error("told in working hours")
	}
	ok, after := told(night, old)
	if !ok {
		t.Fatal("not told at night")
	}
	if ok, _ := told(night.Add(time.Hour), tickets.Ticket{ID: 2, Opened: noon}, after); ok {
		t.Error("told twice in a night")
	}
	if ok, _ := told(night.Add(24*time.Hour), after); !ok {
		t.Error("not told in the next night")
	}
	if ok, _ := told(night.Add(time.Hour), tickets.Ticket{ID: 3, Opened: night}); ok {
		t.Error("told after a receipt that said so")
	}
}
