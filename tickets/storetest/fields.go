package storetest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"intakebot/tickets"
)

// words is text that has broken bots: markup, right-to-left, combining marks,
// emoji of several runes, quotes, a backslash, zero bytes are elsewhere.
const words = `Ошибка «500» <b>&amp;</b> 👩‍👩‍👧 שלום e\u0301 \n 'x' "y" $1 ?1 %s` + "\n\tконец"

func testCustomer(t *testing.T, s tickets.Store) {
	session := json.RawMessage(`{"state":"site","text":"` + strings.Repeat("ы", 5000) + `","n":[1,2.50,null],"nul":"\u0000"}`)
	c := tickets.Customer{
		ID: 1 << 52, Lang: tickets.English, Session: session, Wake: later(time.Hour), Blocked: true, Banned: true,
	}
	for version := range int64(3) {
		c.Version = version
		commit(t, s, tickets.Change{Customer: &c})
		c.Version++
		same(t, "customer", *load(t, s, c.ID), c)
	}
	bare := tickets.Customer{ID: c.ID, Lang: tickets.Russian, Version: c.Version}
	commit(t, s, tickets.Change{Customer: &bare})
	bare.Version++
	same(t, "customer without a session", *load(t, s, c.ID), bare)
}

func testUnknown(t *testing.T, s tickets.Store) {
	same(t, "unknown customer", *load(t, s, 7), tickets.Customer{ID: 7})
	_, err := s.Ticket(t.Context(), 1001)
	wantErr(t, "unknown ticket", err, tickets.ErrNotFound)
	list, err := s.TicketsOf(t.Context(), 7, 10)
	check(t, err)
	events, err := s.Events(t.Context(), 1001)
	check(t, err)
	same(t, "lists of the unknown", []int{len(list), len(events)}, []int{0, 0})
	_, err = s.Claim(t.Context(), "a", 5, start)
	wantErr(t, "claim of the unknown", err, tickets.ErrStale)
	wantErr(t, "settling the unknown", settleErr(t, s, "a", sent(5)), tickets.ErrStale)
	_, err = s.Unshelve(t.Context(), 5)
	wantErr(t, "unshelving the unknown", err, tickets.ErrNotFound)
	check(t, s.Ping(t.Context()))
}

func fullTicket(draft string, customer int64) tickets.Ticket {
	return tickets.Ticket{
		Draft: draft, Customer: customer, Lang: tickets.English, Topic: "outage", Level: "critical", Critical: true,
		State: tickets.StateNew,
		Report: tickets.Report{
			Contact: tickets.Contact{Name: words, Email: "я@пример.рф", Login: "o'neil", Phone: "+7 495"},
			Site:    "https://xn--e1afmkfd.xn--p1ai/", Problem: words, Error: words, Steps: words, Changes: words,
			Files: []tickets.File{{
				ID: "AgAC", Unique: "AQ", Kind: tickets.Document, Name: "снимок.png", Size: 20 << 20, Type: "image/png", Message: 17,
			}},
		},
		Opened: start, Due: later(time.Hour),
		Place: tickets.Place{Group: -1001234567890, Thread: 5, Card: 6}, Thread: 7,
	}
}

func testTicket(t *testing.T, s tickets.Store) {
	person(t, s, 7)
	full := fullTicket("d1", 7)
	bare := tickets.Ticket{Draft: "d2", Customer: 7, State: tickets.StateNew}
	empty := bare
	empty.Draft, empty.Report.Files = "d3", []tickets.File{}
	for i, want := range []tickets.Ticket{full, bare, empty} {
		want.ID = commit(t, s, tickets.Change{File: &want}).Ticket
		same(t, "the ticket's ID", want.ID, int64(1001+i))
		want.Version = 1
		got, err := s.Ticket(t.Context(), want.ID)
		check(t, err)
		same(t, "ticket", got, want)
	}
}

func testTicketsOf(t *testing.T, s tickets.Store) {
	person(t, s, 7)
	person(t, s, 8)
	for i, customer := range []int64{7, 8, 7, 7} {
		commit(t, s, tickets.Change{File: ticket(string(rune('a'+i)), customer)})
	}
	list, err := s.TicketsOf(t.Context(), 7, 2)
	check(t, err)
	got := []int64{}
	for _, k := range list {
		got = append(got, k.ID)
	}
	same(t, "newest tickets", got, []int64{1004, 1003})
	same(t, "draft of the newest", list[0].Draft, "d")
}

func testEvents(t *testing.T, s tickets.Store) {
	id := file(t, s, "d", 7)
	other := file(t, s, "e", 8)
	want := []tickets.Event{
		{Ticket: id, At: start, Actor: tickets.Actor{Kind: "customer", ID: 7, Name: words}, Kind: "filed"},
		{Ticket: id, At: later(time.Microsecond), Actor: tickets.Actor{Kind: "agent", ID: 9}, Kind: "state",
			Data: map[string]string{"from": "new", "to": words}},
		{Ticket: id, At: start, Actor: tickets.Actor{Kind: "bot"}, Kind: "timer", Data: map[string]string{}},
	}
	elsewhere := want[0]
	elsewhere.Ticket = other
	commit(t, s, tickets.Change{Events: []tickets.Event{want[0], elsewhere}})
	commit(t, s, tickets.Change{Events: want[1:]})
	got, err := s.Events(t.Context(), id)
	check(t, err)
	same(t, "events", got, want)
}

func testNotice(t *testing.T, s tickets.Store) {
	id := file(t, s, "d", 7)
	at := later(time.Nanosecond)
	full := tickets.Notice{
		To: tickets.Address{Chat: -100123, Ticket: id}, Kind: tickets.NoticeCard, Priority: tickets.PriorityAnnounce,
		Lang: tickets.English, About: id,
		Message: tickets.Message{
			Text: []tickets.Line{{Key: "card", Args: tickets.Args{
				"text": tickets.Text(words), "count": tickets.Count(0), "time": tickets.Time(at), "key": tickets.Key("other"),
				"words": tickets.Of(tickets.Words{tickets.Russian: "да", tickets.English: "yes"}),
			}}},
			Buttons:  [][]tickets.Button{{{Label: tickets.Line{Key: "b"}, Data: "1:x:«ы»"}}, {{URL: "https://example.ru"}}},
			Keyboard: &tickets.Keyboard{Rows: [][]tickets.KeyboardKey{{{Label: tickets.Line{Key: "k"}, ShareContact: true}}}},
			Files:    fullTicket("", 0).Report.Files,
		},
		Title: tickets.Line{Key: "title", Args: tickets.Args{"n": tickets.Count(5)}}, Target: 77,
		Once: true, Merge: "reminder", After: later(-time.Hour),
		Extra: tickets.Extra{
			Body: &tickets.Body{Text: words, Entities: []tickets.Entity{
				{Type: "text_link", Offset: 1, Length: 2, URL: "https://example.ru"}, {Type: "pre", Language: "go"}, {Type: "custom_emoji", Emoji: "5"},
			}},
			Source: &tickets.Source{Chat: -100123, Messages: []int64{5, 6}}, Emoji: "👍", Closed: true, Card: true, Report: true,
			Thread: tickets.InThread, Threaded: true,
		},
	}
	empty := note(7, "x")
	empty.Message = tickets.Message{Keyboard: &tickets.Keyboard{}}
	for _, want := range []tickets.Notice{full, empty, {To: tickets.Address{Chat: 8}, Kind: tickets.NoticeLeave}} {
		done := commit(t, s, tickets.Change{Notices: []tickets.Notice{want}})
		want.ID = done.Notices[0].ID
		same(t, "committed notice", done.Notices, []tickets.Notice{want})
		list, err := s.Waiting(t.Context(), start, later(time.Second), 10)
		check(t, err)
		i := slices.IndexFunc(list, func(n tickets.Notice) bool { return n.ID == want.ID })
		same(t, "waiting notice", list[i], want)
		want.Attempts = 1
		same(t, "claimed notice", claim(t, s, "a", want.ID).Notice, want)
		settle(t, s, "a", sent(want.ID))
	}
}

// testOddBytes: what no sender should send must not stop the line (P6). A
// store keeps it or cleans it.
func testOddBytes(t *testing.T, s tickets.Store) {
	odd := "a\x00b\xff\xfec"
	c := *person(t, s, 7)
	k := ticket("d", 7)
	k.Topic, k.Report.Problem, k.Report.Contact.Name = odd, odd, odd
	n := note(7, odd)
	n.Message.Text[0].Args = tickets.Args{odd: tickets.Text(odd)}
	n.Merge = odd
	done := commit(t, s, tickets.Change{Customer: &c, File: k, Notices: []tickets.Notice{n}, Events: []tickets.Event{{
		At: start, Actor: tickets.Actor{Kind: "agent", Name: odd}, Kind: odd, Data: map[string]string{odd: odd},
	}}})
	claim(t, s, odd, done.Notices[0].ID)
	settle(t, s, odd, tickets.Settlement{Notice: done.Notices[0].ID, Outcome: tickets.Undeliverable, Cause: odd})
	check(t, s.Shelve(t.Context(), tickets.Shelved{Update: tickets.Update{ID: 1}, Body: []byte(odd), Cause: odd, At: start}))
	shelf, err := s.Shelf(t.Context(), 1)
	check(t, err)
	same(t, "the body as it came", string(shelf[0].Body), odd)
	got, err := s.Ticket(t.Context(), done.Ticket)
	check(t, err)
	if !strings.HasPrefix(got.Report.Problem, "a") || !strings.HasSuffix(got.Report.Problem, "c") {
		t.Errorf("the problem's words are %q", got.Report.Problem)
	}
}

func testSleepers(t *testing.T, s tickets.Store) {
	wakes := map[int64]time.Time{1: later(3), 2: later(2 * time.Second), 3: {}, 4: later(time.Second), 5: later(time.Minute), 6: later(2 * time.Second)}
	for id, wake := range wakes {
		commit(t, s, tickets.Change{Customer: &tickets.Customer{ID: id, Wake: wake}})
	}
	sleepers := func(now time.Time, limit int) []int64 {
		got, err := s.Sleepers(t.Context(), now, limit)
		check(t, err)
		return got
	}
	same(t, "sleepers", sleepers(later(2*time.Second), 10), []int64{1, 4, 2, 6})
	same(t, "first sleepers", sleepers(later(2*time.Second), 2), []int64{1, 4})
	same(t, "sleepers a moment before", len(sleepers(later(time.Second-time.Microsecond), 10)), 1)
}
