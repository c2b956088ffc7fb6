package bot

import (
	"bytes"
	"image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
	"intakebot/dialog"
	"intakebot/tickets"
)

// listen has the echo tell every input that it answers.
func (b *bench) listen() chan dialog.Input {
	inputs := make(chan dialog.Input, 100)
	b.cfg.Answer = func(c tickets.Customer, in dialog.Input, env dialog.Env) (dialog.Reply, error) {
		inputs <- in
		return echo(c, in, env)
	}
	return inputs
}

// served has a real server bring the updates to the webhook.
func (b *bench) served() *Intake {
	hook := make(chan http.Handler, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		h := <-hook
		hook <- h
		h.ServeHTTP(w, req)
	}))
	b.Cleanup(server.Close)
	b.cfg.WebhookURL, b.cfg.WebhookSecret = server.URL, testSecret
	in, _ := b.start()
	hook <- in.Webhook()
	return in
}

// picture is a small picture in a format.
func picture(t *testing.T, format string) []byte {
	t.Helper()
	img := image.NewPaletted(image.Rect(0, 0, 8, 8), palette.Plan9)
	var b bytes.Buffer
	err := map[string]func() error{
		"jpeg": func() error { return jpeg.Encode(&b, img, nil) },
		"png":  func() error { return png.Encode(&b, img) },
		"gif":  func() error { return gif.Encode(&b, img, nil) },
	}[format]()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPeopleSendFiles sends what a person can send, by polling and by webhook.
func TestPeopleSendFiles(t *testing.T) {
	for way, begin := range map[string]func(*bench){
		"polling": func(b *bench) { b.start() },
		"webhook": func(b *bench) { b.served() },
	} {
		t.Run(way, func(t *testing.T) {
			b := newBench(t)
			inputs := b.listen()
			begin(b)
			anna := b.person("Anna")
			try := func(_ telegramsim.Message, err error) dialog.Input {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
				return next(b, inputs)
			}
			if in := try(anna.Send("/new@TheBot now")); in.Command != "new" {
				t.Errorf("command: %+v", in)
			}
			if in := try(anna.SendPhoto(picture(t, "jpeg"), "see")); in.File == nil || in.File.Kind != tickets.Photo || in.Text != "see" {
				t.Errorf("photo: %+v", in)
			}
			if in := try(anna.SendDocument("shot.txt", picture(t, "png"), "")); in.File == nil || in.File.Type != "image/png" {
				t.Errorf("picture under another name: %+v", in)
			}
			if in := try(anna.SendDocument("shot.png", []byte("MZ program"), "")); in.Refused != dialog.RefusedType || in.FileName != "shot.png" {
				t.Errorf("program under a picture's name: %+v", in)
			}
			if in := try(anna.SendGIF("a.gif", picture(t, "gif"), "")); in.File == nil || in.File.Kind != tickets.Animation {
				t.Errorf("GIF: %+v", in)
			}
			if in := try(anna.SendSticker()); in.Kind != dialog.Other {
				t.Errorf("sticker: %+v", in)
			}
			if in := try(anna.ShareContact()); in.Kind != dialog.Shared || !in.Own || in.Phone == "" {
				t.Errorf("own contact: %+v", in)
			}
			if in := try(anna.SendContact(models.Contact{PhoneNumber: "112", FirstName: "Bo", UserID: 8})); in.Own {
				t.Errorf("another's contact: %+v", in)
			}
			last, err := anna.Send("typo")
			try(last, err)
			if in := try(anna.Edit(last.ID, "mended")); in.Kind != dialog.Edited || in.Text != "mended" || in.Message != int64(last.ID) {
				t.Errorf("edit: %+v", in)
			}
		})
	}
}

func TestPeoplePressAndBlock(t *testing.T) {
	b := newBench(t)
	inputs := b.listen()
	b.served()
	anna := b.person("Anna")
	b.send(anna, "hi")
	next(b, inputs)
	api, err := tg.New(testToken, tg.WithServerURL(b.cfg.Telegram.(*Receiver).api.base), tg.WithSkipGetMe())
	if err != nil {
		t.Fatal(err)
	}
	sent, err := api.SendMessage(b.ctx, &tg.SendMessageParams{ChatID: anna.Person().UserID(), Text: "sure?",
		ReplyMarkup: models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "Yes", CallbackData: "2:yes:"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	pressed, err := anna.Press("Yes")
	if err != nil {
		t.Fatal(err)
	}
	if in := next(b, inputs); in.Press != (tickets.Press{Revision: 2, Event: "yes"}) || in.PressedOn != int64(sent.ID) {
		t.Errorf("press: %+v", in)
	}
	if got, err := pressed.Answer(b.ctx); err != nil || got.Text != "ru toast" {
		t.Errorf("answered %+v, %v", got, err)
	}
	if err := anna.Block(); err != nil {
		t.Fatal(err)
	}
	if err := anna.Unblock(); err != nil {
		t.Fatal(err)
	}
	if a, c := next(b, inputs).Kind, next(b, inputs).Kind; a != dialog.Blocked || c != dialog.Unblocked {
		t.Errorf("%s, then %s", a, c)
	}
}

// TestWebhookSurvivesAnOutage has Telegram bring the updates of an outage again.
func TestWebhookSurvivesAnOutage(t *testing.T) {
	b := newBench(t)
	b.store.away.Store(true)
	b.served()
	anna := b.person("Anna")
	b.send(anna, "one")
	b.send(anna, "two")
	next(b, b.store.refused)
	b.store.away.Store(false)
	b.notice()
	b.notice()
	if got := b.said(anna.Person().UserID()); !reflect.DeepEqual(got, []string{"text one", "text two"}) {
		t.Errorf("said %q", got)
	}
}

// TestPeopleAddTheBotToGroups adds it to a strange group, and turns the
// agents' plain group into a supergroup, which is no strange one.
func TestPeopleAddTheBotToGroups(t *testing.T) {
	b := newBench(t)
	owner := b.world.AddPerson("Olga")
	desk := b.world.AddGroup("Desk", owner)
	b.cfg.Groups = []int64{desk.ID()}
	in, _ := b.start()
	if err := desk.Migrate(); err != nil {
		t.Fatal(err)
	}
	strange := b.world.AddGroup("Party", owner)
	strange.KickBot(b.bot)
	strange.AddBot(b.bot, owner)
	if n := b.notice(); n.To.Chat != desk.ID() || n.Message.Text[0].Key != "desk.grown" {
		t.Errorf("the agents are told %+v", n)
	}
	for _, want := range []tickets.NoticeKind{tickets.NoticeSend, tickets.NoticeLeave} {
		if n := b.notice(); n.To.Chat != strange.ID() || n.Kind != want {
			t.Errorf("%s to %d, want %s to %d", n.Kind, n.To.Chat, want, strange.ID())
		}
	}
	b.send(b.person("Anna"), "hi")
	b.notice()
	if !in.isDesk(desk.ID()) {
		t.Error("the agents' supergroup is strange to the bot")
	}
}
