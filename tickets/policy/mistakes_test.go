package policy_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"intakebot/tickets/policy"
)

func small(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// lineOf is the line of the first place where a text stands.
func lineOf(t testing.TB, text, part string) int {
	t.Helper()
	before, _, ok := strings.Cut(text, part)
	if !ok {
		t.Fatalf("%q does not stand in the file", part)
	}
	return 1 + strings.Count(before, "\n")
}

// TestMistakes makes one mistake at a time in the small policy.
func TestMistakes(t *testing.T) {
	for _, tt := range []struct {
		old, new string
		at       string // what stands in the line of the mistake; empty: new
		want     string // after FILE:LINE:
	}{
		{"zone: Europe/Berlin", "zone: Berlin", "", `calendar.zone: unknown time zone "Berlin"; write an IANA name such as Europe/Moscow`},
		{"  zone: Europe/Berlin\n", "", "calendar:", `calendar.zone: missing; write it as in the shipped policy`},
		{"    sunday: []\n", "", "week:", `calendar.week.sunday: missing; write it as in the shipped policy`},
		{"sunday: []", "sundy: []", "", `calendar.week.sundy: unknown key; the keys here are sunday, monday, tuesday, wednesday, thursday, friday, saturday`},
		{"friday: [09:00-13:00]", "friday: 09:00-13:00", "", `calendar.week.friday: a list is wanted here; write - before each entry, or [a, b], or [] for none`},
		{"friday: [09:00-13:00]", "friday:", "", `calendar.week.friday: a list is wanted here`},
		{"friday: [09:00-13:00]", "friday: [from: 09:00]", "", `calendar.week.friday[0]: a text is wanted here`},
		{"friday: [09:00-13:00]", "friday: [9-13]", "", `calendar.week.friday[0]: not a time of day: "9"; write it as 09:00, up to 24:00`},
		{"friday: [09:00-13:00]", "friday: [09:00–25:00]", "", `calendar.week.friday[0]: not a time of day: "25:00"; write it as 09:00, up to 24:00`},
		{"friday: [09:00-13:00]", "friday: [13:00-09:00]", "", `calendar.week.friday[0]: 13:00-09:00 does not end after it begins; split a night shift at 24:00`},
		{"friday: [09:00-13:00]", "friday:\n    - 09:00-13:00\n    - 12:00-14:00", "12:00-14:00", `calendar.week.friday[1]: 12:00-14:00 overlaps 09:00-13:00`},
		{"date: 2027-01-01", "date: 01.01.2027", "", `calendar.exceptions[0].date: not a date: "01.01.2027"; write it as 2027-01-08`},
		{"date: 2027-01-02", "date: 2027-01-01 # again", "", `calendar.exceptions[1].date: 2027-01-01 stands here twice; keep one of them`},
		{"hours: [10:00-14:00]", "hours: []", "date: 2027-01-02", `calendar.exceptions[1]: a closed day cannot be a working day; give it hours`},
		{"workday: true", "workday: perhaps", "", `calendar.exceptions[1].workday: write true or false`},

		{"reaction: 1h30m", "reaction: -1h", "", `levels[0].reaction: not a duration from 1m to 1000h: "-1h"; write working time such as 9h or 1h30m, or none where it is not regulated`},
		{"reaction: 1h30m", "reaction: 2d", "", `levels[0].reaction: not a duration from 1m to 1000h: "2d"`},
		{"    reaction: 1h30m\n", "", "- id: normal", `levels[0].reaction: missing`},
		{"- id: slow", "- id: normal # too", "", `levels[1].id: "normal" is an id already, in line 19; give each entry its own`},
		{"- id: slow", "- id: Slow one", "", `levels[1].id: not an id: "Slow one"; write up to 24 small Latin letters, digits and hyphens`},
		{"name: {ru: Без срока, en: No set time}", "name: {ru: Без срока}", "", `levels[1].name.en: missing; write the text in this language too`},
		{"name: {ru: Без срока, en: No set time}", "name: No set time", "", `levels[1].name: write the text in every language: {ru: …, en: …}`},
		{"name: {ru: Без срока, en: No set time}", "name: {ru: '', en: No set time}", "", `levels[1].name.ru: empty; write a text`},
		{"name: {ru: Без срока, en: No set time}", "name: {ru: [], en: No set time}", "", `levels[1].name.ru: a text is wanted here; if it is one, put it in quotes`},
		{"name: {ru: Без срока, en: No set time}", "name: {ru: Без срока, en: \"No\\nset time\"}", "", `levels[1].name.en: more than one line; write a single one`},
		{"name: {ru: Без срока, en: No set time}", "name: {ru: Без срока, en: \"No\\tset time\"}", "", `levels[1].name.en: holds a control character, U+0009; take it out`},
		{"name: {ru: Без срока, en: No set time}", "name: {ru: &x Без срока, en: No set time}", "", `levels[1].name.ru: & * and ! at the beginning mean something in YAML`},

		{"- id: repair", "- id: broken # too", "", `topics[1].id: "broken" is an id already, in line 28`},
		{"level: slow", "level: snail", "", `topics[1].level: no level has the id "snail"; the levels are normal, slow`},
		{"critical: true", "critical: true\n    colour: red", "colour", `topics[0].colour: unknown key; the keys here are id, name, level, critical, out_of_scope, explain, group`},
		{"critical: true", "critical: true\n    critical: false", "critical: false", `topics[0].critical: stands here twice, first in line 31; keep one of them`},
		{"out_of_scope: true", "out_of_scope: true\n    critical: true # so", "critical: true # so", `topics[1].critical: a topic out of scope cannot be critical; take one of the two out`},
		{"    out_of_scope: true\n", "", "explain:", `topics[1].explain: only a topic out of scope is explained`},
		{"critical: true", "out_of_scope: true # so", "- id: broken", `topics[0].explain: missing; tell the customer why the topic is out of scope and what to do`},
		{"group: -1001234567890", "group: 12", "", `topics[0].group: not a whole number`},
		{"{ru: Ремонт, en: Repairs}", "{ru: Ремонт, en: Repairs of everything that could ever break}", "", `topics[1].name.en: 43 characters; at most 40 fit`},

		{"phones:\n", "phones:\n" + strings.Repeat("  - {number: 112, note: {ru: Беда, en: Emergency}}\n", 20), "phones:", `phones: 21 entries; at most 20 are allowed`},
		{"+49 30 901820", "12", "number: 12", `phones[0].number: not a phone number: "12"`},
		{"+49 30 901820", "+49 CALL-US", "", `phones[0].number: not a phone number: "+49 CALL-US"; write it as +7 (495) 123-45-67`},
		{"https://example.com/help", "example.com/help", "", `documents[0].url: not a web address: "example.com/help"; write it as https://example.com/page`},
		{"https://example.com/help", "http://localhost/help", "", `documents[0].url: not a web address`},
		{"url: https://example.com/help", "url: [https://example.com/help]", "", `documents[0].url: a text is wanted here`},
		{"https://example.com/help", "ftp://example.com/help", "", `documents[0].url: not a web address`},
		{"https://example.com/help", "https://me:secret@example.com/help", "", `documents[0].url: not a web address`},
		{"partners:\n  title: {ru: Мастерские, en: Workshops}\n  url: https://пример.рф/мастерские\n", "", "# A desk", `partners: missing`},
		{"files: 3", "files: -3", "", `limits.files: not a whole number from 1 to 50: "-3"`},
		{"files: 3", "file_mb: 2.5", "", `limits.file_mb: not a whole number from 1 to 20: "2.5"`},
		{"draft_kept: 12h", "draft_kept: 365d", "", `limits.draft_kept: not a duration from 1h to 90d: "365d"; write it as 90m, 12h or 7d`},
		{"draft_kept: 12h", "draft_kept: 99999999999d", "", `limits.draft_kept: not a duration`},
		{"draft_kept: 12h", "draft_kept: 12h\n  remind_after: 12h", "remind_after", `limits.remind_after: not less than draft_kept, 12h`},
		{"limits:", "agents: {language: de}\nlimits:", "agents", `agents.language: no such language: "de"; write ru or en`},
		{"canned:", "silence: {remind: 10m}\ncanned:", "silence", `silence.remind: not a duration from 30m to 1000h: "10m"; write working time such as 9h or 1h30m`},
		{"canned:", "silence: {close: 9h}\ncanned:", "silence", `silence.remind: not less than close, 9h; a closed ticket cannot be reminded of`},
		{"canned:", "silence: {reopen: 400d}\ncanned:", "silence", `silence.reopen: not a duration from 1h to 365d: "400d"; write it as 12h or 30d`},
		{"canned:", "silence: {wait: 1h}\ncanned:", "silence", `silence.wait: unknown key; the keys here are remind, close, reopen`},
		{"canned:", "reasons: []\ncanned:", "reasons", `reasons: no reasons; write at least one, or leave the section out`},
		{"canned:", "reasons: [{id: a, name: {ru: а, en: a}}]\ncanned:", "reasons", `reasons[0].about: missing; write it as in the shipped policy`},
		{"canned:", "reasons:\n  - &x {id: a}\ncanned:", "&x", `reasons[0]: & * and ! at the beginning`},
		{"canned:", "reasons:\n  - {id: a, name: {ru: а, en: a}, about: {ru: а, en: a}}\n  - {id: a, name: {ru: b, en: b}, about: {ru: b, en: b}}\ncanned:", "ru: b", `reasons[1].id: "a" is an id already`},
		{"thanks: {", "Thank you: {", "", `canned.Thank you: not a name: "Thank you"; write up to 24 small Latin letters, digits and hyphens`},
		{"canned:\n", "canned: none\nx:\n", "canned", `canned: keys and values are wanted here`},
	} {
		t.Run(tt.new, func(t *testing.T) {
			text := strings.Replace(small(t), tt.old, tt.new, 1)
			if tt.at == "" {
				tt.at = tt.new
			}
			want := fmt.Sprintf("desk.yaml:%d: %s", lineOf(t, text, tt.at), tt.want)
			_, err := policy.Read("desk.yaml", strings.NewReader(text))
			if !strings.Contains(fmt.Sprintf("\n%v", err), "\n"+want) {
				t.Errorf("got\n%v\nwant\n%s", err, want)
			}
		})
	}
}

// TestAllAtOnce expects every mistake of a file, in the order of the lines.
func TestAllAtOnce(t *testing.T) {
	text := small(t)
	for old, wrong := range map[string]string{
		"Europe/Berlin": "Mars", "reaction: none": "reaction: soon", "level: slow": "level: snail", "files: 3": "files: three",
		"09:00-13:00, 14": "09:00-15:00, 14", "thanks: {ru: Спасибо!, ": "thanks: {", "phones:": "fones:",
	} {
		text = strings.Replace(text, old, wrong, 1)
	}
	_, err := policy.Read("desk.yaml", strings.NewReader(text))
	var got []string
	for line := range strings.Lines(fmt.Sprint(err)) {
		got = append(got, strings.Join(strings.SplitN(line, ":", 4)[:3], ":"))
	}
	want := []string{
		"desk.yaml:3: calendar.zone", "desk.yaml:5: calendar.week.monday[1]", "desk.yaml:25: levels[1].reaction",
		"desk.yaml:35: topics[1].level", "desk.yaml:42: fones", "desk.yaml:52: limits.files", "desk.yaml:55: canned.thanks.ru",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%v\nwant\n%s", err, strings.Join(want, "\n"))
	}
	var m *policy.Mistake
	if !errors.As(err, &m) || m.Line != 3 {
		t.Errorf("the first mistake is %+v", m)
	}
}

// TestNotAPolicy has files that are something else altogether.
func TestNotAPolicy(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"empty":       {"", "f:1: yaml: the file is empty"},
		"comments":    {"# nothing\n", "f:1: yaml: the file is empty"},
		"a list":      {"- a\n- b\n", "f:1: yaml: keys and values are wanted here"},
		"a word":      {"hello", "f:1: yaml: keys and values are wanted here"},
		"no YAML":     {"calendar:\n  zone: [a\nlevels: }", "f:3: yaml: "},
		"two":         {small(t) + "---\nlevels: []\n", "f:57: yaml: a second document"},
		"Latin 1":     {"calendar:\n  zone: \xE4\n", "f:2: yaml: not UTF-8"},
		"large":       {strings.Repeat("#\n", policy.MaxBytes), "f:1: yaml: the file is larger than 1024 KiB"},
		"long":        {strings.Repeat("- a\n", 50_000), "f:10001: yaml: too long"},
		"deep":        {strings.Repeat("[", 5_000), "f:1: yaml: nested too deeply"},
		"deep dashes": {strings.Repeat("- ", 5_000), "f:1: yaml: nested too deeply"},
	} {
		_, err := policy.Read("f", strings.NewReader(tt.text))
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", name, err, tt.want)
		}
	}
}

// TestManyMistakes keeps the report readable.
func TestManyMistakes(t *testing.T) {
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "key%d: 1\n", i)
	}
	_, err := policy.Read("f", strings.NewReader(b.String()))
	lines := strings.Split(fmt.Sprint(err), "\n")
	if len(lines) != 101 || lines[100] != "f: and 403 more" {
		t.Errorf("%d lines, the last: %s", len(lines), lines[len(lines)-1])
	}
}

// FuzzRead: whatever the file holds, Read ends with a policy that can be used,
// or with mistakes of one line each.
func FuzzRead(f *testing.F) {
	f.Add(string(policy.ShippedFile()))
	f.Add(small(f))
	f.Add("calendar: {zone: UTC, week: {monday: [9:00-18:00]}}\nlevels: &a [*a]\n<<: {}\n? x\n")
	f.Add("topics:\n- id: |\n    x\n  name: !!str y\n\"a\\nb\": 'c'\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := policy.Read("f", strings.NewReader(text))
		if err == nil {
			if p.Calendar.Empty() || len(p.Levels) == 0 || len(p.Topics) == 0 || p.Limits.Files == 0 {
				t.Errorf("an unusable policy: %+v", p)
			}
			return
		}
		for line := range strings.SplitSeq(err.Error(), "\n") {
			if !strings.HasPrefix(line, "f:") || len(line) > 4_000 {
				t.Errorf("not a line of a report: %.200q", line)
			}
		}
	})
}
