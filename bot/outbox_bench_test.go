package bot

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// BenchmarkPushToSent is one answer's way: pushed, claimed durably, sent over
// HTTP on this machine, recorded durably.
func BenchmarkPushToSent(b *testing.B) {
	world := telegramsim.New(telegramsim.WithHistory(10))
	defer world.Close()
	tgBot := world.AddBot(testToken, "thebot", "Desk")
	server := httptest.NewServer(world.Handler())
	defer server.Close()
	store := openStore(b)
	out := NewOutbox(OutboxConfig{
		Store: store, API: testAPI(b, server.URL), Render: testRenderer(b), Limiter: noLimits{}, Log: testLog(b), Owner: "b", Alone: true,
	})
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- out.Run(ctx) }()
	p := world.AddPerson("Ivan").With(tgBot)
	if _, err := p.Start(""); err != nil {
		b.Fatal(err)
	}
	n := question()
	n.To.Chat = p.ID()
	b.ReportAllocs()
	for b.Loop() {
		done, err := store.Commit(ctx, tickets.Change{Notices: []tickets.Notice{n}, At: time.Now()})
		if err != nil {
			b.Fatal(err)
		}
		out.Push(done.Notices)
		if _, err := p.Expect(ctx, "корзина"); err != nil {
			b.Fatal(err)
		}
	}
	stop()
	<-ended
}

// BenchmarkManyChats is the outbox at full load, without Telegram's limits:
// notices to many chats, and how long one takes then.
func BenchmarkManyChats(b *testing.B) {
	world := telegramsim.New(telegramsim.WithHistory(10))
	defer world.Close()
	tgBot := world.AddBot(testToken, "thebot", "Desk")
	server := httptest.NewServer(world.Handler())
	defer server.Close()
	store := openStore(b)
	out := NewOutbox(OutboxConfig{
		Store: store, API: testAPI(b, server.URL), Render: testRenderer(b), Limiter: noLimits{}, Log: testLog(b), Owner: "b", Alone: true,
	})
	var chats []int64
	for i := range 200 {
		p := world.AddPerson(fmt.Sprint("C", i)).With(tgBot)
		if _, err := p.Start(""); err != nil {
			b.Fatal(err)
		}
		chats = append(chats, p.ID())
	}
	var list []tickets.Notice
	for i := range b.N {
		n := question()
		n.To.Chat = chats[i%len(chats)]
		list = append(list, n)
	}
	done, err := store.Commit(b.Context(), tickets.Change{Notices: list, At: time.Now()})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	b.ReportAllocs()
	b.ResetTimer()
	out.Push(done.Notices)
	go func() { ended <- out.Run(ctx) }()
	for sent := out.Counters.Delivered.Load(); sent < int64(b.N); sent = out.Counters.Delivered.Load() {
		sleep(ctx, time.Millisecond)
	}
	b.StopTimer()
	stop()
	<-ended
}
