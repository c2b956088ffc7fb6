package bot

import (
	"strings"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"
)

// command reads the command at the beginning of a text: its name in lower
// case, without slash and bot name. Telegram marks commands as entities, which
// spares us telling "/new" from "/var/www". A command for another bot is none.
func command(text string, entities []models.MessageEntity, username string) (string, bool) {
	for _, e := range entities {
		if e.Type != models.MessageEntityTypeBotCommand || e.Offset != 0 {
			continue
		}
		name, to, addressed := strings.Cut(units(text, e.Length), "@")
		if addressed && !strings.EqualFold(to, username) {
			return "", false
		}
		name, ok := strings.CutPrefix(name, "/")
		return strings.ToLower(name), ok && name != ""
	}
	return "", false
}

// units is the beginning of a text, n UTF-16 units long: what the lengths of
// entities count.
func units(text string, n int) string {
	for i, r := range text {
		if n <= 0 {
			return text[:i]
		}
		n -= utf16.RuneLen(r)
	}
	return text
}
