package tickets

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// State is where a ticket is in its life.
type State string

// The states of a ticket.
const (
	StateNew         State = "new"         // filed, nobody has reacted yet
	StateWork        State = "work"        // an agent has taken it (R3.8)
	StateWaiting     State = "waiting"     // for the customer; no clock runs
	StateDevelopment State = "development" // passed on; reaction not regulated (R5)
	StatePutOff      State = "put_off"     // for a reason of the policy (R6.4)
	StateDeclined    State = "declined"    // for a reason of the policy (R6.4)
	StateSolved      State = "solved"      // can be reopened (R7.2)
	StateClosed      State = "closed"      // can be reopened for as long as the policy says
	StateReopened    State = "reopened"    // back in the queue
)

// Contact is how a customer is reached and known (R3.2).
type Contact struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	Login string `json:"login,omitempty"` // in the system
	Phone string `json:"phone,omitempty"` // may be empty

	Account string `json:"account,omitempty"` // name in the messenger, with @nick where there is one
}

// Report is what a customer says about one problem (R3.5).
type Report struct {
	Contact Contact `json:"contact"`
	Site    string  `json:"site"`    // in normal form
	Problem string  `json:"problem"` // how it shows
	Error   string  `json:"error"`   // the error's text; empty: there is none
	Steps   string  `json:"steps"`   // what leads to it; empty: not known
	Files   []File  `json:"files"`   // screenshots
	Changes string  `json:"changes"` // lately made on the site; empty: none
}

// Ticket is one problem of one customer (R3.4).
type Ticket struct {
	ID       int64 // given by the store; 0 until then (R3.7)
	Version  int64 // counts the changes; 0 until stored
	Draft    string
	Customer int64 // the customer's private chat
	Lang     Lang  // that the customer filed in
	Topic    string
	Level    string
	Critical bool
	State    State
	Report   Report
	Opened   time.Time
	Due      time.Time // of the reaction that the customer waits for; zero: none, or not regulated (R5.1)
	Place    Place
	Thread   int64 // of the customer's chat, where the ticket has one of its own; 0: none was made

	Agent int64     // who has taken it; 0: nobody
	Wake  time.Time // when to look at it without anybody's doing; zero: never
	Life  Life
}

// Life is what became of a ticket since it was filed. It is stored as JSON.
type Life struct {
	AgentName string    `json:"agent_name,omitempty"`
	Since     time.Time `json:"since,omitzero"`     // of the customer's message that waits for a reaction
	Warned    int       `json:"warned,omitempty"`   // per cent of the reaction time that the agents were warned of: 0, 50, 80, 100
	Reason    string    `json:"reason,omitempty"`   // ID, of being put off or declined
	Quiet     time.Time `json:"quiet,omitzero"`     // since when the customer is waited for; once Reminded, since the reminder
	Reminded  bool      `json:"reminded,omitempty"` // of being waited for
	Ended     time.Time `json:"ended,omitzero"`     // when it was last solved or declined
	Rating    int       `json:"rating,omitempty"`   // 1 to 5; 0: none
	Rated     time.Time `json:"rated,omitzero"`     // when the rating was given
	Comment   string    `json:"comment,omitempty"`  // on the rating, or thanks
	Remarked  time.Time `json:"remarked,omitzero"`  // when the comment was given
	Told      time.Time `json:"told,omitzero"`      // next opening that the customer was told of
	SplitFrom int64     `json:"split_from,omitempty"`
	MergedTo  int64     `json:"merged_to,omitempty"`
	LastAgent int64     `json:"last_agent,omitempty"` // whose answer the customer saw last

	LevelBefore string `json:"level_before,omitempty"` // of development, where it was sent there
}

// Place is where the agents see a ticket. It is known once the messages that
// make it were sent.
type Place struct {
	Group  int64 // the agents' chat
	Thread int64 // the topic in a forum; 0 elsewhere, or not made yet
	Card   int64 // message that shows the ticket; 0: not sent yet
}

// Number is a ticket's ID as people read and say it, "T-1042".
func Number(id int64) string { return fmt.Sprintf("T-%d", id) }

// ParseNumber reads a ticket's ID as people write it: T-1042, t1042, T 1042,
// #1042 or 1042, with the letter of a Russian keyboard, and with a sentence's
// punctuation behind.
func ParseNumber(s string) (int64, error) {
	s = strings.TrimLeft(strings.TrimRight(strings.TrimSpace(s), ".,:;!?"), "#№ ")
	for _, letter := range []string{"T", "t", "Т", "т"} {
		if rest, ok := strings.CutPrefix(s, letter); ok {
			s = rest
			break
		}
	}
	s = strings.TrimPrefix(strings.TrimLeft(s, " "), "-")
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("not a ticket's number: %q", s)
	}
	return n, nil
}

// Event is a line of the audit trail.
type Event struct {
	Ticket int64 // 0: the ticket that the same change files
	At     time.Time
	Actor  Actor
	Kind   string            // what happened: "filed", "state" …
	Data   map[string]string // from, to, reason …
}

// Actor is who did something.
type Actor struct {
	Kind string // "customer", "agent" or "bot"
	ID   int64  // of the person; 0 for the bot
	Name string // as it was shown then
}
