package dialog

import (
	"slices"

	"intakebot/tickets"
)

// mergeFiles joins what is said about the pictures of one album.
const mergeFiles = "files"

// sent takes a file, at whatever step it comes: a picture is kept for the
// screenshots, and its caption is an answer like any text.
func (t *turn) sent() Event {
	if t.draft() == nil {
		return t.row.Takes(t)
	}
	kept := t.keepFile()
	switch t.row.State {
	case Shots:
		t.caption()
		return Stay
	case Review, Choose: // where a text would be refused
		t.caption()
		t.repeat = kept || t.in.Text != ""
		return Stay
	}
	if t.in.Text != "" { // whatever became of the file
		t.in.Kind = Typed
		return t.row.Takes(t)
	}
	t.repeat = kept
	return Stay
}

// caption adds what stands under a screenshot to the description.
func (t *turn) caption() {
	d := t.draft()
	if t.in.Text == "" || !t.addPiece() {
		return
	}
	d.Report.Problem = d.description()
	d.One = d.Report.Problem
	t.merge = "" // not to be dropped for a later count
	t.note("noted.caption", nil)
}

// keepFile adds a picture to the draft, or says why not. The good ones of an
// album are kept whatever the others are.
func (t *turn) keepFile() bool {
	d, l := t.draft(), t.limits()
	f := t.in.File
	same := func(have tickets.File) bool { return have.Unique == f.Unique }
	switch {
	case f == nil:
		t.refuseFile()
		return false
	case slices.ContainsFunc(d.Report.Files, same):
		t.note("refuse.file.same", nil)
		return false
	case len(d.Report.Files) >= l.Files:
		t.merge, t.after = "many", true
		t.note("refuse.file.many", tickets.Args{"n": tickets.Count(l.Files)})
		return false
	}
	d.Report.Files = append(d.Report.Files, *f)
	t.merge, t.after = mergeFiles, true
	t.note("noted.file", tickets.Args{"n": tickets.Count(len(d.Report.Files)), "max": tickets.Count(l.Files)})
	return true
}

// refuseFile says why a file is not taken, and what to send instead.
func (t *turn) refuseFile() {
	t.note("refuse.file."+string(t.in.Refused), tickets.Args{
		"name": tickets.Text(t.in.FileName), "megabytes": tickets.Count(t.limits().FileBytes >> 20)})
}
