package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// virtual is a storm with the whole bot in this process: with a real file, a
// network in memory, and a time of its own, in which minutes take no time. A kill
// there is a life whose network and store are cut at one instant; the next life
// opens the file as it was left.
type virtual struct {
	*storm
	dir   string
	files int
	file  string
	skew  atomic.Int64 // of the bot's clock
	alive *mortal
	down  chan struct{} // holds a token while a life is being changed
	log   *slog.Logger
}

func inVirtual(t *testing.T, seed uint64) {
	length := *stormLength
	if length == 0 {
		length = 2 * time.Minute
	}
	v := &virtual{storm: newStorm(t, allTroubles(seed, length)), dir: t.TempDir(), down: make(chan struct{}, 1)}
	defer v.world.Close()
	var log bytes.Buffer // of the bot, shown where the storm finds something
	v.log = slog.New(slog.NewTextHandler(&log, nil))
	v.quick, v.pressLife, v.patient = time.Minute, 160*time.Second, 30*time.Minute
	v.file = filepath.Join(v.dir, "desk.db")
	v.weather = v.script.Begin(v.world)
	if err := v.begin(); err != nil {
		t.Fatal(err)
	}
	err := v.play(t.Context(), v.scene)
	if err != nil {
		t.Errorf("seed %d: %v", seed, err)
		for _, c := range v.cast {
			t.Log(c.Transcript())
		}
	} else {
		v.rest()
	}
	v.down <- struct{}{}
	v.alive.stop()
	if err == nil {
		store, err := openStore(context.Background(), database{file: v.file}, v.log)
		if err != nil {
			t.Fatal(err)
		}
		v.check(store)
		_ = store.Close()
	}
	if t.Failed() {
		t.Log(log.String())
		t.Logf("again: make storm WAY=virtual SEED=%d LENGTH=%v SEEDS=1", seed, length)
	}
}

// scene does what befalls the bot's process.
func (v *virtual) scene(e telegramsim.Scene) {
	v.down <- struct{}{}
	defer func() { <-v.down }()
	switch e.Act {
	case telegramsim.KillTheBot:
		v.alive.kill(func() { v.file = v.left() })
		v.again()
	case telegramsim.StopTheBot:
		v.alive.stop()
		v.again()
	case telegramsim.FillDisk:
		v.alive.full.Store(int64(time.Since(v.alive.born) + e.Lasts))
	case telegramsim.LockStore:
		v.alive.locked.Store(int64(time.Since(v.alive.born) + e.Lasts))
	case telegramsim.JumpClock:
		v.skew.Add(int64(e.Dice%uint64(4*time.Minute)) - int64(2*time.Minute))
	}
}

// again begins the next life, however long that takes.
func (v *virtual) again() {
	for v.begin() != nil {
		<-time.After(time.Second)
	}
}

// left copies what a killed process leaves behind: the file and its log, which
// nobody closed.
func (v *virtual) left() string {
	v.files++
	to := filepath.Join(v.dir, fmt.Sprintf("desk%d.db", v.files))
	for _, part := range []string{"-steps", "", "-wal"} { // in the order in which what is in one comes into the next
		body, err := os.ReadFile(v.file + part)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(to+part, body, 0o600)
		}
		if err != nil {
			panic(err)
		}
	}
	return to
}

// begin starts a life of the bot.
func (v *virtual) begin() error {
	v.model.born()
	m := &mortal{v: v, born: time.Now(), ended: make(chan error, 1), idle: make(chan struct{}, 1), net: newPipes(v.world.Handler(), v.weather)}
	set := v.settings("http://telegram.test", v.file)
	set.Groups = v.groups
	cfg, err := set.config()
	if err != nil {
		return err
	}
	cfg.policy.Limits.PerMinute, cfg.policy.Agents.Lang = 600, tickets.English
	cfg.ground = ground{
		transport: m.net.transport, store: m.over, now: func() time.Time { return time.Now().Add(time.Duration(v.skew.Load())) },
		rand:     func() float64 { return 0.5 }, // the storm's network has dice enough
		listener: newPipeListener(),
	}
	var ctx context.Context
	ctx, m.cancel = context.WithCancel(context.Background())
	d, err := openDesk(ctx, cfg, v.log)
	if err != nil {
		m.cancel()
		m.net.close()
		return err
	}
	v.alive = m
	go func() { m.ended <- errors.Join(d.run(ctx), d.close()) }()
	return nil
}

// rest waits until all updates are taken and all notices are sent.
func (v *virtual) rest() {
	v.t.Helper()
	for end := time.Now().Add(v.patient); ; <-time.After(time.Second) {
		n, err := v.alive.Store.Unsent(context.Background())
		if err == nil && n == 0 && v.bot.Pending() == 0 {
			return
		}
		if time.Now().After(end) {
			v.t.Errorf("the bot does not come to rest: %d updates wait, %d notices, %v", v.bot.Pending(), n, err)
			return
		}
	}
}
