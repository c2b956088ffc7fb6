package bot

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"intakebot/dialog"
	"intakebot/tickets"
)

const testSecret = "s3cret"

func (b *bench) hook() (*Intake, http.Handler) {
	b.cfg.WebhookURL, b.cfg.WebhookSecret = "https://desk.example/hook", testSecret
	in := NewIntake(b.cfg)
	return in, in.Webhook()
}

// bring posts a body to the webhook as Telegram does.
func bring(h http.Handler, secret, body string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, "/hook", strings.NewReader(body))
	req.Header.Set(secretHeader, secret)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

func private(id, text string) string {
	return `{"update_id":` + id + `,"message":{"message_id":` + id + `,"date":1700000000,"text":"` + text + `",
		"chat":{"id":5,"type":"private"},"from":{"id":5,"first_name":"E"}}}`
}

func TestWebhookStatusCodes(t *testing.T) {
	b := newBench(t)
	_, hook := b.hook()
	for name, c := range map[string]struct {
		secret, body string
		want         int
	}{
		"message":           {testSecret, private("1", "a"), 200},
		"the same again":    {testSecret, private("1", "a"), 200},
		"unknown kind":      {testSecret, `{"update_id":2,"brain_wave":{}}`, 200},
		"wrong secret":      {"s3cres", private("3", "b"), 401},
		"no secret":         {"", private("3", "b"), 401},
		"longer secret":     {testSecret + "x", private("3", "b"), 401},
		"no JSON":           {testSecret, `{"update_id":`, 200}, // it would be none the next time either
		"no update":         {testSecret, `{"ok":true}`, 200},
		"an array":          {testSecret, `[]`, 200},
		"nothing":           {testSecret, ``, 200},
		"ID without a next": {testSecret, `{"update_id":9223372036854775807}`, 200},
		"too large":         {testSecret, private("4", strings.Repeat("x", mostBody)), 413},
		"broken, but named": {testSecret, `{"update_id":5,"message":{"message_id":"five"}}`, 200},
	} {
		if rec := bring(hook, c.secret, c.body); rec.Code != c.want {
			t.Errorf("%s: %d, want %d", name, rec.Code, c.want)
		}
	}
	rec := httptest.NewRecorder()
	hook.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/hook", nil))
	if rec.Code != http.StatusMethodNotAllowed || rec.Header().Get("Allow") != "POST" {
		t.Errorf("GET: %d, Allow %q", rec.Code, rec.Header().Get("Allow"))
	}
	if got := b.said(5); len(got) != 1 {
		t.Errorf("said %q, want the one message once", got)
	}
}

func TestWebhookWithoutASecretIsClosed(t *testing.T) {
	b := newBench(t)
	b.cfg.WebhookURL = "https://desk.example/hook"
	if rec := bring(NewIntake(b.cfg).Webhook(), "", private("1", "a")); rec.Code != http.StatusUnauthorized {
		t.Errorf("%d, want 401", rec.Code)
	}
}

// TestWebhookAnswersAfterTheCommit looks at the store the moment the answer
// is there (P1).
func TestWebhookAnswersAfterTheCommit(t *testing.T) {
	b := newBench(t)
	_, hook := b.hook()
	for _, id := range []string{"1", "2", "3"} {
		if rec := bring(hook, testSecret, private(id, id)); rec.Code != 200 {
			t.Fatalf("update %s: %d", id, rec.Code)
		}
		if got := b.said(5); got[len(got)-1] != "text "+id {
			t.Errorf("answered 200 to %s, and the store holds %q", id, got)
		}
	}
}

func TestWebhookRefusesWhileTheStoreIsAway(t *testing.T) {
	b := newBench(t)
	in, hook := b.hook()
	b.store.away.Store(true)
	rec := bring(hook, testSecret, private("1", "a"))
	if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" {
		t.Fatalf("%d with Retry-After %q, want 503 with one", rec.Code, rec.Header().Get("Retry-After"))
	}
	b.store.away.Store(false)
	if rec := bring(hook, testSecret, private("1", "a")); rec.Code != 200 {
		t.Errorf("brought again: %d, want 200", rec.Code)
	}
	if got := b.said(5); !reflect.DeepEqual(got, []string{"text a"}) {
		t.Errorf("said %q", got)
	}
	if in.Counters.Refused.Load() != 1 {
		t.Errorf("%d refused, want 1", in.Counters.Refused.Load())
	}
}

// TestWebhookRefusesAfterTheStop releases what comes too late (P9).
func TestWebhookRefusesAfterTheStop(t *testing.T) {
	b := newBench(t)
	in, hook := b.hook()
	in.stop(b.ctx)
	if rec := bring(hook, testSecret, private("1", "a")); rec.Code != http.StatusServiceUnavailable {
		t.Errorf("%d, want 503", rec.Code)
	}
	if got := b.said(5); len(got) != 0 {
		t.Errorf("said %q after the stop", got)
	}
}

// TestAPressWaitsForTheMessageOfItsPerson brings both at once, as Telegram
// does, whose queues for them differ (P4).
func TestAPressWaitsForTheMessageOfItsPerson(t *testing.T) {
	b := newBench(t)
	began, release := make(chan string, 2), make(chan struct{})
	b.cfg.Answer = func(c tickets.Customer, in dialog.Input, env dialog.Env) (dialog.Reply, error) {
		began <- string(in.Kind)
		<-release
		return echo(c, in, env)
	}
	in, hook := b.hook()
	codes := make(chan int, 2)
	go func() { codes <- bring(hook, testSecret, private("1", "first")).Code }()
	next(b, began)
	press, err := receive([]byte(`{"update_id":2,"callback_query":{"id":"9","from":{"id":5,"first_name":"E"},"data":"1:ok:",
		"message":{"message_id":1,"date":1700000000,"chat":{"id":5,"type":"private"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	queued := make(chan error, 1)
	in.lanes.run(press.lane(), func(ctx context.Context) { queued <- in.take(ctx, press) })
	if len(began) != 0 {
		t.Error("the press is worked on beside the message")
	}
	close(release)
	if code, err := next(b, codes), next(b, queued); code != 200 || err != nil {
		t.Errorf("message: %d, press: %v", code, err)
	}
	if got := b.said(5); !reflect.DeepEqual(got, []string{"text first", "press ok"}) {
		t.Errorf("said %q", got)
	}
}
