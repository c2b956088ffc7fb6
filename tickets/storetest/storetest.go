// Package storetest is what every store must pass.
package storetest

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"intakebot/tickets"
)

// Open gives an empty store of a test, and closes it at the end of the test.
type Open func(t *testing.T) tickets.Store

// Run puts a kind of store to the test.
func Run(t *testing.T, open Open) {
	parts := []struct {
		name string
		test func(t *testing.T, s tickets.Store)
	}{
		{"customer", testCustomer},
		{"unknown things", testUnknown},
		{"ticket", testTicket},
		{"tickets of a customer", testTicketsOf},
		{"events", testEvents},
		{"notice", testNotice},
		{"odd bytes", testOddBytes},
		{"sleepers", testSleepers},
		{"all or nothing", testAllOrNothing},
		{"duplicate update", testDuplicate},
		{"same message under two updates", testSameMessage},
		{"forgotten updates", testForget},
		{"stale customer", testStale},
		{"racing commits", testRacing},
		{"same draft twice", testSameDraft},
		{"filed placeholder", testFiled},
		{"ended context", testEndedContext},
		{"line", testLine},
		{"several together", testTogether},
		{"claim", testClaim},
		{"racing claims", testRacingClaims},
		{"claimed by the commit", testAhead},
		{"held", testHeld},
		{"repeated sending", testAgain},
		{"stepping aside", testAside},
		{"parts sent", testNoteSent},
		{"not before", testAfter},
		{"racing not before", testRacingAfter},
		{"merge", testMerge},
		{"follow", testFollow},
		{"cardless", testCardless},
		{"settle", testSettle},
		{"place", testPlace},
		{"blocked", testBlocked},
		{"waiting", testWaiting},
		{"orphans", testOrphans},
		{"shelf", testShelf},
		{"unshelve", testUnshelve},
		{"unshelve another", testUnshelveOther},
		{"change of a ticket", testTicketChange},
		{"ticket filed as worked on", testFiledWorked},
		{"change of several tickets", testSeveralTickets},
		{"stale ticket", testStaleTicket},
		{"states", testStates},
		{"racing for a ticket", testRacingTickets},
		{"place under a change", testPlaceStays},
		{"carried", testCarried},
		{"carried of nothing", testCarriedOfNothing},
		{"then", testThen},
		{"board", testBoard},
		{"group that moved", testMoved},
		{"group that moved, by a refusal", testMovedBySettlement},
		{"ticket that moved", testMovedHome},
		{"moved while sending", testMovedWhileSending},
		{"topic that was seen", testNewTopic},
		{"board shown", testShown},
		{"ticket in a topic", testTicketIn},
		{"thread", testThread},
		{"ticket in a thread", testTicketInThread},
		{"queue", testQueue},
		{"sleeping tickets", testSleepingTickets},
		{"find", testFind},
		{"find in the index", testFindIndexed},
		{"find what is pasted", testFindPasted},
		{"find what is pasted in the index", testFindPastedIndexed},
		{"find after a change", testFindChanged},
		{"find the newest", testFindNewest},
		{"find while it is indexed", testFindRacing},
		{"concurrent", testConcurrent},
	}
	for _, p := range parts {
		t.Run(p.name, func(t *testing.T) { p.test(t, open(t)) })
	}
}

// start is when the tests begin; it has microseconds, which a store keeps.
var start = time.Date(2026, 3, 2, 9, 30, 15, 123456000, time.UTC)

func later(d time.Duration) time.Time { return start.Add(d) }

func commit(t *testing.T, s tickets.Store, c tickets.Change) tickets.Committed {
	t.Helper()
	if c.At.IsZero() {
		c.At = start
	}
	done, err := s.Commit(t.Context(), c)
	if err != nil {
		t.Fatalf("Commit: %v", err)
	}
	return done
}

// person commits a customer, and gives what a load finds.
func person(t *testing.T, s tickets.Store, id int64) *tickets.Customer {
	t.Helper()
	commit(t, s, tickets.Change{Customer: &tickets.Customer{ID: id, Lang: tickets.Russian}})
	return load(t, s, id)
}

func load(t *testing.T, s tickets.Store, id int64) *tickets.Customer {
	t.Helper()
	c, err := s.Customer(t.Context(), id)
	check(t, err)
	return &c
}

func ticket(draft string, customer int64) *tickets.Ticket {
	return &tickets.Ticket{
		Draft: draft, Customer: customer, Lang: tickets.Russian, Topic: "errors", Level: "standard",
		State: tickets.StateNew, Opened: start, Due: later(3 * time.Hour),
	}
}

// file commits a new ticket of a new customer.
func file(t *testing.T, s tickets.Store, draft string, customer int64) int64 {
	t.Helper()
	return commit(t, s, tickets.Change{
		Customer: &tickets.Customer{ID: customer, Lang: tickets.Russian}, File: ticket(draft, customer),
	}).Ticket
}

func note(chat int64, key string) tickets.Notice {
	return tickets.Notice{
		To: tickets.Address{Chat: chat}, Kind: tickets.NoticeSend, Lang: tickets.English, Message: tickets.Say(key, nil),
	}
}

// post commits notices, and gives their IDs.
func post(t *testing.T, s tickets.Store, notices ...tickets.Notice) []int64 {
	t.Helper()
	return ids(commit(t, s, tickets.Change{Notices: notices}).Notices)
}

func ids(notices []tickets.Notice) []int64 {
	all := make([]int64, len(notices))
	for i, n := range notices {
		all[i] = n.ID
	}
	return all
}

func claim(t *testing.T, s tickets.Store, owner string, id int64) tickets.Claim {
	t.Helper()
	c, err := s.Claim(t.Context(), owner, id, start)
	if err != nil {
		t.Fatalf("Claim of notice %d: %v", id, err)
	}
	return c
}

// settle settles a claim, and gives the notices that follow.
func settle(t *testing.T, s tickets.Store, owner string, o tickets.Settlement) []tickets.Notice {
	t.Helper()
	if o.At.IsZero() {
		o.At = start
	}
	then, err := s.Settle(t.Context(), owner, o)
	if err != nil {
		t.Fatalf("Settle of notice %d: %v", o.Notice, err)
	}
	return then
}

func settleErr(t *testing.T, s tickets.Store, owner string, o tickets.Settlement) error {
	t.Helper()
	then, err := s.Settle(t.Context(), owner, o)
	if err != nil && then != nil {
		t.Errorf("a settlement that failed gave notices: %v", then)
	}
	return err
}

func sent(id int64) tickets.Settlement {
	return tickets.Settlement{Notice: id, Outcome: tickets.Delivered, Sent: []int64{id * 10}}
}

// waiting gives the IDs of all notices that a replica left behind by an instant.
func waiting(t *testing.T, s tickets.Store, now time.Time) []int64 {
	t.Helper()
	list, err := s.Waiting(t.Context(), now, later(1000*time.Hour), 1000)
	check(t, err)
	return ids(list)
}

func unsent(t *testing.T, s tickets.Store, want int) {
	t.Helper()
	got, err := s.Unsent(t.Context())
	check(t, err)
	same(t, "unsent notices", got, want)
}

func seen(t *testing.T, s tickets.Store, u tickets.Update, want bool) {
	t.Helper()
	got, err := s.Seen(t.Context(), u)
	check(t, err)
	if got != want {
		t.Errorf("Seen(%+v) = %v", u, got)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got error %v, want %v", what, err, want)
	}
}

// wantAway wants an error that is none of those that callers tell apart.
func wantAway(t *testing.T, what string, err error) {
	t.Helper()
	for _, told := range []error{nil, tickets.ErrDuplicate, tickets.ErrStale, tickets.ErrBehind, tickets.ErrNotFound} {
		if errors.Is(err, told) {
			t.Errorf("%s: got %v, want an error of its own", what, err)
		}
	}
}

func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
