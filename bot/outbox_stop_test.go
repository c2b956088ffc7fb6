package bot

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
)

func TestTheStoreMayBeAway(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		o.store.claims, o.store.settle = 4, 4
		o.post(note(p.ID(), "1"), note(p.ID(), "2"))
		o.drain()
		o.same("the chat", botTexts(p.Chat), []string{"1", "2"})
		o.counted("unknown", o.outbox.Counters.Unknown.Load(), 0)
	})
}

func TestStoppingFinishesWhatIsInHand(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.customer("Ivan")
		o.world.SetFault(func(telegramsim.Call) telegramsim.Outcome {
			return telegramsim.Outcome{Delay: 3 * time.Second}
		})
		stop := o.start()
		o.post(note(p.ID(), "in hand"), note(p.ID(), "rest"))
		o.pass(time.Second)
		begin := time.Now()
		stop()
		if d := time.Since(begin); d > 3*time.Second {
			t.Errorf("stopped after %v", d)
		}
		o.same("after the stop", botTexts(p.Chat), []string{"in hand"})
		o.start()
		o.drain()
		o.same("after the next start", botTexts(p.Chat), []string{"in hand", "rest"})
		o.counted("unknown", o.outbox.Counters.Unknown.Load(), 0)
	})
}

func TestStoppingEndsWhatHangs(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.customer("Ivan")
		hang := true
		o.world.SetFault(func(telegramsim.Call) telegramsim.Outcome {
			if hang {
				return telegramsim.Outcome{Delay: 19 * time.Second}
			}
			return telegramsim.Outcome{}
		})
		stop := o.start()
		o.post(note(p.ID(), "answer"))
		o.pass(time.Second)
		begin := time.Now()
		stop()
		if d := time.Since(begin); d > 10*time.Second {
			t.Errorf("stopped after %v (P9)", d)
		}
		o.counted("unknown", o.outbox.Counters.Unknown.Load(), 1)
		hang = false
		o.start()
		o.drain()
		if got := botTexts(p.Chat); len(got) == 0 || got[len(got)-1] != "answer" {
			t.Errorf("the chat: %q", got)
		}
	})
}

// TestADeadSendersPartsStay: of a message in parts, what was sent before its
// sender died is not sent again (P2).
func TestADeadSendersPartsStay(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.customer("Ivan")
		var calls atomic.Int32
		o.world.SetFault(func(telegramsim.Call) telegramsim.Outcome {
			if calls.Add(1) == 2 { // never heard of again
				return telegramsim.Outcome{Delay: time.Minute, Drop: true}
			}
			return telegramsim.Outcome{}
		})
		o.start()
		text := longText(9000)
		o.post(note(p.ID(), text))
		o.pass(5 * time.Second)
		o.start() // all that others have claimed was left by the dead
		o.drain()
		if got := strings.Join(botTexts(p.Chat), ""); squeeze(got) != squeeze(text) {
			t.Errorf("the text has changed:\n%s", got)
		}
		o.counted("unknown", o.outbox.Counters.Unknown.Load(), 1)
	})
}

// TestNothingIsSentWithoutARecordOfWhatWas: the store may go away between two
// parts.
func TestNothingIsSentWithoutARecordOfWhatWas(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		p := o.customer("Ivan")
		text := longText(9000)
		o.store.notes, o.store.settle = 1, 3
		o.post(note(p.ID(), text))
		o.drain()
		if got := strings.Join(botTexts(p.Chat), ""); squeeze(got) != squeeze(text) {
			t.Errorf("the text has changed:\n%s", got)
		}
		o.counted("unknown", o.outbox.Counters.Unknown.Load(), 0)
	})
}
