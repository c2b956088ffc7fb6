package tickets_test

import (
	"slices"
	"testing"

	"intakebot/tickets"
)

// TestMergeOffersWhatItCan: the customer's other open tickets, as buttons.
func TestMergeOffersWhatItCan(t *testing.T) {
	p := newPlayer(tuesday, "error")
	others := []tickets.Ticket{p.t, in(tickets.StateClosed).t, in(tickets.StateWaiting).t}
	others[1].ID, others[2].ID = 1002, 1003
	ask := func(p *player, others []tickets.Ticket) error {
		return p.take(p.desk.Act(p.t, tickets.Act{Name: "merge", By: ivan, Others: others}))
	}
	if err := ask(p, others[:2]); refused(err) != "desk.merge.none" {
		t.Errorf("none to choose from: %v", err)
	}
	if err := ask(in(tickets.StateClosed), others); refused(err) != "desk.not_now" {
		t.Errorf("closed: %v", err)
	}
	if err := ask(p, others); err != nil {
		t.Fatal(err)
	}
	rows := p.c.Notices[0].Message.Buttons
	if len(rows) != 2 || rows[0][0].Data != tickets.TicketPress("t.merge", 1001, "T-1003") || rows[0][0].Label.Key != "button.t.merge" {
		t.Errorf("buttons %+v", rows)
	}
}

// TestEveryActionOnATicketHasAButton, and of ban and unban the one that can be done.
func TestEveryActionOnATicketHasAButton(t *testing.T) {
	labels := func(p *player, value string, banned bool) (list []string) {
		if err := p.take(p.desk.Act(p.t, tickets.Act{Name: "ticket", By: ivan, Value: value, Banned: banned})); err != nil {
			t.Fatal(err)
		}
		for _, b := range slices.Concat(p.c.Notices[0].Message.Buttons...) {
			list = append(list, b.Label.Key)
		}
		return list
	}
	for _, a := range tickets.Actions {
		if !a.Ticket {
			continue
		}
		state := tickets.StateWork
		if !a.OfferedIn(state) {
			state = tickets.StateSolved
		}
		banned := a.Name == "unban"
		all := append(labels(in(state), "", banned), labels(in(state), "more", banned)...)
		if a.Name == "take" {
			all = labels(newPlayer(tuesday, "error"), "", false)
		}
		if !slices.Contains(all, "action."+a.Name) {
			t.Errorf("%s has no button among %q", a.Name, all)
		}
		if slices.Contains(all, "action.ban") && slices.Contains(all, "action.unban") {
			t.Errorf("both can be done: %q", all)
		}
	}
}
