package bot

import (
	"context"

	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// postOf reads a message that is to be carried to the other side; false: there
// is nothing in it to carry, such as in a service message.
func postOf(m *models.Message) (tickets.Post, bool) {
	p := tickets.Post{
		Source: tickets.Source{Chat: m.Chat.ID, Messages: []int64{int64(m.ID)}, Album: m.MediaGroupID},
	}
	switch {
	case m.Text != "":
		p.Body = bodyFrom(m.Text, m.Entities)
	case m.Animation != nil, len(m.Photo) > 0, m.Document != nil, m.Video != nil, m.Audio != nil, m.Voice != nil:
		p.Media, p.Body = true, bodyFrom(m.Caption, m.CaptionEntities)
	case m.Sticker != nil, m.VideoNote != nil, m.Contact != nil, m.Location != nil, m.Venue != nil, m.Dice != nil:
		p.Media = true
	default:
		return tickets.Post{}, false
	}
	return p, true
}

// isService tells what nobody wrote from what cannot be carried.
func isService(m *models.Message) bool {
	return !isOther(m) && m.Text == "" && m.Document == nil && len(m.Photo) == 0 && m.Animation == nil && m.Contact == nil
}

func bodyFrom(text string, entities []models.MessageEntity) *tickets.Body {
	b := &tickets.Body{Text: clean(text)}
	for _, e := range entities {
		b.Entities = append(b.Entities, tickets.Entity{
			Type: string(e.Type), Offset: e.Offset, Length: e.Length, URL: e.URL, Language: e.Language, Emoji: e.CustomEmojiID,
		})
	}
	return b
}

// counterpart is the message on the other side that a message replies to; 0:
// none. A message was carried over, or is what was carried over.
func (in *Intake) counterpart(ctx context.Context, m *models.Message, other int64) (int64, error) {
	to := repliedTo(m)
	if to == nil {
		return 0, nil
	}
	return in.across(ctx, tickets.Spot{Chat: m.Chat.ID, Message: int64(to.ID)}, other)
}

// across finds the newest message of another chat that a message stands for.
func (in *Intake) across(ctx context.Context, s tickets.Spot, other int64) (int64, error) {
	list, err := in.cfg.Store.Carried(ctx, s)
	if err != nil {
		return 0, in.storeError(ctx, err)
	}
	found := int64(0)
	for _, c := range list {
		switch {
		case c.From == s && c.To.Chat == other:
			found = c.To.Message
		case c.To == s && c.From.Chat == other:
			found = c.From.Message
		}
	}
	return found, nil
}

// carriedTicket is the ticket that a message was carried for; 0: none.
func (in *Intake) carriedTicket(ctx context.Context, s tickets.Spot) (int64, error) {
	list, err := in.cfg.Store.Carried(ctx, s)
	if err != nil {
		return 0, in.storeError(ctx, err)
	}
	if len(list) == 0 {
		return 0, nil
	}
	return list[len(list)-1].Ticket, nil
}
