package bot

import (
	"testing"

	"intakebot/bot/telegramsim"
)

// TestANoteOnALaterPicture: the pictures before it have gone to the customer by
// then, so the agent is told, and not left to think that all of the album stayed.
func TestANoteOnALaterPicture(t *testing.T) {
	for _, caption := range []string{"// только для нас", "/note только для нас"} {
		t.Run(caption, func(t *testing.T) {
			atDesk(t, func(s *shift) {
				_, topic := s.ticket(s.anna, "a.ru")
				album, err := s.olga.In(topic).SendAlbum([]telegramsim.AlbumItem{{Data: picture(t, "jpeg")}, {Data: picture(t, "png"), Caption: caption}})
				s.does(album, err)
				warned := s.hears(topic, "остальные картинки альбома ушли клиенту", "/delete")
				if m := warned.Raw.ReplyToMessage; m == nil || m.ID != album[1].ID {
					t.Errorf("not a reply to the note: %v", warned)
				}
				s.does(s.olga.In(topic).Send("/delete", telegramsim.ReplyTo(album[0].ID)))
				for _, m := range botMessages(s.anna.Chat) {
					if m.Kind == "photo" && !m.Deleted {
						t.Errorf("still with the customer: %v", m)
					}
				}
				s.does(s.olga.In(topic).SendAlbum([]telegramsim.AlbumItem{{Data: picture(t, "jpeg"), Caption: caption}, {Data: picture(t, "png")}}))
				s.count(topic, "остальные картинки", 1)
			})
		})
	}
}
