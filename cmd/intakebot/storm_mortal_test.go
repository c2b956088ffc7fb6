package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"intakebot/tickets"
)

// mortal is a life's store: cut at an instant, or without room for a while.
type mortal struct {
	tickets.Store
	v      *virtual
	born   time.Time
	full   atomic.Int64 // until when the disk is, since birth
	locked atomic.Int64 // and somebody else holds the file's lock
	cancel context.CancelFunc
	ended  chan error
	net    *pipeNet

	mu     sync.Mutex
	dead   bool
	within int
	idle   chan struct{}
}

var (
	errDead = errors.New("this life is over")
	errFull = fmt.Errorf("%w: database or disk is full (13)", tickets.ErrAway)
	errBusy = fmt.Errorf("%w: database is locked (5) (SQLITE_BUSY)", tickets.ErrAway)
)

func (m *mortal) over(s tickets.Store) tickets.Store { m.Store = s; return m }

// kill ends a life with nothing put in order: what had begun to be written is
// written, and nobody learns of it. The file is left before anybody can close it.
func (m *mortal) kill(leave func()) {
	m.mu.Lock()
	m.dead = true
	busy := m.within > 0
	m.mu.Unlock()
	m.net.close()
	if busy {
		<-m.idle
	}
	leave()
	go func() {
		m.cancel()
		<-m.ended
	}()
}

// stop ends a life as SIGTERM does.
func (m *mortal) stop() {
	m.cancel()
	<-m.ended
	m.net.close()
}

// writes guards a write. SQLite itself waits for a lock in real time, which has
// no place here, so that the wait of five seconds is made here.
func writes[T any](m *mortal, do func() (T, error)) (T, error) {
	var none T
	if time.Since(m.born) < time.Duration(m.locked.Load()) {
		<-time.After(5 * time.Second)
		if time.Since(m.born) < time.Duration(m.locked.Load()) {
			return none, errBusy
		}
	}
	if err := m.enter(); err != nil {
		return none, err
	}
	v, err := do()
	if !m.leave() {
		return none, errDead
	}
	return v, err
}

func (m *mortal) enter() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.dead:
		return errDead
	case time.Since(m.born) < time.Duration(m.full.Load()):
		return errFull
	}
	m.within++
	return nil
}

// leave tells whether anybody is left to learn what was done.
func (m *mortal) leave() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.within--
	if m.dead && m.within == 0 {
		m.idle <- struct{}{}
	}
	return !m.dead
}

func (m *mortal) Commit(ctx context.Context, c tickets.Change) (tickets.Committed, error) {
	return writes(m, func() (tickets.Committed, error) { return m.Store.Commit(ctx, c) })
}

func (m *mortal) Claim(ctx context.Context, owner string, id int64, now time.Time) (tickets.Claim, error) {
	return writes(m, func() (tickets.Claim, error) { return m.Store.Claim(ctx, owner, id, now) })
}

func (m *mortal) ClaimAlong(ctx context.Context, owner string, id int64, now time.Time) (tickets.Claim, error) {
	return writes(m, func() (tickets.Claim, error) { return m.Store.ClaimAlong(ctx, owner, id, now) })
}

func (m *mortal) Settle(ctx context.Context, owner string, s tickets.Settlement) ([]tickets.Notice, error) {
	return writes(m, func() ([]tickets.Notice, error) { return m.Store.Settle(ctx, owner, s) })
}

func (m *mortal) Orphans(ctx context.Context, owner string, claimed time.Time) ([]tickets.Notice, error) {
	return writes(m, func() ([]tickets.Notice, error) { return m.Store.Orphans(ctx, owner, claimed) })
}

func (m *mortal) Shelve(ctx context.Context, s tickets.Shelved) error {
	_, err := writes(m, func() (struct{}, error) { return struct{}{}, m.Store.Shelve(ctx, s) })
	return err
}

func (m *mortal) Forget(ctx context.Context, before time.Time) error {
	_, err := writes(m, func() (struct{}, error) { return struct{}{}, m.Store.Forget(ctx, before) })
	return err
}
