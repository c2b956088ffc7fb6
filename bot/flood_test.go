package bot

import (
	"fmt"
	"testing"
	"time"

	"intakebot/bot/limits"
)

// TestAFloodIsAskedForPatienceOnce sends five messages where two a minute may
// be sent, and then what an outage had kept back.
func TestAFloodIsAskedForPatienceOnce(t *testing.T) {
	b := newBench(t)
	now := time.Unix(1700000005, 0) // five seconds after the messages' date
	b.cfg.Now = func() time.Time { return now }
	b.cfg.Flood = limits.NewFlood(2)
	in, hook := b.hook()
	id := 0
	for range 5 {
		id++
		if rec := bring(hook, testSecret, private(fmt.Sprint(id), "spam")); rec.Code != 200 {
			t.Errorf("update %d: %d", id, rec.Code)
		}
	}
	if got := b.said(5); len(got) != 2 || in.Counters.Flooded.Load() != 3 {
		t.Errorf("said %q, %d too many; want 2 and 3", got, in.Counters.Flooded.Load())
	}
	for i, want := range []string{"echo", "echo", TextFlood} {
		if got := b.notice().Message.Text[0].Key; got != want {
			t.Errorf("notice %d is %s, want %s", i, got, want)
		}
	}
	now = now.Add(freshFor)
	for range 5 {
		id++
		bring(hook, testSecret, private(fmt.Sprint(id), "kept back"))
	}
	if got := b.said(5); len(got) != 7 {
		t.Errorf("said %q; nothing that was kept back may be lost", got)
	}
}
