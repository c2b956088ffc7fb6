package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"intakebot/tickets"
)

const (
	// Pauses after a failure, doubled from the first to the last.
	againFirst = time.Second
	againLast  = 30 * time.Second
	// deskPause follows a refusal by the agents' own chat: somebody has to mend
	// that, and no ticket may be lost over it.
	deskPause = time.Minute
	// asidePause is deskPause for what nothing has to wait for: the name of a topic,
	// and that the board is pinned.
	// Each try is one of the group's 20 calls a minute (P3).
	asidePause = 5 * time.Minute
	// mostOdd is how often a call is repeated that Telegram finds fault with
	// for a reason of which nothing is known.
	mostOdd = 5
	// mostUnknown is how often a send of unknown outcome is repeated before its
	// line goes on without it: half an hour and more.
	mostUnknown = 60
)

// judge decides what came of a send, counts it, and tells the limiter.
func (o *Outbox) judge(ctx context.Context, c tickets.Claim, r result) tickets.Settlement {
	n, now := c.Notice, o.cfg.Now()
	s := tickets.Settlement{Notice: n.ID, Chat: n.To.Chat, Outcome: tickets.Delivered, Sent: r.sent, Place: r.place, Thread: r.made, Board: r.board, At: now}
	if r.pause {
		s.Outcome, s.After = tickets.Again, r.until
		s.Then = append(r.then, o.lacks(n, r.chat, r.lacks, now)...)
		return s
	}
	v := classify(r.err)
	if v.fate == fateDone && r.err != nil && !isIdempotent(n.Kind) {
		v.fate = fateBad // said of an edit, it means success; of a send, nothing known
	}
	if errors.Is(r.err, errNothing) {
		s.Outcome = tickets.Undeliverable
	} else {
		o.decide(ctx, n, r, v, o.inRow(n.ID, v.fate), &s)
	}
	if s.Outcome != tickets.Delivered {
		s.Cause = cause(r.err)
	} else {
		s.Carried = pairs(n, r.chat, r.sent)
	}
	if s.Outcome != tickets.Again {
		o.forget(n.ID)
	}
	s.Then = slices.Concat(r.then, report(n, s, v.fate), o.lacks(n, r.chat, r.lacks, now))
	o.count(n, s)
	return s
}

// row is how often in a row a notice has met the same fate.
type row struct {
	fate  fate
	tries int
}

// inRow counts how often a notice has met a fate in a row, where that ends in
// giving up. Tries that failed for other reasons, such as an hour without a
// network, must not count: a single refusal of an unknown kind after them would
// lose an answer, or a ticket's card.
func (o *Outbox) inRow(notice int64, f fate) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f != fateBad && f != fateNoTopic {
		delete(o.rows, notice)
		return 1
	}
	w := o.rows[notice]
	if w.fate != f {
		w = row{fate: f}
	}
	w.tries++
	o.rows[notice] = w
	return w.tries
}

func (o *Outbox) forget(notice int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.rows, notice)
}

// decide fills in what an error means for a notice, which has met the same one
// for so many tries in a row.
func (o *Outbox) decide(ctx context.Context, n tickets.Notice, r result, v verdict, tries int, s *tickets.Settlement) {
	again := func(pause time.Duration) { s.Outcome, s.After = tickets.Again, s.At.Add(pause) }
	if o.sender.lose(r, v) {
		again(0)
		return
	}
	switch v.fate {
	case fateDone:
	case fateUnsent, fateNoAccount:
		again(o.backoff(n.Attempts, againFirst, againLast))
	case fateLimited:
		o.Counters.Limited.Add(1)
		o.cfg.Limiter.Penalise(ctx, r.chat, v.after, s.At)
		again(v.after)
	case fateUnknown:
		o.decideUnknown(n, s)
	case fateBlocked, fateNoChat:
		if isForDesk(n) {
			again(deskPause)
			return
		}
		s.Outcome, s.Blocked = tickets.Undeliverable, v.fate == fateBlocked && n.To.Chat > 0
	case fateMigrated:
		s.Moved, s.Sent = &tickets.Moved{From: r.chat, To: v.moved}, nil
		again(0)
	case fateNoTopic:
		o.decideNoTopic(n, r.chat, tries, s)
	case fateGone:
		s.Outcome = tickets.Undeliverable
	default:
		if r.lacks != "" && (n.Kind == tickets.NoticeTopic || n.Kind == tickets.NoticePin) {
			again(asidePause)
			s.Aside = true
			return
		}
		if r.lacks != "" && isForDesk(n) {
			again(deskPause)
			return
		}
		if tries >= mostOdd {
			s.Outcome = tickets.Undeliverable
			return
		}
		again(o.backoff(n.Attempts, againFirst, againLast))
	}
}

// decideUnknown repeats what is rather doubled than lost, and what cannot be
// doubled (P2).
func (o *Outbox) decideUnknown(n tickets.Notice, s *tickets.Settlement) {
	s.Unknown = true
	switch {
	case n.Once && !isIdempotent(n.Kind):
		s.Outcome = tickets.Dropped
	case n.Attempts >= mostUnknown:
		s.Outcome = tickets.Undeliverable
	default:
		s.Outcome, s.After = tickets.Again, s.At.Add(o.backoff(n.Attempts, againFirst, againLast))
	}
}

// isIdempotent tells whether doing it twice is as good as once: it makes no
// message that could be there twice, but for a board, of which the last one
// counts.
func isIdempotent(k tickets.NoticeKind) bool {
	return k != tickets.NoticeSend && k != tickets.NoticeCopy && k != tickets.NoticeCard
}

// decideNoTopic forgets a topic that was deleted, so that the next try makes
// one anew and sends everything into it.
func (o *Outbox) decideNoTopic(n tickets.Notice, chat int64, tries int, s *tickets.Settlement) {
	if n.To.Ticket == 0 || tries >= mostOdd {
		s.Outcome = tickets.Undeliverable
		return
	}
	s.Outcome, s.After, s.Sent = tickets.Again, s.At, nil
	s.Place = &tickets.Place{Group: chat}
}

// isForDesk tells whether a notice goes to the agents: a ticket's card, or what
// belongs into its topic.
func isForDesk(n tickets.Notice) bool { return n.Kind == tickets.NoticeCard || n.To.Ticket != 0 }

// maxCause is how much of a cause is kept, in bytes.
const maxCause = 300

func cause(err error) string {
	if err == nil {
		return ""
	}
	s := err.Error()
	return s[:min(len(s), maxCause)]
}

// count counts an outcome, and logs what an operator may want to know.
func (o *Outbox) count(n tickets.Notice, s tickets.Settlement) {
	c := &o.Counters
	if s.Unknown {
		c.Unknown.Add(1)
	}
	if s.Blocked {
		c.Blocked.Add(1)
	}
	switch s.Outcome {
	case tickets.Delivered:
		c.Delivered.Add(1)
		return
	case tickets.Again:
		c.Again.Add(1)
	case tickets.Dropped:
		c.Dropped.Add(1)
	case tickets.Undeliverable:
		c.Undeliverable.Add(1)
	}
	o.cfg.Log.Warn("a notice was not delivered", "notice", n.ID, "kind", n.Kind, "chat", n.To.Chat, "ticket", n.To.Ticket,
		"outcome", s.Outcome, "attempts", n.Attempts, "unknown", s.Unknown, "cause", s.Cause)
}

// noted records between two parts what was sent, so that it is not sent again
// should this process be killed (P2).
func (o *Outbox) noted(ctx context.Context, it *item, sent []int64) bool {
	err := o.cfg.Store.NoteSent(ctx, o.cfg.Owner, it.id, it.to.Chat, sent)
	if err != nil {
		o.cfg.Log.Warn("what was sent of a notice cannot be recorded", "notice", it.id, "parts", len(sent), "err", err)
	}
	return err == nil
}

// settle records an outcome, and tells whether that stands. It insists, as a
// forgotten outcome is sent again; once the sends in hand are to end, it has a
// little time left.
func (o *Outbox) settle(ctx context.Context, s tickets.Settlement) bool {
	last, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(settleTime, cancel) })
	defer stop()
	for tries := 1; ; tries++ {
		then, err := o.cfg.Store.Settle(last, o.cfg.Owner, s)
		if err == nil {
			o.Push(then)
			return true
		}
		if errors.Is(err, tickets.ErrStale) || last.Err() != nil {
			o.cfg.Log.Error("an outcome was not recorded", "notice", s.Notice, "outcome", s.Outcome, "err", err)
			return false
		}
		o.cfg.Log.Warn("an outcome cannot be recorded yet", "notice", s.Notice, "err", err)
		sleep(last, o.backoff(tries, claimFirst, claimLast))
	}
}

// sleep waits, or until the context ends.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
