package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// startDesk runs the real bot on a stage, with a database of its own, and
// gives the page's address.
func startDesk(t *testing.T, s *stage, lang tickets.Lang) string {
	t.Helper()
	server, address, err := s.open("127.0.0.1:0", telegramsim.Page(s.world, s.page()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	t.Cleanup(s.world.Close)
	cfg, err := s.settings(address, filepath.Join(t.TempDir(), "desk.db")).config()
	if err != nil {
		t.Fatal(err)
	}
	cfg.policy.Agents.Lang = lang
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- serveDesk(ctx, cfg, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})))
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the bot ended: %v", err)
		}
	})
	return address
}

// browser is a tab of a real Chromium on the demo's page.
type browser struct {
	t   *testing.T
	tab context.Context
	// heard is the newest message of the bot that was waited for, by its ID.
	heard int
}

// openBrowser starts a headless Chromium with an empty profile on a page.
func openBrowser(t *testing.T, address string) *browser {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("the page's test needs Chromium: apt-get install chromium")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("lang", "en-US"))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{t: t, tab: ctx}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	b.do(chromedp.EmulateViewport(1400, 860), chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS(".rail [role=tab]")))
	return b
}

// do runs actions in the tab; the test ends when one fails. The page may draw an
// element anew between its being found and its being used, and then nothing was
// done with it: it is found again.
func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.tab, hangs)
	defer cancel()
	err := chromedp.Do(ctx, actions...)
	for err != nil && strings.Contains(err.Error(), "Could not find node") {
		err = chromedp.Do(ctx, actions...)
	}
	if err != nil {
		b.fail(err, "an action")
	}
}

// until waits for an expression in the page to become truthy, and gives its
// value as a number. It looks again and again in the page itself.
func (b *browser) until(expression string) int {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.tab, hangs)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[int](`(async () => {
		for (;;) {
			const got = await (`+expression+`);
			if (got) return Number(got);
			await new Promise((again) => setTimeout(again, 15));
		}
	})()`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.fail(err, expression)
	}
	return got
}

// fail keeps a picture of the page among the test's artifacts.
func (b *browser) fail(err error, what string) {
	b.t.Helper()
	b.shoot(filepath.Join(b.t.ArtifactDir(), "failed.png"))
	b.t.Fatalf("%s: %v", what, err)
}

// shoot saves a picture of the page.
func (b *browser) shoot(path string) {
	b.t.Helper()
	png, err := chromedp.Run(b.tab, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatalf("a picture of the page: %v", err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// click presses the last element that matches and has the text, once a person
// could: nothing covers it.
func (b *browser) click(selector, text string) {
	b.t.Helper()
	b.until(`(() => {
		const el = [...document.querySelectorAll(` + quote(selector) + `)].findLast((one) => one.innerText.includes(` + quote(text) + `));
		if (!el) return 0;
		el.scrollIntoView({block: 'nearest'});
		const box = el.getBoundingClientRect();
		if (!el.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2))) return 0;
		el.click();
		return 1;
	})()`)
}

// types writes into the field that matches, and presses Enter.
func (b *browser) types(selector, text string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text), enter())
}

// enter presses Enter as a keyboard does.
func enter() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		key := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown,
			Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13}
		if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, key); err != nil {
			return err
		}
		key.Type, key.Text = input.DispatchKeyEventTypeKeyUp, ""
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, key)
		return err
	})
}

func quote(s string) string {
	quoted, err := json.Marshal(s)
	if err != nil {
		panic(err) // a text is always JSON
	}
	return string(quoted)
}
