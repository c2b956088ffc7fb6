package telegramsim_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"intakebot/bot/telegramsim"
)

// overflowing lists the elements that stick out of the window or of their chat.
const overflowing = `[...document.querySelectorAll('.window *')].filter((el) => {
  const box = el.getBoundingClientRect();
  const chat = (el.closest('.feed') ?? el.closest('.window')).getBoundingClientRect();
  return el.checkVisibility() && box.width > 0 && (box.right > chat.right + 1 || box.left < chat.left - 1) && !el.closest('.sr, .rail');
}).map((el) => el.className + ' ' + el.textContent.slice(0, 40)).join('; ')`

// pale lists the texts whose contrast with what lies behind them is under WCAG's
// AA: 4.5, or 3 for large letters. Pictures behind a text are not looked at.
const pale = `(() => {
  const parse = (c) => { const n = c.match(/[\d.]+/g).map(Number); return c.startsWith('color(') ? [n[0] * 255, n[1] * 255, n[2] * 255, n[3] ?? 1] : [n[0], n[1], n[2], n[3] ?? 1]; };
  const over = (a, b) => [0, 1, 2].map((i) => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const light = (c) => { const f = (v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }; return 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]); };
  const behind = (el) => {
    const layers = [];
    for (let e = el; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c[3] > 0) layers.push(c);
      if (c[3] === 1) break;
    }
    return layers.reverse().reduce((b, l) => over(l, b), [255, 255, 255, 1]);
  };
  const out = [];
  for (const el of document.querySelectorAll('body *')) {
    const own = [...el.childNodes].some((n) => n.nodeType === 3 && /[\p{L}\p{N}]/u.test(n.data));
    const style = getComputedStyle(el);
    if (!own || !el.checkVisibility() || el.closest('.sr, .hidden-live, .avatar, .spoiler, noscript')) continue;
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const back = behind(el), ink = over(parse(style.color), back);
    const [a, b] = [light(ink), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) out.push(el.className + ' ' + (el.parentElement.className) + ' "' + el.textContent.slice(0, 20) + '" ' + ratio.toFixed(2));
  }
  return [...new Set(out)].join('; ');
})()`

// looks takes the story's pictures and checks that nothing sticks out and that
// everything can be read.
func looks(t *testing.T, st *story, browser context.Context) {
	st.tell()
	v := visitPage(t, browser, st.stage, telegramsim.PageOptions{Title: "intakebot", Suggestions: suggestions()}, scheme("light"))
	for _, width := range []int64{1400, 1000, 420} {
		for _, dark := range []string{"light", "dark"} {
			v.becomes(width, dark)
			v.everyView(width, map[int64]string{1400: "wide", 1000: "middle", 420: "narrow"}[width]+"-"+dark)
		}
	}
	v.becomes(1400, "light")
	v.do(click(`[data-control=ru]`))
	v.everyLayer("light")
	v.becomes(1400, "dark")
	v.everyLayer("dark")
}

// becomes gives the window a width and a colour scheme, and waits until the page
// has followed.
func (v *visit) becomes(width int64, dark string) {
	v.t.Helper()
	v.do(chromedp.EmulateViewport(width, 900), scheme(dark))
	v.until(`document.documentElement.dataset.theme === '` + dark + `' && innerWidth === ` + strconv.FormatInt(width, 10))
	v.do(chromedp.Evaluate[chromedp.Void](`new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))`, chromedp.EvalAwaitPromise))
}

// everyLayer opens what lies above the page, in Russian, and the older messages.
func (v *visit) everyLayer(name string) {
	v.t.Helper()
	v.do(click(`.rail [aria-label*="Mary"]`), visible(".customer .voice"))
	v.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('.customer .feed').scrollTo(0, 0)`))
	v.fits("mary-top-" + name)
	for _, open := range []string{".customer .attach", ".customer .menu-pill", ".customer [aria-label=Эмодзи]", ".agents .more"} {
		v.do(click(open), visible(".menu"))
		v.fits("menu" + strings.NewReplacer(".", "-", " ", "", "[aria-label=Эмодзи]", "smile").Replace(open) + "-" + name)
		v.do(chromedp.KeyEvent(kb.Escape))
	}
	v.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('.agents .item.own').focus()`), enter(0), visible(".menu .strip"))
	v.fits("menu-message-" + name)
	v.do(chromedp.KeyEvent(kb.Escape), click(".rail > button"), visible("dialog.box"))
	v.fits("dialog-" + name)
	v.do(chromedp.KeyEvent(kb.Escape), chromedp.SetUploadFiles(chromedp.CSS(".customer input[type=file]"), v.files(), chromedp.NodeReady), visible("dialog.box"))
	v.fits("upload-" + name)
	v.do(chromedp.KeyEvent(kb.Escape))
}

// files are pictures and a text on the disk.
func (v *visit) files() []string {
	v.t.Helper()
	folder := v.t.TempDir()
	var paths []string
	for i, data := range append(pictures(), []byte("a log")) {
		path := filepath.Join(folder, []string{"снимок экрана 2026-03-02.png", "two.png", "three.png", "server.log"}[i])
		if err := os.WriteFile(path, data, 0o600); err != nil {
			v.t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// everyView goes through both customers and the ticket's topic.
func (v *visit) everyView(width int64, name string) {
	v.t.Helper()
	if width < 920 {
		v.do(click(`[data-control=agents]`))
	}
	if width < 640 {
		v.do(click(`.agents .chat-head .back`))
		v.fits(name + "-topics")
	}
	v.do(click(`.agents [aria-label*="T-1042"]`), visible(`.agents .album img`))
	v.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('.agents .pinned').click()`))
	v.fits(name + "-ticket")
	if width < 920 {
		v.do(click(`[data-control=customer]`))
	}
	for i, who := range []string{"Mary", "Иван"} {
		v.do(click(`.rail [aria-label*="` + who + `"]`))
		v.shows(".customer .caption, .customer .rail [aria-selected=true]", who)
		v.fits(name + "-" + []string{"mary", "ivan"}[i])
	}
}

// fits waits until pictures are there and nothing moves, takes a picture and
// checks what is seen.
func (v *visit) fits(name string) {
	v.t.Helper()
	v.until(`[...document.images].every((img) => img.complete) && document.getAnimations().every((a) => a.playState !== 'running')`)
	v.shoot(name)
	if out := v.read(overflowing); out != "" {
		v.t.Errorf("%s: sticks out: %s", name, out)
	}
	if out := v.read(pale); out != "" {
		v.t.Errorf("%s: too pale: %s", name, out)
	}
}
