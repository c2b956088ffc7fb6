package tickets_test

import (
	"testing"

	"intakebot/tickets"
)

// TestLinks: supergroups have addresses of topics, whatever their IDs, and plain
// groups have none.
func TestLinks(t *testing.T) {
	d := tickets.Desk{Policy: &tickets.Policy{Levels: []tickets.Level{{}}}}
	for place, want := range map[tickets.Place]string{
		{Group: -1001234567890, Thread: 5, Card: 6}: "https://t.me/c/1234567890/5",
		{Group: -1001234567890, Card: 6}:            "https://t.me/c/1234567890/6",
		{Group: -1997852516352, Thread: 5}:          "https://t.me/c/997852516352/5",
		{Group: -1001234567890}:                     "",
		{Group: -100123, Card: 6}:                   "",
		{Group: -5012345678, Card: 6}:               "",
	} {
		line := d.List("list.queue", []tickets.Ticket{{ID: 1, State: tickets.StateNew, Place: place}}, 1).Text[1]
		if got, _ := line.Args["url"]; got.Text != want {
			t.Errorf("%+v: %q, want %q", place, got.Text, want)
		}
	}
}
