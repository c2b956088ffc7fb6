package dialog

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"intakebot/tickets"
)

// takeIdle begins a draft with whatever says something; else it says how.
func takeIdle(t *turn) Event {
	if t.pressed(string(More)) && len(t.session.Kept) > 0 {
		return More
	}
	if e := t.beginWith(); e != Stay {
		return e
	}
	t.repeat = true
	return t.refuse("idle", nil)
}

// outside, as the value of More, shows the topics out of scope.
const outside = "outside"

// takeTopic takes a press, and keeps a text for the description.
func takeTopic(t *turn) Event {
	if t.pressed(string(More)) {
		t.draft().Others = t.in.Press.Value == outside
		t.repeat = true
		return Stay
	}
	if !t.pressed(pressPick) {
		if t.in.Kind == Typed && len([]rune(t.in.Text)) >= t.limits().DescriptionMin && t.addPiece() {
			t.repeat = true
			return t.refuse("noted.text", nil)
		}
		return t.unexpected()
	}
	topic, ok := t.env.Policy.Topic(t.in.Press.Value)
	if !ok {
		return t.unexpected()
	}
	if topic.OutOfScope {
		t.draft().Outside = topic.ID
		return Outside
	}
	return t.setTopic(topic)
}

// takeScope files a topic out of scope only if the customer insists (R6.2).
func takeScope(t *turn) Event {
	topic, ok := t.env.Policy.Topic(t.draft().Outside)
	if !t.pressed(pressDone) || !ok {
		return t.unexpected()
	}
	return t.setTopic(topic)
}

func (t *turn) setTopic(topic tickets.Topic) Event {
	d := t.draft()
	d.Topic, d.Outside, d.Others = topic.ID, "", false
	t.note("noted.topic", tickets.Args{"topic": tickets.Of(topic.Name)})
	if d.Filled {
		return Known
	}
	return Next
}

// takeName takes a name, or on one press all of the contact known already.
func takeName(t *turn) Event {
	d := t.draft()
	if t.pressed(string(Known)) && t.session.Known != nil {
		d.Report.Contact, d.Quick = *t.session.Known, true
		for _, s := range []State{Name, Email, Login, Phone} {
			t.forget(s)
		}
		return Known
	}
	if t.pressed(pressPick) {
		t.in.Kind, t.in.Text = Typed, t.in.From.Name
	}
	d.Quick = false
	return t.takeField(Name, &d.Report.Contact.Name)
}

func takeEmail(t *turn) Event { return t.takeField(Email, &t.draft().Report.Contact.Email) }

func takeLogin(t *turn) Event { return t.takeField(Login, &t.draft().Report.Contact.Login) }

// loneAddress is the one e-mail address in a sentence; the whole text where there is
// none, or more than one.
func loneAddress(s string) string {
	words := slices.DeleteFunc(strings.Fields(s), func(w string) bool { return !strings.Contains(w, "@") })
	if len(words) != 1 {
		return s
	}
	if _, err := tickets.Email(words[0]); err != nil {
		return s
	}
	return words[0]
}

// takePhone takes a number typed, or the customer's own contact shared.
func takePhone(t *turn) Event {
	if t.in.Kind == Shared {
		if !t.in.Own {
			t.repeat = true
			return t.refuse("refuse.contact", nil)
		}
		t.in.Kind, t.in.Text = Typed, "+"+digits(t.in.Phone)
	}
	return t.takeField(Phone, &t.draft().Report.Contact.Phone)
}

// digits leaves a text's digits: Telegram gives numbers with or without plus.
func digits(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			out = append(out, s[i])
		}
	}
	return string(out)
}

// takeSite takes an address, or on one press that of an earlier ticket.
func takeSite(t *turn) Event {
	if t.pressed(pressPick) {
		i, err := strconv.Atoi(t.in.Press.Value)
		if err != nil || i < 0 || i >= len(t.session.Sites) {
			return t.unexpected()
		}
		t.in.Kind, t.in.Text = Typed, t.session.Sites[i]
	}
	return t.takeField(Site, &t.draft().Report.Site)
}

// takeError takes the error's text. Nothing is an answer too.
func takeError(t *turn) Event { return t.takeText(Error) }

func takeSteps(t *turn) Event { return t.takeText(Steps) }

func takeChanges(t *turn) Event { return t.takeText(Changes) }

func (t *turn) takeText(s State) Event {
	field := t.draft().text(s)
	if t.pressed(pressNone) {
		*field = ""
		t.forget(s)
		return Next
	}
	return t.takeField(s, field)
}

// takeField reads a text into a field, after its check.
func (t *turn) takeField(s State, field *string) Event {
	switch t.in.Kind {
	case Shared:
		return t.refuse("refuse.other", nil)
	case Pressed:
		return t.unexpected()
	}
	value, err := check(s, t.in.Text, t.limits())
	if err != nil {
		return t.refuseField(err)
	}
	*field = value
	t.answered(s)
	return Next
}

// check is what each text field accepts, in its normal form.
func check(s State, text string, l tickets.Limits) (string, error) {
	switch s {
	case Name:
		return tickets.Name(text)
	case Email:
		return tickets.Email(loneAddress(text))
	case Login:
		return tickets.Login(text)
	case Phone:
		return tickets.PhoneNumber(text)
	case Site:
		return tickets.Site(text)
	default:
		return someText(text, l.TextMax)
	}
}

// someText is a free text that says something.
func someText(s string, limit int) (string, error) {
	text, err := tickets.FreeText(s, limit)
	if err == nil && text == "" {
		return "", &tickets.FieldError{Code: "text.empty"}
	}
	return text, err
}

// refuseField says in the customer's words why a field is not taken.
func (t *turn) refuseField(err error) Event {
	var bad *tickets.FieldError
	if !errors.As(err, &bad) {
		return t.refuse("refuse.button", nil)
	}
	if t.in.Kind == Typed && tickets.UTF16Len(t.in.Text) >= continuationSize {
		t.draft().Cut = t.in.Date
	}
	if t.in.Kind == Typed && t.in.Message != 0 {
		t.draft().Refused = t.in.Message
	}
	return t.refuse("refuse."+bad.Code, tickets.Args{"detail": tickets.Text(bad.Detail)})
}

// takeShots says when the screenshots are complete. The pictures themselves
// are taken at every step, see sent.
func takeShots(t *turn) Event {
	d := t.draft()
	switch {
	case t.pressed(pressDone), t.pressed(pressNone):
		return Next
	case t.pressed(pressClear):
		d.Report.Files = nil
		return t.cleared()
	default:
		return t.refuse("refuse.shots", nil)
	}
}

// takeReview files the ticket, or leads to what is to be changed.
func takeReview(t *turn) Event {
	switch {
	case t.pressed(string(Edit)):
		return Edit
	case t.pressed(string(Submit)):
		d := t.draft()
		if t.oneOrMany(d.Report.Problem) == Many { // since a message was edited
			d.Editing, d.Before = true, d.Pieces
			return Many
		}
		return t.submit()
	default:
		return t.unexpected()
	}
}

// takeChoose opens one field.
func takeChoose(t *turn) Event {
	e := Event(t.in.Press.Event)
	if _, ok := t.row.On[e]; t.in.Kind != Pressed || !ok {
		return t.unexpected()
	}
	d := t.draft()
	d.Editing, d.Before = true, d.Pieces
	return e
}

// takeLeave drops the draft, or goes on with it.
func takeLeave(t *turn) Event {
	switch {
	case t.pressed(string(No)):
		return No
	case !t.pressed(string(Yes)):
		return t.unexpected()
	}
	t.session.Draft = nil
	t.note("draft.dropped", nil)
	if len(t.session.Kept) > 0 {
		return YesKept
	}
	return Yes
}

// takeAgain drops the draft for a new one, or goes on with it.
func takeAgain(t *turn) Event {
	switch {
	case t.pressed(string(No)):
		return No
	case t.pressed(string(Yes)):
		t.note("draft.dropped", nil)
		t.begin()
		return Yes
	default:
		return t.unexpected()
	}
}

// takeOffer files the next of the problems kept, puts it off, or forgets it.
func takeOffer(t *turn) Event {
	s := &t.session
	switch {
	case len(s.Kept) == 0:
		return No
	case t.pressed(string(Yes)):
		t.beginKept()
		return Yes
	case t.pressed(string(No)):
		t.note("kept.later", nil)
		return No
	case !t.pressed(pressClear):
		if e := t.beginWith(); e != Stay {
			return e
		}
		return t.unexpected()
	}
	s.Kept = s.Kept[1:]
	t.note("kept.forgotten", nil)
	if len(s.Kept) > 0 {
		return More
	}
	return No
}
