package sla

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Clock is a time of day in minutes since midnight, from 0 to Midnight.
type Clock int

// Midnight is the end of a day, 24:00.
const Midnight Clock = 24 * 60

// At is a time of day.
func At(hour, minute int) Clock { return Clock(60*hour + minute) }

// String gives the form 09:00.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

func (c Clock) sinceMidnight() time.Duration { return time.Duration(c) * time.Minute }

// ParseClock reads a time of day such as 09:00, 9:00 or 24:00.
func ParseClock(s string) (Clock, error) {
	hour, minute, ok := strings.Cut(s, ":")
	h, err := number(hour, 1, 2)
	m, err2 := number(minute, 2, 2)
	if !ok || err != nil || err2 != nil || m > 59 || At(h, m) > Midnight {
		return 0, fmt.Errorf("not a time of day: %q; write it as 09:00, up to 24:00", s)
	}
	return At(h, m), nil
}

// Hours is working time within one day. From belongs to it, To does not.
type Hours struct{ From, To Clock }

// String gives the form 09:00-18:00.
func (h Hours) String() string { return h.From.String() + "-" + h.To.String() }

// ParseHours reads hours such as 09:00-18:00; the dash may be a long one, with
// spaces around it.
func ParseHours(s string) (Hours, error) {
	from, to, ok := strings.Cut(strings.ReplaceAll(s, "–", "-"), "-")
	if !ok {
		return Hours{}, fmt.Errorf("not hours: %q; write them as 09:00-18:00", s)
	}
	f, err := ParseClock(strings.TrimSpace(from))
	if err != nil {
		return Hours{}, err
	}
	t, err := ParseClock(strings.TrimSpace(to))
	if err != nil {
		return Hours{}, err
	}
	return Hours{f, t}, nil
}

// Date is a day of the Gregorian calendar.
type Date struct {
	Year  int // from 1 to 9999
	Month time.Month
	Day   int
}

// String gives the form 2027-01-08.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// ParseDate reads a date such as 2027-01-08.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fmt.Errorf("not a date: %q; write it as 2027-01-08", s)
	}
	return Date{t.Year(), t.Month(), t.Day()}, nil
}

func (d Date) midnight() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// day counts the days since 1970-01-01.
func (d Date) day() int64 { return dayOf(d.midnight().Unix()) }

// valid reports whether there is such a day: not so 30 February.
func (d Date) valid() bool {
	y, m, day := d.midnight().Date()
	return d.Year >= 1 && d.Year <= 9999 && d == Date{y, m, day}
}

// number reads a number of so many decimal digits.
func number(s string, least, most int) (int, error) {
	if len(s) < least || len(s) > most || strings.Trim(s, "0123456789") != "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.Atoi(s)
}
