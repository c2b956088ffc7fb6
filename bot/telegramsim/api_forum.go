package telegramsim

import (
	"strings"

	"github.com/go-telegram/bot/models"
)

// maxTopicName is a topic name's length in characters; more is cut off.
const maxTopicName = 128

// topicColors are the icon colours that Telegram allows.
var topicColors = map[int]bool{7322096: true, 16766590: true, 13338331: true, 9367192: true, 16749490: true, 16478047: true}

const defaultTopicColor = 7322096

// forum resolves chat_id for the topic methods, which need a right in groups.
func (c *call) forum(right Rights, refusal string) (*chat, error) {
	ch, err := c.writable()
	switch {
	case err != nil:
		return nil, err
	case !ch.hasTopics():
		return nil, badRequest("the chat is not a forum")
	case !ch.isPrivate() && !ch.members[c.bot.user.ID].can(right):
		return nil, badRequest(refusal)
	}
	return ch, nil
}

// cleanName trims a name and cuts it, as the server does without a word.
func cleanName(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	return strings.TrimSpace(string(r[:min(len(r), maxTopicName)]))
}

func createForumTopic(c *call) (any, error) {
	ch, err := c.forum(ManageTopics, "not enough rights to create a topic")
	if err != nil {
		return nil, err
	}
	name := cleanName(c.str("name"))
	if name == "" {
		return nil, badRequest("name must be non-empty")
	}
	color := defaultTopicColor
	if c.has("icon_color") {
		if color = c.int("icon_color"); !topicColors[color] {
			return nil, badRequest("TOPIC_ICON_COLOR_INVALID")
		}
	}
	t := c.w.addTopic(ch, c.w.users[c.bot.user.ID], c.bot, name, color, c.str("icon_custom_emoji_id"))
	return models.ForumTopic{
		MessageThreadID: t.id, Name: t.name, IconColor: t.iconColor, IconCustomEmojiID: t.iconEmoji,
	}, nil
}

// addTopic makes a topic. Its ID is that of the service message that tells of it;
// in a private chat it is counted by the person's app, and no message of the
// bot's has it.
func (w *World) addTopic(ch *chat, by *models.User, author *Bot, name string, color int, emoji string) *topic {
	id := ch.lastID + 1
	if ch.isPrivate() {
		id = w.nextIDFor(ch)
	}
	t := &topic{id: id, name: name, iconColor: color, iconEmoji: emoji}
	msg := &models.Message{From: by, ForumTopicCreated: &models.ForumTopicCreated{Name: name, IconColor: color, IconCustomEmojiID: emoji}}
	ch.topics[t.id] = t
	ch.topicOrder = append(ch.topicOrder, t)
	r := w.post(ch, msg, t.id, author, nil)
	t.created = r.msg
	w.notifyBots(ch, r, models.AllowedUpdateMessage)
	w.emit(ch, Event{Kind: TopicChanged, Thread: t.id})
	return t
}

// topic resolves message_thread_id for the calls that change a topic.
func (c *call) topic(right Rights, refusal string) (*chat, *topic, error) {
	ch, err := c.forum(right, refusal)
	if err != nil {
		return nil, nil, err
	}
	t := ch.topics[c.int("message_thread_id")]
	if t == nil || t.deleted {
		return nil, nil, badRequest("TOPIC_ID_INVALID")
	}
	return ch, t, nil
}

func editForumTopic(c *call) (any, error) {
	ch, t, err := c.topic(ManageTopics, "not enough rights to edit the topic")
	if err != nil {
		return nil, err
	}
	name := cleanName(c.str("name"))
	if c.has("name") && name == "" {
		return nil, badRequest("name must be non-empty")
	}
	emoji, hasEmoji := c.fields["icon_custom_emoji_id"]
	edited := &models.ForumTopicEdited{}
	if name != "" && name != t.name {
		t.name, edited.Name = name, name
	}
	if hasEmoji && emoji != t.iconEmoji {
		t.iconEmoji, edited.IconCustomEmojiID = emoji, emoji
	} else {
		hasEmoji = false
	}
	if edited.Name == "" && !hasEmoji {
		return nil, badRequest("TOPIC_NOT_MODIFIED")
	}
	c.service(ch, t.id, &models.Message{ForumTopicEdited: edited})
	c.w.emit(ch, Event{Kind: TopicChanged, Thread: t.id})
	return true, nil
}

func closeForumTopic(c *call) (any, error) {
	return c.setClosed(true, &models.Message{ForumTopicClosed: &models.ForumTopicClosed{}})
}

func reopenForumTopic(c *call) (any, error) {
	return c.setClosed(false, &models.Message{ForumTopicReopened: &models.ForumTopicReopened{}})
}

func (c *call) setClosed(closed bool, notice *models.Message) (any, error) {
	ch, t, err := c.topic(ManageTopics, "not enough rights to close or open the topic")
	if err != nil {
		return nil, err
	}
	if ch.isPrivate() { // their topics are not closed
		return nil, badRequest("the chat is not a forum")
	}
	if t.closed == closed {
		return nil, badRequest("TOPIC_NOT_MODIFIED")
	}
	t.closed = closed
	c.service(ch, t.id, notice)
	c.w.emit(ch, Event{Kind: TopicChanged, Thread: t.id})
	return true, nil
}

func deleteForumTopic(c *call) (any, error) {
	ch, t, err := c.topic(DeleteMessages, "not enough rights to delete the topic")
	if err != nil {
		return nil, err
	}
	c.w.deleteTopic(ch, t)
	return true, nil
}

// deleteTopic removes a topic with everything in it. The bot is told nothing.
func (w *World) deleteTopic(ch *chat, t *topic) {
	t.deleted = true
	for _, r := range ch.order {
		if r.thread == t.id && !r.deleted {
			w.erase(ch, r)
		}
	}
	w.emit(ch, Event{Kind: TopicChanged, Thread: t.id})
}

// topicIcons are the emoji that a topic may bear, each with its custom emoji ID.
var topicIcons = []struct{ emoji, id string }{
	{"📰", "5434144690511290129"}, {"💡", "5312536423851630001"}, {"⚡️", "5312016608254762256"},
	{"🎙", "5377544228505134960"}, {"❗️", "5379748062124056162"}, {"❓", "5377316857231450742"},
	{"✅", "5237699328843200968"}, {"⭐️", "5235579393115438657"}, {"🔥", "5312241539987020022"},
	{"💬", "5417915203100613993"}, {"👀", "5309965701241379366"}, {"🏁", "5309984423003823246"},
}

func getForumTopicIconStickers(*call) (any, error) {
	list := make([]models.Sticker, len(topicIcons))
	for i, icon := range topicIcons {
		list[i] = models.Sticker{
			FileID: "CAAC" + icon.id, FileUniqueID: "AgAD" + icon.id, Type: "custom_emoji",
			Width: 100, Height: 100, IsAnimated: true, Emoji: icon.emoji, CustomEmojiID: icon.id, SetName: "Topics",
		}
	}
	return list, nil
}
