package tickets

import (
	"fmt"
	"slices"
	"strings"
)

// acts are the actions that change something.
var acts = map[string]func(*deskTurn, Act) error{
	"take": (*deskTurn).take, "assign": (*deskTurn).assign,
	"wait": (*deskTurn).wait, "develop": (*deskTurn).develop, "putoff": (*deskTurn).putOff, "decline": (*deskTurn).decline,
	"solve": (*deskTurn).solve, "close": (*deskTurn).close, "reopen": (*deskTurn).reopen,
	"level": (*deskTurn).level, "priority": (*deskTurn).priority,
	"r": (*deskTurn).canned, "note": (*deskTurn).note, "split": (*deskTurn).split, "merge": (*deskTurn).merge,
	"ticket": (*deskTurn).show,
}

// Act does an agent's command (Act.Reply is its message) or button (Reply is
// 0). Where the value is missing that the action wants, the change asks for it
// with buttons. An error other than a *Refusal means that the action is none of
// those which change a ticket.
func (d Desk) Act(t Ticket, a Act) (Change, error) {
	row, ok := FindAction(a.Name)
	if !ok {
		return Change{}, refusal("desk.unknown", Args{"command": Text("/" + a.Name)})
	}
	do := acts[row.Name]
	if do == nil {
		return Change{}, fmt.Errorf("tickets: %s changes no ticket", row.Name)
	}
	a.Name, a.Value = row.Name, strings.TrimSpace(a.Value)
	row.cutWords(&a)
	u := d.turn(t, a.By)
	u.why = a.Words
	if err := do(u, a); err != nil {
		return Change{}, err
	}
	u.done()
	if reported := u.report(a); a.Reply == 0 || reported {
		return u.c, nil
	}
	if said := slices.ContainsFunc(u.c.Notices, func(n Notice) bool { return n.Target == a.Reply }); !said {
		n := u.into(NoticeReact, Message{})
		n.Target, n.Extra.Emoji = a.Reply, doneEmoji
	}
	return u.c, nil
}

// doneEmoji is put on a message that was taken, in place of words.
const doneEmoji = "👌"

func (u *deskTurn) take(a Act) error {
	switch {
	case u.t.Agent != 0 && u.t.Agent != a.By.ID && !u.t.State.Ended():
		return refusal("desk.taken", Args{"name": Text(u.t.Life.AgentName)})
	case u.t.Agent == a.By.ID && u.t.State == StateWork:
		return refusal("desk.yours", nil)
	}
	if err := u.move("take", ""); err != nil {
		return err
	}
	u.hold()
	switch {
	case u.before.State != StateWork:
		u.tell(Message{Text: slices.Concat([]Line{u.begun()}, said(a), clockLines(u.t))}) // R3.8
	case a.Words != "":
		u.tell(Message{Text: append([]Line{u.answerHead()}, said(a)...)})
	}
	return nil
}

// begun says that work has begun, and whose it is where the policy says so.
func (u *deskTurn) begun() Line {
	if u.Policy.Agents.ShowName {
		return Line{"told.work.by", Args{"name": Text(u.by.Name)}}
	}
	return Line{Key: "told.work"}
}

// clockLines tell the customer until when support will react (R2.5); nothing
// where nobody is waited for.
func clockLines(t Ticket) []Line {
	if t.Due.IsZero() {
		return nil
	}
	return []Line{{"told.due", Args{"due": Time(t.Due)}}}
}

func (u *deskTurn) assign(a Act) error {
	to := a.Agent
	if to.ID == 0 && a.Value == "" {
		to = a.By
	}
	switch {
	case to.ID == 0:
		return refusal("desk.nobody", Args{"name": Text(a.Value)})
	case u.t.State.Ended():
		return refusal("desk.not_now", Args{"status": status(u.t)})
	case to.ID == u.t.Agent && to.ID == a.By.ID:
		return refusal("desk.yours", nil)
	case to.ID == u.t.Agent:
		return refusal("desk.taken", Args{"name": Text(u.t.Life.AgentName)})
	}
	u.give(to)
	switch held := u.before.Agent != 0; {
	case to.ID != a.By.ID:
		u.inside("desk.assigned", Args{"name": Text(to.Name), "by": Text(a.By.Name)})
	case held:
		u.inside("desk.assigned.over", Args{"name": Text(to.Name), "holder": Text(u.before.Life.AgentName)})
	}
	return nil
}

// step moves the ticket on behalf of an agent.
func (u *deskTurn) step(a Act, reason string) error {
	before := u.t.State
	if err := u.move(a.Name, reason); err != nil {
		return err
	}
	if before != u.t.State && u.t.State != StateReopened {
		u.hold()
	}
	u.others()
	return nil
}

func (u *deskTurn) wait(a Act) error {
	if err := u.step(a, ""); err != nil {
		return err
	}
	u.tell(Message{Text: slices.Concat([]Line{{Key: "told.waiting"}}, said(a), []Line{{"told.waiting.silence", Args{"closes": Time(u.closes(u.t))}}})})
	return nil
}

func (u *deskTurn) develop(a Act) error {
	if err := u.step(a, ""); err != nil {
		return err
	}
	u.tell(Message{Text: slices.Concat([]Line{{Key: "told.development"}}, said(a), u.about())}) // R2.6, R5.1
	return nil
}

// about explains the ticket's level in the policy's words, where there are any.
func (u *deskTurn) about() []Line {
	if about := u.levelOf(u.t).About; about.In(u.t.Lang) != "" {
		return []Line{{"plain", Args{"text": Of(about)}}}
	}
	return nil
}

func (u *deskTurn) putOff(a Act) error { return u.because(a, "told.put_off") }

func (u *deskTurn) decline(a Act) error { return u.because(a, "told.declined") }

// because moves the ticket for a reason of the policy (R6.4), which is told to
// the customer.
func (u *deskTurn) because(a Act, key string) error {
	reason, ok := u.Policy.Reason(a.Value)
	if !ok {
		return u.choose(a, "desk.reason")
	}
	if err := u.step(a, reason.ID); err != nil {
		return err
	}
	m := Message{Text: append([]Line{{Key: key}, {"plain", Args{"text": Of(reason.About)}}}, said(a)...)}
	if u.t.State == StateDeclined {
		m.Text = append(m.Text, Line{Key: "told.credentials"}, Line{"told.reopen", Args{"until": Time(u.reopenEnds())}}) // R6.3
		m.Buttons = [][]Button{{reopenButton(u.t)}}
	} else {
		m.Text = append(m.Text, Line{Key: "told.put_off.add"})
	}
	u.tell(m)
	return nil
}

func (u *deskTurn) level(a Act) error {
	level, ok := u.Policy.Level(a.Value)
	switch {
	case u.t.State.Ended():
		return refusal("desk.not_now", Args{"status": status(u.t)})
	case !ok:
		return u.choose(a, "desk.level")
	case level.ID == u.t.Level:
		return refusal("desk.same_level", Args{"level": Of(level.Name)})
	}
	u.relevel(level.ID)
	u.recount(&u.t)
	u.others()
	lines := slices.Concat([]Line{{"told.level", Args{"level": Of(level.Name)}}}, said(a), u.about())
	if level.Reaction == 0 {
		lines = append(lines, Line{Key: "told.no_due"}) // R5.1
	}
	u.tell(Message{Text: append(lines, clockLines(u.t)...)})
	return nil
}

func (u *deskTurn) priority(a Act) error {
	on := a.Value != "off"
	switch {
	case a.Value != "on" && a.Value != "off" && a.Value != "":
		return refusal("desk.switch", nil)
	case u.t.State.Ended():
		return refusal("desk.not_now", Args{"status": status(u.t)})
	case on == u.t.Critical:
		return refusal("desk.same_priority", nil)
	}
	u.t.Critical = on
	u.others()
	if on {
		u.record("critical", map[string]string{"to": "on"})
		u.tell(Message{Text: append([]Line{{Key: "told.critical"}}, said(a)...)}) // R2.4
		return nil
	}
	u.record("critical", map[string]string{"to": "off"})
	u.tell(Message{Text: append([]Line{{Key: "told.not_critical"}}, said(a)...)})
	return nil
}

// note keeps words inside. They stand in the topic already; a button has none.
func (u *deskTurn) note(a Act) error {
	if a.Reply == 0 {
		return refusal("desk.note.how", nil)
	}
	var data map[string]string
	if a.Value != "" {
		data = map[string]string{"why": cutRunes(a.Value, mostWhy)}
	}
	u.record("note", data)
	if a.Late { // in place of the reaction that would say that it stayed inside
		u.inside("desk.note.late", nil).Target = a.Reply
	}
	return nil
}
