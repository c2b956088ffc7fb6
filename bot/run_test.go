package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"

	"intakebot/dialog"
	"intakebot/tickets"
)

// TestRunFinishesWhatIsInHand stops the bot while one update is worked on and
// another waits behind it: the first is committed, the second comes again to
// the next bot (P9).
func TestRunFinishesWhatIsInHand(t *testing.T) {
	b := newBench(t)
	anna := b.person("Anna")
	began, release := make(chan struct{}, 2), make(chan struct{})
	b.cfg.Answer = func(c tickets.Customer, in dialog.Input, env dialog.Env) (dialog.Reply, error) {
		if in.Text == "one" {
			began <- struct{}{}
			<-release
		}
		return echo(c, in, env)
	}
	in, stop := b.start()
	b.send(anna, "one")
	b.send(anna, "two")
	next(b, began)
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	<-in.lanes.stopped
	close(release)
	if err := next(b, ended); err != nil {
		t.Errorf("Run: %v", err)
	}
	if got := b.said(anna.Person().UserID()); len(got) != 1 {
		t.Errorf("said %q, want the one in hand", got)
	}
	b.start()
	b.notice()
	b.notice()
	if got := b.said(anna.Person().UserID()); len(got) != 2 {
		t.Errorf("said %q, want both once", got)
	}
}

func TestRunRegistersTheWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tele := &quiet{hookFail: make(chan error, 2)}
		tele.hookFail <- errors.New("no route")
		tele.hookFail <- &tg.TooManyRequestsError{RetryAfter: 100}
		in := NewIntake(webhookConfig(t, tele))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		start := time.Now()
		go func() { ended <- in.Run(ctx) }()
		time.AfterFunc(102*time.Second, cancel)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if got := tele.hooked.Load(); got == nil || *got != "https://desk.example/hook "+testSecret {
			t.Errorf("registered %v after %v", got, time.Since(start))
		}
	})
}

func TestRunGivesUpWhereTryingIsNoUse(t *testing.T) {
	for want, fault := range map[string]error{
		"TELEGRAM_BOT_TOKEN": tg.ErrorUnauthorized,
		"HTTPS":              fmt.Errorf("%w, HTTPS url must be provided", tg.ErrorBadRequest),
	} {
		tele := &quiet{hookFail: make(chan error, 1)}
		tele.hookFail <- fault
		err := NewIntake(webhookConfig(t, tele)).Run(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: Run: %v, want %s in it", fault, err, want)
		}
	}
	for name, spoil := range map[string]func(*IntakeConfig){
		"no outbox": func(c *IntakeConfig) { c.Outbox = nil },
		"no groups": func(c *IntakeConfig) { c.Groups = nil },
		"no secret": func(c *IntakeConfig) { c.WebhookSecret = "" },
	} {
		cfg := webhookConfig(t, &quiet{})
		spoil(&cfg)
		if err := NewIntake(cfg).Run(t.Context()); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func webhookConfig(t *testing.T, tele Telegram) IntakeConfig {
	cfg := fuzzConfig(&bench{T: t, outbox: &recorder{make(chan tickets.Notice, 10)}, logged: &logBook{t: t}})
	cfg.Telegram, cfg.WebhookURL, cfg.WebhookSecret = tele, "https://desk.example/hook", testSecret
	return cfg
}

// hasty is a Telegram that brings one update again and again until an offset
// confirms it, without ever waiting.
type hasty struct {
	quiet
	passed int64 // the highest offset so far
	polls  []asked
	begun  chan struct{} // closed when enough was polled
}

type asked struct {
	offset int64
	at     time.Time
}

func (h *hasty) Updates(_ context.Context, offset int64) ([]json.RawMessage, error) {
	h.polls = append(h.polls, asked{offset, time.Now()})
	if len(h.polls) == 10 {
		close(h.begun)
	}
	if h.passed = max(h.passed, offset); h.passed > 5 {
		return nil, nil
	}
	return []json.RawMessage{json.RawMessage(private("5", "a"))}, nil
}

// TestNoOffsetIsPolledTwiceInHaste holds an update in hand, so that the offset
// stays, on a clock of its own.
func TestNoOffsetIsPolledTwiceInHaste(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tele := &hasty{begun: make(chan struct{})}
		cfg := webhookConfig(t, tele)
		cfg.WebhookURL = ""
		cfg.Answer = func(c tickets.Customer, in dialog.Input, env dialog.Env) (dialog.Reply, error) {
			<-tele.begun
			return echo(c, in, env)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
		defer cancel()
		if err := NewIntake(cfg).Run(ctx); err != nil {
			t.Fatal(err)
		}
		last := map[int64]time.Time{}
		for _, p := range tele.polls {
			if before, ok := last[p.offset]; ok && p.at.Sub(before) < sameOffset {
				t.Errorf("offset %d polled again after %v", p.offset, p.at.Sub(before))
			}
			last[p.offset] = p.at
		}
		if _, passed := last[6]; !passed || len(tele.polls) > 30 {
			t.Errorf("%d polls, the last at %v", len(tele.polls), last)
		}
	})
}

// TestStopDoesNotWaitForTheStore stops the bot in an outage, on a clock of its
// own: what waits for the store is released and not waited for (P9).
func TestStopDoesNotWaitForTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := webhookConfig(t, &hasty{begun: make(chan struct{})})
		store := &switchedStore{Store: &scratch{}, refused: make(chan struct{}, 100)}
		store.away.Store(true)
		cfg.WebhookURL, cfg.Store = "", store
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		if err := NewIntake(cfg).Run(ctx); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 4*time.Second || len(store.refused) < 2 {
			t.Errorf("stopped after %v and %d tries, want 3s and some", took, len(store.refused))
		}
	})
}
