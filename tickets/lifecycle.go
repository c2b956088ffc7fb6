package tickets

import (
	"context"
	"errors"
	"slices"

	"github.com/looplab/fsm"
)

// Move is a row of a ticket's life: what leads from which states to which.
type Move struct {
	Event string
	From  []State
	To    State
}

// Moves are a ticket's whole life. An event that a state has no row for cannot
// happen in it. Most events are actions of the same name; "answer" is an
// agent's message to the customer, "add" is one of the customer, and "silence"
// is that none came.
var Moves = []Move{
	{"take", []State{StateNew, StateReopened, StateDevelopment, StatePutOff, StateWork}, StateWork},
	{"answer", []State{StateNew, StateReopened, StateWork}, StateWork}, // R3.8
	{"wait", []State{StateNew, StateReopened, StateWork, StateDevelopment, StatePutOff}, StateWaiting},
	{"add", []State{StateWaiting, StateWork}, StateWork}, // R2.7
	{"develop", []State{StateNew, StateReopened, StateWork, StateWaiting, StatePutOff}, StateDevelopment},
	{"putoff", []State{StateNew, StateReopened, StateWork, StateWaiting, StateDevelopment}, StatePutOff},
	{"decline", []State{StateNew, StateReopened, StateWork, StateWaiting, StateDevelopment, StatePutOff}, StateDeclined},
	{"solve", []State{StateNew, StateReopened, StateWork, StateWaiting, StateDevelopment, StatePutOff}, StateSolved},
	{"close", []State{StateNew, StateReopened, StateWork, StateWaiting, StateDevelopment, StatePutOff, StateDeclined, StateSolved}, StateClosed},
	{"merge", []State{StateNew, StateReopened, StateWork, StateWaiting, StateDevelopment, StatePutOff, StateDeclined, StateSolved}, StateClosed},
	{"silence", []State{StateWaiting, StateSolved}, StateClosed},
	{"reopen", []State{StateSolved, StateDeclined, StateClosed}, StateReopened}, // R7.2
	// What changes no state.
	{"answer", []State{StateWaiting}, StateWaiting},
	{"answer", []State{StateDevelopment}, StateDevelopment},
	{"answer", []State{StatePutOff}, StatePutOff},
	{"answer", []State{StateDeclined}, StateDeclined},
	{"answer", []State{StateSolved}, StateSolved},
	{"answer", []State{StateClosed}, StateClosed},
	{"add", []State{StateNew}, StateNew},
	{"add", []State{StateReopened}, StateReopened},
	{"add", []State{StateDevelopment}, StateDevelopment},
	{"add", []State{StatePutOff}, StatePutOff},
}

// States lists every state, in the order of a ticket's life.
var States = []State{
	StateNew, StateReopened, StateWork, StateWaiting, StateDevelopment, StatePutOff, StateSolved, StateDeclined, StateClosed,
}

// Anyone stands for an agent where tickets of all are meant.
const Anyone = -1

// OpenStates are the states in which a ticket still asks for work.
var OpenStates = States[:6]

// Ended tells whether the work on a ticket is over, for the time being.
func (s State) Ended() bool { return s == StateSolved || s == StateDeclined || s == StateClosed }

// Diagram is the table as it is drawn: without what changes no state.
func Diagram() fsm.Events {
	var out fsm.Events
	for _, m := range Moves {
		for _, from := range m.From {
			if from != m.To {
				out = append(out, fsm.EventDesc{Name: m.Event, Src: []string{string(from)}, Dst: string(m.To)})
			}
		}
	}
	return out
}

// errNoMove says that a state has no row for an event.
var errNoMove = errors.New("tickets: not in this state")

// after is the state that an event leads to. A machine is made of the state's
// own edges for each event: it is cheap, and nothing can be left behind in it.
func (s State) after(event string) (State, error) {
	var edges fsm.Events
	for _, m := range Moves {
		if slices.Contains(m.From, s) {
			edges = append(edges, fsm.EventDesc{Name: m.Event, Src: []string{string(s)}, Dst: string(m.To)})
		}
	}
	m := fsm.NewFSM(string(s), edges, nil)
	err := m.Event(context.WithoutCancel(context.Background()), event)
	var same fsm.NoTransitionError
	if err != nil && !errors.As(err, &same) {
		return s, errors.Join(errNoMove, err)
	}
	return State(m.Current()), nil
}
