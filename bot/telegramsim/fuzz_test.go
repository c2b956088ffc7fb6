package telegramsim

import (
	"testing"
	"unicode/utf8"
)

// FuzzMarkup holds that no text makes a parser panic or leave an entity that
// does not lie on the text's characters.
func FuzzMarkup(f *testing.F) {
	for _, s := range []string{"", "<b>x</b>", "<a href='x'>y</a>&amp;", "*a* `b` [c](d)", "```go\nx```", "😀<i>😀</i>\r\n", "> a\n> b", "<pre><code class=\"language-x\">y</code></pre>", "\\", "<", "&#"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, mode := range []string{"", "HTML", "MarkdownV2"} {
			got, err := (&call{}).richText(s, mode, nil)
			if err != nil {
				continue
			}
			if !utf8.ValidString(got.text) {
				t.Fatalf("%s of %q is no UTF-8: %q", mode, s, got.text)
			}
			if err := checkEntities(got); err != nil {
				t.Fatalf("%s of %q: %v", mode, s, err)
			}
		}
	})
}

// FuzzSplit holds that a long text is cut into parts that fit and lose nothing.
func FuzzSplit(f *testing.F) {
	f.Add("a b", uint16(3000))
	f.Add("😀", uint16(5000))
	f.Add("строка\n", uint16(1000))
	f.Fuzz(func(t *testing.T, s string, times uint16) {
		if !utf8.ValidString(s) {
			return
		}
		var text string
		for range min(int(times), 20000/(len(s)+1)) {
			text += s
		}
		joined := ""
		for _, part := range splitText(text) {
			if utf16Len(part) > maxText {
				t.Fatalf("a part of %d units", utf16Len(part))
			}
			joined += part
		}
		if joined != text {
			t.Fatal("something was lost")
		}
	})
}
