package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// startCost builds the program as it ships, and measures how long it takes from
// its start until it is ready, with a file that is new, and its memory when idle.
// The tables above are of test binaries, in which there is more.
func startCost(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "intakebot")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as make build has it
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := newSink(1)
	api := httptest.NewServer(s)
	defer api.Close()
	var ready, idle []float64
	for range 5 {
		b := &bench{name: "the program", people: &people{t: t, sink: s, address: freeAddress(t)}}
		cmd := exec.Command(path, "run")
		cmd.Env = []string{
			"TELEGRAM_BOT_TOKEN=" + demoToken, "TELEGRAM_API_URL=" + api.URL, "AGENT_GROUP_ID=-100500", "LISTEN_ADDR=" + b.people.address,
			"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "desk.db"), "WEBHOOK_URL=" + hookURL, "WEBHOOK_SECRET=" + hookSecret,
		}
		b.run = &process{cmd: cmd, err: newWords()}
		begun := time.Now()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		b.awaited(t)
		ready = append(ready, ms(time.Since(begun)))
		idle = append(idle, b.idles())
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it says that it was killed
	}
	file, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("As it ships, on SQLite: ready after %.0f ms, %.0f MB idle; a file of %.0f MB.", median(ready), median(idle), float64(file.Size())/(1<<20))
}
