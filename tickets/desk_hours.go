package tickets

import "time"

// Closed tells a customer who writes out of hours when support opens next (R2.1),
// with the change that takes the message: once for each time that support is
// closed, and not where a receipt has said so. The list has the customer's
// tickets, t among them.
func (d Desk) Closed(c *Change, t Ticket, list []Ticket) {
	if d.Policy.Calendar.Open(d.Now) {
		return
	}
	opens := d.Policy.Calendar.NextOpening(d.Now)
	for _, k := range list {
		if k.Life.Told.Equal(opens) || d.receiptTold(k, opens) {
			return
		}
	}
	if opens.IsZero() {
		return
	}
	if len(c.Tickets) == 0 {
		c.Tickets = []Ticket{t}
	}
	c.Tickets[0].Life.Told = opens
	c.Notices = append(c.Notices, Notice{
		To: Address{Chat: t.Customer}, About: t.ID, Kind: NoticeSend, Priority: PriorityAnswer, Lang: t.Lang,
		Message: Say("told.hours", Args{"opens": Time(opens)}), Extra: Extra{Thread: InThread},
	})
}

// receiptTold tells whether the ticket was filed since support has closed.
func (d Desk) receiptTold(t Ticket, opens time.Time) bool {
	return !d.Policy.Calendar.Open(t.Opened) && d.Policy.Calendar.NextOpening(t.Opened).Equal(opens)
}
