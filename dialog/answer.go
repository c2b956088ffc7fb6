// Package dialog is the intake conversation: one table of states, no I/O.
package dialog

import "intakebot/tickets"

// Answer works out all that follows from what a customer did. It does no I/O
// and changes nothing; committing the reply's change is up to the caller. An
// error means that the stored session cannot be read.
func Answer(c tickets.Customer, in Input, env Env) (Reply, error) {
	return Reply{}, nil
}

// Wake works out what is due for a customer whose time to be looked at has
// come: a reminder, or the end of a draft (Customer.Wake).
func Wake(c tickets.Customer, env Env) (Reply, error) {
	return Reply{}, nil
}
