package telegramsim_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"intakebot/bot/telegramsim"
)

// patience ends a wait for what never comes.
const patience = 20 * time.Second

// action is a step in the browser that gives no value.
type action = chromedp.Action[chromedp.Void]

// newBrowser starts a headless Chromium with an empty profile.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	var program string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
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
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	return ctx
}

// visit is a tab of the browser on the page of a world of its own.
type visit struct {
	*stage
	tab  context.Context
	page string
	// server serves the page; while cut is set it refuses its event stream.
	server *httptest.Server
	cut    atomic.Bool

	mu     sync.Mutex
	faults []string
}

// visitPage opens the page of a stage in a tab of the browser. The test fails
// when a script throws.
func visitPage(t *testing.T, browser context.Context, s *stage, opts telegramsim.PageOptions, first ...action) *visit {
	t.Helper()
	v := &visit{stage: s}
	mux := http.NewServeMux()
	handler := telegramsim.Page(s.world, opts)
	mux.Handle("/", handler)
	mux.HandleFunc("GET /ui/events", func(rw http.ResponseWriter, r *http.Request) {
		if v.cut.Load() {
			http.Error(rw, "away", http.StatusServiceUnavailable)
			return
		}
		handler.ServeHTTP(rw, r)
	})
	v.server = httptest.NewServer(mux)
	t.Cleanup(v.server.Close)
	t.Cleanup(s.world.Close) // ends the streams, which the server waits for
	v.page = v.server.URL
	tab, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	v.tab = tab
	if err := chromedp.Listen(tab, v.listen); err != nil {
		t.Fatal(err)
	}
	v.do(first...)
	v.do(chromedp.EmulateViewport(1400, 900), chromedp.Navigate(v.page), chromedp.WaitVisible(chromedp.CSS(".rail [role=tab]")))
	t.Cleanup(func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		if len(v.faults) > 0 {
			t.Errorf("the page's scripts: %q", v.faults)
		}
	})
	return v
}

func (v *visit) listen(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		v.faults = append(v.faults, e.ExceptionDetails.Text+" "+e.ExceptionDetails.Exception.Description)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			v.faults = append(v.faults, string(e.Args[0].Value))
		}
	}
}

// do runs actions in the tab; the test ends when one fails.
func (v *visit) do(actions ...action) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.tab, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		v.shoot("failed")
		v.t.Fatal(err)
	}
}

// until waits for an expression in the page to become true. It looks again and
// again in the page itself.
func (v *visit) until(expression string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.tab, patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`new Promise((resolve) => {
		const look = () => ((`+expression+`) ? resolve(true) : setTimeout(look, 15));
		look();
	})`, chromedp.EvalAwaitPromise))
	if err != nil {
		v.shoot("failed")
		v.t.Fatalf("waited for %s: %v", expression, err)
	}
}

// shows waits until an element that matches the selector has the text.
func (v *visit) shows(selector, text string) {
	v.t.Helper()
	v.until(`[...document.querySelectorAll(` + quoteJS(selector) + `)].some((el) => el.innerText.includes(` + quoteJS(text) + `))`)
}

// read gives the value of an expression in the page.
func (v *visit) read(expression string) string {
	v.t.Helper()
	out, err := chromedp.Run(v.tab, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		v.t.Fatal(err)
	}
	return out
}

// shoot keeps a picture of the page among the test's artifacts.
func (v *visit) shoot(name string) {
	v.t.Helper()
	png, err := chromedp.Run(v.tab, chromedp.CaptureScreenshot())
	if err != nil {
		v.t.Logf("screenshot %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(v.t.ArtifactDir(), name+".png"), png, 0o600); err != nil {
		v.t.Fatal(err)
	}
}

// scheme makes the browser ask for a light or a dark page.
func scheme(name string) action {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
		return err
	})
}

// click presses the mouse on the first element that matches a CSS selector.
func click(selector string) action { return chromedp.Click(chromedp.CSS(selector)) }

// visible waits for an element that matches a CSS selector.
func visible(selector string) action { return chromedp.WaitVisible(chromedp.CSS(selector)) }

// enter presses Enter as a keyboard does: a script that handles the key keeps
// the browser from doing anything else with it. Shift is 8 with Shift held.
func enter(shift int64) action {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		key := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Modifiers: shift,
			Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13}
		if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, key); err != nil {
			return err
		}
		key.Type, key.Text = input.DispatchKeyEventTypeKeyUp, ""
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, key)
		return err
	})
}

// enters types a text into the element that matches, and presses Enter.
func enters(selector, text string) action {
	return chromedp.Steps(chromedp.SendKeys(chromedp.CSS(selector), text), enter(0))
}
