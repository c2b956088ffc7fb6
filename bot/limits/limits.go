// Package limits keeps Telegram's limits on sending (P3), and counts what a
// customer sends.
//
// Telegram names its limits inexactly (https://core.telegram.org/bots/faq,
// "My bot is hitting limits"): about 30 messages a second over all chats, one a
// second in a chat with short bursts allowed, 20 a minute in a group. Each is
// kept here as "at most so many in any window of such a length", which needs
// the times of the last few sends and nothing else, uses the whole of what
// Telegram grants, and can be checked by counting. Because the limits are
// inexact, and messages take more or less long to arrive, a window is a twentieth
// longer than Telegram says, and 429s teach the rest: see Local.Penalise.
//
// Local works in one process, Redis over replicas. Both are told the time, and
// both always answer.
package limits

import "time"

// The limits on sending: Telegram's number, in Telegram's window and a
// twentieth.
const (
	AllSends  = 30
	AllWindow = 1050 * time.Millisecond

	// One a second in a chat, with three at once: any three seconds hold three.
	ChatSends  = 3
	ChatWindow = 3150 * time.Millisecond

	GroupSends  = 20
	GroupWindow = 63 * time.Second
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

<<<<<<< HEAD
// MaxMessages is the most that one call counts as: the items of an album.
const MaxMessages = 10
=======
// Limiter says when a message may be sent. It always answers; methods are safe
// for concurrent use.
type Limiter interface {
	// Reserve takes leave for a send: from the limit over all chats, the
	// chat's, and where it is a group the group's; from all of them or from
	// none. It does not block. When it must not be sent now, nothing was
	// taken, and the Wait says when to ask again.
	Reserve(ctx context.Context, s Send, now time.Time) Wait
>>>>>>> botout

// call is one call of the Bot API that counts against the limits.
type call struct {
	chat     int64
	group    bool
	messages int
}

<<<<<<< HEAD
// newCall brings the number of messages into its bounds.
func newCall(chat int64, group bool, messages int) call {
	return call{chat, group, min(max(messages, 1), MaxMessages)}
=======
// MaxMessages is the most that one Send counts as: the items of an album.
const MaxMessages = 10

// Send is one call that counts against the limits: a message, an album, and in
// groups an edit or a new topic too.
type Send struct {
	Chat  int64 // not 0
	Group bool  // a group or supergroup
	// Messages is how many messages it makes: the items of an album, which
	// Telegram counts one by one. 0 stands for 1, and what exceeds MaxMessages
	// is not counted. An album is sent when one message may be sent; those
	// that come too early with it are made up for by a longer wait for the
	// next.
	Messages int
}

// messages is Messages within its bounds.
func (s Send) messages() int { return min(max(s.Messages, 1), MaxMessages) }

// Wait tells how long it takes until a send has a chance. The zero Wait means
// that leave was granted. Somebody else may be quicker, so ask again then; to
// ask sooner is of no use.
type Wait struct {
	Chat time.Duration // for this chat
	All  time.Duration // for any chat at all: no other need be asked before
>>>>>>> botout
}

// wait tells how long it takes until a call has a chance: in its chat, and in
// any chat at all. The zero wait means that leave was granted.
type wait struct{ own, all time.Duration }

func (w wait) granted() bool { return w.own <= 0 && w.all <= 0 }
