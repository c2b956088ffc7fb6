package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// ledger is what the store holds once all is over.
type ledger struct {
	t       *testing.T
	store   tickets.Store
	notices []entry
}

// entry is a notice as it ended.
type entry struct {
	id, chat, ticket int64
	kind, state      string
	merge            string // names notices of which only the newest matters
	plain            bool   // not for later, and never put off
	doubtful         int
	sent             []int64
}

// openLedger reads a database of which nobody writes any more: the driver's
// name, and the address.
func openLedger(t *testing.T, driver, address string) *ledger {
	t.Helper()
	l := &ledger{t: t}
	l.read(driver, address)
	where := database{file: address}
	if driver != "sqlite" {
		where = database{url: address}
	}
	var err error
	if l.store, err = openStore(t.Context(), where, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.store.Close() })
	return l
}

func (l *ledger) read(driver, address string) {
	l.t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		l.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(l.t.Context(), `SELECT id, chat, coalesce(ticket, 0), kind, state, merge, after IS NULL, doubtful, CAST(sent AS text)
		FROM notices ORDER BY id`)
	if err != nil {
		l.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var e entry
		var sent string
		if err := rows.Scan(&e.id, &e.chat, &e.ticket, &e.kind, &e.state, &e.merge, &e.plain, &e.doubtful, &sent); err != nil {
			l.t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(sent), &e.sent); err != nil {
			l.t.Fatal(err)
		}
		l.notices = append(l.notices, e)
	}
	if err := rows.Err(); err != nil {
		l.t.Fatal(err)
	}
}

// check holds what there is against what must be.
func (k *killing) check(l *ledger) {
	k.t.Helper()
	filed := 0
	for _, c := range k.customers {
		filed += len(c.filed)
		k.filed(l, c)
		l.inOrder(c.UserID())
	}
	if filed == 0 {
		k.t.Error("no ticket was filed at all")
	}
	l.allSent()
	doubled := k.once(l)
	k.t.Logf("%d tickets of %d customers, %d notices, %d sends, of which doubled: %d", filed, len(k.customers), len(l.notices), len(k.gate.sent()), doubled)
}

// filed: each ticket is there once, whole, and so is its card.
func (k *killing) filed(l *ledger, c *customer) {
	k.t.Helper()
	list, err := l.store.TicketsOf(context.Background(), c.UserID(), 10000)
	if err != nil {
		k.t.Fatal(err)
	}
	if len(list) != len(c.filed) {
		k.t.Errorf("%s has filed %d tickets, and there are %d", c.Name(), len(c.filed), len(list))
	}
	for _, w := range c.filed {
		got, err := l.store.Ticket(context.Background(), w.id(k.t))
		if err != nil {
			k.t.Errorf("%s: %v", w.number, err)
			continue
		}
		if got.Customer != c.UserID() || got.Topic != w.topic {
			k.t.Errorf("%s of %s: customer %d, topic %q instead of %q", w.number, c.Name(), got.Customer, got.Topic, w.topic)
		}
		if have, want := flat(got.Report), flat(w.report); !slices.Equal(have, want) {
			k.t.Errorf("%s of %s is\n%q\ninstead of\n%q", w.number, c.Name(), have, want)
		}
		k.card(l, got)
	}
}

// flat is a report as a list of texts, of files the IDs.
func flat(r tickets.Report) []string {
	list := []string{r.Contact.Name, r.Contact.Email, r.Contact.Login, r.Contact.Phone, r.Contact.Account,
		r.Site, r.Problem, r.Error, r.Steps, r.Changes}
	for _, f := range r.Files {
		list = append(list, f.ID)
	}
	return list
}

// card: a ticket's topic shows every field and every file in order.
func (k *killing) card(l *ledger, ticket tickets.Ticket) {
	k.t.Helper()
	number := tickets.Number(ticket.ID)
	topic := k.desk.Topic(int(ticket.Place.Thread))
	if !strings.Contains(topic.Title(), " "+number+" ") { // after the sign of its state
		k.t.Errorf("the topic of %s is %q", number, topic.Title())
	}
	text, files := l.shown(topic, ticket.ID)
	for _, field := range flat(ticket.Report)[:10] {
		if shown := strings.TrimPrefix(field, "https://"); !strings.Contains(text, shown) {
			k.t.Errorf("the card of %s lacks %q:\n%s", number, shown, text)
		}
	}
	if want := flat(ticket.Report)[10:]; !slices.Equal(files, want) {
		k.t.Errorf("the card of %s has the files %q instead of %q", number, files, want)
	}
}

// shown is what the recorded messages of a ticket's card show.
func (l *ledger) shown(topic *telegramsim.Chat, ticket int64) (text string, files []string) {
	l.t.Helper()
	for _, e := range l.notices {
		if e.kind != string(tickets.NoticeCard) || e.ticket != ticket {
			continue
		}
		for _, id := range e.sent {
			m, ok := topic.Message(int(id))
			if !ok {
				l.t.Errorf("message %d of %s does not stand in its topic", id, tickets.Number(ticket))
			}
			text += m.Text
			if m.FileID != "" {
				files = append(files, m.FileID)
			}
		}
	}
	return text, files
}

// allSent: no notice was given up. What may be dropped is the tidying of old
// buttons, and what a newer notice has replaced; a board may have been written
// just now.
func (l *ledger) allSent() {
	l.t.Helper()
	for _, e := range l.notices {
		may := e.state == "dropped" && (e.kind == string(tickets.NoticeEdit) || e.merge != "")
		may = may || e.state == "pending" && e.kind == string(tickets.NoticeBoard)
		if e.state != "sent" && !may {
			l.t.Errorf("notice %d to %d (%s, ticket %d) ended as %q", e.id, e.chat, e.kind, e.ticket, e.state)
		}
	}
}

// inOrder: a customer has got the messages in the order in which they were
// written, but for those that had to wait.
func (l *ledger) inOrder(chat int64) {
	l.t.Helper()
	last := int64(0)
	for _, e := range l.notices {
		if e.chat != chat || e.kind != string(tickets.NoticeSend) || !e.plain {
			continue
		}
		for _, id := range e.sent {
			if id <= last {
				l.t.Errorf("notice %d was sent before an earlier one", e.id)
			}
			last = id
		}
	}
}

// once: a message that the store knows nothing of is one whose outcome was
// unknown when the bot was killed (P2). A chat's line sends one notice at a
// time, so that a kill can leave one such notice in a chat or a topic; of a card
// with files, whose parts are recorded together, each part once.
func (k *killing) once(l *ledger) (doubled int) {
	k.t.Helper()
	known := map[[2]int64]bool{}
	for _, e := range l.notices {
		for _, id := range e.sent {
			known[[2]int64{e.chat, id}] = true
		}
	}
	type place struct {
		life  int
		chat  int64
		topic string
		part  string // of a card: its text, or its first file
	}
	seen := map[place]int{}
	for _, d := range k.gate.sent() {
		p := place{life: d.life, chat: d.chat, topic: d.title}
		if d.ids == nil && !k.orphaned(l, d.thread) || d.ids != nil && known[[2]int64{d.chat, d.ids[0]}] {
			continue
		}
		if d.ids != nil && d.thread != 0 {
			p.topic = k.desk.Topic(int(d.thread)).Title()
			m, _ := k.desk.Message(int(d.ids[0]))
			p.part = m.Text + m.FileID
		}
		doubled++
		if seen[p]++; seen[p] > 1 {
			k.t.Errorf("%d doubled sends in one life: %+v", seen[p], p)
		}
	}
	return doubled
}

// orphaned tells whether a topic belongs to no ticket.
func (k *killing) orphaned(l *ledger, thread int64) bool {
	k.t.Helper()
	_, title, _ := strings.Cut(k.desk.Topic(int(thread)).Title(), " ")
	number, _, _ := strings.Cut(title, " ")
	id, err := tickets.ParseNumber(number)
	if err != nil {
		k.t.Fatal(err)
	}
	ticket, err := l.store.Ticket(context.Background(), id)
	if err != nil {
		k.t.Fatal(err)
	}
	return ticket.Place.Thread != thread
}
