package tickets

import (
	"context"
	"time"
)

// Priority orders the sending among chats: lower goes first (P3).
type Priority int

// The priorities.
const (
	PriorityDialog   Priority = iota // a customer waits for the next question
	PriorityAnswer                   // agents' answers, status changes, tickets for agents
	PriorityReminder                 // ratings and reminders
	PriorityAnnounce                 // announcements
)

// NoticeKind is what a notice does.
type NoticeKind string

// The kinds of notices.
const (
	// NoticeSend sends Message as a new message, or several where it is long
	// or has files.
	NoticeSend NoticeKind = "send"
	// NoticeEdit puts Message in the place of message Target. Failing because
	// the message is gone or unchanged counts as success.
	NoticeEdit NoticeKind = "edit"
	// NoticeCard sends a ticket's card to the agents, in a forum after making
	// its topic, and records the Place.
	NoticeCard NoticeKind = "card"
	// NoticeLeave leaves a chat.
	NoticeLeave NoticeKind = "leave"
	// NoticeCopy carries the messages Source.Messages over, with all that they
	// hold: one with its caption below the lines of Message, or several as one
	// album after them. Each is recorded as Carried.
	NoticeCopy NoticeKind = "copy"
	// NoticeReact puts the reaction Emoji on message Target, or takes it off
	// where Emoji is empty. Failing is no matter.
	NoticeReact NoticeKind = "react"
	// NoticeTopic brings the topic of To.Ticket up to date: its name is Title,
	// and it is closed or open as Closed says. In a plain group nothing is
	// done.
	NoticeTopic NoticeKind = "topic"
	// NoticeDelete deletes message Target. Failing because it is gone or too
	// old counts as success.
	NoticeDelete NoticeKind = "delete"
	// NoticeBoard shows Message in the one pinned message of chat To.Chat,
	// which it makes and pins where there is none. Its message ID is kept by chat.
	NoticeBoard NoticeKind = "board"
	// NoticePin pins message Target. Without the right to, it stays unpinned.
	NoticePin NoticeKind = "pin"
	// NoticeUntopic deletes the topic Target, which holds nothing. Without the
	// right to, it is closed.
	NoticeUntopic NoticeKind = "untopic"
)

// Notice is one thing to be sent. Notices of one Line are sent in the order of
// their IDs.
type Notice struct {
	ID       int64
	To       Address
	Kind     NoticeKind
	Priority Priority
	Lang     Lang  // of the reader
	About    int64 // the ticket it is about; 0: none; Filed: see there. Texts can name it as {{.ticket}}
	Message  Message
	Title    Line  // name of the topic that NoticeCard makes
	Target   int64 // message to edit, react to or delete, or to reply to; 0: none
	Extra    Extra

	// Once tells that the notice is rather lost than doubled when nobody knows
	// whether it was sent (P2): reminders and announcements.
	Once bool
	// Merge names notices of a line of which only the newest matters: a commit
	// that brings one drops those still waiting.
	Merge string
	// Drops names a Merge of the same line whose notices are beside the point
	// once this one is written: the commit drops those still waiting. It is
	// not kept.
	Drops string
	// After is when it may be sent; zero: at once. Until then one that was
	// never tried holds nobody up; one that is tried again does.
	After time.Time

	// What sending it has come to so far.
	Attempts int     // claims so far, the present one too
	Sent     []int64 // message IDs of the parts that were sent
	Claimed  bool    // by the commit that wrote it; of no notice that was read
}

// Ahead tells whether a commit may claim the notice for whoever sends it: the
// next question of a dialog, which goes at once and needs nothing but itself
// (see Claim), and which is rather doubled than lost.
func (n Notice) Ahead() bool {
	return n.Kind == NoticeSend && n.Priority == PriorityDialog && n.To.Chat > 0 && n.To.Ticket == 0 && n.About == 0 &&
		n.Merge == "" && !n.Once && n.After.IsZero() && n.Attempts == 0
}

// Extra is what some kinds of notices have besides.
type Extra struct {
	// Body follows the lines of Message with its formatting, as somebody wrote
	// it; where it replies to a message of the other side, Target is that
	// message's counterpart.
	Body *Body `json:"body,omitempty"`
	// Source is what is carried over. Once sent, Carried is recorded from each
	// of its messages to what it became; also for NoticeSend.
	Source *Source `json:"source,omitempty"`
	Emoji  string  `json:"emoji,omitempty"`
	Closed bool    `json:"closed,omitempty"`
	// Card tells that Target is the ticket's card, wherever that is by then.
	Card bool `json:"card,omitempty"`
	// Thread is where in a customer's chat a new message goes: InThread, or a
	// thread of theirs. 0, and where that thread cannot be had: the chat itself.
	Thread int64 `json:"thread,omitempty"`
	// Threaded has the notice sent only where the ticket About has got a thread.
	Threaded bool `json:"threaded,omitempty"`
	// Writer is the language of whoever wrote it, for Report.
	Writer Lang `json:"writer,omitempty"`
	// Report has the writer told what became of it: a reaction on the source
	// message when it is delivered, words below it when it cannot be.
	Report bool `json:"report,omitempty"`
}

// Body is a text with its formatting.
type Body struct {
	Text     string   `json:"text"`
	Entities []Entity `json:"entities,omitempty"`
}

// Entity is formatting of a part of a text, as the Bot API has it; offset and
// length in UTF-16 units.
type Entity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
	Emoji    string `json:"emoji,omitempty"` // custom emoji ID
}

// Source names messages of one chat, in their order.
type Source struct {
	Chat     int64   `json:"chat"`
	Messages []int64 `json:"messages"`
	// Album is the album that a message is of. The other messages of it come in
	// notices of their own, and leave together with this one where they can.
	Album string `json:"album,omitempty"`
}

// Address is where a notice goes: a chat, or the place of a ticket in the
// agents' chat. Notices to one address keep their order.
type Address struct {
	Chat   int64
	Ticket int64 // 0: the chat itself
}

// InThread is the Extra.Thread of what belongs into the customer's thread of the
// ticket About. Where the bot has threads, it is made for the first such notice.
const InThread = -1

// Filed stands for the ID of the ticket that the same change files, in a
// Notice's About and To.Ticket, and in a Carried's Ticket.
const Filed = -1

// For puts the ID of the ticket that was filed in the place of Filed, in the
// buttons too; with 0, Filed stays, and no store takes it.
func (n Notice) For(filed int64) Notice {
	if filed == 0 {
		return n
	}
	n.Message.Buttons = buttonsFor(n.Message.Buttons, filed)
	if n.About == Filed {
		n.About = filed
	}
	if n.To.Ticket == Filed {
		n.To.Ticket = filed
	}
	return n
}

// Outcome is how sending ended.
type Outcome string

// The outcomes. Delivered, Dropped and Undeliverable are final.
const (
	Delivered     Outcome = "sent"
	Again         Outcome = "pending" // not sent for sure, or worth repeating: try at After
	Undeliverable Outcome = "failed"  // Cause says why
	Dropped       Outcome = "dropped" // outcome unknown, and rather lost than doubled
)

// Settlement records what came of a claimed notice.
type Settlement struct {
	Notice  int64
	Outcome Outcome
	// Chat is the notice's when it was claimed. Sent and Board are of that chat, and
	// do not count where the notice has moved to another since. 0: it never moves.
	Chat    int64
	Sent    []int64   // message IDs of all parts sent so far
	After   time.Time // with Again
	Aside   bool      // with Again: those behind it go first meanwhile, as if it had not been tried
	Cause   string    // for the log and the operator; no message texts, no token
	Unknown bool      // the outcome of a send was not known: counted (P2)
	// Place is the notice's ticket's (see Claim), where sending made or moved it.
	// In another group than the notice's address, it takes the ticket's notices
	// that are not settled along, as Moved does. A topic without a card does not
	// take the place of one that is known in the same group.
	Place   *Place
	Thread  int64     // of the notice's ticket in the customer's chat, where sending made one; 0: none was made
	Moved   *Moved    // a group has become another, see Commit
	Board   int64     // message of the board of the notice's chat, where it was made or edited; 0: neither
	Carried []Carried // to be recorded
	Then    []Notice  // to be sent because of the outcome, written in the same transaction
	Blocked bool      // the customer, To.Chat, has blocked the bot; the customer's version moves
	At      time.Time // never zero
}

// Claim is a notice that the caller now must send and settle.
type Claim struct {
	Notice Notice
	Place  Place     // as it is now, of the ticket in Notice.To, or else of the one in About
	Thread int64     // of the customer's chat, of the same ticket; 0: none was made
	Board  int64     // for NoticeBoard: the message of the chat's board; 0: there is none yet
	Shown  time.Time // when that was settled last; zero: not known
}

// Follows takes the notice to the group that its ticket is in, where it was
// written for another one, and tells whether it was. Stores do so with all that is
// written for the same address.
func (c *Claim) Follows() bool {
	n := &c.Notice
	if n.To.Ticket == 0 || c.Place.Group == 0 || c.Place.Group == n.To.Chat {
		return false
	}
	n.To.Chat, n.Target, n.Sent = c.Place.Group, 0, []int64{}
	return true
}

// Outbox is the part of a store that keeps notices until they are sent.
type Outbox interface {
	// Waiting lists the notice that goes next of every address, where Claim
	// would give it by now and it was written before an instant: notices that
	// were left behind by a replica that died, or whose time has come. Lowest
	// priority value and ID first.
	Waiting(ctx context.Context, now, written time.Time, limit int) ([]Notice, error)

	// Claim marks a notice as being sent by an owner, durably, before the
	// socket is written (P2). It fails with ErrStale when the notice is not
	// pending any more or is for later than now, and with ErrBehind when an
	// earlier notice of the address is not settled, or any is being sent.
	// Claiming what the owner itself holds succeeds and changes nothing: a
	// claim whose answer was lost would stop the address for good. What was
	// written for a group that the ticket has left goes to where it is now:
	// the claim has another address then.
	Claim(ctx context.Context, owner string, id int64, now time.Time) (Claim, error)

	// ClaimAlong is Claim for a notice that goes along with what the owner is
	// sending to the address already, which therefore does not count: where
	// several can be sent together, in a ticket's place, and of copies.
	ClaimAlong(ctx context.Context, owner string, id int64, now time.Time) (Claim, error)

	// NoteSent records the message IDs of all parts sent so far of a notice that
	// an owner has claimed, so that whoever takes it up after the owner's death
	// goes on behind them. ErrStale: the claim is not the owner's any more, or
	// the notice has left the chat in which they were sent.
	NoteSent(ctx context.Context, owner string, notice, chat int64, sent []int64) error

	// Settle ends a claim of an owner, and returns the settlement's Then with
	// their IDs, ready to be sent. A settled one is ErrStale, and so is one that
	// Orphans took away; then nothing is written.
	Settle(ctx context.Context, owner string, s Settlement) ([]Notice, error)

	// Orphans gives back to pending the notices that were claimed before an
	// instant by other owners, or, with a zero instant, by anybody else at
	// all, and returns them by ID: their outcome is unknown. Those with Once
	// are dropped instead, and returned too. A store of several replicas leaves
	// the claims of those alone that are alive, and shows them that the caller is:
	// each has to ask from time to time.
	Orphans(ctx context.Context, owner string, claimed time.Time) ([]Notice, error)

	// Held lists what an owner has claimed before an instant and not settled, by
	// ID: a commit whose answer was lost may have claimed what the owner does not
	// know of, and it would stop its address for good.
	Held(ctx context.Context, owner string, claimed time.Time) ([]Notice, error)

	// Unsent counts notices that are not settled.
	Unsent(ctx context.Context) (int, error)
}

// Shelved is an update that kept failing and was set aside (P6).
type Shelved struct {
	Update Update
	Body   []byte // as Telegram sent it
	Cause  string
	At     time.Time
}

// Shelf is the part of a store that keeps updates that were set aside.
type Shelf interface {
	// Shelve sets an update aside and marks it as seen, so that it can be
	// acknowledged. Shelving it again replaces the cause.
	Shelve(ctx context.Context, s Shelved) error
	// Shelf lists them, oldest first.
	Shelf(ctx context.Context, limit int) ([]Shelved, error)
	// Unshelve takes an update off the shelf and forgets that it was seen, so
	// that it can be worked on again. ErrNotFound: it is not there.
	Unshelve(ctx context.Context, update int64) (Shelved, error)
}
