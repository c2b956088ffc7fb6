package telegramsim

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
)

// detector finds one kind of entity that Telegram marks by itself. The first
// group of the pattern is the entity; hint is a byte that every match has.
type detector struct {
	kind    models.MessageEntityType
	hint    string
	pattern *regexp.Regexp
}

// detectors are compiled when they are first needed, which is never where a real
// Telegram is, and takes milliseconds.
var detectors = sync.OnceValue(func() []detector {
	return []detector{
		{models.MessageEntityTypeBotCommand, "/", regexp.MustCompile(`(?:^|[^\w/<>])(/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?)\b`)},
		{models.MessageEntityTypeURL, ".", regexp.MustCompile(`(?i)(?:^|[^\pL\pN_@.-])((?:https?://[^\s<>"]*[^\s<>".,;:!?)\]])|(?:[\pL\pN-]+\.)+(?:com|net|org|ru|рф|su|io|dev|test|info|site|online|store|shop|app|me|ai|by|kz|ua|eu|de|uk|pro|xyz|москва)\b(?:/[^\s<>"]*[^\s<>".,;:!?)\]])?)`)},
		{models.MessageEntityTypeEmail, "@", regexp.MustCompile(`(?:^|[^\w.+-])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)`)},
		{models.MessageEntityTypeMention, "@", regexp.MustCompile(`(?:^|[^\pL\pN_@/.])(@[a-zA-Z][a-zA-Z0-9_]{2,31})\b`)},
		{models.MessageEntityTypeHashtag, "#", regexp.MustCompile(`(?:^|[^\pL\pN_#])(#[\pL\pN_]*\pL[\pL\pN_]*)`)},
	}
})

// detectEntities adds commands, links, addresses, mentions and hashtags to the
// entities that were given, except where they overlap those.
func detectEntities(text string, given []models.MessageEntity) []models.MessageEntity {
	found := given
	for _, d := range detectors() {
		if !strings.Contains(text, d.hint) {
			continue
		}
		for _, m := range d.pattern.FindAllStringSubmatchIndex(text, maxEntities) {
			e := models.MessageEntity{
				Type: d.kind, Offset: utf16Len(text[:m[2]]), Length: utf16Len(text[m[2]:m[3]]),
			}
			if !overlaps(found, e) && !followsLetter(text, m[2]) {
				found = append(found, e)
			}
		}
	}
	sortEntities(found)
	return found[:min(len(found), maxEntities)]
}

func overlaps(list []models.MessageEntity, e models.MessageEntity) bool {
	return slices.ContainsFunc(list, func(o models.MessageEntity) bool {
		return e.Offset < o.Offset+o.Length && o.Offset < e.Offset+e.Length &&
			o.Type != models.MessageEntityTypeBlockquote && o.Type != models.MessageEntityTypeExpandableBlockquote &&
			o.Type != models.MessageEntityTypeBold && o.Type != models.MessageEntityTypeItalic &&
			o.Type != models.MessageEntityTypeUnderline
	})
}

// followsLetter tells whether a Cyrillic or other letter, which the pattern's \w
// does not know, stands right before.
func followsLetter(text string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	return r > 0x7F && r != utf8.RuneError && !strings.ContainsRune("«»“”„—–…", r) && unicode.IsLetter(r)
}
