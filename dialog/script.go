package dialog

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/looplab/fsm"

	"intakebot/tickets"
)

// Event is what an answer comes to. The Script says where it leads.
type Event string

// The events. Stay keeps the state and the question.
const (
	Stay        Event = ""
	Next        Event = "next"        // answered
	Back        Event = "back"        // to the question before
	BackKnown   Event = "back_known"  // to the question before, where all of the contact came on one press
	Cancel      Event = "cancel"      // drop the draft
	New         Event = "new"         // begin a draft
	Known       Event = "known"       // answered, with what was known from earlier
	Outside     Event = "outside"     // the topic is out of scope (R6.2)
	Many        Event = "many"        // several problems in one description (R3.4)
	Done        Event = "done"        // Next, Back or Known while one field is being changed
	Edit        Event = "edit"        // choose a field to change
	Submit      Event = "submit"      // filed
	SubmitKept  Event = "submit_kept" // filed, and there are problems kept for the next
	Yes         Event = "yes"         //
	YesKept     Event = "yes_kept"    // Yes, and there are problems kept for the next
	No          Event = "no"          // back to where the customer was
	More        Event = "more"        // the next of the problems kept
	Expire      Event = "expire"      // the draft is too old
	EditTopic   Event = "edit_topic"
	EditName    Event = "edit_name"
	EditEmail   Event = "edit_email"
	EditLogin   Event = "edit_login"
	EditPhone   Event = "edit_phone"
	EditSite    Event = "edit_site"
	EditProblem Event = "edit_problem"
	EditError   Event = "edit_error"
	EditSteps   Event = "edit_steps"
	EditShots   Event = "edit_shots"
	EditChanges Event = "edit_changes"
)

// Return, as the target of an edge, is the state that the customer came from.
const Return State = "return"

// On says where each event leads.
type On map[Event]State

// Row is one state of the conversation.
type Row struct {
	State State
	Step  int                         // shown as "step 3 of 8"; 0: not counted
	Asks  func(*turn) tickets.Message // the question with its buttons
	Takes func(*turn) Event           // reads the answer into the draft
	On    On
}

// Script is a conversation: one row for each state.
type Script []Row

// Intake is the whole conversation. Every edge stands here; no answer names a
// state.
var Intake = Script{
	{Idle, 0, askIdle, takeIdle, On{New: Topic, More: Offer}},
	{Topic, 1, askTopic, takeTopic, field(On{Next: Name, Known: Problem, Outside: Scope, Back: Leave})},
	{Scope, 1, askScope, takeScope, field(On{Next: Name, Known: Problem, Back: Topic})},
	{Name, 2, askName, takeName, field(On{Next: Email, Known: Site, Back: Topic})},
	{Email, 2, askEmail, takeEmail, field(On{Next: Login, Back: Name})},
	{Login, 2, askLogin, takeLogin, field(On{Next: Phone, Back: Email})},
	{Phone, 2, askPhone, takePhone, field(On{Next: Site, Back: Login})},
	{Site, 3, askSite, takeSite, field(On{Next: Problem, Back: Phone, BackKnown: Name})},
	{Problem, 4, askProblem, takeProblem, field(On{Next: Error, Many: OneOrMany, Back: Site})},
	{OneOrMany, 4, askSeveral, takeSeveral, field(On{Next: Error, Back: Problem})},
	{Error, 5, askError, takeError, field(On{Next: Steps, Back: Problem})},
	{Steps, 6, askSteps, takeSteps, field(On{Next: Shots, Back: Error})},
	{Shots, 7, askShots, takeShots, field(On{Next: Changes, Back: Steps})},
	{Changes, 8, askChanges, takeChanges, field(On{Next: Review, Back: Shots})},
	{Review, 0, askReview, takeReview, draft(On{Submit: Idle, SubmitKept: Offer, Many: OneOrMany, Edit: Choose, Back: Changes})},
	{Choose, 0, askChoose, takeChoose, draft(On{
		EditTopic: Topic, EditName: Name, EditEmail: Email, EditLogin: Login, EditPhone: Phone, EditSite: Site,
		EditProblem: Problem, EditError: Error, EditSteps: Steps, EditShots: Shots, EditChanges: Changes, Back: Review})},
	{Leave, 0, askLeave, takeLeave, draft(On{Yes: Idle, YesKept: Offer, No: Return, Back: Return})},
	{Again, 0, askAgain, takeAgain, draft(On{Yes: Topic, No: Return, Back: Return})},
	{Offer, 0, askOffer, takeOffer, On{Yes: Topic, No: Idle, More: Offer, New: Topic}},
}

// draft adds the edges that every state with a draft has.
func draft(on On) On {
	on = maps.Clone(on)
	on[Cancel], on[New], on[Expire] = Leave, Again, Idle
	return on
}

// field adds the edges that every state has that asks for a field: from the
// review it can be changed alone.
func field(on On) On {
	on = draft(on)
	on[Done] = Review
	return on
}

// Steps is how many steps the conversation counts.
func (sc Script) Steps() int {
	n := 0
	for _, r := range sc {
		n = max(n, r.Step)
	}
	return n
}

// row finds a state's row. A session from another version of the program may
// stand in a state that is no more: it goes on from where its draft can.
func (sc Script) row(s State) (Row, bool) {
	for _, r := range sc {
		if r.State == s {
			return r, true
		}
	}
	return Row{}, false
}

// events lists the edges as looplab/fsm wants them.
func (sc Script) events() fsm.Events {
	var out fsm.Events
	for _, r := range sc {
		for e, to := range r.On {
			out = append(out, fsm.EventDesc{Name: string(e), Src: []string{string(r.State)}, Dst: string(to)})
		}
	}
	return out
}

// edges of the Intake, and those of each state: a machine is thrown away after
// its one event, so it is made of the few edges that it can take.
var (
	edges     = Intake.events()
	edgesFrom = bySource(edges)
)

func bySource(all fsm.Events) map[State]fsm.Events {
	out := map[State]fsm.Events{}
	for _, e := range all {
		from := State(e.Src[0])
		out[from] = append(out[from], e)
	}
	return out
}

// follow gives the state that an event leads to.
func follow(from State, e Event) (State, error) {
	m := fsm.NewFSM(string(from), edgesFrom[from], nil)
	err := m.Event(context.Background(), string(e))
	var same fsm.NoTransitionError
	if err != nil && !errors.As(err, &same) {
		return from, fmt.Errorf("dialog: %s does not take %s: %w", from, e, err)
	}
	return State(m.Current()), nil
}

// Diagram lists the edges that lead on. Left out are those that every question
// has (back, cancel, new, expire) and the edits of one field, which all begin
// at Choose and all end at Review.
func Diagram() fsm.Events {
	var out fsm.Events
	for _, e := range edges {
		switch Event(e.Name) {
		case Back, BackKnown, Cancel, Expire, Done:
			continue
		case New:
			if e.Dst == string(Again) {
				continue
			}
		}
		if !strings.HasPrefix(e.Name, "edit_") {
			out = append(out, e)
		}
	}
	return out
}
