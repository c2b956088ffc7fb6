package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// moment is when in a call something happens.
type moment string

const (
	before   moment = "before the effect"
	effected moment = "after the effect, before the answer"
	answered moment = "after the answer"
)

// gate stands before the local Telegram: it notes what the bot has sent, and
// strikes at a chosen moment of a chosen call.
type gate struct {
	api http.Handler

	mu     sync.Mutex
	life   int // of the bot, counted from 1
	first  func()
	strike *strike
	sends  []delivery
}

// strike is done once, at a moment of the n-th call of a method.
type strike struct {
	method string // in small letters, or the beginning of several
	at     moment
	left   int
	delay  time.Duration
	do     func()
}

// delivery is a call that has made messages, or a topic.
type delivery struct {
	life   int
	chat   int64
	thread int64
	ids    []int64 // none: it is a topic
	title  string  // of the topic
}

// theatre is the local Telegram over HTTP, its people, and the gate.
type theatre struct {
	*stage
	gate *gate
	url  string
}

func newTheatre(t *testing.T) *theatre {
	t.Helper()
	th := &theatre{stage: newStage(tickets.English)}
	th.gate = &gate{api: th.world.Handler()}
	server := httptest.NewUnstartedServer(th.gate)
	server.Config.ConnContext = th.gate.connected
	server.Start()
	th.url = server.URL
	t.Cleanup(server.Close)
	t.Cleanup(th.world.Close) // first, as polls would hold the server up
	return th
}

// person adds a customer.
func (th *theatre) person(name string) *telegramsim.Person {
	return th.world.AddPerson(name, telegramsim.Language("en"))
}

// env is the program's environment on this stage.
func (th *theatre) env(t *testing.T, database string) map[string]string {
	s := th.settings(th.url, "")
	return map[string]string{
		"TELEGRAM_BOT_TOKEN": s.Token, "TELEGRAM_API_URL": s.APIURL, "AGENT_GROUP_ID": s.Groups,
		"DATABASE_URL": database, "LISTEN_ADDR": freeAddress(t), "POLICY_FILE": patientPolicy(t),
	}
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := strings.ToLower(path.Base(r.URL.Path))
	if strings.HasPrefix(r.URL.Path, "/file/") {
		method = telegramsim.DownloadMethod
	}
	life := g.called(r, method)
	g.hit(method, before)
	rec := httptest.NewRecorder()
	g.api.ServeHTTP(rec, r)
	g.note(life, method, rec.Body.Bytes())
	g.hit(method, effected)
	for name, values := range rec.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
	_ = http.NewResponseController(w).Flush()
	g.hit(method, answered)
}

// lifeKey is where a connection's context has the life of the bot that opened it. A
// call can be read after its bot has died, and the next one has begun.
type lifeKey struct{}

func (g *gate) connected(ctx context.Context, _ net.Conn) context.Context {
	g.mu.Lock()
	defer g.mu.Unlock()
	return context.WithValue(ctx, lifeKey{}, g.life)
}

// called tells whose call it is, and tells of the first poll of a life.
func (g *gate) called(r *http.Request, method string) int {
	life := r.Context().Value(lifeKey{}).(int)
	g.mu.Lock()
	defer g.mu.Unlock()
	if method == "getupdates" && g.first != nil && life == g.life {
		g.first()
		g.first = nil
	}
	return life
}

// begin starts a life of the bot, and what it is to suffer; polls is closed
// when it asks for updates.
func (g *gate) begin(s *strike) (polls <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	first := make(chan struct{})
	g.life++
	g.first = func() { close(first) }
	g.strike = s
	return first
}

// hit strikes where it is time, and breaks the connection of a call that is
// not answered yet.
func (g *gate) hit(method string, at moment) {
	g.mu.Lock()
	s := g.strike
	if s == nil || !strings.HasPrefix(method, s.method) || s.at != at {
		g.mu.Unlock()
		return
	}
	if s.left--; s.left > 0 {
		g.mu.Unlock()
		return
	}
	g.strike = nil
	g.mu.Unlock()
	<-time.After(s.delay) // a chosen instant, not a wait for something
	s.do()
	if at != answered {
		panic(http.ErrAbortHandler)
	}
}

// note keeps what a call has made.
func (g *gate) note(life int, method string, answer []byte) {
	type message struct {
		ID     int64 `json:"message_id"`
		Thread int64 `json:"message_thread_id"`
		Chat   struct {
			ID int64 `json:"id"`
		} `json:"chat"`
		Name string `json:"name"` // of a topic
	}
	var one struct{ Result message }
	var many struct{ Result []message }
	made := method == "createforumtopic" || strings.HasPrefix(method, "send") && method != "sendchataction"
	if !made || json.Unmarshal(answer, &many) != nil && json.Unmarshal(answer, &one) != nil {
		return
	}
	if one.Result.ID+one.Result.Thread != 0 {
		many.Result = []message{one.Result}
	}
	d := delivery{life: life}
	for _, m := range many.Result {
		d.chat, d.thread, d.title = m.Chat.ID, m.Thread, m.Name
		if m.ID != 0 {
			d.ids = append(d.ids, m.ID)
		}
	}
	if len(many.Result) == 0 {
		return // refused
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sends = append(g.sends, d)
}

// sent is what the bot has sent so far.
func (g *gate) sent() []delivery {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]delivery(nil), g.sends...)
}
