package bot

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// quiet is a Telegram that nothing comes from, for tests without a wire.
type quiet struct {
	answers  chan string // texts of answered presses
	head     []byte
	headErr  error
	heads    atomic.Int32
	becomes  int64 // what an agents' group has become
	hooked   atomic.Pointer[string]
	hookFail chan error // what setWebhook comes to, in turn
}

func (q *quiet) Updates(ctx context.Context, _ int64) ([]json.RawMessage, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func (q *quiet) AnswerPress(_ context.Context, _, text string, _ bool) error {
	if q.answers != nil {
		q.answers <- text
	}
	return errors.New("query is too old")
}

func (q *quiet) FileHead(context.Context, string, int) ([]byte, error) {
	q.heads.Add(1)
	return q.head, q.headErr
}

func (q *quiet) Member(context.Context, int64, int64) (bool, error) { return true, nil }
func (q *quiet) Admins(context.Context, int64) ([]models.User, error) {
	return nil, nil
}
func (q *quiet) Migrated(context.Context, int64) (int64, error) { return q.becomes, nil }

func (q *quiet) SetWebhook(_ context.Context, url, secret string) error {
	select {
	case err := <-q.hookFail:
		return err
	default:
		both := url + " " + secret
		q.hooked.Store(&both)
		return nil
	}
}

func (q *quiet) DeleteWebhook(context.Context) error { return nil }

// scratch is as much of a store as fuzzing needs: it forgets at once. The real
// one costs a disk write for each input.
type scratch struct {
	tickets.Store
	mu      sync.Mutex
	shelved int
}

func (s *scratch) Customer(_ context.Context, id int64) (tickets.Customer, error) {
	return tickets.Customer{ID: id}, nil
}

func (s *scratch) Commit(_ context.Context, c tickets.Change) (tickets.Committed, error) {
	return tickets.Committed{Notices: c.Notices}, nil
}

func (s *scratch) Shelve(context.Context, tickets.Shelved) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shelved++
	return nil
}

func (s *scratch) Moves(context.Context) ([]tickets.Moved, error) { return nil, nil }
func (s *scratch) OpenGroups(context.Context) ([]int64, error)    { return nil, nil }

func (s *scratch) Sleepers(context.Context, time.Time, int) ([]int64, error) { return nil, nil }
func (s *scratch) SleepingTickets(context.Context, time.Time, int) ([]int64, error) {
	return nil, nil
}
func (s *scratch) Ticket(context.Context, int64) (tickets.Ticket, error) {
	return tickets.Ticket{}, tickets.ErrNotFound
}
func (s *scratch) TicketIn(context.Context, int64, int64) (tickets.Ticket, error) {
	return tickets.Ticket{}, tickets.ErrNotFound
}
func (s *scratch) TicketsOf(context.Context, int64, int) ([]tickets.Ticket, error)  { return nil, nil }
func (s *scratch) Carried(context.Context, tickets.Spot) ([]tickets.Carried, error) { return nil, nil }
func (s *scratch) Find(context.Context, string, int) ([]tickets.Ticket, error)      { return nil, nil }
func (s *scratch) Events(context.Context, int64) ([]tickets.Event, error)           { return nil, nil }
func (s *scratch) Queue(context.Context, int64, int64, int) ([]tickets.Ticket, int, error) {
	return nil, 0, nil
}
func (s *scratch) Cardless(context.Context, int64, int) ([]int64, error) { return nil, nil }
func (s *scratch) Forget(context.Context, time.Time) error               { return nil }
func (s *scratch) Seen(context.Context, tickets.Update) (bool, error)    { return false, nil }
func (s *scratch) Ping(context.Context) error                            { return nil }

func fuzzConfig(b *bench) IntakeConfig {
	return IntakeConfig{
		Telegram: &quiet{head: []byte(pngHead)}, Store: &scratch{}, Outbox: b.outbox,
		Policy: &tickets.Policy{}, Groups: []int64{-5}, Username: "thebot",
		Label:  func(string) (string, bool) { return "", false },
		Render: func(tickets.Lang, tickets.Line) string { return "" },
		Log:    slog.New(slog.NewTextHandler(b.logged, nil)), Answer: echo,
	}
}
