package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// What may be in no error and in no line of the log (P8), and a piece of each.
const (
	secretToken = "123456789:AAtoken-that-nobody-may-see-AA"
	secretHook  = "webhook-secret-that-nobody-may-see"
	secretPass  = "password-that-nobody-may-see"
	secretWords = "words-that-nobody-may-see"
	secretPart  = "that-nobody-may-see"
)

// echo answers with what was asked, as a page or as JSON.
func echo(status int, kind, form string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		fmt.Fprintf(w, form, r.URL.Path, strings.ReplaceAll(string(body), `"`, "'"))
	}
}

// troubles are ways in which Telegram, or what pretends to be it, answers badly.
var troubles = map[string]http.HandlerFunc{
	"page":       echo(502, "text/html", "<html>Bad gateway: %s %s</html>"),
	"no JSON":    echo(200, "application/json", "not found: %s %s"),
	"broken off": echo(200, "application/json", `{"ok":true,"result":"%s %s`),
	"wrong type": echo(200, "application/json", `{"ok":"%s","result":"%s"}`),
	"refusal":    echo(400, "application/json", `{"ok":false,"error_code":400,"description":"Bad Request: %.200s"}%.0s`),
	"5xx":        echo(500, "application/json", `{"ok":false,"error_code":500,"description":"Internal: %.200s"}%.0s`),
	"redirect": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:1"+r.URL.Path+"%zz", http.StatusFound)
	},
	"hang-up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
}

// usher is a Bot API that answers some calls well, with their results, and all
// others badly.
type usher struct {
	well   map[string]string
	badly  http.HandlerFunc
	mu     sync.Mutex
	polled bool
}

func (u *usher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := path.Base(r.URL.Path)
	result, ok := u.well[method]
	if !ok || strings.HasPrefix(r.URL.Path, "/file/") {
		u.badly(w, r)
		return
	}
	u.mu.Lock()
	again := method == "getUpdates" && u.polled
	u.polled = u.polled || method == "getUpdates"
	u.mu.Unlock()
	if again { // nothing more comes
		_, _ = io.Copy(io.Discard, r.Body) // else the server does not see the client go
		<-r.Context().Done()
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"ok":true,"result":%s}`, result)
}

const (
	itself  = `{"id":123456789,"is_bot":true,"first_name":"Desk","username":"desk_bot"}`
	updates = `[{"update_id":1,"message":{"message_id":1,"date":4000000000,"text":"/new ` + secretWords + `",
		"chat":{"id":5,"type":"private"},"from":{"id":5,"first_name":"` + secretWords + `"}}},
		{"update_id":2,"message":{"message_id":2,"date":4000000000,"caption":"` + secretWords + `",
		"document":{"file_id":"d","file_unique_id":"d","file_name":"a.png"},"chat":{"id":6,"type":"private"},"from":{"id":6,"first_name":"E"}}},
		{"update_id":3,"message":{"message_id":"` + secretWords + `"}},
		{"update_id":4,"message":{"message_id":4,"rich_message":{"blocks":[{"type":"` + secretWords + `"}]}}},
		{"message":{"text":"` + secretWords + `"}},
		{"update_id":6,"callback_query":{"id":"9","from":{"id":5,"first_name":"E"},"data":"` + secretWords + `",
		"message":{"message_id":1,"date":0,"chat":{"id":5,"type":"private"}}}}]`
)

// runs runs the program in this process until it has logged a text, or has ended,
// and gives all that it said, its error too.
func runs(t *testing.T, until string, set map[string]string) string {
	t.Helper()
	ctx, stop := context.WithCancel(patient(t))
	defer stop()
	all := map[string]string{
		"telegram-bot-token": secretToken, "agent-group-id": "-1001234567890", "listen-addr": freeAddress(t),
		"database-url": "sqlite:" + filepath.Join(t.TempDir(), "desk.db"),
	}
	for name, value := range set {
		all[name] = value
	}
	args := []string{"run"}
	for name, value := range all {
		args = append(args, "--"+name+"="+value)
	}
	said, ended := newWords(), make(chan struct{})
	var err error
	go func() {
		defer close(ended)
		err = execute(ctx, args, streams{said, said})
	}()
	if until != "" {
		if err := said.expect(ctx, ended, until); err != nil {
			t.Error(err)
		}
		stop()
	}
	<-ended
	return said.String() + fmt.Sprintf("\n%v %+v %#v", err, err, errors.Unwrap(err))
}

// keeps checks that nothing of a secret is in what was said.
func keeps(t *testing.T, said string) {
	t.Helper()
	for _, secret := range []string{secretPart, secretToken, "words-that", "password-that"} {
		if at := strings.Index(said, secret); at >= 0 {
			t.Fatalf("a secret is told:\n%s", said[max(0, at-300):min(len(said), at+100)])
		}
	}
}

// TestNoSecretWhereTelegramFails starts the program against each trouble: with all
// calls failing, with those that take updates failing, and with those failing
// that follow from updates, files included.
func TestNoSecretWhereTelegramFails(t *testing.T) {
	hook := map[string]string{"webhook-url": "https://desk.example/hook", "webhook-secret": secretHook}
	for name, badly := range troubles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for stage, c := range map[string]struct {
				well  map[string]string
				until string
				set   map[string]string
			}{
				"all":     {nil, "Telegram does not answer", nil},
				"polling": {map[string]string{"getMe": itself, "deleteWebhook": "true"}, "updates could not be fetched", nil},
				"webhook": {map[string]string{"getMe": itself}, "setWebhook", hook},
				"sending": {map[string]string{"getMe": itself, "deleteWebhook": "true", "getUpdates": updates,
					"getFile": `{"file_id":"d","file_path":"documents/a.png"}`}, "a notice was not delivered", nil},
			} {
				server := httptest.NewServer(&usher{well: c.well, badly: badly})
				set := map[string]string{"telegram-api-url": server.URL}
				for k, v := range c.set {
					set[k] = v
				}
				until := c.until
				if stage == "webhook" && name == "refusal" {
					until = "" // it is for good: the program ends
				}
				keeps(t, runs(t, until, set))
				server.CloseClientConnections()
				server.Close()
			}
		})
	}
}

// TestNoSecretWhereNothingAnswers tries servers that are not there, and ones that
// speak something else.
func TestNoSecretWhereNothingAnswers(t *testing.T) {
	page := httptest.NewServer(echo(200, "text/html", "%s %s"))
	defer page.Close()
	tls := httptest.NewTLSServer(echo(200, "text/html", "%s %s"))
	defer tls.Close()
	db := "postgres://desk:" + secretPass + "@"
	for name, c := range map[string]struct {
		until string
		set   map[string]string
	}{
		"dial":                {"Telegram does not answer", map[string]string{"telegram-api-url": "http://127.0.0.1:1"}},
		"no TLS":              {"Telegram does not answer", map[string]string{"telegram-api-url": strings.Replace(page.URL, "http:", "https:", 1)}},
		"unknown certificate": {"Telegram does not answer", map[string]string{"telegram-api-url": tls.URL}},
		"no such host":        {"Telegram does not answer", map[string]string{"telegram-api-url": "http://desk.invalid"}},
		"PostgreSQL":          {"PostgreSQL is away", map[string]string{"database-url": db + "127.0.0.1:1/desk"}},
		"not PostgreSQL":      {"PostgreSQL is away", map[string]string{"database-url": db + page.Listener.Addr().String() + "/desk?sslmode=disable"}},
		"PostgreSQL's TLS":    {"PostgreSQL is away", map[string]string{"database-url": db + page.Listener.Addr().String() + "/desk?sslmode=require"}},
	} {
		t.Run(name, func(t *testing.T) { keeps(t, runs(t, c.until, c.set)) })
	}
}

// TestNoSecretInMistakes puts secrets where they are mistyped, or into another
// setting's place.
func TestNoSecretInMistakes(t *testing.T) {
	db, cache := "postgres://desk:"+secretPass+"@host/desk", "redis://:"+secretPass+"@host"
	for _, set := range []map[string]string{
		{"telegram-bot-token": "x" + secretToken}, {"agent-group-id": secretToken}, {"listen-addr": secretToken}, {"listen-addr": db},
		{"agent-group-id": db + "," + cache}, {"telegram-api-url": "https://" + secretToken}, {"telegram-api-url": "https://api/bot" + secretToken + "%zz"},
		{"policy-file": secretToken}, {"policy-file": db}, {"database-url": cache}, {"database-url": "postgres://desk:" + secretPass + "@host:port/desk"}, {"redis-url": cache},
		{"redis-url": db}, {"redis-url": cache + ":port", "database-url": db}, {"webhook-url": db, "webhook-secret": secretHook + " "},
		{"webhook-url": "https://u:" + secretPass + "@host/"}, {"webhook-secret": secretHook}, {"no-such-flag": secretToken},
		{"database-url": "postgres://desk:" + secretPass + "@host/desk?sslmode=" + secretToken},
	} {
		said := runs(t, "", set)
		keeps(t, said)
		if !strings.Contains(said, ": ") {
			t.Errorf("%v: %s", set, said)
		}
	}
	var usage *usageError
	for _, args := range [][]string{
		{secretToken}, {"run", secretToken}, {"run", "--" + secretToken}, {"demo", "--lang", secretToken},
		{secretHook}, {"WEBHOOK_SECRET=" + secretHook, "run"}, {"run", "--webhook-secret" + secretHook}, {"run", "--webhook-secret:" + secretHook},
		{"run", "--webhook-secret " + secretHook}, {"run", "--" + secretHook}, {"run", "-test." + secretHook}, {"demo", "--lang", secretHook},
		{"run", "--listen-addr", secretHook}, {"run", "--agent-group-id", secretHook}, {"run", "--listen-addr", "redis://h?password=" + secretPass},
		{"run", "--policy-file", "postgres://u:x/" + secretPass + "@h/d"}, {"--webhook-secret=" + secretHook, "run"}, {"run", "--webhook-secre=" + secretHook}, {"run", "--webhook_secret=" + secretHook},
		{"run", "-x=" + secretHook}, {"run", "-" + secretHook}, {"run", "--=" + secretHook}, {"run", "---" + secretHook},
		{"run", "--webhook-secret", "x", secretHook}, {"run", "--", secretHook}, {"shelf", "--retry=" + secretHook}, {"demo", "--play", secretHook},
	} {
		err := execute(t.Context(), args, streams{io.Discard, io.Discard})
		if !errors.As(err, &usage) || strings.Contains(err.Error(), secretPart) {
			t.Errorf("%v", err)
		}
	}
}
