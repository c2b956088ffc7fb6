package dialog

import (
	"slices"

	"intakebot/tickets"
)

// submit files the draft as a ticket. The same change ends the draft, so that
// it is filed once (P1).
func (t *turn) submit() Event {
	s := &t.session
	f := t.filing()
	s.Known = &f.Report.Contact
	s.remember(f.Report.Site)
	s.Draft = nil
	t.receipt = &f
	receipt := f.Receipt(t.env.Policy)
	receipt.Buttons = rows(newButton("button.new"))
	t.first = &receipt
	if len(s.Kept) > 0 {
		return SubmitKept
	}
	return Submit
}

// filing is what the draft would be filed as now.
func (t *turn) filing() tickets.Filing {
	d := t.draft()
	r := d.Report
	r.Contact.Account = t.in.From.account()
	return tickets.Filing{
		Draft: d.ID, Customer: t.customer.ID, Lang: t.customer.Lang, Topic: d.Topic, Report: r,
		Group: t.env.Policy.GroupFor(t.env.Groups, d.Topic, t.customer.ID), At: t.env.Now,
	}
}

// remember puts a site first among those offered next time.
func (s *Session) remember(site string) {
	sites := []string{site}
	for _, old := range s.Sites {
		if !tickets.SameSite(old, site) && len(sites) < sitesKept {
			sites = append(sites, old)
		}
	}
	s.Sites = slices.Clip(sites)
}

// account names a person as the messenger does.
func (p Person) account() string {
	if p.Nick == "" {
		return p.Name
	}
	return p.Name + " @" + p.Nick
}
