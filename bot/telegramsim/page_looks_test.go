package telegramsim_test

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"

	"intakebot/bot/telegramsim"
)

// overflowing lists the elements that stick out of the window or of their chat.
const overflowing = `[...document.querySelectorAll('.window *')].filter((el) => {
  const box = el.getBoundingClientRect();
  const chat = (el.closest('.feed') ?? el.closest('.window')).getBoundingClientRect();
  return el.checkVisibility() && box.width > 0 && (box.right > chat.right + 1 || box.left < chat.left - 1) && !el.closest('.sr, .rail');
}).map((el) => el.className + ' ' + el.textContent.slice(0, 40)).join('; ')`

// looks takes the story's pictures and checks that nothing sticks out.
func looks(t *testing.T, st *story, browser context.Context) {
	st.tell()
	v := visitPage(t, browser, st.stage, telegramsim.PageOptions{Title: "intakebot", Suggestions: suggestions()}, scheme("light"))
	for _, width := range []int64{1400, 1000, 420} {
		for _, dark := range []string{"light", "dark"} {
			v.do(chromedp.EmulateViewport(width, 900), scheme(dark))
			v.until(`document.documentElement.dataset.theme === '` + dark + `'`)
			v.everyView(width, dark)
		}
	}
}

// everyView goes through both customers and the ticket's topic.
func (v *visit) everyView(width int64, name string) {
	name = map[int64]string{1400: "wide", 1000: "middle", 420: "narrow"}[width] + "-" + name
	if width < 920 {
		v.do(click(`[data-control=agents]`))
	}
	if width < 640 {
		v.do(click(`.agents .chat-head .back`))
		v.shoot(name + "-topics")
	}
	v.do(click(`[aria-label*="T-1042"]`), visible(`.agents .album img`))
	v.settled()
	if width < 920 {
		v.shoot(name + "-ticket")
		v.fits()
		v.do(click(`[data-control=customer]`))
	}
	for i, who := range []string{"Mary", "Иван"} {
		v.do(click(`.rail [aria-label*="` + who + `"]`))
		v.shows(".customer .caption, .customer .rail [aria-selected=true]", who)
		v.settled()
		v.shoot(name + "-" + []string{"mary", "ivan"}[i])
		v.fits()
	}
}

// settled waits for the pictures and for what moves.
func (v *visit) settled() {
	v.until(`[...document.images].every((img) => img.complete) && document.getAnimations().every((a) => a.playState !== 'running')`)
}

func (v *visit) fits() {
	v.t.Helper()
	if out := v.read(overflowing); out != "" {
		v.t.Errorf("sticks out: %s", out)
	}
}
