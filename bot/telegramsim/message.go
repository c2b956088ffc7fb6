package telegramsim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"
)

// Message is one message as it stood when it was read. It does not change later.
type Message struct {
	ID     int   `json:"id"`
	Chat   int64 `json:"chat"`
	Thread int   `json:"thread,omitempty"`
	// Version counts from 1 and goes up with each edit.
	Version int `json:"version"`
	// FromID is the sender's user ID, FromBot whether that is a bot.
	FromID  int64  `json:"from_id"`
	From    string `json:"from"`
	FromBot bool   `json:"from_bot,omitempty"`
	// Text is the text, or the caption of a medium.
	Text string `json:"text,omitempty"`
	// Kind is "text", "photo", "document", "animation", "sticker", "voice",
	// "video", "contact", "location" or "service".
	Kind string `json:"kind"`
	// FileID names the medium's bytes for World.File; empty without a medium.
	FileID string `json:"file_id,omitempty"`
	// Buttons are the rows of the inline keyboard, Keyboard those of a reply
	// keyboard that came with the message.
	Buttons   [][]Button `json:"buttons,omitempty"`
	Keyboard  [][]Button `json:"keyboard,omitempty"`
	Reactions []Reaction `json:"reactions,omitempty"`
	Pinned    bool       `json:"pinned,omitempty"`
	Deleted   bool       `json:"deleted,omitempty"`
	Date      time.Time  `json:"date"`
	EditDate  time.Time  `json:"edit_date,omitzero"`
	// Raw is the message as the Bot API shows it; read only.
	Raw *models.Message `json:"raw"`
}

// Button is one button of a keyboard.
type Button struct {
	Text string `json:"text"`
	Data string `json:"data,omitempty"`
	URL  string `json:"url,omitempty"`
	// RequestContact marks a reply-keyboard button that shares one's own contact.
	RequestContact bool `json:"request_contact,omitempty"`
}

// Reaction is one emoji set by one user.
type Reaction struct {
	UserID int64  `json:"user_id"`
	Emoji  string `json:"emoji"`
}

// Has tells whether the text contains every one of the substrings.
func (m Message) Has(substrings ...string) bool {
	for _, s := range substrings {
		if !strings.Contains(m.Text, s) {
			return false
		}
	}
	return true
}

// Labels lists the texts of the inline buttons, row by row.
func (m Message) Labels() []string {
	var out []string
	for _, row := range m.Buttons {
		for _, b := range row {
			out = append(out, b.Text)
		}
	}
	return out
}

func (w *World) snapshot(c *chat, r *record) Message {
	raw := r.msg
	m := Message{
		ID: raw.ID, Chat: c.info.ID, Thread: r.thread, Version: r.version,
		Text: raw.Text + raw.Caption, Pinned: r.pinned, Deleted: r.deleted,
		Date: time.Unix(int64(raw.Date), 0), Raw: forWire(raw),
	}
	if raw.From != nil {
		m.FromID, m.From, m.FromBot = raw.From.ID, fullName(raw.From), raw.From.IsBot
	}
	if raw.EditDate != 0 {
		m.EditDate = time.Unix(int64(raw.EditDate), 0)
	}
	m.Kind, m.FileID = kindOf(raw)
	m.Buttons = inlineButtons(raw.ReplyMarkup)
	if r.markup != nil {
		m.Keyboard = replyButtons(r.markup.reply)
	}
	m.Reactions = r.reactionList()
	return m
}

// forWire is a message for one reader to encode. A forward's origin is copied, as
// the library writes into it while encoding.
func forWire(m *models.Message) *models.Message {
	if m == nil || !holdsOrigin(m) {
		return m
	}
	cp := *m
	if m.ForwardOrigin != nil {
		user := *m.ForwardOrigin.MessageOriginUser
		cp.ForwardOrigin = &models.MessageOrigin{Type: m.ForwardOrigin.Type, MessageOriginUser: &user}
	}
	cp.ReplyToMessage = forWire(m.ReplyToMessage)
	if m.PinnedMessage != nil {
		cp.PinnedMessage = &models.MaybeInaccessibleMessage{Message: forWire(m.PinnedMessage.Message)}
	}
	return &cp
}

func holdsOrigin(m *models.Message) bool {
	return m.ForwardOrigin != nil ||
		m.ReplyToMessage != nil && m.ReplyToMessage.ForwardOrigin != nil ||
		m.PinnedMessage != nil && m.PinnedMessage.Message.ForwardOrigin != nil
}

func (r *record) reactionList() []Reaction {
	var out []Reaction
	for id, list := range r.reactions {
		for _, t := range list {
			if t.ReactionTypeEmoji != nil {
				out = append(out, Reaction{UserID: id, Emoji: t.ReactionTypeEmoji.Emoji})
			}
		}
	}
	slices.SortFunc(out, func(a, b Reaction) int { return int(a.UserID - b.UserID) })
	return out
}

func inlineButtons(m *models.InlineKeyboardMarkup) [][]Button {
	if m == nil {
		return nil
	}
	rows := make([][]Button, len(m.InlineKeyboard))
	for i, row := range m.InlineKeyboard {
		for _, b := range row {
			rows[i] = append(rows[i], Button{Text: b.Text, Data: b.CallbackData, URL: b.URL})
		}
	}
	return rows
}

func replyButtons(m *models.ReplyKeyboardMarkup) [][]Button {
	if m == nil {
		return nil
	}
	rows := make([][]Button, len(m.Keyboard))
	for i, row := range m.Keyboard {
		for _, b := range row {
			rows[i] = append(rows[i], Button{Text: b.Text, RequestContact: b.RequestContact})
		}
	}
	return rows
}

// kindOf names a message's content and the file that holds its bytes.
func kindOf(m *models.Message) (kind, fileID string) {
	switch {
	case len(m.Photo) > 0:
		return "photo", m.Photo[len(m.Photo)-1].FileID
	case m.Animation != nil:
		return "animation", m.Animation.FileID
	case m.Document != nil:
		return "document", m.Document.FileID
	case m.Video != nil:
		return "video", m.Video.FileID
	case m.Voice != nil:
		return "voice", m.Voice.FileID
	case m.Sticker != nil:
		return "sticker", m.Sticker.FileID
	case m.Contact != nil:
		return "contact", ""
	case m.Location != nil:
		return "location", ""
	case m.Text != "":
		return "text", ""
	}
	return "service", ""
}

func fullName(u *models.User) string {
	return strings.TrimSpace(u.FirstName + " " + u.LastName)
}

// String is the message as one readable line or a few, for failures and stories.
func (m Message) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:", m.From)
	if label := m.contentLabel(); label != "" {
		fmt.Fprintf(&b, " [%s]", label)
	}
	if m.Text != "" {
		b.WriteString(" " + strings.ReplaceAll(m.Text, "\n", "\n    "))
	}
	for _, rows := range [][][]Button{m.Buttons, m.Keyboard} {
		for _, row := range rows {
			b.WriteString("\n    ")
			for _, button := range row {
				fmt.Fprintf(&b, "[ %s ] ", button.Text)
			}
		}
	}
	return strings.TrimRight(b.String(), " ")
}

func (m Message) contentLabel() string {
	raw := m.Raw
	switch m.Kind {
	case "text":
		return ""
	case "document":
		return "document " + raw.Document.FileName
	case "contact":
		return "contact " + raw.Contact.FirstName + " " + raw.Contact.PhoneNumber
	case "service":
		return serviceLabel(raw)
	}
	return m.Kind
}

func serviceLabel(m *models.Message) string {
	switch {
	case m.ForumTopicCreated != nil:
		return "topic created: " + m.ForumTopicCreated.Name
	case m.ForumTopicEdited != nil:
		return "topic renamed: " + m.ForumTopicEdited.Name
	case m.ForumTopicClosed != nil:
		return "topic closed"
	case m.ForumTopicReopened != nil:
		return "topic reopened"
	case m.PinnedMessage != nil:
		return "pinned a message"
	case m.NewChatMembers != nil:
		return "joined: " + fullName(&m.NewChatMembers[0])
	case m.LeftChatMember != nil:
		return "left: " + fullName(m.LeftChatMember)
	case m.MigrateToChatID != 0:
		return "became a supergroup"
	}
	return "service message"
}
