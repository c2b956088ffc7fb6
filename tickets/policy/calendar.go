package policy

import (
	"errors"
	"strings"

	"intakebot/tickets/sla"
)

var weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

func readCalendar(v value) sla.Calendar {
	if !v.exists() {
		return sla.Calendar{}
	}
	f := v.fields("zone", "week", "exceptions")
	spec := sla.Spec{Zone: f.need("zone").text()}
	week := f.need("week")
	days := week.fields(weekdays...)
	for d, name := range weekdays {
		if week.exists() {
			spec.Week[d] = readHours(days.need(name))
		}
	}
	for _, e := range f.get("exceptions").list() {
		spec.Exceptions = append(spec.Exceptions, readException(e))
	}
	c, err := sla.New(spec)
	v.reportCalendar(err)
	return c
}

// reportCalendar finds the lines of the calendar's own complaints, which name
// their places as the file does.
func (v value) reportCalendar(err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return
	}
	for _, err := range joined.Unwrap() {
		var p *sla.Problem
		if errors.As(err, &p) {
			key := join(v.key, p.Place)
			v.src.report(v.src.lineOfKey(key, v.line), key, "%s", p.Text)
		}
	}
}

// lineOfKey is where a key stands, or the closest one above it.
func (s *source) lineOfKey(key string, otherwise int) int {
	for key != "" {
		if line, ok := s.lines[key]; ok {
			return line
		}
		key = key[:max(strings.LastIndexAny(key, ".["), 0)]
	}
	return otherwise
}

func readHours(v value) []sla.Hours {
	var out []sla.Hours
	for _, one := range v.list() {
		h, err := sla.ParseHours(cut(one.text(), maxLabel))
		if err != nil {
			one.report("%v", err)
		}
		out = append(out, h)
	}
	return out
}

func readException(v value) sla.Exception {
	f := v.fields("date", "hours", "workday")
	date := f.need("date")
	e := sla.Exception{Hours: readHours(f.need("hours")), Workday: f.get("workday").flag()}
	var err error
	if e.Date, err = sla.ParseDate(cut(date.text(), maxLabel)); err != nil {
		date.report("%v", err)
	}
	return e
}
