package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"
)

const (
	dialTimeout = 10 * time.Second
	// idleTimeout is shorter than the Bot API's own, so that a send seldom
	// meets a connection that the server is just closing.
	idleTimeout = 30 * time.Second
	// maxIdle connections are kept to the one host that there is: as many as
	// sends go on at once, and some for the updates.
	maxIdle = 64
	// maxAnswer is how long an answer may be, in bytes: a hundred updates of the
	// greatest length are far below it.
	maxAnswer = 64 << 20
	// maxRefusal is how much of an answer that is no JSON is read, in bytes.
	maxRefusal = 1 << 10
)

// Client is the HTTP client beneath the typed one. It sends calls without files
// as JSON in one write, with a length and a body that can be sent again, tells
// whether a failed request can have reached the server (P2), and keeps the token
// out of every error (P8).
type Client struct {
	transport http.RoundTripper
	token     string
}

var _ tg.HttpClient = (*Client)(nil)

// NewClient makes a client. A nil transport stands for one of its own that
// suits the Bot API.
func NewClient(token string, transport http.RoundTripper) *Client {
	if transport == nil {
		transport = &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: dialTimeout}).DialContext,
			TLSHandshakeTimeout: dialTimeout,
			ForceAttemptHTTP2:   true,
			MaxIdleConns:        maxIdle,
			MaxIdleConnsPerHost: maxIdle,
			IdleConnTimeout:     idleTimeout,
		}
	}
	return &Client{transport: transport, token: token}
}

// NewAPI makes the typed client of the Bot API at a base URL. It calls nothing
// yet. Time limits come with each call's context.
func NewAPI(token, baseURL string, client *Client, log *slog.Logger) (*tg.Bot, error) {
	api, err := tg.New(token, tg.WithSkipGetMe(), tg.WithServerURL(strings.TrimRight(baseURL, "/")),
		tg.WithHTTPClient(time.Minute, client),
		tg.WithErrorsHandler(func(err error) { log.Warn("telegram client", "err", redact(token, err)) }))
	return api, redact(token, err)
}

// Do sends a request. A request that fails gives a *transportError, and an
// answer that the Bot API itself did not write, or that is its 5xx, a
// *statusError.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	var trace sendTrace
	out, err := withBody(httptrace.WithClientTrace(req.Context(), trace.hooks()), req)
	if err != nil {
		return nil, &transportError{unsent: true, err: redact(c.token, err)}
	}
	resp, err := c.transport.RoundTrip(out) // it follows no redirects
	if err != nil {
		return nil, &transportError{unsent: trace.unsent(), err: redact(c.token, err)}
	}
	if req.Method != http.MethodPost {
		return resp, nil // a file's download: its bytes are none of ours
	}
	return c.checked(req, resp)
}

// checked passes the Bot API's own answers on.
func (c *Client) checked(req *http.Request, resp *http.Response) (*http.Response, error) {
	isJSON := strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json")
	defer resp.Body.Close()
	if isJSON && resp.StatusCode < 500 {
		return c.understood(req, resp)
	}
	e := &statusError{code: resp.StatusCode}
	if body, err := io.ReadAll(io.LimitReader(resp.Body, maxRefusal)); err == nil && isJSON {
		var answer struct {
			Description string `json:"description"`
		}
		if json.Unmarshal(body, &answer) == nil {
			e.text = scrub(c.token, answer.Description)
		}
	}
	return nil, e
}

// argsKey is where a context holds the arguments of a call.
type argsKey struct{}

// withArgs has the client itself write a call's arguments, which must hold no
// file, and read the message that it makes: only its ID is passed on. The form
// that the typed client would make of them costs more than all the rest of a call.
func withArgs(ctx context.Context, args any) context.Context {
	return context.WithValue(ctx, argsKey{}, args)
}

// understood passes on an answer of the form that all answers of the Bot API
// have. Of others the typed client would make an error with all of the answer in
// it: somebody's words, or an echo of the address (P8).
func (c *Client) understood(req *http.Request, resp *http.Response) (*http.Response, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if short, ok := shortened(req, body); ok {
		resp.Body = io.NopCloser(strings.NewReader(short))
		return resp, nil
	}
	var form struct {
		OK          bool
		Result      json.RawMessage
		Description string
		Code        int `json:"error_code"`
		Parameters  struct {
			After    int `json:"retry_after"`
			Migrated int `json:"migrate_to_chat_id"`
		}
	}
	if err == nil {
		err = json.Unmarshal(body, &form)
	}
	if err != nil {
		return nil, &statusError{code: resp.StatusCode, text: fmt.Sprintf("with an unreadable answer of %d bytes", len(body))}
	}
	if !form.OK { // what is said of a refusal becomes an error
		body = []byte(scrub(c.token, string(body)))
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// made is how the Bot API's answer of a call that has made a message begins. One
// that began otherwise would only be read for longer.
const made = `{"ok":true,"result":{"message_id":`

// shortened is the answer of a call with arguments of ours that has made a message,
// without all that nobody reads.
func shortened(req *http.Request, body []byte) (string, bool) {
	rest, ok := bytes.CutPrefix(body, []byte(made))
	digits := bytes.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if !ok || digits <= 0 || req.Context().Value(argsKey{}) == nil {
		return "", false
	}
	return made + string(rest[:digits]) + "}}", true
}

// withBody gives a request a body of known length that can be sent again: as
// JSON where there are no files in it, which the server reads faster.
func withBody(ctx context.Context, req *http.Request) (*http.Request, error) {
	out := req.WithContext(ctx)
	if req.Body == nil {
		return out, nil
	}
	body, kind, err := requestBody(req)
	_ = req.Body.Close() // the writer at the pipe's other end is done, or to be
	if err != nil {
		return nil, fmt.Errorf("writing the request: %w", err)
	}
	out.ContentLength = int64(len(body))
	out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	out.Body, _ = out.GetBody()
	out.Header = http.Header{"Content-Type": {kind}}
	return out, nil
}

func requestBody(req *http.Request) (body []byte, kind string, err error) {
	const asJSON = "application/json"
	if args := req.Context().Value(argsKey{}); args != nil {
		body, err = json.Marshal(args)
		return body, asJSON, err
	}
	kind = req.Header.Get("Content-Type")
	if body, err = io.ReadAll(req.Body); err != nil {
		return nil, "", err
	}
	if object, ok := jsonOf(kind, body); ok {
		return object, asJSON, nil
	}
	return body, kind, nil
}

// jsonOf turns a form without files into a JSON object. All values stay
// strings: the Bot API reads numbers and objects from them as from a form.
func jsonOf(contentType string, body []byte) ([]byte, bool) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" {
		return nil, false
	}
	fields := map[string]string{}
	for form := multipart.NewReader(bytes.NewReader(body), params["boundary"]); len(body) > 0; {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || part.FileName() != "" {
			return nil, false
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, false
		}
		fields[part.FormName()] = string(value)
	}
	out, err := json.Marshal(fields)
	return out, err == nil
}

// sendTrace watches how far a request came.
type sendTrace struct {
	connected atomic.Bool
	broken    atomic.Bool // not all of it was written
}

func (t *sendTrace) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) {
			t.connected.Store(true)
			t.broken.Store(false)
		},
		WroteRequest: func(info httptrace.WroteRequestInfo) { t.broken.Store(info.Err != nil) },
	}
}

// unsent tells whether the server surely did not get the whole request. A
// request in the middle of being written may still have gone out.
func (t *sendTrace) unsent() bool { return !t.connected.Load() || t.broken.Load() }

// transportError is a request without an answer.
type transportError struct {
	unsent bool // the server surely did not get it
	err    error
}

func (e *transportError) Error() string { return e.err.Error() }
func (e *transportError) Unwrap() error { return e.err }

// statusError is an answer that says nothing about the call: a proxy's page,
// or the Bot API's 5xx.
type statusError struct {
	code int
	text string
}

func (e *statusError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("HTTP status %d %s", e.code, e.text))
}

// redacted is an error whose text has lost the token. The original can be asked
// for its kind, but not be had back and printed.
type redacted struct {
	text string
	err  error
}

// redact takes the token out of an error (P8). nil stays nil.
func redact(token string, err error) error {
	if err == nil {
		return nil
	}
	return &redacted{scrub(token, err.Error()), err}
}

// scrub takes the token out of a text, escaped as in an address too.
func scrub(token, s string) string {
	if token == "" {
		return s
	}
	s = strings.NewReplacer(token, "***", url.PathEscape(token), "***", url.QueryEscape(token), "***").Replace(s)
	if _, secret, ok := strings.Cut(token, ":"); ok && secret != "" { // however the colon was written
		s = strings.ReplaceAll(s, secret, "***")
	}
	return s
}

func (e *redacted) Error() string        { return e.text }
func (e *redacted) Is(target error) bool { return errors.Is(e.err, target) }
func (e *redacted) As(target any) bool   { return errors.As(e.err, target) }

// Format keeps even %#v from showing what is inside.
func (e *redacted) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, e.text) }
