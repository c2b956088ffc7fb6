package telegramsim

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-telegram/bot/models"
)

// Pressed is a press on its way.
type Pressed struct {
	// URL is where a link button leads; such a press tells the bot nothing.
	URL string
	w   *World
	q   *query
}

// Answer waits until the bot has answered the press. It is empty for a button
// that needs no answer.
func (p *Pressed) Answer(ctx context.Context) (Answer, error) {
	if p.q == nil {
		return Answer{}, nil
	}
	select {
	case <-p.q.settled:
		return *p.q.answer, nil
	case <-ctx.Done():
		return Answer{}, fmt.Errorf("the press was not answered: %w", ctx.Err())
	case <-p.w.closed:
		return Answer{}, ErrClosed
	}
}

// QueryID is the ID of the callback query, empty for buttons without one.
func (p *Pressed) QueryID() string {
	if p.q == nil {
		return ""
	}
	return p.q.id
}

// found is a button that a label led to.
type found struct {
	record  *record
	inline  *models.InlineKeyboardButton
	text    string
	contact bool
}

// findButton looks for an exact label first, then for one that contains it.
func (s *Seat) findButton(label string) (found, bool) {
	if b, ok := s.matchButton(func(text string) bool { return text == label }); ok {
		return b, true
	}
	return s.matchButton(func(text string) bool { return strings.Contains(text, label) })
}

func (s *Seat) matchButton(match func(string) bool) (found, bool) {
	if k := s.c.keyboard; k != nil {
		for _, row := range k.Keyboard {
			for _, b := range row {
				if match(b.Text) {
					return found{text: b.Text, contact: b.RequestContact}, true
				}
			}
		}
	}
	for i := len(s.c.order) - 1; i >= 0; i-- {
		r := s.c.order[i]
		if r.deleted || r.msg.ReplyMarkup == nil || !s.shows(r) {
			continue
		}
		for _, row := range r.msg.ReplyMarkup.InlineKeyboard {
			for k := range row {
				if match(row[k].Text) {
					return found{record: r, inline: &row[k]}, true
				}
			}
		}
	}
	return found{}, false
}

// listed is how many messages with buttons an error tells of.
const listed = 3

// buttonList tells which buttons there are, newest message first.
func (s *Seat) buttonList() string {
	var lines []string
	if k := s.c.keyboard; k != nil {
		lines = append(lines, "under the chat "+rowText(replyButtons(k)))
	}
	for i := len(s.c.order) - 1; i >= 0 && len(lines) < listed; i-- {
		r := s.c.order[i]
		if !r.deleted && r.msg.ReplyMarkup != nil && s.shows(r) {
			lines = append(lines, fmt.Sprintf("on message %d %s", r.msg.ID, rowText(inlineButtons(r.msg.ReplyMarkup))))
		}
	}
	if len(lines) == 0 {
		return "none"
	}
	return strings.Join(lines, "; ")
}

func rowText(rows [][]Button) string {
	var out []string
	for _, row := range rows {
		for _, b := range row {
			out = append(out, "["+b.Text+"]")
		}
	}
	return strings.Join(out, " ")
}
