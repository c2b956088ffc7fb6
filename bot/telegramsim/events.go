package telegramsim

import (
	"context"
	"errors"
	"sync"
)

// EventKind says what has changed.
type EventKind string

// The kinds of events.
const (
	MessageSent     EventKind = "message_sent"
	MessageEdited   EventKind = "message_edited"
	MessageDeleted  EventKind = "message_deleted"
	MessageReacted  EventKind = "message_reacted" // also pins
	TopicChanged    EventKind = "topic_changed"   // made, renamed, closed, opened, deleted
	ChatChanged     EventKind = "chat_changed"    // members, rights, blocks, migration, a new chat
	PressAnswered   EventKind = "press_answered"
	ActionShown     EventKind = "action_shown" // "typing" and the like
	CommandsChanged EventKind = "commands_changed"
)

// Event is one change of the world, told to watchers in the order of changes.
type Event struct {
	Kind EventKind `json:"kind"`
	// Chat is the ID of the chat, as the Bot API shows it; for a private chat, the
	// person's ID.
	Chat int64 `json:"chat"`
	// Bot is the bot's user ID in a private chat, 0 in a group.
	Bot int64 `json:"bot,omitempty"`
	// Thread is the topic of a change in a forum, 0 outside topics.
	Thread int `json:"thread,omitempty"`
	// Message is the message after the change, nil for kinds without one.
	Message *Message `json:"message,omitempty"`
	// Answer is the bot's answer to a button press.
	Answer *Answer `json:"answer,omitempty"`
	// Action is the kind of a chat action, such as "typing".
	Action string `json:"action,omitempty"`
}

// ErrClosed tells that a subscription or the world has been closed.
var ErrClosed = errors.New("telegramsim: closed")

// Subscription receives every event after it was made. It keeps what was not
// read yet without bound, so read it or close it.
type Subscription struct {
	w      *World
	mu     sync.Mutex
	events []Event
	ready  chan struct{}
	closed bool
}

// Subscribe begins to watch the world.
func (w *World) Subscribe() *Subscription {
	s := &Subscription{w: w, ready: make(chan struct{}, 1)}
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.closed:
		s.end()
	default:
		w.watchers[s] = struct{}{}
	}
	return s
}

// Next waits for the next event. It returns the context's error, or ErrClosed
// once the subscription is closed and everything before that was read.
func (s *Subscription) Next(ctx context.Context) (Event, error) {
	for {
		s.mu.Lock()
		if len(s.events) > 0 {
			e := s.events[0]
			s.events = s.events[1:]
			s.mu.Unlock()
			return e, nil
		}
		closed := s.closed
		s.mu.Unlock()
		if closed {
			return Event{}, ErrClosed
		}
		select {
		case <-s.ready:
		case <-ctx.Done():
			return Event{}, ctx.Err()
		}
	}
}

// Close ends the subscription.
func (s *Subscription) Close() {
	s.w.mu.Lock()
	delete(s.w.watchers, s)
	s.w.mu.Unlock()
	s.end()
}

func (s *Subscription) end() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.wake()
}

func (s *Subscription) push(e Event) {
	s.mu.Lock()
	s.events = append(s.events, e)
	s.mu.Unlock()
	s.wake()
}

func (s *Subscription) wake() {
	select {
	case s.ready <- struct{}{}:
	default:
	}
}

// tell reports a message's change to those who watch or wait.
func (w *World) tell(c *chat, r *record, kind EventKind) {
	for s := range w.watchers {
		m := w.snapshot(c, r)
		s.push(c.place(Event{Kind: kind, Thread: r.thread, Message: &m}))
	}
	c.wakeWaiters()
}

// emit gives an event of a chat to every watcher.
func (w *World) emit(c *chat, e Event) {
	for s := range w.watchers {
		s.push(c.place(e))
	}
}

// place says where an event happened.
func (c *chat) place(e Event) Event {
	e.Chat = c.info.ID
	if c.bot != nil {
		e.Bot = c.bot.user.ID
	}
	return e
}

// changed is a channel that is closed at the chat's next change.
func (c *chat) changed() <-chan struct{} {
	if c.waiting == nil {
		c.waiting = make(chan struct{})
	}
	return c.waiting
}

func (c *chat) wakeWaiters() {
	if c.waiting != nil {
		close(c.waiting)
		c.waiting = nil
	}
}
