package telegramsim_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
)

// last is the newest update.
func (s *stage) last() models.Update {
	s.t.Helper()
	all := s.poll(0, 0)
	if len(all) == 0 {
		s.t.Fatal("no update")
	}
	return all[len(all)-1]
}

func TestWhatPeopleSendReachesTheBot(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan Petrov", telegramsim.Phone("+79001112233"), telegramsim.Language("en"), telegramsim.Username("ivan"))
	for _, tc := range []struct {
		name string
		act  func()
		ok   func(m *models.Message) bool
	}{
		{"a link to the bot", func() { ivan.Start("ticket_7") }, func(m *models.Message) bool { return m.Text == "/start ticket_7" }},
		{"who it is", func() { ivan.Send("hi") }, func(m *models.Message) bool {
			return m.From.LanguageCode == "en" && m.From.Username == "ivan" && m.From.LastName == "Petrov" && m.Chat.Type == "private"
		}},
		{"a photo", func() { ivan.SendPhoto(picture(t, 400, 300), "вот") }, func(m *models.Message) bool {
			return m.Caption == "вот" && len(m.Photo) == 3 && m.Photo[2].Width == 400 && m.Photo[0].Width == 90
		}},
		{"a GIF", func() { ivan.SendGIF("x.gif", animated(t), "") }, func(m *models.Message) bool {
			return m.Animation != nil && m.Document != nil && m.Animation.MimeType == "video/mp4" && m.Document.FileName == "x.gif.mp4"
		}},
		{"a file", func() { ivan.SendDocument("x.png", picture(t, 5, 5), "") }, func(m *models.Message) bool {
			return m.Document.MimeType == "image/png" && m.Animation == nil
		}},
		{"one's own contact", func() { ivan.ShareContact() }, func(m *models.Message) bool {
			return m.Contact.PhoneNumber == "+79001112233" && m.Contact.UserID == m.From.ID
		}},
		{"another's contact", func() {
			must[telegramsim.Message](t)(ivan.SendContact(models.Contact{PhoneNumber: "+1", FirstName: "X"}))
		}, func(m *models.Message) bool {
			return m.Contact.UserID == 0
		}},
		{"a sticker", func() { must[telegramsim.Message](t)(ivan.SendSticker()) }, func(m *models.Message) bool { return m.Sticker != nil }},
		{"a voice", func() { must[telegramsim.Message](t)(ivan.SendVoice([]byte("OggS"))) }, func(m *models.Message) bool { return m.Voice.MimeType == "audio/ogg" }},
		{"a video", func() { must[telegramsim.Message](t)(ivan.SendVideo("x.mp4", []byte("v"), "")) }, func(m *models.Message) bool { return m.Video != nil }},
		{"a place", func() { must[telegramsim.Message](t)(ivan.SendLocation(55.75, 37.62)) }, func(m *models.Message) bool { return m.Location.Latitude == 55.75 }},
	} {
		tc.act()
		if u := s.last(); u.Message == nil || !tc.ok(u.Message) {
			t.Errorf("%s: %+v", tc.name, u.Message)
		}
	}
}

func TestAnAlbumComesInParts(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	pic := picture(t, 5, 5)
	ivan.SendAlbum(telegramsim.AlbumItem{Data: pic, Caption: "подпись"}, telegramsim.AlbumItem{Data: pic})
	got := s.poll(0, 0)
	if len(got) != 2 || got[0].Message.MediaGroupID == "" || got[0].Message.MediaGroupID != got[1].Message.MediaGroupID ||
		got[0].Message.Caption != "подпись" || got[1].Message.ID != got[0].Message.ID+1 {
		t.Errorf("%+v", got)
	}
	if _, err := ivan.Seat.SendAlbum([]telegramsim.AlbumItem{{Data: []byte("no picture")}}); err == nil {
		t.Error("no picture went as a photo")
	}
}

func TestALongTextIsSplitAsTheAppsDo(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	word := strings.Repeat("я", 99)
	ivan.Send(strings.TrimSpace(strings.Repeat(word+" ", 50)) + "😀")
	got := s.poll(0, 0)
	if len(got) != 2 || len([]rune(got[0].Message.Text)) != 3999 || !strings.HasSuffix(got[1].Message.Text, "😀") {
		t.Fatalf("%d parts, the first of %d", len(got), len([]rune(got[0].Message.Text)))
	}
	ivan.Send(strings.Repeat("😀", 3000))
	got = s.poll(got[1].ID+1, 0)
	if len(got) != 2 || len([]rune(got[0].Message.Text)) != 2048 || len([]rune(got[1].Message.Text)) != 952 {
		t.Errorf("%d parts", len(got))
	}
}

func TestPeopleChangeTheirMind(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	sent := ivan.Send("сайт examle.ru")
	ivan.Edit(sent.ID, "сайт example.ru")
	u := s.last()
	if u.EditedMessage == nil || u.EditedMessage.Text != "сайт example.ru" || u.EditedMessage.ID != sent.ID || u.EditedMessage.EditDate == 0 {
		t.Errorf("%+v", u)
	}
	photo := ivan.SendPhoto(picture(t, 5, 5), "до")
	if m := ivan.Edit(photo.ID, "после"); m.Text != "после" || m.Kind != "photo" {
		t.Errorf("%v", m)
	}
	before := s.bot.Pending()
	if err := ivan.Delete(sent.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := ivan.Seat.Edit(sent.ID, "x"); !errors.Is(err, telegramsim.ErrNoMessage) {
		t.Errorf("a deleted message was edited: %v", err)
	}
	if s.bot.Pending() != before {
		t.Error("a bot learns of deletions")
	}
}

func TestBlocking(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	ivan.Block()
	if u := s.last(); u.MyChatMember == nil || u.MyChatMember.NewChatMember.Type != models.ChatMemberTypeBanned || u.MyChatMember.OldChatMember.Type != models.ChatMemberTypeMember {
		t.Errorf("%+v", u)
	}
	if _, err := ivan.Seat.Send("x"); !errors.Is(err, telegramsim.ErrBlocked) {
		t.Errorf("%v", err)
	}
	ivan.Start("")
	if r := s.call("sendMessage", args{"chat_id": ivan.ID(), "text": "снова"}); !r.OK {
		t.Errorf("%+v", r)
	}
}

func TestReplyKeyboards(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	ask := args{"chat_id": ivan.ID(), "text": "телефон?", "reply_markup": args{"one_time_keyboard": true, "keyboard": []any{
		[]any{args{"text": "Поделиться", "request_contact": true}, "Пропустить"}}}}
	s.call("sendMessage", ask)
	if k := ivan.Keyboard(); len(k) != 1 || len(k[0]) != 2 || !k[0][0].RequestContact || k[0][1].Text != "Пропустить" {
		t.Fatalf("%+v", k)
	}
	ivan.Press("Поделиться")
	if u := s.last(); u.Message.Contact == nil || ivan.Keyboard() != nil {
		t.Errorf("%+v, keyboard %v", u.Message, ivan.Keyboard())
	}
	s.call("sendMessage", ask)
	ivan.Press("Пропус")
	if u := s.last(); u.Message.Text != "Пропустить" {
		t.Errorf("%+v", u.Message)
	}
	s.call("sendMessage", ask)
	s.call("sendMessage", args{"chat_id": ivan.ID(), "text": "спасибо", "reply_markup": args{"remove_keyboard": true}})
	if ivan.Keyboard() != nil {
		t.Error("the keyboard stays")
	}
}

func TestGroupsPeopleJoinAndLeave(t *testing.T) {
	s := newStage(t)
	olga := s.world.Customer(t, "Olga")
	pavel := s.world.Customer(t, "Pavel")
	desk := s.world.AddForum("Support", olga.Person())
	if _, err := pavel.At(desk.Chat).Seat.Send("x"); !errors.Is(err, telegramsim.ErrNotMember) {
		t.Errorf("%v", err)
	}
	desk.Join(pavel.Person())
	if u := s.last(); u.Message == nil || len(u.Message.NewChatMembers) != 1 || u.Message.NewChatMembers[0].FirstName != "Pavel" {
		t.Errorf("%+v", u)
	}
	if len(desk.Members()) != 2 {
		t.Errorf("%d members", len(desk.Members()))
	}
	if _, err := pavel.At(desk.Chat).CreateTopic("x"); !errors.Is(err, telegramsim.ErrNoRight) {
		t.Errorf("%v", err)
	}
	desk.Promote(pavel.Person(), telegramsim.ManageTopics)
	must[*telegramsim.Chat](t)(pavel.At(desk.Chat).CreateTopic("x"))
	desk.Leave(pavel.Person())
	if u := s.last(); u.Message == nil || u.Message.LeftChatMember == nil {
		t.Errorf("%+v", u)
	}
	desk.KickBot(s.bot)
	if u := s.last(); u.MyChatMember == nil || u.MyChatMember.NewChatMember.Type != models.ChatMemberTypeBanned {
		t.Errorf("%+v", u)
	}
	before := s.bot.Pending()
	olga.At(desk.Chat).Send("без бота")
	if s.bot.Pending() != before {
		t.Error("a bot that was thrown out sees messages")
	}
	desk.AddBot(s.bot, olga.Person())
	if u := s.last(); u.Message == nil || u.Message.NewChatMembers[0].ID != 4242 {
		t.Errorf("%+v", u)
	}
}
