package tickets

import "time"

// Desk works out what follows from what happens to a ticket that is filed. It
// is pure, as the dialog is: a change comes back, and is committed by the
// caller. No error means that everything was right; a *Refusal says in words
// for whoever acted why not.
type Desk struct {
	Policy *Policy
	Now    time.Time
}

// Post is what somebody wrote, on its way to the other side.
type Post struct {
	Source Source
	Media  bool  // Source is copied, and Body is its caption
	Body   *Body // of a text, or of a medium that can have a caption; nil: none
	Shot   *File // a picture that is known to be one, without a look into it; nil: it is none
	Reply  int64 // the counterpart, on the other side, of the message it replies to; 0: none
}

// Refusal is why an action is not done.
type Refusal struct {
	Line Line // for whoever acted
}

// Error is for the log: the text's key.
func (r *Refusal) Error() string { return r.Line.Key }

// Act is something that an agent does to a ticket.
type Act struct {
	Name   string // of the Actions table
	By     Actor
	Value  string   // the level, the reason, "on" or "off", the assignee's name …; "" where none is needed
	Agent  Actor    // with "assign": to whom
	Other  Ticket   // with "merge": the ticket to merge into
	Others []Ticket // with "merge" and no Other: the customer's, to choose from
	Post   *Post    // with "split": the customer's message
	Words  string   // for the customer, with the news of the action; Act takes them off Value
	Banned bool     // with "ticket": its customer is
	Again  bool     // with "split": the message has become a ticket before
	Late   bool     // with "note": it stands on a picture of an album whose others went to the customer
	Reply  int64    // the message in the group to answer below; 0: none
}
