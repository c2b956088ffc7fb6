package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// teller prints what happens on the stage as chat lines: the customer's chat at
// the left, the agents' group further in.
type teller struct {
	stage  *stage
	words  map[string]string
	events *telegramsim.Subscription
	done   sync.WaitGroup
	out    io.Writer

	mu    sync.Mutex
	heard sync.Cond
	seen  map[spot]telegramsim.Message // as it was told last
	place string                       // where the last line stood
}

// spot is a message's place; supergroups count their messages by themselves.
type spot struct {
	chat int64
	id   int
}

// tellerWords are the teller's own; everything else is said in the chats.
var tellerWords = map[tickets.Lang]map[string]string{
	tickets.Russian: {
		"chat": "Чат с ботом: %s", "group": "Группа «%s»", "topic": "Группа «%s», тема «%s»", "presses": "%s нажимает [ %s ]",
		"made": "— новая тема: %s", "named": "— тема теперь называется: %s", "closed": "— тема закрыта", "open": "— тема снова открыта",
		"pinned": "— сообщение закреплено", "edited": "%s (изменено)", "reacts": "%s ставит %s на «%s»", "photo": "[снимок экрана]", "contact": "[контакт] %s",
	},
	tickets.English: {
		"chat": "Chat with the bot: %s", "group": "Group “%s”", "topic": "Group “%s”, topic “%s”", "presses": "%s presses [ %s ]",
		"made": "— a new topic: %s", "named": "— the topic's name is now: %s", "closed": "— the topic is closed", "open": "— the topic is open again",
		"pinned": "— a message is pinned", "edited": "%s (edited)", "reacts": "%s puts %s on “%s”", "photo": "[screenshot]", "contact": "[contact] %s",
	},
}

func tell(s *stage, lang tickets.Lang, out io.Writer) *teller {
	t := &teller{stage: s, words: tellerWords[lang], events: s.world.Subscribe(), out: out, seen: map[spot]telegramsim.Message{}}
	t.heard.L = &t.mu
	t.done.Go(func() {
		for {
			e, err := t.events.Next(context.Background())
			if errors.Is(err, telegramsim.ErrClosed) {
				return
			}
			if e.Message != nil {
				t.tell(e)
			}
		}
	})
	return t
}

// close prints what is left.
func (t *teller) close() {
	t.events.Close()
	t.done.Wait()
}

// reach waits until a message was told as it is, so that what is done because of
// it comes after it.
func (t *teller) reach(m telegramsim.Message) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.seen[spot{m.Chat, m.ID}].Version < m.Version {
		t.heard.Wait()
	}
}

// presses tells of a button that somebody is about to press.
func (t *teller) presses(s *telegramsim.Seat, label string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.print(s.ID(), s.Thread(), t.say("presses", s.Person().Name(), label))
}

// tell prints an event.
func (t *teller) tell(e telegramsim.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := *e.Message
	before := t.seen[spot{m.Chat, m.ID}]
	t.seen[spot{m.Chat, m.ID}] = m
	defer t.heard.Broadcast()
	switch e.Kind {
	case telegramsim.MessageSent:
		t.print(m.Chat, m.Thread, t.message(m)...)
	case telegramsim.MessageEdited:
		t.print(m.Chat, m.Thread, t.edit(before, m)...)
	case telegramsim.MessageReacted:
		for _, r := range m.Reactions[min(len(before.Reactions), len(m.Reactions)):] {
			t.print(m.Chat, m.Thread, t.say("reacts", t.nameOf(r.UserID), r.Emoji, cut(m.Text, 40)))
		}
	}
}

func (t *teller) say(key string, args ...any) string { return fmt.Sprintf(t.words[key], args...) }

func (t *teller) nameOf(id int64) string {
	if p := t.stage.world.PersonByID(id); p != nil {
		return p.Name()
	}
	return t.stage.bot.User().FirstName
}

// message is a message's lines.
func (t *teller) message(m telegramsim.Message) []string {
	if line := t.service(m); line != "" {
		return []string{line}
	}
	lines := []string{m.From + ":"}
	if m.Text != "" {
		lines = append(lines, indented(strings.Split(m.Text, "\n"))...)
	}
	switch m.Kind {
	case "photo":
		lines = slices.Insert(lines, 1, indented([]string{t.words["photo"]})...)
	case "contact":
		lines = append(lines, indented([]string{t.say("contact", m.Raw.Contact.PhoneNumber)})...)
	}
	return append(lines, indented(buttonRows(m))...)
}

// service is what Telegram itself says of a topic; "": it is somebody's message.
func (t *teller) service(m telegramsim.Message) string {
	switch {
	case m.Raw.ForumTopicCreated != nil:
		return t.say("made", m.Raw.ForumTopicCreated.Name)
	case m.Raw.ForumTopicEdited != nil:
		return t.say("named", m.Raw.ForumTopicEdited.Name)
	case m.Raw.ForumTopicClosed != nil:
		return t.words["closed"]
	case m.Raw.ForumTopicReopened != nil:
		return t.words["open"]
	case m.Raw.PinnedMessage != nil:
		return t.words["pinned"]
	}
	return ""
}

// edit is what is new in a message: a long card is not told again because of a
// line.
func (t *teller) edit(before, m telegramsim.Message) []string {
	old := strings.Split(before.Text, "\n")
	now := slices.DeleteFunc(strings.Split(m.Text, "\n"), func(line string) bool { return slices.Contains(old, line) })
	if rows := buttonRows(m); !slices.Equal(rows, buttonRows(before)) {
		now = append(now, rows...)
	}
	if len(now) == 0 {
		return nil
	}
	return append([]string{t.say("edited", m.From) + ":"}, indented(now)...)
}

func buttonRows(m telegramsim.Message) []string {
	var rows []string
	for _, row := range slices.Concat(m.Buttons, m.Keyboard) {
		line := ""
		for _, b := range row {
			line += "[ " + b.Text + " ] "
		}
		rows = append(rows, strings.TrimSpace(line))
	}
	return rows
}

// print prints lines at their place, and where that is whenever it changes.
func (t *teller) print(chat int64, thread int, lines ...string) {
	if len(lines) == 0 {
		return
	}
	indent, place := "", t.say("chat", t.nameOf(chat))
	if chat == t.stage.desk.ID() {
		indent, place = strings.Repeat(" ", 16), t.say("group", t.stage.desk.Title())
		if thread != 0 {
			number, _, _ := strings.Cut(t.stage.desk.Topic(thread).Title(), " · ")
			place = t.say("topic", t.stage.desk.Title(), number)
		}
	}
	if place != t.place {
		fmt.Fprintf(t.out, "\n%s┌─ %s\n", indent, place)
		t.place = place
	}
	for _, line := range lines {
		for _, part := range wrapped(line, tellerWidth-len(indent)) {
			fmt.Fprintln(t.out, strings.TrimRight(indent+"│ "+part, " "))
		}
	}
}

// tellerWidth is how many columns a line takes at most: those of a window that is
// not wide.
const tellerWidth = 100

// wrapped cuts a line at its spaces into lines of at most so many characters,
// which begin where it began. A longer word stays whole.
func wrapped(line string, most int) []string {
	words := strings.TrimLeft(line, " ")
	margin := line[:len(line)-len(words)]
	out := []string{""}
	for word := range strings.SplitSeq(words, " ") {
		switch last := &out[len(out)-1]; {
		case *last == "":
			*last = margin + word
		case utf8.RuneCountInString(*last+" "+word) > most:
			out = append(out, margin+word)
		default:
			*last += " " + word
		}
	}
	return out
}

func indented(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = "    " + line
	}
	return out
}

// cut shortens a text to a line of so many characters.
func cut(text string, most int) string {
	text, _, _ = strings.Cut(text, "\n")
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}
