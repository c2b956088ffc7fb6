package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"runtime/pprof"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// profileFile names where a measured program writes its processor profile; that
// of its allocations goes beside it, with ".allocs" behind its name.
const profileFile = "INTAKEBOT_TEST_PROFILE"

// measured is one of the programs that the cost is measured of, until it is
// interrupted.
func measured(name string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if path := os.Getenv(profileFile); path != "" {
		f, err := os.Create(path)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
		allocs, err := os.Create(path + ".allocs")
		if err != nil {
			return err
		}
		defer allocs.Close()
		defer func() { _ = pprof.Lookup("allocs").WriteTo(allocs, 0) }()
	}
	switch name {
	case "unlimited":
		return unlimited(ctx)
	case "echo":
		return plainEcho(ctx)
	case "floor":
		return floor(ctx)
	}
	return fmt.Errorf("no program %q", name)
}

// unlimited is "run" with a limiter that grants everything: Telegram's 30
// messages a second would be all that could be measured otherwise.
func unlimited(ctx context.Context) error {
	cfg, err := settings{
		Token: os.Getenv("TELEGRAM_BOT_TOKEN"), APIURL: os.Getenv("TELEGRAM_API_URL"), Groups: os.Getenv("AGENT_GROUP_ID"),
		Database: os.Getenv("DATABASE_URL"), Redis: os.Getenv("REDIS_URL"), Listen: os.Getenv("LISTEN_ADDR"), Policy: os.Getenv("POLICY_FILE"),
		WebhookURL: os.Getenv("WEBHOOK_URL"), WebhookSecret: os.Getenv("WEBHOOK_SECRET"),
	}.config()
	if err != nil {
		return err
	}
	cfg.limiter = grantAll{}
	return serveDesk(ctx, cfg, slog.New(slog.NewTextHandler(os.Stderr, nil)))
}

// grantAll is a limiter that knows no limits.
type grantAll struct{}

func (grantAll) Reserve(context.Context, int64, bool, int, int, time.Time) (own, all time.Duration) {
	return 0, 0
}

func (grantAll) Penalise(context.Context, int64, time.Duration, time.Time) {}

// plainEcho is the plainest bot on the same library: its own webhook handler and its
// own sending as they come, nothing stored.
func plainEcho(ctx context.Context) error {
	b, err := tg.New(os.Getenv("TELEGRAM_BOT_TOKEN"), tg.WithServerURL(os.Getenv("TELEGRAM_API_URL")),
		tg.WithWebhookSecretToken(os.Getenv("WEBHOOK_SECRET")),
		tg.WithDefaultHandler(func(ctx context.Context, b *tg.Bot, u *models.Update) {
			if u.Message == nil {
				return
			}
			if _, err := b.SendMessage(ctx, &tg.SendMessageParams{ChatID: u.Message.Chat.ID, Text: u.Message.Text}); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}))
	if err != nil {
		return err
	}
	go b.StartWebhook(ctx)
	return serveHook(ctx, b.WebhookHandler())
}

// floor is what the least that could be called a bot costs: it decodes the
// update and makes one call, with nothing but net/http.
func floor(ctx context.Context) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	url := os.Getenv("TELEGRAM_API_URL") + "/bot" + os.Getenv("TELEGRAM_BOT_TOKEN") + "/sendMessage"
	return serveHook(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var u struct {
			Message struct {
				Text string
				Chat struct{ ID int64 }
			}
		}
		if err := json.NewDecoder(r.Body).Decode(&u); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body, err := json.Marshal(map[string]any{"chat_id": u.Message.Chat.ID, "text": u.Message.Text})
		if err != nil {
			panic(err) // strings and numbers can be written
		}
		resp, err := client.Post(url, "application/json", bytes.NewReader(body))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}))
}

// serveHook serves a bot's webhook, and has it set, as nothing else tells that the
// bot is ready.
func serveHook(ctx context.Context, hook http.Handler) error {
	l, err := net.Listen("tcp", os.Getenv("LISTEN_ADDR"))
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	mux.Handle(strings.TrimPrefix(hookURL, "https://bench.example"), hook)
	set, err := http.PostForm(os.Getenv("TELEGRAM_API_URL")+"/bot"+os.Getenv("TELEGRAM_BOT_TOKEN")+"/setWebhook", url.Values{"url": {hookURL}})
	if err != nil {
		return err
	}
	_ = set.Body.Close()
	s := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() {
		<-ctx.Done()
		_ = s.Close()
	}()
	if err := s.Serve(l); ctx.Err() == nil {
		return err
	}
	return nil
}
