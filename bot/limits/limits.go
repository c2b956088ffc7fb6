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
// longer than Telegram says, and 429s teach the rest: see Penalise.
//
// Local works in one process, Redis over replicas. Both are told the time.
package limits

import (
	"context"
	"time"
)

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

// Limiter says when a message may be sent. It always answers; methods are safe
// for concurrent use.
type Limiter interface {
	// Reserve takes leave to make one send, or edit, or topic, to a chat: from
	// the limit over all chats, the chat's, and where it is a group the
	// group's; from all of them or from none. It does not block. When it must
	// not be sent now, nothing was taken, and the Wait says when to ask again.
	Reserve(ctx context.Context, chat int64, group bool, now time.Time) Wait

	// Penalise notes a 429: until retryAfter has passed, nothing goes to the
	// chat; chat 0 stands for all chats. Repeated ones slow the chat, or all
	// of them, down for a while. A 429 that comes while an earlier one still
	// holds belongs to the same trespass and teaches nothing more.
	Penalise(ctx context.Context, chat int64, retryAfter time.Duration, now time.Time)
}

// Wait tells how long it takes until a send has a chance. The zero Wait means
// that leave was granted. Somebody else may be quicker, so ask again then; to
// ask sooner is of no use.
type Wait struct {
	Chat time.Duration // for this chat
	All  time.Duration // for any chat at all: no other need be asked before
}

// Granted tells whether there is nothing to wait for.
func (w Wait) Granted() bool { return w.Chat <= 0 && w.All <= 0 }

// For is how long the chat that was asked for has to wait; 0 when granted.
func (w Wait) For() time.Duration { return max(w.Chat, w.All, 0) }
