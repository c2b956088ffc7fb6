package telegramsim_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/go-telegram/bot"

	"intakebot/bot/telegramsim"
)

func topicParams(st *story, name string) *bot.CreateForumTopicParams {
	return &bot.CreateForumTopicParams{ChatID: st.desk.ID(), Name: name}
}

func lightAndDark(t *testing.T, st *story, browser context.Context) {
	v := begun(t, st, browser)
	background := `getComputedStyle(document.querySelector('.window')).backgroundColor`
	light := v.read(background)
	v.do(scheme("dark"))
	v.until(background + ` !== '` + light + `'`)
	v.do(click(".bar .theme"))
	v.until(background + ` === '` + light + `'`)
	v.do(click(`[data-control=ru]`))
	v.shows(".bar .note", "локальный Telegram")
	v.do(chromedp.Reload(), visible(".rail [role=tab]"))
	v.shows(".bar .note", "локальный Telegram")
	v.until(background + ` === '` + light + `'`)
	v.do(scheme("light"))
}

func byKeyboard(t *testing.T, st *story, browser context.Context) {
	v := begun(t, st, browser)
	v.tabTo(".customer .entry textarea")
	v.keys("one", enter(8))
	v.keys("two", enter(0))
	v.shows(said, "You said: one\ntwo")
	v.keys("", chromedp.KeyEvent(kb.ArrowUp)) // edits the last message
	v.shows(".customer .context", "Editing")
	v.keys("", chromedp.KeyEvent(kb.Escape))
	v.until(`!document.querySelector('.context') && document.querySelector('` + field + `').value === ''`)
	v.keys("/")
	v.until(`document.activeElement.textContent.startsWith('/new')`)
	v.keys("", chromedp.KeyEvent(kb.ArrowDown), enter(0))
	v.shows(said, "You said: /cancel")
	v.keys("/help", enter(0)) // typed in full, without a look at the menu
	v.shows(said, "You said: /help")
	v.tabTo(`.customer .item:last-child [data-key="1:Toast"]`)
	v.keys("", enter(0))
	v.shows(".toast", "You pressed 1:Toast")
	v.tabTo(".agents .row")
	v.keys("", chromedp.KeyEvent(kb.ArrowUp), enter(0))
	v.shows(".agents .chat-head h2", "General")
	v.keys("", chromedp.KeyEvent(kb.ArrowDown), enter(0))
	v.shows(".agents .chat-head h2", "T-1 · Problem")
	v.tabTo(agentField)
	v.keys("On it", enter(0))
	v.shows(".agents .item.own", "On it")
	v.tabTo(".rail [role=tab]")
	v.keys("", chromedp.KeyEvent(kb.ArrowDown), enter(0))
	v.shows(".customer .caption", "Mary Jones")
	v.keys("", chromedp.KeyEvent(kb.Escape))
	v.tabTo(".customer .wide")
	v.keys("", enter(0))
	v.shows(said, "You said: /start")
}

// tabTo presses Tab until the focus, which must be visible, is on an element
// that matches the selector.
func (v *visit) tabTo(selector string) {
	v.t.Helper()
	for range 120 {
		v.keys("", chromedp.KeyEvent(kb.Tab))
		if v.read(`document.activeElement.matches(`+quoteJS(selector)+`)`) == "true" {
			if v.read(`getComputedStyle(document.activeElement).outlineStyle !== 'none' || document.activeElement.tagName === 'TEXTAREA'`) != "true" {
				v.t.Errorf("the focus on %s cannot be seen", selector)
			}
			return
		}
	}
	v.t.Fatalf("Tab does not reach %s", selector)
}

// keys types a text where the focus is, then presses keys.
func (v *visit) keys(text string, then ...action) {
	v.t.Helper()
	if text != "" {
		v.do(chromedp.KeyEvent(text))
	}
	v.do(then...)
}

func newCustomer(t *testing.T, st *story, browser context.Context) {
	v := begun(t, st, browser)
	v.do(click(`.rail > button`), enters("dialog input", "Zoë Ōkami"))
	v.shows(".customer .caption", "Zoë Ōkami")
	v.shows(`.rail [aria-selected=true] .lang`, "EN")
	v.do(click(".customer .wide"))
	v.shows(said, "You said: /start")
	v.do(click(".customer .more"), chromedp.Click(`//*[@role="menuitem"][.="Block the bot"]`))
	v.shows(".customer .wide", "Unblock")
	if r := st.call("sendMessage", map[string]any{"chat_id": st.world.People()[4].UserID(), "text": "x"}); r.ErrorCode != 403 {
		t.Errorf("a blocked bot may write: %+v", r)
	}
	v.do(click(".customer .wide"))
	v.do(visible(field))
	v.do(click(".customer .more"), chromedp.Click(`//*[@role="menuitem"][contains(., "Русский")]`))
	v.shows(`.rail [aria-selected=true] .lang`, "RU")
	v.do(enters(field, "привет"))
	v.shows(said, "You said: привет")
	if last, _ := st.world.People()[4].Last(); last.Raw.ReplyMarkup == nil {
		t.Error("the answer has lost its buttons")
	}
}

func changesMessages(t *testing.T, st *story, browser context.Context) {
	v := begun(t, st, browser)
	v.do(click(`.agents [data-thread="`+strconv.Itoa(st.ticket)+`"]`), enters(agentField, "Frist"))
	v.shows(".agents .item.own", "Frist")
	v.choose(".agents .item.own:last-child", "Edit")
	v.keys(kb.Backspace+kb.Backspace+kb.Backspace+kb.Backspace+"irst", enter(0))
	v.shows(".agents .item.own", "First")
	v.choose(".agents .item.own:last-child", "Reply")
	v.keys("Second", enter(0))
	v.shows(".agents .item.own .reply", "First")
	v.choose(".agents .item.own:last-child", "👍")
	v.shows(".agents .reactions", "👍\n1")
	v.do(click(".agents .reactions button"))
	v.until(`!document.querySelector('.agents .reactions')`)
	v.choose(".agents .item.own:last-child", "Delete")
	v.until(`document.querySelectorAll('.agents .item.own').length === 1`)
	if last, _ := st.desk.Last(); last.Text != "First" {
		t.Errorf("the last message is %v", last)
	}
	v.do(chromedp.Evaluate[chromedp.Void](`(() => { const s = document.querySelector('.acting select'); s.value = '` +
		strconv.FormatInt(st.oleg.UserID(), 10) + `'; s.dispatchEvent(new Event('change')); })()`))
	v.do(enters(agentField, "I take over"))
	v.shows(".agents .item.own", "I take over")
	if last, _ := st.desk.Last(); last.FromID != st.oleg.UserID() {
		t.Errorf("the last message is from %s", last.From)
	}
}

// choose opens a message's menu by keyboard and takes an entry.
func (v *visit) choose(message, entry string) {
	v.t.Helper()
	v.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(`+quoteJS(message)+`).focus()`), enter(0))
	v.do(chromedp.Click(`//*[@role="menuitem"][.="` + entry + `"]`))
}

func staysText(t *testing.T, st *story, browser context.Context) {
	evil := `<img src=x onerror="document.title='taken'">`
	st.world.AddPerson(evil)
	v := begun(t, st, browser)
	st.must(st.ivan.Send(evil + " [x](javascript:alert(1)) javascript:alert(1)"))
	st.must(st.ivan.SendDocument(evil+".html", []byte("<script>document.title='taken'</script>"), evil))
	st.must(st.api.CreateForumTopic(st.ctx, topicParams(st, evil)))
	st.call("sendMessage", map[string]any{"chat_id": st.ivan.UserID(), "text": "link",
		"entities": []any{map[string]any{"type": "text_link", "offset": 0, "length": 4, "url": "javascript:document.title='taken'"}}})
	v.shows(typed, evil)
	v.shows(".agents .row", "<img")
	v.shows(said, "link")
	if n := v.read(`document.querySelectorAll('.window img[src="x"], .window a[href^="javascript"], .window script').length`); n != "0" {
		t.Errorf("%s elements came out of data", n)
	}
	if title := v.read(`document.title`); title != "intakebot" {
		t.Errorf("the title is %q", title)
	}
}

func losesConnection(t *testing.T, st *story, browser context.Context) {
	v := begun(t, st, browser)
	v.cut.Store(true)
	v.server.CloseClientConnections()
	v.shows(".bar .lost", "Connection lost")
	st.says(st.ivan.UserID(), 0, "Said meanwhile")
	v.cut.Store(false)
	v.shows(said, "Said meanwhile")
	v.until(`!document.querySelector('.bar .lost')`)
	if n := v.read(`document.querySelectorAll('` + typed + `').length`); n != "1" {
		t.Errorf("%s messages of the customer after the resumption", n)
	}
}

func scrollsBack(t *testing.T, st *story, browser context.Context) {
	st.must(st.ivan.Start(""))
	first := st.says(st.ivan.UserID(), 0, "The very first")
	for i := range 400 {
		st.says(st.ivan.UserID(), 0, "number "+strconv.Itoa(i))
	}
	st.call("pinChatMessage", map[string]any{"chat_id": st.ivan.UserID(), "message_id": first.ID})
	v := visitPage(t, browser, st.stage, telegramsim.PageOptions{})
	v.shows(said, "number 399")
	v.until(`document.querySelectorAll('.customer .item').length < 200`)
	v.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('.customer .feed').scrollTo(0, 50)`))
	v.shows(said, "number 150")
	v.until(`document.querySelector('.customer .feed').scrollTop > 1000`)
	v.do(click(".customer .pinned"))
	v.shows(".customer .item.flash", "The very first")
	// What is drawn meanwhile may hold the scrolling up: a reader presses again.
	v.until(`(() => { const down = document.querySelector('.customer .to-end'); if (!down.hidden) down.click(); return down.hidden; })()`)
}
