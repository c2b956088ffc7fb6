package bot

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// gauged is a body that tells how much of it was read.
type gauged struct {
	io.Reader
	read int
}

func (c *gauged) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += n
	return n, err
}

// endless repeats a byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// TestTheWebhookReadsNoMoreThanItMust brings bodies without an end: of a
// stranger's nothing is read, and of others no more than an update can have.
func TestTheWebhookReadsNoMoreThanItMust(t *testing.T) {
	_, hook := newBench(t).hook()
	for name, c := range map[string]struct {
		method, secret string
		status, most   int
	}{
		"stranger":     {http.MethodPost, "guess", 401, 0},
		"no secret":    {http.MethodPost, "", 401, 0},
		"wrong method": {http.MethodPut, testSecret, 405, 0},
		"endless":      {http.MethodPost, testSecret, 413, mostBody + 1},
	} {
		body := &gauged{Reader: endless(' ')}
		req := httptest.NewRequest(c.method, "/hook", body)
		req.Header.Set(secretHeader, c.secret)
		rec := httptest.NewRecorder()
		hook.ServeHTTP(rec, req)
		if rec.Code != c.status || body.read > c.most {
			t.Errorf("%s: %d after %d bytes, want %d after %d at most", name, rec.Code, body.read, c.status, c.most)
		}
		if rec.Code < 410 && rec.Header().Get("Connection") != "close" {
			t.Errorf("%s: the connection stays, so that the server reads on", name)
		}
	}
}

// words are what somebody wrote, and what may be in no log (P8).
const words = "hunter2"

// TestGarbageIsNotLogged brings what cannot be read, with somebody's words in
// it, by both ways. It is told that it came, and nothing of what it was.
//
// The decoder's own errors repeat numbers and rich texts as they came.
func TestGarbageIsNotLogged(t *testing.T) {
	for name, body := range map[string]string{
		"no JSON":    `{"update_id":1,"message":{"text":"hunter2`,
		"no update":  `{"message":{"text":"hunter2"}}`,
		"wrong type": `{"update_id":2,"message":{"message_id":"hunter2"}}`,
		"rich text":  `{"update_id":3,"message":{"message_id":1,"rich_message":{"blocks":[{"type":"paragraph","text":7770777}]}}}`,
		"rich type":  `{"update_id":4,"message":{"message_id":1,"rich_message":{"blocks":[{"type":"hunter2"}]}}}`,
		"number":     `{"update_id":5,"message":{"message_id":77707771234567890123456789}}`,
		"long":       `{"update_id":6,"message":{"message_id":` + strings.Repeat("7770777", 10_000) + `}}`,
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			in, hook := b.hook()
			if rec := bring(hook, testSecret, body); rec.Code != http.StatusOK {
				t.Errorf("%d: Telegram would bring it for a day", rec.Code)
			}
			if n := in.Counters.Invalid.Load() + in.Counters.Shelved.Load(); n != 1 {
				t.Errorf("%d are counted", n)
			}
			if !b.logged.has("level=ERROR") || b.logged.has(words) || b.logged.has("7770777") {
				t.Error("want a line in the log, and nothing of what was brought")
			}
			shelf, err := b.store.Shelf(b.ctx, 9)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range shelf {
				if strings.Contains(s.Cause, words) || strings.Contains(s.Cause, "7770777") || !bytes.Equal(s.Body, []byte(body)) {
					t.Errorf("set aside because of %q", s.Cause)
				}
			}
		})
	}
}

// TestHostileAnswers gives answers that the Bot API would not give. No error
// repeats them: they can echo the address with the token, or somebody's words;
// and one without an end is not read to its end.
func TestHostileAnswers(t *testing.T) {
	echo := func(kind, form string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			fmt.Fprintf(w, form, r.URL.Path, words)
		}
	}
	for name, h := range map[string]http.HandlerFunc{
		"text":             echo("text/plain", "%s %s"),
		"HTML":             echo("text/html", "<p>%s</p>%s"),
		"no JSON":          echo("application/json", "no such path: %s %s"),
		"broken off":       echo("application/json", `{"ok":true,"result":{"text":"%s %s`),
		"an array":         echo("application/json", `["%s","%s"]`),
		"wrong types":      echo("application/json", `{"ok":"%s","result":"%s"}`),
		"wrong code":       echo("application/json", `{"ok":false,"error_code":"%s","description":"%s"}`),
		"wrong parameters": echo("application/json", `{"ok":false,"parameters":"%s %s"}`),
		"wrong result":     echo("application/json", `{"ok":true,"result":"%s %s"}`),
		"colon encoded": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			path := strings.ReplaceAll(r.URL.Path, ":", "&#58;")
			fmt.Fprintf(w, `{"ok":false,"error_code":400,"description":"Bad Request: no %s"}`, path)
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1"+r.URL.Path, http.StatusFound)
		},
		"cut short": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "1000")
			fmt.Fprintf(w, `{"ok":true,"result":{"text":"%s %s`, r.URL.Path, words)
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(h)
			defer server.Close()
			r := newTestReceiver(t, server)
			_, updates := r.Updates(t.Context(), 0)
			_, head := r.FileHead(t.Context(), "d", 32)
			_, admins := r.Admins(t.Context(), -1)
			_, member := r.Member(t.Context(), -1, 5)
			_, err := r.api.GetMe(t.Context())
			for call, err := range map[string]error{
				"updates": updates, "head": head, "admins": admins, "getMe": err,
				"press": r.AnswerPress(t.Context(), "1", "", false), "webhook": r.SetWebhook(t.Context(), "https://x/", "s"),
			} {
				said := fmt.Sprintf("%v %+v %#v", err, err, err)
				if err == nil || strings.Contains(said, "very-secret") || strings.Contains(said, words) || len(said) > 2000 {
					t.Errorf("%s: %s", call, said)
				}
			}
			if member != nil && strings.Contains(fmt.Sprint(member), words) {
				t.Error(member)
			}
		})
	}
}

// TestAnAnswerWithoutAnEnd is not read for ever.
func TestAnAnswerWithoutAnEnd(t *testing.T) {
	body := &gauged{Reader: endless('7')}
	client := NewClient(testToken, roundTrip(func(*http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(body),
		}, nil
	}))
	req := httptest.NewRequest(http.MethodPost, "http://telegram.test/bot"+testToken+"/getMe", nil)
	req.RequestURI = ""
	_, err := client.Do(req)
	if err == nil || body.read > maxAnswer {
		t.Errorf("%v after %d bytes", err, body.read)
	}
}
