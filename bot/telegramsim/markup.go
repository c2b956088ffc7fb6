package telegramsim

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/go-telegram/bot/models"
)

// maxButtonData is the longest callback data in bytes.
const maxButtonData = 64

// replyMarkup is the argument reply_markup: one of an inline keyboard, a reply
// keyboard, its removal, or a forced reply.
type replyMarkup struct {
	inline *models.InlineKeyboardMarkup
	reply  *models.ReplyKeyboardMarkup
	remove bool
}

type markupFields struct {
	Inline [][]models.InlineKeyboardButton `json:"inline_keyboard"`
	Reply  [][]json.RawMessage             `json:"keyboard"`
	Remove bool                            `json:"remove_keyboard"`
	models.ReplyKeyboardMarkup
}

// markup reads and checks reply_markup; nil when there is none.
func (c *call) markup() (*replyMarkup, error) {
	if !c.has("reply_markup") {
		return nil, nil
	}
	raw := []byte(c.str("reply_markup"))
	if !json.Valid(raw) {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	if raw[0] != '{' {
		return nil, badRequest("object expected as reply markup")
	}
	var f markupFields
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	switch {
	case f.Inline != nil:
		return inlineMarkup(f.Inline)
	case f.Reply != nil:
		return keyboardMarkup(f)
	}
	return &replyMarkup{remove: f.Remove}, nil
}

func inlineMarkup(rows [][]models.InlineKeyboardButton) (*replyMarkup, error) {
	for _, row := range rows {
		for _, b := range row {
			if err := checkButton(b); err != nil {
				return nil, err
			}
		}
	}
	rows = tidyRows(rows, func(b models.InlineKeyboardButton) bool { return b.Text == "" })
	if len(rows) == 0 {
		return &replyMarkup{}, nil
	}
	return &replyMarkup{inline: &models.InlineKeyboardMarkup{InlineKeyboard: rows}}, nil
}

// What a keyboard may hold; the server drops the rest without a word.
const (
	maxRow     = 12
	maxButtons = 300
)

// tidyRows drops what the server drops silently: buttons without a text, those
// past a row's or the keyboard's limit, and rows that are left empty.
func tidyRows[B any](rows [][]B, blank func(B) bool) [][]B {
	var kept [][]B
	total := 0
	for _, row := range rows {
		row = slices.DeleteFunc(row, blank)
		row = row[:min(len(row), maxRow, maxButtons-total)]
		if len(row) > 0 {
			kept = append(kept, row)
			total += len(row)
		}
	}
	return kept
}

func checkButton(b models.InlineKeyboardButton) error {
	switch {
	case b.Text == "":
		return nil // it vanishes, whatever else is wrong with it
	case b.URL != "" && !isLink(b.URL):
		return badRequest("inline keyboard button URL '" + b.URL + "' is invalid: Wrong HTTP URL")
	case len(b.CallbackData) > maxButtonData:
		return badRequest("BUTTON_DATA_INVALID")
	case b.CallbackData == "" && !hasOtherAction(b):
		return badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	}
	return nil
}

// isLink tells whether a button may lead to an address: one of Telegram's own, or
// a host on the web.
func isLink(s string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	if u.Scheme == "tg" || u.Scheme == "ton" {
		return true
	}
	host := u.Hostname()
	if u.Scheme == "" {
		host, _, _ = strings.Cut(s, "/")
	}
	return strings.Contains(host, ".")
}

func hasOtherAction(b models.InlineKeyboardButton) bool {
	return b.URL != "" || b.WebApp != nil || b.LoginURL != nil || b.SwitchInlineQuery != nil ||
		b.SwitchInlineQueryCurrentChat != nil || b.SwitchInlineQueryChosenChat != nil ||
		b.CopyText != nil || b.CallbackGame != nil || b.Pay || b.Disabled != nil
}

// keyboardMarkup reads a reply keyboard, whose buttons may be bare strings.
func keyboardMarkup(f markupFields) (*replyMarkup, error) {
	k := f.ReplyKeyboardMarkup
	k.Keyboard = nil
	var rows [][]models.KeyboardButton
	for _, row := range f.Reply {
		var buttons []models.KeyboardButton
		for _, raw := range row {
			var b models.KeyboardButton
			if raw[0] == '"' {
				_ = json.Unmarshal(raw, &b.Text)
			} else if json.Unmarshal(raw, &b) != nil {
				return nil, badRequest("can't parse keyboard button: KeyboardButton must be a String or an Object")
			}
			buttons = append(buttons, b)
		}
		rows = append(rows, buttons)
	}
	k.Keyboard = tidyRows(rows, func(b models.KeyboardButton) bool { return b.Text == "" })
	if len(k.Keyboard) == 0 {
		return &replyMarkup{}, nil
	}
	return &replyMarkup{reply: &k}, nil
}
