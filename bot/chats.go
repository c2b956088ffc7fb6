package bot

import (
	"context"
	"slices"

	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// isDesk tells whether a chat is the agents', or has grown out of one.
func (in *Intake) isDesk(chat int64) bool {
	if slices.Contains(in.cfg.Groups, chat) {
		return true
	}
	_, moved := in.moved.Load(chat)
	return moved
}

// deskMoved remembers that an agents' group has become a supergroup, so that
// the bot does not leave it as a strange one.
func (in *Intake) deskMoved(from, to int64) {
	if _, known := in.moved.Swap(to, from); !known {
		in.log.Error("an agents' group has become a supergroup: change AGENT_GROUP_ID", "from", from, "to", to)
	}
}

// followGroups asks at the start what has become of the agents' plain groups: it
// need not be kept for that. Without an answer it is learnt later.
func (in *Intake) followGroups(ctx context.Context) {
	for _, group := range in.cfg.Groups {
		if group <= supergroups {
			continue
		}
		if to, err := in.migrated(ctx, group); err == nil && to != 0 {
			in.deskMoved(group, to)
		}
	}
}

// queue lists a group's open tickets, also those from before it became a
// supergroup, and after.
func (in *Intake) queue(ctx context.Context, group, agent int64) ([]tickets.Ticket, error) {
	ids := []int64{group}
	in.moved.Range(func(to, from any) bool {
		switch group {
		case to.(int64):
			ids = append(ids, from.(int64))
		case from.(int64):
			ids = append(ids, to.(int64))
		}
		return true
	})
	var all []tickets.Ticket
	for _, id := range ids {
		list, err := in.cfg.Store.Queue(ctx, id, agent, tickets.OpenStates, listed)
		if err != nil {
			return nil, in.storeError(ctx, err)
		}
		all = append(all, list...)
	}
	return all, nil
}

// stranger takes what happens in any other group or channel: one that the bot
// is added to is told that it serves one desk only, and left (P7).
func (in *Intake) stranger(ctx context.Context, r *received) error {
	chat, _ := r.chat()
	from := r.sender()
	switch m := r.update.MyChatMember; {
	case m != nil && (isIn(m.OldChatMember) || !isIn(m.NewChatMember)):
		return in.pass(r)
	case m == nil && (r.update.Message == nil || !isSaid(r.update.Message)):
		return in.pass(r)
	}
	ours, err := in.grownOut(ctx, chat.ID)
	if err != nil {
		return err
	}
	if ours {
		return in.pass(r)
	}
	in.log.Warn("leaving a strange chat; if it is the agents', set AGENT_GROUP_ID to it", "chat", chat.ID)
	mark, tag := r.mark(), ""
	if from != nil {
		tag = from.LanguageCode
	}
	lang, to := tickets.LangOf(tag), tickets.Address{Chat: chat.ID}
	return in.commit(ctx, tickets.Change{Update: &mark, Notices: []tickets.Notice{
		{To: to, Kind: tickets.NoticeSend, Priority: tickets.PriorityAnswer, Lang: lang, Message: tickets.Say(TextForeign, nil), Once: true, Merge: "foreign"},
		{To: to, Kind: tickets.NoticeLeave, Priority: tickets.PriorityAnswer, Lang: lang},
	}})
}

// isSaid tells what somebody wrote from service messages: the bot hears in a
// strange chat only what is meant for it.
func isSaid(m *models.Message) bool { return m.Text != "" || m.Caption != "" }

// isIn tells whether a member is in the chat.
func isIn(m models.ChatMember) bool {
	switch m.Type {
	case models.ChatMemberTypeOwner, models.ChatMemberTypeAdministrator, models.ChatMemberTypeMember:
		return true
	case models.ChatMemberTypeRestricted:
		return m.Restricted.IsMember
	}
	return false
}

// supergroups is the ID from which on downwards chats are supergroups and
// channels; the plain groups' are above.
const supergroups = -1_000_000_000_000

// grownOut asks whether a strange supergroup is what an agents' plain group
// has become: the news of that can come before the news of the change.
func (in *Intake) grownOut(ctx context.Context, chat int64) (bool, error) {
	if chat > supergroups {
		return false, nil
	}
	for _, group := range in.cfg.Groups {
		if group <= supergroups {
			continue
		}
		to, err := in.migrated(ctx, group)
		if err != nil {
			return false, err
		}
		if to == chat {
			in.deskMoved(group, to)
			return true, nil
		}
	}
	return false, nil
}

func (in *Intake) migrated(ctx context.Context, group int64) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return in.cfg.Telegram.Migrated(ctx, group)
}
