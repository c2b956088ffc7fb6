package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// received is one update on its way through the intake. Its body is kept as
// it came, so that what this program does not know survives on the shelf.
type received struct {
	id       int64
	raw      json.RawMessage
	update   *models.Update // nil: broken
	broken   error          // why the body cannot be read
	answered bool           // the press has been answered
	flood    floodVerdict   // whether it is one too many
}

// errNoUpdate says that a body is not an update at all.
var errNoUpdate = errors.New("no update: a JSON object with an update_id is expected")

// receive reads a body. A body without a readable ID is an error; one with an
// ID that cannot be read otherwise is broken, and will be set aside (P6).
func receive(raw json.RawMessage) (*received, error) {
	u := new(models.Update)
	broken := unreadable(json.Unmarshal(raw, u))
	if broken == nil && isID(u.ID) {
		return &received{id: u.ID, raw: raw, update: u}, nil
	}
	var head struct {
		ID int64 `json:"update_id"`
	}
	if json.Unmarshal(raw, &head) != nil || !isID(head.ID) {
		return nil, errNoUpdate
	}
	return &received{id: head.ID, raw: raw, broken: broken}, nil
}

// isID tells whether a number can be an update's: the polling offset is one more.
func isID(n int64) bool { return n > 0 && n < math.MaxInt64 }

// unreadable says why a body cannot be read, and shows nothing of it (P8): the
// decoder's own words can hold numbers and rich texts as they came.
func unreadable(err error) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong):
		return fmt.Errorf("unreadable: %s is not of type %s", wrong.Field, wrong.Type)
	}
	return fmt.Errorf("unreadable: %T", err)
}

// message is the new or edited message that an update brings; nil: none.
func (r *received) message() *models.Message {
	switch {
	case r.update == nil:
		return nil
	case r.update.Message != nil:
		return r.update.Message
	default:
		return r.update.EditedMessage
	}
}

// press is the button pressed; nil: none.
func (r *received) press() *models.CallbackQuery {
	if r.update == nil {
		return nil
	}
	return r.update.CallbackQuery
}

// chat is where an update happened, and in which topic; nil: in no chat.
func (r *received) chat() (chat *models.Chat, thread int) {
	if m := r.message(); m != nil {
		return &m.Chat, m.MessageThreadID
	}
	if q := r.press(); q != nil {
		switch {
		case q.Message.Message != nil:
			return &q.Message.Message.Chat, q.Message.Message.MessageThreadID
		case q.Message.InaccessibleMessage != nil:
			return &q.Message.InaccessibleMessage.Chat, 0
		}
		return nil, 0
	}
	switch {
	case r.update == nil:
	case r.update.MyChatMember != nil:
		return &r.update.MyChatMember.Chat, 0
	case r.update.MessageReaction != nil:
		return &r.update.MessageReaction.Chat, 0
	}
	return nil, 0
}

// topic is the topic of a private chat that an update happened in; 0: in none.
func (r *received) topic() int64 {
	m := r.message()
	if q := r.press(); q != nil {
		m = q.Message.Message
	}
	if m == nil || !m.IsTopicMessage || m.Chat.Type != models.ChatTypePrivate {
		return 0
	}
	return int64(m.MessageThreadID)
}

// sender is who did it; nil: nobody, or a channel.
func (r *received) sender() *models.User {
	switch m, q := r.message(), r.press(); {
	case m != nil:
		return m.From
	case q != nil:
		return &q.From
	case r.update != nil && r.update.MyChatMember != nil:
		return &r.update.MyChatMember.From
	}
	return nil
}

// lane is where the update must wait for its turn (P4). What belongs to
// nobody waits for nobody.
func (r *received) lane() laneKey {
	chat, thread := r.chat()
	switch {
	case chat == nil:
		return laneKey{0, r.id}
	case chat.Type == models.ChatTypePrivate:
		return laneKey{chat.ID, 0}
	default:
		return laneKey{chat.ID, int64(thread)}
	}
}

// Remade has what is written in a topic go behind what waits of its group: the topic
// was made in place of a lost one, in which something may have been written before.
func (in *Intake) Remade(chat, thread int64) { in.lanes.inherit(laneKey{chat, thread}) }

// mark names the update so that it is known again.
func (r *received) mark() tickets.Update {
	mark := tickets.Update{ID: r.id}
	if m := r.message(); m != nil {
		mark.Chat, mark.Message, mark.Edited = m.Chat.ID, int64(m.ID), int64(m.EditDate)
	}
	return mark
}
