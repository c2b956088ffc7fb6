package sla_test

import (
	"testing"
	"time"
)

func BenchmarkDue(b *testing.B) {
	for _, zone := range []string{"Europe/Moscow", "Europe/Berlin"} {
		c := calendar(b, zone, hours(b, "9:00-18:00"), hours(b, "10:00-18:00"))
		now := time.Now()
		b.Run(zone+"/3 days", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Due(now, 27*time.Hour)
			}
		})
		b.Run(zone+"/a year", func(b *testing.B) {
			for b.Loop() {
				c.Due(now, 3000*time.Hour)
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	c := desk(b)
	now := time.Now()
	for b.Loop() {
		c.Open(now)
	}
}
