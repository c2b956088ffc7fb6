package bot

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
)

// direct is HTTP/1.1 for calls with a body, all of which is at hand: each is written
// in one piece, and its answer read, by whoever makes it, with no goroutines beside.
// It never sends anything twice, so that it knows for sure what was not sent (P2).
type direct struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	rest http.RoundTripper // for what goes through a proxy, or to an address that is not plain, and what has no body
	tls  *tls.Config       // nil: as the system has it

	mu    sync.Mutex
	idle  []*directConn // the one that was used last is at the end
	evict *time.Timer   // nil: nothing is to be evicted
}

// idleAsked is after how long without a call a connection is asked whether it is
// still open: what the server closes within this time is met as if it had closed it
// on the call's way.
const idleAsked = time.Millisecond

// directConn is a connection that carries one call at a time.
type directConn struct {
	net.Conn
	in    *bufio.Reader
	out   []byte
	host  string // with the scheme
	since time.Time
}

// RoundTrip makes a call. Its error is a *transportError.
func (d *direct) RoundTrip(req *http.Request) (*http.Response, error) {
	if proxy, err := http.ProxyFromEnvironment(req); req.GetBody == nil || proxy != nil || err != nil || !isPlain(req.URL) {
		return d.rest.RoundTrip(req)
	}
	ctx := req.Context()
	for {
		if err := ctx.Err(); err != nil {
			return nil, &transportError{unsent: true, err: err}
		}
		c, err := d.get(ctx, req)
		if err != nil {
			return nil, &transportError{unsent: true, err: err}
		}
		used := c.since
		resp, sent, err := d.exchange(req, c)
		if err != nil && sent == 0 && !used.IsZero() && ctx.Err() == nil {
			continue // it was closed while nobody looked
		}
		if err != nil {
			return nil, &transportError{unsent: sent < len(c.out), err: err}
		}
		return resp, nil
	}
}

// isPlain tells whether an address can be used as it is written: with a host, in
// ASCII, without a zone, and without somebody's password.
func isPlain(u *url.URL) bool {
	name := u.Hostname()
	return name != "" && u.User == nil && strings.IndexFunc(name, func(r rune) bool { return r == '%' || r > unicode.MaxASCII }) < 0
}

// exchange writes a request and reads its answer whole, and tells how much was
// written.
func (d *direct) exchange(req *http.Request, c *directConn) (resp *http.Response, sent int, err error) {
	ctx := req.Context()
	if err := c.head(req); err != nil {
		return nil, 0, errors.Join(err, c.Close())
	}
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer func() {
		ended := !stop()
		if err == nil && !ended && !resp.Close && c.in.Buffered() == 0 {
			d.put(c)
			return
		}
		_ = c.Close()
		if err != nil && ended {
			err = ctx.Err()
		}
	}()
	if sent, err = c.Write(c.out); err != nil {
		return nil, sent, err
	}
	for resp == nil || resp.StatusCode < http.StatusOK { // what is below only announces the answer
		if resp, err = http.ReadResponse(c.in, req); err != nil {
			return nil, sent, err
		}
	}
	body, err := readAll(io.LimitReader(resp.Body, maxAnswer+1), resp.ContentLength)
	_ = resp.Body.Close()
	if err == nil && len(body) > maxAnswer {
		err = fmt.Errorf("an answer of more than %d bytes", maxAnswer)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, sent, err
}

// head puts all of a request into the connection's buffer.
func (c *directConn) head(req *http.Request) error {
	b := append(c.out[:0], req.Method...)
	b = append(b, ' ')
	b = append(b, req.URL.RequestURI()...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = append(b, req.URL.Host...)
	b = append(b, "\r\nUser-Agent: intakebot\r\nContent-Type: "...)
	b = append(b, req.Header.Get("Content-Type")...)
	b = append(b, "\r\nContent-Length: "...)
	b = strconv.AppendInt(b, req.ContentLength, 10)
	b = append(b, "\r\n\r\n"...)
	body, err := req.GetBody()
	if err != nil {
		return err
	}
	out := bytes.NewBuffer(b)
	n, err := out.ReadFrom(body)
	if err == nil && n != req.ContentLength {
		err = fmt.Errorf("a body of %d bytes instead of %d", n, req.ContentLength)
	}
	c.out = out.Bytes()
	return err
}

// get gives the connection to a request's host that was used last, or a new one.
func (d *direct) get(ctx context.Context, req *http.Request) (*directConn, error) {
	host := req.URL.Scheme + "://" + req.URL.Host
	for {
		c := d.take(host)
		if c == nil {
			return d.open(ctx, req, host)
		}
		if idle := time.Since(c.since); idle < idleAsked || idle < idleTimeout && isOpen(c.Conn) {
			return c, nil
		}
		_ = c.Close()
	}
}

func (d *direct) take(host string) *directConn {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := len(d.idle) - 1; i >= 0; i-- {
		if c := d.idle[i]; c.host == host {
			d.idle = slices.Delete(d.idle, i, i+1)
			return c
		}
	}
	return nil
}

// open makes a connection, with TLS where the scheme wants it.
func (d *direct) open(ctx context.Context, req *http.Request, host string) (*directConn, error) {
	name, port := req.URL.Hostname(), req.URL.Port()
	secure := req.URL.Scheme == "https"
	switch {
	case !secure && req.URL.Scheme != "http":
		return nil, fmt.Errorf("no address of a server: %s", host)
	case port == "" && secure:
		port = "443"
	case port == "":
		port = "80"
	}
	conn, err := d.dial(ctx, "tcp", net.JoinHostPort(name, port))
	if err != nil {
		return nil, err
	}
	if secure {
		ctx, cancel := context.WithTimeout(ctx, dialTimeout)
		defer cancel()
		cfg := d.tls.Clone()
		if cfg == nil {
			cfg = &tls.Config{}
		}
		cfg.ServerName = name
		over := tls.Client(conn, cfg)
		if err := over.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		conn = over
	}
	return &directConn{Conn: conn, in: bufio.NewReader(conn), host: host}, nil
}

// put keeps a connection for the next call.
func (d *direct) put(c *directConn) {
	c.since = time.Now()
	if cap(c.out) > maxKept {
		c.out = nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.idle) >= maxIdle {
		_ = d.idle[0].Close()
		d.idle = slices.Delete(d.idle, 0, 1)
	}
	d.idle = append(d.idle, c)
	if d.evict == nil {
		d.evict = time.AfterFunc(idleTimeout, d.evictOld)
	}
}

// evictOld closes what was not used for long.
func (d *direct) evictOld() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.idle = slices.DeleteFunc(d.idle, func(c *directConn) bool {
		old := time.Since(c.since) >= idleTimeout
		if old {
			_ = c.Close()
		}
		return old
	})
	d.evict = nil
	if len(d.idle) > 0 {
		d.evict = time.AfterFunc(idleTimeout, d.evictOld)
	}
}
