package tickets

import "slices"

// Moved says that a group has become another: a plain group a supergroup, in
// which there is none of the group's messages.
type Moved struct{ From, To int64 }

// NewTopic is a topic that was made for a ticket.
type NewTopic struct{ Ticket, Group, Thread int64 }

// Groups are the agents' chats.
type Groups struct {
	IDs   []int64 // as the configuration has them, in its order
	Moved []Moved // what groups have become, as far as is known
}

// Now is what a chat is by now: itself, or the supergroup that it has become.
func (g Groups) Now(id int64) int64 {
	for range g.Moved { // no further than there are moves, whatever they say
		i := slices.IndexFunc(g.Moved, func(m Moved) bool { return m.From == id })
		if i < 0 {
			break
		}
		id = g.Moved[i].To
	}
	return id
}

// All are the chats as they are now, each once.
func (g Groups) All() []int64 {
	var all []int64
	for _, id := range g.IDs {
		if now := g.Now(id); !slices.Contains(all, now) {
			all = append(all, now)
		}
	}
	return all
}

// Has tells whether a chat is one of the agents' now.
func (g Groups) Has(id int64) bool { return slices.Contains(g.All(), id) }

// GroupFor is the agents' chat for a new ticket: the one that its topic names,
// or else one of those that no topic names. There the customers are spread, as
// each chat has a limit of its own (P3), and a customer's tickets stay together.
// 0: there is no chat at all.
func (p *Policy) GroupFor(g Groups, topic string, customer int64) int64 {
	all := g.All()
	free := slices.Clone(all)
	for _, t := range p.Topics {
		if t.Group == 0 {
			continue
		}
		own := g.Now(t.Group)
		if t.ID == topic && slices.Contains(all, own) {
			return own
		}
		free = slices.DeleteFunc(free, func(id int64) bool { return id == own })
	}
	if len(free) == 0 { // every chat has topics of its own
		free = all
	}
	if len(free) == 0 {
		return 0
	}
	return free[uint64(customer)%uint64(len(free))]
}
