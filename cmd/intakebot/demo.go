package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"intakebot/bot"
	"intakebot/bot/limits"
	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// demoCmd shows the bot without Telegram.
type demoCmd struct {
	Play, Topics       bool
	Lang, Data, Listen string
}

func (c *demoCmd) flags(set *pflag.FlagSet) {
	switchFlag(set, &c.Play, "play", "play a ticket's whole life in the terminal, and end")
	wordFlag(set, &c.Lang, "lang", "the cast and the story speak `ru|en`; without it ru")
	switchFlag(set, &c.Topics, "topics", "give the bot topics in private chats, as its owner can in BotFather: every ticket is a thread of its own there")
	pathFlag(set, &c.Data, "data", "keep the database in this `FOLDER`, for the next demo too, whose chats begin empty; without it in a temporary one, removed at the end")
	wordFlag(set, &c.Listen, "listen", "the page's address, `HOST:PORT`; without it "+demoAddress+", or a free port where that one is taken")
}

const (
	demoAddress = "127.0.0.1:8088"
	playTime    = 2 * time.Minute // the story takes seconds
)

// Run plays the story, or serves the page until the context ends.
func (c *demoCmd) Run(ctx context.Context, std streams) error {
	lang := tickets.Lang(c.Lang)
	if !slices.Contains(tickets.Langs, lang) {
		return wrongWords("intakebot demo", "--lang is ru or en, and nothing else")
	}
	folder, remove, err := c.folder()
	if err != nil {
		return err
	}
	defer remove()
	s := newStage(lang, c.options()...)
	s.bot.SetTopics(c.Topics, false)
	server, address, err := c.open(s)
	if err != nil {
		return err
	}
	defer server.Close()
	defer s.world.Close()
	cfg, err := s.settings(address, filepath.Join(folder, "intakebot.db")).config()
	if err != nil {
		return err
	}
	cfg.policy.Agents.Lang = lang
	log := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if c.Play {
		cfg.limiter = newHurry()
		return c.play(ctx, s, cfg, log, std)
	}
	fmt.Fprintf(std.out, "The local Telegram is at %s — open it in a browser. Ctrl-C ends it.\n", address)
	return serveDesk(ctx, cfg, log)
}

// options let a database that is kept see nothing twice: the local Telegram
// begins anew each time, and counts on from the milliseconds, which are more than
// all that it makes. To the bot, the topics of the earlier one are deleted ones.
func (c *demoCmd) options() []telegramsim.Option {
	if c.Data == "" {
		return nil
	}
	began := time.Now().UnixMilli() - 1_700_000_000_000
	return []telegramsim.Option{telegramsim.WithFirstUpdateID(began), telegramsim.WithTakenIDs(int(began))}
}

// folder is where the database goes, and what removes it.
func (c *demoCmd) folder() (string, func(), error) {
	if c.Data != "" {
		return c.Data, func() {}, os.MkdirAll(c.Data, 0o700)
	}
	dir, err := os.MkdirTemp("", "intakebot-demo-")
	return dir, func() { _ = os.RemoveAll(dir) }, err
}

// open serves the stage: with its page, or for a story without one.
func (c *demoCmd) open(s *stage) (*http.Server, string, error) {
	if c.Play {
		return s.open("127.0.0.1:0", nil)
	}
	page := telegramsim.Page(s.world, s.page())
	if c.Listen != "" {
		return s.open(c.Listen, page)
	}
	server, address, err := s.open(demoAddress, page)
	if errors.Is(err, syscall.EADDRINUSE) {
		return s.open("127.0.0.1:0", page)
	}
	return server, address, err
}

// page says how the stage looks in a browser.
func (s *stage) page() telegramsim.PageOptions {
	return telegramsim.PageOptions{
		Title: "intakebot · demo", Bot: s.bot, Group: s.desk,
		Suggestions: []telegramsim.Suggestion{
			{
				Label: telegramsim.Words{RU: "Описание для примера", EN: "A sample description"},
				Text: telegramsim.Words{
					RU: "После нажатия на «Оплатить» открывается белая страница с ошибкой 500. Так у всех покупателей с самого утра.",
					EN: "Pressing “Pay” opens a blank page with error 500. It has been like that for every customer since the morning.",
				},
			},
			{
				Label:    telegramsim.Words{RU: "Снимок экрана для примера", EN: "A sample screenshot"},
				Pictures: samples()[:1],
			},
		},
	}
}

// samples are screenshots for whoever has none at hand. Drawing them takes longer
// than all else that a start does, so it is left to whoever shows them.
var samples = sync.OnceValue(func() []telegramsim.Picture {
	return []telegramsim.Picture{
		telegramsim.SampleScreenshot("500", "Internal Server Error", "https://myshop.com/catalogue"),
		telegramsim.SampleScreenshot("504", "Gateway Time-out", "https://myshop.com/catalogue/2"),
	}
})

// hurry is how many times faster than Telegram's limits a story goes: quick enough
// to watch, and still one message after another.
const hurry = 3

// hurried keeps Telegram's limits by a clock that runs fast: the local Telegram of
// a story has none of its own.
type hurried struct {
	bot.Limiter
	began time.Time
}

func newHurry() bot.Limiter { return hurried{limits.NewLocal(), time.Now()} }

// Reserve asks the limits what they would say by the fast clock.
func (h hurried) Reserve(ctx context.Context, chat int64, group bool, messages, rank int, now time.Time) (own, all time.Duration) {
	own, all = h.Limiter.Reserve(ctx, chat, group, messages, rank, h.began.Add(hurry*now.Sub(h.began)))
	return own / hurry, all / hurry
}

// play runs the bot beside the story.
func (c *demoCmd) play(ctx context.Context, s *stage, cfg config, log *slog.Logger, std streams) error {
	ctx, cancel := context.WithTimeout(ctx, playTime)
	defer cancel()
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- serveDesk(running, cfg, log) }()
	played := make(chan error, 1)
	go func() { played <- play(ctx, s, tickets.Lang(c.Lang), std.out) }()
	select {
	case err := <-ended:
		if err == nil {
			err = context.Cause(ctx)
		}
		return fmt.Errorf("the bot ended before the story did: %w", err)
	case err := <-played:
		stop()
		return errors.Join(err, <-ended)
	}
}
