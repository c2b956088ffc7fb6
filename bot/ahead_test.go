package bot

import (
	"context"
	"testing"
	"time"

	"intakebot/tickets"
)

// ahead commits notices for the outbox to send, as the intake does.
func (o *office) ahead(list ...tickets.Notice) []tickets.Notice {
	o.Helper()
	return o.change(tickets.Change{Notices: list, Sender: o.outbox.Sender()}).Notices
}

// shut grants nothing before an instant.
type shut struct{ until time.Time }

func (s shut) Reserve(_ context.Context, _ int64, _ bool, _, _ int, now time.Time) (own, all time.Duration) {
	return s.until.Sub(now), 0
}
func (shut) Penalise(context.Context, int64, time.Duration, time.Time) {}

// TestAhead: what the commit has claimed is sent without a claim, and in its
// place in the line.
func TestAhead(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		o.store.claims = 1
		o.outbox.Push(o.ahead(note(p.ID(), "1")))
		o.pass(10 * time.Millisecond)
		o.same("with no claim", botTexts(p.Chat), []string{"1"})
		o.counted("claims that failed", int64(1-o.store.claims), 0)
		o.store.claims = 0
		o.outbox.Push(o.ahead(note(p.ID(), "2"), note(p.ID(), "3")))
		o.outbox.Push(o.ahead(note(p.ID(), "4")))
		o.drain()
		o.same("the chat", botTexts(p.Chat), []string{"1", "2", "3", "4"})
		o.counted("unknown", o.outbox.Counters.Unknown.Load(), 0)
	})
}

// TestAheadThatWaited: a claim that had to wait for leave is made anew, so that
// nobody takes its owner for dead.
func TestAheadThatWaited(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start(func(c *OutboxConfig) { c.Limiter = shut{time.Now().Add(10 * time.Minute)} })
		p := o.customer("Ivan")
		list := o.ahead(note(p.ID(), "1"))
		o.outbox.Push(list)
		o.pass(9 * time.Minute)
		o.same("too early", botTexts(p.Chat), nil)
		o.store.claims = 1 // it is asked again
		o.drain()
		o.same("the chat", botTexts(p.Chat), []string{"1"})
		if o.store.claims >= 1 {
			t.Error("sent with a claim of ten minutes ago")
		}
	})
}

// TestAheadAtTheEnd: what a stop leaves was surely not sent, and nobody takes its
// outcome for unknown.
func TestAheadAtTheEnd(t *testing.T) {
	inOffice(t, func(o *office) {
		stop := o.start(func(c *OutboxConfig) { c.Limiter = shut{time.Now().Add(time.Hour)} })
		p := o.customer("Ivan")
		o.outbox.Push(o.ahead(note(p.ID(), "1")))
		o.pass(time.Second)
		stop()
		if s := o.outbox.Sender(); s != "" {
			t.Errorf("%q still has commits claim for it", s)
		}
		o.start()
		o.drain()
		o.same("the chat", botTexts(p.Chat), []string{"1"})
		o.counted("unknown", o.outbox.Counters.Unknown.Load(), 0)
	})
}

// TestAheadWithALostAnswer: a commit that claimed, but whose answer never came,
// does not stop the chat for good.
func TestAheadWithALostAnswer(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		lost := o.ahead(note(p.ID(), "1"))
		o.post(note(p.ID(), "2"))
		o.drain()
		o.outbox.Push(lost) // the answer comes all the same
		o.pass(time.Minute)
		o.same("the chat", botTexts(p.Chat), []string{"1", "2"})
	})
}
