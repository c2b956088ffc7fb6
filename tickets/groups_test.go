package tickets_test

import (
	"slices"
	"testing"

	"intakebot/tickets"
)

func TestGroupsAreFollowed(t *testing.T) {
	g := tickets.Groups{IDs: []int64{-1, -2, -1003}, Moved: []tickets.Moved{{From: -1, To: -1001}, {From: -9, To: -1003}, {From: -7, To: -8}, {From: -8, To: -7}}}
	if got := g.All(); !slices.Equal(got, []int64{-1001, -2, -1003}) {
		t.Errorf("all: %v", got)
	}
	for id, now := range map[int64]int64{-1: -1001, -2: -2, -9: -1003, -1001: -1001, -7: -7} {
		if got := g.Now(id); got != now {
			t.Errorf("%d is %d now, want %d", id, got, now)
		}
	}
	if g.Has(-1) || !g.Has(-1001) || !g.Has(-2) || g.Has(-9) {
		t.Error("not the agents' groups")
	}
	// Both names of one group in the configuration mean one group.
	g.IDs = []int64{-1, -1001}
	if got := g.All(); !slices.Equal(got, []int64{-1001}) {
		t.Errorf("all: %v", got)
	}
}

func TestGroupForATopic(t *testing.T) {
	p := &tickets.Policy{Topics: []tickets.Topic{{ID: "shop", Group: -2}, {ID: "site"}, {ID: "gone", Group: -99}}}
	g := tickets.Groups{IDs: []int64{-1, -2, -3}, Moved: []tickets.Moved{{From: -2, To: -1002}}}
	for _, c := range []struct {
		topic    string
		customer int64
		want     int64
	}{
		{"shop", 1, -1002}, {"shop", 2, -1002}, // also under its old ID
		{"site", 10, -1}, {"site", 11, -3}, {"unknown", 11, -3}, // not among the shop's
		{"gone", 10, -1}, // where the bot would not stay
	} {
		if got := p.GroupFor(g, c.topic, c.customer); got != c.want {
			t.Errorf("%s of customer %d: %d, want %d", c.topic, c.customer, got, c.want)
		}
	}
	p.Topics = append(p.Topics, tickets.Topic{ID: "a", Group: -1}, tickets.Topic{ID: "c", Group: -3})
	if got := p.GroupFor(g, "site", 10); got != -1002 {
		t.Errorf("where every group has topics of its own: %d", got)
	}
	if got := p.GroupFor(tickets.Groups{}, "site", 10); got != 0 {
		t.Errorf("without any group: %d", got)
	}
}

// TestCustomersAreSpread: each group gets its share, as each has a limit of its
// own (P3), and a customer's tickets stay together.
func TestCustomersAreSpread(t *testing.T) {
	p, g := &tickets.Policy{}, tickets.Groups{IDs: []int64{-1, -2, -3}}
	counts := map[int64]int{}
	for customer := range int64(300) {
		counts[p.GroupFor(g, "site", 5_000_000_000+customer)]++
	}
	for _, id := range g.IDs {
		if counts[id] != 100 {
			t.Errorf("group %d gets %d of 300 customers", id, counts[id])
		}
	}
}
