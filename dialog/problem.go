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
		t.repeat = true
		return t.refuse("noted.cleared", nil)
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
	d.Pieces = append(d.Pieces, Piece{t.in.Message, piece})
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
	if text == d.One {
		return Next
	}
	d.Parts = Several(text)
	if len(d.Parts) > 1 {
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
		for _, p := range d.Pieces {
			d.Split = append(d.Split, p.Message)
		}
		d.Pieces = []Piece{{Text: d.Parts[0]}}
		t.session.keep(d.Parts[1:])
		t.note("kept", tickets.Args{"n": tickets.Count(len(d.Parts) - 1)})
	default:
		return t.unexpected()
	}
	d.Parts = nil
	return Next
}

// edited changes the answer that a message gave, when the customer edits it.
func (t *turn) edited() Event {
	d := t.draft()
	if d == nil {
		return Stay
	}
	if t.in.Message == d.Refused && t.in.Text != "" { // the correction of what was refused
		t.in.Kind = Typed
		return t.row.Takes(t)
	}
	if slices.Contains(d.Split, t.in.Message) {
		return t.refuse("edit.split", nil)
	}
	if i := slices.IndexFunc(d.Pieces, func(p Piece) bool { return p.Message == t.in.Message }); i >= 0 {
		return t.editPiece(i)
	}
	for s, said := range d.Answers {
		if said.Message == t.in.Message || slices.ContainsFunc(said.Pieces, t.isEdited) {
			return t.editField(s)
		}
	}
	return t.editFile()
}

func (t *turn) editPiece(i int) Event {
	d := t.draft()
	before := d.Pieces[i].Text
	piece, err := someText(t.in.Text, t.limits().DescriptionMax)
	if err != nil {
		return t.refuseEdit(err)
	}
	d.Pieces[i].Text = piece
	whole, err := tickets.FreeText(d.description(), t.limits().DescriptionMax)
	if err != nil {
		d.Pieces[i].Text = before
		return t.refuseEdit(err)
	}
	if d.Report.Problem != "" {
		if missing := t.missing(); missing > 0 {
			d.Pieces[i].Text = before
			t.note("edit.refused", nil)
			return t.refuse("noted.short", tickets.Args{"n": tickets.Count(missing)})
		}
		d.Report.Problem = whole
	}
	t.editFile()
	t.changed(Problem)
	if t.row.State != OneOrMany {
		return Stay
	}
	if d.Parts = Several(whole); len(d.Parts) < 2 {
		d.One = whole
		return Next
	}
	t.repeat = true
	return Stay
}

// isEdited tells whether a piece is the message that was edited.
func (t *turn) isEdited(p Piece) bool { return p.Message == t.in.Message }

// restore takes back what was begun with the description from the review and
// not ended, so that the review shows what will be filed.
func (t *turn) restore() {
	d := t.draft()
	if d == nil || !d.Editing || (t.row.State != Problem && t.row.State != OneOrMany) || slices.Equal(d.Pieces, d.Before) {
		return
	}
	d.Pieces, d.Parts = d.Before, nil
	d.Report.Problem = d.description()
	t.note("edit.undone", nil)
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

func (t *turn) editField(s State) Event {
	r := &t.draft().Report
	fields := map[State]*string{
		Name: &r.Contact.Name, Email: &r.Contact.Email, Login: &r.Contact.Login, Phone: &r.Contact.Phone,
		Site: &r.Site, Error: &r.Error, Steps: &r.Steps, Changes: &r.Changes,
	}
	said := t.draft().Answers[s]
	text := t.in.Text
	if i := slices.IndexFunc(said.Pieces, t.isEdited); i >= 0 {
		pieces := slices.Clone(said.Pieces)
		pieces[i].Text = text
		text, said.Pieces = join(pieces), pieces
	}
	value, err := check(s, text, t.limits())
	if err != nil {
		return t.refuseEdit(err)
	}
	*fields[s], t.draft().Answers[s] = value, said
	return t.changed(s)
}

// editFile puts another picture in the place of the one a message brought.
func (t *turn) editFile() Event {
	files := t.draft().Report.Files
	i := slices.IndexFunc(files, func(f tickets.File) bool { return f.Message == t.in.Message })
	switch {
	case i < 0:
		return Stay
	case t.in.File == nil && t.in.Refused != "":
		t.note("edit.refused", nil)
		t.refuseFile()
		return Stay
	case t.in.File == nil || files[i].Unique == t.in.File.Unique:
		return Stay // only the caption
	}
	files[i] = *t.in.File
	return t.changed(Shots)
}

// changed tells the customer that an edit was taken over.
func (t *turn) changed(s State) Event {
	t.note("edit.changed", tickets.Args{"field": tickets.Key("field." + string(s))})
	t.repeat = t.row.State == Review
	return Stay
}

func (t *turn) refuseEdit(err error) Event {
	t.note("edit.refused", nil)
	return t.refuseField(err)
}
