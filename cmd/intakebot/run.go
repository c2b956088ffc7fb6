package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"intakebot/bot"
	"intakebot/bot/limits"
	"intakebot/bot/texts"
	"intakebot/dialog"
	"intakebot/dialog/sessions"
	"intakebot/dialog/sessions/redisconn"
	"intakebot/tickets"
)

// runCmd runs a desk's bot.
type runCmd struct{ settings }

// Run checks the configuration, and runs the bot until the context ends.
func (c *runCmd) Run(ctx context.Context, std streams) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(std.err, nil))
	return serveDesk(ctx, cfg, log)
}

// serveDesk opens everything, runs it, and closes it.
func serveDesk(ctx context.Context, cfg config, log *slog.Logger) error {
	d, err := openDesk(ctx, cfg, log)
	if err != nil {
		return stopped(ctx, err)
	}
	return stopped(ctx, errors.Join(d.run(ctx), d.close()))
}

// stopped makes no error of having been told to stop.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// desk is the bot with everything it works with.
type desk struct {
	cfg     config
	log     *slog.Logger
	store   tickets.Store
	redis   redis.UniversalClient // nil: none
	api     *bot.API
	me      int64 // the bot's own user ID
	catalog *texts.Catalog
	intake  *bot.Intake
	outbox  *bot.Outbox
	grown   chan int64 // groups that have become supergroups
}

// openDesk opens the stores and makes the bot. Waiting for a server ends with
// the context.
func openDesk(ctx context.Context, cfg config, log *slog.Logger) (*desk, error) {
	d := &desk{cfg: cfg, log: log, grown: make(chan int64, len(cfg.groups))}
	client := bot.NewClient(cfg.token, cfg.ground.transport)
	var err error
	if d.catalog, err = texts.New(); err != nil {
		return nil, err
	}
	if d.api, err = bot.NewAPI(cfg.token, cfg.apiURL, client, log); err != nil {
		return nil, err
	}
	if d.store, err = openStore(ctx, cfg.database, log); err != nil {
		return nil, err
	}
	if cfg.ground.store != nil {
		d.store = cfg.ground.store(d.store)
	}
	me, err := whoAmI(ctx, d.api, log)
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	d.me = me.ID
	limiter, flood, err := d.limits(me.ID)
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	render := bot.NewRenderer(d.catalog, cfg.policy.Calendar.Location(), log)
	out := bot.OutboxConfig{
		Store: d.store, API: d.api, Render: render, Limiter: limiter, Log: log,
		Owner: rand.Text(), Alone: cfg.database.file != "", Card: bot.CardOf(d.store, &d.cfg.policy),
		Now: cfg.ground.now, Rand: cfg.ground.rand,
		Home: bot.HomeOf(d.store, &d.cfg.policy, cfg.groups), Remade: func(chat, thread int64) { d.intake.Remade(chat, thread) },
	}
	if me.HasTopicsEnabled {
		out.Thread = bot.ThreadOf(d.store)
	}
	d.outbox = bot.NewOutbox(out)
	d.intake = bot.NewIntake(bot.IntakeConfig{
		Telegram: bot.NewReceiver(d.api), Store: d.store, Outbox: d.outbox, Policy: &d.cfg.policy,
		Groups: cfg.groups, Username: me.Username, Threads: me.HasTopicsEnabled, WebhookURL: cfg.webhookURL, WebhookSecret: cfg.webhookSecret,
		Followed: d.follow, Label: d.catalog.KeyOf, Render: render.Toast, Flood: flood, Log: log, Now: cfg.ground.now, Rand: cfg.ground.rand,
	})
	log.Info("bot is ready", "bot", me.Username, "groups", cfg.groups, "version", version())
	return d, nil
}

// limits makes the limiter and the flood counter: shared over replicas where
// there is a Redis, which then also holds the hot copy of sessions.
func (d *desk) limits(botID int64) (bot.Limiter, bot.Flood, error) {
	perMinute := d.cfg.policy.Limits.PerMinute
	limiter := d.cfg.limiter
	if d.cfg.redis == "" {
		if limiter == nil {
			limiter = limits.NewLocal()
		}
		return limiter, limits.NewFlood(perMinute), nil
	}
	client, err := redisconn.Open(d.cfg.redis, d.log)
	if err != nil {
		return nil, nil, err
	}
	d.redis = client
	space := fmt.Sprintf("intakebot:%d:", botID)
	d.store = sessions.New(d.store, client, space, d.cfg.policy.Limits.DraftKept)
	if limiter == nil {
		limiter = limits.NewRedis(client, space)
	}
	return limiter, limits.NewSharedFlood(client, space, perMinute), nil
}

// run serves until the context ends.
func (d *desk) run(ctx context.Context) error {
	l, err := d.listen()
	if err != nil {
		return err
	}
	f := &front{store: d.store, counters: d.counters()}
	if d.cfg.webhookURL != "" {
		f.hook, f.hookPath = d.intake.Webhook(), d.cfg.webhookPath
	}
	g, running := errgroup.WithContext(ctx)
	g.Go(func() error { return serve(running, l, f.handler(), d.log) })
	g.Go(func() error { return d.outbox.Run(running) })
	g.Go(func() error {
		f.ready.Store(true)
		defer f.ready.Store(false)
		return d.intake.Run(running)
	})
	g.Go(func() error {
		d.checkGroups(running, d.me)
		d.showCommands(running)
		debug.FreeOSMemory() // that only the start has used
		d.keepGroups(running)
		return nil
	})
	return g.Wait()
}

// listen opens the door for the webhook, health and metrics.
func (d *desk) listen() (net.Listener, error) {
	if d.cfg.ground.listener != nil {
		return d.cfg.ground.listener, nil
	}
	l, err := net.Listen("tcp", d.cfg.listen)
	if err != nil {
		return nil, fmt.Errorf("LISTEN_ADDR: %w", err)
	}
	return l, nil
}

func (d *desk) close() error {
	var errs []error
	if d.redis != nil {
		errs = append(errs, d.redis.Close())
	}
	return errors.Join(append(errs, d.store.Close())...)
}

// whoAmI asks Telegram for the bot's own name. Without it no command with a
// bot's name can be read, so it is waited for.
func whoAmI(ctx context.Context, api *bot.API, log *slog.Logger) (*models.User, error) {
	for wait := time.Second; ; wait = min(2*wait, 30*time.Second) {
		one, cancel := context.WithTimeout(ctx, 10*time.Second)
		me, err := api.GetMe(one)
		cancel()
		switch {
		case err == nil:
			return me, nil
		case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound):
			return nil, &usageError{"TELEGRAM_BOT_TOKEN: Telegram does not know this token: copy it again from BotFather"}
		case ctx.Err() != nil:
			return nil, ctx.Err()
		}
		log.Warn("Telegram does not answer, trying again", "in", wait, "cause", err)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
	}
}

// showCommands fills the menus: of private chats in every language, and of the
// agents' groups. They are a courtesy: the commands work without them.
func (d *desk) showCommands(ctx context.Context) {
	for i, lang := range tickets.Langs {
		p := &tg.SetMyCommandsParams{Scope: &models.BotCommandScopeAllPrivateChats{}}
		if i > 0 {
			p.LanguageCode = string(lang)
		}
		for _, c := range dialog.Commands {
			p.Commands = append(p.Commands, d.menuItem(lang, c.Name, "command."+c.Name))
		}
		d.showMenu(ctx, p)
	}
	for _, group := range d.groupsNow(ctx) {
		d.showAgentCommands(ctx, group)
	}
}

func (d *desk) showAgentCommands(ctx context.Context, group int64) {
	p := &tg.SetMyCommandsParams{Scope: &models.BotCommandScopeChat{ChatID: group}}
	for _, a := range tickets.Actions {
		p.Commands = append(p.Commands, d.menuItem(d.cfg.policy.Agents.Lang, a.Name, "action."+a.Name+".about"))
	}
	d.showMenu(ctx, p)
}

func (d *desk) menuItem(lang tickets.Lang, name, key string) models.BotCommand {
	about, err := d.catalog.Render(lang, key, nil, nil)
	if err != nil {
		d.log.Error("command without a text", "command", name, "cause", err)
		about = name
	}
	return models.BotCommand{Command: name, Description: about}
}

func (d *desk) showMenu(ctx context.Context, p *tg.SetMyCommandsParams) {
	one, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if _, err := d.api.SetMyCommands(one, p); err != nil && ctx.Err() == nil {
		d.log.Warn("a menu of commands could not be set", "language", p.LanguageCode, "cause", err)
	}
}

// counters names what is counted, for the metrics.
func (d *desk) counters() map[string]*atomic.Int64 {
	in, out := &d.intake.Counters, &d.outbox.Counters
	named := map[string]*atomic.Int64{
		"updates_received": &in.Received, "changes_committed": &in.Committed, "updates_passed": &in.Passed,
		"updates_duplicate": &in.Duplicate, "answers_stale": &in.Stale, "updates_retried": &in.Retried,
		"updates_shelved": &in.Shelved, "updates_refused": &in.Refused, "updates_invalid": &in.Invalid,
		"messages_flooded": &in.Flooded, "polls_failed": &in.Polls, "presses_unanswered": &in.Presses,
		"customers_woken": &in.Woken, "topics_doubled": &in.Doubled,
		"notices_delivered": &out.Delivered, "notices_undeliverable": &out.Undeliverable, "notices_dropped": &out.Dropped,
		"sends_unknown": &out.Unknown, "sends_again": &out.Again, "sends_limited": &out.Limited, "sends_blocked": &out.Blocked,
	}
	full := make(map[string]*atomic.Int64, len(named))
	for name, c := range named {
		full["intakebot_"+name+"_total"] = c
	}
	return full
}

// redisURL checks an address without connecting.
func redisURL(address string) error {
	client, err := redisconn.Open(address, slog.New(slog.DiscardHandler))
	if err != nil {
		return errors.New(strings.TrimSpace(err.Error()))
	}
	return client.Close()
}
