package main

import (
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
)

// door is the address at which the bot finds Telegram. It refuses connections
// while the weather says so, and breaks some at once.
type door struct {
	url     string
	address string
	weather *telegramsim.Storm
	server  *http.Server

	mu    sync.Mutex
	open  net.Listener
	conns map[net.Conn]bool
	calls atomic.Int64 // in hand
	ended chan struct{}
}

func openDoor(t *testing.T, h http.Handler, w *telegramsim.Storm) *door {
	t.Helper()
	d := &door{weather: w, conns: map[net.Conn]bool{}, ended: make(chan struct{})}
	d.server = &http.Server{
		ErrorLog: log.New(io.Discard, "", 0),
		Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			d.calls.Add(1)
			defer d.calls.Add(-1)
			h.ServeHTTP(rw, r)
		}),
		ConnState: func(c net.Conn, s http.ConnState) {
			d.mu.Lock()
			defer d.mu.Unlock()
			if s == http.StateClosed {
				delete(d.conns, c)
			} else {
				d.conns[c] = true
			}
		},
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d.address = l.Addr().String()
	d.url = "http://" + d.address
	d.serve(l)
	go d.watch()
	t.Cleanup(func() { close(d.ended); _ = d.server.Close() })
	return d
}

func (d *door) serve(l net.Listener) {
	d.open = l
	go func() { _ = d.server.Serve(breaking{l, d.weather}) }()
}

// watch closes the door while connections are to be refused.
func (d *door) watch() {
	for {
		select {
		case <-d.ended:
			return
		case <-time.After(20 * time.Millisecond): // as the weather changes
		}
		switch refused := d.weather.Refused(); {
		case refused && d.open != nil:
			_ = d.open.Close()
			d.open = nil
		case !refused && d.open == nil:
			if l, err := net.Listen("tcp", d.address); err == nil {
				d.serve(l)
			}
		}
	}
}

// drain ends what a killed bot has left on the line, so that nothing of it is
// taken for its successor's.
func (d *door) drain() {
	d.mu.Lock()
	for c := range d.conns {
		_ = c.Close()
	}
	d.mu.Unlock()
	for d.calls.Load() > 0 {
		<-time.After(time.Millisecond) // a call ends with its connection
	}
}

// breaking breaks some connections as soon as they are made.
type breaking struct {
	net.Listener
	weather *telegramsim.Storm
}

func (b breaking) Accept() (net.Conn, error) {
	for {
		c, err := b.Listener.Accept()
		if err != nil || !b.weather.Reset() {
			return c, err
		}
		_ = c.(*net.TCPConn).SetLinger(0)
		_ = c.Close()
	}
}
