package telegramsim

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/go-telegram/bot/models"
)

// target is where a call sends to, once everything that can refuse it has been
// checked.
type target struct {
	chat    *chat
	thread  int
	replyTo *record
	markup  *replyMarkup
}

// findChat resolves chat_id for a call that reads.
func (c *call) findChat(field string) (*chat, error) {
	s := c.str(field)
	if s == "" {
		return nil, badRequest(field + " is empty")
	}
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return nil, badRequest("chat not found")
	}
	if id > 0 {
		return c.findPrivate(id)
	}
	ch := c.w.groups[id]
	if ch == nil || ch.members[c.bot.user.ID] == nil {
		return nil, badRequest("chat not found")
	}
	return ch, nil
}

func (c *call) findPrivate(id int64) (*chat, error) {
	if ch := c.w.private[privateKey{c.bot.user.ID, id}]; ch != nil && (ch.started || ch.blocked) {
		return ch, nil
	}
	for _, g := range c.w.groupOrder {
		if g.members[id].isIn() && g.members[c.bot.user.ID].isIn() {
			return nil, forbidden("bot can't initiate conversation with a user")
		}
	}
	return nil, badRequest("chat not found")
}

// writable resolves chat_id for a call that writes: the bot must be in the
// group, and the group must still be one.
func (c *call) writable() (*chat, error) {
	ch, err := c.findChat("chat_id")
	if err != nil {
		return nil, err
	}
	return ch, c.canWrite(ch)
}

func (c *call) canWrite(ch *chat) error {
	if ch.isPrivate() {
		if ch.blocked {
			return forbidden("bot was blocked by the user")
		}
		return nil
	}
	if ch.migratedTo != 0 {
		return &apiError{Code: http.StatusBadRequest, MigrateTo: ch.migratedTo,
			Text: "Bad Request: group chat was upgraded to a supergroup chat"}
	}
	switch m := ch.members[c.bot.user.ID]; {
	case m.status == models.ChatMemberTypeBanned:
		return forbidden("bot was kicked from the " + string(ch.info.Type) + " chat")
	case !m.isIn():
		return forbidden("bot is not a member of the " + string(ch.info.Type) + " chat")
	}
	return nil
}

// target checks everything that all sends have in common, in the server's order:
// the reply keyboard, the chat, the topic, the message replied to.
func (c *call) target() (*target, error) {
	markup, err := c.markup()
	if err != nil {
		return nil, err
	}
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	t := &target{chat: ch, markup: markup}
	if t.thread, err = c.thread(ch); err != nil {
		return nil, err
	}
	if t.replyTo, err = c.replyTo(ch); err != nil {
		return nil, err
	}
	if t.thread == 0 && t.replyTo != nil && ch.hasTopics() {
		t.thread = t.replyTo.thread // a reply goes where the message stands
	}
	return t, nil
}

// generalTopic is the topic that every forum has; messages in it bear no thread.
const generalTopic = 1

// thread resolves message_thread_id. In groups without topics it is ignored; a
// private chat whose bot has none says so.
func (c *call) thread(ch *chat) (int, error) {
	id := c.int("message_thread_id")
	if id == 0 || !ch.isForum() && !ch.isPrivate() {
		return 0, nil
	}
	t := ch.topics[id]
	if id == generalTopic || !ch.holds(t) {
		return 0, badRequest("message thread not found")
	}
	if t.closed && !ch.members[c.bot.user.ID].can(ManageTopics) {
		return 0, badRequest("TOPIC_CLOSED")
	}
	return id, nil
}

func (c *call) replyTo(ch *chat) (*record, error) {
	var p struct {
		MessageID int  `json:"message_id"`
		Allow     bool `json:"allow_sending_without_reply"`
	}
	if err := c.json("reply_parameters", &p); err != nil {
		return nil, badRequest("can't parse reply parameters JSON object")
	}
	if p.MessageID == 0 { // the older spelling
		p.MessageID, p.Allow = c.int("reply_to_message_id"), c.bool("allow_sending_without_reply")
	}
	if p.MessageID == 0 {
		return nil, nil
	}
	r := ch.get(p.MessageID)
	if r == nil && !p.Allow {
		return nil, badRequest("message to be replied not found")
	}
	return r, nil
}

// send posts a message of the bot.
func (c *call) send(t *target, msg *models.Message) *record {
	msg.From = c.w.users[c.bot.user.ID]
	msg.HasProtectedContent = c.bool("protect_content")
	if t.replyTo != nil {
		msg.ReplyToMessage = shallowReply(t.replyTo.msg)
	}
	return c.w.post(t.chat, msg, t.thread, c.bot, t.markup)
}

// shallowReply is a message as it stands in another's reply_to_message: without
// its own.
func shallowReply(m *models.Message) *models.Message {
	if m.ReplyToMessage == nil {
		return m
	}
	cp := *m
	cp.ReplyToMessage = nil
	return &cp
}

// text reads the text of sendMessage and editMessageText.
func (c *call) text() (richText, error) {
	if c.str("text") == "" {
		return richText{}, badRequest("message text is empty")
	}
	t, err := c.richText(c.str("text"), c.str("parse_mode"), json.RawMessage(c.str("entities")))
	switch {
	case err != nil:
		return t, err
	case t.text == "":
		return t, badRequest("text must be non-empty")
	case utf16Len(t.text) > maxText:
		return t, badRequest("message is too long")
	}
	return t, nil
}

func (c *call) linkPreview() (*models.LinkPreviewOptions, error) {
	if !c.has("link_preview_options") {
		return nil, nil
	}
	o := &models.LinkPreviewOptions{}
	if c.json("link_preview_options", o) != nil {
		return nil, badRequest("can't parse link preview options JSON object")
	}
	return o, nil
}

func sendMessage(c *call) (any, error) {
	text, err := c.text()
	if err != nil {
		return nil, err
	}
	preview, err := c.linkPreview()
	if err != nil {
		return nil, err
	}
	t, err := c.target()
	if err != nil {
		return nil, err
	}
	msg := &models.Message{Text: text.text, Entities: text.entities, LinkPreviewOptions: preview}
	return forWire(c.send(t, msg).msg), nil
}
