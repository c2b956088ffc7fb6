package telegramsim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"intakebot/bot/telegramsim"
)

// TestManyAtOnce lets many people, a polling bot and watchers meet; the race
// detector and the counts are the judges.
func TestManyAtOnce(t *testing.T) {
	s := newStage(t)
	const people, each = 8, 25
	watch := s.world.Subscribe()
	defer watch.Close()
	var talk sync.WaitGroup
	for i := range people {
		p := s.world.Customer(t, fmt.Sprint("P", i))
		talk.Go(func() {
			for k := range each {
				if _, err := p.Seat.Send(fmt.Sprint(k)); err != nil {
					t.Error(err)
				}
				if _, err := p.Chat.Expect(s.ctx, fmt.Sprint("эхо ", k)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	s.echo(people * each)
	talk.Wait()
	for sent := 0; sent < 2*people*each; {
		if e := must[telegramsim.Event](t)(watch.Next(s.ctx)); e.Kind == telegramsim.MessageSent {
			sent++
		}
	}
}

// echo answers n messages by polling.
func (s *stage) echo(n int) {
	var offset int64
	for n > 0 {
		for _, u := range s.poll(offset, 50) {
			if r := s.call("sendMessage", args{"chat_id": u.Message.Chat.ID, "text": "эхо " + u.Message.Text}); !r.OK {
				s.t.Error(r.Description)
			}
			offset = u.ID + 1
			n--
		}
	}
}

// BenchmarkSendMessage is the handler's share of a sendMessage with a keyboard,
// without the network.
func BenchmarkSendMessage(b *testing.B) {
	for _, watchers := range []int{0, 1} {
		b.Run(fmt.Sprint(watchers, " watchers"), func(b *testing.B) {
			world := telegramsim.New(telegramsim.WithHistory(1000))
			defer world.Close()
			world.AddBot(token, "helpdeskbot", "Help desk")
			ivan := world.AddPerson("Ivan")
			if _, err := ivan.Send("/start"); err != nil {
				b.Fatal(err)
			}
			if watchers > 0 {
				watch := world.Subscribe()
				defer watch.Close()
			}
			handler := world.Handler()
			body := []byte(`{"chat_id":1000001,"text":"Шаг <b>3</b> из 8. Какой у вас сайт?","parse_mode":"HTML",` +
				`"reply_markup":{"inline_keyboard":[[{"text":"Назад","callback_data":"3:back"},{"text":"Отмена","callback_data":"3:cancel"}]]}}`)
			b.ReportAllocs()
			for b.Loop() {
				req := httptest.NewRequest(http.MethodPost, "/bot"+token+"/sendMessage", bytes.NewReader(body))
				req.Header.Set("Content-Type", "application/json")
				rec := httptest.NewRecorder()
				handler.ServeHTTP(rec, req)
				if !strings.Contains(rec.Body.String(), `"ok":true`) {
					b.Fatal(rec.Body.String())
				}
			}
		})
	}
}

// BenchmarkPersonSends is a person's message up to the bot's queue, and its
// confirmation.
func BenchmarkPersonSends(b *testing.B) {
	world := telegramsim.New(telegramsim.WithHistory(1000))
	defer world.Close()
	world.AddBot(token, "helpdeskbot", "Help desk")
	ivan := world.AddPerson("Ivan")
	handler := world.Handler()
	offset := 100001
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ivan.Send("Сайт не открывается с утра"); err != nil {
			b.Fatal(err)
		}
		req := httptest.NewRequest(http.MethodGet, fmt.Sprintf("/bot%s/getUpdates?offset=%d", token, offset), nil)
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, req)
		offset++
	}
}

// BenchmarkEcho is a whole round over HTTP: a person writes, a webhook brings it,
// its handler calls sendMessage, the person has the answer.
func BenchmarkEcho(b *testing.B) {
	world := telegramsim.New(telegramsim.WithHistory(100))
	defer world.Close()
	world.AddBot(token, "helpdeskbot", "Help desk")
	api := httptest.NewServer(world.Handler())
	defer api.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
	call := func(method, body string) {
		resp, err := client.Post(api.URL+"/bot"+token+"/"+method, "application/json", strings.NewReader(body))
		if err != nil {
			b.Error(err)
			return
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var u struct {
			Message struct {
				Chat struct{ ID int64 }
			}
		}
		if err := json.NewDecoder(r.Body).Decode(&u); err != nil {
			b.Error(err)
		}
		call("sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"эхо"}`, u.Message.Chat.ID))
	}))
	defer hook.Close()
	call("setWebhook", `{"url":"`+hook.URL+`"}`)
	var names atomic.Int64
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		p := world.AddPerson(fmt.Sprint("P", names.Add(1)))
		for pb.Next() {
			if _, err := p.Send("привет"); err != nil {
				b.Error(err)
			}
			if _, err := p.Expect(b.Context(), "эхо"); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
