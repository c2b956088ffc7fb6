package telegramsim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// pageBeat is how often a quiet stream shows that it lives.
const pageBeat = 15 * time.Second

// pageEvent is a change as the page gets it. A change that is no message's comes
// with the scene after it.
type pageEvent struct {
	Event
	Scene *pageScene `json:"scene,omitempty"`
	// Keyboard is the one under a private chat after one of its messages.
	Keyboard [][]Button `json:"keyboard"`
}

// events streams the world to a page: a snapshot, then every change. A browser
// that lost the stream connects again and starts from a new snapshot. The
// subscription begins before the snapshot is read, so nothing falls between the
// two; what stands in both is applied twice with the same outcome.
func (p *page) events(rw http.ResponseWriter, r *http.Request) {
	sub := p.w.Subscribe()
	defer sub.Close()
	rw.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(rw)
	if err := sendEvent(rw, out, "snapshot", p.snapshot()); err != nil {
		return
	}
	for {
		ctx, cancel := context.WithTimeout(r.Context(), pageBeat)
		e, err := sub.Next(ctx)
		cancel()
		switch {
		case err == nil:
			err = p.sendChange(rw, out, e)
		case r.Context().Err() == nil && errors.Is(err, context.DeadlineExceeded):
			err = sendEvent(rw, out, "beat", struct{}{})
		}
		if err != nil {
			return
		}
	}
}

func (p *page) sendChange(rw http.ResponseWriter, out *http.ResponseController, e Event) error {
	b := p.bot()
	if e.Bot != 0 && (b == nil || e.Bot != b.user.ID) {
		return nil // another bot's private chat
	}
	v := pageEvent{Event: e}
	switch e.Kind {
	case TopicChanged, ChatChanged, CommandsChanged:
		s := p.scene()
		v.Scene = &s
	case MessageSent:
		if person := p.w.PersonByID(e.Chat); person != nil && b != nil {
			v.Keyboard = person.With(b).Keyboard()
		}
	}
	return sendEvent(rw, out, "change", v)
}

func sendEvent(rw http.ResponseWriter, out *http.ResponseController, name string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(rw, "event: %s\ndata: %s\n\n", name, data); err != nil {
		return err
	}
	return out.Flush()
}
