package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/bot/limits"
	"intakebot/tickets"
	"intakebot/tickets/policy"
)

// FuzzCommand reads commands whose entities lie about the text: a name is in
// lower case, has no end in it, and stands in the text; an argument too.
func FuzzCommand(f *testing.F) {
	f.Add("/new@thebot now", 0, 11)
	f.Add("/НОВАЯ заявка", 0, 6)
	f.Add("/", 0, 1)
	f.Add("@", 0, 99)
	f.Add("😀/new", 2, 4)
	f.Add("/İ", 0, math.MaxInt)
	f.Add("/new", 0, -1)
	f.Fuzz(func(t *testing.T, text string, offset, length int) {
		e := []models.MessageEntity{{Type: models.MessageEntityTypeBotCommand, Offset: offset, Length: length}}
		name, ours := command(text, e, "thebot")
		if ours && (name == "" || offset != 0 || strings.ToLower(name) != name || !strings.HasPrefix(strings.ToLower(text), "/"+name)) {
			t.Fatalf("%q, %d, %d: %q", text, offset, length, name)
		}
		if arg := argument(text); !strings.Contains(text, arg) || strings.TrimSpace(arg) != arg {
			t.Fatalf("%q: argument %q", text, arg)
		}
		cut := units(text, length)
		if !strings.HasPrefix(text, cut) || length >= 0 && length < len(text) && len(utf16.Encode([]rune(cut))) > length+1 {
			t.Fatalf("%q, %d: %q", text, length, cut)
		}
	})
}

// FuzzAnswer gives any answer to a call and to a poll: no error repeats the token
// or grows with the answer, what is judged has one of the fates, and an answer
// that is not an error is one that the Bot API can have written.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		`{"ok":true,"result":[{"update_id":1}]}`, `{"ok":true,"result":{"id":1,"is_bot":true}}`, `{"ok":true}`, `<html>502 TOKEN</html>`, ``,
		`{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":-5}}`,
		`{"ok":false,"error_code":400,"description":"Bad Request: TOKEN","parameters":{"migrate_to_chat_id":-100}}`,
		`{"ok":false,"error_code":"TOKEN"}`, `[]`, `null`, `{"ok":true,"result":"TOKEN"}`, "{\"ok\":false,\"description\":\"\\u0000TOKEN\"}",
	} {
		f.Add(s, 200, true)
		f.Add(s, 502, true)
		f.Add(s, 404, false)
	}
	f.Fuzz(func(t *testing.T, body string, status int, isJSON bool) {
		body = strings.ReplaceAll(body, "TOKEN", testToken)
		client := NewClient(testToken, roundTrip(func(r *http.Request) (*http.Response, error) {
			resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
			if isJSON {
				resp.Header.Set("Content-Type", "application/json")
			}
			return resp, nil
		}))
		api, err := NewAPI(testToken, "http://telegram.test", client, testLog(t))
		if err != nil {
			t.Fatal(err)
		}
		r := NewReceiver(api)
		_, sent := api.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: 1, Text: "x"})
		_, polled := r.Updates(t.Context(), 0)
		_, head := r.FileHead(t.Context(), "d", tickets.FileHead)
		_, moved := r.Migrated(t.Context(), -1)
		for call, err := range map[string]error{"send": sent, "poll": polled, "head": head, "moved": moved} {
			if err == nil {
				continue
			}
			if text := fmt.Sprintf("%v%+v%#v", err, err, err); strings.Contains(text, "very-secret") {
				t.Fatalf("%s: %s", call, text)
			}
			if v := classify(err); v.fate == fateDone && !errors.As(err, new(*statusError)) && !strings.Contains(body, "ok") {
				t.Fatalf("%s: %v is taken for done", call, err)
			}
			if v := classify(err); v.fate == fateLimited && v.after < time.Second {
				t.Fatalf("%s: tried again after %v", call, v.after)
			}
		}
		if sent == nil && (!isJSON || status >= 500) {
			t.Fatalf("status %d and %q are taken for an answer", status, body)
		}
	})
}

// FuzzWebhook brings anything with any secret: a stranger gets 401 and nothing is
// taken; of Telegram's, nothing is refused that would be refused for ever, but
// for what is longer than any update.
func FuzzWebhook(f *testing.F) {
	f.Add(http.MethodPost, testSecret, []byte(private("1", "a")))
	f.Add(http.MethodPost, testSecret, []byte(`{"update_id":9223372036854775807}`))
	f.Add(http.MethodPost, testSecret+" ", []byte(private("1", "a")))
	f.Add(http.MethodGet, testSecret, []byte{})
	f.Fuzz(func(t *testing.T, method, secret string, body []byte) {
		b := fuzzBench(t)
		cfg := fuzzConfig(b)
		cfg.WebhookSecret = testSecret
		in := NewIntake(cfg)
		rec, req := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/hook", strings.NewReader(string(body)))
		req.Method = method
		req.Header.Set(secretHeader, secret)
		in.Webhook().ServeHTTP(rec, req)
		want := http.StatusOK
		switch {
		case method != http.MethodPost:
			want = http.StatusMethodNotAllowed
		case secret != testSecret:
			want = http.StatusUnauthorized
		case len(body) > mostBody:
			want = http.StatusRequestEntityTooLarge
		}
		if rec.Code != want {
			t.Fatalf("%d, want %d", rec.Code, want)
		}
		if n := in.Counters.Received.Load() + in.Counters.Invalid.Load(); (n == 1) != (want == http.StatusOK) {
			t.Fatalf("%d are counted after %d", n, rec.Code)
		}
	})
}

func fuzzBench(t *testing.T) *bench {
	return &bench{T: t, ctx: t.Context(), outbox: &recorder{make(chan tickets.Notice, 100)}, logged: &logBook{t: t}}
}

// oneCustomer is a store that remembers the customer and what was filed.
type oneCustomer struct {
	scratch
	mu       sync.Mutex
	customer tickets.Customer
	last     tickets.Change
}

func (s *oneCustomer) Customer(_ context.Context, id int64) (tickets.Customer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.customer.ID != id {
		return tickets.Customer{ID: id}, nil
	}
	return s.customer, nil
}

func (s *oneCustomer) Commit(_ context.Context, c tickets.Change) (tickets.Committed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.Customer != nil {
		s.customer = *c.Customer
		s.customer.Version++
	}
	s.last = c
	return tickets.Committed{Notices: c.Notices}, nil
}

// FuzzDialog has somebody bring a line after another to the real dialog, each as
// a text, as a press, or as an edit: nothing fails, everything is answered in
// words that Telegram takes, and no internal word is among them (P5).
func FuzzDialog(f *testing.F) {
	render, shipped := testRenderer(f), policy.Shipped()
	f.Add("/new\nАнна\nanna@example.ru\nanna\n+7 900 000-00-00\nexample.ru\nНе работает")
	f.Add("!0:new:\n!1:pick:site_down\n!2:pick:0\n!9999:next:\n~edited\n\u202e\u0000\ufeff")
	f.Add("/start\n!2:back:\n!zz:done:\n/cancel\n!3:yes:\n/lang\n!0:lang:en\n!0:lang:xx")
	f.Fuzz(func(t *testing.T, talk string) {
		b := fuzzBench(t)
		cfg, store := fuzzConfig(b), &oneCustomer{}
		cfg.Store, cfg.Policy, cfg.Answer, cfg.Render = store, &shipped, nil, render.Toast
		cfg.Flood, cfg.Now = limits.NewFlood(60), func() time.Time { return time.Unix(1700000000, 0) }
		in := NewIntake(cfg)
		lines := strings.Split(talk, "\n")
		for i, line := range lines[:min(len(lines), 40)] {
			r := brought(int64(i+1), line)
			store.last = tickets.Change{}
			if err := in.inLane(t.Context(), r, func(ctx context.Context) error { return in.take(ctx, r) }); err != nil {
				t.Fatalf("%q is refused: %v", line, err)
			}
			if n := in.Counters.Shelved.Load(); n > 0 {
				t.Fatalf("%q cannot be worked on", line)
			}
			for _, n := range store.last.Notices {
				legible(t, render, n, line)
			}
			for len(b.outbox.pushed) > 0 {
				<-b.outbox.pushed
			}
		}
	})
}

// brought is a line as an update: "!" begins a press, "~" an edit.
func brought(id int64, line string) *received {
	from := &models.User{ID: 5, FirstName: "E", LanguageCode: "ru"}
	m := &models.Message{ID: int(id), Date: 1700000000, From: from, Chat: models.Chat{ID: 5, Type: models.ChatTypePrivate}, Text: line}
	u := &models.Update{ID: id, Message: m}
	if data, ok := strings.CutPrefix(line, "!"); ok {
		u.Message, u.CallbackQuery = nil, &models.CallbackQuery{ID: "1", From: *from, Data: data, Message: models.MaybeInaccessibleMessage{Message: m}}
	}
	if text, ok := strings.CutPrefix(line, "~"); ok {
		m.Text, m.EditDate = text, 1700000000
		u.Message, u.EditedMessage = nil, m
	}
	if strings.HasPrefix(line, "/") {
		m.Entities = []models.MessageEntity{{Type: models.MessageEntityTypeBotCommand, Length: len(strings.Fields(line)[0])}}
	}
	return &received{id: id, update: u}
}

// legible checks what a reader sees of a notice.
func legible(t *testing.T, render *Renderer, n tickets.Notice, after string) {
	t.Helper()
	c := render.content(n)
	for _, part := range c.text.split(maxText) {
		if size := unitsOf(part.text); size > maxText || size == 0 {
			t.Fatalf("after %q: %d characters", after, size)
		}
		for _, e := range part.entities {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > unitsOf(part.text) {
				t.Fatalf("after %q: an entity outside of its text: %+v", after, e)
			}
		}
	}
	for _, line := range n.Message.Text {
		if line.Key == "" {
			continue // an empty line
		}
		if text := render.Toast(n.Lang, line); strings.TrimSpace(text) == "" || text == line.Key {
			t.Fatalf("after %q: no words for %s", after, line.Key)
		}
	}
}
