package dialog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"intakebot/tickets"
)

// State is where a customer is in the conversation.
type State string

// The states. Script says what happens in each.
const (
	Idle      State = "idle"    // no draft
	Topic     State = "topic"   // what it is about
	Scope     State = "scope"   // the topic is out of scope
	Name      State = "name"    //
	Email     State = "email"   //
	Login     State = "login"   // in the system
	Phone     State = "phone"   //
	Site      State = "site"    //
	Problem   State = "problem" // how it shows
	OneOrMany State = "several" // the description seems to hold several problems
	Error     State = "error"   // the error's text
	Steps     State = "steps"   // what leads to it
	Shots     State = "shots"   // screenshots
	Changes   State = "changes" // lately made on the site
	Review    State = "review"  // all of it, before it is filed
	Choose    State = "choose"  // which field to edit
	Leave     State = "leave"   // really drop the draft?
	Again     State = "again"   // a new draft, though there is one
	Offer     State = "offer"   // a part that was kept can be filed next
)

// Session is all that the intake keeps of a customer. It is stored as JSON.
type Session struct {
	State    State            `json:"state"`
	Revision int64            `json:"rev"`              // of the question; its buttons carry it
	Return   State            `json:"return,omitempty"` // where Stay leads back to
	Draft    *Draft           `json:"draft,omitempty"`
	Known    *tickets.Contact `json:"known,omitempty"` // of the latest ticket
	Sites    []string         `json:"sites,omitempty"` // of earlier tickets, newest first
	Kept     []string         `json:"kept,omitempty"`  // problems to be filed next (R3.4)
	Strays   []Stray          `json:"strays,omitempty"`
	Touched  time.Time        `json:"touched"` // the customer's latest step
	Reminded bool             `json:"reminded,omitempty"`
	Thread   int64            `json:"thread,omitempty"`   // of the chat, that the conversation is held in; 0: in none
	Keyboard bool             `json:"keyboard,omitempty"` // a Keyboard stands in place of the letters
}

// Draft is a ticket that is being written.
type Draft struct {
	ID      string         `json:"id"`
	By      string         `json:"by,omitempty"` // the customer's name, as the messenger shows it
	Topic   string         `json:"topic,omitempty"`
	Report  tickets.Report `json:"report"`
	Pieces  []Piece        `json:"pieces,omitempty"`  // of the description, message by message
	Answers Answers        `json:"answers,omitempty"` // which message answered what
	Cut     time.Time      `json:"cut,omitzero"`      // of a text refused for its length: its other half may follow
	Last    State          `json:"last,omitempty"`    // the latest text field answered
	Outside string         `json:"outside,omitempty"` // a topic out of scope that was picked but not insisted on
	Others  bool           `json:"others,omitempty"`  // the topics out of scope are shown
	Parts   []string       `json:"parts,omitempty"`   // the problems found in the description
	Before  []Piece        `json:"before,omitempty"`  // the description before it was edited from the review
	Refused int64          `json:"refused,omitempty"` // the message whose answer was refused last
	One     string         `json:"one,omitempty"`     // a description that the customer said is one problem
	Editing bool           `json:"editing,omitempty"` // one field is being changed, from the review
	Filled  bool           `json:"filled,omitempty"`  // contact and site are there from the start
	Quick   bool           `json:"quick,omitempty"`   // all of the contact came on one press
}

// Piece is one message of the description.
type Piece struct {
	Message int64  `json:"message"`
	Text    string `json:"text"`

	// From are the messages whose first problem it is, and Apart the problems
	// that were kept apart from it (R3.4); none: it was not split.
	From  []Piece  `json:"from,omitempty"`
	Apart []string `json:"apart,omitempty"`
}

// sitesKept is how many earlier sites are offered as buttons.
const sitesKept = 3

// load reads a customer's session; one without any is Idle.
func load(c tickets.Customer) (Session, error) {
	s := Session{State: Idle}
	if len(c.Session) == 0 {
		return s, nil
	}
	if kept, ok := c.Decoded.(*Session); ok {
		return kept.clone(), nil
	}
	if err := json.Unmarshal(c.Session, &s); err != nil {
		return s, fmt.Errorf("session of customer %d: %w", c.ID, err)
	}
	return s, nil
}

// save puts a session into its customer, with the time to look at it again.
func save(c *tickets.Customer, s Session, limits tickets.Limits) error {
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("session of customer %d: %w", c.ID, err)
	}
	c.Session, c.Decoded = body, &s
	c.Wake = wakeAt(s, limits)
	if c.Blocked {
		c.Wake = time.Time{}
	}
	return nil
}

// clone is a session that shares nothing that can change with another.
func (s Session) clone() Session {
	s.Draft, s.Known = s.Draft.clone(), cloned(s.Known)
	s.Sites, s.Kept, s.Strays = slices.Clone(s.Sites), slices.Clone(s.Kept), slices.Clone(s.Strays)
	for i := range s.Strays {
		stray := &s.Strays[i]
		stray.File, stray.Body = cloned(stray.File), cloned(stray.Body)
		if stray.Body != nil {
			stray.Body.Entities = slices.Clone(stray.Body.Entities)
		}
	}
	return s
}

func (d *Draft) clone() *Draft {
	d = cloned(d)
	if d == nil {
		return nil
	}
	d.Report.Files, d.Parts = slices.Clone(d.Report.Files), slices.Clone(d.Parts)
	d.Pieces, d.Before = clonePieces(d.Pieces), clonePieces(d.Before)
	d.Answers = d.Answers.clone()
	return d
}

func clonePieces(list []Piece) []Piece {
	list = slices.Clone(list)
	for i := range list {
		list[i].From, list[i].Apart = clonePieces(list[i].From), slices.Clone(list[i].Apart)
	}
	return list
}

func cloned[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// wakeAt is when a session needs a look without the customer: for the one
// reminder, then for the end of the draft.
func wakeAt(s Session, limits tickets.Limits) time.Time {
	switch {
	case s.Draft == nil:
		return time.Time{}
	case s.Reminded || limits.RemindAfter <= 0:
		return s.Touched.Add(limits.DraftKept)
	default:
		return s.Touched.Add(min(limits.RemindAfter, limits.DraftKept))
	}
}

// description is what all pieces say together.
func (d *Draft) description() string { return told(d.Pieces) }

// told is what pieces say together: a line for each message, but those that
// the app has cut for their length go on in the same line.
func told(pieces []Piece) string {
	var b strings.Builder
	for i, p := range pieces {
		switch {
		case i == 0:
		case tickets.UTF16Len(pieces[i-1].Text) >= continuationSize:
			b.WriteByte(' ')
		default:
			b.WriteByte('\n')
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

// Busy tells whether a customer is in the middle of a draft, or of a question
// about one: what they write belongs to it.
func Busy(c tickets.Customer) bool {
	if len(c.Session) == 0 || !c.Wake.IsZero() { // every draft is looked at again, but for those of the blocked
		return len(c.Session) > 0
	}
	var s struct {
		Draft *struct{} `json:"draft"` // that there is one is all
	}
	return json.Unmarshal(c.Session, &s) != nil || s.Draft != nil
}
