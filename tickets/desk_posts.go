package tickets

import (
	"strconv"
	"strings"
	"time"
)

// AgentPosts carries an agent's answer to the customer. It is the reaction that
// the customer waited for; the first one begins the work (R3.8).
func (d Desk) AgentPosts(t Ticket, by Actor, p Post) (Change, error) {
	u := d.turn(t, by)
	if err := u.answered(p); err != nil {
		return Change{}, err
	}
	n := u.carry(u.tell(Message{Text: []Line{u.answerHead()}}), p)
	n.Extra.Report, n.Extra.Writer = true, d.Policy.Agents.Lang
	u.slow = true
	return u.done(), nil
}

// answered notes that an agent answers, and what the others have to know.
func (u *deskTurn) answered(p Post) error {
	if other := u.t.Life.MergedTo; other != 0 {
		return refusal("desk.merged.write", Args{"other": Text(Number(other))})
	}
	if err := u.move("answer", ""); err != nil {
		return err
	}
	if u.t.State == StateWaiting { // the customer is waited for anew
		u.t.Life.Quiet, u.t.Life.Reminded = u.Now, false
	}
	if u.before.Life.LastAgent != u.by.ID {
		u.others()
	}
	if !u.t.State.Ended() {
		u.hold()
	}
	stop(&u.t)
	u.t.Life.LastAgent = u.by.ID
	u.record("answered", p.carried())
	return nil
}

// carried names the post's first message in the audit trail.
func (p Post) carried() map[string]string {
	if len(p.Source.Messages) == 0 {
		return nil
	}
	data := map[string]string{"message": strconv.FormatInt(p.Source.Messages[0], 10)}
	if p.Source.Album != "" {
		data["of"] = p.Source.Album
	}
	return data
}

// CarriesOf tells whether an event is that a picture of an album went to the customer.
func (e Event) CarriesOf(album string) bool { return e.Kind == "answered" && e.Data["of"] == album }

// Carries tells whether an event is that a message was carried over, or is on
// its way.
func (e Event) Carries(message int64) bool {
	return (e.Kind == "answered" || e.Kind == "added") && e.Data["message"] == strconv.FormatInt(message, 10)
}

// AnswerHead stands above an answer that was corrected.
func (d Desk) AnswerHead(t Ticket, by Actor) Line { return d.turn(t, by).answerHead() }

// AddedHead stands above what a customer added, in the agents' chat, and
// something may follow in its line.
func AddedHead(t Ticket) Line { return Line{"desk.added", Args{"name": Text(t.Report.Contact.Name)}} }

// addedHead is the whole line, with the time until which to react.
func addedHead(t Ticket) []Line {
	head := AddedHead(t)
	if !t.Due.IsZero() {
		head.Key += ".due"
		head.Args["due"] = Time(t.Due)
	}
	return []Line{head}
}

// answerHead stands above an answer: which ticket it is about, whose it is
// where the policy says so, and that work has begun.
func (u *deskTurn) answerHead() Line {
	key := "answer"
	if u.before.State != StateWork && u.t.State == StateWork {
		key = "answer.begun" // R3.8
	}
	if u.Policy.Agents.ShowName {
		return Line{key + ".by", Args{"name": Text(u.by.Name)}}
	}
	return Line{Key: key}
}

// AlbumWait is how long one of an album's pictures waits for the others, which
// come as separate updates. Each is committed on its own, so that a crash in
// between loses none: at worst the album arrives in two parts.
const AlbumWait = 700 * time.Millisecond

// carry makes of a notice one that carries a post over.
func (u *deskTurn) carry(n *Notice, p Post) *Notice {
	source := p.Source
	n.Extra.Source, n.Extra.Body, n.Target = &source, p.Body, p.Reply
	if p.Media || p.Body == nil {
		n.Kind = NoticeCopy
	}
	if p.Source.Album != "" {
		n.After = u.Now.Add(AlbumWait)
	}
	return n
}

// canned sends one of the policy's answers, with an agent's own words behind it.
func (u *deskTurn) canned(a Act) error {
	words, ok := u.Policy.Canned[a.Value]
	if !ok {
		return u.choose(a, "desk.canned")
	}
	if err := u.answered(Post{}); err != nil {
		return err
	}
	text := u.fill(words.In(u.t.Lang))
	if a.Words != "" {
		text += "\n\n" + a.Words
	}
	u.tell(Message{Text: []Line{u.answerHead()}}).Extra.Body = &Body{Text: text}
	if a.Reply == 0 { // a button leaves no words in the topic
		u.inside("desk.canned.sent", Args{"name": Text(a.Value), "by": Text(u.by.Name), "text": Text(text)})
	}
	return nil
}

// fill puts what is known into the places of a canned answer: {name}, {ticket},
// {site} and {agent}.
func (u *deskTurn) fill(words string) string {
	return strings.NewReplacer(
		"{name}", u.t.Report.Contact.Name, "{ticket}", Number(u.t.ID), "{site}", SiteShown(u.t.Report.Site), "{agent}", u.by.Name,
	).Replace(words)
}

// CustomerAdds carries an addition to the agents. In a ticket that has ended it
// is a *Refusal with the key "closed.choose": take it up again, or a new one?
func (d Desk) CustomerAdds(t Ticket, p Post) (Change, error) {
	u := d.turn(t, t.customer())
	if t.State.Ended() {
		return Change{}, refusal("closed.choose", Args{"ticket": Text(Number(t.ID))})
	}
	if err := u.move("add", ""); err != nil {
		return Change{}, err
	}
	u.start(&u.t, u.Now) // R2.7
	u.record("added", p.carried())
	u.carry(u.into(NoticeSend, Message{Text: addedHead(u.t)}), p)
	if len(p.Source.Messages) > 0 {
		n := u.tell(Message{})
		n.Kind, n.Target, n.Extra.Emoji = NoticeReact, p.Source.Messages[len(p.Source.Messages)-1], doneEmoji
	}
	if t.State == StateWaiting {
		u.tell(Message{Text: append([]Line{{Key: "told.added"}}, clockLines(u.t)...)})
	}
	u.slow = true
	return u.done(), nil
}
