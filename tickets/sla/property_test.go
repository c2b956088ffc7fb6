package sla_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"intakebot/tickets/sla"
)

var zones = []string{
	"Europe/Moscow", "Europe/Berlin", "America/New_York", "America/Havana", "Asia/Kathmandu",
	"Australia/Lord_Howe", "Africa/Casablanca", "Asia/Beirut", "Pacific/Chatham", "UTC",
}

// drawHours gives hours that do not overlap, often up to midnight.
func drawHours(t *rapid.T, label string) []sla.Hours {
	cuts := rapid.SliceOfNDistinct(rapid.IntRange(0, 48), 0, 6, rapid.ID[int]).Draw(t, label)
	slices.Sort(cuts)
	var out []sla.Hours
	for i := 0; i+1 < len(cuts); i += 2 {
		out = append(out, sla.Hours{From: sla.At(0, 30*cuts[i]), To: sla.At(0, 30*cuts[i+1])})
	}
	return out
}

func drawSpec(t *rapid.T, around time.Time) sla.Spec {
	spec := sla.Spec{Zone: zones[spread(t, "zone", len(zones))]}
	for d := range spec.Week {
		spec.Week[d] = drawHours(t, time.Weekday(d).String())
	}
	spec.Week[rapid.IntRange(0, 6).Draw(t, "a day surely open")] = []sla.Hours{{From: sla.At(9, 0), To: sla.At(18, 0)}}
	for _, offset := range rapid.SliceOfNDistinct(rapid.IntRange(0, 20), 0, 4, rapid.ID[int]).Draw(t, "exceptions") {
		y, m, d := around.AddDate(0, 0, offset).Date()
		e := sla.Exception{Date: sla.Date{Year: y, Month: m, Day: d}, Hours: drawHours(t, "exception")}
		e.Workday = len(e.Hours) > 0 && rapid.Bool().Draw(t, "workday")
		spec.Exceptions = append(spec.Exceptions, e)
	}
	return spec
}

// spread draws a number below n without rapid's liking for small ones.
func spread(t *rapid.T, label string, n int) int {
	return int(rapid.Uint64().Draw(t, label)*0x9E3779B97F4A7C15>>33) % n
}

// drawStart is a whole minute within ten years, every other time close to a
// change of the clock, late in March or October.
func drawStart(t *rapid.T) time.Time {
	day := spread(t, "day", 3650)
	if rapid.Bool().Draw(t, "spring or autumn") {
		day = 365*spread(t, "year", 10) + []int{80, 295}[spread(t, "season", 2)] + spread(t, "day of the season", 12)
	}
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	return start.AddDate(0, 0, day).Add(time.Duration(spread(t, "minute", 1440)) * time.Minute)
}

// wall is the slow and simple meaning of a Spec: whether the clock on the wall
// shows working time.
type wall struct {
	spec     sla.Spec
	loc      *time.Location
	weekends bool
}

func (w wall) open(t time.Time) bool {
	t = t.In(w.loc)
	y, m, d := t.Date()
	hours := w.spec.Week[t.Weekday()]
	counts := w.weekends || (t.Weekday() != time.Saturday && t.Weekday() != time.Sunday)
	for _, e := range w.spec.Exceptions {
		if e.Date == (sla.Date{Year: y, Month: m, Day: d}) {
			hours, counts = e.Hours, counts || e.Workday
		}
	}
	now := sla.At(t.Hour(), t.Minute())
	return counts && slices.ContainsFunc(hours, func(h sla.Hours) bool { return h.From <= now && now < h.To })
}

func draw(t *rapid.T) (sla.Calendar, wall, time.Time) {
	start := drawStart(t)
	spec := drawSpec(t, start)
	c, err := sla.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	w := wall{spec, c.Location(), rapid.Bool().Draw(t, "weekends")}
	if !w.weekends {
		c = c.WithoutWeekdays(time.Saturday, time.Sunday)
	}
	return c, w, start
}

// TestCounting compares everything with counting minute by minute.
func TestCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, w, start := draw(t)
		minutes := spread(t, "window", 10*24*60)
		var worked time.Duration
		var spans []sla.Span
		for i := range minutes {
			now := start.Add(time.Duration(i) * time.Minute)
			if !w.open(now) {
				continue
			}
			if worked += time.Minute; len(spans) == 0 || !spans[len(spans)-1].End.Equal(now) {
				spans = append(spans, sla.Span{Start: now})
			}
			spans[len(spans)-1].End = now.Add(time.Minute)
		}
		end := start.Add(time.Duration(minutes) * time.Minute)
		if got := c.Worked(start, end); got != worked {
			t.Fatalf("worked %v, want %v", got, worked)
		}
		equal := func(a, b sla.Span) bool { return a.Start.Equal(b.Start) && a.End.Equal(b.End) }
		if got := c.Spans(start, end); !slices.EqualFunc(got, spans, equal) {
			t.Fatalf("got %v, want %v", got, spans)
		}
		if len(spans) == 0 {
			return
		}
		if got := c.NextOpening(start); !got.Equal(spans[0].Start) {
			t.Fatalf("opens %v, want %v", got, spans[0].Start)
		}
		if got := c.Due(start, worked); !got.Equal(spans[len(spans)-1].End) {
			t.Fatalf("due %v, want %v", got, spans[len(spans)-1].End)
		}
		if got := c.ClosesAt(spans[0].Start); spans[0].End.Before(end) && !got.Equal(spans[0].End) {
			t.Fatalf("closes %v, want %v", got, spans[0].End)
		}
	})
}

// TestRoundTrip: Due is the first instant at which so much was worked, to the
// nanosecond.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, w, start := draw(t)
		opened := start.Add(time.Duration(spread(t, "into the minute", int(time.Minute))))
		d := time.Duration(1 + spread(t, "nanoseconds", int(time.Second)) + spread(t, "seconds", 300*60*60)*int(time.Second))
		if c.Open(opened) != w.open(opened) {
			t.Fatalf("open is %v", c.Open(opened))
		}
		due := c.Due(opened, d)
		if due.IsZero() {
			if !c.Empty() {
				t.Fatal("never due")
			}
			return
		}
		if got := c.Worked(opened, due); got != d {
			t.Fatalf("worked %v until due %v, want %v", got, due, d)
		}
		if got := c.Worked(opened, due.Add(-1)); got != d-1 {
			t.Fatalf("%v is not the first such instant", due)
		}
		if due.Location() != c.Location() {
			t.Fatalf("due in %v", due.Location())
		}
	})
}
