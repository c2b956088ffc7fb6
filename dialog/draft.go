package dialog

import (
	"strings"
	"time"

	"intakebot/tickets"
)

// begin starts an empty draft.
func (t *turn) begin() {
	t.session.Draft = &Draft{ID: t.env.NewID()}
}

// beginWith starts a draft with what a customer sent before pressing anything,
// so that nothing has to be said twice.
func (t *turn) beginWith() Event {
	switch {
	case t.in.Kind == Sent && t.in.File != nil:
		t.begin()
		t.keepFile()
	case t.in.Kind == Sent:
		t.refuseFile()
	case t.in.Kind != Typed:
		return Stay
	}
	if len([]rune(t.in.Text)) >= t.limits().DescriptionMin {
		if t.session.Draft == nil {
			t.begin()
		}
		if t.addPiece() {
			t.note("noted.text", nil)
		}
	}
	if t.session.Draft == nil {
		return Stay
	}
	return New
}

// beginKept starts a draft with the next problem that was kept (R3.4).
func (t *turn) beginKept() {
	s := &t.session
	t.begin()
	d := s.Draft
	d.Pieces = []Piece{{Text: s.Kept[0]}}
	d.One = s.Kept[0]
	s.Kept = s.Kept[1:]
	if s.Known != nil && len(s.Sites) > 0 {
		d.Report.Contact, d.Report.Site, d.Filled = *s.Known, s.Sites[0], true
		d.Quick = true
	}
}

// draft is the present one. Rows that use it are reached with a draft only.
func (t *turn) draft() *Draft { return t.session.Draft }

// answered notes which message gave an answer, so that editing the message
// changes the answer.
func (t *turn) answered(s State) {
	d := t.draft()
	d.Answers.set(s, Said{Message: t.in.Message, Date: t.in.Date, Size: tickets.UTF16Len(t.in.Text)})
	d.Last, d.Refused = s, 0
}

// forget cuts an answer's tie to a message.
func (t *turn) forget(s State) {
	t.draft().Answers.forget(s)
	t.draft().Last = ""
}

// continues takes the second half of a text that the customer's app has cut
// for its length: it belongs to the field that the first half answered.
func (t *turn) continues() bool {
	d := t.draft()
	if d == nil {
		return false
	}
	if !d.Cut.IsZero() && t.in.Date.Sub(d.Cut) <= continuationPause {
		return true // the first half was refused, and so is this one
	}
	d.Cut = time.Time{}
	if d.Last == "" || t.row.State == d.Last {
		return false
	}
	said, ok := d.Answers.of(d.Last)
	if !ok || said.Size < continuationSize || t.in.Date.Sub(said.Date) > continuationPause {
		return false
	}
	field := d.text(d.Last)
	if field == nil {
		return false
	}
	if len(said.Pieces) == 0 {
		said.Pieces = []Piece{{Message: said.Message, Text: *field}}
	}
	said.Pieces = append(said.Pieces, Piece{Message: t.in.Message, Text: t.in.Text})
	said.Size, said.Date = tickets.UTF16Len(t.in.Text), t.in.Date
	d.Answers.set(d.Last, said)
	text, whole := fit(join(said.Pieces), t.limits().TextMax)
	*field = text
	if !whole {
		t.note("noted.cut", tickets.Args{"field": tickets.Key("field." + string(d.Last)), "n": tickets.Count(t.limits().TextMax)})
	}
	t.repeat = t.row.State == Review
	return true
}

// fit cuts a text to the longest that is taken, and tells whether it is whole.
func fit(s string, limit int) (string, bool) {
	runes := []rune(s)
	for {
		text, err := tickets.FreeText(string(runes), limit)
		if err == nil {
			return text, len(runes) == len([]rune(s))
		}
		over := max(1, (tickets.UTF16Len(string(runes))-limit)/2)
		runes = runes[:max(0, len(runes)-over)]
	}
}

// join puts the halves of a text together that an app has cut.
func join(pieces []Piece) string {
	texts := make([]string, len(pieces))
	for i, p := range pieces {
		texts[i] = p.Text
	}
	return strings.Join(texts, " ")
}

// text finds the field that a text step fills.
func (d *Draft) text(s State) *string {
	switch s {
	case Error:
		return &d.Report.Error
	case Steps:
		return &d.Report.Steps
	case Changes:
		return &d.Report.Changes
	default:
		return nil
	}
}
