package telegramsim

import (
	"fmt"

	"github.com/go-telegram/bot/models"
)

// setMember changes somebody's place in a group: it posts the service message,
// and tells the bots by my_chat_member and chat_member.
func (w *World) setMember(c *chat, u *models.User, b *Bot, status models.ChatMemberType, rights Rights, by *models.User) {
	old := c.members[u.ID]
	if old == nil {
		old = &member{user: u, bot: b, status: models.ChatMemberTypeLeft}
	}
	m := &member{user: u, bot: b, status: status, rights: rights}
	watching := c.bots()
	c.members[u.ID] = m
	if b != nil {
		b.tellMember(models.AllowedUpdateMyChatMember, c, by, old, m)
	}
	for _, other := range watching {
		if other != b && c.members[other.user.ID].isAdmin() {
			other.tellMember(models.AllowedUpdateChatMember, c, by, old, m)
		}
	}
	switch {
	case m.isIn() && !old.isIn():
		w.announce(c, &models.Message{From: by, NewChatMembers: []models.User{*u}})
	case !m.isIn() && old.isIn():
		w.announce(c, &models.Message{From: by, LeftChatMember: u})
	}
	w.emit(c, Event{Kind: ChatChanged})
	c.wakeWaiters()
}

// announce posts a service message and tells the bots that are in the group.
func (w *World) announce(c *chat, msg *models.Message) *record {
	r := w.post(c, msg, 0, nil, nil)
	w.notifyBots(c, r, models.AllowedUpdateMessage)
	return r
}

func (b *Bot) tellMember(kind string, c *chat, by *models.User, old, now *member) {
	l := lane{laneOwnMember, c.info.ID}
	b.enqueue(kind, l, updateLife, func(u *models.Update) {
		changed := &models.ChatMemberUpdated{
			Chat: c.info, From: *by, Date: b.w.unix(), OldChatMember: *old.telegram(), NewChatMember: *now.telegram(),
		}
		if kind == models.AllowedUpdateMyChatMember {
			u.MyChatMember = changed
		} else {
			u.ChatMember = changed
		}
	})
}

// Block makes the person block the bot: it learns of it by my_chat_member, and
// what it sends is refused.
func (s *Seat) Block() error { return s.setBlocked(true) }

// Unblock takes a block back.
func (s *Seat) Unblock() error { return s.setBlocked(false) }

// Blocked tells whether the person has blocked the bot of this private chat.
func (s *Seat) Blocked() bool {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	return s.c.blocked
}

func (s *Seat) setBlocked(blocked bool) error {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	if !s.c.isPrivate() {
		return fmt.Errorf("telegramsim: only a private chat can be blocked")
	}
	if s.c.blocked == blocked {
		return nil
	}
	s.c.blocked = blocked
	self := s.w.users[s.c.bot.user.ID]
	in := &member{user: self, status: models.ChatMemberTypeMember}
	out := &member{user: self, status: models.ChatMemberTypeBanned}
	if !blocked {
		in, out = out, in
	}
	s.c.bot.tellMember(models.AllowedUpdateMyChatMember, s.c, s.person.telegramUser(), in, out)
	s.w.emit(s.c, Event{Kind: ChatChanged})
	return nil
}

// Join makes a person a member of the group.
func (g *Group) Join(p *Person) {
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	if !g.c.members[p.user.ID].isIn() {
		u := p.telegramUser()
		g.w.setMember(g.c, u, nil, models.ChatMemberTypeMember, 0, u)
	}
}

// Leave takes a person out of the group.
func (g *Group) Leave(p *Person) {
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	if g.c.members[p.user.ID].isIn() {
		u := p.telegramUser()
		g.w.setMember(g.c, u, nil, models.ChatMemberTypeLeft, 0, u)
	}
}

// Promote makes a person an administrator with rights.
func (g *Group) Promote(p *Person, rights Rights) {
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	g.w.setMember(g.c, p.telegramUser(), nil, models.ChatMemberTypeAdministrator, rights, g.owner())
}

// SetBotRights makes the bot an administrator with rights, or with none an
// ordinary member. A bot that is not in the group is added.
func (g *Group) SetBotRights(b *Bot, rights Rights) {
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	status := models.ChatMemberTypeAdministrator
	if rights == 0 {
		status = models.ChatMemberTypeMember
	}
	g.w.setMember(g.c, g.w.users[b.user.ID], b, status, rights, g.owner())
}

// AddBot adds the bot as an ordinary member, as a person does it by hand.
func (g *Group) AddBot(b *Bot, by *Person) {
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	g.w.setMember(g.c, g.w.users[b.user.ID], b, models.ChatMemberTypeMember, 0, by.telegramUser())
}

// KickBot throws the bot out.
func (g *Group) KickBot(b *Bot) {
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	g.w.setMember(g.c, g.w.users[b.user.ID], b, models.ChatMemberTypeBanned, 0, g.owner())
}

// owner is the group's creator, or the first member that there is.
func (g *Group) owner() *models.User {
	list := g.c.memberList()
	for _, m := range list {
		if m.status == models.ChatMemberTypeOwner {
			return m.user
		}
	}
	return list[0].user
}

// Members lists the people in the group.
func (g *Group) Members() []*Person {
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	var out []*Person
	for _, p := range g.w.people {
		if g.c.members[p.user.ID].isIn() {
			out = append(out, p)
		}
	}
	return out
}

// Migrate turns a plain group into a supergroup with topics, as switching topics
// on does. The group gets a new ID; calls to the old one are refused with it. The
// bots keep their places and rights. What this Group views is now the new one.
func (g *Group) Migrate() error {
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	old := g.c
	if old.info.Type != models.ChatTypeGroup || old.migratedTo != 0 {
		return fmt.Errorf("telegramsim: only a plain group can become a supergroup")
	}
	c := newChat(models.Chat{ID: g.w.nextSuper, Type: models.ChatTypeSupergroup, Title: old.info.Title, IsForum: true})
	g.w.nextSuper--
	c.members, c.topics, c.lastID = old.members, map[int]*topic{}, g.w.taken
	g.w.groups[c.info.ID] = c
	g.w.groupOrder = append(g.w.groupOrder, c)
	g.w.announce(old, &models.Message{From: g.owner(), MigrateToChatID: c.info.ID})
	old.migratedTo = c.info.ID
	g.w.announce(c, &models.Message{From: g.owner(), MigrateFromChatID: old.info.ID})
	g.Chat = &Chat{w: g.w, c: c}
	g.w.emit(old, Event{Kind: ChatChanged})
	g.w.emit(c, Event{Kind: ChatChanged})
	return nil
}

// MigratedTo is the ID of the supergroup that this group became, 0 otherwise.
func (ch *Chat) MigratedTo() int64 {
	ch.w.mu.Lock()
	defer ch.w.mu.Unlock()
	return ch.c.migratedTo
}
