package tickets_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"intakebot/tickets"
)

// refused is the text key of a refusal; empty: there is none.
func refused(err error) string {
	var r *tickets.Refusal
	if !errors.As(err, &r) {
		return ""
	}
	return r.Line.Key
}

// TestWhoTakesFirstHasIt: the last word never wins silently.
func TestWhoTakesFirstHasIt(t *testing.T) {
	p := in(tickets.StateWork)
	err := p.act(olga, "take", "")
	if refused(err) != "desk.taken" || p.t.Agent != ivan.ID {
		t.Errorf("%v; agent %d has it", err, p.t.Agent)
	}
	if err := p.answer(olga); err != nil || !slices.Contains(p.said(groupID), "desk.other") || p.t.Agent != ivan.ID {
		t.Errorf("%v, said %q, agent %d", err, p.said(groupID), p.t.Agent)
	}
	if err := p.answer(olga); err != nil || slices.Contains(p.said(groupID), "desk.other") {
		t.Errorf("%v, said again: %q", err, p.said(groupID))
	}
	if err := p.act(olga, "wait", ""); err != nil || !slices.Contains(p.said(groupID), "desk.other") {
		t.Errorf("%v, said %q", err, p.said(groupID))
	}
	if err := p.act(olga, "assign", ""); err != nil || p.t.Agent != olga.ID || !slices.Contains(p.said(groupID), "desk.assigned.over") {
		t.Errorf("%v, agent %d", err, p.t.Agent)
	}
}

// TestSolved: told, reminded of the credentials (R6.3), asked for a rating
// (R7.1), offered to reopen (R7.2).
func TestSolved(t *testing.T) {
	p := in(tickets.StateSolved)
	if got := p.said(customerID); !slices.Equal(got, []string{"told.solved", "told.credentials", "", "rate.ask", "told.reopen"}) {
		t.Errorf("the customer reads %q", got)
	}
	b := p.c.Notices[0].Message.Buttons
	if len(b) != 2 || len(b[0]) != 5 || b[0][4].Data != tickets.TicketPress("c.rate", 1001, "5") || b[1][0].Data != tickets.TicketPress("c.reopen", 1001, "") {
		t.Errorf("buttons %+v", b)
	}
	if !p.t.Wake.Equal(minuteAfter(tuesday, 27*60, true)) {
		t.Errorf("closes at %v", p.t.Wake)
	}
	topic := p.c.Notices[len(p.c.Notices)-1]
	if topic.Kind != tickets.NoticeTopic || !topic.Extra.Closed || topic.Merge != "topic" {
		t.Errorf("the topic: %+v", topic)
	}
	p.pass(100*time.Hour, func() {
		if slices.Contains(p.kinds(), tickets.NoticeTopic) {
			t.Error("closing has renamed the topic")
		}
	})
	if p.t.State != tickets.StateClosed {
		t.Errorf("in the end it is %s", p.t.State)
	}
}

func TestRating(t *testing.T) {
	p := in(tickets.StateWork)
	if err := p.take(p.desk.Rate(p.t, 5)); refused(err) != "rate.open" {
		t.Errorf("rated in work: %v", err)
	}
	p = in(tickets.StateSolved)
	if err := p.take(p.desk.Comment(p.t, "плохо")); refused(err) != "rate.none" {
		t.Errorf("a comment on nothing: %v", err)
	}
	if err := p.take(p.desk.Rate(p.t, 2)); err != nil || !slices.Equal(p.said(customerID), []string{"rate.sorry"}) {
		t.Errorf("%v, said %q", err, p.said(customerID))
	}
	if i := slices.Index(p.said(groupID), "desk.low"); i < 0 || p.c.Notices[1].After.IsZero() || p.c.Notices[1].Merge != "rating" {
		t.Errorf("a low rating: %+v", p.c.Notices)
	}
	if err := p.take(p.desk.Comment(p.t, "плохо")); err != nil || !slices.Contains(p.said(groupID), "desk.low.comment") {
		t.Errorf("%v, said %q", err, p.said(groupID))
	}
	if err := p.take(p.desk.Rate(p.t, 4)); err != nil || p.t.Life.Rating != 4 || len(p.said(groupID)) != 0 || p.c.Notices[1].Drops != "rating" {
		t.Errorf("changed: %v, %+v", err, p.c.Notices)
	}
	if err := p.take(p.desk.Rate(p.t, 4)); refused(err) != "rate.same" {
		t.Errorf("the same again: %v", err)
	}
	p.desk.Now = p.desk.Now.AddDate(1, 0, 0)
	if err := p.take(p.desk.Rate(p.t, 1)); err != nil || p.t.Life.Rating != 1 || !slices.Equal(p.said(customerID), []string{"rate.thanks"}) {
		t.Errorf("late: %v, %q", err, p.said(customerID))
	}
}

// TestEverySolvingAsksAgain, and forgets the rating of the one before.
func TestEverySolvingAsksAgain(t *testing.T) {
	p := in(tickets.StateSolved)
	for _, step := range []func() error{
		func() error { return p.take(p.desk.Rate(p.t, 1)) },
		func() error { return p.take(p.desk.Reopen(p.t, anna)) },
		func() error { return p.act(olga, "solve", "") },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Contains(p.said(customerID), "rate.ask") || p.t.Life.Rating != 0 {
		t.Errorf("said %q, rating %d", p.said(customerID), p.t.Life.Rating)
	}
}

// TestReopening (R7.2): within the policy's time, with the reaction time anew.
func TestReopening(t *testing.T) {
	p := in(tickets.StateClosed)
	if err := p.add(); refused(err) != "closed.choose" {
		t.Errorf("written to a closed ticket: %v", err)
	}
	p.desk.Now = tuesday.Add(p.policy.Silence.Reopen)
	if err := p.take(p.desk.Reopen(p.t, anna)); err != nil || p.t.State != tickets.StateReopened || p.t.Agent != 0 {
		t.Errorf("%v, %s, agent %d", err, p.t.State, p.t.Agent)
	}
	if want := minuteAfter(p.desk.Now, 9*60, true); !p.t.Due.Equal(want) || !slices.Equal(p.said(customerID), []string{"told.reopened", "told.due"}) {
		t.Errorf("due %v, want %v; said %q", p.t.Due, want, p.said(customerID))
	}
	if err := p.take(p.desk.Reopen(p.t, anna)); refused(err) != "reopen.open" {
		t.Errorf("reopened twice: %v", err)
	}
	p = in(tickets.StateClosed)
	p.desk.Now = tuesday.Add(p.policy.Silence.Reopen + time.Second)
	if err := p.take(p.desk.Reopen(p.t, anna)); refused(err) != "reopen.late" {
		t.Errorf("too late: %v", err)
	}
	if err := p.act(ivan, "reopen", ""); err != nil || p.t.State != tickets.StateReopened {
		t.Errorf("an agent: %v, %s", err, p.t.State)
	}
}

// TestReasons (R6.4): asked for by buttons, told to the customer.
func TestReasons(t *testing.T) {
	p := in(tickets.StateWork)
	if err := p.act(ivan, "putoff", ""); err != nil || p.t.State != tickets.StateWork || !slices.Equal(p.kinds(), []tickets.NoticeKind{tickets.NoticeEdit}) {
		t.Fatalf("%v, %v", err, p.kinds())
	}
	b := p.c.Notices[0].Message.Buttons
	if len(b) != len(p.policy.Reasons)+1 || b[1][0].Data != tickets.TicketPress("t.putoff", 1001, "no-information") {
		t.Errorf("buttons %+v", b)
	}
	if err := p.act(ivan, "putoff", "boredom"); refused(err) != "desk.reason.unknown" {
		t.Errorf("%v", err)
	}
	if err := p.act(ivan, "decline", "out-of-scope"); err != nil || p.t.Life.Reason != "out-of-scope" {
		t.Fatalf("%v, reason %q", err, p.t.Life.Reason)
	}
	about := p.c.Notices[0].Message.Text[1].Args["text"].Words
	if want, _ := p.policy.Reason("out-of-scope"); about.In("ru") != want.About.In("ru") {
		t.Errorf("the customer reads %q", about)
	}
}

// TestSplit (R3.4): a ticket of its own, linked, and the customer told why.
func TestSplit(t *testing.T) {
	p := in(tickets.StateWork)
	post := text(customerID, 600, "Ещё не приходят письма")
	if err := p.take(p.desk.Act(p.t, tickets.Act{Name: "split", By: ivan, Post: &post, Reply: 70})); err != nil {
		t.Fatal(err)
	}
	f := p.c.File
	if f == nil || f.Life.SplitFrom != 1001 || f.Customer != customerID || f.Report.Problem != post.Body.Text || f.Report.Site != p.t.Report.Site || f.Due.IsZero() || f.Wake.IsZero() {
		t.Fatalf("filed %+v", f)
	}
	if got := p.said(customerID); got[0] != "filed" || got[2] != "told.split" {
		t.Errorf("the customer reads %q", got)
	}
	if got := p.said(groupID); !slices.Contains(got, "card.split") || !slices.Contains(got, "desk.split") {
		t.Errorf("the agents read %q", got)
	}
	for _, a := range []tickets.Act{{Name: "split", By: ivan}, {Name: "split", By: ivan, Post: &tickets.Post{Source: post.Source}}} {
		if _, err := p.desk.Act(p.t, a); refused(err) == "" {
			t.Errorf("%+v is taken", a)
		}
	}
}

// TestMerge: closed into another ticket of the same customer, who goes on
// waiting there.
func TestMerge(t *testing.T) {
	p, o := newPlayer(tuesday, "site-down"), in(tickets.StateWaiting)
	o.t.ID = 1002
	p.desk.Now = tuesday.Add(time.Hour)
	if err := p.take(p.desk.Act(p.t, tickets.Act{Name: "merge", By: ivan, Value: "T-1002 Это об одном", Other: o.t})); err != nil {
		t.Fatal(err)
	}
	if p.t.State != tickets.StateClosed || p.t.Life.MergedTo != 1002 || !slices.Equal(p.said(customerID), []string{"told.merged", "told.words"}) {
		t.Errorf("%s into %d, said %q", p.t.State, p.t.Life.MergedTo, p.said(customerID))
	}
	i := slices.IndexFunc(p.c.Tickets, func(t tickets.Ticket) bool { return t.ID == 1002 })
	if i < 0 || !p.c.Tickets[i].Critical || !p.c.Tickets[i].Life.Since.Equal(tuesday) || p.c.Tickets[i].State != tickets.StateWork {
		t.Errorf("tickets %+v", p.c.Tickets)
	}
	if err := p.take(p.desk.Reopen(p.t, anna)); refused(err) != "reopen.merged" {
		t.Errorf("reopened: %v", err)
	}
	for name, change := range map[string]func(*tickets.Ticket){
		"desk.merge.same":     func(t *tickets.Ticket) { t.ID = 1001 },
		"desk.merge.customer": func(t *tickets.Ticket) { t.Customer = 8 }, // P7
		"desk.merge.ended":    func(t *tickets.Ticket) { t.State = tickets.StateClosed },
		"desk.merge.which":    func(t *tickets.Ticket) { t.ID = 0 },
	} {
		other := o.t
		change(&other)
		if _, err := p.desk.Act(newPlayer(tuesday, "site-down").t, tickets.Act{Name: "merge", By: ivan, Value: "T-1002", Other: other}); refused(err) != name {
			t.Errorf("%v, want %s", err, name)
		}
	}
}

func TestCanned(t *testing.T) {
	p := newPlayer(tuesday, "error")
	p.policy.Canned["hello"] = tickets.Words{"ru": "{name}, о {site} по {ticket}. {agent}"}
	if err := p.act(ivan, "r", "Hello и ещё"); err != nil || !p.t.Due.IsZero() || p.t.State != tickets.StateWork {
		t.Errorf("%v, due %v, %s", err, p.t.Due, p.t.State)
	}
	if got := p.c.Notices[0].Extra.Body.Text; got != "Анна, о example.ru/ по T-1001. Иван\n\nи ещё" {
		t.Errorf("the customer reads %q", got)
	}
}

func TestPriority(t *testing.T) {
	p := newPlayer(tuesday, "error")
	for _, tt := range []struct {
		value string
		on    bool
		want  string
	}{{"on", true, ""}, {"on", true, "desk.same_priority"}, {"", true, "desk.same_priority"}, {"Off", false, ""}, {"", true, ""}, {"off", false, ""}, {"x", false, "desk.switch"}} {
		if err := p.act(ivan, "priority", tt.value); refused(err) != tt.want || p.t.Critical != tt.on {
			t.Errorf("%q: %v, critical %v", tt.value, err, p.t.Critical)
		}
	}
}

// TestALongProblemTakesOneLine: a ticket has two lines in a list, however many its
// description has.
func TestALongProblemTakesOneLine(t *testing.T) {
	p := newPlayer(tuesday, "error")
	p.t.Report.Problem = "Белая страница\n\nв каталоге"
	for _, l := range p.desk.List("board.head", []tickets.Ticket{p.t}, 1).Text {
		if got := l.Args["problem"].Text; got != "" && got != "Белая страница в каталоге" {
			t.Errorf("the board says %q", got)
		}
	}
}

// TestUrgency: critical first (R2.4), then by due time, then by arrival (R2.3).
func TestUrgency(t *testing.T) {
	p := newPlayer(tuesday, "error")
	due := func(id int64, critical bool, hours int) tickets.Ticket {
		t := p.t
		t.ID, t.Critical, t.Due = id, critical, time.Time{}
		if hours > 0 {
			t.Due = tuesday.Add(time.Duration(hours) * time.Hour)
		}
		return t
	}
	list := []tickets.Ticket{due(5, false, 0), due(4, false, 2), due(3, false, 1), due(2, true, 9), due(1, false, 0)}
	slices.SortFunc(list, tickets.Urgency)
	var got []string
	for _, l := range p.desk.List("board.head", list, 30).Text {
		if l.Key == "list.ticket.link" {
			got = append(got, l.Args["number"].Text)
		}
		if l.Key == "list.more" {
			got = append(got, fmt.Sprint("and ", *l.Args["n"].Count))
		}
	}
	if want := []string{"T-2", "T-3", "T-4", "T-1", "T-5", "and 25"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestHistoryKeepsTheDesksOwn from customers, and shows it to agents.
func TestHistoryKeepsTheDesksOwn(t *testing.T) {
	p := in(tickets.StateWork)
	if err := p.act(ivan, "note", ""); refused(err) != "desk.note.how" {
		t.Errorf("a button's note: %v", err)
	}
	if err := p.take(p.desk.Act(p.t, tickets.Act{Name: "note", By: ivan, Value: "он всегда так", Reply: 7})); err != nil || len(p.c.Tickets) != 0 {
		t.Fatalf("%v, %+v", err, p.c)
	}
	lines := func(m tickets.Message) (keys []string) {
		for _, l := range m.Text {
			keys = append(keys, l.Args["what"].Key)
		}
		return keys
	}
	if got := lines(p.desk.History(p.t, p.events)); slices.Contains(got, "history.note") || slices.Contains(got, "history.assigned") || !slices.Contains(got, "yours.work") {
		t.Errorf("a customer reads %q", got)
	}
	if got := lines(p.desk.Transcript(p.t, p.events)); !slices.Contains(got, "transcript.note") || !slices.Contains(got, "transcript.assigned") {
		t.Errorf("an agent reads %q", got)
	}
}
