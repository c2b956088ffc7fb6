package sla_test

import (
	"testing"
	"time"

	"intakebot/tickets/sla"
)

func hours(t testing.TB, list ...string) []sla.Hours {
	t.Helper()
	var out []sla.Hours
	for _, s := range list {
		h, err := sla.ParseHours(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, h)
	}
	return out
}

// calendar has the same hours on working days, and others at weekends.
func calendar(t testing.TB, zone string, workdays, weekend []sla.Hours, exceptions ...sla.Exception) sla.Calendar {
	t.Helper()
	spec := sla.Spec{Zone: zone, Exceptions: exceptions}
	for d := time.Monday; d <= time.Friday; d++ {
		spec.Week[d] = workdays
	}
	spec.Week[time.Saturday], spec.Week[time.Sunday] = weekend, weekend
	c, err := sla.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// desk keeps the hours of R2.1.
func desk(t testing.TB, exceptions ...sla.Exception) sla.Calendar {
	t.Helper()
	return calendar(t, "Europe/Moscow", hours(t, "9:00-18:00"), hours(t, "10:00-18:00"), exceptions...)
}

// consultation is the desk's working time under R4.2.
func consultation(t testing.TB, exceptions ...sla.Exception) sla.Calendar {
	return desk(t, exceptions...).WithoutWeekdays(time.Saturday, time.Sunday)
}

// at reads a time on the wall of the calendar's desk, with a zone where the
// wall alone is ambiguous.
func at(t testing.TB, c sla.Calendar, s string) time.Time {
	t.Helper()
	for _, layout := range []string{"Mon 2006-01-02 15:04", "Mon 2006-01-02 15:04:05", "Mon 2006-01-02 15:04 -0700"} {
		out, err := time.ParseInLocation(layout, s, c.Location())
		if err == nil {
			return out
		}
	}
	t.Fatalf("not a time: %q", s)
	return time.Time{}
}

const shown = "Mon 2006-01-02 15:04:05 -0700"

func same(t testing.TB, what string, got, want time.Time) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: got %s, want %s", what, got.Format(shown), want.Format(shown))
	}
}

func TestDue(t *testing.T) {
	all, cons := desk(t), consultation(t)
	for _, tt := range []struct {
		name   string
		c      sla.Calendar
		opened string
		d      time.Duration
		want   string
	}{
		{"within the day", all, "Mon 2026-03-02 10:00", 3 * time.Hour, "Mon 2026-03-02 13:00"},
		{"ends at closing", all, "Mon 2026-03-02 10:00", 8 * time.Hour, "Mon 2026-03-02 18:00"},
		{"just past closing", all, "Mon 2026-03-02 10:00", 8*time.Hour + time.Second, "Tue 2026-03-03 09:00:01"},
		{"before opening", all, "Mon 2026-03-02 03:30", 9 * time.Hour, "Mon 2026-03-02 18:00"},
		{"at opening", all, "Mon 2026-03-02 09:00", time.Minute, "Mon 2026-03-02 09:01"},
		{"at closing", all, "Mon 2026-03-02 18:00", time.Minute, "Tue 2026-03-03 09:01"},
		{"one day from noon", all, "Mon 2026-03-02 12:00", 9 * time.Hour, "Tue 2026-03-03 12:00"},
		{"into the weekend", all, "Fri 2026-03-06 17:00", 9 * time.Hour, "Sat 2026-03-07 18:00"},
		{"nothing while open", all, "Mon 2026-03-02 12:00", 0, "Mon 2026-03-02 12:00"},
		{"nothing while closed", all, "Mon 2026-03-02 20:00", 0, "Mon 2026-03-02 20:00"},
		{"less than nothing", all, "Mon 2026-03-02 20:00", -time.Hour, "Mon 2026-03-02 20:00"},

		{"R4.2 Monday morning", cons, "Mon 2026-03-02 09:00", 20 * time.Hour, "Wed 2026-03-04 11:00"},
		{"R4.2 Monday evening", cons, "Mon 2026-03-02 18:00", 20 * time.Hour, "Thu 2026-03-05 11:00"},
		{"R4.2 Friday noon", cons, "Fri 2026-03-06 12:00", 20 * time.Hour, "Tue 2026-03-10 14:00"},
		{"R4.2 Saturday", cons, "Sat 2026-03-07 11:00", 20 * time.Hour, "Wed 2026-03-11 11:00"},
		{"R4.2 Sunday night", cons, "Sun 2026-03-08 23:59", 20 * time.Hour, "Wed 2026-03-11 11:00"},
		{"20 hours with weekends, Friday noon", all, "Fri 2026-03-06 12:00", 20 * time.Hour, "Sun 2026-03-08 16:00"},
		{"20 hours with weekends, Saturday", all, "Sat 2026-03-07 11:00", 20 * time.Hour, "Mon 2026-03-09 14:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			same(t, "due", tt.c.Due(at(t, tt.c, tt.opened), tt.d), at(t, tt.c, tt.want))
		})
	}
}

func TestWorked(t *testing.T) {
	all, cons := desk(t), consultation(t)
	for _, tt := range []struct {
		name string
		c    sla.Calendar
		a, b string
		want time.Duration
	}{
		{"a week", all, "Mon 2026-03-02 00:00", "Mon 2026-03-09 00:00", 61 * time.Hour},
		{"a week of consultation", cons, "Mon 2026-03-02 00:00", "Mon 2026-03-09 00:00", 45 * time.Hour},
		{"within the day", all, "Mon 2026-03-02 10:00", "Mon 2026-03-02 11:30", 90 * time.Minute},
		{"overnight", all, "Mon 2026-03-02 17:00", "Tue 2026-03-03 10:00", 2 * time.Hour},
		{"while closed", all, "Mon 2026-03-02 18:00", "Tue 2026-03-03 09:00", 0},
		{"backwards", all, "Tue 2026-03-03 10:00", "Mon 2026-03-02 17:00", -2 * time.Hour},
		{"an instant", all, "Mon 2026-03-02 10:00", "Mon 2026-03-02 10:00", 0},
		{"seconds", all, "Mon 2026-03-02 17:59:58", "Tue 2026-03-03 09:00:03", 5 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.c.Worked(at(t, tt.c, tt.a), at(t, tt.c, tt.b)); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestWorkedStops keeps a window of thousands of years, such as a zero time
// gives, from overflowing.
func TestWorkedStops(t *testing.T) {
	always := calendar(t, "UTC", hours(t, "0:00-24:00"), hours(t, "0:00-24:00"))
	if got := always.Worked(time.Time{}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); got != 1<<63-1 {
		t.Errorf("got %v, want the longest duration", got)
	}
}

func TestOpenAndClose(t *testing.T) {
	c := calendar(t, "Europe/Moscow", hours(t, "14:00-18:00", "9:00-13:00"), nil)
	for _, tt := range []struct {
		now    string
		open   bool
		opens  string
		closes string
	}{
		{"Mon 2026-03-02 08:59:59", false, "Mon 2026-03-02 09:00", ""},
		{"Mon 2026-03-02 09:00", true, "Mon 2026-03-02 09:00", "Mon 2026-03-02 13:00"},
		{"Mon 2026-03-02 12:59:59", true, "Mon 2026-03-02 12:59:59", "Mon 2026-03-02 13:00"},
		{"Mon 2026-03-02 13:00", false, "Mon 2026-03-02 14:00", ""},
		{"Fri 2026-03-06 17:00", true, "Fri 2026-03-06 17:00", "Fri 2026-03-06 18:00"},
		{"Fri 2026-03-06 18:00", false, "Mon 2026-03-09 09:00", ""},
	} {
		now := at(t, c, tt.now)
		if got := c.Open(now); got != tt.open {
			t.Errorf("%s: open is %v", tt.now, got)
		}
		same(t, tt.now+" opens", c.NextOpening(now), at(t, c, tt.opens))
		var closes time.Time
		if tt.closes != "" {
			closes = at(t, c, tt.closes)
		}
		same(t, tt.now+" closes", c.ClosesAt(now), closes)
	}
}

// TestRoundTheClock takes the cuts at midnight for no closing.
func TestRoundTheClock(t *testing.T) {
	c := calendar(t, "Europe/Berlin", hours(t, "0:00-12:00", "12:00-24:00"), nil)
	tuesday := at(t, c, "Tue 2026-03-03 15:00")
	same(t, "closes", c.ClosesAt(tuesday), at(t, c, "Sat 2026-03-07 00:00"))
	spans := c.Spans(tuesday, at(t, c, "Mon 2026-03-09 01:00"))
	if len(spans) != 2 {
		t.Fatalf("got %v, want one span before and one after the weekend", spans)
	}
	same(t, "start", spans[0].Start, tuesday)
	same(t, "end", spans[0].End, at(t, c, "Sat 2026-03-07 00:00"))

	always := calendar(t, "Europe/Berlin", hours(t, "0:00-24:00"), hours(t, "0:00-24:00"))
	if got := always.ClosesAt(tuesday); !got.IsZero() {
		t.Errorf("a desk that never closes closes at %v", got)
	}
}

func TestExceptions(t *testing.T) {
	exceptions := []sla.Exception{
		{Date: sla.Date{Year: 2026, Month: 3, Day: 3}},                                                // Tuesday
		{Date: sla.Date{Year: 2026, Month: 3, Day: 4}, Hours: hours(t, "12:00-15:00")},                // Wednesday
		{Date: sla.Date{Year: 2026, Month: 3, Day: 7}, Hours: hours(t, "9:00-18:00"), Workday: true},  // Saturday
		{Date: sla.Date{Year: 2026, Month: 3, Day: 8}, Hours: hours(t, "10:00-11:00", "22:00-24:00")}, // Sunday
		{Date: sla.Date{Year: 1969, Month: 12, Day: 31}, Hours: hours(t, "1:00-2:00")},                // before the epoch
		{Date: sla.Date{Year: 2028, Month: time.February, Day: 29}, Hours: hours(t, "0:00-24:00")},    // leap day
		{Date: sla.Date{Year: 2026, Month: 3, Day: 14}, Hours: hours(t, "8:00-20:00")},                // Saturday, not a working day
	}
	all, cons := desk(t, exceptions...), consultation(t, exceptions...)
	for _, tt := range []struct {
		name      string
		day       string
		all, cons time.Duration
	}{
		{"closed", "Tue 2026-03-03 00:00", 0, 0},
		{"other hours", "Wed 2026-03-04 00:00", 3 * time.Hour, 3 * time.Hour},
		{"an ordinary day", "Thu 2026-03-05 00:00", 9 * time.Hour, 9 * time.Hour},
		{"an extra working day", "Sat 2026-03-07 00:00", 9 * time.Hour, 9 * time.Hour},
		{"other hours at a weekend", "Sun 2026-03-08 00:00", 3 * time.Hour, 0},
		{"longer Saturday", "Sat 2026-03-14 00:00", 12 * time.Hour, 0},
		{"before the epoch", "Wed 1969-12-31 00:00", time.Hour, time.Hour},
		{"leap day", "Tue 2028-02-29 00:00", 24 * time.Hour, 24 * time.Hour},
	} {
		from := at(t, all, tt.day)
		if got := all.Worked(from, from.AddDate(0, 0, 1)); got != tt.all {
			t.Errorf("%s: worked %v, want %v", tt.name, got, tt.all)
		}
		if got := cons.Worked(from, from.AddDate(0, 0, 1)); got != tt.cons {
			t.Errorf("%s: without weekends worked %v, want %v", tt.name, got, tt.cons)
		}
	}
	same(t, "over the exceptions", all.Due(at(t, all, "Mon 2026-03-02 17:00"), 5*time.Hour), at(t, all, "Thu 2026-03-05 10:00"))
}

// TestNeverOpen shows that a search in a calendar without working time ends.
func TestNeverOpen(t *testing.T) {
	weekends := calendar(t, "Europe/Moscow", nil, hours(t, "10:00-18:00"))
	now := at(t, weekends, "Mon 2026-03-02 12:00")
	for name, c := range map[string]sla.Calendar{
		"zero":             {},
		"only on weekends": weekends.WithoutWeekdays(time.Saturday, time.Sunday),
	} {
		if !c.Empty() {
			t.Errorf("%s: not empty", name)
		}
		if got := c.Due(now, time.Hour); !got.IsZero() {
			t.Errorf("%s: due at %v", name, got)
		}
		if got := c.NextOpening(now); !got.IsZero() {
			t.Errorf("%s: opens at %v", name, got)
		}
		if got := c.Worked(now, now.Add(sla.Horizon)); got != 0 || c.Open(now) {
			t.Errorf("%s: worked %v", name, got)
		}
		same(t, name, c.Due(now, 0), now)
	}
	if weekends.Empty() {
		t.Error("a calendar with weekends is empty")
	}
	if got := weekends.Due(now, sla.Horizon); !got.IsZero() {
		t.Errorf("more than there is within the horizon is due at %v", got)
	}
}
