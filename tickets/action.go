package tickets

// ValueKind is what an action wants to be told besides the ticket.
type ValueKind int

// The kinds of values.
const (
	NoValue     ValueKind = iota
	WantsReason           // ID of a reason of the policy; without one Act asks by buttons
	WantsLevel            // ID of a level; without one Act asks by buttons
	WantsSwitch           // "on" or "off"; without one it is switched over
	WantsCanned           // name of a canned answer; without one Act asks by buttons
	WantsAgent            // Act.Agent
	WantsTicket           // a ticket's number: Act.Other
	WantsPost             // Act.Post: the message that the command replies to
	WantsText             // any words
)

// Action is a row of the Actions table.
type Action struct {
	Name    string   // the command, and after "t." the button's event
	Aliases []string // other names of the command
	From    []State  // states it is offered in; nil: any
	Wants   ValueKind
	Button  ButtonPlace
	Ticket  bool // it is about one ticket; else about the desk
	Changes bool // Desk.Act works it out; what does not is a view, which the caller shows
}

// ButtonPlace is where an action's button stands.
type ButtonPlace int

// The places of buttons.
const (
	NoButton ButtonPlace = iota
	OnCard
	UnderMore // on the card too, once "more" was pressed
)

// Actions are all that agents can do, in the order of help and buttons.
var Actions []Action

// FindAction finds an action by its name or an alias.
func FindAction(name string) (Action, bool) { return Action{}, false }
