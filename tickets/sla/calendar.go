// Package sla counts working time. A Calendar knows when a desk is open; Due
// and Worked count the time that a service level is measured in (R2.1, R2.2).
//
// Hours are read off the clock on the desk's wall: an instant counts when the
// date and the time of day that the clock shows then lie in the hours of that
// date. What counts is the time that really passes, so a night shift is an
// hour shorter when the clock is put forward, and an hour longer when it is
// put back. Hours are half-open: at 09:00 a desk open from 09:00 to 18:00 is
// open, at 18:00 it is closed.
package sla

import (
	"iter"
	"math"
	"time"
	_ "time/tzdata" // a bare machine knows no time zones
)

// Horizon is how far ahead Due, NextOpening and ClosesAt look: ten years. It
// bounds the search in a calendar that is hardly ever open.
const Horizon = 10 * 366 * 24 * time.Hour

const daySeconds = 24 * 60 * 60

// Calendar is the working time of a desk. It does not change, may be copied
// and is safe for concurrent use. The zero Calendar is never open.
type Calendar struct {
	loc        *time.Location
	week       *[7][]Hours
	exceptions map[int64]Exception // by day since 1970-01-01
	without    uint8               // weekdays left out, one bit each
}

// Span is a stretch of time: Start belongs to it, End does not.
type Span struct{ Start, End time.Time }

// Location is the desk's time zone.
func (c Calendar) Location() *time.Location {
	if c.loc == nil {
		return time.UTC
	}
	return c.loc
}

// WithoutWeekdays derives a calendar in which some weekdays do not count, such
// as the one of the consultation level (R4.2). Exceptions on these weekdays do
// not count either, but for those marked as a Workday.
func (c Calendar) WithoutWeekdays(days ...time.Weekday) Calendar {
	for _, d := range days {
		c.without |= 1 << d
	}
	return c
}

// Empty reports whether no weekday has working hours.
func (c Calendar) Empty() bool {
	if c.week == nil {
		return true
	}
	for d, hours := range c.week {
		if len(hours) > 0 && c.without&(1<<d) == 0 {
			return false
		}
	}
	return true
}

// Due is the earliest instant at which d of working time has passed since
// opened, in the desk's time zone. When d ends with a working day, that is the
// moment of closing, not the next opening. When d is zero or negative it is
// opened itself, open or not. It is the zero time when d does not pass within
// Horizon.
func (c Calendar) Due(opened time.Time, d time.Duration) time.Time {
	if d <= 0 {
		return c.local(opened)
	}
	for s := range c.pieces(opened, opened.Add(Horizon)) {
		length := s.End.Sub(s.Start)
		if d <= length {
			return s.Start.Add(d)
		}
		d -= length
	}
	return time.Time{}
}

// Worked is the working time in [a, b). Like time.Time.Sub it is negative when
// a is after b, so Worked(now, due) is the time left or, negative, overdue. It
// takes time in proportion to the days between, some microseconds a year, and
// stops at the longest duration.
func (c Calendar) Worked(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -c.Worked(b, a)
	}
	var sum time.Duration
	for s := range c.pieces(a, b) {
		length := s.End.Sub(s.Start)
		if sum > math.MaxInt64-length {
			return math.MaxInt64
		}
		sum += length
	}
	return sum
}

// Spans lists the working time in [a, b), in order and with touching spans as
// one. There are none when a is not before b.
func (c Calendar) Spans(a, b time.Time) []Span {
	var out []Span
	for s := range c.pieces(a, b) {
		if n := len(out); n > 0 && out[n-1].End.Equal(s.Start) {
			out[n-1].End = s.End
			continue
		}
		out = append(out, s)
	}
	return out
}

// Open reports whether the desk works at an instant.
func (c Calendar) Open(t time.Time) bool {
	for range c.pieces(t, t.Add(1)) {
		return true
	}
	return false
}

// NextOpening is the first instant from t on at which the desk works: t itself
// when it does so already. It is the zero time when there is none within
// Horizon.
func (c Calendar) NextOpening(t time.Time) time.Time {
	for s := range c.pieces(t, t.Add(Horizon)) {
		return s.Start
	}
	return time.Time{}
}

// ClosesAt is when the desk, open at t, closes next. It is the zero time when
// the desk is closed at t, or does not close within Horizon.
func (c Calendar) ClosesAt(t time.Time) time.Time {
	limit := t.Add(Horizon)
	end := t
	for s := range c.pieces(t, limit) {
		if s.Start.After(end) {
			break
		}
		end = s.End
	}
	if end.Equal(t) || end.Equal(limit) {
		return time.Time{}
	}
	return c.local(end)
}

// pieces yields the working time in [from, to) in order. Pieces can touch:
// there is a cut at midnight and wherever the zone's offset changes.
//
// It goes from one change of the offset to the next. Between two of them the
// clock on the wall runs evenly, so no hour there is missing or doubled.
func (c Calendar) pieces(from, to time.Time) iter.Seq[Span] {
	from, to = c.local(from), c.local(to)
	return func(yield func(Span) bool) {
		for from.Before(to) {
			_, end := from.ZoneBounds()
			if end.IsZero() || end.After(to) {
				end = to
			}
			if !c.evenPieces(from, end, yield) {
				return
			}
			from = end
		}
	}
}

// evenPieces yields the working time in [from, to), in which the zone's offset
// is the same. It reports whether to go on.
func (c Calendar) evenPieces(from, to time.Time, yield func(Span) bool) bool {
	_, offset := from.Zone()
	for day := dayOf(from.Unix() + int64(offset)); ; day++ {
		midnight := time.Unix(day*daySeconds-int64(offset), 0).In(from.Location())
		if !midnight.Before(to) {
			return true
		}
		for _, h := range c.hoursOn(day) {
			s := Span{midnight.Add(h.From.sinceMidnight()), midnight.Add(h.To.sinceMidnight())}
			if s.Start.Before(from) {
				s.Start = from
			}
			if s.End.After(to) {
				s.End = to
			}
			if s.Start.Before(s.End) && !yield(s) {
				return false
			}
		}
	}
}

// hoursOn gives the hours of a day, counted since 1970-01-01.
func (c Calendar) hoursOn(day int64) []Hours {
	if c.week == nil {
		return nil
	}
	weekday := weekdayOf(day)
	e, exception := c.exceptions[day]
	switch {
	case c.without&(1<<weekday) != 0 && !e.Workday:
		return nil
	case exception:
		return e.Hours
	}
	return c.week[weekday]
}

// local shows an instant in the desk's time zone, without the reading of the
// monotonic clock, which would make equal times differ.
func (c Calendar) local(t time.Time) time.Time { return t.Round(0).In(c.Location()) }

// dayOf is the day since 1970-01-01 that a clock on the wall shows.
func dayOf(wallSeconds int64) int64 {
	day := wallSeconds / daySeconds
	if wallSeconds%daySeconds < 0 {
		day--
	}
	return day
}

// weekdayOf is the weekday of a day since 1970-01-01, a Thursday.
func weekdayOf(day int64) time.Weekday { return time.Weekday(((day+4)%7 + 7) % 7) }
