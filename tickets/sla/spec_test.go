package sla_test

import (
	"errors"
	"testing"
	"time"

	"intakebot/tickets/sla"
)

// TestNewReportsEverything has one mistake of every kind in one Spec.
func TestNewReportsEverything(t *testing.T) {
	date := sla.Date{Year: 2027, Month: time.January, Day: 8}
	_, err := sla.New(sla.Spec{
		Zone: "Europe/Moskva",
		Week: [7][]sla.Hours{
			time.Monday:  {{From: sla.At(9, 0), To: sla.At(13, 0)}, {From: sla.At(12, 0), To: sla.At(18, 0)}},
			time.Tuesday: {{From: sla.At(18, 0), To: sla.At(9, 0)}, {From: sla.At(20, 0), To: sla.At(25, 0)}},
		},
		Exceptions: []sla.Exception{
			{Date: sla.Date{Year: 2027, Month: time.February, Day: 30}},
			{Date: date, Hours: []sla.Hours{{From: sla.At(9, 0), To: sla.At(9, 0)}}},
			{Date: date, Workday: true},
		},
	})
	want := []string{
		`zone: unknown time zone "Europe/Moskva"; write an IANA name such as Europe/Moscow`,
		`exceptions[0].date: no such date: 2027-02-30`,
		`exceptions[1].hours[0]: 09:00-09:00 does not end after it begins; split a night shift at 24:00`,
		`exceptions[2].date: 2027-01-08 stands here twice; keep one of them`,
		`exceptions[2]: a closed day cannot be a working day; give it hours`,
		`week.monday[1]: 12:00-18:00 overlaps 09:00-13:00`,
		`week.tuesday[0]: 18:00-09:00 does not end after it begins; split a night shift at 24:00`,
		`week.tuesday[1]: 20:00-25:00 is outside of the day; write times from 00:00 to 24:00`,
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("got %v, want several errors", err)
	}
	got := joined.Unwrap()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i].Error() != want[i] {
			t.Fatalf("problem %d: got\n%v", i, err)
		}
		var p *sla.Problem
		if !errors.As(got[i], &p) {
			t.Errorf("problem %d is a %T", i, got[i])
		}
	}
}

func TestNewRefuses(t *testing.T) {
	open := [7][]sla.Hours{time.Monday: {{From: sla.At(9, 0), To: sla.At(18, 0)}}}
	for name, tt := range map[string]struct {
		spec  sla.Spec
		place string
	}{
		"no zone":         {sla.Spec{Week: open}, "zone"},
		"machine's zone":  {sla.Spec{Zone: "Local", Week: open}, "zone"},
		"no working time": {sla.Spec{Zone: "UTC"}, "week"},
		"year 0":          {sla.Spec{Zone: "UTC", Week: open, Exceptions: []sla.Exception{{}}}, "exceptions[0].date"},
	} {
		_, err := sla.New(tt.spec)
		var p *sla.Problem
		if !errors.As(err, &p) || p.Place != tt.place {
			t.Errorf("%s: got %v, want a problem with %s", name, err, tt.place)
		}
	}
}

// TestNewCopies keeps a Calendar from changing with the Spec that made it.
func TestNewCopies(t *testing.T) {
	spec := sla.Spec{Zone: "UTC"}
	spec.Week[time.Monday] = []sla.Hours{{From: sla.At(9, 0), To: sla.At(18, 0)}}
	c, err := sla.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	spec.Week[time.Monday][0].From = sla.At(17, 0)
	if monday := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC); !c.Open(monday) {
		t.Error("the calendar has changed")
	}
}

func TestParseHours(t *testing.T) {
	for s, want := range map[string]string{
		"09:00-18:00":   "09:00-18:00",
		"9:00 – 18:30":  "09:00-18:30",
		" 0:00-24:00 ":  "00:00-24:00",
		"18:00-9:00":    "18:00-09:00", // New tells what is wrong with it
		"09:00":         "",
		"9-18":          "",
		"09:00-24:01":   "",
		"09:60-18:00":   "",
		"+9:00-18:00":   "",
		"09:0-18:00":    "",
		"009:00-18:00":  "",
		"":              "",
		"-":             "",
		"09:00-12:00-1": "",
	} {
		h, err := sla.ParseHours(s)
		if want == "" && err == nil {
			t.Errorf("%q: got %v, want an error", s, h)
		}
		if want != "" && (err != nil || h.String() != want) {
			t.Errorf("%q: got %v, %v, want %s", s, h, err, want)
		}
	}
}

func TestParseDate(t *testing.T) {
	for s, ok := range map[string]bool{
		"2028-02-29": true, "2027-02-29": false, "2027-1-8": false, "08.01.2027": false, "0000-01-01": false, "": false,
	} {
		d, err := sla.ParseDate(s)
		if (err == nil) != ok || (ok && d.String() != s) {
			t.Errorf("%q: got %v, %v", s, d, err)
		}
	}
}
