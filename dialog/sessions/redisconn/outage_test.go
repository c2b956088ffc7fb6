package redisconn_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"intakebot/dialog/sessions/redisconn"
	"intakebot/tickets/storetest/servers"
)

// journal collects the lines of a log.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, strings.TrimSpace(string(p)))
	return len(p), nil
}

// count is how many lines hold a text.
func (j *journal) count(text string) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := 0
	for _, l := range j.lines {
		if strings.Contains(l, text) {
			n++
		}
	}
	return n
}

func open(t *testing.T, address string) (redis.UniversalClient, *journal) {
	t.Helper()
	j := new(journal)
	client, err := redisconn.Open(address, slog.New(slog.NewTextHandler(j, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client, j
}

func TestAnOutageIsTwoLines(t *testing.T) {
	server := servers.Redis(t)
	client, j := open(t, server.URL)
	ctx := t.Context()
	for range 2 {
		before := j.count("")
		if err := client.Set(ctx, "k", "v", 0).Err(); err != nil {
			t.Fatal(err)
		}
		server.Stop()
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				for range 50 {
					if err := client.Get(ctx, "k").Err(); err == nil {
						t.Error("an answer from nowhere")
					}
				}
			})
		}
		wg.Wait()
		if err := client.Get(ctx, "k").Err(); !errors.Is(err, redisconn.ErrAway) {
			t.Errorf("after the first failures: %v, want ErrAway at once", err)
		}
		if _, err := client.Pipelined(ctx, func(p redis.Pipeliner) error { return p.Get(ctx, "k").Err() }); !errors.Is(err, redisconn.ErrAway) {
			t.Errorf("a pipeline: %v, want ErrAway", err)
		}
		if got := j.count("") - before; got != 1 {
			t.Errorf("%d lines for the outage, want 1: %q", got, j.lines)
		}
		server.Start()
		for client.Set(ctx, "k", "w", 0).Err() != nil {
			runtime.Gosched() // as the rooms do with every update
		}
		if got := j.count("") - before; got != 2 {
			t.Errorf("%d lines when it is over, want 2: %q", got, j.lines)
		}
	}
	if j.count("redis is away") != 2 || j.count("redis is back") != 2 {
		t.Errorf("the log: %q", j.lines)
	}
}

func TestWhatIsNoOutage(t *testing.T) {
	server := servers.Redis(t)
	client, j := open(t, server.URL)
	ctx := t.Context()
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for range 3 {
		if err := client.Get(ctx, "nothing").Err(); !errors.Is(err, redis.Nil) {
			t.Errorf("a key that is not there: %v", err)
		}
		if err := client.Get(gone, "k").Err(); !errors.Is(err, context.Canceled) {
			t.Errorf("a caller that has given up: %v", err)
		}
		if err := redis.NewScript("return 1").Run(ctx, client, nil).Err(); err != nil {
			t.Errorf("a script that the server does not know yet: %v", err)
		}
	}
	if n := j.count(""); n != 0 {
		t.Errorf("%d lines, want none: %q", n, j.lines)
	}
}

// A server that answers, but not as wanted, is asked again, and complained of
// once.
func TestARefusalIsOneLine(t *testing.T) {
	server := servers.Redis(t)
	client, j := open(t, server.URL)
	ctx := t.Context()
	if err := client.Set(ctx, "text", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := client.Incr(ctx, "text").Err(); err == nil || errors.Is(err, redisconn.ErrAway) {
			t.Errorf("%v, want the server's refusal", err)
		}
	}
	if j.count("redis refuses") != 1 || j.count("") != 1 {
		t.Errorf("the log: %q", j.lines)
	}
}

// listen starts a server that treats every connection as told.
func listen(t *testing.T, serve func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	return l.Addr().String()
}

// A server that takes the connection and says nothing is waited for once.
func TestAHungServerIsAway(t *testing.T) {
	address := listen(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	client, j := open(t, "redis://"+address+"?read_timeout=20ms")
	if err := client.Get(t.Context(), "k").Err(); err == nil || errors.Is(err, redisconn.ErrAway) {
		t.Errorf("the first: %v, want a failure of its own", err)
	}
	for range 1000 {
		if err := client.Get(t.Context(), "k").Err(); !errors.Is(err, redisconn.ErrAway) {
			t.Fatalf("a later one: %v, want ErrAway", err)
		}
	}
	if j.count("") != 1 {
		t.Errorf("the log: %q", j.lines)
	}
}

// A server that repeats what it was sent does not bring the password into the
// log (P8).
func TestThePasswordStaysOutOfTheLog(t *testing.T) {
	address := listen(t, func(c net.Conn) {
		buf := make([]byte, 4096)
		for {
			if _, err := c.Read(buf); err != nil {
				return
			}
			io.WriteString(c, "-WRONGPASS what is hunter2?\r\n")
		}
	})
	client, j := open(t, "redis://u:hunter2@"+address)
	if err := client.Get(t.Context(), "k").Err(); err == nil {
		t.Error("no error")
	}
	if j.count("WRONGPASS") != 1 || j.count("hunter2") != 0 {
		t.Errorf("the log: %q", j.lines)
	}
}
