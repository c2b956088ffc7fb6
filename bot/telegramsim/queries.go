package telegramsim

import (
	"strconv"
	"time"

	"github.com/go-telegram/bot/models"
)

// Answer is what a press shows to the one who pressed.
type Answer struct {
	QueryID   string `json:"query_id"`
	PersonID  int64  `json:"person_id"`
	Text      string `json:"text,omitempty"`
	ShowAlert bool   `json:"show_alert,omitempty"`
	URL       string `json:"url,omitempty"`
}

// query is a button press that waits for its answer.
type query struct {
	id      string
	bot     *Bot
	chat    *chat
	thread  int
	person  *Person
	made    time.Time
	answer  *Answer
	settled chan struct{}
}

// queryStore holds the presses of the last 150 s. Guarded by World.mu.
type queryStore struct {
	byID map[string]*query
	old  []*query
	next int64
}

func (s *queryStore) init(taken int) {
	s.byID = map[string]*query{}
	s.next = 5000000000001 + int64(taken)
}

// add keeps a new press, and forgets those that are too old to be answered.
func (s *queryStore) add(q *query, now time.Time) {
	for len(s.old) > 0 && now.Sub(s.old[0].made) > pressLife {
		delete(s.byID, s.old[0].id)
		s.old[0] = nil
		s.old = s.old[1:]
	}
	q.id = strconv.FormatInt(s.next, 10)
	q.made = now
	q.settled = make(chan struct{})
	s.next++
	s.byID[q.id] = q
	s.old = append(s.old, q)
}

// press tells the bot that a person pressed an inline button.
func (w *World) press(c *chat, r *record, p *Person, data string) *query {
	q := &query{bot: r.bot, chat: c, thread: r.thread, person: p}
	w.queries.add(q, w.now())
	r.bot.enqueue(models.AllowedUpdateCallbackQuery, lane{lanePresses, p.user.ID}, pressLife, func(u *models.Update) {
		u.CallbackQuery = &models.CallbackQuery{
			ID: q.id, From: *p.telegramUser(), Data: data,
			ChatInstance: strconv.FormatInt(c.info.ID*7919, 10),
			Message:      models.MaybeInaccessibleMessage{Message: forWire(r.msg)},
		}
	})
	return q
}

// maxAnswer is the longest answer to a press, in characters.
const maxAnswer = 200

func answerCallbackQuery(c *call) (any, error) {
	q := c.w.queries.byID[c.str("callback_query_id")]
	if q == nil || q.bot != c.bot || c.w.now().Sub(q.made) > pressLife {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	if len([]rune(c.str("text"))) > maxAnswer {
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	if q.answer != nil {
		return true, nil
	}
	q.answer = &Answer{
		QueryID: q.id, PersonID: q.person.user.ID,
		Text: c.str("text"), ShowAlert: c.bool("show_alert"), URL: c.str("url"),
	}
	close(q.settled)
	c.w.emit(q.chat, Event{Kind: PressAnswered, Thread: q.thread, Answer: q.answer})
	return true, nil
}
