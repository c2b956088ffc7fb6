package telegramsim_test

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/go-telegram/bot/models"
)

// answering runs a small bot until the test ends: it repeats what it is told,
// answers presses with a toast or an alert, and copies files into a topic.
func (st *story) answering() {
	var wg sync.WaitGroup
	wg.Go(func() {
		offset := int64(0)
		for st.ctx.Err() == nil {
			r, err := st.tryCall("getUpdates", map[string]any{"offset": offset, "timeout": 50})
			if err != nil || !r.OK {
				return // the stage is gone
			}
			var list []models.Update
			if json.Unmarshal(r.Result, &list) != nil {
				return
			}
			for _, u := range list {
				offset = u.ID + 1
				st.react(u)
			}
		}
	})
	st.t.Cleanup(func() {
		st.world.Close()
		wg.Wait()
	})
}

func (st *story) react(u models.Update) {
	switch {
	case u.CallbackQuery != nil:
		_, alert, _ := strings.Cut(u.CallbackQuery.Data, ":Al")
		st.does("answerCallbackQuery", map[string]any{"callback_query_id": u.CallbackQuery.ID,
			"text": "You pressed " + u.CallbackQuery.Data, "show_alert": alert != ""})
	case u.Message == nil || u.Message.Chat.Type != models.ChatTypePrivate || u.Message.ForumTopicCreated != nil:
	case u.Message.Text != "":
		st.does("sendMessage", map[string]any{"chat_id": u.Message.Chat.ID, "text": "You said: " + u.Message.Text[:min(len(u.Message.Text), 1000)],
			"reply_markup": keyboard([][]string{{"Toast", "Alert"}})})
	default:
		st.does("copyMessage", map[string]any{"chat_id": st.desk.ID(), "message_thread_id": st.ticket,
			"from_chat_id": u.Message.Chat.ID, "message_id": u.Message.ID})
	}
}

// does calls a method from the bot's goroutine. A call that the end of the test
// cuts off is no failure.
func (st *story) does(method string, args map[string]any) {
	if r, err := st.tryCall(method, args); err == nil && !r.OK {
		st.t.Errorf("%s: %s", method, r.Description)
	}
}
