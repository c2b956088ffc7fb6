package dialog

import (
	"testing"
	"time"

	"intakebot/tickets"
)

// BenchmarkAnswer is one step of the dialog: the session read, a field checked,
// an edge followed, the session written.
func BenchmarkAnswer(b *testing.B) {
	t := &testing.T{}
	p := newPlayer(t).upTo(Site)
	in := Input{Kind: Typed, Text: "example.ru", From: p.me, Date: time.Now(), Update: tickets.Update{ID: 1}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Answer(p.customer, in, p.env); err != nil {
			b.Fatal(err)
		}
	}
}
