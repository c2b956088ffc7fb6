package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"

	"intakebot/bot"
	"intakebot/bot/telegramsim"
)

// pipeNet is a network in memory between one life of the bot and Telegram.
type pipeNet struct {
	transport http.RoundTripper
	server    *http.Server
	listener  *pipeListener

	mu    sync.Mutex
	conns []net.Conn
	ended bool
}

func newPipes(h http.Handler, w *telegramsim.Storm) *pipeNet {
	n := &pipeNet{listener: newPipeListener(), server: &http.Server{Handler: h, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}}
	n.transport = bot.NewTransport(func(ctx context.Context, _, _ string) (net.Conn, error) {
		if w.Refused() {
			return nil, errors.New("connection refused")
		}
		ours, theirs := net.Pipe()
		n.mu.Lock()
		defer n.mu.Unlock()
		if n.ended {
			return nil, net.ErrClosed
		}
		if w.Reset() {
			_ = theirs.Close()
			return ours, nil
		}
		n.conns = append(n.conns, ours)
		go n.listener.give(theirs)
		return ours, nil
	})
	go func() { _ = n.server.Serve(n.listener) }()
	return n
}

// close breaks every connection, in the middle of whatever goes over it.
func (n *pipeNet) close() {
	n.mu.Lock()
	n.ended = true
	conns := n.conns
	n.mu.Unlock()
	for _, c := range conns {
		_ = c.Close()
	}
	_ = n.server.Close()
}

// pipeListener is given its connections.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *pipeListener) give(c net.Conn) {
	select {
	case l.conns <- c:
	case <-l.closed:
		_ = c.Close()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.IPAddr{} }
