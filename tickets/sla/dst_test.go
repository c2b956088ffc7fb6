package sla_test

import (
	"testing"
	"time"
)

// TestBerlinNightShift counts the time that really passes when the clock is
// put forward (29 March 2026, 02:00 to 03:00) and back (25 October, 03:00 to
// 02:00).
func TestBerlinNightShift(t *testing.T) {
	night := calendar(t, "Europe/Berlin", nil, hours(t, "0:00-6:00", "22:00-24:00"))
	for _, tt := range []struct {
		from, to string
		want     time.Duration
	}{
		{"Sat 2026-03-28 22:00", "Sun 2026-03-29 06:00", 7 * time.Hour},
		{"Sun 2026-03-29 00:00", "Sun 2026-03-29 01:59", 119 * time.Minute},
		{"Sun 2026-03-29 00:00", "Sun 2026-03-29 03:01", 121 * time.Minute},
		{"Sun 2026-03-29 00:00", "Mon 2026-03-30 00:00", 7 * time.Hour},
		{"Sat 2026-10-24 22:00", "Sun 2026-10-25 06:00", 9 * time.Hour},
		{"Sun 2026-10-25 02:30 +0200", "Sun 2026-10-25 02:30 +0100", time.Hour},
		{"Sun 2026-10-25 00:00", "Mon 2026-10-26 00:00", 9 * time.Hour},
	} {
		a, b := at(t, night, tt.from), at(t, night, tt.to)
		if got := night.Worked(a, b); got != tt.want {
			t.Errorf("%s to %s: worked %v, want %v", tt.from, tt.to, got, tt.want)
		}
		same(t, tt.from+" due", night.Due(a, tt.want), b)
	}
	evening := at(t, night, "Sat 2026-10-24 23:00")
	same(t, "closes", night.ClosesAt(evening), at(t, night, "Sun 2026-10-25 06:00"))
	if spans := night.Spans(evening, evening.Add(12*time.Hour)); len(spans) != 1 {
		t.Errorf("the change of the clock cuts the night: %v", spans)
	}
}

// TestBerlinDayShift gives the same hours on the wall before and after a
// switch.
func TestBerlinDayShift(t *testing.T) {
	day := calendar(t, "Europe/Berlin", hours(t, "9:00-18:00"), nil)
	for _, friday := range []string{"Fri 2026-03-27 17:00", "Fri 2026-10-23 17:00", "Fri 2049-03-26 17:00"} {
		opened := at(t, day, friday)
		due := day.Due(opened, 2*time.Hour)
		if due.Weekday() != time.Monday || due.Hour() != 10 || due.Minute() != 0 {
			t.Errorf("%s: due %v, want Monday at 10:00", friday, due)
		}
	}
}

// TestHoursInTheChange has hours that begin or end where the clock is
// changed: what counts is what the clock on the wall shows.
func TestHoursInTheChange(t *testing.T) {
	for _, tt := range []struct {
		hours string
		day   string
		spans []string // from and to, in turn
	}{
		{"02:15-02:45", "Sun 2026-03-29", nil}, // skipped
		{"01:30-02:30", "Sun 2026-03-29", []string{"Sun 2026-03-29 01:30 +0100", "Sun 2026-03-29 03:00 +0200"}},
		{"02:30-04:00", "Sun 2026-03-29", []string{"Sun 2026-03-29 03:00 +0200", "Sun 2026-03-29 04:00 +0200"}},
		{"02:15-02:45", "Sun 2026-10-25", []string{ // shown twice
			"Sun 2026-10-25 02:15 +0200", "Sun 2026-10-25 02:45 +0200",
			"Sun 2026-10-25 02:15 +0100", "Sun 2026-10-25 02:45 +0100",
		}},
		{"01:00-03:00", "Sun 2026-10-25", []string{"Sun 2026-10-25 01:00 +0200", "Sun 2026-10-25 03:00 +0100"}},
	} {
		c := calendar(t, "Europe/Berlin", nil, hours(t, tt.hours))
		from := at(t, c, tt.day+" 00:00")
		var got []time.Time
		for _, s := range c.Spans(from, from.AddDate(0, 0, 1)) {
			got = append(got, s.Start, s.End)
		}
		if len(got) != len(tt.spans) {
			t.Errorf("%s on %s: got %v, want %v", tt.hours, tt.day, got, tt.spans)
			continue
		}
		for i, want := range tt.spans {
			same(t, tt.hours+" on "+tt.day, got[i], at(t, c, want))
		}
	}
}

// TestOddZones has changes of the clock at midnight, over midnight, and by a
// whole day.
func TestOddZones(t *testing.T) {
	always := []string{"0:00-24:00"}
	for _, tt := range []struct {
		zone     string
		from, to time.Time
		want     time.Duration // by a desk that is open on Saturdays and Sundays only
	}{
		// 15 October 2017, a Sunday, began at 01:00.
		{"America/Sao_Paulo", utc(2017, 10, 13), utc(2017, 10, 18), 47 * time.Hour},
		// 17 February 2018, a Saturday, had its last hour twice.
		{"America/Sao_Paulo", utc(2018, 2, 16), utc(2018, 2, 20), 49 * time.Hour},
		// 29 October 2006, a Sunday, was a minute old when Saturday's last 59 came again.
		{"America/St_Johns", utc(2006, 10, 27), utc(2006, 11, 1), 49 * time.Hour},
		// There was no 30 December 2011; the 31st was a Saturday.
		{"Pacific/Apia", utc(2011, 12, 28), utc(2012, 1, 3), 48 * time.Hour},
	} {
		c := calendar(t, tt.zone, nil, hours(t, always...))
		if got := c.Worked(tt.from, tt.to); got != tt.want {
			t.Errorf("%s, %v: worked %v, want %v", tt.zone, tt.from, got, tt.want)
		}
		spans := c.Spans(tt.from, tt.to)
		for i := 1; i < len(spans); i++ {
			if spans[i].Start.Before(spans[i-1].End) {
				t.Errorf("%s: spans out of order: %v", tt.zone, spans)
			}
		}
	}
}

func utc(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 12, 0, 0, 0, time.UTC) }
