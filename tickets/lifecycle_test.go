package tickets_test

import (
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/looplab/fsm"

	"intakebot/tickets"
)

var update = flag.Bool("update", false, "write the diagram into the README")

// TestLife plays every row of the table of moves, and refuses all else.
func TestLife(t *testing.T) {
	for _, from := range tickets.States {
		for _, a := range tickets.Actions {
			want, ok := row(a.Name, from)
			if !slices.ContainsFunc(tickets.Moves, func(m tickets.Move) bool { return m.Event == a.Name }) || a.Name == "merge" {
				continue
			}
			p := in(from)
			err := p.act(ivan, a.Name, valueFor(a))
			var refused *tickets.Refusal
			switch {
			case ok && a.Name == "take" && from == tickets.StateWork: // his already
				if !errors.As(err, &refused) || refused.Line.Key != "desk.yours" {
					t.Errorf("taking what one has: %v", err)
				}
			case ok && (err != nil || p.t.State != want):
				t.Errorf("%s in %s: %v, %s; want %s", a.Name, from, err, p.t.State, want)
			case !ok && !errors.As(err, &refused):
				t.Errorf("%s in %s: %v, and is now %s", a.Name, from, err, p.t.State)
			case !ok && p.t.State != from:
				t.Errorf("%s was refused in %s, which is now %s", a.Name, from, p.t.State)
			}
			if a.OfferedIn(from) != (ok && want != from) {
				t.Errorf("%s is offered in %s: %v", a.Name, from, a.OfferedIn(from))
			}
		}
	}
}

// row finds the move of an event from a state.
func row(event string, from tickets.State) (tickets.State, bool) {
	for _, m := range tickets.Moves {
		if m.Event == event && slices.Contains(m.From, from) {
			return m.To, true
		}
	}
	return "", false
}

func valueFor(a tickets.Action) string {
	switch a.Wants {
	case tickets.WantsReason:
		return "no-information"
	case tickets.WantsCanned:
		return "details"
	}
	return ""
}

// in brings a ticket to a state by what agents do.
func in(s tickets.State) *player {
	p := newPlayer(tuesday, "error")
	for _, name := range map[tickets.State][]string{
		tickets.StateWork: {"take"}, tickets.StateWaiting: {"wait"}, tickets.StateDevelopment: {"develop"}, tickets.StatePutOff: {"putoff"},
		tickets.StateDeclined: {"decline"}, tickets.StateSolved: {"solve"}, tickets.StateClosed: {"close"}, tickets.StateReopened: {"solve", "reopen"},
	}[s] {
		a, _ := tickets.FindAction(name)
		if err := p.act(ivan, name, valueFor(a)); err != nil {
			panic(err)
		}
	}
	if p.t.State != s {
		panic("not in " + string(s))
	}
	return p
}

// TestMovesAreUnambiguous: one event leads from one state to one.
func TestMovesAreUnambiguous(t *testing.T) {
	seen := map[[2]string]bool{}
	reached := map[tickets.State]bool{tickets.StateNew: true}
	for _, m := range tickets.Moves {
		reached[m.To] = true
		for _, from := range m.From {
			if edge := [2]string{m.Event, string(from)}; seen[edge] {
				t.Errorf("%v stands twice", edge)
			} else {
				seen[edge] = true
			}
		}
	}
	for _, s := range tickets.States {
		if !reached[s] {
			t.Errorf("no move leads to %s", s)
		}
	}
}

// TestLifeDiagram holds the README's diagram against the table. Run it with
// -update to draw it anew.
func TestLifeDiagram(t *testing.T) {
	drawn, err := fsm.VisualizeForMermaidWithGraphType(fsm.NewFSM(string(tickets.StateNew), tickets.Diagram(), nil), fsm.StateDiagram)
	if err != nil {
		t.Fatal(err)
	}
	const file, open, shut = "../README.md", "<!-- life -->\n```mermaid\n", "```\n<!-- /life -->"
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(body), open)
	present, after, ok2 := strings.Cut(rest, shut)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the diagram of a ticket's life", file)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+open+drawn+shut+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if present != drawn {
		t.Errorf("the diagram in %s is not the table's: go test ./tickets -run TestLifeDiagram -update", file)
	}
}

// TestActions: names are what Telegram takes for commands, and nobody's twice.
func TestActions(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range tickets.Actions {
		for _, name := range append([]string{a.Name}, a.Aliases...) {
			if seen[name] || len(name) > 32 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") != "" {
				t.Errorf("the name %q", name)
			}
			seen[name] = true
			if found, ok := tickets.FindAction(name); !ok || found.Name != a.Name {
				t.Errorf("%s finds %s", name, found.Name)
			}
		}
		p := in(tickets.StateWork)
		err := p.act(ivan, a.Name, "")
		var refused *tickets.Refusal
		if plain := err != nil && !errors.As(err, &refused); plain == a.Changes {
			t.Errorf("%s changes something: %v, and did: %v", a.Name, a.Changes, err)
		}
	}
	if _, ok := tickets.FindAction("nonsense"); ok {
		t.Error("found nonsense")
	}
}
