package tickets

import "errors"

var errUnbuilt = errors.New("tickets: not built yet")

// Act does an agent's command or button.
func (d Desk) Act(t Ticket, a Act) (Change, error) { return Change{}, errUnbuilt }

// AgentPosts carries an answer to the customer.
func (d Desk) AgentPosts(t Ticket, by Actor, p Post) (Change, error) { return Change{}, errUnbuilt }

// CustomerAdds carries an addition to the agents. In a ticket that has ended it
// is a *Refusal with the key "closed.choose".
func (d Desk) CustomerAdds(t Ticket, p Post) (Change, error) { return Change{}, errUnbuilt }

// Rate takes a rating from 1 to 5.
func (d Desk) Rate(t Ticket, stars int) (Change, error) { return Change{}, errUnbuilt }

// Comment takes words on the rating.
func (d Desk) Comment(t Ticket, text string) (Change, error) { return Change{}, errUnbuilt }

// Reopen takes a ticket that has ended up again (R7.2).
func (d Desk) Reopen(t Ticket, by Actor) (Change, error) { return Change{}, errUnbuilt }

// Wake does what time brings. Nothing to do: an empty Change but for At.
func (d Desk) Wake(t Ticket) (Change, error) { return Change{}, errUnbuilt }

// Why shows the working time that was counted.
func (d Desk) Why(t Ticket) Message { return Message{} }

// Card shows a ticket to the agents.
func (d Desk) Card(t Ticket) Message { return Message{} }

// Buttons are what can be done in the ticket's state.
func (d Desk) Buttons(t Ticket) [][]Button { return nil }

// Title is the name of the ticket's topic.
func (d Desk) Title(t Ticket) Line { return Line{} }

// Board lists open tickets by urgency.
func (d Desk) Board(list []Ticket) Message { return Message{} }

// List shows tickets to agents, below a heading: a text key with an argument n.
func (d Desk) List(heading string, list []Ticket) Message { return Message{} }

// Mine shows customers their tickets, with a button "c.show" for each.
func (d Desk) Mine(list []Ticket) Message { return Message{} }

// History shows a customer one ticket and what became of it.
func (d Desk) History(t Ticket, events []Event) Message { return Message{} }

// Transcript shows agents the whole audit trail of a ticket.
func (d Desk) Transcript(t Ticket, events []Event) Message { return Message{} }

// Help lists the actions.
func (d Desk) Help() Message { return Message{} }
