package dialog

import (
	"time"

	"intakebot/tickets"
)

// Kind is what a customer did.
type Kind string

// The kinds of input.
const (
	Typed     Kind = "text"    // Text
	Commanded Kind = "command" // Command, without slash and bot name, lower case
	Pressed   Kind = "press"   // Press, on the message PressedOn
	Keyed     Kind = "key"     // a key of the Keyboard: Text is its label, Key the label's text key
	Sent      Kind = "file"    // File or Refused; Text is the caption
	Shared    Kind = "contact" // Phone, Own
	Edited    Kind = "edit"    // Message was edited; Text and File are the new ones
	Other     Kind = "other"   // a sticker, a voice message, a location …
	Blocked   Kind = "blocked" // the customer does not want to hear from the bot
	Unblocked Kind = "unblocked"
)

// Input is what a customer did, without Telegram.
type Input struct {
	Update  tickets.Update
	From    Person
	Kind    Kind
	Message int64     // its message; 0: none
	Date    time.Time // when it was written
	Thread  int64     // of the chat, that it was done in; 0: in none
	Aside   bool      // the thread is a ticket's: the conversation is not held there

	Text      string
	Command   string
	Press     tickets.Press
	PressedOn int64
	Key       string
	File      *tickets.File // with Type by content
	Refused   Refusal       // why there is no File
	FileName  string        // of a refused file
	Phone     string
	Own       bool // the contact shared is the customer's own
}

// Refusal says why a file is not taken.
type Refusal string

// The refusals.
const (
	RefusedType  Refusal = "type"  // no JPG, PNG or GIF by its content
	RefusedSize  Refusal = "size"  // larger than the policy's Limits.FileBytes
	RefusedEmpty Refusal = "empty" // no content
)

// Person is who did it.
type Person struct {
	ID   int64
	Name string // first and last, as the messenger shows it
	Nick string // without @; may be empty
	Tag  string // IETF language tag; may be empty
}

// Env is what an answer depends on besides the session and the input.
type Env struct {
	Policy *tickets.Policy
	Groups tickets.Groups
	Now    time.Time     //
	NewID  func() string // a new unguessable ID for a draft
	// Threads tells that tickets get threads of their own in customers' chats.
	Threads bool
}

// Reply is what follows from an input.
type Reply struct {
	Change tickets.Change
	Toast  *tickets.Line // answers the press; nil: nothing to show
	Alert  bool          // the toast waits for a tap
}
