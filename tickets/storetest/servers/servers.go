//go:build unix

// Package servers starts throw-away PostgreSQL and Redis servers for tests, on
// free ports of this machine only. They end with the test binary, however it
// ends.
package servers

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
)

// Server is a server of one test.
type Server struct {
	URL string

	t       testing.TB
	program program
	running *process
}

// Redis starts an empty Redis that keeps nothing over a stop. It ends with the
// test.
func Redis(t testing.TB) *Server {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal("redis-server is not installed: apt-get install redis-server, or put it on the PATH")
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "intakebot-redis-")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{URL: fmt.Sprintf("redis://127.0.0.1:%d/0", port), t: t, program: program{
		dir: dir, signal: "KILL", ready: "Ready to accept connections",
		args: []string{path, "--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", dir},
	}}
	s.Start()
	t.Cleanup(s.end)
	return s
}

// Start starts it again at the same address. Starting what runs does nothing.
func (s *Server) Start() {
	s.t.Helper()
	if s.running != nil {
		return
	}
	var err error
	if s.running, err = s.program.start(); err != nil {
		s.t.Fatal(err)
	}
}

// Stop ends the server at once, as a crash would. Its connections break and
// its address refuses new ones. Stopping what does not run does nothing.
func (s *Server) Stop() {
	s.t.Helper()
	s.halt(true)
}

func (s *Server) end() {
	s.halt(false)
	if err := os.RemoveAll(s.program.dir); err != nil {
		s.t.Error(err)
	}
}

func (s *Server) halt(keep bool) {
	s.t.Helper()
	if s.running == nil {
		return
	}
	if err := s.running.stop(keep); err != nil {
		s.t.Error(err)
	}
	s.running = nil
}

// freePort finds a port that was free a moment ago.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
