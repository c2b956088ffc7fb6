package bot

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"intakebot/dialog"
	"intakebot/tickets"
)

func TestPollKeepsEachCustomersOrder(t *testing.T) {
	b := newBench(t)
	anna, boris := b.person("Anna"), b.person("Boris")
	var want []string
	for i := range 20 {
		word := fmt.Sprint("word ", i)
		want = append(want, "text "+word)
		b.send(anna, word)
		b.send(boris, word)
	}
	in, _ := b.start()
	for range 2 * len(want) {
		b.notice()
	}
	for _, s := range []int64{anna.Person().UserID(), boris.Person().UserID()} {
		if got := b.said(s); !reflect.DeepEqual(got, want) {
			t.Errorf("customer %d said %q, want %q", s, got, want)
		}
	}
	if n := in.Counters.Committed.Load(); n != 40 {
		t.Errorf("%d commits, want 40", n)
	}
}

// TestPollConfirmsOnlyWhatIsCommitted holds one customer's update in hand:
// others go on, and no poll confirms it before its commit (P1, P4).
func TestPollConfirmsOnlyWhatIsCommitted(t *testing.T) {
	b := newBench(t)
	slow, quick := b.person("Slow"), b.person("Quick")
	began, release := make(chan int64), make(chan struct{})
	b.cfg.Answer = func(c tickets.Customer, in dialog.Input, env dialog.Env) (dialog.Reply, error) {
		if in.From.ID == slow.Person().UserID() {
			began <- in.Update.ID
			<-release
		}
		return echo(c, in, env)
	}
	b.start()
	b.send(slow, "wait for me")
	held := next(b, began)
	for i := range 3 {
		b.send(quick, fmt.Sprint(i))
		if n := b.notice(); n.To.Chat != quick.Person().UserID() {
			t.Fatalf("notice to %d while %d is held", n.To.Chat, slow.Person().UserID())
		}
	}
	for polled := 0; polled < 3 || len(b.wire.polls) > 0; polled++ {
		if offset := next(b, b.wire.polls); offset > held {
			t.Fatalf("offset %d confirms update %d, which is in hand", offset, held)
		}
	}
	close(release)
	b.notice()
	b.confirmed(held)
}

func TestPollWorksOnAnUpdateOnce(t *testing.T) {
	b := newBench(t)
	const message = `{"update_id":%d,"message":{"message_id":7,"date":1700000000,"text":"once",
		"chat":{"id":5,"type":"private"},"from":{"id":5,"first_name":"E"}}}`
	b.inject(fmt.Sprintf(message, 200001))
	last := b.inject(fmt.Sprintf(message, 200005)) // the same message under another ID
	in, _ := b.start()
	b.confirmed(last)
	if got := b.said(5); len(got) != 1 {
		t.Errorf("said %q, want it once", got)
	}
	if n := in.Counters.Duplicate.Load(); n != 1 {
		t.Errorf("%d duplicates, want 1", n)
	}
}

// TestNothingIsLostWhileTheStoreIsAway stops one bot in the middle of an
// outage; the next one takes up all that it did not commit.
func TestNothingIsLostWhileTheStoreIsAway(t *testing.T) {
	b := newBench(t)
	anna := b.person("Anna")
	b.send(anna, "one")
	_, stop := b.start()
	b.notice()
	b.store.away.Store(true)
	b.send(anna, "two")
	b.send(anna, "three")
	next(b, b.store.refused)
	b.logs("until the store is back")
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if n := b.bot.Pending(); n < 2 {
		t.Fatalf("%d updates wait, want the two that were not committed", n)
	}
	b.start()
	next(b, b.store.refused)
	b.store.away.Store(false)
	b.notice()
	b.notice()
	want := []string{"text one", "text two", "text three"}
	if got := b.said(anna.Person().UserID()); !reflect.DeepEqual(got, want) {
		t.Errorf("said %q, want %q", got, want)
	}
}

// TestALostAnswerIsNoSecondTime commits and loses the store's answer: the
// update is tried again, and known.
func TestALostAnswerIsNoSecondTime(t *testing.T) {
	b := newBench(t)
	b.store.deaf.Store(true)
	anna := b.person("Anna")
	b.send(anna, "one")
	b.send(anna, "two")
	in, _ := b.start()
	next(b, b.store.refused)
	b.notice()
	want := []string{"text one", "text two"}
	if got := b.said(anna.Person().UserID()); !reflect.DeepEqual(got, want) {
		t.Errorf("said %q, want %q", got, want)
	}
	if in.Counters.Duplicate.Load() != 1 {
		t.Errorf("%d duplicates, want 1", in.Counters.Duplicate.Load())
	}
}

func TestPollSurvivesErrors(t *testing.T) {
	for name, fault := range map[string]struct {
		status int
		body   string
		logged string
	}{
		"another poller": {409, `{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}`, "another program fetches"},
		"a webhook":      {409, `{"ok":false,"error_code":409,"description":"Conflict: can't use getUpdates method while webhook is active"}`, "WEBHOOK_URL"},
		"flood":          {429, `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":1}}`, `"retry in"=1s`},
		"a page":         {502, `<html>Bad Gateway /bot` + testToken + `/getUpdates</html>`, "HTTP status 502"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.wire.failWith(fault.status, fault.body)
			anna := b.person("Anna")
			b.send(anna, "still here")
			b.start()
			b.notice()
			if !b.logged.has(fault.logged) {
				t.Errorf("the log lacks %q", fault.logged)
			}
			if b.logged.has("very-secret") || b.logged.has("still here") {
				t.Error("the log holds the token or somebody's words (P8)")
			}
		})
	}
}

func TestPollEndsWithoutAToken(t *testing.T) {
	b := newBench(t)
	b.wire.failWith(http.StatusUnauthorized, `{"ok":false,"error_code":401,"description":"Unauthorized"}`)
	err := NewIntake(b.cfg).Run(b.ctx)
	if err == nil || !strings.Contains(err.Error(), "TELEGRAM_BOT_TOKEN") {
		t.Errorf("Run: %v, want an error that names TELEGRAM_BOT_TOKEN", err)
	}
}

// TestUnknownUpdatesPassQuietly mixes kinds, fields and types that nobody has
// heard of with a message.
func TestUnknownUpdatesPassQuietly(t *testing.T) {
	b := newBench(t)
	b.inject(`{"brain_wave":{"from":{"id":1}}}`)
	b.inject(`{"channel_post":{"message_id":1,"date":1,"chat":{"id":-100,"type":"channel"},"text":"news"}}`)
	b.inject(`{"message":{"message_id":2,"date":1700000000,"chat":{"id":5,"type":"private"},"from":{"id":5,"first_name":"E"},"mood_set":{"mood":"blue"}}}`)
	b.inject(`{"message":{"message_id":3,"date":1700000000,"chat":{"id":5,"type":"private"},"from":{"id":5,"first_name":"E"},"text":"hello","aura":{"colour":1}}}`)
	in, _ := b.start()
	b.notice()
	last := b.inject(`{"poll":{"id":"1"}}`)
	b.confirmed(last)
	if got := b.said(5); !reflect.DeepEqual(got, []string{"text hello"}) {
		t.Errorf("said %q", got)
	}
	if n := in.Counters.Passed.Load(); n != 4 {
		t.Errorf("%d passed, want 4", n)
	}
}

// TestIDsMayBeginAnew goes back to small update IDs after a quiet time.
func TestIDsMayBeginAnew(t *testing.T) {
	w := newWindow()
	w.add(900)
	w.done(900)
	if got := w.offset(); got != 901 {
		t.Fatalf("offset %d, want 901", got)
	}
	w.nothing()
	if got := w.offset(); got != 0 {
		t.Errorf("offset %d after an empty poll, want 0", got)
	}
	if !w.add(3) || w.add(3) {
		t.Error("update 3 should be new once")
	}
}

func TestWindowHoldsTheOffsetAtTheFirstInHand(t *testing.T) {
	w := newWindow()
	for _, id := range []int64{10, 11, 15} {
		w.add(id)
	}
	for _, step := range []struct{ done, want int64 }{{11, 10}, {10, 15}, {15, 16}} {
		w.done(step.done)
		if got := w.offset(); got != step.want {
			t.Errorf("after %d: offset %d, want %d", step.done, got, step.want)
		}
	}
}
