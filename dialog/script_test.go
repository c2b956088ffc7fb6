package dialog

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/looplab/fsm"
	"pgregory.net/rapid"

	"intakebot/tickets"
)

var update = flag.Bool("update", false, "write the diagram into the README")

func TestEveryStateHasOneRowAndIsReachable(t *testing.T) {
	rows := map[State]Row{}
	for _, r := range Intake {
		if _, twice := rows[r.State]; twice {
			t.Errorf("%s has two rows", r.State)
		}
		rows[r.State] = r
	}
	reached := map[State]bool{Idle: true, Return: true}
	for again := true; again; {
		again = false
		for s := range reached {
			for _, to := range rows[s].On {
				if !reached[to] {
					reached[to], again = true, true
				}
			}
		}
	}
	for s := range reached {
		if _, ok := rows[s]; !ok && s != Return {
			t.Errorf("an edge leads to %s, which has no row", s)
		}
	}
	for s := range rows {
		if !reached[s] {
			t.Errorf("no edge leads to %s", s)
		}
	}
}

// TestDiagram holds the README's diagram against the table. Run it with
// -update to draw it anew.
func TestDiagram(t *testing.T) {
	drawn, err := fsm.VisualizeForMermaidWithGraphType(fsm.NewFSM(string(Idle), Diagram(), nil), fsm.StateDiagram)
	if err != nil {
		t.Fatal(err)
	}
	const file, open, shut = "../README.md", "<!-- dialog -->\n```mermaid\n", "```\n<!-- /dialog -->"
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(body), open)
	present, after, ok2 := strings.Cut(rest, shut)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the dialog's diagram", file)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+open+drawn+shut+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if present != drawn {
		t.Errorf("the diagram in %s is not the table's: go test ./dialog -run TestDiagram -update", file)
	}
}

// TestNothingBreaksTheDialog throws any input at any state.
func TestNothingBreaksTheDialog(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := newPlayer(t)
		for range rapid.IntRange(1, 60).Draw(r, "steps") {
			before := p.session()
			in := anyInput(r, before)
			p.give(in)
			after := p.session()
			row, ok := Intake.row(after.State)
			if !ok || (after.Draft == nil && row.drafting()) {
				r.Fatalf("%+v led from %s to %s, draft %v", in, before.State, after.State, after.Draft)
			}
			if after.State != before.State && after.Revision == before.Revision {
				r.Fatalf("the buttons of %s are still good in %s", before.State, after.State)
			}
			if f := p.reply.Change.File; f != nil && (f.Report.Site == "" || f.Report.Problem == "" || f.Report.Contact.Email == "") {
				r.Fatalf("filed without the needed: %+v", f.Report)
			}
			if in.Kind == Typed && len(p.said()) == 0 && before.Draft == nil {
				r.Fatalf("%+v in %s was met with silence", in, before.State)
			}
		}
	})
}

// anyInput prefers what leads on, or the run would stay at the first steps.
func anyInput(r *rapid.T, s Session) Input {
	good := map[State][]string{
		Name: {"Анна"}, Email: {"a@example.ru"}, Login: {"anna"}, Phone: {"84951234567"}, Site: {"example.ru"},
		Problem: {blankPage, threeProblems},
	}
	texts := append(good[s.State], "x", blankPage, strings.Repeat("<b>&", 1200), "\u202eобратно", "👩‍👩‍👧", "")
	events := []string{pressPick, pressDone, pressDone, pressNone, pressClear, "back", "cancel", "edit", "submit", "yes", "no",
		"known", "more", "edit_site", "edit_topic", "new", "lang", "nonsense"}
	in := Input{
		Kind: rapid.SampledFrom([]Kind{Typed, Typed, Pressed, Pressed, Pressed, Commanded, Keyed, Sent, Shared, Edited, Other, Blocked}).Draw(r, "kind"),
		Text: rapid.SampledFrom(texts).Draw(r, "text"),
	}
	switch in.Kind {
	case Pressed:
		in.Press = tickets.Press{
			Revision: s.Revision - rapid.SampledFrom([]int64{0, 0, 0, 0, 1, s.Revision}).Draw(r, "age"),
			Event:    rapid.SampledFrom(events).Draw(r, "event"),
			Value:    rapid.SampledFrom([]string{"error", "down", "design", "0", "7", "en", ""}).Draw(r, "value"),
		}
		in.PressedOn = 5
	case Commanded:
		in.Command = rapid.SampledFrom([]string{"new", "back", "cancel", "help", "language", "start", "nonsense"}).Draw(r, "command")
	case Keyed:
		in.Key = rapid.SampledFrom([]string{"key.skip", "key.back", "key.cancel", "key.other"}).Draw(r, "key")
	case Sent:
		if in.Refused = rapid.SampledFrom([]Refusal{"", "", RefusedType, RefusedSize}).Draw(r, "refused"); in.Refused == "" {
			in.File = picture(rapid.StringN(1, 2, 2).Draw(r, "file"), 9)
		}
	case Shared:
		in.Phone, in.Own = "79161234567", rapid.Bool().Draw(r, "own")
	case Edited:
		in.Message = rapid.Int64Range(1, 60).Draw(r, "message")
	}
	return in
}
