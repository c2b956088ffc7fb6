package bot

import (
	"strings"

	"intakebot/tickets"
)

// deliveredSign is the reaction on a message that has reached the other side.
// Bots may set a few only (https://core.telegram.org/bots/api#reactiontypeemoji).
const deliveredSign = "👌"

// report tells whoever wrote a message what became of it, where the notice asks
// for that: a reaction when it was delivered, words below it when it cannot be.
// Never before it is known. A button leaves no message to put a sign on: then
// only what went wrong is said.
func report(n tickets.Notice, s tickets.Settlement, why fate) []tickets.Notice {
	src := n.Extra.Source
	if !n.Extra.Report || src == nil || len(src.Messages) == 0 && s.Outcome == tickets.Delivered {
		return nil
	}
	back := tickets.Notice{
		To: tickets.Address{Chat: src.Chat, Ticket: n.About}, About: n.About, Lang: n.Extra.Writer, Priority: tickets.PriorityAnswer,
	}
	if last := len(src.Messages) - 1; last >= 0 {
		back.Target = src.Messages[last]
	}
	if src.Chat > 0 { // a customer's own chat is an address by itself
		back.To.Ticket = 0
	}
	switch s.Outcome {
	case tickets.Delivered:
		back.Kind, back.Extra.Emoji = tickets.NoticeReact, deliveredSign
	case tickets.Undeliverable, tickets.Dropped:
		back.Kind, back.Message = tickets.NoticeSend, tickets.Say(whyNot(s, why), nil)
	default:
		return nil
	}
	return []tickets.Notice{back}
}

// whyNot is the text that says why something was not delivered.
func whyNot(s tickets.Settlement, why fate) string {
	switch {
	case strings.Contains(s.Cause, "user is deactivated"):
		return "delivery.deactivated"
	case why == fateBlocked:
		return "delivery.blocked"
	case why == fateGone:
		return "delivery.gone"
	case s.Unknown:
		return "delivery.unknown"
	default:
		return "delivery.failed"
	}
}
