package bot

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"intakebot/dialog"
	"intakebot/tickets"
	"intakebot/tickets/sqlite"
)

// drain is an outbox that keeps nothing.
type drain struct{}

func (drain) Push([]tickets.Notice) {}
func (drain) Sender() string        { return "" }

// BenchmarkWebhook is the way of an update from the request to the commit, for
// many customers at once, with the dialog and the store in a file.
func BenchmarkWebhook(b *testing.B) {
	store, err := sqlite.Open(context.Background(), filepath.Join(b.TempDir(), "desk.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	in := NewIntake(IntakeConfig{
		Telegram: &quiet{}, Store: store, Outbox: drain{}, Policy: &tickets.Policy{}, Groups: []int64{-5}, Username: "thebot",
		Label:  func(string) (string, bool) { return "", false },
		Render: func(tickets.Lang, tickets.Line) string { return "" },
		Log:    slog.New(slog.DiscardHandler), WebhookURL: "x", WebhookSecret: testSecret, Answer: dialog.Answer,
	})
	hook := in.Webhook()
	var n atomic.Int64
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			id := n.Add(1)
			body := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1700000000,"text":"hello",
				"chat":{"id":%d,"type":"private"},"from":{"id":%d,"first_name":"E"}}}`, id, id, id%1000+1, id%1000+1)
			req := httptest.NewRequest("POST", "/hook", strings.NewReader(body))
			req.Header.Set(secretHeader, testSecret)
			rec := httptest.NewRecorder()
			hook.ServeHTTP(rec, req)
			if rec.Code != 200 {
				b.Errorf("update %d: %d", id, rec.Code)
			}
		}
	})
	b.ReportMetric(float64(in.Counters.Committed.Load())/b.Elapsed().Seconds(), "commits/s")
}
