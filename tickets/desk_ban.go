package tickets

import "strconv"

// Ban has the desk take no more from a ticket's customer, or take it again. The
// customer is told once: what comes later is dropped without a word.
func (d Desk) Ban(t Ticket, c Customer, by Actor, on bool) (Change, error) {
	name := "unban"
	if on {
		name = "ban"
	}
	if c.Banned == on {
		return Change{}, refusal("desk."+name+".already", nil)
	}
	u := d.turn(t, by)
	c.Banned = on
	u.c.Customer = &c
	u.record(name, nil)
	u.inside("desk."+name, Args{"name": Text(t.Report.Contact.Name), "by": Text(by.Name)})
	u.tell(Say("told."+name, nil))
	return u.c, nil
}

// TakeBack deletes what a message was carried over to.
func (d Desk) TakeBack(by Actor, list []Carried) Change {
	c := Change{At: d.Now}
	for _, k := range list {
		c.Notices = append(c.Notices, Deletion(k.To))
		c.Events = append(c.Events, Event{
			Ticket: k.Ticket, At: d.Now, Actor: by, Kind: "deleted",
			Data: map[string]string{"message": strconv.FormatInt(k.From.Message, 10)},
		})
	}
	return c
}

// Deletion deletes a message.
func Deletion(s Spot) Notice {
	return Notice{To: Address{Chat: s.Chat}, Kind: NoticeDelete, Priority: PriorityAnswer, Target: s.Message}
}
