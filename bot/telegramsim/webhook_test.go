package telegramsim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
)

// delivery is a webhook request that waits for the test's answer.
type delivery struct {
	update models.Update
	header http.Header
	answer chan response
}

type response struct {
	status int
	header map[string]string
	body   string
}

func (d delivery) reply(status int) { d.answer <- response{status: status} }

// hooked is a stage whose bot takes a webhook.
type hooked struct {
	*stage
	arrived chan delivery
	pauses  *pauses
}

// pauses are the world's waits: each is told, and over at once.
type pauses struct {
	mu   sync.Mutex
	list []time.Duration
}

func (p *pauses) after(d time.Duration) <-chan time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append(p.list, d)
	over := make(chan time.Time)
	close(over)
	return over
}

func newHooked(t *testing.T, more args) *hooked {
	t.Helper()
	h := &hooked{arrived: make(chan delivery, 100), pauses: &pauses{}}
	h.stage = newStage(t, telegramsim.WithTimer(h.pauses.after))
	ended := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		d := delivery{header: r.Header, answer: make(chan response, 1)}
		if err := json.NewDecoder(r.Body).Decode(&d.update); err != nil {
			t.Error(err)
		}
		h.arrived <- d
		select {
		case a := <-d.answer:
			for k, v := range a.header {
				rw.Header().Set(k, v)
			}
			rw.WriteHeader(a.status)
			_, _ = io.WriteString(rw, a.body)
		case <-ended:
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(h.world.Close)
	t.Cleanup(func() { close(ended) })
	set := args{"url": server.URL, "secret_token": "s3cret"}
	if r := h.call("setWebhook", set.with(more)); !r.OK {
		t.Fatal(r.Description)
	}
	return h
}

// next is the delivery that comes next.
func (h *hooked) next() delivery {
	h.t.Helper()
	select {
	case d := <-h.arrived:
		return d
	case <-h.ctx.Done():
		h.t.Fatal("nothing was delivered")
		return delivery{}
	}
}

// quiet checks that nothing else has been delivered by the time the world has
// answered a call.
func (h *hooked) quiet() {
	h.t.Helper()
	h.call("getMe", nil)
	if len(h.arrived) > 0 {
		h.t.Error("an update came too early")
	}
}

func (h *hooked) info() models.WebhookInfo {
	h.t.Helper()
	var info models.WebhookInfo
	h.result(h.call("getWebhookInfo", nil), &info)
	return info
}

func TestAChatsUpdatesComeOneByOne(t *testing.T) {
	h := newHooked(t, nil)
	ivan := h.world.Customer(t, "Ivan")
	anna := h.world.Customer(t, "Anna")
	ivan.Send("1")
	first := h.next()
	if first.update.Message.Text != "1" || first.header.Get("X-Telegram-Bot-Api-Secret-Token") != "s3cret" {
		t.Fatalf("%+v", first)
	}
	ivan.Send("2")
	h.quiet()
	anna.Send("a") // another chat does not wait
	other := h.next()
	if other.update.Message.Text != "a" {
		t.Fatalf("%+v", other.update)
	}
	if n := h.info().PendingUpdateCount; n != 3 {
		t.Errorf("%d pending", n)
	}
	other.reply(200)
	first.reply(204)
	second := h.next()
	if second.update.Message.Text != "2" {
		t.Fatalf("%+v", second.update)
	}
	second.reply(200)
}

func TestAPressComesBesideAMessage(t *testing.T) {
	h := newHooked(t, nil)
	ivan := h.world.Customer(t, "Ivan")
	ivan.Send("/start")
	h.next().reply(200)
	h.call("sendMessage", args{"chat_id": ivan.ID(), "text": "?", "reply_markup": keys("Да", "Нет")})
	ivan.Send("текст")
	message := h.next()
	ivan.Press("Да")
	press := h.next()
	if message.update.Message == nil || press.update.CallbackQuery == nil {
		t.Fatalf("%+v %+v", message.update, press.update)
	}
	ivan.Press("Нет") // presses of one person wait for each other
	h.quiet()
	press.reply(200)
	again := h.next()
	if again.update.CallbackQuery.Data != "Нет" {
		t.Fatalf("%+v", again.update)
	}
	again.reply(200)
	message.reply(200)
}

func TestARefusedUpdateComesAgain(t *testing.T) {
	h := newHooked(t, nil)
	ivan := h.world.Customer(t, "Ivan")
	ivan.Send("1")
	ivan.Send("2")
	for _, status := range []int{500, 404, 302, 500} {
		d := h.next()
		if d.update.Message.Text != "1" {
			t.Fatalf("the next came before the first was taken: %+v", d.update)
		}
		d.reply(status)
	}
	d := h.next()
	if info := h.info(); info.LastErrorMessage != "Wrong response from the webhook: 500 Internal Server Error" || info.PendingUpdateCount != 2 {
		t.Errorf("%+v", info)
	}
	d.answer <- response{status: 503, header: map[string]string{"Retry-After": "17"}}
	h.next().reply(200)
	if d := h.next(); d.update.Message.Text != "2" {
		t.Errorf("%+v", d.update)
	}
	h.pauses.mu.Lock()
	defer h.pauses.mu.Unlock()
	want := []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second, 17 * time.Second}
	if len(h.pauses.list) != len(want) {
		t.Fatalf("pauses %v, want %v", h.pauses.list, want)
	}
	for i := range want {
		if h.pauses.list[i] != want[i] {
			t.Errorf("pauses %v, want %v", h.pauses.list, want)
		}
	}
}

func TestAnOldUpdateIsDropped(t *testing.T) {
	h := newHooked(t, nil)
	ivan := h.world.Customer(t, "Ivan")
	ivan.Send("old")
	d := h.next()
	h.clock.Advance(25 * time.Hour)
	d.reply(500)
	ivan.Send("new")
	if d := h.next(); d.update.Message.Text != "new" {
		t.Errorf("%+v", d.update)
	}
}

func TestUpdatesWaitWhileTheBotIsAway(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("while away")
	got := make(chan models.Update, 10)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var u models.Update
		if err := json.NewDecoder(r.Body).Decode(&u); err != nil {
			t.Error(err)
		}
		got <- u
	}))
	t.Cleanup(server.Close)
	t.Cleanup(s.world.Close)
	if r := s.call("setWebhook", args{"url": server.URL}); !r.OK {
		t.Fatal(r.Description)
	}
	if u := <-got; u.Message.Text != "while away" {
		t.Errorf("%+v", u)
	}
	if r := s.call("setWebhook", args{"url": ""}); !r.OK {
		t.Fatal(r.Description)
	}
	ivan.Send("after")
	if u := s.poll(0, 0); u[len(u)-1].Message.Text != "after" {
		t.Errorf("%+v", u)
	}
}

func TestPendingUpdatesCanBeDropped(t *testing.T) {
	s := newStage(t)
	s.world.Customer(t, "Ivan").Send("x")
	if r := s.call("deleteWebhook", args{"drop_pending_updates": true}); !r.OK || s.bot.Pending() != 0 {
		t.Errorf("%+v, %d pending", r, s.bot.Pending())
	}
}

func TestTheWebhooksAnswerMayCarryACall(t *testing.T) {
	h := newHooked(t, nil)
	ivan := h.world.Customer(t, "Ivan")
	ivan.Send("/start")
	h.next().answer <- response{status: 200, header: map[string]string{"Content-Type": "application/json"},
		body: `{"method":"sendMessage","chat_id":` + "1000001" + `,"text":"сразу"}`}
	ivan.Expect("сразу")
	ivan.Send("2")
	h.next().answer <- response{status: 200, header: map[string]string{"Content-Type": "application/json"}, body: `{"method":"deleteWebhook"}`}
	ivan.Send("3")
	if d := h.next(); d.update.Message.Text != "3" {
		t.Errorf("%+v", d.update)
	}
	if h.info().URL == "" {
		t.Error("an answer deleted the webhook")
	}
}

func TestInjectedUpdatesKeepTheirChatsOrder(t *testing.T) {
	h := newHooked(t, nil)
	ivan := h.world.Customer(t, "Ivan")
	ivan.Send("1")
	first := h.next()
	if _, err := h.bot.Inject(h.bot.PendingUpdates()[0]); err != nil {
		t.Fatal(err)
	}
	h.quiet() // the repeated one waits for the first
	first.reply(200)
	again := h.next()
	if again.update.ID != first.update.ID || again.update.Message.ID != first.update.Message.ID {
		t.Errorf("%+v", again.update)
	}
	again.reply(200)
}

func TestStuckLanesStallTheBot(t *testing.T) {
	h := newHooked(t, args{"max_connections": 1})
	for _, name := range []string{"A", "B", "C"} {
		h.world.Customer(t, name).Send(name)
	}
	first := h.next() // one connection, so B waits for it; C is not even loaded
	h.quiet()
	first.reply(200)
	h.next().reply(200)
	h.next().reply(200)
}
