package bot

import (
	"context"
	"slices"

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
	return text.and("\n", body)
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

// body is a text as a notice keeps it.
func (r rich) body() *tickets.Body {
	b := &tickets.Body{Text: r.text}
	for _, e := range r.entities {
		b.Entities = append(b.Entities, tickets.Entity{
			Type: string(e.Type), Offset: e.Offset, Length: e.Length, URL: e.URL, Language: e.Language,
		})
	}
	return b
}

// mostCopies is how many messages one call copies
// (https://core.telegram.org/bots/api#copymessages).
const mostCopies = 100

// copies cuts a NoticeCopy into calls. A single medium takes our lines into its
// caption, where it has one (Extra.Body) and they fit; else they go first, as a
// message of their own. So they do with a picture of an album, however many of
// it leave together: another try may be about more or fewer of them.
func (s *sender) copies(n tickets.Notice, at spot) []step {
	src := n.Extra.Source
	if src == nil || len(src.Messages) == 0 {
		return nil
	}
	text := s.render.carried(n)
	if len(src.Messages) == 1 && src.Album == "" && n.Extra.Body != nil && unitsOf(text.text) <= maxCaption {
		return []step{s.copyOne(at, *src, &text)}
	}
	n.Extra.Body = nil // the caption goes along with its medium
	var out []step
	for _, part := range s.render.carried(n).split(maxText) {
		out = append(out, s.text(at, textPart{text: part}))
	}
	if len(src.Messages) == 1 {
		return append(out, s.copyOne(at, *src, nil))
	}
	for some := range slices.Chunk(slices.Sorted(slices.Values(src.Messages)), mostCopies) {
		out = append(out, s.copyAlbum(at, tickets.Source{Chat: src.Chat, Messages: some}))
	}
	return out
}

// copyOne copies a message; a caption takes the place of its own.
func (s *sender) copyOne(at spot, src tickets.Source, caption *rich) step {
	return step{1, func(ctx context.Context, sent []int64) ([]int64, error) {
		ctx, cancel := context.WithTimeout(ctx, sendTimeout)
		defer cancel()
		p := &tg.CopyMessageParams{
			ChatID: at.chat, MessageThreadID: at.thread, FromChatID: src.Chat, MessageID: int(src.Messages[0]),
			ReplyParameters: at.replyTo(sent),
		}
		if caption != nil {
			p.Caption, p.CaptionEntities = caption.text, caption.entities
		}
		id, err := s.api.CopyMessage(ctx, p)
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
			ChatID: at.chat, MessageThreadID: at.thread, FromChatID: src.Chat, MessageIDs: from,
		})
		if err != nil {
			return nil, err
		}
		ids := make([]int64, len(from)) // as many as promised, whatever came back
		if len(list) != len(ids) {
			return ids, nil // messages that are gone were passed over: nobody knows which
		}
		for i, m := range list {
			ids[i] = int64(m.ID)
		}
		return ids, nil
	}}
}

// pairs says which message became which. A single one became all that was sent:
// the parts of a long text, or the lines above a medium. Of several, the
// source's last ones are the last that were sent, as our own lines go before.
func pairs(n tickets.Notice, chat int64, sent []int64) []tickets.Carried {
	src := n.Extra.Source
	if src == nil || n.About <= 0 || len(sent) == 0 {
		return nil
	}
	if n.Kind == tickets.NoticeSend && n.Extra.Body == nil {
		return nil // nobody's words: the news of a command, of which only the outcome is told
	}
	var out []tickets.Carried
	if len(src.Messages) == 1 && src.Album == "" {
		for _, id := range sent {
			if id != 0 {
				out = append(out, tickets.Carried{
					Ticket: n.About, From: tickets.Spot{Chat: src.Chat, Message: src.Messages[0]}, To: tickets.Spot{Chat: chat, Message: id},
				})
			}
		}
		return out
	}
	to := sent[:1]
	if n.Kind == tickets.NoticeCopy && len(sent) >= len(src.Messages) {
		to = sent[len(sent)-len(src.Messages):]
	}
	for i, id := range slices.Sorted(slices.Values(src.Messages)) {
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
	if n.Target == 0 { // it was left behind
		return nil
	}
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
	if classify(err).fate == fateBad { // a group may not allow it
		s.log.Warn("a reaction was refused", "chat", at.chat, "cause", redact(s.api.Token(), err))
	}
	return harmless(err)
}

// remove deletes a message. One that is gone, or too old, is as good.
func (s *sender) remove(ctx context.Context, n tickets.Notice, at spot, r *result) {
	if n.Target == 0 { // it was left behind
		return
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	_, err := s.api.DeleteMessage(ctx, &tg.DeleteMessageParams{ChatID: at.chat, MessageID: int(n.Target)})
	r.lacks, r.err = lackOf(err), harmless(err)
}

// harmless passes over what Telegram has against a call that changes nothing
// for good: the message or the topic is gone, or it is so already.
func harmless(err error) error {
	switch classify(err).fate {
	case fateUnsent, fateLimited, fateUnknown, fateMigrated, fateNoAccount, fateNoTopic:
		return err
	}
	return nil
}
