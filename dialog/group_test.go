package dialog

import (
	"slices"
	"testing"

	"intakebot/tickets"
)

// TestATicketGoesToTheGroupOfItsTopic, and one whose topic names none to one of
// the other groups.
func TestATicketGoesToTheGroupOfItsTopic(t *testing.T) {
	for topic, want := range map[string]int64{"down": -1002, "error": -300} {
		p := newPlayer(t)
		p.env.Groups = tickets.Groups{IDs: []int64{-100, -2, -300}, Moved: []tickets.Moved{{From: -2, To: -1002}}}
		topics := p.env.Policy.Topics
		topics[slices.IndexFunc(topics, func(t tickets.Topic) bool { return t.ID == "down" })].Group = -2
		p.upTo(Review).presses("button.edit").presses("field.topic").topic(topic).presses("button.submit")
		c := p.reply.Change
		card := c.Notices[len(c.Notices)-1]
		if c.File.Place != (tickets.Place{Group: want}) || card.To.Chat != want {
			t.Errorf("%s: filed in %+v, its card goes to %d, want %d", topic, c.File.Place, card.To.Chat, want)
		}
	}
}
