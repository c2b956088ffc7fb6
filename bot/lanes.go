package bot

import (
	"context"
	"sync"
)

// laneKey names what must not be worked on twice at once (P4): a customer by
// the private chat's ID, or a place in a group.
type laneKey struct {
	chat   int64
	thread int64
}

// lanes runs jobs: those of one lane one after another in the order in which
// they came, those of different lanes side by side, no more than limit at once.
// A lane with nothing to do costs nothing: no goroutine, no memory.
type lanes struct {
	ctx  context.Context // given to the jobs; ends when the grace is over
	kill context.CancelFunc

	mu      sync.Mutex
	limit   int
	running int
	waiting map[laneKey]*lane // lanes with work in hand or waiting
	heirs   map[laneKey]bool  // lanes whose first job goes behind what their chat has waiting
	ready   []*lane           // lanes with work waiting and none in hand
	stopped chan struct{}     // closed: what has not begun is not begun any more
	idle    chan struct{}     // closed when nothing runs after the stop
}

type lane struct {
	key    laneKey
	jobs   []func(context.Context)
	behind int     // lanes that go first
	then   []*lane // that wait for this one
}

func newLanes(limit int) *lanes {
	ctx, kill := context.WithCancel(context.Background())
	return &lanes{
		ctx: ctx, kill: kill, limit: limit,
		waiting: map[laneKey]*lane{}, heirs: map[laneKey]bool{},
		stopped: make(chan struct{}), idle: make(chan struct{}),
	}
}

// run puts a job at the end of its lane and returns at once. Every job is
// called: with an ended context where the lanes were stopped before its turn.
func (l *lanes) run(key laneKey, job func(context.Context)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ln, busy := l.waiting[key]
	if !busy {
		ln = &lane{key: key}
		l.queue(ln)
		l.waiting[key] = ln
	}
	ln.jobs = append(ln.jobs, job)
	if !busy && ln.behind == 0 && l.running < l.limit {
		l.running++
		go l.work()
	}
}

// inherit has a lane begin behind what is waiting in its chat by then: it is of a
// topic that a ticket has got in place of a lost one, and what was written in that
// one goes first.
func (l *lanes) inherit(key laneKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.heirs) >= mostTopics {
		clear(l.heirs)
	}
	l.heirs[key] = true
}

// queue makes a new lane ready, or has it wait for those of its chat.
func (l *lanes) queue(ln *lane) {
	if l.heirs[ln.key] {
		delete(l.heirs, ln.key)
		for key, other := range l.waiting {
			if key.chat == ln.key.chat {
				other.then = append(other.then, ln)
				ln.behind++
			}
		}
	}
	if ln.behind == 0 {
		l.ready = append(l.ready, ln)
	}
}

// do runs a job and waits for it: in the caller's own goroutine where nothing is
// before it, which costs least.
func (l *lanes) do(key laneKey, job func(context.Context)) {
	l.mu.Lock()
	if l.waiting[key] != nil || l.heirs[key] || l.running >= l.limit {
		l.mu.Unlock()
		done := make(chan struct{})
		l.run(key, func(ctx context.Context) {
			defer close(done)
			job(ctx)
		})
		<-done
		return
	}
	ln := &lane{key: key}
	l.waiting[key] = ln
	l.running++
	l.mu.Unlock()
	defer l.leave(ln)
	job(l.context())
}

// leave ends a caller's own turn. What has come meanwhile is left to a worker.
func (l *lanes) leave(ln *lane) {
	l.done(ln)
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ready) > 0 {
		go l.work()
		return
	}
	l.retire()
}

// work runs jobs, one of each ready lane in turn, until no lane is ready.
func (l *lanes) work() {
	for {
		ln, job := l.next()
		if job == nil {
			return
		}
		job(l.context())
		l.done(ln)
	}
}

// next takes the first job of the lane that has waited longest. Without any,
// the worker ends.
func (l *lanes) next() (*lane, func(context.Context)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ready) == 0 {
		l.retire()
		return nil, nil
	}
	ln := l.ready[0]
	l.ready[0] = nil
	l.ready = l.ready[1:]
	job := ln.jobs[0]
	ln.jobs[0] = nil
	ln.jobs = ln.jobs[1:]
	return ln, job
}

// retire ends a worker.
func (l *lanes) retire() {
	l.running--
	if l.running == 0 && l.isStopped() {
		l.endOnce()
	}
}

// done gives the lane its turn back, behind the others, or forgets it.
func (l *lanes) done(ln *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(ln.jobs) == 0 {
		delete(l.waiting, ln.key)
		for _, next := range ln.then {
			if next.behind--; next.behind == 0 {
				l.ready = append(l.ready, next)
			}
		}
		return
	}
	l.ready = append(l.ready, ln)
}

// context is what a job that begins now gets.
func (l *lanes) context() context.Context {
	if !l.isStopped() {
		return l.ctx
	}
	ended, cancel := context.WithCancel(l.ctx)
	cancel()
	return ended
}

func (l *lanes) isStopped() bool {
	select {
	case <-l.stopped:
		return true
	default:
		return false
	}
}

// stop begins no job any more, waits for those in hand until grace ends, and
// then ends their contexts (P9). The lanes cannot be used again.
func (l *lanes) stop(grace context.Context) {
	l.mu.Lock()
	if !l.isStopped() {
		close(l.stopped)
		if l.running == 0 {
			l.endOnce()
		}
	}
	l.mu.Unlock()
	select {
	case <-l.idle:
	case <-grace.Done():
	}
	l.kill()
}

// endOnce tells that nothing runs. A late job, which is released at once, may
// lead here again.
func (l *lanes) endOnce() {
	select {
	case <-l.idle:
	default:
		close(l.idle)
	}
}
