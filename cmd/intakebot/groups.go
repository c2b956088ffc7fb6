package main

import (
	"context"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// follow takes the news of a group that has become a supergroup. Where more come
// than there are groups, the next start sees to them.
func (d *desk) follow(group int64) {
	select {
	case d.grown <- group:
	default:
	}
}

// keepGroups does for such groups what is done for all at the start, until the
// context ends.
func (d *desk) keepGroups(ctx context.Context) {
	for {
		select {
		case group := <-d.grown:
			d.checkGroup(ctx, group, d.me)
			d.showAgentCommands(ctx, group)
		case <-ctx.Done():
			return
		}
	}
}

// checkGroups looks whether the bot can do its work in the agents' chats, and
// says in the log what is to be mended. The bot runs all the same: tickets wait
// in the outbox until somebody has mended it.
func (d *desk) checkGroups(ctx context.Context, me int64) {
	for _, group := range d.groupsNow(ctx) {
		d.checkGroup(ctx, group, me)
	}
}

// groupsNow are the agents' chats, where they have become supergroups those.
func (d *desk) groupsNow(ctx context.Context) []int64 {
	moved, err := d.store.Moves(ctx)
	if err != nil {
		d.log.Warn("the store cannot be asked what groups have become", "cause", err)
	}
	return tickets.Groups{IDs: d.cfg.groups, Moved: moved}.All()
}

func (d *desk) checkGroup(ctx context.Context, group, me int64) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	chat, err := d.api.GetChat(ctx, &tg.GetChatParams{ChatID: group})
	if err != nil {
		d.log.Error("AGENT_GROUP_ID: the bot cannot see this chat. Is the ID right, and is the bot a member?", "chat", group, "cause", err)
		return
	}
	m, err := d.api.GetChatMember(ctx, &tg.GetChatMemberParams{ChatID: group, UserID: me})
	switch {
	case err != nil:
		d.log.Warn("AGENT_GROUP_ID: the bot's rights in this chat cannot be seen", "chat", group, "cause", err)
	case m.Type == models.ChatMemberTypeLeft || m.Type == models.ChatMemberTypeBanned:
		d.log.Error("AGENT_GROUP_ID: the bot is not a member of this chat: add it", "chat", group)
	case m.Type != models.ChatMemberTypeAdministrator:
		d.log.Warn("AGENT_GROUP_ID: the bot is no administrator here, so it does not see what agents write: make it one", "chat", group)
	case chat.IsForum && !m.Administrator.CanManageTopics:
		d.log.Warn("AGENT_GROUP_ID: the bot lacks the right to manage topics: tickets arrive in the group itself", "chat", group)
	}
}
