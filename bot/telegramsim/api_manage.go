package telegramsim

import (
	"time"

	"github.com/go-telegram/bot/models"
)

// deleteWindow is how long a message can be deleted after it was sent.
const deleteWindow = 48 * time.Hour

// mayDelete tells whether the bot may delete a message: its own and, in private
// chats, the person's within 48 hours; as an administrator any.
func (c *call) mayDelete(ch *chat, r *record) bool {
	if !ch.isPrivate() && ch.members[c.bot.user.ID].can(DeleteMessages) {
		return true
	}
	if kind, _ := kindOf(r.msg); kind == "service" {
		return false
	}
	young := c.w.now().Sub(time.Unix(int64(r.msg.Date), 0)) <= deleteWindow
	return young && (r.bot == c.bot || ch.isPrivate())
}

func deleteMessage(c *call) (any, error) {
	if c.int("message_id") == 0 {
		return nil, badRequest("message identifier is not specified")
	}
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	r := ch.get(c.int("message_id"))
	switch {
	case r == nil:
		return nil, badRequest("message to delete not found")
	case !c.mayDelete(ch, r):
		return nil, badRequest("message can't be deleted")
	}
	c.w.erase(ch, r)
	return true, nil
}

// deleteMessages skips messages that are gone.
func deleteMessages(c *call) (any, error) {
	ids, err := c.messageIDs()
	if err != nil {
		return nil, err
	}
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if r := ch.get(id); r != nil && !c.mayDelete(ch, r) {
			return nil, badRequest("message can't be deleted")
		}
	}
	for _, id := range ids {
		if r := ch.get(id); r != nil {
			c.w.erase(ch, r)
		}
	}
	return true, nil
}

func (c *call) mayPin(ch *chat) error {
	if !ch.isPrivate() && !ch.members[c.bot.user.ID].can(PinMessages) {
		return badRequest("not enough rights to manage pinned messages in the chat")
	}
	return nil
}

func pinChatMessage(c *call) (any, error) {
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	r := ch.get(c.int("message_id"))
	if r == nil {
		return nil, badRequest("message to pin not found")
	}
	if err := c.mayPin(ch); err != nil {
		return nil, err
	}
	if r.pinned {
		return true, nil
	}
	r.pinned = true
	ch.pins = append(ch.pins, r.msg.ID)
	c.w.tell(ch, r, MessageReacted)
	c.service(ch, r.thread, &models.Message{PinnedMessage: &models.MaybeInaccessibleMessage{Message: shallowReply(r.msg)}})
	return true, nil
}

// service posts a service message of the bot. Other than its ordinary messages,
// the bot gets these as updates too.
func (c *call) service(ch *chat, thread int, msg *models.Message) *record {
	msg.From = c.w.users[c.bot.user.ID]
	r := c.w.post(ch, msg, thread, c.bot, nil)
	c.w.notifyBots(ch, r, models.AllowedUpdateMessage)
	return r
}

// unpinChatMessage takes the pin off a message, or off the newest pinned one.
func unpinChatMessage(c *call) (any, error) {
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	if err := c.mayPin(ch); err != nil {
		return nil, err
	}
	id := c.int("message_id")
	if id == 0 && len(ch.pins) > 0 {
		id = ch.pins[len(ch.pins)-1]
	}
	r := ch.get(id)
	if r == nil || !r.pinned {
		return nil, badRequest("message to unpin not found")
	}
	ch.unpin(r)
	c.w.tell(ch, r, MessageReacted)
	return true, nil
}

// freeReactions are some of the emoji that anybody may react with.
var freeReactions = map[string]bool{
	"👍": true, "👎": true, "❤": true, "🔥": true, "🥰": true, "👏": true, "😁": true, "🤔": true, "🤯": true,
	"😱": true, "🤬": true, "😢": true, "🎉": true, "🤩": true, "🙏": true, "👌": true, "🕊": true, "🤡": true,
	"🥱": true, "😍": true, "🐳": true, "💯": true, "🤣": true, "⚡": true, "🏆": true, "💔": true, "🤨": true,
	"😐": true, "👀": true, "✍": true, "🤝": true, "🫡": true, "🆒": true, "😎": true, "🤷": true, "😡": true,
}

func setMessageReaction(c *call) (any, error) {
	var list []models.ReactionType
	if err := c.json("reaction", &list); err != nil {
		return nil, badRequest("can't parse reaction types JSON object")
	}
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	r := ch.get(c.int("message_id"))
	if r == nil {
		return nil, badRequest("message to react not found")
	}
	if len(list) > 1 {
		return nil, badRequest("REACTIONS_TOO_MANY")
	}
	for _, t := range list {
		if t.ReactionTypeEmoji == nil || !freeReactions[t.ReactionTypeEmoji.Emoji] {
			return nil, badRequest("REACTION_INVALID")
		}
	}
	r.react(c.bot.user.ID, list)
	c.w.tell(ch, r, MessageReacted)
	return true, nil
}

// react sets one's reactions on a message, and returns those before.
func (r *record) react(user int64, list []models.ReactionType) []models.ReactionType {
	old := r.reactions[user]
	if r.reactions == nil {
		r.reactions = map[int64][]models.ReactionType{}
	}
	r.reactions[user] = list
	return old
}

var chatActions = map[string]bool{
	"typing": true, "upload_photo": true, "record_video": true, "upload_video": true, "record_voice": true,
	"upload_voice": true, "upload_document": true, "choose_sticker": true, "find_location": true,
	"record_video_note": true, "upload_video_note": true, "cancel": true,
}

func sendChatAction(c *call) (any, error) {
	if !chatActions[c.str("action")] {
		return nil, badRequest("wrong parameter action in request")
	}
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	thread, err := c.thread(ch)
	if err != nil {
		return nil, err
	}
	c.w.emit(ch, Event{Kind: ActionShown, Thread: thread, Action: c.str("action")})
	return true, nil
}
