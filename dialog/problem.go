package dialog

import (
	"slices"

	"intakebot/tickets"
)

// takeProblem gathers the description, message by message, until it is done.
func takeProblem(t *turn) Event {
	if t.pressed(pressDone) {
		return t.described()
	}
	if t.pressed(pressClear) {
		t.draft().Pieces = nil
		return t.cleared()
	}
	if t.in.Kind == Shared {
		return t.refuse("refuse.other", nil)
	}
	if t.in.Kind != Typed {
		return t.unexpected()
	}
	if !t.addPiece() {
		return Stay
	}
	t.merge, t.after = "pieces", tickets.UTF16Len(t.in.Text) >= continuationSize // the other half follows
	if missing := t.missing(); missing > 0 {
		return t.refuse("noted.short", tickets.Args{"n": tickets.Count(missing)})
	}
	return t.refuse("noted.more", nil)
}

// addPiece adds a message to the description, or says why not.
func (t *turn) addPiece() bool {
	d := t.draft()
	piece, err := someText(t.in.Text, t.limits().DescriptionMax)
	if err == nil {
		_, err = tickets.FreeText(d.description()+"\n"+piece, t.limits().DescriptionMax)
	}
	if err != nil {
		t.refuseField(err)
		return false
	}
	d.Pieces = append(d.Pieces, Piece{Message: t.in.Message, Text: piece})
	d.Last = ""
	return true
}

// missing is how many characters the description still lacks.
func (t *turn) missing() int {
	return t.limits().DescriptionMin - len([]rune(t.draft().description()))
}

// described ends the description, and looks whether it is one problem (R3.4).
func (t *turn) described() Event {
	if missing := t.missing(); missing > 0 {
		return t.refuse("noted.short", tickets.Args{"n": tickets.Count(missing)})
	}
	d := t.draft()
	text := d.description()
	d.Report.Problem = text
	return t.oneOrMany(text)
}

// oneOrMany looks whether a description is one problem, unless the customer has
// said so.
func (t *turn) oneOrMany(text string) Event {
	d := t.draft()
	if text == d.One {
		return Next
	}
	if d.Parts = Several(text); len(d.Parts) > 1 {
		return Many
	}
	d.One = text
	return Next
}

// takeSeveral keeps the problems apart, or believes that it is one.
func takeSeveral(t *turn) Event {
	d := t.draft()
	switch {
	case t.pressed(pressNone):
		d.One = d.Report.Problem
	case t.pressed(pressDone):
		d.Report.Problem, d.One = d.Parts[0], d.Parts[0]
		d.Pieces = []Piece{first(d.Pieces, d.Parts)}
		t.session.keep(d.Parts[1:])
		t.note("kept", tickets.Args{"n": tickets.Count(len(d.Parts) - 1)})
	default:
		return t.unexpected()
	}
	d.Parts = nil
	return Next
}

// first is the first problem of a description that holds several, or all of one
// that does not. It knows the messages that it is from, so that editing one of
// them changes what was split.
func first(pieces []Piece, parts []string) Piece {
	p := Piece{Text: told(pieces)}
	for _, from := range pieces {
		if from.From == nil {
			p.From = append(p.From, from)
			continue
		}
		p.From = append(p.From, from.From...)
		p.Apart = append(p.Apart, from.Apart...)
	}
	if len(parts) > 1 {
		p.Text, p.Apart = parts[0], append(p.Apart, parts[1:]...)
	}
	return p
}

// apart lists the problems that were split off a description.
func apart(pieces []Piece) []string {
	var out []string
	for _, p := range pieces {
		out = append(out, p.Apart...)
	}
	return out
}

// keptMost is how many problems are kept for later.
const keptMost = 20

// keep puts problems aside to be filed next, each once.
func (s *Session) keep(parts []string) {
	for _, p := range parts {
		if !slices.Contains(s.Kept, p) && len(s.Kept) < keptMost {
			s.Kept = append(s.Kept, p)
		}
	}
}
