package sessions

import (
	"encoding/json"
	"errors"
	"time"

	"intakebot/tickets"
)

// hot is a customer as Redis keeps it. The version comes first: the script that
// writes reads it there.
type hot struct {
	Version int64           `json:"v"`
	Lang    tickets.Lang    `json:"l,omitempty"`
	Session json.RawMessage `json:"s,omitempty"`
	Wake    *time.Time      `json:"w,omitempty"`
	Blocked bool            `json:"b,omitempty"`
	Banned  bool            `json:"n,omitempty"`
}

// errCopy says that a value in Redis is none of ours.
var errCopy = errors.New("sessions: not a customer's copy")

func encode(c tickets.Customer) ([]byte, error) {
	h := hot{Version: c.Version, Lang: c.Lang, Session: c.Session, Blocked: c.Blocked, Banned: c.Banned}
	if !c.Wake.IsZero() {
		wake := c.Wake.UTC()
		h.Wake = &wake
	}
	return json.Marshal(h)
}

func decode(id int64, value []byte) (tickets.Customer, error) {
	var h hot
	if err := json.Unmarshal(value, &h); err != nil || h.Version <= 0 {
		return tickets.Customer{}, errCopy
	}
	c := tickets.Customer{ID: id, Version: h.Version, Lang: h.Lang, Session: h.Session, Blocked: h.Blocked, Banned: h.Banned}
	if h.Wake != nil {
		c.Wake = *h.Wake
	}
	return c, nil
}
