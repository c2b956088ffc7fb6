package bot

import (
	"context"

	"intakebot/tickets"
)

// leftBehind is a claim's notice without what stands in a group that the ticket
// is in no more. An edit there becomes a message where the ticket is now.
func leftBehind(c tickets.Claim) tickets.Notice {
	n := c.Notice
	if n.To.Ticket == 0 {
		return n
	}
	if c.Place.Group != 0 && c.Place.Group != n.To.Chat {
		n.Target = 0
	}
	if n.Kind == tickets.NoticeEdit && !n.Extra.Card && n.Target == 0 && n.Extra.Body != nil {
		n.Kind = tickets.NoticeSend
	}
	return n
}

// moves sees whether a ticket's group is one of the agents' still. If it is not,
// the ticket moves into one that is, and the notice is tried again there, where
// all of it is made anew: no ticket waits for a group that nobody looks at.
func (s *sender) moves(ctx context.Context, c tickets.Claim, r *result) bool {
	n := c.Notice
	if n.To.Ticket == 0 || s.home == nil || c.Place.Group == 0 {
		return false
	}
	group, err := s.home(ctx, n.To.Ticket, c.Place.Group)
	if err != nil {
		r.err = &unsentError{err}
		return true
	}
	if group == c.Place.Group || group == 0 {
		return false
	}
	s.log.Warn("a ticket moves, as its group serves no more", "ticket", n.To.Ticket, "from", c.Place.Group, "to", group)
	r.pause, r.until, r.sent = true, s.now(), nil
	r.place = &tickets.Place{Group: group}
	return true
}

// editOrCard edits a message. A card that is not there, of a ticket that is
// open, is made instead: it shows the newest anyway.
func (s *sender) editOrCard(ctx context.Context, c tickets.Claim, at spot, r *result) {
	if !c.Notice.Extra.Card || c.Place.Card != 0 || s.card == nil {
		r.err = s.edit(ctx, c, at)
		return
	}
	card, err := s.card(ctx, c.Notice.To.Ticket)
	if err != nil {
		r.err = &unsentError{err}
		return
	}
	if card.Extra.Closed || s.inPlace(ctx, c, at, r) {
		return
	}
	if r.place != nil && r.place.Card != 0 {
		r.pause = false
	}
}
