package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"intakebot/bot/telegramsim"
	"intakebot/tickets/policy"
	"intakebot/tickets/storetest/servers"
)

// keeping is where a real bot keeps everything.
type keeping struct{ driver, address, url, redis string }

func onSQLite(t *testing.T) keeping {
	file := filepath.Join(t.TempDir(), "desk.db")
	return keeping{"sqlite", file, "sqlite:" + file, ""}
}

func onPostgres(t *testing.T) keeping {
	url := servers.Postgres(t)
	return keeping{"pgx", url, url, servers.Redis(t).URL}
}

// real is a storm with the bot as a process of its own, real servers and real
// kills. Every second seed has its updates brought to a webhook.
type real struct {
	*storm
	keeping
	door  *door
	env   map[string]string
	bot   *process
	where string // of health and metrics
}

func inReality(t *testing.T, way string, seed uint64, k keeping) {
	length := *stormLength
	if length == 0 {
		length = 4 * time.Second
	}
	script := allTroubles(seed, length)
	if length < 10*time.Second { // a part of every test run, which must not take a minute
		delete(script.Calls, telegramsim.Hang)
		delete(script.Calls, telegramsim.HangAfter)
	}
	for trouble := range script.Calls {
		script.Calls[trouble] *= 4 // so few calls are there
	}
	r := &real{storm: newStorm(t, script), keeping: k}
	r.quick, r.pressLife, r.patient = 4*time.Second, 160*time.Second, 3*time.Minute
	t.Cleanup(r.world.Close)
	r.weather = r.script.Begin(r.world)
	r.door = openDoor(t, r.world.Handler(), r.weather)
	r.setUp()
	r.begin()
	t.Cleanup(func() { r.bot.kill() })
	err := r.play(t.Context(), r.scene)
	if err != nil {
		t.Errorf("seed %d: %v", seed, err)
	} else {
		r.rest()
	}
	if code := r.bot.stop(t); code != 0 {
		t.Errorf("exit status %d after SIGINT", code)
	}
	if err == nil {
		where := database{file: k.address}
		if k.driver == "pgx" {
			where = database{url: k.url}
		}
		store, err := openStore(context.Background(), where, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		r.check(store)
		_ = store.Close()
	}
	if t.Failed() {
		t.Log(r.bot.err)
		t.Logf("again: make storm WAY=%s SEED=%d LENGTH=%v SEEDS=1", way, seed, length)
	}
}

// setUp writes the bot's environment.
func (r *real) setUp() {
	s := r.settings(r.door.url, "")
	r.where = quietAddress()
	r.env = map[string]string{
		"TELEGRAM_BOT_TOKEN": s.Token, "TELEGRAM_API_URL": s.APIURL, "AGENT_GROUP_ID": r.groups,
		"DATABASE_URL": r.url, "REDIS_URL": r.redis, "LISTEN_ADDR": r.where, "POLICY_FILE": englishPolicy(r.t),
	}
	if r.seed%2 == 0 {
		return
	}
	var mu sync.Mutex // updates come side by side
	dice := rand.New(rand.NewPCG(r.seed, 77))
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		mu.Lock()
		hit := dice.IntN(20) == 0
		mu.Unlock()
		r.bring(w, req, hit)
	}))
	r.t.Cleanup(hook.Close)
	r.env[asProgram], r.env[replicaHook] = "replica", hook.URL+"/telegram"
	for _, c := range r.cast {
		c.hooked = true
	}
}

// ports counts those that storms have taken.
var ports atomic.Int64

// quietAddress is an address that nothing else takes before the bot does, however
// often it is started: its port is below those that systems give out by themselves.
func quietAddress() string {
	for {
		address := fmt.Sprintf("127.0.0.1:%d", 20000+(int64(os.Getpid())*97+ports.Add(1))%10000)
		if l, err := net.Listen("tcp", address); err == nil {
			_ = l.Close()
			return address
		}
	}
}

// englishPolicy is the patient policy of agents who speak English.
func englishPolicy(t *testing.T) string {
	t.Helper()
	path := patientPolicy(t)
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), "language: ru") || len(policy.ShippedFile()) == 0 {
		t.Fatalf("the shipped policy does not say which language the agents speak: %v", err)
	}
	if err := os.WriteFile(path, bytes.Replace(text, []byte("language: ru"), []byte("language: en"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// bring brings an update to the bot. Now and then the answer is lost on the way,
// so that it is brought again.
func (r *real) bring(w http.ResponseWriter, req *http.Request, lost bool) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.model.broughtOne(body)
	out, err := http.NewRequestWithContext(req.Context(), req.Method, "http://"+r.where+req.URL.Path, bytes.NewReader(body))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	out.Header = req.Header.Clone()
	resp, err := http.DefaultClient.Do(out)
	if err != nil {
		http.Error(w, "nobody is there", http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	if lost && !r.weather.Over() {
		panic(http.ErrAbortHandler)
	}
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body)
}

// begin starts a life of the bot.
func (r *real) begin() {
	r.model.born()
	args := []string{"run"}
	if r.env[asProgram] == "replica" {
		args = nil
	}
	p, err := launch(r.env, args...)
	if err != nil {
		panic(err)
	}
	r.bot = p
}

// scene does what befalls the bot's process.
func (r *real) scene(e telegramsim.Scene) {
	switch e.Act {
	case telegramsim.KillTheBot:
		r.bot.kill()
	case telegramsim.StopTheBot:
		_ = r.bot.cmd.Process.Signal(syscall.SIGTERM)
		<-r.bot.exited
	case telegramsim.LockStore:
		go r.lock(min(e.Lasts, 3*time.Second)) // SQLite's own patience is five
		return
	case telegramsim.JumpClock, telegramsim.FillDisk:
		r.flush()
		return
	default:
		return
	}
	if log := r.bot.err.String(); strings.Contains(log, "DATA RACE") || strings.Contains(log, "panic:") {
		r.t.Error(log)
	}
	r.door.drain()
	r.begin()
}

// lock holds what the bot writes to from outside, as a backup does.
func (r *real) lock(d time.Duration) {
	address, statement := "file:"+r.address+"?_txlock=immediate", `SELECT 1`
	if r.driver == "pgx" {
		address, statement = r.address, `LOCK TABLE notices IN ACCESS EXCLUSIVE MODE`
	}
	db, err := sql.Open(r.driver, address)
	if err != nil {
		return
	}
	defer db.Close()
	if tx, err := db.Begin(); err == nil {
		_, _ = tx.Exec(statement)
		<-time.After(d)
		_ = tx.Rollback()
	}
}

// flush empties Redis, where there is one: nobody's answer is lost by that.
func (r *real) flush() {
	if r.redis == "" {
		return
	}
	opts, err := redis.ParseURL(r.redis)
	if err != nil {
		panic(err)
	}
	c := redis.NewClient(opts)
	_ = c.FlushAll(context.Background()).Err()
	_ = c.Close()
}

// rest waits until all updates are taken and all notices are sent.
func (r *real) rest() {
	r.t.Helper()
	events := r.world.Subscribe()
	defer events.Close()
	ctx, cancel := context.WithTimeout(r.t.Context(), 2*r.patient)
	defer cancel()
	for r.stage.bot.Pending() > 0 || unsent(r.where) != 0 {
		look, done := context.WithTimeout(ctx, 200*time.Millisecond)
		_, err := events.Next(look)
		done()
		if err != nil && ctx.Err() != nil {
			r.t.Errorf("the bot does not come to rest: %d updates wait, %d notices", r.stage.bot.Pending(), unsent(r.where))
			return
		}
	}
}
