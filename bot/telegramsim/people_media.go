package telegramsim

import (
	"github.com/go-telegram/bot/models"
)

// SendPhoto sends a picture as a photo: it must be a JPEG, a PNG or a GIF.
func (s *Seat) SendPhoto(picture []byte, caption string, opts ...SendOption) (Message, error) {
	return s.sendFile("photo", "", picture, caption, opts)
}

// SendDocument sends a file as it is, under its name.
func (s *Seat) SendDocument(name string, data []byte, caption string, opts ...SendOption) (Message, error) {
	return s.sendFile("document", name, data, caption, opts)
}

// SendGIF sends an animated picture. It reaches the bot as an animation, which is
// a silent video.
func (s *Seat) SendGIF(name string, gif []byte, caption string, opts ...SendOption) (Message, error) {
	return s.sendFile("animation", name, gif, caption, opts)
}

// SendVideo sends a video.
func (s *Seat) SendVideo(name string, data []byte, caption string, opts ...SendOption) (Message, error) {
	return s.sendFile("video", name, data, caption, opts)
}

// SendVoice sends a voice message.
func (s *Seat) SendVoice(data []byte, opts ...SendOption) (Message, error) {
	return s.sendFile("voice", "", data, "", opts)
}

// SendSticker sends a sticker.
func (s *Seat) SendSticker(opts ...SendOption) (Message, error) {
	return s.sendFile("sticker", "", []byte("RIFF\x00\x00\x00\x00WEBP"), "", opts)
}

// SendLocation sends a place by its degrees.
func (s *Seat) SendLocation(latitude, longitude float64, opts ...SendOption) (Message, error) {
	return s.say(&models.Message{Location: &models.Location{Latitude: latitude, Longitude: longitude}}, opts...)
}

// ShareContact sends the person's own contact, as a request_contact button does.
func (s *Seat) ShareContact(opts ...SendOption) (Message, error) {
	return s.SendContact(models.Contact{
		PhoneNumber: s.person.phone, FirstName: s.person.user.FirstName,
		LastName: s.person.user.LastName, UserID: s.person.user.ID,
	}, opts...)
}

// SendContact sends a contact from the address book: somebody else's, unless
// UserID is the sender's.
func (s *Seat) SendContact(contact models.Contact, opts ...SendOption) (Message, error) {
	return s.say(&models.Message{Contact: &contact}, opts...)
}

var errLongCaption = badRequest("message caption is too long")

func (s *Seat) sendFile(kind, name string, data []byte, caption string, opts []SendOption) (Message, error) {
	msg, err := s.media(kind, name, data, caption)
	if err != nil {
		return Message{}, err
	}
	return s.say(msg, opts...)
}

// media makes a message with a medium and a caption.
func (s *Seat) media(kind, name string, data []byte, caption string) (*models.Message, error) {
	t, err := tidy(richText{text: caption})
	if err != nil {
		return nil, err
	}
	if utf16Len(t.text) > maxCaption {
		return nil, errLongCaption // the apps do not let one type more
	}
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	f, err := s.w.files.newFile(kind, name, data)
	if err != nil {
		return nil, err
	}
	msg := &models.Message{Caption: t.text, CaptionEntities: t.entities}
	f.fill(msg)
	return msg, nil
}

// AlbumItem is one picture or file of an album; with a Name it goes as a file.
type AlbumItem struct {
	Name    string
	Data    []byte
	Caption string
}

// SendAlbum sends several pictures, or several files, together. The bot gets them
// as separate messages with one media_group_id.
func (s *Seat) SendAlbum(items []AlbumItem, opts ...SendOption) ([]Message, error) {
	msgs := make([]*models.Message, len(items))
	for i, item := range items {
		kind := "photo"
		if item.Name != "" {
			kind = "document"
		}
		var err error
		if msgs[i], err = s.media(kind, item.Name, item.Data, item.Caption); err != nil {
			return nil, err
		}
	}
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	s.w.group(msgs)
	out := make([]Message, len(msgs))
	for i, msg := range msgs {
		var err error
		if out[i], err = s.sayNow(msg, opts...); err != nil {
			return out[:i], err
		}
	}
	return out, nil
}
