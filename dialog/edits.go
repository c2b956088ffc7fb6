package dialog

import (
	"slices"

	"intakebot/tickets"
)

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
	if slices.ContainsFunc(d.Pieces, func(p Piece) bool { return t.isEdited(p) || slices.ContainsFunc(p.From, t.isEdited) }) {
		return t.editPiece()
	}
	for _, a := range d.Answers {
		if a.Message == t.in.Message || slices.ContainsFunc(a.Pieces, t.isEdited) {
			return t.editField(a.State)
		}
	}
	return t.editFile()
}

// editPiece changes what a message said of the problem. Where it was split, the
// problems kept apart from it change as well (R3.4).
func (t *turn) editPiece() Event {
	d := t.draft()
	before := d.Pieces
	piece, err := someText(t.in.Text, t.limits().DescriptionMax)
	if err != nil {
		return t.refuseEdit(err)
	}
	d.Pieces = t.rewrite(before, piece)
	whole, err := tickets.FreeText(d.description(), t.limits().DescriptionMax)
	if err != nil {
		d.Pieces = before
		return t.refuseEdit(err)
	}
	if missing := t.missing(); d.Report.Problem != "" && missing > 0 {
		d.Pieces = before
		t.note("edit.refused", nil)
		return t.refuse("noted.short", tickets.Args{"n": tickets.Count(missing)})
	}
	if d.Report.Problem != "" {
		d.Report.Problem = whole
	}
	if len(apart(before)) > 0 || d.One == told(before) && len(Several(d.One)) > 1 {
		d.One = whole // the customer has said already what to do with it
	}
	d.Before = t.rewrite(d.Before, piece)
	t.editFile()
	t.changed(Problem)
	t.keepAnew(before)
	return t.severalAnew(whole)
}

// rewrite puts a new text in the place of what the edited message said.
func (t *turn) rewrite(pieces []Piece, text string) []Piece {
	out := slices.Clone(pieces)
	for i, p := range out {
		if t.isEdited(p) {
			out[i].Text = text
		}
		if slices.ContainsFunc(p.From, t.isEdited) {
			from := t.rewrite(p.From, text)
			out[i] = first(from, Several(told(from)))
		}
	}
	return out
}

// keepAnew keeps the problems that the description is split into now, in the
// place of those it was split into before.
func (t *turn) keepAnew(before []Piece) {
	was, is := apart(before), apart(t.draft().Pieces)
	t.session.Kept = slices.DeleteFunc(t.session.Kept, func(k string) bool { return slices.Contains(was, k) })
	t.session.keep(is)
	switch {
	case len(is) > 0:
		t.note("kept", tickets.Args{"n": tickets.Count(len(is))})
	case len(was) > 0:
		t.note("kept.none", nil)
	}
}

// severalAnew looks anew whether the description is one problem, where that is
// the question.
func (t *turn) severalAnew(whole string) Event {
	d := t.draft()
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
	if d == nil || !d.Editing || (t.row.State != Problem && t.row.State != OneOrMany) || told(d.Pieces) == told(d.Before) {
		return
	}
	d.Pieces, d.Parts = d.Before, nil
	d.Report.Problem = d.description()
	t.note("edit.undone", nil)
}

func (t *turn) editField(s State) Event {
	r := &t.draft().Report
	fields := map[State]*string{
		Name: &r.Contact.Name, Email: &r.Contact.Email, Login: &r.Contact.Login, Phone: &r.Contact.Phone,
		Site: &r.Site, Error: &r.Error, Steps: &r.Steps, Changes: &r.Changes,
	}
	said, _ := t.draft().Answers.of(s)
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
	*fields[s] = value
	t.draft().Answers.set(s, said)
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
