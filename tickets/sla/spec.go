package sla

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Spec describes a Calendar.
type Spec struct {
	Zone       string     // IANA name, such as Europe/Moscow
	Week       [7][]Hours // by time.Weekday; none: closed
	Exceptions []Exception
}

// Exception is a date with hours of its own: a holiday, a day off, an extra
// working day.
type Exception struct {
	Date  Date
	Hours []Hours // none: closed

	// Workday makes the date count also where its weekday is left out: a
	// Saturday that is worked in place of a Monday (R4.2).
	Workday bool
}

// Problem is one mistake in a Spec.
type Problem struct {
	Place string // zone, week.monday, week.monday[1], exceptions[0], exceptions[0].hours[1] …
	Text  string // what is wrong and what to write
}

func (p *Problem) Error() string { return p.Place + ": " + p.Text }

// New checks a Spec and makes its Calendar. The error joins a *Problem for
// every mistake.
func New(spec Spec) (Calendar, error) {
	var ck check
	c := Calendar{
		loc:        ck.zone(spec.Zone),
		week:       new([7][]Hours),
		exceptions: ck.exceptions(spec.Exceptions),
	}
	for day, hours := range spec.Week {
		place := "week." + strings.ToLower(time.Weekday(day).String())
		c.week[day] = ck.hours(place, hours)
	}
	if len(ck.problems) == 0 && c.Empty() {
		ck.report("week", "no working time at all; give at least one weekday its hours")
	}
	if len(ck.problems) > 0 {
		return Calendar{}, errors.Join(ck.problems...)
	}
	return c, nil
}

// check gathers problems.
type check struct{ problems []error }

func (ck *check) report(place, format string, args ...any) {
	ck.problems = append(ck.problems, &Problem{place, fmt.Sprintf(format, args...)})
}

// zone finds a time zone by its name. Local is refused: what it means depends
// on the machine.
func (ck *check) zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		ck.report("zone", "unknown time zone %q; write an IANA name such as Europe/Moscow", name)
		return nil
	}
	return loc
}

func (ck *check) exceptions(list []Exception) map[int64]Exception {
	byDay := make(map[int64]Exception, len(list))
	for i, e := range list {
		place := fmt.Sprintf("exceptions[%d]", i)
		e.Hours = ck.hours(place+".hours", e.Hours)
		if !e.Date.valid() {
			ck.report(place+".date", "no such date: %v", e.Date)
			continue
		}
		if _, twice := byDay[e.Date.day()]; twice {
			ck.report(place+".date", "%v stands here twice; keep one of them", e.Date)
		}
		if e.Workday && len(e.Hours) == 0 {
			ck.report(place, "a closed day cannot be a working day; give it hours")
		}
		byDay[e.Date.day()] = e
	}
	return byDay
}

// hours checks the hours of a day and returns a sorted copy.
func (ck *check) hours(place string, list []Hours) []Hours {
	for i, h := range list {
		at := fmt.Sprintf("%s[%d]", place, i)
		switch {
		case h.From < 0 || h.To > Midnight:
			ck.report(at, "%v is outside of the day; write times from 00:00 to 24:00", h)
		case h.From >= h.To:
			ck.report(at, "%v does not end after it begins; split a night shift at 24:00", h)
		}
		for _, other := range list[:i] {
			if h.From < other.To && other.From < h.To {
				ck.report(at, "%v overlaps %v", h, other)
			}
		}
	}
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b Hours) int { return int(a.From - b.From) })
	return sorted
}
