package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"intakebot/tickets"
)

// firstChat is the first customer's ID; the others follow.
const firstChat = 1_000_000

// sink is a Bot API that answers everything at once and keeps nothing but the
// news that a chat was written to.
type sink struct {
	replies []chan struct{} // by customer
	hooked  chan struct{}   // a webhook was set
	calls   atomic.Int64
}

func newSink(customers int) *sink {
	s := &sink{replies: make([]chan struct{}, customers), hooked: make(chan struct{}, 1)}
	for i := range s.replies {
		s.replies[i] = make(chan struct{}, 1)
	}
	return s
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // a broken one has no chat
	w.Header().Set("Content-Type", "application/json")
	switch path.Base(r.URL.Path) {
	case "getMe":
		_, _ = io.WriteString(w, `{"ok":true,"result":{"id":1000000000,"is_bot":true,"first_name":"B","username":"benchbot"}}`)
	case "sendMessage":
		s.calls.Add(1)
		chat := chatOf(body)
		if i := chat - firstChat; i >= 0 && i < int64(len(s.replies)) {
			select {
			case s.replies[i] <- struct{}{}:
			default: // the first of a reply's messages is waited for
			}
		}
		_, _ = fmt.Fprintf(w, `{"ok":true,"result":{"message_id":7,"date":1,"chat":{"id":%d,"type":"private"},"text":"x"}}`, chat)
	case "setWebhook":
		s.hooked <- struct{}{}
		_, _ = io.WriteString(w, `{"ok":true,"result":true}`)
	case "getChat", "getChatMember", "getChatAdministrators":
		_, _ = io.WriteString(w, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`)
	default:
		_, _ = io.WriteString(w, `{"ok":true,"result":true}`)
	}
}

// chatOf finds the chat's ID in a call, written as JSON or as a form.
func chatOf(body []byte) (id int64) {
	_, rest, _ := bytes.Cut(body, []byte(`chat_id"`))
	for i, c := range rest {
		switch {
		case c >= '0' && c <= '9':
			id = id*10 + int64(c-'0')
		case id > 0 || i > 8:
			return id
		}
	}
	return id
}

// people are the customers of a bot that is measured. Each takes the steps of
// a script, over and over.
type people struct {
	t       *testing.T
	sink    *sink
	address string // of the webhook
	dialog  bool   // the bot has one, so it is brought to its beginning first
	done    []int  // steps, by customer
	updates atomic.Int64
}

// script is what every customer says again and again: the contact, the site,
// and back to the name. It is all typed, as an echo cannot press.
var script = []string{"Emily Clark", "emily@example.com", "emily", "+1 202 555 0143", "shop.example.com", "/back", "/back"}

// visitor is a connection that brings updates, as Telegram keeps them open.
type visitor struct {
	p    *people
	conn net.Conn
	in   *bufio.Reader
	out  []byte
}

func (p *people) visitor() *visitor {
	conn, err := net.Dial("tcp", p.address)
	if err != nil {
		p.t.Error(err)
		return nil
	}
	return &visitor{p: p, conn: conn, in: bufio.NewReader(conn)}
}

// bring brings an update and waits until it is acknowledged.
func (v *visitor) bring(update string) error {
	v.out = fmt.Appendf(v.out[:0], "POST /bench HTTP/1.1\r\nHost: bench.example\r\nContent-Type: application/json\r\n"+
		"X-Telegram-Bot-Api-Secret-Token: %s\r\nContent-Length: %d\r\n\r\n%s", hookSecret, len(update), update)
	if _, err := v.conn.Write(v.out); err != nil {
		return err
	}
	resp, err := http.ReadResponse(v.in, nil)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the webhook answers %s", resp.Status)
	}
	return resp.Body.Close()
}

// step has a customer say something, and gives how long the reply's call took
// since an instant.
func (v *visitor) step(customer int, update string, since time.Time) (time.Duration, error) {
	select {
	case <-v.p.sink.replies[customer]: // the rest of the reply before
	default:
	}
	if err := v.bring(update); err != nil {
		return 0, err
	}
	select {
	case <-v.p.sink.replies[customer]:
		return time.Since(since), nil
	case <-time.After(hangs / 6):
		return 0, fmt.Errorf("no reply to %s", update)
	}
}

func (p *people) message(customer int, text string) string {
	id, chat := p.updates.Add(1), firstChat+customer
	entities := ""
	if text[0] == '/' {
		entities = fmt.Sprintf(`,"entities":[{"type":"bot_command","offset":0,"length":%d}]`, len(text))
	}
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"Emily","last_name":"Clark",`+
		`"username":"emily","language_code":"en"},"chat":{"id":%d,"first_name":"Emily","last_name":"Clark","username":"emily","type":"private"},`+
		`"date":%d,"text":%q%s}}`, id, id, chat, chat, time.Now().Unix(), text, entities)
}

func (p *people) press(customer int, data string) string {
	id, chat := p.updates.Add(1), firstChat+customer
	return fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"%d","from":{"id":%d,"is_bot":false,"first_name":"Emily","language_code":"en"},`+
		`"chat_instance":"1","data":%q,"message":{"message_id":1,"date":1,"chat":{"id":%d,"type":"private"}}}}`, id, id, chat, data, chat)
}

// prepare brings the customers into the dialog, each to another question, so
// that every phase has its share of all.
func (p *people) prepare(topic string) {
	if !p.dialog {
		return
	}
	pick := tickets.Press{Revision: 1, Event: "pick", Value: topic}.Encode()
	var taken atomic.Int64
	p.crowd(16, func(v *visitor) bool {
		c := int(taken.Add(1)) - 1
		if c >= len(p.done) {
			return false
		}
		for _, update := range []string{p.message(c, "/new"), p.press(c, pick)} {
			if _, err := v.step(c, update, time.Now()); err != nil {
				p.t.Error(err)
				return false
			}
		}
		for range c % len(script) {
			if _, err := p.speak(v, c, time.Now()); err != nil {
				p.t.Error(err)
				return false
			}
		}
		return true
	})
}

// crowd has visitors do something side by side until it says that it is enough.
func (p *people) crowd(size int, do func(*visitor) bool) {
	var all sync.WaitGroup
	for range size {
		all.Go(func() {
			v := p.visitor()
			if v == nil {
				return
			}
			defer v.conn.Close()
			for do(v) {
			}
		})
	}
	all.Wait()
}

// load is what a phase of a measurement has come to.
type load struct {
	steps int
	took  time.Duration
	waits []time.Duration // sorted
}

func (l load) rate() float64 { return float64(l.steps) / l.took.Seconds() }

func (l load) percentile(n int) time.Duration {
	return l.waits[min(len(l.waits)-1, len(l.waits)*n/100)]
}

// turns hands customers out to visitors, one each.
func (p *people) turns() chan int {
	free := make(chan int, len(p.done))
	for c := range p.done {
		free <- c
	}
	return free
}

// speak is the next step of a customer.
func (p *people) speak(v *visitor, customer int, since time.Time) (time.Duration, error) {
	said := script[p.done[customer]%len(script)]
	p.done[customer]++
	return v.step(customer, p.message(customer, said), since)
}

// closed keeps a number of steps in flight for a while.
func (p *people) closed(flight int, length time.Duration) load {
	free, begun := p.turns(), time.Now()
	return p.gather(flight, func(v *visitor) (time.Duration, error) {
		if time.Since(begun) > length {
			return 0, errOver
		}
		c := <-free
		wait, err := p.speak(v, c, time.Now())
		free <- c
		return wait, err
	})
}

// open begins so many steps a second for a while, however long each takes. The
// time of a step counts from when it was due.
func (p *people) open(rate int, length time.Duration) load {
	free, due := p.turns(), make(chan time.Time, 1<<16)
	ctx, cancel := context.WithTimeout(p.t.Context(), length)
	defer cancel()
	go func() {
		defer close(due)
		for at := time.Now(); ctx.Err() == nil; at = at.Add(time.Second / time.Duration(rate)) {
			select {
			case <-time.After(time.Until(at)):
				due <- at
			case <-ctx.Done():
				return
			}
		}
	}()
	return p.gather(100, func(v *visitor) (time.Duration, error) {
		at, ok := <-due
		if !ok {
			return 0, errOver
		}
		c := <-free
		wait, err := p.speak(v, c, at)
		free <- c
		return wait, err
	})
}

var errOver = errors.New("the phase is over")

func (p *people) gather(flight int, one func(*visitor) (time.Duration, error)) load {
	var mu sync.Mutex
	var l load
	begun := time.Now()
	p.crowd(flight, func(v *visitor) bool {
		wait, err := one(v)
		switch {
		case errors.Is(err, errOver):
			return false
		case err != nil:
			p.t.Error(err)
			return false
		}
		mu.Lock()
		l.waits = append(l.waits, wait)
		mu.Unlock()
		return true
	})
	l.took, l.steps = time.Since(begun), len(l.waits)
	slices.Sort(l.waits)
	return l
}
