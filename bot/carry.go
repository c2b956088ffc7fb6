package bot

import (
	"context"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// carried is the text of a notice that shows somebody's own words: our lines
// above, and the words below with the formatting that their writer gave them.
func (r *Renderer) carried(n tickets.Notice) rich {
	text := parseRich(r.lines(n.Lang, n.About, n.Message.Text))
	if n.Extra.Body == nil || n.Extra.Body.Text == "" {
		return text
	}
	body := bodyOf(*n.Extra.Body)
	if isBlank(text.text) {
		return body
	}
	text.text += "\n"
	shift := unitsOf(text.text)
	for _, e := range body.entities {
		e.Offset += shift
		text.entities = append(text.entities, e)
	}
	text.text += body.text
	return text
}

// carriable are the kinds of formatting that a bot may send. Others are left
// to Telegram, which finds links and mentions by itself.
var carriable = map[string]bool{
	"bold": true, "italic": true, "underline": true, "strikethrough": true, "spoiler": true, "blockquote": true,
	"expandable_blockquote": true, "code": true, "pre": true, "text_link": true,
}

// bodyOf takes over what Telegram has shown already, and keeps its formatting
// within the text.
func bodyOf(b tickets.Body) rich {
	out, length := rich{text: b.Text}, unitsOf(b.Text)
	for _, e := range b.Entities {
		if !carriable[e.Type] || e.Offset < 0 || e.Offset >= length || e.Length <= 0 {
			continue
		}
		out.entities = append(out.entities, models.MessageEntity{
			Type: models.MessageEntityType(e.Type), Offset: e.Offset, Length: min(e.Length, length-e.Offset),
			URL: e.URL, Language: e.Language,
		})
	}
	sortEntities(out.entities)
	return out
}

// copies cuts a NoticeCopy into calls. A single medium takes our lines into its
// caption, where it has one (Extra.Body) and they fit; else they go first, as a
// message of their own.
func (s *sender) copies(n tickets.Notice, at spot) []step {
	src := n.Extra.Source
	if src == nil || len(src.Messages) == 0 {
		return nil
	}
	text := s.render.carried(n)
	if len(src.Messages) == 1 && n.Extra.Body != nil && unitsOf(text.text) <= maxCaption {
		return []step{s.copyOne(at, *src, text)}
	}
	if n.Extra.Body != nil { // the caption goes along with its medium
		n.Extra.Body = nil
		text = s.render.carried(n)
	}
	var out []step
	for _, part := range text.split(maxText) {
		out = append(out, s.text(at, textPart{text: part}))
	}
	if len(src.Messages) == 1 {
		return append(out, s.copyOne(at, *src, rich{}))
	}
	return append(out, s.copyAlbum(at, *src))
}

func (s *sender) copyOne(at spot, src tickets.Source, caption rich) step {
	return step{1, func(ctx context.Context, sent []int64) ([]int64, error) {
		ctx, cancel := context.WithTimeout(ctx, sendTimeout)
		defer cancel()
		id, err := s.api.CopyMessage(ctx, &tg.CopyMessageParams{
			ChatID: at.chat, MessageThreadID: at.thread, FromChatID: s.chat(src.Chat), MessageID: int(src.Messages[0]),
			Caption: caption.text, CaptionEntities: caption.entities, ReplyParameters: at.replyTo(sent),
		})
		if err != nil {
			return nil, err
		}
		return []int64{int64(id.ID)}, nil
	}}
}

func (s *sender) copyAlbum(at spot, src tickets.Source) step {
	return step{len(src.Messages), func(ctx context.Context, _ []int64) ([]int64, error) {
		ctx, cancel := context.WithTimeout(ctx, sendTimeout)
		defer cancel()
		from := make([]int, len(src.Messages))
		for i, id := range src.Messages {
			from[i] = int(id)
		}
		list, err := s.api.CopyMessages(ctx, &tg.CopyMessagesParams{
			ChatID: at.chat, MessageThreadID: at.thread, FromChatID: s.chat(src.Chat), MessageIDs: from,
		})
		if err != nil {
			return nil, err
		}
		ids := make([]int64, len(from)) // as many as promised: messages that are gone are passed over
		for i, m := range list[:min(len(list), len(ids))] {
			ids[i] = int64(m.ID)
		}
		return ids, nil
	}}
}

// pairs says which message became which: the source's last ones are the last
// that were sent, as our own lines go before them.
func pairs(n tickets.Notice, chat int64, sent []int64) []tickets.Carried {
	src := n.Extra.Source
	if src == nil || n.About <= 0 || len(sent) == 0 {
		return nil
	}
	to := sent[:1]
	if n.Kind == tickets.NoticeCopy && len(sent) >= len(src.Messages) {
		to = sent[len(sent)-len(src.Messages):]
	}
	var out []tickets.Carried
	for i, id := range src.Messages {
		if copied := to[min(i, len(to)-1)]; copied != 0 {
			out = append(out, tickets.Carried{
				Ticket: n.About, From: tickets.Spot{Chat: src.Chat, Message: id}, To: tickets.Spot{Chat: chat, Message: copied},
			})
		}
	}
	return out
}

// react puts a reaction on a message. It is a courtesy: what Telegram has
// against it is no matter.
func (s *sender) react(ctx context.Context, n tickets.Notice, at spot) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	p := &tg.SetMessageReactionParams{ChatID: at.chat, MessageID: int(n.Target)}
	if n.Extra.Emoji != "" {
		p.Reaction = []models.ReactionType{{
			Type:              models.ReactionTypeTypeEmoji,
			ReactionTypeEmoji: &models.ReactionTypeEmoji{Type: models.ReactionTypeTypeEmoji, Emoji: n.Extra.Emoji},
		}}
	}
	_, err := s.api.SetMessageReaction(ctx, p)
	return harmless(err)
}

// remove deletes a message. One that is gone, or too old, is as good.
func (s *sender) remove(ctx context.Context, n tickets.Notice, at spot) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	_, err := s.api.DeleteMessage(ctx, &tg.DeleteMessageParams{ChatID: at.chat, MessageID: int(n.Target)})
	return harmless(err)
}

// topic brings a ticket's topic up to date: its name, and whether it is closed.
// Without a topic nothing is to be done; one that was deleted is made again
// with the next message.
func (s *sender) topic(ctx context.Context, n tickets.Notice, at spot) error {
	if at.thread == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	_, err := s.api.EditForumTopic(ctx, &tg.EditForumTopicParams{ChatID: at.chat, MessageThreadID: at.thread, Name: s.render.title(n)})
	if err = harmless(err); err != nil {
		return err
	}
	if n.Extra.Closed {
		_, err = s.api.CloseForumTopic(ctx, &tg.CloseForumTopicParams{ChatID: at.chat, MessageThreadID: at.thread})
	} else {
		_, err = s.api.ReopenForumTopic(ctx, &tg.ReopenForumTopicParams{ChatID: at.chat, MessageThreadID: at.thread})
	}
	return harmless(err)
}

// harmless passes over what Telegram has against a call that changes nothing
// for good: the message or the topic is gone, or it is so already.
func harmless(err error) error {
	switch classify(err).fate {
	case fateUnsent, fateLimited, fateUnknown, fateMigrated, fateNoAccount:
		return err
	}
	return nil
}

// board shows the one pinned message of a chat: edited where there is one, else
// made and pinned.
func (s *sender) board(ctx context.Context, c tickets.Claim, at spot, r *result) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	parts := s.render.content(c.Notice).text.split(maxText)
	if len(parts) == 0 {
		return
	}
	if c.Board != 0 {
		_, err := s.api.EditMessageText(ctx, &tg.EditMessageTextParams{
			ChatID: at.chat, MessageID: int(c.Board), Text: parts[0].text, Entities: parts[0].entities, LinkPreviewOptions: noPreview,
		})
		if !isGone(err) {
			r.err = err
			return
		}
	}
	m, err := s.api.SendMessage(ctx, &tg.SendMessageParams{
		ChatID: at.chat, Text: parts[0].text, Entities: parts[0].entities, LinkPreviewOptions: noPreview, DisableNotification: true,
	})
	if err != nil {
		r.err = err
		return
	}
	r.board = int64(m.ID)
	_, err = s.api.PinChatMessage(ctx, &tg.PinChatMessageParams{ChatID: at.chat, MessageID: m.ID, DisableNotification: true})
	if err != nil {
		s.log.Warn("the board cannot be pinned", "chat", at.chat, "cause", redact(s.api.Token(), err))
	}
}
