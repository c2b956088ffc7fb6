package telegramsim_test

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
)

// picture is a PNG of a size in pixels.
func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func animated(t *testing.T) []byte {
	t.Helper()
	frame := image.NewPaletted(image.Rect(0, 0, 20, 10), color.Palette{color.Black, color.White})
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{1}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func upload(name string, data []byte) *models.InputFileUpload {
	return &models.InputFileUpload{Filename: name, Data: bytes.NewReader(data)}
}

// must ends the test on an error.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestGetMe(t *testing.T) {
	s := newStage(t)
	me := must[*models.User](t)(s.api.GetMe(s.ctx))
	if me.ID != 4242 || !me.IsBot || me.Username != "helpdeskbot" || !me.CanJoinGroups || me.CanReadAllGroupMessages {
		t.Errorf("%+v", me)
	}
}

func TestSendingMedia(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	id := ivan.ID()
	msg := must[*models.Message](t)

	photo := msg(s.api.SendPhoto(s.ctx, &bot.SendPhotoParams{ChatID: id, Photo: upload("x.png", picture(t, 1600, 800)), Caption: "<b>снимок</b>", ParseMode: models.ParseModeHTML}))
	if n := len(photo.Photo); n != 4 || photo.Photo[n-1].Width != 1280 || photo.Photo[0].Width != 90 || photo.CaptionEntities[0].Type != models.MessageEntityTypeBold {
		t.Errorf("photo: %+v", photo)
	}
	again := msg(s.api.SendPhoto(s.ctx, &bot.SendPhotoParams{ChatID: id, Photo: &models.InputFileString{Data: photo.Photo[3].FileID}}))
	if len(again.Photo) != 4 || again.Photo[3].FileUniqueID != photo.Photo[3].FileUniqueID {
		t.Errorf("by file_id: %+v", again.Photo)
	}
	doc := msg(s.api.SendDocument(s.ctx, &bot.SendDocumentParams{ChatID: id, Document: upload("журнал.log", []byte("line"))}))
	if doc.Document.FileName != "журнал.log" || doc.Document.MimeType != "text/plain" || doc.Document.FileSize != 4 {
		t.Errorf("document: %+v", doc.Document)
	}
	anim := msg(s.api.SendAnimation(s.ctx, &bot.SendAnimationParams{ChatID: id, Animation: upload("x.gif", animated(t))}))
	if anim.Animation == nil || anim.Document == nil || anim.Animation.MimeType != "video/mp4" || anim.Animation.Width != 20 {
		t.Errorf("animation: %+v", anim)
	}
	voice := msg(s.api.SendVoice(s.ctx, &bot.SendVoiceParams{ChatID: id, Voice: upload("x.ogg", []byte("OggS"))}))
	video := msg(s.api.SendVideo(s.ctx, &bot.SendVideoParams{ChatID: id, Video: upload("x.mp4", []byte("mp4"))}))
	if voice.Voice == nil || video.Video == nil {
		t.Errorf("voice %+v, video %+v", voice, video)
	}
	for _, kind := range []string{"photo", "photo", "document", "animation", "voice", "video"} {
		if m := ivan.Expect(); m.Kind != kind || m.FileID == "" {
			t.Errorf("got a %s, want a %s", m.Kind, kind)
		}
	}
	if f, ok := s.world.File(photo.Photo[3].FileID); !ok || f.Width != 1280 || len(f.Data) == 0 {
		t.Errorf("file: %v %v", f.Width, ok)
	}
}

func TestAlbumsAndTheirCopies(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	id := ivan.ID()
	pic := picture(t, 10, 10)
	album, err := s.api.SendMediaGroup(s.ctx, &bot.SendMediaGroupParams{ChatID: id, Media: []models.InputMedia{
		&models.InputMediaPhoto{Media: "attach://a.png", MediaAttachment: bytes.NewReader(pic), Caption: "первый"},
		&models.InputMediaPhoto{Media: "attach://b.png", MediaAttachment: bytes.NewReader(pic)},
	}})
	if err != nil || len(album) != 2 || album[0].MediaGroupID == "" || album[0].MediaGroupID != album[1].MediaGroupID || album[0].Caption != "первый" {
		t.Fatalf("%+v %v", album, err)
	}
	copies, err := s.api.CopyMessages(s.ctx, &bot.CopyMessagesParams{ChatID: id, FromChatID: id, MessageIDs: []int{album[0].ID, album[1].ID, 999}})
	if err != nil || len(copies) != 2 {
		t.Fatalf("%v %v", copies, err)
	}
	first, _ := ivan.Message(copies[0].ID)
	second, _ := ivan.Message(copies[1].ID)
	if g := first.Raw.MediaGroupID; g == "" || g == album[0].MediaGroupID || g != second.Raw.MediaGroupID || first.Text != "первый" {
		t.Errorf("copies: %q %q %q", first.Raw.MediaGroupID, second.Raw.MediaGroupID, first.Text)
	}
	one, err := s.api.CopyMessage(s.ctx, &bot.CopyMessageParams{ChatID: id, FromChatID: id, MessageID: album[0].ID, Caption: "иначе"})
	if err != nil {
		t.Fatal(err)
	}
	if m, _ := ivan.Message(one.ID); m.Text != "иначе" || m.Kind != "photo" || m.Raw.ForwardOrigin != nil {
		t.Errorf("copy: %v", m)
	}
	fwd := must[*models.Message](t)(s.api.ForwardMessage(s.ctx, &bot.ForwardMessageParams{ChatID: id, FromChatID: id, MessageID: album[0].ID}))
	if fwd.ForwardOrigin == nil || fwd.ForwardOrigin.MessageOriginUser.SenderUser.ID != 4242 {
		t.Errorf("forward: %+v", fwd.ForwardOrigin)
	}
}

func TestEditing(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	id := ivan.ID()
	msg := must[*models.Message](t)
	keyboard := models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "a", CallbackData: "a"}}}}
	photo := msg(s.api.SendPhoto(s.ctx, &bot.SendPhotoParams{ChatID: id, Photo: upload("x.png", picture(t, 5, 5)), ReplyMarkup: keyboard}))
	s.clock.Advance(1e9)

	captioned := msg(s.api.EditMessageCaption(s.ctx, &bot.EditMessageCaptionParams{ChatID: id, MessageID: photo.ID, Caption: "подпись", ReplyMarkup: keyboard}))
	if captioned.Caption != "подпись" || captioned.ReplyMarkup == nil || captioned.EditDate != photo.Date+1 {
		t.Errorf("caption: %+v", captioned)
	}
	bare := msg(s.api.EditMessageReplyMarkup(s.ctx, &bot.EditMessageReplyMarkupParams{ChatID: id, MessageID: photo.ID}))
	if bare.ReplyMarkup != nil || bare.Caption != "подпись" {
		t.Errorf("markup: %+v", bare)
	}
	swapped := msg(s.api.EditMessageMedia(s.ctx, &bot.EditMessageMediaParams{ChatID: id, MessageID: photo.ID,
		Media: &models.InputMediaDocument{Media: "attach://y.txt", MediaAttachment: strings.NewReader("text"), Caption: "файл"}}))
	if swapped.Document == nil || swapped.Photo != nil || swapped.Caption != "файл" {
		t.Errorf("media: %+v", swapped)
	}
	if m := ivan.Expect("файл"); m.Version != 4 {
		t.Errorf("version %d", m.Version)
	}
}

func TestPinsReactionsAndDeletion(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	start := ivan.Send("/start")
	id := ivan.ID()
	sent := must[*models.Message](t)(s.api.SendMessage(s.ctx, &bot.SendMessageParams{ChatID: id, Text: "важно"}))
	yes := must[bool](t)

	yes(s.api.PinChatMessage(s.ctx, &bot.PinChatMessageParams{ChatID: id, MessageID: sent.ID}))
	full := must[*models.ChatFullInfo](t)(s.api.GetChat(s.ctx, &bot.GetChatParams{ChatID: id}))
	if full.PinnedMessage == nil || full.PinnedMessage.ID != sent.ID || full.FirstName != "Ivan" {
		t.Errorf("chat: %+v", full)
	}
	if last, _ := ivan.Last(); last.Raw.PinnedMessage == nil {
		t.Errorf("no service message of the pin: %v", last)
	}
	yes(s.api.UnpinChatMessage(s.ctx, &bot.UnpinChatMessageParams{ChatID: id}))
	yes(s.api.SetMessageReaction(s.ctx, &bot.SetMessageReactionParams{ChatID: id, MessageID: start.ID, Reaction: []models.ReactionType{
		{Type: models.ReactionTypeTypeEmoji, ReactionTypeEmoji: &models.ReactionTypeEmoji{Emoji: "👀"}}}}))
	if m, _ := ivan.Message(start.ID); len(m.Reactions) != 1 || m.Reactions[0].Emoji != "👀" || m.Reactions[0].UserID != 4242 {
		t.Errorf("reactions: %+v", m.Reactions)
	}
	watch := s.world.Subscribe()
	defer watch.Close()
	yes(s.api.SendChatAction(s.ctx, &bot.SendChatActionParams{ChatID: id, Action: models.ChatActionTyping}))
	if e := must[telegramsim.Event](t)(watch.Next(s.ctx)); e.Kind != telegramsim.ActionShown || e.Action != "typing" || e.Chat != id {
		t.Errorf("%+v", e)
	}
	yes(s.api.DeleteMessage(s.ctx, &bot.DeleteMessageParams{ChatID: id, MessageID: sent.ID}))
	yes(s.api.DeleteMessages(s.ctx, &bot.DeleteMessagesParams{ChatID: id, MessageIDs: []int{start.ID, sent.ID}}))
	if _, ok := ivan.Message(start.ID); ok {
		t.Error("the message is still there")
	}
}

func TestFilesAreDownloadedWholeAndInRanges(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	sent := ivan.SendDocument("a.txt", []byte("0123456789"), "")
	f := must[*models.File](t)(s.api.GetFile(s.ctx, &bot.GetFileParams{FileID: sent.FileID}))
	if f.FileSize != 10 || f.FilePath == "" {
		t.Fatalf("%+v", f)
	}
	for _, tc := range []struct {
		path, ranges, want string
		status             int
	}{
		{f.FilePath, "", "0123456789", 200},
		{f.FilePath, "bytes=2-4", "234", 206},
		{"documents/none", "", `{"ok":false,"error_code":404,"description":"Not Found"}`, 404},
	} {
		req, err := http.NewRequestWithContext(s.ctx, http.MethodGet, s.url+"/file/bot"+token+"/"+tc.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if tc.ranges != "" {
			req.Header.Set("Range", tc.ranges)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != tc.status || strings.TrimSpace(string(body)) != tc.want {
			t.Errorf("%s %s: %d %s", tc.path, tc.ranges, resp.StatusCode, body)
		}
	}
}

func TestCommands(t *testing.T) {
	s := newStage(t)
	en := s.world.AddPerson("Ann", telegramsim.Language("en"))
	ru := s.world.AddPerson("Anna")
	yes := must[bool](t)
	yes(s.api.SetMyCommands(s.ctx, &bot.SetMyCommandsParams{Commands: []models.BotCommand{{Command: "new", Description: "New ticket"}}}))
	yes(s.api.SetMyCommands(s.ctx, &bot.SetMyCommandsParams{LanguageCode: "ru", Commands: []models.BotCommand{{Command: "new", Description: "Новая заявка"}}}))
	yes(s.api.SetMyCommands(s.ctx, &bot.SetMyCommandsParams{Scope: &models.BotCommandScopeChat{ChatID: 7}, Commands: []models.BotCommand{{Command: "take", Description: "Take"}}}))
	if s.bot.Commands(en)[0].Description != "New ticket" || s.bot.Commands(ru)[0].Description != "Новая заявка" {
		t.Errorf("%v %v", s.bot.Commands(en), s.bot.Commands(ru))
	}
	list := must[[]models.BotCommand](t)(s.api.GetMyCommands(s.ctx, &bot.GetMyCommandsParams{Scope: &models.BotCommandScopeChat{ChatID: 7}}))
	if len(list) != 1 || list[0].Command != "take" {
		t.Errorf("%v", list)
	}
	yes(s.api.DeleteMyCommands(s.ctx, &bot.DeleteMyCommandsParams{LanguageCode: "ru"}))
	if s.bot.Commands(ru)[0].Description != "New ticket" {
		t.Errorf("%v", s.bot.Commands(ru))
	}
}
