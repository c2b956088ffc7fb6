package telegramsim_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-telegram/bot"

	"intakebot/bot/telegramsim"
)

const token = "4242:stage"

// stage is a world with one bot behind a real HTTP server and the real client.
type stage struct {
	t     *testing.T
	ctx   context.Context
	world *telegramsim.World
	bot   *telegramsim.Bot
	url   string
	api   *bot.Bot
	clock *clock
}

// newStage sets the stage. Its context ends when a test hangs, not to time it.
func newStage(t *testing.T, opts ...telegramsim.Option) *stage {
	t.Helper()
	s := &stage{t: t, clock: newClock()}
	s.world = telegramsim.New(append([]telegramsim.Option{telegramsim.WithClock(s.clock.Now)}, opts...)...)
	s.bot = s.world.AddBot(token, "helpdeskbot", "Help desk")
	server := httptest.NewServer(s.world.Handler())
	s.url = server.URL
	t.Cleanup(server.Close)
	t.Cleanup(s.world.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	s.ctx = ctx
	s.api = s.client()
	return s
}

func (s *stage) client() *bot.Bot {
	s.t.Helper()
	api, err := bot.New(token, bot.WithServerURL(s.url), bot.WithSkipGetMe())
	if err != nil {
		s.t.Fatal(err)
	}
	return api
}
