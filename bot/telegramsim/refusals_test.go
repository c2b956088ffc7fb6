package telegramsim_test

import (
	"strings"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
)

type args map[string]any

// refusal is one call that the server refuses, and its words.
type refusal struct {
	method string
	args   args
	want   string
}

const notModified = "Bad Request: message is not modified: specified new message content and reply markup are " +
	"exactly the same as a current content and reply markup of the message"

func keys(buttons ...string) args {
	var row []args
	for _, b := range buttons {
		row = append(row, args{"text": b, "callback_data": b})
	}
	return args{"inline_keyboard": []any{row}}
}

// TestRefusalsInAPrivateChat holds the server's texts, one row each.
func TestRefusalsInAPrivateChat(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	stranger := s.world.AddPerson("Stranger")
	mine := ivan.Send("/start").ID
	chat := ivan.ID()
	send := func(more args) args {
		out := args{"chat_id": chat, "text": "x"}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	var sent struct {
		ID int `json:"message_id"`
	}
	s.result(s.call("sendMessage", send(args{"text": "вопрос", "reply_markup": keys("Да")})), &sent)
	edit := func(more args) args {
		return send(args{"message_id": sent.ID, "text": "вопрос"}).with(more)
	}
	s.refuses([]refusal{
		{"sendMessage", args{"text": "x"}, "Bad Request: chat_id is empty"},
		{"sendMessage", args{"chat_id": 99, "text": "x"}, "Bad Request: chat not found"},
		{"sendMessage", args{"chat_id": -99, "text": "x"}, "Bad Request: chat not found"},
		{"sendMessage", args{"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"},
		{"sendMessage", args{"chat_id": stranger.UserID(), "text": "x"}, "Bad Request: chat not found"},
		{"sendMessage", args{"chat_id": chat}, "Bad Request: message text is empty"},
		{"sendMessage", send(args{"text": " \n "}), "Bad Request: text must be non-empty"},
		{"sendMessage", send(args{"text": strings.Repeat("я", 4097)}), "Bad Request: message is too long"},
		{"sendMessage", send(args{"text": strings.Repeat("😀", 2049)}), "Bad Request: message is too long"},
		{"sendMessage", send(args{"text": "<b>", "parse_mode": "HTML"}), `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"sendMessage", send(args{"reply_markup": args{"inline_keyboard": []any{[]any{args{"text": "a", "callback_data": strings.Repeat("я", 33)}}}}}), "Bad Request: BUTTON_DATA_INVALID"},
		{"sendMessage", send(args{"reply_markup": args{"inline_keyboard": []any{[]any{args{"text": "a"}}}}}), "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"sendMessage", send(args{"reply_markup": args{"inline_keyboard": []any{[]any{args{"text": "a", "url": "http://localhost"}}}}}), "Bad Request: inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL"},
		{"sendMessage", send(args{"reply_markup": "[]"}), "Bad Request: object expected as reply markup"},
		{"sendMessage", send(args{"reply_markup": "{"}), "Bad Request: can't parse reply keyboard markup JSON object"},
		{"sendMessage", send(args{"reply_parameters": args{"message_id": 777}}), "Bad Request: message to be replied not found"},
		{"sendMessage", send(args{"message_thread_id": 5}), "Bad Request: message thread not found"},
		{"editMessageText", send(args{"message_id": 777}), "Bad Request: message to edit not found"},
		{"editMessageText", send(args{"message_id": mine}), "Bad Request: message can't be edited"},
		{"editMessageText", edit(args{"reply_markup": keys("Да")}), notModified},
		{"editMessageReplyMarkup", args{"chat_id": chat, "message_id": sent.ID, "reply_markup": keys("Да")}, notModified},
		{"editMessageCaption", args{"chat_id": chat, "message_id": sent.ID, "caption": "x"}, "Bad Request: there is no caption in the message to edit"},
		{"editMessageMedia", args{"chat_id": chat, "message_id": sent.ID}, `Bad Request: parameter "media" is required`},
		{"deleteMessage", args{"chat_id": chat, "message_id": 777}, "Bad Request: message to delete not found"},
		{"pinChatMessage", args{"chat_id": chat, "message_id": 777}, "Bad Request: message to pin not found"},
		{"unpinChatMessage", args{"chat_id": chat, "message_id": sent.ID}, "Bad Request: message to unpin not found"},
		{"setMessageReaction", args{"chat_id": chat, "message_id": 777}, "Bad Request: message to react not found"},
		{"setMessageReaction", args{"chat_id": chat, "message_id": mine, "reaction": []any{args{"type": "emoji", "emoji": "🧱"}}}, "Bad Request: REACTION_INVALID"},
		{"sendChatAction", args{"chat_id": chat, "action": "juggling"}, "Bad Request: wrong parameter action in request"},
		{"copyMessage", send(args{"from_chat_id": chat, "message_id": 777}), "Bad Request: message to copy not found"},
		{"forwardMessage", send(args{"from_chat_id": chat, "message_id": 777}), "Bad Request: message to forward not found"},
		{"copyMessages", send(args{"from_chat_id": chat, "message_ids": []int{sent.ID, mine}}), "Bad Request: message identifiers must be in a strictly increasing order"},
		{"sendPhoto", args{"chat_id": chat}, "Bad Request: there is no photo in the request"},
		{"sendPhoto", args{"chat_id": chat, "photo": "nonsense"}, "Bad Request: wrong remote file identifier specified: can't unserialize it. Wrong last symbol"},
		{"sendPhoto", args{"chat_id": chat, "photo": "x", "caption": strings.Repeat("я", 1025)}, "Bad Request: message caption is too long"},
		{"sendMediaGroup", args{"chat_id": chat, "media": []any{}}, "Bad Request: there are no messages to send"},
		{"sendMediaGroup", args{"chat_id": chat, "media": album("photo", 11)}, "Bad Request: too many messages to send as an album"},
		{"sendMediaGroup", args{"chat_id": chat, "media": append(album("photo", 1), album("document", 1)...)}, "Bad Request: document can't be mixed with other media types"},
		{"getFile", args{"file_id": "nonsense"}, "Bad Request: invalid file_id"},
		{"getChatAdministrators", args{"chat_id": chat}, "Bad Request: there are no administrators in the private chat"},
		{"createForumTopic", args{"chat_id": chat, "name": "x"}, "Bad Request: the chat is not a forum"},
		{"answerCallbackQuery", args{"callback_query_id": "1"}, "Bad Request: query is too old and response timeout expired or query ID is invalid"},
		{"setMyCommands", args{"commands": []any{args{"command": "Новая", "description": "x"}}}, "Bad Request: BOT_COMMAND_INVALID"},
		{"setWebhook", args{"url": "https://"}, "Bad Request: invalid webhook URL specified"},
		{"setWebhook", args{"url": "https://example.org", "secret_token": "a b"}, "Bad Request: secret token contains unallowed characters"},
		{"sendDice", args{"chat_id": chat}, "Not Found: method not found"},
	})
	ivan.Block()
	s.refuses([]refusal{
		{"sendMessage", send(nil), "Forbidden: bot was blocked by the user"},
		{"sendChatAction", args{"chat_id": chat, "action": "typing"}, "Forbidden: bot was blocked by the user"},
		{"editMessageText", edit(args{"text": "y"}), "Forbidden: bot was blocked by the user"},
	})
}

func TestRefusalsInGroups(t *testing.T) {
	s := newStage(t)
	olga := s.world.Customer(t, "Olga")
	desk := s.world.AddForum("Support", olga.Person())
	plain := s.world.AddGroup("Plain", olga.Person())
	at := olga.At(desk.Chat)
	hers := at.Send("привет").ID
	topic := must[*telegramsim.Chat](t)(at.CreateTopic("№1")).Thread()
	id := desk.ID()
	s.refuses([]refusal{
		{"sendMessage", args{"chat_id": olga.ID(), "text": "x"}, "Forbidden: bot can't initiate conversation with a user"},
		{"sendMessage", args{"chat_id": id, "text": "x", "message_thread_id": 1}, "Bad Request: message thread not found"},
		{"sendMessage", args{"chat_id": id, "text": "x", "message_thread_id": 999}, "Bad Request: message thread not found"},
		{"createForumTopic", args{"chat_id": id, "name": "  "}, "Bad Request: name must be non-empty"},
		{"createForumTopic", args{"chat_id": id, "name": "x", "icon_color": 5}, "Bad Request: TOPIC_ICON_COLOR_INVALID"},
		{"createForumTopic", args{"chat_id": plain.ID(), "name": "x"}, "Bad Request: the chat is not a forum"},
		{"editForumTopic", args{"chat_id": id, "message_thread_id": topic, "name": "№1"}, "Bad Request: TOPIC_NOT_MODIFIED"},
		{"editForumTopic", args{"chat_id": id, "message_thread_id": 999, "name": "x"}, "Bad Request: TOPIC_ID_INVALID"},
		{"reopenForumTopic", args{"chat_id": id, "message_thread_id": topic}, "Bad Request: TOPIC_NOT_MODIFIED"},
	})
	desk.SetBotRights(s.bot, telegramsim.InviteUsers)
	s.refuses([]refusal{
		{"pinChatMessage", args{"chat_id": id, "message_id": hers}, "Bad Request: not enough rights to manage pinned messages in the chat"},
		{"deleteMessage", args{"chat_id": id, "message_id": hers}, "Bad Request: message can't be deleted"},
		{"editForumTopic", args{"chat_id": id, "message_thread_id": topic, "name": "y"}, "Bad Request: not enough rights to edit the topic"},
		{"closeForumTopic", args{"chat_id": id, "message_thread_id": topic}, "Bad Request: not enough rights to close or open the topic"},
		{"deleteForumTopic", args{"chat_id": id, "message_thread_id": topic}, "Bad Request: not enough rights to delete the topic"},
	})
	if err := at.CloseTopic(topic, true); err != nil {
		t.Fatal(err)
	}
	s.refuses([]refusal{{"sendMessage", args{"chat_id": id, "text": "x", "message_thread_id": topic}, "Bad Request: TOPIC_CLOSED"}})
	desk.KickBot(s.bot)
	plain.KickBot(s.bot)
	s.refuses([]refusal{
		{"sendMessage", args{"chat_id": id, "text": "x"}, "Forbidden: bot was kicked from the supergroup chat"},
		{"getChat", args{"chat_id": id}, "Forbidden: bot was kicked from the supergroup chat"},
		{"sendMessage", args{"chat_id": plain.ID(), "text": "x"}, "Forbidden: bot was kicked from the group chat"},
	})
}

func TestWhatIsTooLate(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	var sent struct {
		ID int `json:"message_id"`
	}
	s.result(s.call("sendMessage", args{"chat_id": ivan.ID(), "text": "x", "reply_markup": keys("Да")}), &sent)
	query := ivan.Press("Да").QueryID()
	s.clock.Advance(151 * time.Second)
	s.refuses([]refusal{{"answerCallbackQuery", args{"callback_query_id": query}, "Bad Request: query is too old and response timeout expired or query ID is invalid"}})
	if got := s.poll(0, 0); len(got) != 1 || got[0].Message.Text != "/start" {
		t.Errorf("a press waits 150 s, the message 24 h: %+v", got)
	}
	s.clock.Advance(48 * time.Hour)
	s.refuses([]refusal{{"deleteMessage", args{"chat_id": ivan.ID(), "message_id": sent.ID}, "Bad Request: message can't be deleted"}})
	if got := s.poll(0, 0); len(got) != 0 {
		t.Errorf("a message outlived 24 h: %+v", got)
	}
}

func album(kind string, n int) []args {
	var out []args
	for range n {
		out = append(out, args{"type": kind, "media": "attach://x"})
	}
	return out
}

func (a args) with(more args) args {
	for k, v := range more {
		a[k] = v
	}
	return a
}
