package telegramsim

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
)

// htmlTags names the entity that each tag of parse_mode HTML makes. A span, a
// link and a blockquote depend on their attributes besides.
var htmlTags = map[string]models.MessageEntityType{
	"a": models.MessageEntityTypeTextLink,
	"b": models.MessageEntityTypeBold, "strong": models.MessageEntityTypeBold,
	"i": models.MessageEntityTypeItalic, "em": models.MessageEntityTypeItalic,
	"u": models.MessageEntityTypeUnderline, "ins": models.MessageEntityTypeUnderline,
	"s": models.MessageEntityTypeStrikethrough, "strike": models.MessageEntityTypeStrikethrough,
	"del":  models.MessageEntityTypeStrikethrough,
	"span": models.MessageEntityTypeSpoiler, "tg-spoiler": models.MessageEntityTypeSpoiler,
	"tg-emoji": models.MessageEntityTypeCustomEmoji,
	"pre":      models.MessageEntityTypePre, "code": models.MessageEntityTypeCode,
	"blockquote": models.MessageEntityTypeBlockquote,
}

// markupText collects a text whose markup is being taken off.
type markupText struct {
	out      strings.Builder
	length   int // in UTF-16 units
	entities []models.MessageEntity
	open     []openTag
}

type openTag struct {
	name   string
	attrs  map[string]string
	offset int // in UTF-16 units
	start  int // in bytes of the text without markup
	at     int // in bytes of the source
}

func (m *markupText) write(s string) {
	m.out.WriteString(s)
	m.length += utf16Len(s)
}

func (m *markupText) last() openTag { return m.open[len(m.open)-1] }

func (m *markupText) push(name string, attrs map[string]string, at int) {
	m.open = append(m.open, openTag{name, attrs, m.length, m.out.Len(), at})
}

func (m *markupText) pop() openTag {
	tag := m.last()
	m.open = m.open[:len(m.open)-1]
	return tag
}

// add makes an entity from where the tag was opened up to here; empty ones
// vanish.
func (m *markupText) add(tag openTag, e models.MessageEntity) {
	e.Offset, e.Length = tag.offset, m.length-tag.offset
	if e.Length > 0 {
		m.entities = append(m.entities, e)
	}
}

func (m *markupText) rich() richText {
	sortEntities(m.entities)
	return richText{text: m.out.String(), entities: m.entities}
}

func cannotParse(format string, args ...any) error {
	return badRequest("can't parse entities: " + fmt.Sprintf(format, args...))
}

// parseHTML takes Telegram's HTML off a text.
func parseHTML(s string) (richText, error) {
	m := &markupText{}
	for i := 0; i < len(s); {
		switch s[i] {
		case '&':
			r, n := htmlEntity(s[i:])
			m.write(r)
			i += n
		case '<':
			n, err := m.tag(s, i)
			if err != nil {
				return richText{}, err
			}
			i = n
		default:
			next := strings.IndexAny(s[i:], "&<")
			if next < 0 {
				next = len(s) - i
			}
			m.write(s[i : i+next])
			i += next
		}
	}
	if len(m.open) > 0 {
		return richText{}, cannotParse("Can't find end tag corresponding to start tag %q", m.last().name)
	}
	return m.rich(), nil
}

var numericEntity = regexp.MustCompile(`^&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));?`)

// htmlEntity decodes the reference at the start of s: the four named ones and
// numbers. An unknown one stays as it stands.
func htmlEntity(s string) (text string, size int) {
	for name, r := range map[string]string{"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": `"`} {
		if strings.HasPrefix(s, name) {
			return r, len(name)
		}
	}
	if g := numericEntity.FindStringSubmatch(s); g != nil {
		digits, base := g[1], 16
		if digits == "" {
			digits, base = g[2], 10
		}
		if n, err := strconv.ParseInt(digits, base, 32); err == nil && n > 0 && utf8.ValidRune(rune(n)) {
			return string(rune(n)), len(g[0])
		}
	}
	return "&", 1
}

// tag takes one tag at the byte offset at, and returns the offset after it.
func (m *markupText) tag(s string, at int) (int, error) {
	if strings.HasPrefix(s[at:], "</") {
		return m.endTag(s, at)
	}
	stop := strings.IndexAny(s[at:], " \t\r\n>")
	if stop < 0 {
		return 0, cannotParse("Unclosed start tag at byte offset %d", at)
	}
	name := strings.ToLower(s[at+1 : at+stop])
	if _, ok := htmlTags[name]; !ok {
		return 0, cannotParse("Unsupported start tag %q at byte offset %d", name, at)
	}
	attrs, end, err := readAttributes(s, at+stop, name, at)
	if err != nil {
		return 0, err
	}
	if name == "span" && attrs["class"] != "tg-spoiler" {
		return 0, cannotParse("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", at)
	}
	m.push(name, attrs, at)
	return end, nil
}

var attribute = regexp.MustCompile(`^\s*([^\s=>/"']+)\s*(=\s*("[^"]*"|'[^']*'|[A-Za-z0-9.-]*))?`)

// readAttributes reads what stands between a tag's name and its >.
func readAttributes(s string, i int, name string, at int) (map[string]string, int, error) {
	attrs := map[string]string{}
	for {
		rest := strings.TrimLeft(s[i:], " \t\r\n")
		i = len(s) - len(rest)
		if rest == "" {
			return nil, 0, cannotParse("Unclosed start tag %q at byte offset %d", name, at)
		}
		if rest[0] == '>' {
			return attrs, i + 1, nil
		}
		g := attribute.FindStringSubmatch(rest)
		if g == nil {
			return nil, 0, cannotParse("Empty attribute name in the tag %q at byte offset %d", name, at)
		}
		attrs[g[1]] = attributeValue(g[3])
		i += len(g[0])
		if g[2] != "" && g[3] == "" && i < len(s) && strings.IndexByte(`"'`, s[i]) >= 0 {
			return nil, 0, cannotParse("Unclosed start tag at byte offset %d", at)
		}
		if i < len(s) && g[3] != "" && !strings.ContainsRune(" \t\r\n>", rune(s[i])) {
			return nil, 0, cannotParse("Unexpected end of name token at byte offset %d", i)
		}
	}
}

func attributeValue(raw string) string {
	if raw == "" || raw[0] != '"' && raw[0] != '\'' {
		return strings.ToLower(raw)
	}
	var b strings.Builder
	for v := raw[1 : len(raw)-1]; v != ""; {
		if v[0] != '&' {
			b.WriteByte(v[0])
			v = v[1:]
			continue
		}
		text, n := htmlEntity(v)
		b.WriteString(text)
		v = v[n:]
	}
	return b.String()
}

func (m *markupText) endTag(s string, at int) (int, error) {
	if len(m.open) == 0 {
		return 0, cannotParse("Unexpected end tag at byte offset %d", at)
	}
	stop := strings.IndexByte(s[at:], '>')
	if stop < 0 {
		return 0, cannotParse("Unclosed end tag at byte offset %d", at)
	}
	name := strings.ToLower(strings.TrimSpace(s[at+2 : at+stop]))
	if want := m.last().name; name != "" && name != want {
		return 0, cannotParse("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", at, want, name)
	}
	m.closeTag(m.pop())
	return at + stop + 1, nil
}

// closeTag makes the entity of a tag that has ended.
func (m *markupText) closeTag(tag openTag) {
	e := models.MessageEntity{Type: htmlTags[tag.name]}
	switch tag.name {
	case "a":
		if e = linkEntity(tag.attrs["href"], m.out.String()[tag.start:]); e.Type == "" {
			return
		}
	case "tg-emoji":
		e.CustomEmojiID = tag.attrs["emoji-id"]
	case "blockquote":
		if _, ok := tag.attrs["expandable"]; ok {
			e.Type = models.MessageEntityTypeExpandableBlockquote
		}
	case "code":
		e.Language = strings.TrimPrefix(tag.attrs["class"], "language-")
	case "pre":
		if n := len(m.entities) - 1; n >= 0 && m.entities[n].Type == models.MessageEntityTypeCode &&
			m.entities[n].Offset == tag.offset && m.entities[n].Length == m.length-tag.offset {
			m.entities[n].Type = models.MessageEntityTypePre
			return
		}
	}
	m.add(tag, e)
}

// linkEntity is what a link makes: a mention of a user, a link, or nothing when
// the address is none. A link without an address leads to its own text.
func linkEntity(url, text string) models.MessageEntity {
	if url == "" {
		url = text
	}
	if id, ok := strings.CutPrefix(url, "tg://user?id="); ok {
		n, _ := strconv.ParseInt(id, 10, 64)
		return models.MessageEntity{Type: models.MessageEntityTypeTextMention, User: &models.User{ID: n}}
	}
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		scheme, rest = "http", url
		url = "http://" + url
	}
	if !strings.Contains(rest, ".") && scheme != "tg" || strings.ContainsAny(rest, " \n") {
		return models.MessageEntity{}
	}
	if !strings.Contains(rest, "/") {
		url += "/"
	}
	return models.MessageEntity{Type: models.MessageEntityTypeTextLink, URL: url}
}
