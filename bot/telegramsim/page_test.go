package telegramsim_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
)

func suggestions() []telegramsim.Suggestion {
	return []telegramsim.Suggestion{{
		Label:    telegramsim.Words{RU: "Приложить пример снимка экрана", EN: "Attach a sample screenshot"},
		Pictures: []telegramsim.Picture{telegramsim.SampleScreenshot("500", "Internal Server Error", "https://shop.example/cart")},
	}, {
		Label: telegramsim.Words{RU: "Пример описания", EN: "A sample description"},
		Text:  telegramsim.Words{RU: "Не проходит оплата", EN: "Payments fail"},
	}}
}

func TestPageInChromium(t *testing.T) {
	browser := newBrowser(t)
	for _, c := range []struct {
		name string
		test func(*testing.T, *story, context.Context)
	}{
		{"it looks right", looks},
		{"a customer types and presses", typesAndPresses},
		{"a reply keyboard and a long text", replyKeyboard},
		{"pictures go through the file input into the topic", uploads},
		{"files are pasted and dropped", pastesAndDrops},
		{"a plain group beside the forum", plainGroup},
		{"what happens elsewhere arrives without a reload", arrives},
		{"light and dark", lightAndDark},
		{"by keyboard alone", byKeyboard},
		{"a new customer starts, blocks and returns", newCustomer},
		{"edits, replies, reactions and deletions", changesMessages},
		{"markup in data stays text", staysText},
		{"older messages come when one scrolls back", scrollsBack},
		{"a message taller than the chat begins at its beginning", tallMessage},
		{"topics of a private chat", topicsOfAPrivateChat},
		{"a lost connection is told and resumed", losesConnection},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, newStory(newStage(t)), browser) })
	}
}

const (
	field      = ".customer .entry textarea"
	agentField = ".agents .entry textarea"
	said       = ".customer .item:not(.own)"
	typed      = ".customer .item.own"
)

// begun is a visit to a story in which the bot answers and Ivan has pressed
// Start.
func begun(t *testing.T, st *story, browser context.Context) *visit {
	t.Helper()
	topic, err := st.api.CreateForumTopic(st.ctx, topicParams(st, "T-1 · Problem"))
	if err != nil {
		t.Fatal(err)
	}
	st.ticket = topic.MessageThreadID
	st.answering()
	v := visitPage(t, browser, st.stage, telegramsim.PageOptions{Title: "intakebot", Suggestions: suggestions()}, scheme("light"))
	v.do(click(".customer .wide"))
	v.shows(said, "You said: /start")
	return v
}

func typesAndPresses(t *testing.T, st *story, browser context.Context) {
	v := begun(t, st, browser)
	v.do(enters(field, "My site is down"))
	v.shows(typed, "My site is down")
	v.shows(said, "You said: My site is down")
	v.do(click(said + `:last-child [data-key="1:Toast"]`))
	v.shows(".toast", "You pressed 1:Toast")
	v.until(`!document.querySelector('.key.waiting')`)
	v.do(click(said + `:last-child [data-key="1:Alert"]`))
	v.shows("dialog[role=alertdialog]", "You pressed 1:Alert")
	v.do(chromedp.KeyEvent(kb.Escape))
	v.until(`!document.querySelector('dialog')`)
	v.do(click(".suggestions button:last-child"))
	v.until(`document.querySelector('` + field + `').value === 'Payments fail'`)
}

func replyKeyboard(t *testing.T, st *story, browser context.Context) {
	v := begun(t, st, browser)
	st.must(st.api.SendMessage(st.ctx, &bot.SendMessageParams{ChatID: st.ivan.UserID(), Text: "Who are you?",
		ReplyMarkup: models.ReplyKeyboardMarkup{Keyboard: [][]models.KeyboardButton{{{Text: "My contact", RequestContact: true}, {Text: "Skip"}}}}}))
	v.do(chromedp.Click(`//*[@class="reply-keys"]//button[contains(., "Skip")]`))
	v.shows(said, "You said: Skip")
	v.do(click(".reply-keys .key"))
	v.shows(".customer .own .contact-card", "+79")
	if last, _ := st.ivan.Last(); last.Raw.Contact == nil || last.Raw.Contact.UserID != st.ivan.UserID() {
		t.Errorf("the last message is %v", last)
	}
	v.do(chromedp.Reload(), visible(".reply-keys"))
	st.must(st.api.SendMessage(st.ctx, &bot.SendMessageParams{ChatID: st.ivan.UserID(), Text: "Thanks",
		ReplyMarkup: models.ReplyKeyboardRemove{RemoveKeyboard: true}}))
	v.shows(said, "Thanks")
	v.until(`!document.querySelector('.reply-keys')`)
	v.do(chromedp.Evaluate[chromedp.Void](`(() => {
		const field = document.querySelector('`+field+`');
		field.value = 'слово '.repeat(1000);
		field.dispatchEvent(new Event('input'));
		field.focus();
	})()`), enter(0))
	v.until(`[...document.querySelectorAll('` + typed + `')].filter((el) => el.textContent.startsWith('слово')).length === 2`)
	st.must(st.ivan.SendLocation(55.7558, 37.6173))
	v.shows(typed, "55.75580")
	last, _ := st.ivan.Last()
	st.call("forwardMessage", map[string]any{"chat_id": st.desk.ID(), "message_thread_id": st.ticket, "from_chat_id": st.ivan.UserID(), "message_id": last.ID})
	v.shows(".agents .forwarded", "Forwarded from Иван Петров")
}

func uploads(t *testing.T, st *story, browser context.Context) {
	v := begun(t, st, browser)
	folder := t.TempDir()
	var paths []string
	for i, data := range pictures()[:2] {
		path := filepath.Join(folder, []string{"ошибка <b>1.png", "two.png"}[i])
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	v.do(chromedp.SetUploadFiles(chromedp.CSS(".customer input[type=file]"), paths, chromedp.NodeReady))
	v.shows("dialog .previews", "ошибка <b>1.png")
	v.do(enters("dialog textarea", "two at once"))
	v.shows(typed, "two at once")
	v.until(`document.querySelectorAll('.customer .own .album .shot').length === 2`)
	v.do(click(`.agents [data-thread="` + strconv.Itoa(st.ticket) + `"]`))
	v.until(`document.querySelectorAll('.agents .album img').length === 2`)
	v.until(`[...document.querySelectorAll('.agents .album img')].every((img) => img.complete && img.naturalWidth === 960)`)
	v.do(click(".agents .shot"))
	v.do(visible("dialog.viewer img"), chromedp.KeyEvent(kb.Escape))
	v.do(click(".suggestions button"))
	v.until(`document.querySelectorAll('.agents .album img').length === 3`)
	v.attach("GIF")
	v.until(`document.querySelectorAll('.agents .shot .label').length === 1`)
	v.attach("Voice message")
	v.do(visible(".customer .own .voice"))
	v.attach("My contact")
	v.shows(".customer .own .contact-card", "Иван Петров")
}

// attach chooses from the customer's menu of attachments.
func (v *visit) attach(label string) {
	v.t.Helper()
	v.do(click(".customer .attach"), visible(".menu"))
	v.do(chromedp.Click(`//*[@role="menuitem"][.="` + label + `"]`))
}

func arrives(t *testing.T, st *story, browser context.Context) {
	v := begun(t, st, browser)
	row := `.agents [data-thread="` + strconv.Itoa(st.ticket) + `"]`
	v.do(click(`.agents [data-thread="1"]`))
	st.says(st.desk.ID(), st.ticket, "A new ticket", []string{"Take"})
	v.shows(row+" .badge", "1")
	v.do(click(row))
	v.shows(".agents .item", "A new ticket")
	v.until(`!document.querySelector('` + row + ` .badge')`)
	st.call("sendChatAction", map[string]any{"chat_id": st.ivan.UserID(), "action": "typing"})
	v.shows(".customer .status.busy", "typing")
	m := st.says(st.ivan.UserID(), 0, "<b>Soon</b>")
	v.shows(said+" strong", "Soon")
	st.call("editMessageText", map[string]any{"chat_id": st.ivan.UserID(), "message_id": m.ID, "text": "Done"})
	v.shows(said, "Done")
	v.shows(said+" .meta", "edited")
	v.shows("#announcer", "Help desk: Soon")
	st.call("closeForumTopic", map[string]any{"chat_id": st.desk.ID(), "message_thread_id": st.ticket})
	v.shows(".agents .chat-head .status", "closed")
	st.must(st.mary.Start(""))
	v.shows(`.rail [aria-label*="Mary"] .badge`, "1")
	if v.read(`performance.getEntriesByType('navigation').length`) != "1" {
		t.Error("the page was loaded again")
	}
}
