package policy_test

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"intakebot/tickets"
	"intakebot/tickets/policy"
)

func TestShippedHours(t *testing.T) {
	p := policy.Shipped()
	if zone := p.Calendar.Location().String(); zone != "Europe/Moscow" {
		t.Errorf("the desk is in %s", zone)
	}
	monday := time.Date(2026, 3, 2, 0, 0, 0, 0, p.Calendar.Location())
	for i, want := range []int{9, 9, 9, 9, 9, 8, 8} { // R2.1
		day := monday.AddDate(0, 0, i)
		if got := p.Calendar.Worked(day, day.AddDate(0, 0, 1)); got != time.Duration(want)*time.Hour {
			t.Errorf("%v: open for %v, want %d h", day.Weekday(), got, want)
		}
		if closes := p.Calendar.ClosesAt(p.Calendar.NextOpening(day)); closes.Hour() != 18 {
			t.Errorf("%v: closes at %v", day.Weekday(), closes)
		}
	}
}

func TestShippedLevels(t *testing.T) {
	p := policy.Shipped()
	friday := time.Date(2026, 3, 6, 12, 0, 0, 0, p.Calendar.Location())
	for id, want := range map[string]struct {
		reaction time.Duration
		due      string
	}{
		"support":      {9 * time.Hour, "Sat 13:00"},
		"consultation": {20 * time.Hour, "Tue 14:00"}, // R4.2
		"development":  {0, ""},                       // R5.1
	} {
		l, ok := p.Level(id)
		if !ok || l.Reaction != want.reaction {
			t.Errorf("%s: reaction time %v, want %v", id, l.Reaction, want.reaction)
		}
		if due := p.CalendarOf(l).Due(friday, l.Reaction); want.due != "" && due.Format("Mon 15:04") != want.due {
			t.Errorf("%s: due %v, want %s", id, due, want.due)
		}
	}
	if len(p.Levels) != 3 {
		t.Errorf("%d levels", len(p.Levels))
	}
}

func TestShippedTopics(t *testing.T) {
	p := policy.Shipped()
	critical, outside := 0, 0
	for _, topic := range p.Topics {
		for lang, name := range topic.Name {
			if n := utf8.RuneCountInString(name); n > 30 {
				t.Errorf("%s: the %s label has %d characters", topic.ID, lang, n)
			}
		}
		if topic.Critical {
			critical++
		}
		if topic.OutOfScope {
			outside++
		}
		if _, ok := p.Level(topic.Level); !ok {
			t.Errorf("%s: no level %s", topic.ID, topic.Level)
		}
	}
	if critical != 2 || outside != 6 { // R2.4, R6.2
		t.Errorf("%d critical topics and %d out of scope, want 2 and 6", critical, outside)
	}
}

func TestShippedRest(t *testing.T) {
	p := policy.Shipped()
	var phones []string
	for _, ph := range p.Phones {
		phones = append(phones, ph.Number)
	}
	if want := []string{"8-800-5555-864", "+7 (495) 662-87-59", "+7 (812) 309-68-23"}; !reflect.DeepEqual(phones, want) { // R8.2
		t.Errorf("phones %q, want %q", phones, want)
	}
	if len(p.Documents) != 4 || p.Partners.URL == "" || len(p.Canned) == 0 {
		t.Errorf("links %v, %v and %d canned answers", p.Documents, p.Partners, len(p.Canned))
	}
	want := tickets.Limits{
		DescriptionMin: 20, DescriptionMax: 12000, TextMax: 8000, Files: 10, FileBytes: 20 << 20,
		DraftKept: 7 * 24 * time.Hour, RemindAfter: time.Hour, PerMinute: 60,
	}
	if p.Limits != want {
		t.Errorf("limits %+v, want %+v", p.Limits, want)
	}
	if p.Agents != (tickets.Agents{Lang: tickets.Russian, ShowName: true}) {
		t.Errorf("agents %+v", p.Agents)
	}
}

// TestShippedEnds: what may put work off is R6.4's list.
func TestShippedEnds(t *testing.T) {
	p := policy.Shipped()
	var ids []string
	for _, r := range p.Reasons {
		ids = append(ids, r.ID)
	}
	if want := []string{"not-reproduced", "no-information", "long-diagnosis", "out-of-scope", "not-constructive"}; !reflect.DeepEqual(ids, want) {
		t.Errorf("reasons %q, want %q", ids, want)
	}
	if want := (tickets.Silence{Remind: 9 * time.Hour, Close: 27 * time.Hour, Reopen: 30 * 24 * time.Hour}); p.Silence != want {
		t.Errorf("silence %+v, want %+v", p.Silence, want)
	}
}

// TestReasonsAreAsShippedWhenLeftOut, and are the reader's own.
func TestReasonsAreAsShippedWhenLeftOut(t *testing.T) {
	p, err := policy.Read("small.yaml", strings.NewReader(small(t)))
	if err != nil || !reflect.DeepEqual(p.Reasons, policy.Shipped().Reasons) || p.Silence != policy.Shipped().Silence {
		t.Fatalf("reasons %+v, silence %+v, %v", p.Reasons, p.Silence, err)
	}
	p.Reasons[0].Name[tickets.English] = "changed"
	if again, _ := policy.Read("small.yaml", strings.NewReader(small(t))); again.Reasons[0].Name[tickets.English] == "changed" {
		t.Error("one policy's reasons are another's")
	}
}

// TestShippedIsFresh keeps one caller's changes from the next.
func TestShippedIsFresh(t *testing.T) {
	p := policy.Shipped()
	p.Topics[0].Name[tickets.English] = "changed"
	if policy.Shipped().Topics[0].Name[tickets.English] == "changed" {
		t.Error("the shipped policy has changed")
	}
	copied, err := policy.Read("copy.yaml", bytes.NewReader(policy.ShippedFile()))
	if err != nil || !reflect.DeepEqual(copied.Topics, policy.Shipped().Topics) {
		t.Errorf("a copy of the shipped file reads differently: %v", err)
	}
}

func TestFile(t *testing.T) {
	p, err := policy.File(filepath.Join("testdata", "small.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	shipped := policy.Shipped()
	limits := shipped.Limits
	limits.Files, limits.DraftKept = 3, 12*time.Hour
	if p.Limits != limits || p.Agents != shipped.Agents {
		t.Errorf("got %+v and %+v, want the shipped ones with 3 files and 12 hours", p.Limits, p.Agents)
	}
	both := tickets.Words{"ru": "Мы этого не делаем.\nОбратитесь в мастерскую.", "en": "We do not do this.\nAsk a workshop."}
	want := []tickets.Topic{
		{ID: "broken", Name: tickets.Words{"ru": "Не работает", "en": "It is broken"}, Level: "normal", Critical: true, Group: -1001234567890},
		{ID: "repair", Name: tickets.Words{"ru": "Ремонт", "en": "Repairs"}, Level: "slow", OutOfScope: true, Explain: both},
	}
	if !reflect.DeepEqual(p.Topics, want) {
		t.Errorf("topics\n%+v, want\n%+v", p.Topics, want)
	}
	eve := time.Date(2026, 12, 31, 17, 0, 0, 0, p.Calendar.Location())
	if due := p.CalendarOf(p.Levels[1]).Due(eve, 2*time.Hour); due.Format("2006-01-02 15:04") != "2027-01-02 11:00" {
		t.Errorf("due %v, want the working Saturday after a day off", due)
	}
	if _, err = policy.File(filepath.Join("testdata", "none.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

// TestOtherForms reads what editors on other systems make of a file.
func TestOtherForms(t *testing.T) {
	text := string(policy.ShippedFile())
	for name, text := range map[string]string{
		"BOM":       "\uFEFF" + text,
		"CRLF":      strings.ReplaceAll(text, "\n", "\r\n"),
		"document":  "---\n" + text,
		"long dash": strings.ReplaceAll(text, "[09:00-18:00]", "[9:00 – 18:00]"),
	} {
		p, err := policy.Read(name, strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !reflect.DeepEqual(p, policy.Shipped()) {
			t.Errorf("%s: read differently", name)
		}
	}
}

// TestExampleInComments uncomments the exceptions that the shipped file shows.
func TestExampleInComments(t *testing.T) {
	text := strings.ReplaceAll(string(policy.ShippedFile()), "\n  #   ", "\n  ")
	text = strings.Replace(text, "\n  exceptions: []\n", "\n", 1)
	p, err := policy.Read("policy.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	consultation, _ := p.Level("consultation")
	for date, want := range map[string]time.Duration{"2027-01-01": 0, "2027-01-02": 0, "2027-02-20": 9 * time.Hour} {
		day, err := time.ParseInLocation(time.DateOnly, date, p.Calendar.Location())
		if err != nil {
			t.Fatal(err)
		}
		if got := p.CalendarOf(consultation).Worked(day, day.AddDate(0, 0, 1)); got != want {
			t.Errorf("%s: %v of working time, want %v", date, got, want)
		}
	}
}
