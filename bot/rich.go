package bot

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
)

// Telegram's limits, in UTF-16 units after the entities were taken out
// (https://core.telegram.org/bots/api#sendmessage).
const (
	maxText    = 4096
	maxCaption = 1024
)

// rich is a text with its formatting beside it. Nothing is ever sent with a
// parse mode: what a customer writes cannot become markup, or break it.
type rich struct {
	text     string
	entities []models.MessageEntity // offsets and lengths in UTF-16 units, by offset
}

// The isolates of the Unicode bidirectional algorithm: what stands between them
// cannot turn around the text beside it.
const (
	fsi = '\u2068' // first strong isolate
	pdi = '\u2069' // pop directional isolate
)

// sanitize makes somebody's words fit for a message: valid UTF-8, newlines for
// line ends, no control characters, and none of the invisible characters that
// turn the direction of text around. Telegram removes most of these itself, and
// the entities' offsets must not come to depend on it.
func sanitize(s string) string {
	if strings.IndexFunc(s, unfit) < 0 && utf8.ValidString(s) {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029':
			return '\n'
		case isBidiControl(r):
			return -1
		case unfit(r):
			return ' '
		}
		return r
	}, s)
}

func unfit(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r == 0x7F || r == '\u2028' || r == '\u2029' || isBidiControl(r)
}

func isBidiControl(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// isolate wraps every line that holds right-to-left letters, so that it cannot
// scramble the words of ours around it. parseRich takes the isolates away again
// where a line stands alone: it must be free to begin on its own side.
func isolate(s string) string {
	if strings.IndexFunc(s, isRightToLeft) < 0 {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.IndexFunc(line, isRightToLeft) >= 0 {
			lines[i] = string(fsi) + line + string(pdi)
		}
	}
	return strings.Join(lines, "\n")
}

func isRightToLeft(r rune) bool {
	return r >= 0x0590 && r <= 0x08FF || r >= 0xFB1D && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFC ||
		r >= 0x10800 && r <= 0x10FFF || r >= 0x1E800 && r <= 0x1EFFF || r == '\u200F'
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// untrusted makes an argument of somebody's words: shown as they are.
func untrusted(s string) string { return escaper.Replace(isolate(sanitize(s))) }

// entityOf maps the tags of our markup.
var entityOf = map[string]models.MessageEntityType{
	"b": models.MessageEntityTypeBold, "i": models.MessageEntityTypeItalic, "u": models.MessageEntityTypeUnderline,
	"s": models.MessageEntityTypeStrikethrough, "code": models.MessageEntityTypeCode, "pre": models.MessageEntityTypePre,
	"blockquote": models.MessageEntityTypeBlockquote, "a": models.MessageEntityTypeTextLink,
}

// richParser builds a rich from markup.
type richParser struct {
	text  strings.Builder
	units int // UTF-16 length of text
	open  []openTag
	done  []models.MessageEntity
}

type openTag struct {
	name   string
	entity models.MessageEntity
}

// parseRich reads our markup. It never fails: what is no tag of ours is text.
func parseRich(markup string) rich {
	p := richParser{}
	p.text.Grow(len(markup))
	for markup = dropLoneIsolates(markup); markup != ""; {
		i := strings.IndexAny(markup, "<&")
		if i < 0 {
			i = len(markup)
		}
		p.write(markup[:i])
		markup = p.special(markup[i:])
	}
	for len(p.open) > 0 {
		p.end(p.open[len(p.open)-1].name)
	}
	sortEntities(p.done)
	return rich{p.text.String(), p.done}
}

func (p *richParser) write(s string) {
	p.text.WriteString(s)
	p.units += unitsOf(s)
}

// special takes what stands at a "<" or "&", and returns the rest.
func (p *richParser) special(s string) string {
	if s == "" {
		return ""
	}
	if s[0] == '&' {
		for _, e := range [...][2]string{{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&quot;", `"`}} {
			if rest, ok := strings.CutPrefix(s, e[0]); ok {
				p.write(e[1])
				return rest
			}
		}
	} else if inner, rest, ok := strings.Cut(s[1:], ">"); ok && p.tag(inner) {
		return rest
	}
	p.write(s[:1])
	return s[1:]
}

func (p *richParser) tag(inner string) bool {
	if name, ok := strings.CutPrefix(inner, "/"); ok {
		return p.end(name)
	}
	name, attr, _ := strings.Cut(inner, " ")
	kind, ok := entityOf[name]
	if !ok || (attr != "") != (name == "a") {
		return false
	}
	e := models.MessageEntity{Type: kind, Offset: p.units}
	if name == "a" {
		e.URL = linkOf(attr)
	}
	p.open = append(p.open, openTag{name, e})
	return true
}

// linkOf reads href="…". An address that Telegram would not take makes the link
// plain text, instead of the whole message failing.
func linkOf(attr string) string {
	s, ok := strings.CutPrefix(attr, `href="`)
	if !ok {
		return ""
	}
	s = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&", string(fsi), "", string(pdi), "").
		Replace(strings.TrimSuffix(s, `"`))
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return s
}

// end closes the innermost tag of a name, and what was left open within it.
func (p *richParser) end(name string) bool {
	i := len(p.open) - 1
	for i >= 0 && p.open[i].name != name {
		i--
	}
	if i < 0 {
		return false
	}
	for _, o := range p.open[i:] {
		e := o.entity
		e.Length = p.units - e.Offset
		if e.Length > 0 && (e.Type != models.MessageEntityTypeTextLink || e.URL != "") {
			p.done = append(p.done, e)
		}
	}
	p.open = p.open[:i]
	return true
}

// dropLoneIsolates takes isolates off where they hold all of a line.
func dropLoneIsolates(s string) string {
	if !strings.ContainsRune(s, fsi) {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		inner, ok := strings.CutPrefix(line, string(fsi))
		if inner, ok2 := strings.CutSuffix(inner, string(pdi)); ok && ok2 && !strings.ContainsAny(inner, string(fsi)+string(pdi)) {
			lines[i] = inner
		}
	}
	return strings.Join(lines, "\n")
}

// unitsOf is the length in UTF-16 units.
func unitsOf(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// isBlank tells whether nothing of a text can be seen: Telegram refuses such
// messages.
func isBlank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.IsControl(r) &&
			r != '\u2800' && r != '\u3164' && r != '\u115F' && r != '\u1160' && r != '\uFFA0'
	}) < 0
}
