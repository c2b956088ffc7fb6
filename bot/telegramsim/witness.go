package telegramsim

import "net/http"

// Deed is a call of the Bot API and what became of it.
type Deed struct {
	Call
	// Outcome is what the fault hook did to it.
	Outcome Outcome
	// Done tells whether the call was carried out, Result and Err what of it: Err
	// is the world's own refusal.
	Done   bool
	Result any
	Err    error
	// Gone tells that the bot had hung up by then.
	Gone bool
}

// SetWitness has every call told once it was carried out or struck by a fault,
// before the bot gets its answer. It is called from many goroutines at once.
func (w *World) SetWitness(see func(Deed)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.witness = see
}

func (w *World) tellWitness(r *http.Request, c *call, done bool, result any, err error) {
	w.mu.Lock()
	see := w.witness
	w.mu.Unlock()
	if see == nil {
		return
	}
	see(Deed{
		Call: Call{Bot: c.bot.user.ID, Method: c.method, Args: c.fields}, Outcome: c.outcome,
		Done: done, Result: result, Err: err, Gone: r.Context().Err() != nil,
	})
}
