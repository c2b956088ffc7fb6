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
		d.Pieces = []Piece{{Text: d.Parts[0]}}
		t.session.Kept = append(t.session.Kept, d.Parts[1:]...)
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
	if i := slices.IndexFunc(d.Pieces, func(p Piece) bool { return p.Message == t.in.Message }); i >= 0 {
		return t.editPiece(i)
	}
	for s, said := range d.Answers {
		if said.Message == t.in.Message {
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
	return t.changed(Problem)
}

func (t *turn) editField(s State) Event {
	r := &t.draft().Report
	fields := map[State]*string{
		Name: &r.Contact.Name, Email: &r.Contact.Email, Login: &r.Contact.Login, Phone: &r.Contact.Phone,
		Site: &r.Site, Error: &r.Error, Steps: &r.Steps, Changes: &r.Changes,
	}
	value, err := check(s, t.in.Text, t.limits())
	if err != nil {
		return t.refuseEdit(err)
	}
	*fields[s] = value
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
