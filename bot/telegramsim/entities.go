package telegramsim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
)

// Lengths in UTF-16 units after the markup is gone, and in bytes before.
const (
	maxText     = 4096
	maxCaption  = 1024
	maxRawBytes = 1 << 15
	// maxEntities is how many entities a text keeps, from its start.
	maxEntities = 100
)

// richText is a text with its markup.
type richText struct {
	text     string
	entities []models.MessageEntity
}

// utf16Len is a text's length as Telegram counts it.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// richText reads a text with its parse mode or its entities, and brings it into
// the form in which Telegram stores it.
func (c *call) richText(text, mode string, entities json.RawMessage) (richText, error) {
	if len(text) > maxRawBytes {
		return richText{}, badRequest("text is too long")
	}
	t := richText{text: text}
	var err error
	switch mode = strings.ToLower(mode); {
	case text == "":
		return t, nil
	case mode == "" || mode == "none":
		t.entities, err = readEntities(entities)
	case mode == "html":
		t, err = parseHTML(text)
	case mode == "markdownv2":
		t, err = parseMarkdown(text)
	default:
		err = badRequest("unsupported parse_mode")
	}
	if err != nil {
		return richText{}, err
	}
	return tidy(t)
}

func readEntities(raw json.RawMessage) ([]models.MessageEntity, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var list []models.MessageEntity
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, badRequest("can't parse MessageEntity: expected an Object")
	}
	kept := list[:0]
	for _, e := range list {
		switch {
		case e.Offset < 0 || e.Offset > 1000000:
			return nil, badRequest(fmt.Sprintf("receive an entity with incorrect offset %d", e.Offset))
		case e.Length < 0 || e.Length > 1000000:
			return nil, badRequest(fmt.Sprintf("receive an entity with incorrect length %d", e.Length))
		case e.Length > 0:
			kept = append(kept, e)
		}
	}
	return kept, nil
}

// tidy cleans control characters, checks the entities against the text, trims
// white space at both ends and finds links and commands, as the server does.
func tidy(t richText) (richText, error) {
	if !utf8.ValidString(t.text) {
		return t, badRequest("strings must be encoded in UTF-8")
	}
	if err := checkEntities(t); err != nil {
		return t, err
	}
	sortEntities(t.entities)
	t.entities = t.entities[:min(len(t.entities), maxEntities)]
	t = cleanText(t)
	t.entities = slices.DeleteFunc(t.entities, func(e models.MessageEntity) bool {
		return strings.TrimSpace(cut16(t.text, e.Offset, e.Length)) == ""
	})
	if len(t.entities) == 0 {
		t.text = strings.TrimFunc(t.text, isBlank)
	} else {
		t = trimRich(t)
	}
	t.entities = detectEntities(t.text, t.entities)
	return t, nil
}

func isBlank(r rune) bool { return r == ' ' || r == '\n' }

// isDropped names the characters that the server takes out: carriage returns,
// line and paragraph separators, the marks that turn the direction of writing,
// and lines drawn through a text. Each is one UTF-16 unit.
func isDropped(r rune) bool {
	return r == '\r' || r >= 0x2028 && r <= 0x202E || r == 0x0333 || r == 0x033F || r == 0x030A
}

func isControl(r rune) bool { return r < ' ' && r != '\n' }

// cleanText drops characters and turns control characters into spaces, and moves
// the entities along.
func cleanText(t richText) richText {
	if !strings.ContainsFunc(t.text, func(r rune) bool { return isDropped(r) || isControl(r) }) {
		return t
	}
	for i, e := range t.entities {
		before := countDropped(cut16(t.text, 0, e.Offset))
		t.entities[i].Length -= countDropped(cut16(t.text, e.Offset, e.Length))
		t.entities[i].Offset -= before
	}
	t.text = strings.Map(func(r rune) rune {
		switch {
		case isDropped(r):
			return -1
		case isControl(r):
			return ' '
		}
		return r
	}, t.text)
	return t
}

func countDropped(s string) int {
	n := 0
	for _, r := range s {
		if isDropped(r) {
			n++
		}
	}
	return n
}

// checkEntities refuses entities that do not fall on the text's characters.
func checkEntities(t richText) error {
	if len(t.entities) == 0 {
		return nil
	}
	length := utf16Len(t.text)
	middle := surrogateMiddles(t.text)
	for _, e := range t.entities {
		end := e.Offset + e.Length
		switch {
		case e.Offset >= length:
			return badRequest(fmt.Sprintf("entity begins after the end of the text at UTF-16 offset %d", e.Offset))
		case end > length:
			return badRequest(fmt.Sprintf("entity beginning at UTF-16 offset %d ends after the end of the text at UTF-16 offset %d", e.Offset, end))
		case middle[e.Offset] > 0:
			return badRequest(fmt.Sprintf("entity begins in a middle of a UTF-16 symbol at byte offset %d", middle[e.Offset]))
		case middle[end] > 0:
			return badRequest(fmt.Sprintf("entity beginning at UTF-16 offset %d ends in a middle of a UTF-16 symbol at byte offset %d", e.Offset, middle[end]))
		}
	}
	return nil
}

// surrogateMiddles maps each UTF-16 offset within a character to the byte offset
// after that character.
func surrogateMiddles(s string) map[int]int {
	middles := map[int]int{}
	at := 0
	for i, r := range s {
		at++
		if r > 0xFFFF {
			middles[at] = i + utf8.RuneLen(r)
			at++
		}
	}
	return middles
}

// trimRich trims white space at the end, and at the start up to the first
// entity, and moves the entities along.
func trimRich(t richText) richText {
	t.text = strings.TrimRightFunc(t.text, isBlank)
	length := utf16Len(t.text)
	lead := 0
	for lead < len(t.text) && lead < t.entities[0].Offset && isBlank(rune(t.text[lead])) {
		lead++
	}
	t.text = t.text[lead:]
	kept := t.entities[:0]
	for _, e := range t.entities {
		e.Length = min(e.Length, length-e.Offset)
		e.Offset -= lead
		if e.Length > 0 {
			kept = append(kept, e)
		}
	}
	t.entities = kept
	return t
}

func sortEntities(list []models.MessageEntity) {
	slices.SortStableFunc(list, func(a, b models.MessageEntity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length))
	})
}

// cut16 is the part of a text at a UTF-16 offset and length.
func cut16(s string, offset, length int) string {
	from := cutAt(s, offset)
	return s[from : from+cutAt(s[from:], length)]
}
