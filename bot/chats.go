package bot

import (
	"context"
	"slices"

	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// isDesk tells whether a chat is one of the agents', or was: what was said there
// before it became a supergroup may come later.
func (in *Intake) isDesk(chat int64) bool {
	g := in.desks.groups()
	return g.Has(g.Now(chat))
}

// growth is the news that a group has become a supergroup, from the one or from
// the other; nil: it is other news.
func growth(r *received) *tickets.Moved {
	m := r.message()
	switch {
	case m == nil:
	case m.MigrateToChatID != 0:
		return &tickets.Moved{From: m.Chat.ID, To: m.MigrateToChatID}
	case m.MigrateFromChatID != 0:
		return &tickets.Moved{From: m.MigrateFromChatID, To: m.Chat.ID}
	}
	return nil
}

// grew takes that news, where it is about the agents' groups.
func (in *Intake) grew(ctx context.Context, r *received, m tickets.Moved) error {
	if in.isDesk(m.From) || in.isDesk(m.To) {
		if err := in.follow(ctx, m); err != nil {
			return err
		}
	}
	return in.pass(r)
}

// follow goes on in a supergroup with what was in a plain group. Its messages
// have stayed behind, so that each open ticket gets a card anew, without haste.
func (in *Intake) follow(ctx context.Context, m tickets.Moved) error {
	select { // both chats tell of it at once
	case in.following <- struct{}{}:
		defer func() { <-in.following }()
	case <-ctx.Done():
		return &refusal{err: ctx.Err()}
	}
	fresh := in.desks.groups().Now(m.From) != m.To
	c := tickets.Change{Moved: &m, At: in.cfg.Now()}
	var open []tickets.Ticket
	for _, group := range []int64{m.From, m.To} {
		list, _, err := in.cfg.Store.Queue(ctx, group, tickets.Anyone, listed)
		if err != nil {
			return in.storeError(ctx, err)
		}
		open = append(open, slices.DeleteFunc(list, func(t tickets.Ticket) bool { return group == m.To && t.Place.Card != 0 })...)
	}
	if fresh {
		c.Notices = append(c.Notices, in.rules().Grown(m.To, len(open)))
	}
	slices.SortStableFunc(open, tickets.Urgency)
	for _, t := range open {
		c.Notices = append(c.Notices, in.rules().CardAgain(t, m.To))
	}
	if err := in.write(ctx, c); err != nil {
		return err
	}
	if fresh && in.cfg.Followed != nil {
		in.cfg.Followed(m.To)
	}
	in.desksChanged.Store(true)
	if err := in.desks.look(ctx); err != nil {
		return in.storeError(ctx, err)
	}
	return nil
}

// followGroups asks at the start what has become of plain groups, those that
// tickets are still in among them. Without an answer it is learnt later.
func (in *Intake) followGroups(ctx context.Context) {
	open, err := in.cfg.Store.OpenGroups(ctx)
	if err == nil {
		err = in.desks.look(ctx)
	}
	if err != nil {
		in.log.Warn("the store cannot be asked for groups that have become supergroups", "cause", err)
		return
	}
	g := in.desks.groups()
	for _, group := range append(slices.Clone(g.IDs), open...) {
		to, known := in.successor(ctx, g, group)
		if to == group || !in.isDesk(group) && !in.isDesk(to) || known && !slices.Contains(open, group) {
			continue
		}
		if err := in.follow(ctx, tickets.Moved{From: group, To: to}); err != nil {
			in.log.Warn("a group that has become a supergroup cannot be followed yet", "from", group, "to", to, "cause", err)
		}
	}
}

// successor is what a group has become, by the store or else by Telegram: itself
// where nobody tells of anything else.
func (in *Intake) successor(ctx context.Context, g tickets.Groups, group int64) (to int64, known bool) {
	if to = g.Now(group); to != group || group < tickets.Supergroups {
		return to, true
	}
	if to, err := in.migrated(ctx, group); err == nil && to != 0 {
		return to, false
	}
	return group, false
}

// queue lists the most urgent of a group's open tickets, and of those that wait to
// come into it, out of a group that serves no more. It also counts them.
func (in *Intake) queue(ctx context.Context, group, agent int64) (list []tickets.Ticket, all int, err error) {
	open, err := in.cfg.Store.OpenGroups(ctx)
	if err != nil {
		return nil, 0, in.storeError(ctx, err)
	}
	g := in.desks.groups()
	group = g.Now(group)
	for _, other := range open {
		if other != group && g.Has(other) {
			continue
		}
		most := tickets.Listed
		if other != group { // of these not all come here
			most = listed
		}
		part, n, err := in.cfg.Store.Queue(ctx, other, agent, most)
		if err != nil {
			return nil, 0, in.storeError(ctx, err)
		}
		if other != group {
			part = slices.DeleteFunc(part, func(t tickets.Ticket) bool { return in.homeOf(g, t) != group })
			n = len(part)
		}
		list, all = append(list, part...), all+n
	}
	slices.SortStableFunc(list, tickets.Urgency)
	return list, all, nil
}

// homeOf is where a ticket goes whose group serves no more.
func (in *Intake) homeOf(g tickets.Groups, t tickets.Ticket) int64 {
	if now := g.Now(t.Place.Group); g.Has(now) {
		return now
	}
	return in.cfg.Policy.GroupFor(g, t.Topic, t.Customer)
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
	if ours { // what it is about has to be done there
		return in.desk(ctx, r)
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

// grownOut asks whether a strange supergroup is what an agents' plain group
// has become: another replica may have heard of it, and else the news of that
// can come before the news of the change.
func (in *Intake) grownOut(ctx context.Context, chat int64) (bool, error) {
	if _, ours, err := in.desks.serving(ctx, chat); ours || err != nil {
		if err != nil {
			err = in.storeError(ctx, err)
		}
		return ours, err
	}
	if chat >= tickets.Supergroups {
		return false, nil
	}
	for _, group := range in.desks.groups().All() {
		if group < tickets.Supergroups {
			continue
		}
		to, err := in.migrated(ctx, group)
		if err != nil {
			return false, &refusal{err: err, telegram: true}
		}
		if to == chat {
			return true, in.follow(ctx, tickets.Moved{From: group, To: to})
		}
	}
	return false, nil
}

func (in *Intake) migrated(ctx context.Context, group int64) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return in.cfg.Telegram.Migrated(ctx, group)
}
