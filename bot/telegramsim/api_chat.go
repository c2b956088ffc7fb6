package telegramsim

import (
	"cmp"
	"slices"

	"github.com/go-telegram/bot/models"
)

func getChat(c *call) (any, error) {
	ch, err := c.findChat("chat_id")
	if err != nil {
		return nil, err
	}
	if err := c.canRead(ch); err != nil {
		return nil, err
	}
	full := &models.ChatFullInfo{
		ID: ch.info.ID, Type: ch.info.Type, Title: ch.info.Title, Username: ch.info.Username,
		FirstName: ch.info.FirstName, LastName: ch.info.LastName, IsForum: ch.info.IsForum, MaxReactionCount: 11,
	}
	if len(ch.pins) > 0 {
		full.PinnedMessage = forWire(ch.get(ch.pins[len(ch.pins)-1]).msg)
	}
	if !ch.isPrivate() {
		full.Permissions = &models.ChatPermissions{
			CanSendMessages: true, CanSendAudios: true, CanSendDocuments: true, CanSendPhotos: true,
			CanSendVideos: true, CanSendVideoNotes: true, CanSendVoiceNotes: true,
		}
	}
	return full, nil
}

// canRead is the check of calls that only look: in a group that became a
// supergroup or a private chat that is blocked they still work.
func (c *call) canRead(ch *chat) error {
	if ch.isPrivate() || ch.migratedTo != 0 {
		return nil
	}
	return c.canWrite(ch)
}

func getChatMember(c *call) (any, error) {
	ch, err := c.findChat("chat_id")
	if err != nil {
		return nil, err
	}
	if err := c.canRead(ch); err != nil {
		return nil, err
	}
	id := c.int64("user_id")
	u := c.w.users[id]
	if u == nil {
		return nil, badRequest("user not found")
	}
	if ch.isPrivate() {
		if id != ch.person.user.ID && id != c.bot.user.ID {
			return nil, badRequest("user not found")
		}
		return (&member{user: u, status: models.ChatMemberTypeMember}).telegram(), nil
	}
	m := ch.members[id]
	if m == nil {
		m = &member{user: u, status: models.ChatMemberTypeLeft}
	}
	return m.telegram(), nil
}

func getChatAdministrators(c *call) (any, error) {
	ch, err := c.findChat("chat_id")
	if err != nil {
		return nil, err
	}
	if ch.isPrivate() {
		return nil, badRequest("there are no administrators in the private chat")
	}
	if err := c.canWrite(ch); err != nil {
		return nil, err
	}
	list := []*models.ChatMember{}
	for _, m := range ch.memberList() {
		if m.isAdmin() && m.bot == nil || m.bot == c.bot && m.isAdmin() {
			list = append(list, m.telegram())
		}
	}
	return list, nil
}

// memberList are the members by their user IDs.
func (c *chat) memberList() []*member {
	var out []*member
	for _, m := range c.members {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b *member) int { return cmp.Compare(a.user.ID, b.user.ID) })
	return out
}

// telegram is the member as the Bot API shows it.
func (m *member) telegram() *models.ChatMember {
	cm := &models.ChatMember{Type: m.status}
	switch m.status {
	case models.ChatMemberTypeOwner:
		cm.Owner = &models.ChatMemberOwner{User: m.user}
	case models.ChatMemberTypeAdministrator:
		cm.Administrator = &models.ChatMemberAdministrator{
			User: *m.user, CanManageChat: true,
			CanManageTopics: m.can(ManageTopics), CanPinMessages: m.can(PinMessages),
			CanDeleteMessages: m.can(DeleteMessages), CanChangeInfo: m.can(ChangeInfo),
			CanInviteUsers: m.can(InviteUsers), CanRestrictMembers: m.can(RestrictMembers),
		}
	case models.ChatMemberTypeMember:
		cm.Member = &models.ChatMemberMember{User: m.user}
	case models.ChatMemberTypeLeft:
		cm.Left = &models.ChatMemberLeft{User: m.user}
	case models.ChatMemberTypeBanned:
		cm.Banned = &models.ChatMemberBanned{User: m.user}
	}
	return cm
}

func leaveChat(c *call) (any, error) {
	ch, err := c.findChat("chat_id")
	if err != nil {
		return nil, err
	}
	if ch.isPrivate() {
		return nil, badRequest("chat member status can't be changed in private chats")
	}
	if err := c.canWrite(ch); err != nil {
		return nil, err
	}
	self := c.w.users[c.bot.user.ID]
	c.w.setMember(ch, self, c.bot, models.ChatMemberTypeLeft, 0, self)
	return true, nil
}
