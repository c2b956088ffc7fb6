package telegramsim

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/go-telegram/bot/models"
)

// inputFile resolves a file argument: a file_id, or an upload under the field or
// under the name after attach://.
func (c *call) inputFile(kind, field, value string) (*File, error) {
	name, attached := strings.CutPrefix(value, "attach://")
	switch {
	case attached:
		field = name
	case strings.HasPrefix(value, "http://") || strings.HasPrefix(value, "https://"):
		return nil, badRequest("failed to get HTTP URL content") // the world has no outside
	case value != "":
		return c.storedFile(kind, value)
	}
	up, ok := c.files[field]
	if !ok {
		return nil, nil
	}
	return c.w.files.newFile(kind, up.name, up.data)
}

func (c *call) storedFile(kind, id string) (*File, error) {
	f := c.w.files.byID[id]
	if f == nil {
		return nil, badRequest("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
	}
	if f.Kind != kind {
		return nil, badRequest(fmt.Sprintf("can't use file of type %s as %s", fileForms[f.Kind].name, fileForms[kind].name))
	}
	return f, nil
}

// fill puts a file into a message as its content.
func (f *File) fill(m *models.Message) {
	m.Photo, m.Document, m.Animation, m.Video, m.Voice, m.Sticker = nil, nil, nil, nil, nil, nil
	switch f.Kind {
	case "photo":
		m.Photo = f.photoSizes()
	case "document":
		m.Document = f.document()
	case "animation":
		m.Animation = &models.Animation{FileID: f.ID, FileUniqueID: f.UniqueID, Width: f.Width, Height: f.Height,
			Duration: 1, FileName: f.Name, MimeType: f.MIME, FileSize: f.size()}
		m.Document = f.document() // for clients that do not know animations
	case "video":
		m.Video = &models.Video{FileID: f.ID, FileUniqueID: f.UniqueID, Width: f.Width, Height: f.Height,
			Duration: 1, FileName: f.Name, MimeType: f.MIME, FileSize: f.size()}
	case "voice":
		m.Voice = &models.Voice{FileID: f.ID, FileUniqueID: f.UniqueID, Duration: 1, MimeType: f.MIME, FileSize: f.size()}
	case "sticker":
		m.Sticker = &models.Sticker{FileID: f.ID, FileUniqueID: f.UniqueID, Type: "regular", Width: f.Width,
			Height: f.Height, Emoji: "👍", FileSize: len(f.Data)}
	}
}

func (f *File) size() int64 { return int64(len(f.Data)) }

func (f *File) document() *models.Document {
	return &models.Document{FileID: f.ID, FileUniqueID: f.UniqueID, FileName: f.Name, MimeType: f.MIME, FileSize: f.size()}
}

func (f *File) photoSizes() []models.PhotoSize {
	sizes := f.sizes
	if sizes == nil {
		sizes = []*File{f} // a smaller size that is sent on by its file_id
	}
	out := make([]models.PhotoSize, len(sizes))
	for i, s := range sizes {
		out[i] = models.PhotoSize{FileID: s.ID, FileUniqueID: s.UniqueID, Width: s.Width, Height: s.Height, FileSize: len(s.Data)}
	}
	return out
}

// caption reads a caption with its markup.
func (c *call) caption(text, mode string, entities json.RawMessage) (richText, error) {
	t, err := c.richText(text, mode, entities)
	if err == nil && utf16Len(t.text) > maxCaption {
		err = errLongCaption
	}
	return t, err
}

func (c *call) captionField() (richText, error) {
	return c.caption(c.str("caption"), c.str("parse_mode"), json.RawMessage(c.str("caption_entities")))
}

// sendFile makes the method that sends one medium of a kind.
func sendFile(kind string) method {
	return func(c *call) (any, error) {
		caption, err := c.captionField()
		if err != nil {
			return nil, err
		}
		t, err := c.target()
		if err != nil {
			return nil, err
		}
		f, err := c.inputFile(kind, kind, c.str(kind))
		if err != nil {
			return nil, err
		}
		if f == nil {
			return nil, badRequest("there is no " + kind + " in the request")
		}
		msg := &models.Message{
			Caption: caption.text, CaptionEntities: caption.entities,
			HasMediaSpoiler: c.bool("has_spoiler"), ShowCaptionAboveMedia: c.bool("show_caption_above_media"),
		}
		f.fill(msg)
		return forWire(c.send(t, msg).msg), nil
	}
}

// inputMedia is one item of an album, or the new content of editMessageMedia.
type inputMedia struct {
	Type            string          `json:"type"`
	Media           string          `json:"media"`
	Caption         string          `json:"caption"`
	ParseMode       string          `json:"parse_mode"`
	CaptionEntities json.RawMessage `json:"caption_entities"`
	HasSpoiler      bool            `json:"has_spoiler"`
}

// build makes the message that an item stands for.
func (c *call) build(in inputMedia) (*models.Message, error) {
	const prefix = "can't parse InputMedia: "
	if _, ok := fileForms[in.Type]; !ok || in.Type == "voice" || in.Type == "sticker" {
		return nil, badRequest(prefix + fmt.Sprintf("type %q is unsupported", in.Type))
	}
	caption, err := c.caption(in.Caption, in.ParseMode, in.CaptionEntities)
	if err != nil {
		return nil, err
	}
	f, err := c.inputFile(in.Type, "", in.Media)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return nil, badRequest(prefix + "media not found")
	}
	msg := &models.Message{Caption: caption.text, CaptionEntities: caption.entities, HasMediaSpoiler: in.HasSpoiler}
	f.fill(msg)
	return msg, nil
}

// maxAlbum is how many items an album may have.
const maxAlbum = 10

// sendMediaGroup sends an album: consecutive messages with one media_group_id.
// A single item goes out as an ordinary message.
func sendMediaGroup(c *call) (any, error) {
	var items []inputMedia
	if !c.has("media") {
		return nil, badRequest(`parameter "media" is required`)
	}
	if err := c.json("media", &items); err != nil {
		return nil, badRequest("can't parse media JSON object")
	}
	if err := checkAlbum(items); err != nil {
		return nil, err
	}
	t, err := c.target()
	if err != nil {
		return nil, err
	}
	msgs := make([]*models.Message, len(items))
	for i, in := range items {
		if msgs[i], err = c.build(in); err != nil {
			return nil, err
		}
	}
	c.w.group(msgs)
	for i, m := range msgs {
		msgs[i] = forWire(c.send(t, m).msg)
	}
	return msgs, nil
}

func checkAlbum(items []inputMedia) error {
	switch {
	case len(items) == 0:
		return badRequest("there are no messages to send")
	case len(items) > maxAlbum:
		return badRequest("too many messages to send as an album")
	}
	for _, in := range items {
		if in.Type == "animation" {
			return badRequest(`can't parse InputMedia: type "animation" can't be used in sendMediaGroup`)
		}
		if (in.Type == "document") != (items[0].Type == "document") {
			return badRequest("document can't be mixed with other media types")
		}
	}
	return nil
}

// group gives several messages one media_group_id.
func (w *World) group(msgs []*models.Message) {
	if len(msgs) < 2 {
		return
	}
	w.nextAlbum++
	id := fmt.Sprintf("%d", 13000000000000000+w.nextAlbum)
	for _, m := range msgs {
		m.MediaGroupID = id
	}
}

func getFile(c *call) (any, error) {
	if !c.has("file_id") {
		return nil, badRequest("file_id not specified")
	}
	f := c.w.files.byID[c.str("file_id")]
	switch {
	case f == nil:
		return nil, badRequest("invalid file_id")
	case len(f.Data) > maxDownload:
		return nil, badRequest("file is too big")
	}
	return models.File{FileID: f.ID, FileUniqueID: f.UniqueID, FileSize: f.size(), FilePath: f.path}, nil
}

func editMessageMedia(c *call) (any, error) {
	if !c.has("media") {
		return nil, badRequest(`parameter "media" is required`)
	}
	var in inputMedia
	if err := c.json("media", &in); err != nil {
		return nil, badRequest("can't parse input media JSON object")
	}
	ch, r, markup, err := c.edit()
	if err != nil {
		return nil, err
	}
	content, err := c.build(in)
	if err != nil {
		return nil, err
	}
	if kind, _ := kindOf(r.msg); kind == "service" {
		return nil, badRequest("message can't be edited")
	}
	msg := *r.msg
	msg.Text, msg.Entities = "", nil
	msg.Caption, msg.CaptionEntities = content.Caption, content.CaptionEntities
	msg.Photo, msg.Document, msg.Animation, msg.Video = content.Photo, content.Document, content.Animation, content.Video
	msg.ReplyMarkup = markup
	return c.applyEdit(ch, r, &msg)
}

func editMessageCaption(c *call) (any, error) {
	caption, err := c.captionField()
	if err != nil {
		return nil, err
	}
	ch, r, markup, err := c.edit()
	if err != nil {
		return nil, err
	}
	if _, file := kindOf(r.msg); file == "" {
		return nil, badRequest("there is no caption in the message to edit")
	}
	msg := *r.msg
	msg.Caption, msg.CaptionEntities, msg.ReplyMarkup = caption.text, caption.entities, markup
	return c.applyEdit(ch, r, &msg)
}
