package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	// maxKept bounds the buffers that are kept with a connection, and those that are
	// made because somebody announced so much, in bytes.
	maxKept = 64 << 10

	asJSON = "application/json"
)

// Client is the HTTP client beneath the typed one. It sends calls without files
// as JSON in one write, with a length and a body that can be sent again, tells
// whether a failed request can have reached the server (P2), and keeps the token
// out of every error (P8).
type Client struct {
	transport http.RoundTripper // of *transportError
	token     string
}

var _ tg.HttpClient = (*Client)(nil)

// NewClient makes a client. A nil transport stands for NewTransport's.
func NewClient(token string, transport http.RoundTripper) *Client {
	switch transport.(type) {
	case nil:
		transport = NewTransport((&net.Dialer{Timeout: dialTimeout}).DialContext)
	case *direct:
	default:
		transport = traced{transport}
	}
	return &Client{transport: transport, token: token}
}

// NewTransport makes a transport that suits the Bot API, over connections that
// dial makes. Proxies are those of the environment; see http.ProxyFromEnvironment.
func NewTransport(dial func(ctx context.Context, network, address string) (net.Conn, error)) http.RoundTripper {
	return &direct{dial: dial, rest: traced{&http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dial,
		TLSHandshakeTimeout: dialTimeout,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        maxIdle,
		MaxIdleConnsPerHost: maxIdle,
		IdleConnTimeout:     idleTimeout,
	}}}
}

// Do sends a request of the typed client. A request that fails gives a
// *transportError, and an answer that the Bot API itself did not write, or that is
// its 5xx, a *statusError.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	out, err := withBody(req)
	if err != nil {
		return nil, &transportError{unsent: true, err: redact(c.token, err)}
	}
	if req.Method != http.MethodPost { // a file's download: its bytes are none of ours
		resp, err := c.transport.RoundTrip(out)
		return resp, c.lost(err)
	}
	resp, body, err := c.fetch(out)
	if err != nil {
		return nil, err
	}
	return c.understood(resp, body)
}

// fetch makes a call, and reads the Bot API's answer.
func (c *Client) fetch(req *http.Request) (resp *http.Response, body []byte, err error) {
	if resp, err = c.transport.RoundTrip(req); err != nil { // it follows no redirects
		return nil, nil, c.lost(err)
	}
	defer resp.Body.Close()
	isJSON := strings.HasPrefix(resp.Header.Get("Content-Type"), asJSON)
	if isJSON && resp.StatusCode < 500 {
		if body, err = readAll(io.LimitReader(resp.Body, maxAnswer), resp.ContentLength); err != nil {
			return nil, nil, c.unreadable(resp, body)
		}
		if !bytes.HasPrefix(body, []byte(`{"ok":true`)) { // what is said of a refusal becomes an error
			body = []byte(scrub(c.token, string(body)))
		}
		return resp, body, nil
	}
	e := &statusError{code: resp.StatusCode}
	if body, err = io.ReadAll(io.LimitReader(resp.Body, maxRefusal)); err == nil && isJSON {
		var said answer
		if json.Unmarshal(body, &said) == nil {
			e.text = scrub(c.token, said.Description)
		}
	}
	return nil, nil, e
}

// readAll reads a body, of a length that was announced or -1, into a buffer of just
// that size where it is believable.
func readAll(body io.Reader, length int64) ([]byte, error) {
	if length <= 0 || length > maxKept { // 0 is what a made-up response has
		return io.ReadAll(body)
	}
	out := make([]byte, length)
	_, err := io.ReadFull(body, out)
	return out, err
}

// lost is what became of a request without an answer.
func (c *Client) lost(err error) error {
	if err == nil {
		return nil
	}
	lost := &transportError{err: redact(c.token, err)}
	if e := new(transportError); errors.As(err, &e) {
		lost.unsent = e.unsent
	}
	return lost
}

func (c *Client) unreadable(resp *http.Response, body []byte) error {
	return &statusError{code: resp.StatusCode, text: fmt.Sprintf("with an unreadable answer of %d bytes", len(body))}
}

// understood passes on an answer of the form that all answers of the Bot API
// have. Of others the typed client would make an error with all of the answer in
// it: somebody's words, or an echo of the address (P8).
func (c *Client) understood(resp *http.Response, body []byte) (*http.Response, error) {
	if json.Unmarshal(body, new(answer)) != nil {
		return nil, c.unreadable(resp, body)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// withBody gives a request a body of known length that can be sent again: as
// JSON where there are no files in it, which the server reads faster.
func withBody(req *http.Request) (*http.Request, error) {
	out := req.WithContext(req.Context())
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

// traced is a transport of net/http that tells what was not sent.
type traced struct{ http.RoundTripper }

// RoundTrip makes a call. Its error is a *transportError.
func (t traced) RoundTrip(req *http.Request) (*http.Response, error) {
	var trace sendTrace
	resp, err := t.RoundTripper.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace.hooks())))
	if err != nil {
		return nil, &transportError{unsent: trace.unsent(), err: err}
	}
	return resp, nil
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
