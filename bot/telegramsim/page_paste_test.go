package telegramsim_test

import (
	"context"
	"encoding/base64"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
)

// give hands a file to the customer's chat by an event of the mouse or of the
// clipboard, as the browser would.
func (v *visit) give(event, name, mime string, data []byte) {
	v.t.Helper()
	v.do(chromedp.Evaluate[chromedp.Void](`(() => {
		const bytes = Uint8Array.from(atob(` + quoteJS(base64.StdEncoding.EncodeToString(data)) + `), (c) => c.charCodeAt(0));
		const given = new DataTransfer();
		given.items.add(new File([bytes], ` + quoteJS(name) + `, {type: ` + quoteJS(mime) + `}));
		const options = {bubbles: true, cancelable: true, dataTransfer: given, clipboardData: given};
		const Kind = ` + quoteJS(event) + ` === 'paste' ? ClipboardEvent : DragEvent;
		document.querySelector('.customer .feed').dispatchEvent(new Kind(` + quoteJS(event) + `, options));
	})()`))
}

func pastesAndDrops(t *testing.T, st *story, browser context.Context) {
	v := begun(t, st, browser)
	v.give("paste", "image.png", "image/png", pictures()[0])
	v.do(visible("dialog .previews img"), enters("dialog textarea", "pasted"))
	v.shows(".customer .own .pictured", "pasted")
	v.give("dragenter", "error.png", "image/png", pictures()[1])
	v.shows(".drop", "Drop the files")
	v.give("drop", "error.png", "image/png", pictures()[1])
	v.until(`!document.querySelector('.drop')`)
	v.do(click("dialog input[type=checkbox]"), enters("dialog textarea", "as it is"))
	v.shows(".customer .own .doc", "error.png")
	if last, _ := st.ivan.Last(); last.Kind != "document" || last.Text != "as it is" || last.Raw.Document.FileName != "error.png" {
		t.Errorf("the last message is %v", last)
	}
	v.give("drop", "empty.log", "text/plain", nil)
	v.do(enters("dialog textarea", ""))
	v.shows(".toast", "file must be non-empty")
}

func plainGroup(t *testing.T, st *story, browser context.Context) {
	st.world.AddGroup("Дежурные", st.oleg)
	v := begun(t, st, browser)
	v.do(click(`.agents .row[aria-label="Дежурные"]`))
	v.shows(".agents .chat-head .status", "2 members")
	v.shows(".acting option", "Олег Ким")
	v.do(enters(agentField, "/help"))
	v.shows(".agents .item.own", "/help")
	group := st.world.Groups()[1]
	st.says(group.ID(), 0, "Plain as can be")
	v.shows(".agents .item:not(.own)", "Plain as can be")
	if first := group.Messages()[0]; first.FromID != st.oleg.UserID() {
		t.Errorf("the first message is %v", first)
	}
}

func tallMessage(t *testing.T, st *story, browser context.Context) {
	v := begun(t, st, browser)
	var rows [][]string
	for i := range 30 {
		rows = append(rows, []string{"Topic " + strconv.Itoa(i)})
	}
	st.says(st.ivan.UserID(), 0, "What is it about?", rows...)
	v.shows(said, "What is it about?")
	inSight := func(selector string) string {
		return `(() => { const el = document.querySelector('` + selector + `').getBoundingClientRect(), list = document.querySelector('.customer .feed').getBoundingClientRect();
			return el.top >= list.top && el.bottom <= list.bottom; })()`
	}
	v.until(inSight(said + ":last-child .bubble"))
	v.do(click(".customer .to-end"))
	v.until(inSight(said + `:last-child [data-key="1:Topic 29"]`))
	v.do(click(said + `:last-child [data-key="1:Topic 29"]`))
	v.shows(".toast", "You pressed 1:Topic 29")
	v.until(`!document.querySelector('.key.waiting')`)
	v.until(inSight(said + `:last-child [data-key="1:Topic 29"]`))
	st.says(st.ivan.UserID(), 0, "Thank you")
	v.until(`[...document.querySelectorAll('` + said + `')].at(-1).textContent.includes('Thank you')`)
	v.until(inSight(said + ":last-child .bubble"))
}
