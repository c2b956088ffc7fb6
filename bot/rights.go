package bot

import (
	"time"

	"intakebot/tickets"
)

// rightsRest is how often a group is told of one missing right; pinRest, of the
// one that it can do without.
const (
	rightsRest = time.Hour
	pinRest    = 30 * 24 * time.Hour
)

// lackKey is a right that the bot lacks in a chat.
type lackKey struct {
	chat  int64
	right string
}

// lacks says in the log, and once an hour in the agents' group itself, which
// right the bot lacks there: somebody has to give it. Where the bot may not
// write, only the log can tell.
func (o *Outbox) lacks(n tickets.Notice, chat int64, right string, at time.Time) []tickets.Notice {
	if right == "" || chat > 0 || n.Kind == tickets.NoticeLeave {
		return nil
	}
	o.cfg.Log.Error("the bot lacks a right in a group", "chat", chat, "right", right, "kind", n.Kind)
	if right == "right.send" || n.To.Ticket == 0 && n.Kind == tickets.NoticeSend {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	key := lackKey{chat, right}
	if at.Before(o.told[key]) {
		return nil
	}
	rest := rightsRest
	if right == "right.pin" {
		rest = pinRest
	}
	o.told[key] = at.Add(rest)
	return []tickets.Notice{{
		To: tickets.Address{Chat: chat}, Kind: tickets.NoticeSend, Priority: tickets.PriorityAnswer, Lang: n.Lang,
		Message: tickets.Say("rights.missing", tickets.Args{"right": tickets.Key(right)}), Once: true,
	}}
}
