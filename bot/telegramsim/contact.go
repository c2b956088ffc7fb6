package telegramsim

import "github.com/go-telegram/bot/models"

// ShareContact sends the person's own contact, as a request_contact button does.
func (s *Seat) ShareContact() (Message, error) {
	return s.SendContact(models.Contact{
		PhoneNumber: s.person.phone, FirstName: s.person.user.FirstName,
		LastName: s.person.user.LastName, UserID: s.person.user.ID,
	})
}

// SendContact sends a contact from the address book: somebody else's, unless
// UserID is the sender's.
func (s *Seat) SendContact(contact models.Contact) (Message, error) {
	return s.say(&models.Message{Contact: &contact})
}
