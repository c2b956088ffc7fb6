package bot

import (
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
