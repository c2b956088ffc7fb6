package storetest

import (
	"fmt"
	"sync/atomic"
	"testing"

	"intakebot/tickets"
)

// Bench measures commits of a dialog's step, an update with a session of half
// a kilobyte and one notice, with one and with 32 of them in flight.
func Bench(b *testing.B, open func(b *testing.B) tickets.Store) {
	for _, flight := range []int{1, 32} {
		b.Run(fmt.Sprintf("%d in flight", flight), func(b *testing.B) {
			s := open(b)
			var update, customer atomic.Int64
			b.SetParallelism(flight) // times GOMAXPROCS, so the rest stand still
			turns := make(chan struct{}, flight)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				c := tickets.Customer{ID: customer.Add(1), Lang: tickets.Russian, Session: benchSession}
				for ; pb.Next(); c.Version++ {
					turns <- struct{}{}
					id := update.Add(1)
					_, err := s.Commit(b.Context(), tickets.Change{
						Update:   &tickets.Update{ID: id, Chat: c.ID, Message: id},
						Customer: &c, Notices: []tickets.Notice{note(c.ID, "ask")}, At: start,
					})
					<-turns
					if err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
		})
	}
}

var benchSession = fmt.Appendf(nil, `{"state":"problem","text":"%0500d"}`, 0)
