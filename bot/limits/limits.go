// Package limits keeps Telegram's limits on sending (P3), and counts what a
// customer sends.
//
// Telegram names its limits inexactly (https://core.telegram.org/bots/faq,
// "My bot is hitting limits"): about 30 messages a second over all chats, one a
// second in a chat with short bursts allowed, 20 a minute in a group. Each is
// kept here as "at most so many in any window of such a length", which needs
// the times of the last few sends and nothing else, uses the whole of what
// Telegram grants, and can be checked by counting. Because messages take more or
// less long to arrive, a window is a little longer than Telegram says, and because
// the limits are inexact, 429s teach the rest: see Local.Penalise.
//
// The limit over all chats is shared by rank. What may wait is spread evenly
// over the window, so that a place in it is never far, and a call that a customer
// waits for takes the next one, or one of a few beyond the limit, which those that
// may wait then leave free.
//
// Local works in one process, Redis over replicas. Both are told the time, and
// both always answer.
package limits

import "time"

// The limits on sending: Telegram's number, in Telegram's window and a little.
const (
	AllSends  = 30
	AllWindow = 1002 * time.Millisecond
	// AllSpare is how many calls a customer waits for may be in the window
	// beyond AllSends, unless repeated 429s speak against it.
	AllSpare = 2

	// One a second in a chat, with three at once: any three seconds hold three.
	ChatSends  = 3
	ChatWindow = 3150 * time.Millisecond

	GroupSends  = 20
	GroupWindow = 60300 * time.Millisecond
	// GroupBurst is how many messages a group may have at once. More of them in
	// a window are spread evenly over it: what went in a rush would go in a rush
	// in every window after it, and each ticket wait for the next.
	GroupBurst = 12
)

// Ranks of a call among those to other chats: the lower, the sooner it goes.
const (
	RankUrgent  = 0 // a customer waits for it
	RankUsual   = 1
	RankPatient = 2 // and all above: may wait
)

// What 429s teach. The first one is only obeyed: it may have been chance. Every
// one more lengthens the windows of what it names, and every Recovery that
// passes without one takes one back.
const (
	// MaxStrikes is how many 429s are counted at most.
	MaxStrikes = 5
	// StrikePercent is how much longer each strike after the first makes the
	// windows: at MaxStrikes they are three times as long.
	StrikePercent = 50
	// Recovery is how long after a penalty's end one strike is forgotten.
	Recovery = 2 * time.Minute
)

// MaxMessages is the most that one call counts as: the items of an album.
const MaxMessages = 10

// call is one call of the Bot API that counts against the limits.
type call struct {
	chat     int64
	group    bool
	messages int
	rank     int
}

// newCall brings the number of messages into its bounds.
func newCall(chat int64, group bool, messages, rank int) call {
	return call{chat, group, min(max(messages, 1), MaxMessages), rank}
}

// urgent tells whether a customer waits for the call.
func (c call) urgent() bool { return c.rank <= RankUrgent }

// patient tells whether the call may wait.
func (c call) patient() bool { return c.rank >= RankPatient }

// wait tells how long it takes until a call has a chance: in its chat, and in
// any chat at all. The zero wait means that leave was granted.
type wait struct{ own, all time.Duration }

func (w wait) granted() bool { return w.own <= 0 && w.all <= 0 }
