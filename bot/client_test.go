package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// server answers the Bot API's calls as a test says.
func apiServer(t *testing.T, h http.HandlerFunc) *API {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return testAPI(t, server.URL)
}

func testAPI(t testing.TB, url string) *API {
	t.Helper()
	api, err := NewAPI(testToken, url, NewClient(testToken, nil), testLog(t))
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// TestArgumentsAsJSON: arguments that the client writes itself arrive as their
// own kinds, and of the message that was made its ID comes back.
func TestArgumentsAsJSON(t *testing.T) {
	var got map[string]any
	api := apiServer(t, func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil || r.Header.Get("Content-Type") != "application/json" || r.ContentLength <= 0 {
			t.Error(err, r.Header, r.ContentLength)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":5,"text":"x"}}`)
	})
	args := &tg.SendMessageParams{
		ChatID: int64(-7), Text: longText(3000), Entities: []models.MessageEntity{{Type: "bold", Offset: 0, Length: 1}},
		ReplyMarkup: models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "x", CallbackData: "y"}}}},
	}
	if id, err := api.sendMessage(t.Context(), args); err != nil || id != 5 {
		t.Fatal(id, err)
	}
	want := map[string]any{
		"chat_id": -7.0, "text": args.Text, "entities": []any{map[string]any{"type": "bold", "offset": 0.0, "length": 1.0}},
		"reply_markup": map[string]any{"inline_keyboard": []any{[]any{map[string]any{"text": "x", "callback_data": "y"}}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}

func TestCallsWithoutFilesAreJSON(t *testing.T) {
	var got map[string]string
	var header http.Header
	var length int64
	api := apiServer(t, func(w http.ResponseWriter, r *http.Request) {
		header, length = r.Header, r.ContentLength
		got = nil
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":5}}`)
	})
	text := "a \"quoted\" & <b>\n👍 " + longText(3000)
	m, err := api.SendMessage(t.Context(), &tg.SendMessageParams{
		ChatID: int64(-7), MessageThreadID: 3, Text: text,
		Entities:    []models.MessageEntity{{Type: "bold", Offset: 0, Length: 1}},
		ReplyMarkup: models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "x", CallbackData: "y"}}}},
	})
	if err != nil || m.ID != 5 {
		t.Fatal(m, err)
	}
	if header.Get("Content-Type") != "application/json" || length <= 0 {
		t.Errorf("header %v, length %d", header, length)
	}
	if got["text"] != text || got["chat_id"] != "-7" || got["message_thread_id"] != "3" ||
		got["entities"] != `[{"type":"bold","offset":0,"length":1}]` || !strings.HasPrefix(got["reply_markup"], `{"inline_keyboard":[[{`) {
		t.Errorf("%v", got)
	}
	if _, err := api.GetMe(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("a call without arguments: %v %v", got, err)
	}
}

func TestCallsWithFilesStayForms(t *testing.T) {
	api := apiServer(t, func(w http.ResponseWriter, r *http.Request) {
		f, _, err := r.FormFile("document")
		if err != nil || r.ContentLength <= 0 {
			t.Error(err, r.ContentLength)
			return
		}
		b, _ := io.ReadAll(f)
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d}}`, len(b))
	})
	m, err := api.SendDocument(t.Context(), &tg.SendDocumentParams{ChatID: 1,
		Document: &models.InputFileUpload{Filename: "x.bin", Data: bytes.NewReader(make([]byte, 100_000))}})
	if err != nil || m.ID != 100_000 {
		t.Error(m, err)
	}
}

func TestTheBodyCanBeSentAgain(t *testing.T) {
	var req *http.Request
	c := NewClient(testToken, roundTrip(func(r *http.Request) (*http.Response, error) {
		req = r
		return nil, errors.New("no")
	}))
	api, _ := NewAPI(testToken, "http://x", c, testLog(t))
	_, _ = api.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: 1, Text: "hello"})
	for range 2 {
		body, err := req.GetBody()
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := io.ReadAll(body); string(b) != `{"chat_id":"1","text":"hello"}` {
			t.Errorf("%s", b)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestNoErrorHoldsTheToken: however a call fails, and however the error is
// printed (P8).
func TestNoErrorHoldsTheToken(t *testing.T) {
	echo := func(status int, kind, format string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, format, r.URL.Path)
		}
	}
	apis := map[string]*API{
		"no server":   testAPI(t, "http://127.0.0.1:1"),
		"bad address": testAPI(t, "http://bad host\x7f"),
		"no scheme":   testAPI(t, "127.0.0.1"),
		"page":        apiServer(t, echo(404, "text/html", "<html>no %s here")),
		"broken JSON": apiServer(t, echo(200, "application/json", "no %s here")),
		"JSON 404":    apiServer(t, echo(404, "application/json", `{"ok":false,"error_code":404,"description":"no %s here"}`)),
		"JSON 500":    apiServer(t, echo(500, "application/json", `{"ok":false,"error_code":500,"description":"no %s here"}`)),
		"redirect": apiServer(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://elsewhere"+r.URL.Path+"%zz", http.StatusFound)
		}),
		"cut": apiServer(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
	}
	for name, api := range apis {
		s := newSender(OutboxConfig{API: api, Render: testRenderer(t), Log: testLog(t), Now: time.Now})
		r := s.send(t.Context(), claimOf(note(1, "x")), nil, nil)
		if r.err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
			if text := fmt.Sprintf(verb, r.err); strings.Contains(text, "very-secret") {
				t.Errorf("%s: %s shows the token: %s", name, verb, text)
			}
		}
		if strings.Contains(cause(r.err), "very-secret") {
			t.Errorf("%s: the cause holds the token", name)
		}
	}
	if _, err := NewAPI(" ", "http://x", NewClient("", nil), testLog(t)); err == nil {
		t.Error("an empty token passes")
	}
}

// TestFailuresAreToldApart: what surely did not reach the server, and what may
// have (P2).
func TestFailuresAreToldApart(t *testing.T) {
	cut := func(after string) string { // a server that reads so much and hangs up
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				buf := make([]byte, 1<<16)
				if after == "request" {
					_, _ = c.Read(buf)
				}
				_ = c.Close()
			}
		}()
		return "http://" + l.Addr().String()
	}
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	for name, tt := range map[string]struct {
		url  string
		want fate
	}{
		"dial":          {"http://127.0.0.1:1", fateUnsent},
		"TLS":           {strings.Replace(hanging.URL, "http:", "https:", 1), fateUnsent},
		"after request": {cut("request"), fateUnknown},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		_, err := testAPI(t, tt.url).SendMessage(ctx, &tg.SendMessageParams{ChatID: 1, Text: "x"})
		cancel()
		if v := classify(err); v.fate != tt.want {
			t.Errorf("%s: fate %d, want %d: %v", name, v.fate, tt.want, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := testAPI(t, hanging.URL).GetMe(ctx); classify(err).fate != fateUnsent || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
}

func TestVerdicts(t *testing.T) {
	api := func(code int, description, parameters string) error {
		bot := apiServer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(code)
			_, _ = fmt.Fprintf(w, `{"ok":false,"error_code":%d,"description":%q%s}`, code, description, parameters)
		})
		_, err := bot.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: 1, Text: "x"})
		return fmt.Errorf("wrapped: %w", redact(testToken, err))
	}
	for _, tt := range []struct {
		code        int
		description string
		parameters  string
		want        verdict
	}{
		{429, "Too Many Requests: retry after 7", `,"parameters":{"retry_after":7}`, verdict{fate: fateLimited, after: 7 * time.Second}},
		{429, "Too Many Requests", "", verdict{fate: fateLimited, after: time.Second}},
		{400, "Bad Request: group chat was upgraded to a supergroup chat", `,"parameters":{"migrate_to_chat_id":-1005}`, verdict{fate: fateMigrated, moved: -1005}},
		{400, "Bad Request: message is not modified: specified new message content", "", verdict{fate: fateDone}},
		{400, "Bad Request: message thread not found", "", verdict{fate: fateNoTopic}},
		{400, "Bad Request: TOPIC_DELETED", "", verdict{fate: fateNoTopic}},
		{400, "Bad Request: chat not found", "", verdict{fate: fateNoChat}},
		{400, "Bad Request: something new", "", verdict{fate: fateBad}},
		{403, "Forbidden: bot was blocked by the user", "", verdict{fate: fateBlocked}},
		{403, "Forbidden: bot was kicked from the supergroup chat", "", verdict{fate: fateBlocked}},
		{401, "Unauthorized", "", verdict{fate: fateNoAccount}},
		{404, "Not Found", "", verdict{fate: fateNoAccount}},
		{413, "Request Entity Too Large", "", verdict{fate: fateBad}},
		{409, "Conflict", "", verdict{fate: fateBad}},
		{500, "Internal Server Error", "", verdict{fate: fateUnknown}},
		{502, "Bad Gateway", "", verdict{fate: fateUnknown}},
	} {
		if got := classify(api(tt.code, tt.description, tt.parameters)); got != tt.want {
			t.Errorf("%d %s: %+v, want %+v", tt.code, tt.description, got, tt.want)
		}
	}
	if v := classify(nil); v.fate != fateDone {
		t.Errorf("no error: %+v", v)
	}
	if v := classify(&unsentError{context.DeadlineExceeded}); v.fate != fateUnsent {
		t.Errorf("a read that timed out: %+v", v)
	}
}
