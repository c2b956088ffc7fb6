package telegramsim

import (
	"reflect"

	"github.com/go-telegram/bot/models"
)

// errNotModified is the server's answer to an edit that changes nothing.
var errNotModified = badRequest("message is not modified: specified new message content and reply markup are " +
	"exactly the same as a current content and reply markup of the message")

// edit finds the bot's message that an edit names, and the new inline keyboard:
// an edit without one takes the old one away.
func (c *call) edit() (*chat, *record, *models.InlineKeyboardMarkup, error) {
	markup, err := c.markup()
	if err != nil {
		return nil, nil, nil, err
	}
	ch, err := c.findChat("chat_id")
	if err != nil {
		return nil, nil, nil, err
	}
	if !ch.isPrivate() {
		if err := c.canWrite(ch); err != nil {
			return nil, nil, nil, err
		}
	}
	r := ch.get(c.int("message_id"))
	if r == nil {
		return nil, nil, nil, badRequest("message to edit not found")
	}
	if r.bot != c.bot {
		return nil, nil, nil, badRequest("message can't be edited")
	}
	if ch.isPrivate() && ch.blocked {
		return nil, nil, nil, forbidden("bot was blocked by the user")
	}
	if markup == nil {
		return ch, r, nil, nil
	}
	return ch, r, markup.inline, nil
}

// applyEdit stores the edited message, unless nothing has changed.
func (c *call) applyEdit(ch *chat, r *record, msg *models.Message) (any, error) {
	if sameContent(r.msg, msg) {
		return nil, errNotModified
	}
	msg.EditDate = c.w.unix()
	c.w.revise(ch, r, msg)
	return forWire(msg), nil
}

// sameContent compares what an edit can change.
func sameContent(a, b *models.Message) bool {
	return a.Text == b.Text && a.Caption == b.Caption &&
		sameEntities(a.Entities, b.Entities) && sameEntities(a.CaptionEntities, b.CaptionEntities) &&
		mediaKey(a) == mediaKey(b) && reflect.DeepEqual(a.ReplyMarkup, b.ReplyMarkup)
}

func sameEntities(a, b []models.MessageEntity) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}

func mediaKey(m *models.Message) string {
	kind, file := kindOf(m)
	return kind + file
}

func editMessageText(c *call) (any, error) {
	text, err := c.text()
	if err != nil {
		return nil, err
	}
	ch, r, markup, err := c.edit()
	if err != nil {
		return nil, err
	}
	if kind, _ := kindOf(r.msg); kind != "text" {
		return nil, badRequest("there is no text in the message to edit")
	}
	msg := *r.msg
	msg.Text, msg.Entities, msg.ReplyMarkup = text.text, text.entities, markup
	return c.applyEdit(ch, r, &msg)
}

func editMessageReplyMarkup(c *call) (any, error) {
	ch, r, markup, err := c.edit()
	if err != nil {
		return nil, err
	}
	msg := *r.msg
	msg.ReplyMarkup = markup
	return c.applyEdit(ch, r, &msg)
}
