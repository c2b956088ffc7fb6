package telegramsim

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-telegram/bot/models"
)

// Rights are what an administrator of a group may do, as a set.
type Rights uint

// The rights that matter to a support bot.
const (
	ManageTopics Rights = 1 << iota
	PinMessages
	DeleteMessages
	ChangeInfo
	InviteUsers
	RestrictMembers
	AllRights = ManageTopics | PinMessages | DeleteMessages | ChangeInfo | InviteUsers | RestrictMembers
)

// can tells whether a member may do something that needs a right.
func (m *member) can(r Rights) bool {
	switch {
	case m == nil:
		return false
	case m.status == models.ChatMemberTypeOwner:
		return true
	}
	return m.status == models.ChatMemberTypeAdministrator && m.rights&r == r
}

// Group is a plain group or a forum supergroup.
type Group struct{ *Chat }

// AddGroup makes a plain group. The first person owns it; every bot of the world
// is in it as a member.
func (w *World) AddGroup(title string, people ...*Person) *Group {
	return w.addGroup(models.ChatTypeGroup, title, people)
}

// AddForum makes a supergroup with topics. The first person owns it; every bot
// of the world is in it as an administrator with all rights.
func (w *World) AddForum(title string, people ...*Person) *Group {
	return w.addGroup(models.ChatTypeSupergroup, title, people)
}

func (w *World) addGroup(kind models.ChatType, title string, people []*Person) *Group {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := newChat(models.Chat{Type: kind, Title: title})
	c.members, c.topics = map[int64]*member{}, map[int]*topic{}
	botStatus := models.ChatMemberTypeMember
	if kind == models.ChatTypeSupergroup {
		c.info.ID, c.info.IsForum = w.nextSuper, true
		w.nextSuper--
		botStatus = models.ChatMemberTypeAdministrator
		c.lastID = w.taken + 1 // the first message of a supergroup says that it was made
	} else {
		c.info.ID = w.nextGroup
		w.nextGroup--
	}
	for i, p := range people {
		status := models.ChatMemberTypeMember
		if i == 0 {
			status = models.ChatMemberTypeOwner
		}
		c.members[p.user.ID] = &member{user: p.telegramUser(), status: status}
	}
	for _, b := range w.bots {
		c.members[b.user.ID] = &member{user: w.users[b.user.ID], bot: b, status: botStatus, rights: AllRights}
	}
	w.groups[c.info.ID] = c
	w.groupOrder = append(w.groupOrder, c)
	w.emit(c, Event{Kind: ChatChanged})
	return &Group{Chat: &Chat{w: w, c: c}}
}

// Topic is the view of one topic by its ID; 1 is the General topic.
func (ch *Chat) Topic(id int) *Chat { return &Chat{w: ch.w, c: ch.c, thread: id} }

// TopicInfo tells of one topic.
type TopicInfo struct {
	ID     int    `json:"id"`
	Name   string `json:"name"`
	Icon   string `json:"icon,omitempty"`
	Closed bool   `json:"closed,omitempty"`
}

// Topics lists the topics that exist, in the order in which they were made,
// without General.
func (ch *Chat) Topics() []TopicInfo {
	ch.w.mu.Lock()
	defer ch.w.mu.Unlock()
	var out []TopicInfo
	for _, t := range ch.c.topicOrder {
		if !t.deleted {
			out = append(out, TopicInfo{ID: t.id, Name: t.name, Icon: t.iconEmoji, Closed: t.closed})
		}
	}
	return out
}

// ExpectTopic waits for a topic whose name contains all the substrings and that
// no ExpectTopic returned before.
func (ch *Chat) ExpectTopic(ctx context.Context, substrings ...string) (*Chat, error) {
	for {
		ch.w.mu.Lock()
		t := ch.unreadTopic(substrings)
		changed := ch.c.changed()
		ch.w.mu.Unlock()
		if t != nil {
			return ch.Topic(t.id), nil
		}
		if err := ch.wait(ctx, changed); err != nil {
			return nil, fmt.Errorf("expected a topic with %q: %w\n%s", substrings, err, ch.Transcript())
		}
	}
}

func (ch *Chat) unreadTopic(substrings []string) *topic {
	for _, t := range ch.c.topicOrder {
		lacks := func(s string) bool { return !strings.Contains(t.name, s) }
		if !t.deleted && !ch.c.seenTop[t.id] && !slices.ContainsFunc(substrings, lacks) {
			ch.c.seenTop[t.id] = true
			return t
		}
	}
	return nil
}

// audience are the bots that see a person's message: the bot of a private chat;
// in a group the administrators, those without privacy mode, and those that a
// command, a reply or a mention is for.
func (c *chat) audience(m *models.Message) []*Bot {
	if c.isPrivate() {
		return []*Bot{c.bot}
	}
	var out []*Bot
	for _, b := range c.bots() {
		if c.members[b.user.ID].isAdmin() || b.canReadAll || addresses(m, b) {
			out = append(out, b)
		}
	}
	return out
}

// bots are the bots in a group, by their IDs.
func (c *chat) bots() []*Bot {
	var out []*Bot
	for _, m := range c.members {
		if m.bot != nil && m.isIn() {
			out = append(out, m.bot)
		}
	}
	slices.SortFunc(out, func(a, b *Bot) int { return int(a.user.ID - b.user.ID) })
	return out
}

// addresses tells whether a message is for a bot that sees only such messages.
func addresses(m *models.Message, b *Bot) bool {
	if kind, _ := kindOf(m); kind == "service" {
		return true
	}
	if r := m.ReplyToMessage; r != nil && r.From != nil && r.From.ID == b.user.ID {
		return true
	}
	for _, e := range m.Entities {
		word := cut16(m.Text, e.Offset, e.Length)
		switch e.Type {
		case models.MessageEntityTypeBotCommand:
			_, name, named := strings.Cut(word, "@")
			if !named || strings.EqualFold(name, b.user.Username) {
				return true
			}
		case models.MessageEntityTypeMention:
			if strings.EqualFold(word, "@"+b.user.Username) {
				return true
			}
		}
	}
	return false
}
