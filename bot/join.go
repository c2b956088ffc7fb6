package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"intakebot/tickets"
)

// mostTogether bounds how many notices become one message, beside the room that
// it has: so many are claimed and settled one by one.
const mostTogether = 50

// follower is a notice that goes along with another's message.
type follower struct {
	it    *item
	claim tickets.Claim
}

// isJoinable tells whether a notice is nothing but text for a ticket's place in
// a group: several that wait there become one message, as the group has 20 a
// minute for all its tickets (P3). What was tried before goes alone.
func isJoinable(n tickets.Notice) bool {
	m := n.Message
	if albumOf(n) != "" {
		return !n.Once && n.Attempts == 0 && len(n.Sent) == 0
	}
	return n.Kind == tickets.NoticeSend && n.To.Chat < 0 && n.To.Ticket != 0 && n.Target == 0 && !n.Once &&
		len(m.Files) == 0 && len(m.Buttons) == 0 && m.Keyboard == nil && n.Attempts == 0 && len(n.Sent) == 0
}

// albumOf names the album whose picture a notice copies; "": none.
func albumOf(n tickets.Notice) string {
	if src := n.Extra.Source; n.Kind == tickets.NoticeCopy && src != nil && len(src.Messages) == 1 {
		return src.Album
	}
	return ""
}

// behind lists the texts that wait right behind a notice being sent, and could
// go along with it.
func (q *sendQueue) behind(it *item, at func(*item) bool) []*item {
	var out []*item
	l := q.lines[it.to]
	for _, next := range l.items[slices.Index(l.items, it)+1:] {
		if !at(next) {
			if next.held {
				break
			}
			continue // for later: it holds nobody up
		}
		if next.text == nil || albumOf(*next.text) != albumOf(*it.text) || len(out) == mostTogether-1 {
			break
		}
		out = append(out, next)
	}
	return out
}

// drop takes a notice out of a line of which another is being sent.
func (q *sendQueue) drop(it *item) {
	l := q.lines[it.to]
	l.items = slices.DeleteFunc(l.items, func(other *item) bool { return other == it })
	delete(q.known, it.id)
}

// together claims the texts that fit into one message with a claimed notice.
func (o *Outbox) together(ctx context.Context, it *item) []follower {
	if it.text == nil {
		return nil
	}
	now, album := o.cfg.Now(), albumOf(*it.text)
	o.mu.Lock()
	waiting := o.queue.behind(it, func(next *item) bool {
		return !next.at.After(now) || album != "" && next.text != nil && albumOf(*next.text) == album
	})
	o.mu.Unlock()
	var out []follower
	room := maxText - unitsOf(o.cfg.Render.carried(*it.text).text)
	for _, next := range waiting {
		units := unitsOf(o.cfg.Render.carried(*next.text).text)
		if room -= units + len(paragraph); album == "" && (room < 0 || units == 0) {
			break
		}
		claim, err := o.cfg.Store.ClaimAlong(ctx, o.cfg.Owner, next.id, latest(now, next.at)) // an album has waited long enough
		if errors.Is(err, tickets.ErrStale) {                                                 // a newer one replaced it
			o.mu.Lock()
			o.queue.drop(next)
			o.mu.Unlock()
			continue
		}
		if err != nil {
			break
		}
		out = append(out, follower{next, claim})
	}
	return out
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// share is what was sent up to one of the pictures of an album that left
// together, counted from 0, so that the last message is its own.
func (r result) share(n tickets.Notice, i, pictures int) []int64 {
	if albumOf(n) == "" || r.err != nil || r.pause || len(r.sent) < pictures {
		return r.sent
	}
	return r.sent[:len(r.sent)-pictures+i+1]
}

func notices(list []follower) []tickets.Notice {
	out := make([]tickets.Notice, len(list))
	for i, f := range list {
		out[i] = f.claim.Notice
	}
	return out
}

// settleTogether records for each follower what came of the message that it
// went along with. Where that failed, they are tried one by one.
func (o *Outbox) settleTogether(ctx context.Context, list []follower, r result, head tickets.Settlement) {
	for i, f := range list {
		n := f.claim.Notice
		s := tickets.Settlement{Notice: n.ID, Outcome: tickets.Delivered, Sent: r.share(n, i+1, len(list)+1), At: head.At}
		if head.Outcome == tickets.Delivered {
			s.Carried = pairs(n, r.chat, s.Sent)
			s.Then = report(n, s, fateDone)
		} else {
			s.Outcome, s.Sent, s.After, s.Cause, s.Unknown = tickets.Again, nil, head.After, head.Cause, head.Unknown
			if s.After.IsZero() {
				s.After = s.At
			}
		}
		if !r.pause {
			o.count(n, s)
		}
		recorded := o.settle(ctx, s)
		o.mu.Lock()
		if recorded && s.Outcome == tickets.Again {
			f.it.held, f.it.at = true, s.After
			f.it.apart(r)
		} else {
			o.queue.drop(f.it)
		}
		o.mu.Unlock()
		if f.it.swept {
			ring(o.look) // the next of its line may be in the store alone
		}
	}
}

// apart keeps a notice from being joined again after a failure that may be the
// message's own.
func (it *item) apart(r result) {
	switch classify(r.err).fate {
	case fateDone, fateLimited, fateUnsent, fateMigrated, fateNoTopic:
		return
	}
	it.text = nil
}

// paragraph stands between texts that are joined.
const paragraph = "\n\n"

// together is the one call that sends several texts, or what sends an album.
func (s *sender) together(n tickets.Notice, more []tickets.Notice, at spot) []step {
	if albumOf(n) != "" {
		all := *n.Extra.Source
		for _, next := range more {
			all.Messages = append(slices.Clip(all.Messages), next.Extra.Source.Messages...)
		}
		n.Extra.Source = &all
		return s.copies(n, at)
	}
	text := s.render.carried(n)
	for _, next := range more {
		text = text.and(paragraph, s.render.carried(next))
	}
	return []step{s.text(at, textPart{text: text})}
}

// and is a text with another behind it.
func (r rich) and(between string, next rich) rich {
	out := rich{text: r.text + between, entities: slices.Clip(r.entities)}
	shift := unitsOf(out.text)
	for _, e := range next.entities {
		e.Offset += shift
		out.entities = append(out.entities, e)
	}
	out.text += next.text
	return out
}
