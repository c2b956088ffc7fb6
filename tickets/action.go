package tickets

import "slices"

// ValueKind is what an action wants to be told besides the ticket.
type ValueKind int

// The kinds of values.
const (
	NoValue     ValueKind = iota
	WantsReason           // ID of a reason of the policy; without one Act asks by buttons
	WantsLevel            // ID of a level; without one Act asks by buttons
	WantsSwitch           // "on" or "off"; without one it is on
	WantsCanned           // name of a canned answer; without one Act asks by buttons
	WantsAgent            // Act.Agent; without one it is whoever acts
	WantsTicket           // a ticket's number: Act.Other, or which one to show; "merge" without one asks by buttons
	WantsPost             // Act.Post, the customer's message that the command replies to; Value can be a description. Its button says so
	WantsText             // any words; a ticket's button says how to give them
)

// ButtonPlace is where an action's button stands.
type ButtonPlace int

// The places of buttons.
const (
	NoButton  ButtonPlace = iota
	OnCard                // at once
	UnderMore             // on the card too, once "more" was pressed
)

// Action is a row of the Actions table. Its texts are "action.NAME", a button's
// label, and "action.NAME.about" for help and menus.
type Action struct {
	Name    string   // the command, and after "t." the button's event
	Aliases []string // other names of the command
	Changes bool     // Desk.Act works it out; others are views and the like, which its caller knows
	Wants   ValueKind
	Button  ButtonPlace
	Ticket  bool    // it is about one ticket; else about the desk, or a ticket that Value names
	From    []State // states it is offered in; nil: any. Where Moves has the name, it says so instead
}

// Actions are all that agents can do, in the order of buttons, help and menus.
// Dispatch, permissions and texts go by it too.
var Actions = []Action{
	{Name: "take", Changes: true, Button: OnCard, Ticket: true},
	{Name: "wait", Aliases: []string{"waiting"}, Changes: true, Button: OnCard, Ticket: true},
	{Name: "solve", Aliases: []string{"solved", "done"}, Changes: true, Button: OnCard, Ticket: true},
	{Name: "reopen", Changes: true, Button: OnCard, Ticket: true},
	{Name: "r", Aliases: []string{"reply", "canned"}, Changes: true, Wants: WantsCanned, Button: OnCard, Ticket: true},
	{Name: "develop", Aliases: []string{"dev"}, Changes: true, Button: UnderMore, Ticket: true},
	{Name: "putoff", Aliases: []string{"postpone"}, Changes: true, Wants: WantsReason, Button: UnderMore, Ticket: true},
	{Name: "decline", Changes: true, Wants: WantsReason, Button: UnderMore, Ticket: true},
	{Name: "close", Changes: true, Button: UnderMore, Ticket: true},
	{Name: "level", Changes: true, Wants: WantsLevel, Button: UnderMore, Ticket: true, From: OpenStates},
	{Name: "priority", Aliases: []string{"critical"}, Changes: true, Wants: WantsSwitch, Button: UnderMore, Ticket: true, From: OpenStates},
	{Name: "assign", Changes: true, Wants: WantsAgent, Button: UnderMore, Ticket: true, From: OpenStates},
	{Name: "split", Changes: true, Wants: WantsPost, Button: UnderMore, Ticket: true},
	{Name: "merge", Changes: true, Wants: WantsTicket, Button: UnderMore, Ticket: true},
	{Name: "note", Changes: true, Wants: WantsText, Button: UnderMore, Ticket: true},
	{Name: "ban", Button: UnderMore, Ticket: true},
	{Name: "unban", Button: UnderMore, Ticket: true},
	{Name: "why", Button: UnderMore, Ticket: true},
	{Name: "transcript", Button: UnderMore, Ticket: true},
	{Name: "ticket", Changes: true, Wants: WantsTicket},
	{Name: "delete"},
	{Name: "find", Wants: WantsText},
	{Name: "queue"},
	{Name: "mine"},
	{Name: "board"},
	{Name: "help"},
}

// FindAction finds an action by its name or an alias.
func FindAction(name string) (Action, bool) {
	for _, a := range Actions {
		if a.Name == name || slices.Contains(a.Aliases, name) {
			return a, true
		}
	}
	return Action{}, false
}

// OfferedIn tells whether an action makes sense in a state.
func (a Action) OfferedIn(s State) bool {
	moves := false
	for _, m := range Moves {
		if m.Event != a.Name {
			continue
		}
		moves = true
		if m.To != s && slices.Contains(m.From, s) {
			return true
		}
	}
	return !moves && (a.From == nil || slices.Contains(a.From, s))
}
