package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// asProgram makes the test binary be the program itself, so that a test can
// kill it: "program", or "replica" for one whose webhook may be plain http.
const asProgram = "INTAKEBOT_TEST_AS"

// replicaHook is the webhook's URL of a "replica".
const replicaHook = "INTAKEBOT_TEST_HOOK"

func TestMain(m *testing.M) {
	switch os.Getenv(asProgram) {
	case "program":
		tie()
		main()
	case "replica":
		tie()
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		err := replica(ctx)
		stop()
		os.Exit(status(err))
	case "":
	default:
		tie()
		if err := measured(os.Getenv(asProgram)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(exitFailed)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// tie ends a child with its test, however that ends.
func tie() {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(exitFailed)
	}()
}

// replica is "run", but for the webhook: a URL that is not https is refused
// there, and here it has to be one of this machine.
func replica(ctx context.Context) error {
	cfg, err := settings{
		Token: os.Getenv("TELEGRAM_BOT_TOKEN"), APIURL: os.Getenv("TELEGRAM_API_URL"), Groups: os.Getenv("AGENT_GROUP_ID"),
		Database: os.Getenv("DATABASE_URL"), Redis: os.Getenv("REDIS_URL"), Listen: os.Getenv("LISTEN_ADDR"), Policy: os.Getenv("POLICY_FILE"),
	}.config()
	if err != nil {
		return err
	}
	hook, err := url.Parse(os.Getenv(replicaHook))
	if err != nil {
		return err
	}
	cfg.webhookURL, cfg.webhookPath, cfg.webhookSecret = hook.String(), hook.Path, hookSecret
	return serveDesk(ctx, cfg, slog.New(slog.NewTextHandler(os.Stderr, nil)))
}

const hookSecret = "only-Telegram-knows-this"

// hangs is how long a test waits for something that has to come, before it
// takes the program for hung.
const hangs = time.Minute

func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hangs)
	t.Cleanup(cancel)
	return ctx
}

// process is the program in a process of its own.
type process struct {
	cmd    *exec.Cmd
	out    *words
	err    *words
	exited chan struct{}
	code   int // exit status; -1: killed
}

// start runs the program with an environment of its own. It is killed at the
// end of the test if it still runs then.
func start(t *testing.T, env map[string]string, args ...string) *process {
	t.Helper()
	p, err := launch(env, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		p.check(t)
	})
	return p
}

// check fails the test where the race detector has found something.
func (p *process) check(t *testing.T) {
	t.Helper()
	if log := p.err.String(); strings.Contains(log, "DATA RACE") || strings.Contains(log, "panic") {
		t.Error(log)
	}
}

func launch(env map[string]string, args ...string) (*process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command(exe, args...), out: newWords(), err: newWords(), exited: make(chan struct{})}
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), asProgram + "=program"}
	for name, value := range env {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.err
	input, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait()
		_ = input.Close()
		p.code = p.cmd.ProcessState.ExitCode()
		close(p.exited)
	}()
	return p, nil
}

// kill ends the process at once, and returns when it is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended already
	<-p.exited
}

// stop asks the process to end, as Ctrl-C does, and gives its exit status.
func (p *process) stop(t *testing.T) int {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatalf("%v\n%s", err, p.err)
	}
	return p.wait(t)
}

// wait waits for the end, and gives the exit status.
func (p *process) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-p.exited:
	case <-patient(t).Done():
		t.Fatalf("the program does not end\n%s%s", p.out, p.err)
	}
	return p.code
}

// logs waits for a text on the standard error.
func (p *process) logs(t *testing.T, text string) {
	t.Helper()
	if err := p.err.expect(patient(t), p.exited, text); err != nil {
		t.Fatal(err)
	}
}

// words is what a process has written so far.
type words struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // closed by the next word
}

func newWords() *words { return &words{more: make(chan struct{})} }

func (w *words) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.more)
	w.more = make(chan struct{})
	return w.text.Write(b)
}

func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// expect waits for a text; the writer's end ends the waiting.
func (w *words) expect(ctx context.Context, ended <-chan struct{}, text string) error {
	for last := false; ; {
		w.mu.Lock()
		said, more := w.text.String(), w.more
		w.mu.Unlock()
		if strings.Contains(said, text) {
			return nil
		}
		if last {
			return fmt.Errorf("%q was not said, but\n%s", text, said)
		}
		select {
		case <-more:
		case <-ended:
			last = true
		case <-ctx.Done():
			last = true
		}
	}
}
