package main

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// room is what a package may import: of ours by the path in the module, of
// others by the module's path.
type room struct{ ours, others []string }

// rooms is the table of the design. A room that is not in it must not be.
var rooms = map[string]room{
	"tickets":                   {[]string{"tickets/sla"}, []string{"golang.org/x/net", "github.com/looplab/fsm"}},
	"tickets/sla":               {},
	"tickets/policy":            {[]string{"tickets", "tickets/sla"}, []string{"github.com/goccy/go-yaml"}},
	"tickets/postgres":          {[]string{"tickets", "tickets/sla", "migrations"}, []string{"github.com/jackc/pgx/v5"}},
	"tickets/sqlite":            {[]string{"tickets", "tickets/sla", "migrations"}, []string{"modernc.org/sqlite"}},
	"tickets/storetest":         {[]string{"tickets"}, []string{"github.com/pressly/goose/v3"}},
	"tickets/storetest/servers": {nil, []string{"github.com/jackc/pgx/v5", "github.com/redis/go-redis/v9"}},
	"migrations":                {nil, []string{"github.com/pressly/goose/v3"}},
	"dialog":                    {[]string{"tickets"}, []string{"github.com/looplab/fsm"}},
	"dialog/sessions":           {[]string{"dialog", "tickets"}, []string{"github.com/redis/go-redis/v9"}},
	"dialog/sessions/redisconn": {nil, []string{"github.com/redis/go-redis/v9"}},
	"bot":                       {[]string{"dialog", "tickets", "bot/texts"}, []string{"github.com/go-telegram/bot", "golang.org/x/sync"}},
	"bot/limits":                {nil, []string{"github.com/redis/go-redis/v9"}},
	"bot/texts":                 {[]string{"tickets"}, []string{"github.com/goccy/go-yaml", "golang.org/x/text"}},
	"bot/telegramsim":           {nil, []string{"github.com/go-telegram/bot"}},
}

// everything is the room of the wiring.
const everything = "cmd/intakebot"

func TestRooms(t *testing.T) {
	out, err := exec.CommandContext(patient(t), "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "intakebot/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		name := strings.TrimPrefix(fields[0], "intakebot/")
		if name == everything {
			continue
		}
		r, ok := rooms[name]
		if !ok {
			t.Errorf("%s is not in the table of rooms", name)
			continue
		}
		seen++
		for _, path := range fields[1:] {
			if !r.allows(path) {
				t.Errorf("%s must not import %s", name, path)
			}
		}
	}
	if seen != len(rooms) {
		t.Errorf("%d rooms of the %d in the table are there", seen, len(rooms))
	}
}

func (r room) allows(path string) bool {
	if own, ok := strings.CutPrefix(path, "intakebot/"); ok {
		return slices.Contains(r.ours, own)
	}
	if host, _, _ := strings.Cut(path, "/"); !strings.Contains(host, ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(r.others, func(module string) bool {
		return path == module || strings.HasPrefix(path, module+"/")
	})
}

func TestRoomsRefuse(t *testing.T) {
	for name, path := range map[string]string{
		"tickets": "github.com/jackc/pgx/v5", "dialog": "intakebot/bot", "bot": "intakebot/tickets/sqlite", "tickets/sla": "intakebot/tickets",
	} {
		if rooms[name].allows(path) {
			t.Errorf("%s may import %s", name, path)
		}
	}
}

// TestNoMethodIsLookedUpByName: where one may be, the linker keeps all that are
// exported of every type that is reached, a quarter of the binary.
func TestNoMethodIsLookedUpByName(t *testing.T) {
	build := exec.CommandContext(t.Context(), "go", "build", "-pgo=off", "-ldflags=-dumpdep", "-o", filepath.Join(t.TempDir(), "intakebot"), ".")
	reached, err := build.CombinedOutput()
	if err != nil || !strings.Contains(string(reached), "main.main -> main.execute") {
		t.Fatalf("%v\n%.2000s", err, reached)
	}
	for line := range strings.Lines(string(reached)) {
		if from, _, _ := strings.Cut(line, " -> "); strings.Contains(from, "<ReflectMethod>") {
			t.Fatalf("by %s", from)
		}
	}
}
