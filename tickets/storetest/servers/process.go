//go:build unix

package servers

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// patience is how long a server may take to start.
const patience = time.Minute

// watch runs a server and ends it when its input ends, which happens however
// this process dies: nothing is left behind. The folder goes too, unless a line
// says to keep it.
const watch = `dir=$1 signal=$2; shift 2
"$@" & pid=$!
exec >/dev/null 2>&1
read -r why
kill -s "$signal" "$pid"; wait "$pid"
[ "$why" = keep ] || rm -rf "$dir"`

// program is a server that can be started.
type program struct {
	dir    string // its data
	signal string // that ends it at once
	ready  string // what it logs when it can be used
	args   []string
	as     *syscall.Credential // nil: this process's own user
}

// process is a program that runs.
type process struct {
	cmd   *exec.Cmd
	input io.WriteCloser
}

// command runs something in the program's folder and as its user. A process
// group of its own keeps Ctrl-C from the watch.
func (p program) command(args ...string) *exec.Cmd {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.as, Setpgid: true}
	return cmd
}

// start returns when the program is ready, or with its last words.
func (p program) start() (*process, error) {
	cmd := p.command(append([]string{"/bin/sh", "-c", watch, "watch", p.dir, p.signal}, p.args...)...)
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	log, logged, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = logged, logged
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	if err := logged.Close(); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(log)
	late := time.AfterFunc(patience, func() { _ = input.Close() })
	defer late.Stop()
	if err := await(lines, p.ready); err != nil {
		_ = input.Close()
		_ = cmd.Wait()
		return nil, fmt.Errorf("%s did not start: %w", p.args[0], err)
	}
	// A full pipe would stop the server.
	go func() { _, _ = io.Copy(io.Discard, lines); _ = log.Close() }()
	return &process{cmd, input}, nil
}

func await(lines *bufio.Reader, ready string) error {
	var said strings.Builder
	for {
		line, err := lines.ReadString('\n')
		said.WriteString(line)
		if strings.Contains(line, ready) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w after: %s", err, said.String())
		}
	}
}

// stop ends the program at once, and returns when it is gone.
func (p *process) stop(keep bool) error {
	if keep {
		if _, err := io.WriteString(p.input, "keep\n"); err != nil {
			return err
		}
	}
	if err := p.input.Close(); err != nil {
		return err
	}
	_ = p.cmd.Wait() // its status is the signal
	return nil
}
