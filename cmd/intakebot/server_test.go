package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// lobby is a listener whose connections are pipes in memory, so that a server
// can run in a bubble of its own time.
type lobby struct {
	conns chan net.Conn
	shut  chan struct{}
}

func (l *lobby) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.shut:
		return nil, net.ErrClosed
	}
}

func (l *lobby) Close() error   { close(l.shut); return nil }
func (l *lobby) Addr() net.Addr { return &net.IPAddr{} }

// dial connects, once the server takes the connection.
func (l *lobby) dial() net.Conn {
	ours, theirs := net.Pipe()
	l.conns <- theirs
	return ours
}

// atServer runs a test against the server, whose handler reads the whole body.
func atServer(t *testing.T, test func(t *testing.T, l *lobby, log *words)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		l, log, ended := &lobby{make(chan net.Conn), make(chan struct{})}, newWords(), make(chan error, 1)
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(r.Body); err != nil {
				w.WriteHeader(http.StatusBadRequest)
			}
		})
		go func() { ended <- serve(ctx, l, h, slog.New(slog.NewTextHandler(log, nil))) }()
		test(t, l, log)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// drips writes a byte of what never ends each second, until the server hangs up.
// It gives how long that took.
func drips(c net.Conn, head string) time.Duration {
	begin := time.Now()
	go func() { _, _ = io.Copy(io.Discard, c) }()
	if _, err := io.WriteString(c, head); err != nil {
		return time.Since(begin)
	}
	for {
		<-time.After(time.Second)
		if _, err := c.Write([]byte("x")); err != nil {
			return time.Since(begin)
		}
	}
}

// TestASlowRequestEnds sends headers, and a body, of a byte a second, and
// requests in which nothing comes: the server hangs up, and logs nothing.
func TestASlowRequestEnds(t *testing.T) {
	for name, c := range map[string]struct {
		head string
		most time.Duration
	}{
		"headers": {"POST /hook HTTP/1.1\r\nHost: desk\r\nX-", 6 * time.Second},
		"body":    {"POST /hook HTTP/1.1\r\nHost: desk\r\nContent-Length: 100000\r\n\r\n{", 16 * time.Second},
		"chunks":  {"POST /hook HTTP/1.1\r\nHost: desk\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n{", 16 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			atServer(t, func(t *testing.T, l *lobby, log *words) {
				if took := drips(l.dial(), c.head); took > c.most {
					t.Errorf("hangs up after %v", took)
				}
				if said := log.String(); said != "" {
					t.Errorf("logged: %s", said)
				}
			})
		})
	}
}

// TestGarbageIsNoRequest sends what is not HTTP, and headers without an end.
func TestGarbageIsNoRequest(t *testing.T) {
	for name, garbage := range map[string]string{
		"TLS":     "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
		"noise":   "\x00\xff\xfe hunter2 \r\n\r\n",
		"headers": "GET / HTTP/1.1\r\nHost: desk\r\n" + strings.Repeat("X-Long: hunter2\r\n", 4096),
	} {
		t.Run(name, func(t *testing.T) {
			atServer(t, func(t *testing.T, l *lobby, log *words) {
				c := l.dial()
				go func() { _, _ = io.WriteString(c, garbage) }()
				resp, err := http.ReadResponse(bufio.NewReader(c), nil)
				if err != nil || resp.StatusCode < 400 || resp.StatusCode > 499 {
					t.Errorf("%v, %v", resp, err)
				}
				_ = c.Close()
				if said := log.String(); said != "" {
					t.Errorf("logged: %s", said)
				}
			})
		})
	}
}

// TestConnectionsAreBounded has as many silent connections as there can be: one
// more waits until they are hung up, and is served then.
func TestConnectionsAreBounded(t *testing.T) {
	atServer(t, func(t *testing.T, l *lobby, _ *words) {
		begin := time.Now()
		for range mostConns {
			defer l.dial().Close()
		}
		if time.Since(begin) > 0 {
			t.Errorf("fewer than %d are served at once", mostConns)
		}
		c := l.dial()
		defer c.Close()
		if waited := time.Since(begin); waited == 0 || waited > 6*time.Second {
			t.Errorf("one more waits for %v", waited)
		}
		go func() { _, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: desk\r\n\r\n") }()
		if resp, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%v, %v", resp, err)
		}
	})
}
