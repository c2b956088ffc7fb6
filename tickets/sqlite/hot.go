package sqlite

import (
	"sync"

	"intakebot/tickets"
)

// hotMost bounds the customers that are kept in memory: those who are in the
// middle of a conversation, a kilobyte each.
const hotMost = 4096

// hot keeps the customers that changed last, so that a step of a dialog reads
// nothing from the file. A copy that is old does no harm: Commit compares the
// version, and then the copy is dropped.
type hot struct {
	mu   sync.Mutex
	byID map[int64]tickets.Customer
}

func (h *hot) get(id int64) (tickets.Customer, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, ok := h.byID[id]
	return c, ok
}

// put keeps a customer, unless a newer one is there.
func (h *hot) put(c tickets.Customer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.byID == nil {
		h.byID = make(map[int64]tickets.Customer)
	}
	if h.byID[c.ID].Version > c.Version {
		return
	}
	for id := range h.byID {
		if len(h.byID) < hotMost {
			break
		}
		delete(h.byID, id) // any: who is still there is read again
	}
	h.byID[c.ID] = c
}

func (h *hot) clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.byID)
}

func (h *hot) drop(id int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.byID, id)
}
