package tickets

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Errors of a store that its callers tell apart. Everything else means that
// nothing was half done, and the same call may succeed later. Where only the
// answer was lost on the way, the call was done: it then gives ErrDuplicate or
// ErrStale, and a Claim succeeds again.
var (
	ErrDuplicate = errors.New("the update was worked on before")
	ErrStale     = errors.New("the version has moved")
	ErrBehind    = errors.New("an earlier notice of the address is not settled")
	ErrNotFound  = errors.New("not found")
	// ErrAway is not the call's fault: the disk is full, somebody locks the file,
	// the server has no room or is only to be read from.
	ErrAway = errors.New("the store cannot do it now")
)

// Change is all that follows from one update, or from a timer: a plain value
// that a store writes as a whole or not at all (P1).
type Change struct {
	Update   *Update   // acknowledged by it; nil for a timer
	Customer *Customer // new value; Version is the one it was worked out from
	File     *Ticket   // a new ticket, ID and Version 0
	Tickets  []Ticket  // new values; each Version is the one it was worked out from. See Commit for what stays
	Carried  []Carried // known at once, such as those of a ticket that was split; Ticket can be Filed
	Moved    *Moved    // a group has become another
	Topic    *NewTopic // seen in the agents' chat; the ticket's place, where it has neither topic nor card there yet
	Events   []Event
	Notices  []Notice // in the order of sending; ID 0
	At       time.Time

	// Sender is the owner (see Outbox.Claim) that sends the notices next: those
	// that are Ahead, and before which nothing is left at their address, are
	// claimed for it in the same transaction. Empty: none is.
	Sender string
}

// Update names an update of Telegram well enough to know it again. A message
// has been seen under two update IDs, so chat, message and edit date count too.
type Update struct {
	ID      int64
	Chat    int64 // 0 for updates that are no message
	Message int64
	Edited  int64 // Unix time; 0: not an edit
}

// Customer is what the bot keeps of a person: the intake session above all.
type Customer struct {
	ID      int64 // of the person, and of the private chat
	Version int64 // counts the changes; 0: not stored yet
	Lang    Lang
	Session json.RawMessage // package dialog knows its shape; nil: none
	Wake    time.Time       // when to look at the session again; zero: never
	Blocked bool            // the customer does not want to hear from the bot
	Banned  bool            // the desk does not want to hear from the customer

	// Decoded is what package dialog has made of Session, where it is still at hand,
	// to save it the reading. It is shared: nobody changes it. Not stored.
	Decoded any
}

// Carried says that a message in one chat stands for one in another: an agent's
// answer and its copy at the customer's, or the other way round. Edits,
// replies and deletions follow it, both ways.
type Carried struct {
	Ticket int64
	From   Spot // as it was written
	To     Spot // as it was carried over
}

// For puts the ID of the ticket that was filed in the place of Filed; with 0,
// Filed stays, and no store takes it.
func (c Carried) For(filed int64) Carried {
	if c.Ticket == Filed && filed != 0 {
		c.Ticket = filed
	}
	return c
}

// Spot is a message in a chat.
type Spot struct {
	Chat    int64 `json:"chat"`
	Message int64 `json:"message"`
}

// Committed is what a store adds to a change.
type Committed struct {
	Ticket  int64    // ID of the ticket filed; 0: none
	Notices []Notice // the change's, with their IDs, ready to be sent
}

// Store keeps everything. It stands here, beside the types that it keeps,
// because three rooms call it and two implement it. Rules are not its
// business: it checks references, states and versions only.
//
// All methods are safe for concurrent use.
type Store interface {
	// Customer loads a customer; one that is not known has Version 0.
	Customer(ctx context.Context, id int64) (Customer, error)

	// Commit writes a change. ErrDuplicate: its update was committed before,
	// and nothing was done now. ErrStale: the version of the customer or of a
	// ticket has moved, or the draft has been filed; load and answer again.
	//
	// Of a ticket that is changed the Draft, Customer, Opened, Place and Thread
	// stay as they are stored: the first three never change, and the others are
	// Settle's.
	// What was carried over already is not recorded twice.
	//
	// What stands in a group that has Moved stands in the other from then on:
	// tickets, without topic and card, and one version further; notices that are
	// not settled, from their beginning and without a Target. Its board is
	// forgotten. What was carried over stays where it was: its messages are
	// nowhere else. Saying it again does it again, for what came there meanwhile.
	Commit(ctx context.Context, c Change) (Committed, error)

	// Ticket loads a ticket, or returns ErrNotFound.
	Ticket(ctx context.Context, id int64) (Ticket, error)

	// TicketsOf lists a customer's tickets, newest first.
	TicketsOf(ctx context.Context, customer int64, limit int) ([]Ticket, error)

	// TicketIn finds the ticket whose Place is a topic of a group, or whose
	// Thread is one of a customer's chat, or returns ErrNotFound.
	TicketIn(ctx context.Context, chat, thread int64) (Ticket, error)

	// Carried lists what was carried over from or to at a message, oldest first.
	Carried(ctx context.Context, s Spot) ([]Carried, error)

	// Queue lists a group's open tickets, of an agent, of Anyone, or with 0
	// those that nobody has: critical ones first (R2.4), then by due time,
	// those without one last, then by ID. It also counts how many there are.
	// Solved, closed and declined ones are in no queue.
	Queue(ctx context.Context, group, agent int64, limit int) (list []Ticket, all int, err error)

	// Cardless lists open tickets of a group that have no card there, and for
	// which no notice waits that would make one.
	Cardless(ctx context.Context, group int64, limit int) ([]int64, error)

	// OpenGroups lists the groups in which open tickets stand.
	OpenGroups(ctx context.Context) ([]int64, error)

	// Moves lists what groups have become, as it was said.
	Moves(ctx context.Context) ([]Moved, error)

	// Find lists the ticket of which a text is the number (ParseNumber), then
	// those whose site, contact or description hold it (Lookups), newest first.
	Find(ctx context.Context, text string, limit int) ([]Ticket, error)

	// Index has the words of tickets that are new or have changed found quickly,
	// a few dozens at a time. Until then Find reads them one by one. It leaves
	// what is too few to be worth it; more tells that it did something.
	Index(ctx context.Context) (more bool, err error)

	// SleepingTickets lists tickets whose Wake is not after now, earliest
	// first.
	SleepingTickets(ctx context.Context, now time.Time, limit int) ([]int64, error)

	// Events is the audit trail of a ticket, oldest first.
	Events(ctx context.Context, ticket int64) ([]Event, error)

	// Sleepers lists customers whose Wake is not after now, earliest first.
	Sleepers(ctx context.Context, now time.Time, limit int) ([]int64, error)

	// Seen tells whether an update was committed.
	Seen(ctx context.Context, u Update) (bool, error)

	// Forget drops what is known of updates received before an instant, and the
	// notices settled before it. The updates must be older than Telegram keeps
	// them, 24 hours.
	Forget(ctx context.Context, before time.Time) error

	Outbox
	Shelf

	// Ping tells whether the store can be reached.
	Ping(ctx context.Context) error
	Close() error
}
