package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"intakebot/dialog"
	"intakebot/tickets"
)

// TestAPanicIsSetAside has the dialog panic over one message: it goes on the
// shelf as it came, the customer is told, everything else goes on (P6), and
// it can be worked on again.
func TestAPanicIsSetAside(t *testing.T) {
	b := newBench(t)
	var mended atomic.Bool
	b.cfg.Answer = func(c tickets.Customer, in dialog.Input, env dialog.Env) (dialog.Reply, error) {
		if strings.HasPrefix(in.Text, "boom") && !mended.Load() {
			panic("cannot digest: " + in.Text)
		}
		return echo(c, in, env)
	}
	in, _ := b.start()
	bad := b.inject(`{"message":{"message_id":9,"date":1700000000,"text":"boom my password","aura":1,
		"chat":{"id":5,"type":"private"},"from":{"id":5,"first_name":"E","language_code":"en"}}}`)
	apology := b.notice()
	if apology.Message.Text[0].Key != TextFailed || apology.Lang != tickets.English {
		t.Errorf("apology %+v", apology)
	}
	b.send(b.person("Anna"), "hello")
	b.notice()
	b.confirmed(bad)
	shelf, err := b.store.Shelf(b.ctx, 10)
	if err != nil || len(shelf) != 1 {
		t.Fatalf("shelf %v, %v; want one", shelf, err)
	}
	if !bytes.Contains(shelf[0].Body, []byte(`"aura"`)) || !strings.Contains(shelf[0].Cause, "panic") {
		t.Errorf("shelved %s for %q", shelf[0].Body, shelf[0].Cause)
	}
	if !b.logged.has("goroutine") || b.logged.has("password") || strings.Contains(shelf[0].Cause, "password") {
		t.Error("want a stack in the log, and nobody's words (P8)")
	}
	if err := in.Retry(b.ctx, bad); err == nil || !strings.Contains(err.Error(), "failed again") {
		t.Errorf("retried unmended: %v", err)
	}
	mended.Store(true)
	if err := in.Retry(b.ctx, bad); err != nil {
		t.Fatal(err)
	}
	if got := b.said(5); !reflect.DeepEqual(got, []string{"text boom my password"}) {
		t.Errorf("said %q", got)
	}
	if err := in.Retry(b.ctx, bad); !errors.Is(err, tickets.ErrNotFound) {
		t.Errorf("retried twice: %v, want ErrNotFound", err)
	}
}

// TestAChangeThatNoStoreTakesIsSetAside has a commit fail though the store is
// there: waiting for it would block the customer for good.
func TestAChangeThatNoStoreTakesIsSetAside(t *testing.T) {
	b := newBench(t)
	b.store.reject.Store(attempts)
	in, hook := b.hook()
	if rec := bring(hook, testSecret, private("1", "a")); rec.Code != 200 {
		t.Errorf("%d, want 200", rec.Code)
	}
	if n := in.Counters.Shelved.Load(); n != 1 {
		t.Errorf("%d shelved, want 1", n)
	}
	if rec := bring(hook, testSecret, private("2", "b")); rec.Code != 200 {
		t.Errorf("%d, want 200", rec.Code)
	}
	if got := b.said(5); !reflect.DeepEqual(got, []string{"text b"}) {
		t.Errorf("said %q", got)
	}
}

// TestAStoreWithoutRoomIsWaitedFor has a store that can be read from, and cannot
// write for now: the customer's words come again, and are not set aside for it.
func TestAStoreWithoutRoomIsWaitedFor(t *testing.T) {
	b := newBench(t)
	b.store.cause = fmt.Errorf("%w: the disk is full", tickets.ErrAway)
	b.store.reject.Store(1)
	in, hook := b.hook()
	for _, want := range []int{503, 200} {
		if rec := bring(hook, testSecret, private("1", "a")); rec.Code != want {
			t.Errorf("%d, want %d", rec.Code, want)
		}
	}
	if n := in.Counters.Shelved.Load(); n != 0 || len(b.said(5)) != 1 {
		t.Errorf("%d shelved, said %q", n, b.said(5))
	}
}

// TestAFaultThatPassesIsTriedAgain has the first commit fail.
func TestAFaultThatPassesIsTriedAgain(t *testing.T) {
	b := newBench(t)
	b.store.reject.Store(1)
	in, hook := b.hook()
	if rec := bring(hook, testSecret, private("1", "a")); rec.Code != 200 {
		t.Errorf("%d, want 200", rec.Code)
	}
	if n := in.Counters.Shelved.Load(); n != 0 || len(b.said(5)) != 1 {
		t.Errorf("%d shelved, said %q", n, b.said(5))
	}
}

// TestAnswerIsWorkedOutAgainWhenStale has another replica commit in between.
func TestAnswerIsWorkedOutAgainWhenStale(t *testing.T) {
	b := newBench(t)
	first := true
	b.cfg.Answer = func(c tickets.Customer, in dialog.Input, env dialog.Env) (dialog.Reply, error) {
		if first {
			first = false
			other, err := echo(c, dialog.Input{From: in.From, Kind: "other", Text: "replica"}, env)
			if _, cerr := b.store.Commit(b.ctx, other.Change); err != nil || cerr != nil {
				t.Error(err, cerr)
			}
		}
		return echo(c, in, env)
	}
	in, hook := b.hook()
	if rec := bring(hook, testSecret, private("1", "a")); rec.Code != 200 {
		t.Errorf("%d, want 200", rec.Code)
	}
	if got := b.said(5); !reflect.DeepEqual(got, []string{"other replica", "text a"}) {
		t.Errorf("said %q", got)
	}
	if n := in.Counters.Stale.Load(); n != 1 {
		t.Errorf("%d stale, want 1", n)
	}
}

// TestWhatIsDoneIsNotSetAside brings an update again that was committed, and
// that the dialog cannot read any more.
func TestWhatIsDoneIsNotSetAside(t *testing.T) {
	b := newBench(t)
	b.cfg.Answer = func(c tickets.Customer, in dialog.Input, env dialog.Env) (dialog.Reply, error) {
		if c.Version > 0 {
			return dialog.Reply{}, errors.New("unreadable")
		}
		return echo(c, in, env)
	}
	in, hook := b.hook()
	for range 2 {
		if rec := bring(hook, testSecret, private("1", "a")); rec.Code != 200 {
			t.Errorf("%d, want 200", rec.Code)
		}
	}
	if s, d := in.Counters.Shelved.Load(), in.Counters.Duplicate.Load(); s != 0 || d != 1 || len(b.outbox.pushed) != 1 {
		t.Errorf("%d shelved, %d known, %d notices", s, d, len(b.outbox.pushed))
	}
}

// TestABrokenUpdateIsSetAside brings one whose fields have other types.
func TestABrokenUpdateIsSetAside(t *testing.T) {
	b := newBench(t)
	in, hook := b.hook()
	if rec := bring(hook, testSecret, `{"update_id":7,"message":{"message_id":{}}}`); rec.Code != 200 {
		t.Errorf("%d, want 200", rec.Code)
	}
	shelf, err := b.store.Shelf(b.ctx, 10)
	if err != nil || len(shelf) != 1 || shelf[0].Update.ID != 7 || in.Counters.Shelved.Load() != 1 {
		t.Errorf("shelf %v, %v; want update 7", shelf, err)
	}
}

// FuzzUpdate brings anything: it is acknowledged or refused, and nothing
// escapes.
func FuzzUpdate(f *testing.F) {
	f.Add([]byte(private("1", "/new@thebot")))
	f.Add([]byte(`{"update_id":2,"callback_query":{"id":"9","from":{"id":5},"data":"1:ok:","message":{"message_id":1,"date":0,"chat":{"id":5,"type":"private"}}}}`))
	f.Add([]byte(`{"update_id":3,"my_chat_member":{"chat":{"id":5,"type":"private"},"from":{"id":5},"date":1,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked","until_date":0}}}`))
	f.Add([]byte(`{"update_id":4,"edited_message":{"message_id":1,"chat":{"id":5,"type":"private"},"from":{"id":5},"photo":[{"file_id":"x"}],"entities":[{"type":"bot_command","offset":0,"length":-1}]}}`))
	f.Add([]byte(`{"update_id":5,"message":{"message_id":1,"chat":{"id":-5,"type":"group"},"migrate_to_chat_id":-1001}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		b := &bench{T: t, ctx: t.Context(), outbox: &recorder{make(chan tickets.Notice, 10)}, logged: &logBook{t: t}}
		in := NewIntake(fuzzConfig(b))
		r, err := receive(body)
		if err != nil {
			return
		}
		if err := in.inLane(t.Context(), r, func(ctx context.Context) error { return in.take(ctx, r) }); err != nil {
			t.Errorf("refused with the store there: %v", err)
		}
	})
}
