package telegramsim

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-telegram/bot/models"
)

// Chat is a view of a private chat, of a group, or of one topic of a forum.
type Chat struct {
	w      *World
	c      *chat
	thread int // 0: the whole chat
}

// ID is the chat's ID as the Bot API shows it.
func (ch *Chat) ID() int64 {
	ch.w.mu.Lock()
	defer ch.w.mu.Unlock()
	return ch.c.info.ID
}

// Thread is the topic's ID, 0 for a view of a whole chat.
func (ch *Chat) Thread() int { return ch.thread }

// Info is the chat as the Bot API shows it.
func (ch *Chat) Info() models.Chat {
	ch.w.mu.Lock()
	defer ch.w.mu.Unlock()
	return ch.c.info
}

// Title is the topic's name, the group's title or the person's name.
func (ch *Chat) Title() string {
	ch.w.mu.Lock()
	defer ch.w.mu.Unlock()
	if t := ch.c.topics[ch.thread]; t != nil {
		return t.name
	}
	if ch.c.isPrivate() {
		return ch.c.person.Name()
	}
	return ch.c.info.Title
}

// shows tells whether a message belongs to this view.
func (ch *Chat) shows(r *record) bool {
	return ch.thread == 0 || r.thread == ch.thread || ch.thread == generalTopic && r.thread == 0
}

// Messages lists what stands in the chat, oldest first, deleted ones left out.
func (ch *Chat) Messages() []Message {
	ch.w.mu.Lock()
	defer ch.w.mu.Unlock()
	return ch.messages()
}

func (ch *Chat) messages() []Message {
	var out []Message
	for _, r := range ch.c.order {
		if !r.deleted && ch.shows(r) {
			out = append(out, ch.w.snapshot(ch.c, r))
		}
	}
	return out
}

// Message finds a message by its ID.
func (ch *Chat) Message(id int) (Message, bool) {
	ch.w.mu.Lock()
	defer ch.w.mu.Unlock()
	r := ch.c.get(id)
	if r == nil || !ch.shows(r) {
		return Message{}, false
	}
	return ch.w.snapshot(ch.c, r), true
}

// Last is the newest message, of whomever.
func (ch *Chat) Last() (Message, bool) {
	ch.w.mu.Lock()
	defer ch.w.mu.Unlock()
	for i := len(ch.c.order) - 1; i >= 0; i-- {
		if r := ch.c.order[i]; !r.deleted && ch.shows(r) {
			return ch.w.snapshot(ch.c, r), true
		}
	}
	return Message{}, false
}

// Keyboard is the reply keyboard that stands under the chat now, nil for none.
func (ch *Chat) Keyboard() [][]Button {
	ch.w.mu.Lock()
	defer ch.w.mu.Unlock()
	return replyButtons(ch.c.keyboard)
}

// Expect waits for a message of a bot that contains all the substrings and was
// not returned by an Expect before. Only the message that it returns counts as
// read, so answers may be expected in any order; an edit makes a message new
// again. When the context ends, the error shows the chat.
func (ch *Chat) Expect(ctx context.Context, substrings ...string) (Message, error) {
	want := func(m Message) bool { return m.Has(substrings...) }
	return ch.ExpectFunc(ctx, fmt.Sprintf("a message with %q", substrings), want)
}

// ExpectFunc is Expect with any condition; what names it in the error.
func (ch *Chat) ExpectFunc(ctx context.Context, what string, want func(Message) bool) (Message, error) {
	for {
		ch.w.mu.Lock()
		m, ok := ch.unread(want)
		changed := ch.c.changed()
		ch.w.mu.Unlock()
		if ok {
			return m, nil
		}
		if err := ch.wait(ctx, changed); err != nil {
			return Message{}, fmt.Errorf("expected %s: %w\n%s", what, err, ch.Transcript())
		}
	}
}

func (ch *Chat) wait(ctx context.Context, changed <-chan struct{}) error {
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-ch.w.closed:
		return ErrClosed
	}
}

// unread takes the oldest unread message that is wanted.
func (ch *Chat) unread(want func(Message) bool) (Message, bool) {
	for i, r := range ch.c.fresh {
		if r.deleted || !ch.shows(r) {
			continue
		}
		if m := ch.w.snapshot(ch.c, r); want(m) {
			r.fresh = false
			ch.c.fresh = slices.Delete(ch.c.fresh, i, i+1)
			return m, true
		}
	}
	return Message{}, false
}

// Skip counts everything that stands in the chat now as read.
func (ch *Chat) Skip() {
	ch.w.mu.Lock()
	defer ch.w.mu.Unlock()
	ch.c.fresh = slices.DeleteFunc(ch.c.fresh, func(r *record) bool {
		read := ch.shows(r)
		r.fresh = !read
		return read
	})
}

// Transcript is the chat as readable lines.
func (ch *Chat) Transcript() string {
	var b strings.Builder
	fmt.Fprintf(&b, "— %s —\n", ch.Title())
	for _, m := range ch.Messages() {
		if m.Thread != 0 && ch.thread == 0 {
			fmt.Fprintf(&b, "(topic %d) ", m.Thread)
		}
		b.WriteString(m.String() + "\n")
	}
	return b.String()
}
