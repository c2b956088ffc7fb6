package main

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"testing"

	"intakebot/tickets"
)

// TestPlayAgain: the whole story goes a second and a third time with the database
// that the first has left.
func TestPlayAgain(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for range 3 {
		keptDemo(t, folder, func(ctx context.Context, s *stage) error {
			return play(ctx, s, tickets.Russian, io.Discard)
		})
	}
}

// TestATopicOfAnEarlierDemo: the next local Telegram does not know it, so what the
// customer adds to the ticket comes in a new one.
func TestATopicOfAnEarlierDemo(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	keptDemo(t, folder, func(ctx context.Context, s *stage) error { return fileTicket(ctx, s, tickets.Russian) })
	keptDemo(t, folder, func(ctx context.Context, s *stage) error {
		if _, err := s.customers[0].Send("Всё ещё не открывается"); err != nil {
			return err
		}
		topic, err := s.desk.ExpectTopic(ctx, "T-1001")
		if err != nil {
			return err
		}
		for _, words := range []string{"HTTP 500", "Всё ещё не открывается"} {
			if _, err := topic.Expect(ctx, words); err != nil {
				return err
			}
		}
		_, err = s.agents[0].In(topic).Send("Проверяем")
		if err != nil {
			return err
		}
		_, err = s.customers[0].Expect(ctx, "Проверяем")
		return err
	})
}

// keptDemo has a stage of its own acted on, beside a bot whose database is kept.
func keptDemo(t *testing.T, folder string, acts func(context.Context, *stage) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hangs)
	defer cancel()
	c := demoCmd{Data: folder}
	s := newStage(tickets.Russian, c.options()...)
	defer s.world.Close()
	server, address, err := s.open("127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	cfg, err := s.settings(address, filepath.Join(folder, "intakebot.db")).config()
	if err != nil {
		t.Fatal(err)
	}
	cfg.limiter = grantAll{}
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- serveDesk(running, cfg, slog.New(slog.NewTextHandler(t.Output(), nil))) }()
	acted := acts(ctx, s)
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if acted != nil {
		t.Fatal(acted)
	}
}
