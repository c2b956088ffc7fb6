package telegramsim_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/go-telegram/bot"
)

// topicsOfAPrivateChat are a strip of tabs above the customer's chat, as soon as
// there are any.
func topicsOfAPrivateChat(t *testing.T, st *story, browser context.Context) {
	st.bot.SetTopics(true, false)
	v := begun(t, st, browser)
	v.until(`document.querySelector('.topics').hidden`)
	chip := func(id int) string { return `.topics [data-topic="` + strconv.Itoa(id) + `"]` }
	var made []int
	for _, name := range []string{"T-1042 · магазин.рф · После нажатия на «Оплатить» открывается белая страница", "T-1043 · a.ru · <b>письма</b>"} {
		topic, err := st.api.CreateForumTopic(st.ctx, &bot.CreateForumTopicParams{ChatID: st.ivan.UserID(), Name: name})
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, topic.MessageThreadID)
		st.says(st.ivan.UserID(), topic.MessageThreadID, "Принята: "+strconv.Itoa(len(made)))
	}
	v.shows(chip(made[0])+" .badge", "1")
	v.shows(chip(made[1]), "<b>письма</b>")
	v.do(click(chip(made[0])))
	v.shows(said, "Принята: 1")
	v.until(`!document.querySelector('` + chip(made[0]) + ` .badge') && !document.querySelector('.customer .feed').textContent.includes('You said: /start')`)
	v.do(enters(field, "спасибо"))
	v.shows(typed, "спасибо")
	if last, _ := st.ivan.Topic(made[0]).Last(); last.Text != "спасибо" {
		t.Errorf("the last message of the topic is %v", last)
	}
	for _, width := range []int64{1400, 1000, 420} {
		for _, dark := range []string{"light", "dark"} {
			v.becomes(width, dark)
			v.fits("topics-" + strconv.FormatInt(width, 10) + "-" + dark)
		}
	}
	v.becomes(1400, "light")
	v.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('`+chip(made[0])+`').focus()`), chromedp.KeyEvent(kb.ArrowRight), enter(0))
	v.shows(said, "Принята: 2")
	v.do(chromedp.Reload(), visible(".topics"))
	v.shows(said, "Принята: 2") // what was open stays open
	if _, err := st.api.DeleteForumTopic(st.ctx, &bot.DeleteForumTopicParams{ChatID: st.ivan.UserID(), MessageThreadID: made[1]}); err != nil {
		t.Fatal(err)
	}
	v.until(`!document.querySelector('` + chip(made[1]) + `')`)
	v.shows(said, "You said: /start")
	v.do(click(chip(made[0])), click(`.rail [aria-label*="Mary"]`))
	v.until(`document.querySelector('.topics').hidden`)
	st.says(st.ivan.UserID(), made[0], "Решена")
	v.shows(`.rail [aria-label*="Иван"] .badge`, "1")
	st.bot.SetTopics(false, false)
	v.do(click(`.rail [aria-label*="Иван"]`))
	v.until(`document.querySelector('.topics').hidden`)
}
