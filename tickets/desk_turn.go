package tickets

import (
	"cmp"
	"reflect"
	"time"
)

// cardRest is how long the card and the topic's name wait for more to change
// after a message: a group has 20 messages a minute for all its tickets (P3).
// What an agent does by a button or command shows at once.
const cardRest = 30 * time.Second

// mostWhy is how many characters of somebody's words the audit trail keeps.
const mostWhy = 300

// Merges of a ticket's notices: of each only the newest matters.
const (
	mergeCard   = "card"
	mergeTopic  = "topic"
	mergeWarn   = "warn"
	mergeRating = "rating"
)

// deskTurn is a change of a ticket while it is worked out.
type deskTurn struct {
	Desk
	before Ticket
	t      Ticket
	by     Actor
	c      Change
	why    string // in the words of whoever acts
	slow   bool   // the card may wait for more
	drops  string // a Merge of the topic that is beside the point now
}

func (d Desk) turn(t Ticket, by Actor) *deskTurn {
	return &deskTurn{Desk: d, before: t, t: t, by: by, c: Change{At: d.Now}}
}

// refusal says why something is not done.
func refusal(key string, args Args) error { return &Refusal{Line{key, args}} }

// move takes the ticket to the state that an event leads to, if any does, and
// keeps what depends on the state.
func (u *deskTurn) move(event, reason string) error {
	to, err := u.t.State.after(event)
	if err != nil {
		return refusal("desk.not_now", Args{"status": status(u.t)})
	}
	from := u.t.State
	if to == from {
		return nil
	}
	u.t.State, u.t.Life.Reason = to, reason
	u.t.Life.Quiet, u.t.Life.Reminded = time.Time{}, false
	switch {
	case to == StateWaiting:
		u.t.Life.Quiet = u.Now
		stop(&u.t)
	case to == StatePutOff:
		stop(&u.t)
	case to.Ended():
		u.end(from)
	case to == StateReopened:
		u.t.Life.Ended, u.t.Life.MergedTo = time.Time{}, 0
		u.t.Agent, u.t.Life.AgentName = 0, ""
	}
	data := map[string]string{"from": string(from), "to": string(to)}
	if reason != "" {
		data["reason"] = reason
	}
	if u.why != "" {
		data["why"] = cutRunes(u.why, mostWhy)
	}
	u.record("state", data)
	u.development(from)
	if to == StateReopened {
		u.start(&u.t, u.Now)
	}
	return nil
}

// end notes that the work is over; every ending asks for a rating of its own.
func (u *deskTurn) end(from State) {
	stop(&u.t)
	if !from.Ended() {
		u.t.Life.Ended, u.t.Life.Rating, u.t.Life.Comment = u.Now, 0, ""
	}
}

// development gives a ticket the level that is not regulated when it passes to
// development (R5.1), and its own when it comes back. A customer who wrote
// meanwhile is waited for from now on.
func (u *deskTurn) development(from State) {
	special, ok := u.unregulated()
	back := from == StateDevelopment || u.t.State == StateReopened
	switch {
	case u.t.State == StateDevelopment:
		if ok && u.t.Level != special.ID {
			u.t.Life.LevelBefore = u.t.Level
			u.relevel(special.ID)
		}
	case back && ok && u.t.Level == special.ID && !u.t.State.Ended():
		u.relevel(u.levelBefore())
	}
	if from == StateDevelopment && !u.t.Life.Since.IsZero() {
		u.t.Life.Since = u.Now
	}
	u.recount(&u.t)
}

// unregulated finds the level of development: the first without a reaction
// time.
func (d Desk) unregulated() (Level, bool) {
	for _, l := range d.Policy.Levels {
		if l.Reaction == 0 {
			return l, true
		}
	}
	return Level{}, false
}

// levelBefore is the level that a ticket had before it went to development: the
// one that agents gave it, else that of its topic.
func (u *deskTurn) levelBefore() string {
	if _, ok := u.Policy.Level(u.t.Life.LevelBefore); ok {
		return u.t.Life.LevelBefore
	}
	topic, _ := u.Policy.Topic(u.t.Topic)
	return cmp.Or(topic.Level, u.Policy.Levels[0].ID)
}

func (u *deskTurn) relevel(id string) {
	if id != u.t.Level {
		u.record("level", map[string]string{"from": u.t.Level, "to": id})
		u.t.Level = id
	}
}

// record adds a line to the audit trail.
func (u *deskTurn) record(kind string, data map[string]string) {
	u.c.Events = append(u.c.Events, Event{Ticket: u.t.ID, At: u.Now, Actor: u.by, Kind: kind, Data: data})
}

// hold gives the ticket to whoever acts, where nobody has it.
func (u *deskTurn) hold() {
	if u.t.Agent == 0 && u.by.Kind == "agent" {
		u.give(u.by)
	}
}

func (u *deskTurn) give(to Actor) {
	u.record("assigned", map[string]string{"from": u.t.Life.AgentName, "to": to.Name})
	u.t.Agent, u.t.Life.AgentName = to.ID, to.Name
}

// others tells the one who has the ticket that somebody else has acted: the
// last word wins, but never silently.
func (u *deskTurn) others() {
	if a := u.before.Agent; a != 0 && a != u.by.ID && u.by.Kind == "agent" {
		u.inside("desk.other", Args{"name": Text(u.by.Name), "holder": Text(u.before.Life.AgentName)})
	}
}

// tell says something to the customer, in the ticket's own thread where there
// is one.
func (u *deskTurn) tell(m Message) *Notice {
	u.c.Notices = append(u.c.Notices, Notice{
		To: Address{Chat: u.t.Customer}, About: u.t.ID, Kind: NoticeSend, Priority: PriorityAnswer, Lang: u.t.Lang, Message: m,
		Extra: Extra{Thread: InThread},
	})
	return &u.c.Notices[len(u.c.Notices)-1]
}

// inside says something in the ticket's topic.
func (u *deskTurn) inside(key string, args Args) *Notice {
	return u.into(NoticeSend, Say(key, args))
}

// into makes a notice for the ticket's topic.
func (u *deskTurn) into(kind NoticeKind, m Message) *Notice {
	u.c.Notices = append(u.c.Notices, Notice{
		To: Address{Chat: u.t.Place.Group, Ticket: u.t.ID}, About: u.t.ID, Kind: kind, Priority: PriorityAnswer,
		Lang: u.Policy.Agents.Lang, Message: m,
	})
	return &u.c.Notices[len(u.c.Notices)-1]
}

// done ends the turn: when to wake, and what the agents see of the change.
func (u *deskTurn) done() Change {
	u.t.Wake = u.wake(u.t)
	if !reflect.DeepEqual(u.t, u.before) {
		u.c.Tickets = append(u.c.Tickets, u.t)
	}
	if u.drops == "" && !u.before.Life.Since.IsZero() && u.t.Life.Since.IsZero() {
		u.drops = mergeWarn // answered in time: a warning on its way is not needed any more
	}
	if faceOf(u.before) != faceOf(u.t) {
		u.card(u.Card(u.t))
	}
	if before, now := u.sign(u.before), u.sign(u.t); before != now || u.before.State.Ended() != u.t.State.Ended() {
		n := u.into(NoticeTopic, Message{})
		n.Title, n.Extra.Closed, n.Merge = u.Title(u.t), u.t.State.Ended(), mergeTopic
		u.rest(n)
	}
	return u.c
}

// card has the ticket's card show a message from now on.
func (u *deskTurn) card(m Message) {
	n := u.into(NoticeEdit, m)
	n.Extra.Card, n.Merge, n.Drops = true, mergeCard, u.drops
	u.rest(n)
}

func (u *deskTurn) rest(n *Notice) {
	if u.slow {
		n.After = u.Now.Add(cardRest)
	}
}

// face is what the card shows of a ticket's life. The rest of it does not
// change, or need not be seen.
type face struct {
	state                        State
	level, agent, reason, remark string
	critical                     bool
	due, merged                  int64
	rating                       int
}

func faceOf(t Ticket) face {
	f := face{
		state: t.State, level: t.Level, agent: t.Life.AgentName, reason: t.Life.Reason, remark: t.Life.Comment,
		critical: t.Critical, merged: t.Life.MergedTo, rating: t.Life.Rating,
	}
	if dueOnCard(t) {
		f.due = t.Due.Unix()
	}
	return f
}
