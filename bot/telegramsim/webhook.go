package telegramsim

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/go-telegram/bot/models"
)

const (
	secretHeader      = "X-Telegram-Bot-Api-Secret-Token"
	defaultHookConns  = 40
	maxHookConns      = 100
	maxHookSecret     = 256
	webhookTimeout    = 60 * time.Second
	maxResend         = 60 * time.Second
	maxHookRetryAfter = time.Hour
)

// webhook brings a bot's updates to its URL. Updates of one lane go strictly one
// after another, the next after a 2xx. Guarded by World.mu, but for the requests.
type webhook struct {
	bot     *Bot
	url     string
	secret  string
	conns   int
	slots   chan struct{}
	client  *http.Client
	ctx     context.Context
	cancel  context.CancelFunc
	waiting []*update
	loaded  map[lane][]*update
	errText string
	errDate int
}

func (w *World) newWebhook(b *Bot, address, secret string, conns int) *webhook {
	h := &webhook{
		bot: b, url: address, secret: secret, conns: conns, slots: make(chan struct{}, conns),
		loaded: map[lane][]*update{},
		client: &http.Client{
			Timeout: webhookTimeout, Transport: &http.Transport{MaxIdleConnsPerHost: conns},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	for _, u := range b.queue.pending {
		if !u.done {
			h.waiting = append(h.waiting, u)
		}
	}
	return h
}

// offer takes a new update.
func (h *webhook) offer(u *update) {
	h.waiting = append(h.waiting, u)
	h.load()
}

// load hands waiting updates to their lanes in order. At most twice as many
// lanes as connections are loaded: so many stuck ones stall the bot (P6).
func (h *webhook) load() {
	for len(h.waiting) > 0 && len(h.loaded) < 2*h.conns && h.ctx.Err() == nil {
		u := h.waiting[0]
		h.waiting[0] = nil
		h.waiting = h.waiting[1:]
		queue, running := h.loaded[u.lane]
		h.loaded[u.lane] = append(queue, u)
		if !running {
			h.bot.w.background.Go(func() { h.deliver(u.lane) })
		}
	}
}

// deliver brings the updates of one lane until there are no more.
func (h *webhook) deliver(l lane) {
	fails := 0
	for {
		u := h.head(l)
		if u == nil {
			return
		}
		problem, retryAfter, answer := h.post(u)
		if h.ctx.Err() != nil {
			return
		}
		if problem == "" {
			h.settle(l, u, "")
			fails = 0
			h.runAnswer(answer)
			continue
		}
		fails++
		if pause := resendPause(fails, retryAfter); !h.resend(l, u, problem, pause) {
			fails = 0
		} else if pause > 0 && !h.pause(pause) {
			return
		}
	}
}

// resendPause is the wait after a number of failures: none, then 2, 4, 8 … s.
func resendPause(fails int, retryAfter time.Duration) time.Duration {
	if retryAfter > 0 {
		return min(retryAfter, maxHookRetryAfter)
	}
	if fails < 2 {
		return 0
	}
	return min(time.Second<<min(fails-1, 30), maxResend)
}

func (h *webhook) pause(d time.Duration) bool {
	select {
	case <-h.bot.w.after(d):
		return true
	case <-h.ctx.Done():
		return false
	}
}

// head is the next update of a lane. Those that nobody waits for any more are
// dropped; with none left the lane ends.
func (h *webhook) head(l lane) *update {
	w := h.bot.w
	w.mu.Lock()
	defer w.mu.Unlock()
	queue := h.loaded[l]
	for len(queue) > 0 && (queue[0].done || !queue[0].expires.After(w.now())) {
		h.bot.queue.finish(queue[0])
		queue = queue[1:]
	}
	h.bot.queue.compact()
	if len(queue) == 0 || h.ctx.Err() != nil {
		delete(h.loaded, l)
		h.load()
		return nil
	}
	h.loaded[l] = queue
	return queue[0]
}

// settle takes an update off its lane, delivered or dropped.
func (h *webhook) settle(l lane, u *update, problem string) {
	w := h.bot.w
	w.mu.Lock()
	defer w.mu.Unlock()
	h.note(problem)
	h.loaded[l] = h.loaded[l][1:]
	h.bot.queue.finish(u)
	h.bot.queue.compact()
}

// resend notes a failure and tells whether the update is to be brought again: it
// is not when it would be too old by then.
func (h *webhook) resend(l lane, u *update, problem string, pause time.Duration) bool {
	w := h.bot.w
	if w.now().Add(pause).After(u.expires) {
		h.settle(l, u, problem)
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	h.note(problem)
	return true
}

func (h *webhook) note(problem string) {
	if problem != "" {
		h.errText, h.errDate = problem, h.bot.w.unix()
	}
}

// post makes one attempt. The problem is empty when the bot answered with a 2xx.
func (h *webhook) post(u *update) (problem string, retryAfter time.Duration, answer *call) {
	select {
	case h.slots <- struct{}{}:
	case <-h.ctx.Done():
		return "", 0, nil
	}
	defer func() { <-h.slots }()
	req, err := http.NewRequestWithContext(h.ctx, http.MethodPost, h.url, bytes.NewReader(u.body))
	if err != nil {
		return err.Error(), 0, nil
	}
	req.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		req.Header.Set(secretHeader, h.secret)
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return connectionProblem(err), 0, nil
	}
	defer drain(resp.Body)
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return "Wrong response from the webhook: " + resp.Status, time.Duration(seconds) * time.Second, nil
	}
	return "", 0, h.readAnswer(resp)
}

// drain reads what is left of a short body, so that the connection lives on.
func drain(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, 64<<10)
	_ = body.Close()
}

func connectionProblem(err error) string {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Connection refused"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "Read timeout expired"
	}
	return "Webhook connection closed"
}

// readAnswer reads the call that a webhook's answer may carry, in the encodings
// of any other request; nil when there is none.
func (h *webhook) readAnswer(resp *http.Response) *call {
	c := &call{w: h.bot.w, bot: h.bot, fields: map[string]string{}}
	if err := c.readBody(resp.Header.Get("Content-Type"), http.MaxBytesReader(nil, resp.Body, maxBody)); err != nil {
		return nil
	}
	c.method = strings.ToLower(c.str("method"))
	return c
}

// barredInAnswer are calls that a webhook's answer cannot make, besides those
// that begin with get.
var barredInAnswer = map[string]bool{"setwebhook": true, "deletewebhook": true, "close": true, "logout": true}

// runAnswer carries out the call in a webhook's answer, if there is one. What
// comes of it nobody learns.
func (h *webhook) runAnswer(c *call) {
	if c == nil || c.method == "" || barredInAnswer[c.method] || strings.HasPrefix(c.method, "get") {
		return
	}
	_, _ = h.bot.w.run(h.ctx, c)
}

var secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

// setWebhook switches to the webhook. Unlike the real server, the world takes an
// http address too.
func setWebhook(c *call) (any, error) {
	address := c.str("url")
	if address == "" {
		return deleteWebhook(c)
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, badRequest("invalid webhook URL specified")
	case len(c.str("secret_token")) > maxHookSecret:
		return nil, badRequest("secret token is too long")
	case !secretToken.MatchString(c.str("secret_token")):
		return nil, badRequest("secret token contains unallowed characters")
	}
	c.setAllowed()
	if c.bool("drop_pending_updates") {
		c.bot.queue.clear()
	}
	h := c.w.newWebhook(c.bot, address, c.str("secret_token"), c.clamp("max_connections", defaultHookConns, 1, maxHookConns))
	if old := c.bot.hook; old != nil {
		if old.url == h.url && old.secret == h.secret && old.conns == h.conns && !c.bool("drop_pending_updates") {
			return true, nil
		}
		old.cancel()
	}
	c.bot.queue.endPoll(conflictHook)
	c.bot.hook = h
	h.load()
	return true, nil
}

func deleteWebhook(c *call) (any, error) {
	if c.bool("drop_pending_updates") {
		c.bot.queue.clear()
	}
	if c.bot.hook != nil {
		c.bot.hook.cancel()
		c.bot.hook = nil
	}
	return true, nil
}

func getWebhookInfo(c *call) (any, error) {
	c.bot.expire()
	info := models.WebhookInfo{PendingUpdateCount: c.bot.queue.count, AllowedUpdates: c.bot.queue.allowed}
	if h := c.bot.hook; h != nil {
		info.URL, info.MaxConnections = h.url, h.conns
		info.LastErrorMessage, info.LastErrorDate = h.errText, h.errDate
		info.IPAddress = "127.0.0.1"
	}
	return info, nil
}
