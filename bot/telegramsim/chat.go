package telegramsim

import (
	"slices"

	"github.com/go-telegram/bot/models"
)

// chat is a private chat of one bot and one person, or a group. Guarded by
// World.mu.
type chat struct {
	info models.Chat

	// Of a private chat. The bot may write once the person has started it and
	// while it is not blocked.
	bot     *Bot
	person  *Person
	started bool
	blocked bool

	// Of a forum, or of a private chat whose bot has topics.
	topics     map[int]*topic
	topicOrder []*topic

	// Of a group. migratedTo is set once a plain group became a supergroup.
	members    map[int64]*member
	migratedTo int64
	lastID     int

	byID     map[int]*record
	order    []*record
	pins     []int
	keyboard *models.ReplyKeyboardMarkup
	fresh    []*record // what bots sent or edited and no Expect has returned
	seenTop  map[int]bool
	waiting  chan struct{}
}

// record is a stored message. msg is never changed once it is stored: an edit
// puts a new one in its place, so that readers need no lock.
type record struct {
	msg       *models.Message
	version   int
	thread    int
	bot       *Bot
	markup    *replyMarkup
	reactions map[int64][]models.ReactionType
	deleted   bool
	pinned    bool
	fresh     bool
}

type topic struct {
	id        int
	name      string
	iconColor int
	iconEmoji string
	closed    bool
	deleted   bool
	created   *models.Message
}

type member struct {
	user   *models.User
	bot    *Bot
	status models.ChatMemberType
	rights Rights
}

func newChat(info models.Chat) *chat {
	return &chat{info: info, byID: map[int]*record{}, seenTop: map[int]bool{}}
}

func (c *chat) isPrivate() bool    { return c.info.Type == models.ChatTypePrivate }
func (c *chat) isSupergroup() bool { return c.info.Type == models.ChatTypeSupergroup }
func (c *chat) isForum() bool      { return c.info.IsForum }

// get finds a message that is still there.
func (c *chat) get(id int) *record {
	r := c.byID[id]
	if r == nil || r.deleted {
		return nil
	}
	return r
}

func (m *member) isIn() bool {
	return m != nil && m.status != models.ChatMemberTypeLeft && m.status != models.ChatMemberTypeBanned
}

func (m *member) isAdmin() bool {
	return m != nil && (m.status == models.ChatMemberTypeAdministrator || m.status == models.ChatMemberTypeOwner)
}

// nextIDFor takes the next message ID: supergroups count for themselves, private
// chats and plain groups share one count, as they do in an account.
func (w *World) nextIDFor(c *chat) int {
	if c.isSupergroup() {
		c.lastID++
		return c.lastID
	}
	w.nextMessage++
	return w.nextMessage
}

// post stores a new message and tells those who watch. The message gets its ID,
// date, chat and topic here; author may be nil for a person's message.
func (w *World) post(c *chat, msg *models.Message, thread int, author *Bot, markup *replyMarkup) *record {
	msg.ID = w.nextIDFor(c)
	msg.Date = w.unix()
	msg.Chat = c.info
	if thread != 0 {
		msg.MessageThreadID = thread
		msg.IsTopicMessage = true
		if t := c.topics[thread]; msg.ReplyToMessage == nil && t != nil && !c.isPrivate() {
			msg.ReplyToMessage = t.created
		}
	}
	r := &record{msg: msg, version: 1, thread: thread, bot: author, markup: markup}
	if markup != nil {
		msg.ReplyMarkup = markup.inline
		c.applyKeyboard(markup)
	}
	c.byID[msg.ID] = r
	c.order = append(c.order, r)
	c.refresh(r)
	w.trim(c)
	w.tell(c, r, MessageSent)
	return r
}

func (c *chat) applyKeyboard(m *replyMarkup) {
	switch {
	case m.reply != nil:
		c.keyboard = m.reply
	case m.remove:
		c.keyboard = nil
	}
}

// revise replaces a stored message by an edited copy.
func (w *World) revise(c *chat, r *record, msg *models.Message) {
	r.msg = msg
	r.version++
	c.refresh(r)
	w.tell(c, r, MessageEdited)
}

// erase removes a message for everybody.
func (w *World) erase(c *chat, r *record) {
	r.deleted = true
	delete(c.byID, r.msg.ID)
	c.unpin(r)
	w.tell(c, r, MessageDeleted)
}

func (c *chat) unpin(r *record) {
	if !r.pinned {
		return
	}
	r.pinned = false
	c.pins = slices.DeleteFunc(c.pins, func(id int) bool { return id == r.msg.ID })
}

// refresh makes a bot's message unread.
func (c *chat) refresh(r *record) {
	if r.bot != nil && !r.fresh {
		r.fresh = true
		c.fresh = append(c.fresh, r)
	}
}

// trim forgets the oldest messages beyond twice the history that is kept.
func (w *World) trim(c *chat) {
	if w.history <= 0 || len(c.order) < 2*w.history {
		return
	}
	drop := len(c.order) - w.history
	for _, r := range c.order[:drop] {
		delete(c.byID, r.msg.ID)
		c.unpin(r)
		r.deleted = true
	}
	c.order = append([]*record(nil), c.order[drop:]...)
	c.fresh = slices.DeleteFunc(c.fresh, func(r *record) bool { return r.deleted })
}

// openPrivate finds or makes the private chat of a bot and a person.
func (w *World) openPrivate(b *Bot, p *Person) *chat {
	key := privateKey{b.user.ID, p.user.ID}
	c := w.private[key]
	if c == nil {
		c = newChat(models.Chat{
			ID: p.user.ID, Type: models.ChatTypePrivate, FirstName: p.user.FirstName,
			LastName: p.user.LastName, Username: p.user.Username,
		})
		c.bot, c.person, c.topics = b, p, map[int]*topic{}
		w.private[key] = c
	}
	return c
}
