package tickets

import "strconv"

// Ban has the desk take no more from a ticket's customer, or with the action
// "unban" take it again. The customer is told once: what comes later is dropped
// without a word. The first notice says it to the agents.
func (d Desk) Ban(t Ticket, c Customer, a Act) (Change, error) {
	if on := a.Name == "ban"; c.Banned == on {
		return Change{}, refusal("desk."+a.Name+".already", nil)
	}
	u := d.turn(t, a.By)
	c.Banned = !c.Banned
	u.c.Customer = &c
	u.record(a.Name, nil)
	u.inside("desk."+a.Name, Args{"name": Text(t.Report.Contact.Name), "by": Text(a.By.Name)})
	u.tell(Say("told."+a.Name, nil))
	if a.Reply == 0 {
		u.card(u.Card(t)) // in place of the button that was pressed
		return u.c, nil
	}
	n := u.into(NoticeReact, Message{})
	n.Target, n.Extra.Emoji = a.Reply, doneEmoji
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
