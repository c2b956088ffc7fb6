package telegramsim_test

import (
	"strings"
	"testing"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
)

func TestATopicsLife(t *testing.T) {
	s := newStage(t)
	olga := s.world.Customer(t, "Olga")
	desk := s.world.AddForum("Support", olga.Person())
	at := olga.At(desk.Chat)
	yes := must[bool](t)

	topic := must[*models.ForumTopic](t)(s.api.CreateForumTopic(s.ctx, &bot.CreateForumTopicParams{ChatID: desk.ID(), Name: "№1 " + strings.Repeat("я", 200)}))
	if n := len([]rune(topic.Name)); n != 128 || topic.IconColor != 7322096 {
		t.Errorf("name of %d characters, color %d", n, topic.IconColor)
	}
	inside := at.ExpectTopic("№1")
	card := must[*models.Message](t)(s.api.SendMessage(s.ctx, &bot.SendMessageParams{ChatID: desk.ID(), MessageThreadID: topic.MessageThreadID, Text: "заявка"}))
	if !card.IsTopicMessage || card.MessageThreadID != topic.MessageThreadID || card.ReplyToMessage.ForumTopicCreated == nil {
		t.Errorf("%+v", card)
	}
	inside.Expect("заявка")
	inside.Send("беру")
	updates := s.poll(0, 0)
	last := updates[len(updates)-1].Message
	if last.Text != "беру" || last.MessageThreadID != topic.MessageThreadID || !last.IsTopicMessage {
		t.Errorf("%+v", last)
	}
	if updates[0].Message.ForumTopicCreated == nil {
		t.Errorf("the bot's own topic brought no update: %+v", updates[0])
	}
	yes(s.api.EditForumTopic(s.ctx, &bot.EditForumTopicParams{ChatID: desk.ID(), MessageThreadID: topic.MessageThreadID, Name: "№1 решена"}))
	yes(s.api.CloseForumTopic(s.ctx, &bot.CloseForumTopicParams{ChatID: desk.ID(), MessageThreadID: topic.MessageThreadID}))
	if list := desk.Topics(); len(list) != 1 || list[0].Name != "№1 решена" || !list[0].Closed || inside.Title() != "№1 решена" {
		t.Errorf("%+v", list)
	}
	yes(s.api.ReopenForumTopic(s.ctx, &bot.ReopenForumTopicParams{ChatID: desk.ID(), MessageThreadID: topic.MessageThreadID}))
	yes(s.api.DeleteForumTopic(s.ctx, &bot.DeleteForumTopicParams{ChatID: desk.ID(), MessageThreadID: topic.MessageThreadID}))
	if len(desk.Topics()) != 0 || len(inside.Messages()) != 0 {
		t.Errorf("left: %v %v", desk.Topics(), inside.Messages())
	}
	if icons := must[[]*models.Sticker](t)(s.api.GetForumTopicIconStickers(s.ctx)); len(icons) == 0 || icons[0].CustomEmojiID == "" {
		t.Errorf("%v", icons)
	}
}

func TestATopicDeletedByHandIsMissed(t *testing.T) {
	s := newStage(t)
	olga := s.world.Customer(t, "Olga")
	desk := s.world.AddForum("Support", olga.Person())
	topic := must[*telegramsim.Chat](t)(olga.At(desk.Chat).CreateTopic("№2"))
	if err := olga.At(desk.Chat).DeleteTopic(topic.Thread()); err != nil {
		t.Fatal(err)
	}
	r := s.call("sendMessage", map[string]any{"chat_id": desk.ID(), "message_thread_id": topic.Thread(), "text": "x"})
	if r.ErrorCode != 400 || r.Description != "Bad Request: message thread not found" {
		t.Errorf("%+v", r)
	}
	if _, err := olga.At(topic).Seat.Send("x"); err == nil {
		t.Error("a person wrote into a deleted topic")
	}
}

func TestMembersAndRights(t *testing.T) {
	s := newStage(t)
	owner, agent := s.world.AddPerson("Olga"), s.world.AddPerson("Pavel")
	desk := s.world.AddForum("Support", owner, agent)
	member := func(id int64) *models.ChatMember {
		t.Helper()
		return must[*models.ChatMember](t)(s.api.GetChatMember(s.ctx, &bot.GetChatMemberParams{ChatID: desk.ID(), UserID: id}))
	}
	if me := member(4242); me.Type != models.ChatMemberTypeAdministrator || !me.Administrator.CanManageTopics {
		t.Errorf("%+v", me.Administrator)
	}
	if member(owner.UserID()).Type != models.ChatMemberTypeOwner || member(agent.UserID()).Type != models.ChatMemberTypeMember {
		t.Error("people's places are wrong")
	}
	admins := must[[]models.ChatMember](t)(s.api.GetChatAdministrators(s.ctx, &bot.GetChatAdministratorsParams{ChatID: desk.ID()}))
	if len(admins) != 2 {
		t.Errorf("%d administrators", len(admins))
	}
	desk.SetBotRights(s.bot, telegramsim.PinMessages)
	create := map[string]any{"chat_id": desk.ID(), "name": "x"}
	if r := s.call("createForumTopic", create); r.Description != "Bad Request: not enough rights to create a topic" {
		t.Errorf("%+v", r)
	}
	desk.SetBotRights(s.bot, telegramsim.AllRights)
	if r := s.call("createForumTopic", create); !r.OK {
		t.Errorf("%+v", r)
	}
	var told int
	for _, u := range s.poll(0, 0) {
		if u.MyChatMember != nil {
			told++
		}
	}
	if told != 2 {
		t.Errorf("%d my_chat_member updates for two changes", told)
	}
	must[bool](t)(s.api.LeaveChat(s.ctx, &bot.LeaveChatParams{ChatID: desk.ID()}))
	if r := s.call("sendMessage", map[string]any{"chat_id": desk.ID(), "text": "x"}); r.Description != "Forbidden: bot is not a member of the supergroup chat" {
		t.Errorf("%+v", r)
	}
}

func TestPrivacyModeHidesWhatIsNotForTheBot(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	group := s.world.AddGroup("Friends", ivan.Person())
	at := ivan.At(group.Chat)
	sent := must[*models.Message](t)(s.api.SendMessage(s.ctx, &bot.SendMessageParams{ChatID: group.ID(), Text: "hi"}))
	at.Send("между нами")
	at.Send("/new@otherbot")
	at.Send("/new@helpdeskbot")
	at.Send("@helpdeskbot помоги")
	at.Send("ответ", telegramsim.ReplyTo(sent.ID))
	if got := texts(s.poll(0, 0)); got != "/new@helpdeskbot|@helpdeskbot помоги|ответ" {
		t.Errorf("the bot saw %s", got)
	}
	s.bot.SetPrivacy(false)
	at.Send("для всех")
	if got := texts(s.poll(0, 0)); !strings.HasSuffix(got, "|для всех") {
		t.Errorf("the bot saw %s", got)
	}
}

// texts joins the texts of messages among updates.
func texts(updates []models.Update) string {
	var out []string
	for _, u := range updates {
		if u.Message != nil {
			out = append(out, u.Message.Text)
		}
	}
	return strings.Join(out, "|")
}

func TestAGroupBecomesASupergroup(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	group := s.world.AddGroup("Support", ivan.Person())
	old := group.ID()
	if err := group.Migrate(); err != nil {
		t.Fatal(err)
	}
	r := s.call("sendMessage", map[string]any{"chat_id": old, "text": "x"})
	if r.ErrorCode != 400 || r.Description != "Bad Request: group chat was upgraded to a supergroup chat" || r.Parameters.MigrateTo != group.ID() {
		t.Errorf("%+v", r)
	}
	updates := s.poll(0, 0)
	if len(updates) != 2 || updates[0].Message.MigrateToChatID != group.ID() || updates[1].Message.MigrateFromChatID != old {
		t.Errorf("%+v", updates)
	}
	if r := s.call("sendMessage", map[string]any{"chat_id": group.ID(), "text": "x"}); !r.OK {
		t.Errorf("%+v", r)
	}
}
