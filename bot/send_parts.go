package bot

import (
	"context"
	"slices"
	"strings"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// maxAlbum is how many files one album takes; the least is two.
const maxAlbum = 10

// step is one call that sends. It gets the IDs of what was sent before, and
// returns those of the messages it made, of which it makes a known number, so
// that a later try knows where to go on.
type step struct {
	messages int
	run      func(ctx context.Context, sent []int64) ([]int64, error)
}

// steps cuts a notice's message into calls: the text first, then the files. A
// short text with a single file is its caption; not for a card, which is edited
// as a text later.
func (s *sender) steps(n tickets.Notice, at spot) []step {
	if n.Kind == tickets.NoticeCopy {
		return s.copies(n, at)
	}
	c := s.render.content(n)
	if n.Kind == tickets.NoticeSend && len(c.files) == 1 && c.keyboard == nil && unitsOf(c.text.text) <= maxCaption {
		return []step{s.single(at, c.files[0], c.text, c.inline)}
	}
	var out []step
	parts := textParts(c)
	if n.Kind == tickets.NoticeCard {
		parts = cardParts(c)
	}
	for _, p := range parts {
		out = append(out, s.text(at, p))
	}
	under := at // files belong under a card that has no topic to hold them
	if n.Kind == tickets.NoticeCard && at.thread == 0 {
		under.reply = firstSent
	}
	for i, run := range albums(c.files) {
		var inline models.ReplyMarkup
		if len(out) == 0 && i == 0 {
			inline = c.inline
		}
		if len(run) == 1 {
			out = append(out, s.single(under, run[0], rich{}, inline))
		} else {
			out = append(out, s.album(under, run))
		}
	}
	return out
}

// textPart is a message of text.
type textPart struct {
	text   rich
	markup models.ReplyMarkup
}

// textParts cuts the text: the keyboard goes with the first part, the buttons
// with the last. A message has room for one of them, so that with both the
// first line becomes a message of its own.
func textParts(c content) []textPart {
	split := c.text.split(maxText)
	if len(split) == 1 && c.keyboard != nil && c.inline != nil {
		if head, tail, ok := split[0].firstLine(); ok {
			split = []rich{head, tail}
		}
	}
	parts := make([]textPart, len(split))
	for i, text := range split {
		parts[i].text = text
	}
	if len(parts) > 0 {
		parts[0].markup = c.keyboard
		if c.inline != nil {
			parts[len(parts)-1].markup = c.inline
		}
	}
	return parts
}

// cardRoom is how much a card may grow by later, in UTF-16 units: by who has it,
// a reason, a comment on the rating.
const cardRoom = 1500

// cardParts cuts a card: its head with the buttons, which is edited as the
// ticket changes, and below it what stays, where one message might not hold both.
func cardParts(c content) []textPart {
	split := c.text.split(maxText)
	if head, rest, ok := c.text.head(); ok && unitsOf(c.text.text) > maxText-cardRoom {
		split = append([]rich{head}, rest.split(maxText)...)
	}
	parts := make([]textPart, len(split))
	for i, text := range split {
		parts[i].text = text
	}
	if len(parts) > 0 {
		parts[0].markup = c.inline
	}
	return parts
}

// againAsCard is what an edit makes of a card: all of it where that fits, else
// the head, as what stays is below it already.
func (r rich) againAsCard() []rich {
	if head, _, ok := r.head(); ok && unitsOf(r.text) > maxText {
		return []rich{head}
	}
	return r.split(maxText)
}

// head takes what stands above the first blank line off a text.
func (r rich) head() (head, tail rich, ok bool) {
	at := strings.Index(r.text, paragraph)
	if at < 0 || isBlank(r.text[:at]) || unitsOf(r.text[:at]) > maxText {
		return r, rich{}, false
	}
	units := unitsOf(r.text[:at])
	return r.slice(0, at, 0, units), r.after(at, units), true
}

// firstLine takes the first line that can be seen off a text.
func (r rich) firstLine() (head, tail rich, ok bool) {
	for at := range r.text {
		if r.text[at] != '\n' || isBlank(r.text[:at]) || isBlank(r.text[at:]) {
			continue
		}
		units := unitsOf(r.text[:at])
		return r.slice(0, at, 0, units), r.after(at, units), true
	}
	return r, rich{}, false
}

// albums puts files that can stand in one album together. Their order stays.
func albums(files []tickets.File) [][]tickets.File {
	var out [][]tickets.File
	for _, f := range files {
		if last := len(out) - 1; last >= 0 && f.Kind != tickets.Animation && out[last][0].Kind == f.Kind && len(out[last]) < maxAlbum {
			out[last] = append(out[last], f)
			continue
		}
		out = append(out, []tickets.File{f})
	}
	return out
}

// firstSent stands in a spot's reply for the notice's own first message.
const firstSent = -1

// replyTo is what a call says about the message it replies to.
func (at spot) replyTo(sent []int64) *models.ReplyParameters {
	reply := at.reply
	if reply == firstSent {
		reply = 0
		if len(sent) > 0 {
			reply = int(sent[0])
		}
	}
	if reply == 0 {
		return nil
	}
	return &models.ReplyParameters{MessageID: reply, AllowSendingWithoutReply: true}
}

func (s *sender) text(at spot, p textPart) step {
	return step{1, func(ctx context.Context, sent []int64) ([]int64, error) {
		ctx, cancel := context.WithTimeout(ctx, sendTimeout)
		defer cancel()
		args := &tg.SendMessageParams{
			ChatID: at.chat, MessageThreadID: at.thread, Text: p.text.text, Entities: p.text.entities,
			LinkPreviewOptions: noPreview, ReplyParameters: at.replyTo(sent), ReplyMarkup: p.markup,
		}
		id, err := s.api.sendMessage(ctx, args)
		if err != nil {
			return nil, err
		}
		return []int64{id}, nil
	}}
}

func (s *sender) single(at spot, f tickets.File, caption rich, markup models.ReplyMarkup) step {
	return step{1, func(ctx context.Context, sent []int64) ([]int64, error) {
		ctx, cancel := context.WithTimeout(ctx, sendTimeout)
		defer cancel()
		file, reply := &models.InputFileString{Data: f.ID}, at.replyTo(sent)
		switch f.Kind {
		case tickets.Photo:
			return idOf(s.api.SendPhoto(ctx, &tg.SendPhotoParams{
				ChatID: at.chat, MessageThreadID: at.thread, Photo: file, Caption: caption.text,
				CaptionEntities: caption.entities, ReplyParameters: reply, ReplyMarkup: markup,
			}))
		case tickets.Animation:
			return idOf(s.api.SendAnimation(ctx, &tg.SendAnimationParams{
				ChatID: at.chat, MessageThreadID: at.thread, Animation: file, Caption: caption.text,
				CaptionEntities: caption.entities, ReplyParameters: reply, ReplyMarkup: markup,
			}))
		}
		return idOf(s.api.SendDocument(ctx, &tg.SendDocumentParams{
			ChatID: at.chat, MessageThreadID: at.thread, Document: file, Caption: caption.text,
			CaptionEntities: caption.entities, ReplyParameters: reply, ReplyMarkup: markup,
		}))
	}}
}

func (s *sender) album(at spot, files []tickets.File) step {
	return step{len(files), func(ctx context.Context, sent []int64) ([]int64, error) {
		ctx, cancel := context.WithTimeout(ctx, sendTimeout)
		defer cancel()
		media := make([]models.InputMedia, len(files))
		for i, f := range files {
			if f.Kind == tickets.Photo {
				media[i] = &models.InputMediaPhoto{Media: f.ID}
			} else {
				media[i] = &models.InputMediaDocument{Media: f.ID}
			}
		}
		list, err := s.api.SendMediaGroup(ctx, &tg.SendMediaGroupParams{
			ChatID: at.chat, MessageThreadID: at.thread, Media: media, ReplyParameters: at.replyTo(sent),
		})
		if err != nil {
			return nil, err
		}
		ids := slices.Repeat([]int64{0}, len(files)) // as many as promised, whatever came back
		for i, m := range list[:min(len(list), len(ids))] {
			ids[i] = int64(m.ID)
		}
		return ids, nil
	}}
}

func idOf(m *models.Message, err error) ([]int64, error) {
	if err != nil {
		return nil, err
	}
	return []int64{int64(m.ID)}, nil
}
