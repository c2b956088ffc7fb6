package telegramsim

import (
	"strings"

	"github.com/go-telegram/bot/models"
)

// markers are the paired signs of MarkdownV2, the longer ones first.
var markers = []struct {
	sign string
	kind models.MessageEntityType
}{
	{"__", models.MessageEntityTypeUnderline},
	{"||", models.MessageEntityTypeSpoiler},
	{"*", models.MessageEntityTypeBold},
	{"_", models.MessageEntityTypeItalic},
	{"~", models.MessageEntityTypeStrikethrough},
}

// reserved signs must stand after a backslash when they mean themselves.
const reserved = "_*[]()~`>#+-=|{}.!\n"

// parseMarkdown takes MarkdownV2 off a text.
func parseMarkdown(s string) (richText, error) {
	m := &markupText{}
	lineStart := true
	for i := 0; i < len(s); {
		ch := s[i]
		switch {
		case ch == '\\' && i+1 < len(s) && s[i+1] > 0 && s[i+1] < 127:
			m.write(s[i+1 : i+2])
			i += 2
			lineStart = false
			continue
		case ch == '\n':
			if err := m.endLine(s, i); err != nil {
				return richText{}, err
			}
			i++
			lineStart = true
			continue
		case ch == '>' && lineStart:
			if len(m.open) == 0 {
				m.push("blockquote", nil, i)
			}
			i++
			continue
		case strings.IndexByte(reserved, ch) < 0:
			next := strings.IndexAny(s[i+1:], reserved+"\\") + 1
			if next == 0 {
				next = len(s) - i
			}
			m.write(s[i : i+next])
			i += next
			lineStart = false
			continue
		}
		n, err := m.sign(s, i)
		if err != nil {
			return richText{}, err
		}
		i = n
		lineStart = false
	}
	return m.finish()
}

// endLine writes a line's end. A quotation goes on when the next line is one too.
func (m *markupText) endLine(s string, i int) error {
	if len(m.open) > 0 && m.open[0].name == "blockquote" && !strings.HasPrefix(s[i+1:], ">") {
		if len(m.open) > 1 {
			return m.unfinished()
		}
		m.add(m.pop(), models.MessageEntity{Type: models.MessageEntityTypeBlockquote})
	}
	m.write("\n")
	return nil
}

func (m *markupText) unfinished() error {
	tag := m.last()
	return cannotParse("Can't find end of %s entity at byte offset %d", tag.name, tag.at)
}

func (m *markupText) finish() (richText, error) {
	if len(m.open) == 1 && m.open[0].name == "blockquote" {
		m.add(m.pop(), models.MessageEntity{Type: models.MessageEntityTypeBlockquote})
	}
	if len(m.open) > 0 {
		return richText{}, m.unfinished()
	}
	return m.rich(), nil
}

// sign takes one marker at i and returns the offset after it.
func (m *markupText) sign(s string, i int) (int, error) {
	switch {
	case strings.HasPrefix(s[i:], "```"):
		return m.codeBlock(s, i)
	case s[i] == '`':
		return m.verbatim(s, i, "`", models.MessageEntity{Type: models.MessageEntityTypeCode})
	case s[i] == '[':
		m.push("TextUrl", nil, i)
		return i + 1, nil
	case s[i] == ']' && len(m.open) > 0 && m.last().name == "TextUrl":
		return m.link(s, i)
	}
	for _, mark := range markers {
		if !strings.HasPrefix(s[i:], mark.sign) {
			continue
		}
		if len(m.open) > 0 && m.last().name == string(mark.kind) {
			m.add(m.pop(), models.MessageEntity{Type: mark.kind})
		} else {
			m.push(string(mark.kind), nil, i)
		}
		return i + len(mark.sign), nil
	}
	return 0, cannotParse("Character '%c' is reserved and must be escaped with the preceding '\\'", s[i])
}

func (m *markupText) codeBlock(s string, i int) (int, error) {
	body := s[i+3:]
	e := models.MessageEntity{Type: models.MessageEntityTypePre}
	if stop := strings.IndexAny(body, "\n `"); stop > 0 && body[stop] == '\n' {
		e.Language = body[:stop]
	}
	return m.verbatim(s, i, "```", e)
}

// verbatim takes code up to its closing sign; only ` and \ are escaped within.
func (m *markupText) verbatim(s string, i int, sign string, e models.MessageEntity) (int, error) {
	m.push(string(e.Type), nil, i)
	at := i + len(sign) + len(e.Language)
	if sign == "```" && strings.HasPrefix(s[at:], "\n") {
		at++
	}
	for at < len(s) {
		switch {
		case strings.HasPrefix(s[at:], sign):
			m.add(m.pop(), e)
			return at + len(sign), nil
		case s[at] == '\\' && at+1 < len(s) && (s[at+1] == '`' || s[at+1] == '\\'):
			at++
		}
		next := strings.IndexAny(s[at+1:], "`\\") + 1
		if next == 0 {
			next = len(s) - at
		}
		m.write(s[at : at+next])
		at += next
	}
	return 0, m.unfinished()
}

// link takes the address after a link's text.
func (m *markupText) link(s string, i int) (int, error) {
	tag := m.pop()
	if !strings.HasPrefix(s[i+1:], "(") {
		if e := linkEntity("", m.out.String()[tag.start:]); e.Type != "" {
			m.add(tag, e)
		}
		return i + 1, nil
	}
	stop := strings.IndexByte(s[i+2:], ')')
	if stop < 0 {
		return 0, cannotParse("Can't find end of a URL at byte offset %d", i+2)
	}
	url := strings.ReplaceAll(s[i+2:i+2+stop], `\`, "")
	if e := linkEntity(url, m.out.String()[tag.start:]); e.Type != "" {
		m.add(tag, e)
	}
	return i + 3 + stop, nil
}
