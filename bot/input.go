package bot

import (
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/dialog"
	"intakebot/tickets"
)

// reader turns what happens in a private chat into what a customer did.
type reader struct {
	username string                            // the bot's, without @
	label    func(label string) (string, bool) // text key of a keyboard's label
	most     int64                             // bytes of a file
	now      time.Time
}

// read gives the input, or false for what nobody did: service messages, kinds
// that the bot does not use, other bots. A document's content is still to be
// looked at: its Type is empty.
func (rd reader) read(r *received) (dialog.Input, bool) {
	from := r.sender()
	if from == nil || from.IsBot {
		return dialog.Input{}, false
	}
	in := dialog.Input{Update: r.mark(), From: person(from), Date: rd.now, Thread: r.topic()}
	switch u := r.update; {
	case u.Message != nil:
		rd.place(&in, u.Message)
		return in, rd.content(&in, u.Message)
	case u.EditedMessage != nil:
		rd.place(&in, u.EditedMessage)
		return in, rd.edit(&in, u.EditedMessage)
	case u.CallbackQuery != nil:
		return in, rd.pressed(&in, u.CallbackQuery)
	case u.MyChatMember != nil:
		return in, rd.member(&in, u.MyChatMember)
	}
	return in, false
}

func person(u *models.User) dialog.Person {
	return dialog.Person{
		ID: u.ID, Nick: u.Username, Tag: u.LanguageCode,
		Name: clean(strings.TrimSpace(u.FirstName + " " + u.LastName)),
	}
}

func (rd reader) place(in *dialog.Input, m *models.Message) {
	in.Message = int64(m.ID)
	in.Date = time.Unix(int64(m.Date), 0).UTC()
}

// content reads a new message. What others wrote and the customer forwards is
// taken by its content, and never as a command.
func (rd reader) content(in *dialog.Input, m *models.Message) bool {
	in.Text = clean(m.Text + m.Caption)
	switch {
	case m.Text != "":
		rd.text(in, m)
	case m.Contact != nil:
		in.Kind = dialog.Shared
		in.Phone = clean(m.Contact.PhoneNumber)
		in.Own = m.Contact.UserID == m.From.ID
	case rd.file(in, m):
		in.Kind = dialog.Sent
	case isOther(m):
		in.Kind = dialog.Other
	default:
		return false
	}
	return true
}

// text tells commands and the keyboard's keys from words. A command keeps its
// whole text too.
func (rd reader) text(in *dialog.Input, m *models.Message) {
	in.Kind = dialog.Typed
	if m.ForwardOrigin != nil {
		return
	}
	if name, ok := command(m.Text, m.Entities, rd.username); ok {
		in.Kind, in.Command = dialog.Commanded, name
		return
	}
	if key, ok := rd.label(in.Text); ok {
		in.Kind, in.Key = dialog.Keyed, key
	}
}

// edit reads an edited message. Telegram also reports edits that nobody made,
// such as a live location's.
func (rd reader) edit(in *dialog.Input, m *models.Message) bool {
	in.Kind = dialog.Edited
	in.Text = clean(m.Text + m.Caption)
	return rd.file(in, m) || m.Text != ""
}

// file reads a message's file, or why it is not taken. An animation comes
// with a document of the same content, so it goes first.
func (rd reader) file(in *dialog.Input, m *models.Message) bool {
	var f tickets.File
	switch {
	case m.Animation != nil:
		a := m.Animation
		f = tickets.File{ID: a.FileID, Unique: a.FileUniqueID, Kind: tickets.Animation, Name: a.FileName, Size: a.FileSize, Type: a.MimeType}
		if f.Type == "" {
			f.Type = "video/mp4"
		}
	case len(m.Photo) > 0:
		f = photo(m.Photo)
	case m.LivePhoto != nil && len(m.LivePhoto.Photo) > 0:
		f = photo(m.LivePhoto.Photo)
	case m.Document != nil:
		d := m.Document
		f = tickets.File{ID: d.FileID, Unique: d.FileUniqueID, Kind: tickets.Document, Name: d.FileName, Size: d.FileSize}
	default:
		return false
	}
	f.Name, f.Message = clean(f.Name), int64(m.ID)
	in.File = &f
	if f.Size > rd.most {
		refuse(in, dialog.RefusedSize)
	}
	return true
}

// photo is the largest of a photo's sizes. Telegram makes them JPEG.
func photo(sizes []models.PhotoSize) tickets.File {
	best := sizes[0]
	for _, s := range sizes[1:] {
		if s.Width*s.Height > best.Width*best.Height {
			best = s
		}
	}
	return tickets.File{ID: best.FileID, Unique: best.FileUniqueID, Kind: tickets.Photo, Size: int64(best.FileSize), Type: "image/jpeg"}
}

// refuse says why a file is not taken.
func refuse(in *dialog.Input, why dialog.Refusal) {
	in.Refused, in.FileName, in.File = why, in.File.Name, nil
}

// isOther tells what a person sent and the bot cannot use from service
// messages.
func isOther(m *models.Message) bool {
	return m.Sticker != nil || m.Voice != nil || m.Video != nil || m.VideoNote != nil || m.Audio != nil ||
		m.Location != nil || m.Venue != nil || m.Poll != nil || m.Dice != nil || m.Story != nil || m.Game != nil ||
		m.PaidMedia != nil || m.Checklist != nil || m.RichMessage != nil || m.LivePhoto != nil || m.Invoice != nil ||
		m.Giveaway != nil || m.UsersShared != nil || m.ChatShared != nil || m.WebAppData != nil
}

// pressed reads a button. False: it is none of ours.
func (rd reader) pressed(in *dialog.Input, q *models.CallbackQuery) bool {
	p, err := tickets.DecodePress(q.Data)
	if err != nil {
		return false
	}
	in.Kind, in.Press = dialog.Pressed, p
	in.Press.Value = clean(p.Value)
	switch {
	case q.Message.Message != nil:
		in.PressedOn = int64(q.Message.Message.ID)
	case q.Message.InaccessibleMessage != nil:
		in.PressedOn = int64(q.Message.InaccessibleMessage.MessageID)
	}
	return true
}

// member reads that a customer has blocked the bot, or takes it back.
func (rd reader) member(in *dialog.Input, m *models.ChatMemberUpdated) bool {
	in.Date = time.Unix(int64(m.Date), 0).UTC()
	switch m.NewChatMember.Type {
	case models.ChatMemberTypeBanned:
		in.Kind = dialog.Blocked
	case models.ChatMemberTypeMember:
		in.Kind = dialog.Unblocked
	default:
		return false
	}
	return true
}

// clean takes out what a database cannot keep. Telegram sends none of it.
func clean(s string) string { return strings.ReplaceAll(s, "\x00", "") }
