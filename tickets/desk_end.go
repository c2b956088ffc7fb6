package tickets

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// CommentWait is how long after a rating the customer's next text is taken as
// a comment on it.
const CommentWait = 5 * time.Minute

// lowRating and below are shown to the agents with the comment.
const lowRating = 2

func (u *deskTurn) solve(a Act) error {
	if err := u.step(a, ""); err != nil {
		return err
	}
	m := u.askRating()
	m.Text = slices.Concat([]Line{{Key: "told.solved"}}, said(a), []Line{{Key: "told.credentials"}, {}}, m.Text) // R6.3
	u.tell(m)
	return nil
}

func (u *deskTurn) close(a Act) error {
	if err := u.step(a, ""); err != nil {
		return err
	}
	u.tellClosed("told.closed", said(a)...)
	return nil
}

// tellClosed says that the ticket is closed, and asks for a rating unless the
// customer has given one since it ended.
func (u *deskTurn) tellClosed(key string, more ...Line) {
	m := Message{Text: append([]Line{{Key: key}}, more...)}
	if !u.before.State.Ended() {
		m.Text = append(m.Text, Line{Key: "told.credentials"})
	}
	if u.t.Life.Rating == 0 {
		asked := u.askRating()
		m.Text, m.Buttons = append(append(m.Text, Line{}), asked.Text...), asked.Buttons
	} else {
		m.Text = append(m.Text, Line{"told.reopen", Args{"until": Time(u.reopenEnds())}})
		m.Buttons = [][]Button{{reopenButton(u.t)}}
	}
	u.tell(m)
}

// askRating asks for 1 to 5 (R7.1), and offers to take the ticket up again
// (R7.2).
func (u *deskTurn) askRating() Message {
	var stars []Button
	for n := 1; n <= 5; n++ {
		stars = append(stars, Button{
			Label: Line{"button.c.rate", Args{"n": Count(n)}}, Data: TicketPress("c.rate", u.t.ID, strconv.Itoa(n)),
		})
	}
	return Message{
		Text:    []Line{{Key: "rate.ask"}, {"told.reopen", Args{"until": Time(u.reopenEnds())}}},
		Buttons: [][]Button{stars, {reopenButton(u.t)}},
	}
}

func (u *deskTurn) reopenEnds() time.Time { return u.t.Life.Ended.Add(u.Policy.Silence.Reopen) }

func reopenButton(t Ticket) Button {
	return Button{Label: Line{Key: "button.c.reopen"}, Data: TicketPress("c.reopen", t.ID, "")}
}

// NewButton begins another ticket.
var NewButton = Button{Label: Line{Key: "button.new"}, Data: Press{Event: "new"}.Encode()}

// customer is the ticket's customer as an actor.
func (t Ticket) customer() Actor {
	name := t.Report.Contact.Account
	if name == "" {
		name = t.Report.Contact.Name
	}
	return Actor{Kind: "customer", ID: t.Customer, Name: name}
}

// Rate takes a rating from 1 to 5 of a ticket that has ended, however late; it
// can be changed.
func (d Desk) Rate(t Ticket, stars int) (Change, error) {
	switch {
	case stars < 1 || stars > 5:
		return Change{}, refusal("rate.range", nil)
	case !t.State.Ended():
		return Change{}, refusal("rate.open", nil)
	case t.Life.Rating == stars:
		return Change{}, refusal("rate.same", Args{"n": Count(stars)})
	}
	u := d.turn(t, t.customer())
	data := map[string]string{"to": strconv.Itoa(stars)}
	if t.Life.Rating > 0 {
		data["from"] = strconv.Itoa(t.Life.Rating)
	}
	u.t.Life.Rating, u.t.Life.Rated = stars, u.Now
	u.record("rated", data)
	m := Say("rate.thanks", Args{"n": Count(stars)})
	if stars <= lowRating && u.Reopenable(u.t) {
		m = Message{Text: []Line{{"rate.sorry", Args{"n": Count(stars)}}}, Buttons: [][]Button{{reopenButton(u.t)}}}
	}
	n := u.tell(m)
	n.Merge = mergeRating
	u.slow, u.drops = true, mergeRating
	u.low(u.Now.Add(CommentWait))
	return u.done(), nil
}

// Comment takes the customer's words on the rating given last; a *Refusal where
// there is none.
func (d Desk) Comment(t Ticket, text string) (Change, error) {
	if t.Life.Rating == 0 || !t.State.Ended() {
		return Change{}, refusal("rate.none", nil)
	}
	u := d.turn(t, t.customer())
	u.t.Life.Comment, u.t.Life.Remarked = cutRunes(text, 1000), u.Now
	u.record("comment", nil)
	m := Say("rate.comment", nil)
	m.Buttons = [][]Button{{NewButton}}
	if u.Reopenable(u.t) {
		m.Buttons[0] = []Button{reopenButton(u.t), NewButton}
	}
	u.tell(m)
	u.slow, u.drops = true, mergeRating
	u.low(time.Time{})
	return u.done(), nil
}

// Thanks takes a customer's thanks for a ticket that has ended: agents see them, and
// it stays ended. A *Refusal where it was taken up again meanwhile.
func (d Desk) Thanks(t Ticket, text string) (Change, error) {
	if !t.State.Ended() {
		return Change{}, refusal("rate.open", nil)
	}
	u := d.turn(t, t.customer())
	u.t.Life.Comment = cutRunes(strings.TrimPrefix(u.t.Life.Comment+"\n"+text, "\n"), 1000)
	u.record("comment", nil)
	if t.State == StateDeclined {
		u.tell(Say("thanks.declined", nil))
	} else {
		u.tell(Say("thanks", nil))
	}
	u.slow = true
	return u.done(), nil
}

// low shows a low rating to the agents, once with the comment where one comes
// in time.
func (u *deskTurn) low(after time.Time) {
	if u.t.Life.Rating > lowRating {
		return
	}
	line := Line{"desk.low", Args{"n": Count(u.t.Life.Rating)}}
	if u.t.Life.Comment != "" && !u.t.Life.Remarked.Before(u.t.Life.Rated) { // thanks from before are not about it
		line = Line{"desk.low.comment", Args{"n": Count(u.t.Life.Rating), "text": Text(u.t.Life.Comment)}}
	}
	n := u.into(NoticeSend, Message{Text: []Line{line}})
	n.Merge, n.After = mergeRating, after
	u.drops = "" // the newer one drops the older
}

// Reopen takes a ticket that has ended up again (R7.2): the customer within the
// policy's time, agents at any time.
func (d Desk) Reopen(t Ticket, by Actor) (Change, error) {
	u := d.turn(t, by)
	switch customer := by.Kind == "customer"; {
	case customer && !t.State.Ended():
		return Change{}, refusal("reopen.open", nil)
	case customer && t.Life.MergedTo != 0:
		return Change{}, refusal("reopen.merged", Args{"other": Text(Number(t.Life.MergedTo))})
	case customer && !d.Reopenable(t):
		return Change{}, refusal("reopen.late", nil)
	}
	if err := u.move("reopen", ""); err != nil {
		return Change{}, err
	}
	u.tell(Message{Text: append([]Line{{Key: "told.reopened"}}, clockLines(u.t)...)})
	if by.Kind == "customer" {
		u.inside("desk.reopened", nil)
	}
	return u.done(), nil
}

func (u *deskTurn) reopen(a Act) error {
	if err := u.step(a, ""); err != nil {
		return err
	}
	u.tell(Message{Text: slices.Concat([]Line{{Key: "told.reopened.by"}}, said(a), clockLines(u.t))})
	return nil
}

// cutRunes shortens a text to at most so many characters.
func cutRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
