package bot

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// panicsOver is a transport that panics with what it was to send, where a word is
// in it.
func panicsOver(word string, rest http.RoundTripper) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		if bytes.Contains(body, []byte(word)) {
			panic(r.URL.String() + string(body))
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		return rest.RoundTrip(r)
	})
}

// TestANoticeThatPanics has the sending of one notice panic: it is given up, the
// others of its chat and of other chats go out, and the log has neither its words
// nor the token (P6, P8). Without the defence the whole program ends, and again
// after each start.
func TestANoticeThatPanics(t *testing.T) {
	inOffice(t, func(o *office) {
		logged := &logBook{t: o.T}
		o.log = slog.New(slog.NewTextHandler(logged, nil))
		o.client = NewClient(testToken, panicsOver(words, pipeTransport(o.T, o.world.Handler())))
		anna, boris := o.customer("Anna"), o.customer("Boris")
		o.start()
		o.post(note(anna.ID(), words), note(anna.ID(), "after it"), note(boris.ID(), "fine"))
		o.drain()
		o.same("Anna", botTexts(anna.Chat), []string{"after it"})
		o.same("Boris", botTexts(boris.Chat), []string{"fine"})
		o.counted("undeliverable", o.outbox.Counters.Undeliverable.Load(), 1)
		if !logged.has("goroutine") || logged.has(words) || logged.has("very-secret") {
			t.Error("want a stack in the log, and nobody's words")
		}
	})
}

// TestALoopThatPanics goes on with its next run.
func TestALoopThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logged, runs := &logBook{t: t}, 0
		ctx, cancel := context.WithCancel(t.Context())
		l := newLoop("test", time.Minute, slog.New(slog.NewTextHandler(logged, nil)), func(context.Context) (bool, error) {
			if runs++; runs == 1 {
				panic(words)
			}
			cancel()
			return false, nil
		})
		if err := l.run(ctx); !errors.Is(err, context.Canceled) || runs != 2 {
			t.Errorf("%v after %d runs", err, runs)
		}
		if !logged.has("goroutine") || logged.has(words) {
			t.Error("want a stack in the log, and nobody's words")
		}
	})
}
