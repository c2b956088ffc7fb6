package telegramsim_test

import (
	"context"
	"errors"
	"testing"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
)

func TestGroupReactionsReachAdministratorsOnly(t *testing.T) {
	s := newStage(t)
	olga := s.world.Customer(t, "Olga")
	desk := s.world.AddForum("Support", olga.Person())
	at := olga.At(desk.Chat)
	s.call("getUpdates", args{"allowed_updates": []string{"message_reaction", "chat_member"}})
	sent := at.Send("привет")
	at.React(sent.ID, "👍")
	at.React(sent.ID, "")
	u := s.poll(0, 0)
	if len(u) != 2 || len(u[1].MessageReaction.OldReaction) != 1 || len(u[1].MessageReaction.NewReaction) != 0 || u[0].MessageReaction.User.FirstName != "Olga" {
		t.Fatalf("%+v", u)
	}
	pavel := s.world.Customer(t, "Pavel")
	desk.Join(pavel.Person())
	if u := s.last(); u.ChatMember == nil || u.ChatMember.NewChatMember.Member.User.FirstName != "Pavel" {
		t.Errorf("%+v", u)
	}
	desk.SetBotRights(s.bot, 0)
	before := s.bot.Pending()
	at.React(sent.ID, "🔥")
	if s.bot.Pending() != before {
		t.Error("an ordinary member saw a reaction")
	}
}

func TestOutsidersCannotPress(t *testing.T) {
	s := newStage(t)
	olga, pavel := s.world.Customer(t, "Olga"), s.world.Customer(t, "Pavel")
	desk := s.world.AddForum("Support", olga.Person())
	id := s.tell(desk.ID(), "карточка", "Взять")
	if _, err := pavel.At(desk.Chat).PressData(id, "x"); !errors.Is(err, telegramsim.ErrNotMember) {
		t.Errorf("%v", err)
	}
	if _, err := olga.At(desk.Chat).PressData(999, "x"); !errors.Is(err, telegramsim.ErrNoMessage) {
		t.Errorf("%v", err)
	}
	pressed := olga.At(desk.Chat).Press("Взять")
	ended, cancel := context.WithCancel(s.ctx)
	cancel()
	if _, err := pressed.Answer(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	s.world.Close()
	if _, err := pressed.Answer(s.ctx); !errors.Is(err, telegramsim.ErrClosed) {
		t.Errorf("%v", err)
	}
}

func TestALinkButtonTellsTheBotNothing(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	s.call("sendMessage", args{"chat_id": ivan.ID(), "text": "?", "reply_markup": args{"inline_keyboard": []any{[]any{args{"text": "Сайт", "url": "https://example.ru"}}}}})
	pressed := ivan.Press("Сайт")
	if a, err := pressed.Answer(s.ctx); err != nil || a.Text != "" || pressed.URL != "https://example.ru" || pressed.QueryID() != "" || s.bot.Pending() != 1 {
		t.Errorf("%+v %v %+v", a, err, pressed)
	}
}

func TestPrivateChatsHaveTwoMembers(t *testing.T) {
	s := newStage(t)
	ivan, anna := s.world.Customer(t, "Ivan"), s.world.AddPerson("Anna")
	ivan.Send("/start")
	m := must[*models.ChatMember](t)(s.api.GetChatMember(s.ctx, &bot.GetChatMemberParams{ChatID: ivan.ID(), UserID: ivan.ID()}))
	if m.Type != models.ChatMemberTypeMember {
		t.Errorf("%+v", m)
	}
	s.refuses([]refusal{
		{"getChatMember", args{"chat_id": ivan.ID(), "user_id": anna.UserID()}, "Bad Request: user not found"},
		{"getChatMember", args{"chat_id": ivan.ID(), "user_id": 5}, "Bad Request: user not found"},
		{"leaveChat", args{"chat_id": ivan.ID()}, "Bad Request: chat member status can't be changed in private chats"},
		{"copyMessages", args{"chat_id": ivan.ID(), "from_chat_id": ivan.ID()}, "Bad Request: message identifiers are not specified"},
		{"copyMessages", args{"chat_id": ivan.ID(), "from_chat_id": ivan.ID(), "message_ids": []int{}}, "Bad Request: message identifiers are not specified"},
		{"copyMessages", args{"chat_id": ivan.ID(), "from_chat_id": ivan.ID(), "message_ids": make([]int, 101)}, "Bad Request: too many message identifiers specified"},
		{"copyMessages", args{"chat_id": ivan.ID(), "from_chat_id": ivan.ID(), "message_ids": []int{998, 999}}, "Bad Request: there are no messages to copy"},
	})
	if ivan.Blocked() {
		t.Error("blocked before it was")
	}
	if ivan.Block(); !ivan.Blocked() {
		t.Error("not blocked")
	}
}

func TestAnAwayBotIsNoticed(t *testing.T) {
	waits := make(chan struct{}, 10)
	s := newStage(t, telegramsim.WithTimer(manualTimer(waits)))
	s.call("setWebhook", args{"url": "http://127.0.0.1:1/hook"})
	s.world.Customer(t, "Ivan").Send("есть кто?")
	<-waits // refused twice: now it pauses
	var info models.WebhookInfo
	s.result(s.call("getWebhookInfo", nil), &info)
	if info.LastErrorMessage != "Connection refused" || info.LastErrorDate != int(s.clock.Now().Unix()) || info.PendingUpdateCount != 1 || info.MaxConnections != 40 {
		t.Errorf("%+v", info)
	}
}

func TestAnAlbumCountsAsItsItems(t *testing.T) {
	s := newStage(t, telegramsim.WithRateLimits())
	ivan := s.world.Customer(t, "Ivan")
	photo := ivan.SendPhoto(picture(t, 5, 5), "")
	item := args{"type": "photo", "media": photo.FileID}
	album := args{"chat_id": ivan.ID(), "media": []any{item, item, item, item}}
	if r := s.call("sendMediaGroup", album); !r.OK {
		t.Fatal(r.Description)
	}
	if r := s.call("copyMessages", args{"chat_id": ivan.ID(), "from_chat_id": ivan.ID(), "message_ids": []int{photo.ID}}); !r.OK {
		t.Fatal(r.Description)
	}
	if r := s.call("sendMessage", args{"chat_id": ivan.ID(), "text": "x"}); r.ErrorCode != 429 {
		t.Errorf("%+v", r)
	}
}
