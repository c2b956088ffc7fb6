package bot

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// directly makes a transport that counts the connections it makes.
func directly(conns *atomic.Int64) *direct {
	return NewTransport(func(ctx context.Context, network, address string) (net.Conn, error) {
		conns.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	}).(*direct)
}

func say(ctx context.Context, t *testing.T, d *direct, url, body string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/plain")
	resp, err := d.RoundTrip(req)
	if err != nil {
		return "", err
	}
	answer, err := io.ReadAll(resp.Body)
	return string(answer), err
}

// TestDirectKeepsConnections: one after another the calls go over one connection,
// however they are answered, and over another where the server wants that.
func TestDirectKeepsConnections(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "text/plain" || r.Host == "" || r.URL.RawQuery != "q=%20" {
			t.Error(r.Method, r.Header, r.Host, r.URL)
		}
		switch string(body) {
		case "hint":
			w.WriteHeader(http.StatusEarlyHints)
		case "chunks":
			w.(http.Flusher).Flush()
		case "close":
			w.Header().Set("Connection", "close")
		case "many":
			body = make([]byte, 3<<20)
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	var conns atomic.Int64
	d := directly(&conns)
	for _, tt := range []struct {
		body  string
		conns int64
	}{{"one", 1}, {"hint", 1}, {"chunks", 1}, {"many", 1}, {"", 1}, {"close", 1}, {"after", 2}} {
		got, err := say(t.Context(), t, d, server.URL+"/x?q=%20", tt.body)
		if err != nil || got != tt.body && tt.body != "many" || tt.body == "many" && len(got) != 3<<20 || conns.Load() != tt.conns {
			t.Errorf("%q: %d bytes, %v, %d connections", tt.body, len(got), err, conns.Load())
		}
	}
}

// TestDirectAsksBeforeItSends: a call does not go over a connection that the server
// has closed meanwhile, so that its outcome is known.
func TestDirectAsksBeforeItSends(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, out, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = out.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") // and not a word of the end
		_ = errors.Join(out.Flush(), conn.Close())
	}))
	t.Cleanup(server.Close)
	var conns atomic.Int64
	d := directly(&conns)
	for i := range int64(3) {
		if got, err := say(t.Context(), t, d, server.URL, "x"); got != "ok" || err != nil || conns.Load() != i+1 {
			t.Fatal(got, err, conns.Load())
		}
		c := d.idle[0]
		for c.since = c.since.Add(-idleAsked); isOpen(c.Conn) && t.Context().Err() == nil; runtime.Gosched() {
		}
	}
}

// TestDirectKnowsWhatWasSent: what was not written whole was not sent, and a call
// over a connection that breaks before the first byte goes over another.
func TestDirectKnowsWhatWasSent(t *testing.T) {
	body := strings.Repeat("x", 1000)
	for _, tt := range []struct {
		name   string
		read   int // bytes before the server hangs up; -1: all, and an answer
		unsent bool
	}{{"nothing", 0, true}, {"half", 500, true}, {"all", 10_000, false}} {
		dials := 0
		d := NewTransport(func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			dials++
			go func() {
				buf := make([]byte, 10_000)
				_, _ = io.ReadFull(theirs, buf[:min(tt.read, 500)])
				if tt.read > 500 {
					_, _ = theirs.Read(buf)
				}
				_ = theirs.Close()
			}()
			return ours, nil
		}).(*direct)
		_, err := say(t.Context(), t, d, "http://x", body)
		if e := new(transportError); !errors.As(err, &e) || e.unsent != tt.unsent || dials != 1 {
			t.Errorf("%s: %v, %+v, %d connections", tt.name, err, e, dials)
		}
	}
	var lives []net.Conn
	d := NewTransport(func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		lives = append(lives, theirs)
		go func() {
			buf := make([]byte, 10_000)
			if _, err := theirs.Read(buf); err == nil {
				_, _ = io.WriteString(theirs, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
			}
		}()
		return ours, nil
	}).(*direct)
	for want := 1; want <= 2; want++ {
		if got, err := say(t.Context(), t, d, "http://x", body); got != "ok" || err != nil || len(lives) != want {
			t.Error(got, err, len(lives))
		}
		_ = lives[len(lives)-1].Close()
	}
}

// TestDirectLeavesOddAddresses: what has to be rewritten before it can be called goes
// through net/http.
func TestDirectLeavesOddAddresses(t *testing.T) {
	for address, plain := range map[string]bool{
		"http://127.0.0.1:8081": true, "https://api.telegram.org": true, "http://[::1]:80": true, "http://:8081": false,
		"http://пример.рф": false, "http://[fe80::1%25eth0]": false, "http://user:password@127.0.0.1": false,
	} {
		var left bool
		d := directly(new(atomic.Int64))
		d.dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no") }
		d.rest = roundTrip(func(*http.Request) (*http.Response, error) {
			left = true
			return nil, &transportError{err: errors.New("left")}
		})
		if _, err := say(t.Context(), t, d, address, "x"); err == nil || left == plain {
			t.Errorf("%s: %v, %v", address, left, err)
		}
	}
}

// TestDirectGivesUp: a call whose context ends is given up at once, and so is its
// connection.
func TestDirectGivesUp(t *testing.T) {
	arrived, hang := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		arrived <- struct{}{}
		<-hang
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(hang) })
	var conns atomic.Int64
	d := directly(&conns)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, err := say(ctx, t, d, server.URL, "x")
	if e := new(transportError); !errors.As(err, &e) || e.unsent || !errors.Is(err, context.Canceled) || len(d.idle) != 0 {
		t.Errorf("%v, %+v, %d connections kept", err, e, len(d.idle))
	}
	_, err = say(ctx, t, d, server.URL, "x")
	if e := new(transportError); !errors.As(err, &e) || !e.unsent || !errors.Is(err, context.Canceled) || conns.Load() != 1 {
		t.Errorf("ended before: %v, %d connections", err, conns.Load())
	}
}

// TestDirectOverTLS: the certificate is looked at, and what TLS says between two
// calls ends no connection.
func TestDirectOverTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}))
	t.Cleanup(server.Close)
	var conns atomic.Int64
	d := directly(&conns)
	_, err := say(t.Context(), t, d, server.URL, "x")
	if e := new(transportError); !errors.As(err, &e) || !e.unsent || !errors.As(err, new(*tls.CertificateVerificationError)) {
		t.Errorf("a stranger's certificate: %v", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	d.tls = &tls.Config{RootCAs: roots}
	for range 3 {
		if got, err := say(t.Context(), t, d, server.URL, "hello"); got != "hello" || err != nil || conns.Load() != 2 {
			t.Error(got, err, conns.Load())
		}
		d.idle[0].since = time.Now().Add(-idleAsked)
	}
}

// TestDirectForgets: connections that nobody uses are closed, and no more are kept
// than there may be.
func TestDirectForgets(t *testing.T) {
	d := directly(new(atomic.Int64))
	var ends []net.Conn
	for range maxIdle + 1 {
		ours, theirs := net.Pipe()
		ends = append(ends, theirs)
		d.put(&directConn{Conn: ours})
	}
	closed := func() (n int) {
		for _, c := range ends {
			_ = c.SetDeadline(time.Now())
			if _, err := c.Read(make([]byte, 1)); errors.Is(err, io.EOF) {
				n++
			}
		}
		return n
	}
	if len(d.idle) != maxIdle || closed() != 1 {
		t.Errorf("%d kept, %d closed", len(d.idle), closed())
	}
	for _, c := range d.idle[1:] {
		c.since = c.since.Add(-idleTimeout)
	}
	d.evictOld()
	if len(d.idle) != 1 || closed() != maxIdle || d.evict == nil {
		t.Errorf("%d kept, %d closed", len(d.idle), closed())
	}
}
