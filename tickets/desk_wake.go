package tickets

import "strconv"

// Wake does what time brings to a ticket: warnings of the reaction time, and
// what follows from a customer's silence. After a pause only what is the newest
// is said. Without anything to do the Change is empty, or moves Wake only.
func (d Desk) Wake(t Ticket) (Change, error) {
	u := d.turn(t, Actor{Kind: "bot"})
	due := d.wake(t)
	if due.IsZero() || due.After(d.Now) {
		return u.done(), nil
	}
	switch {
	case !t.Due.IsZero():
		u.warn()
	case t.State == StateWaiting && !t.Life.Reminded:
		u.remind()
	default:
		if err := u.move("silence", ""); err != nil {
			return Change{}, err
		}
		u.tellClosed("told.closed.silence." + string(t.State))
	}
	return u.done(), nil
}

// warn tells the agents how much of the reaction time has passed.
func (u *deskTurn) warn() {
	percent := u.passed(u.t)
	u.t.Life.Warned = percent
	u.record("warned", map[string]string{"percent": strconv.Itoa(percent)})
	key := "desk.warn." + strconv.Itoa(percent)
	args := Args{"due": Time(u.t.Due)}
	if u.t.Agent != 0 {
		key, args["name"] = key+".by", Text(u.t.Life.AgentName)
	}
	n := u.inside(key, args)
	n.Once, n.Merge = true, mergeWarn
}

// remind asks the customer to answer, and says when the ticket is closed
// otherwise.
func (u *deskTurn) remind() {
	u.t.Life.Quiet, u.t.Life.Reminded = u.Now, true
	u.record("reminded", nil)
	n := u.tell(Message{Text: []Line{{Key: "told.reminded"}, {"told.waiting.silence", Args{"closes": Time(u.closes(u.t))}}}})
	n.Priority, n.Once = PriorityReminder, true
}
