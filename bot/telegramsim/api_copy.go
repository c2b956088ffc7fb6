package telegramsim

import (
	"github.com/go-telegram/bot/models"
)

// maxMany is how many messages one call may copy or delete.
const maxMany = 100

// source finds the message that a copy or a forward takes.
func (c *call) source(what string) (*record, error) {
	from, err := c.findChat("from_chat_id")
	if err != nil {
		return nil, err
	}
	r := from.get(c.int("message_id"))
	if r == nil {
		return nil, badRequest(what + " not found")
	}
	return r, nil
}

// content is a message's content alone: what a copy keeps.
func content(m *models.Message) *models.Message {
	return &models.Message{
		Text: m.Text, Entities: m.Entities, Caption: m.Caption, CaptionEntities: m.CaptionEntities,
		Photo: m.Photo, Document: m.Document, Animation: m.Animation, Video: m.Video, Voice: m.Voice,
		Sticker: m.Sticker, Contact: m.Contact, Location: m.Location, HasMediaSpoiler: m.HasMediaSpoiler,
		LinkPreviewOptions: m.LinkPreviewOptions, ShowCaptionAboveMedia: m.ShowCaptionAboveMedia,
	}
}

type messageID struct {
	ID int `json:"message_id"`
}

func copyMessage(c *call) (any, error) {
	caption, err := c.captionField()
	if err != nil {
		return nil, err
	}
	r, err := c.source("message to copy")
	if err != nil {
		return nil, err
	}
	t, err := c.target()
	if err != nil {
		return nil, err
	}
	if kind, _ := kindOf(r.msg); kind == "service" {
		return nil, badRequest("message can't be copied")
	}
	msg := content(r.msg)
	if _, file := kindOf(msg); c.has("caption") && file != "" {
		msg.Caption, msg.CaptionEntities = caption.text, caption.entities
	}
	return messageID{c.send(t, msg).msg.ID}, nil
}

// messageIDs reads message_ids; both checks are the server's.
func (c *call) messageIDs() ([]int, error) {
	var ids []int
	if !c.has("message_ids") {
		return nil, badRequest("message identifiers are not specified")
	}
	if err := c.json("message_ids", &ids); err != nil {
		return nil, badRequest("can't parse message_ids JSON object")
	}
	switch {
	case len(ids) == 0:
		return nil, badRequest("message identifiers are not specified")
	case len(ids) > maxMany:
		return nil, badRequest("too many message identifiers specified")
	}
	return ids, nil
}

// copyMessages copies several messages in a strictly increasing order, skips
// those that are gone, and keeps albums together.
func copyMessages(c *call) (any, error) {
	ids, err := c.messageIDs()
	if err != nil {
		return nil, err
	}
	from, err := c.findChat("from_chat_id")
	if err != nil {
		return nil, err
	}
	t, err := c.target()
	if err != nil {
		return nil, err
	}
	var copies []*models.Message
	albums := map[string][]*models.Message{}
	for i, id := range ids {
		if i > 0 && id <= ids[i-1] {
			return nil, badRequest("message identifiers must be in a strictly increasing order")
		}
		r := from.get(id)
		if r == nil {
			continue
		}
		if kind, _ := kindOf(r.msg); kind == "service" {
			continue
		}
		msg := content(r.msg)
		if c.bool("remove_caption") {
			msg.Caption, msg.CaptionEntities = "", nil
		}
		if r.msg.MediaGroupID != "" {
			albums[r.msg.MediaGroupID] = append(albums[r.msg.MediaGroupID], msg)
		}
		copies = append(copies, msg)
	}
	if len(copies) == 0 {
		return nil, badRequest("there are no messages to copy")
	}
	return c.sendCopies(t, copies, albums), nil
}

func (c *call) sendCopies(t *target, copies []*models.Message, albums map[string][]*models.Message) []messageID {
	grouped := map[*models.Message]bool{}
	out := make([]messageID, 0, len(copies))
	for _, msg := range copies {
		for _, album := range albums {
			if album[0] == msg && !grouped[msg] {
				c.w.group(album)
				grouped[msg] = true
			}
		}
		out = append(out, messageID{c.send(t, msg).msg.ID})
	}
	return out
}

func forwardMessage(c *call) (any, error) {
	r, err := c.source("message to forward")
	if err != nil {
		return nil, err
	}
	t, err := c.target()
	if err != nil {
		return nil, err
	}
	if kind, _ := kindOf(r.msg); kind == "service" || r.msg.HasProtectedContent {
		return nil, badRequest("message can't be forwarded")
	}
	msg := content(r.msg)
	msg.ForwardOrigin = r.msg.ForwardOrigin
	if msg.ForwardOrigin == nil {
		msg.ForwardOrigin = &models.MessageOrigin{
			Type:              models.MessageOriginTypeUser,
			MessageOriginUser: &models.MessageOriginUser{Date: r.msg.Date, SenderUser: *r.msg.From},
		}
	}
	return forWire(c.send(t, msg).msg), nil
}
