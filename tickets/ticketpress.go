package tickets

import (
	"strconv"
	"strings"
)

// TicketPress gives the data of a button of a ticket, which never ages: the
// event is "t." and an action's name for agents, "c." and a word for the
// customer. The value is what the action wants, such as a level; it may be
// empty, and hold dots. Like Press.Encode it panics where it does not fit.
func TicketPress(event string, id int64, value string) string {
	v := strconv.FormatInt(id, 36)
	if value != "" {
		v += "." + value
	}
	return Press{Event: event, Value: v}.Encode()
}

// ParseTicketPress reads what TicketPress wrote; not ok: the button is none of
// a ticket's.
func ParseTicketPress(p Press) (event string, id int64, value string, ok bool) {
	if p.Revision != 0 || (!strings.HasPrefix(p.Event, "t.") && !strings.HasPrefix(p.Event, "c.")) {
		return "", 0, "", false
	}
	number, value, dotted := strings.Cut(p.Value, ".")
	id, err := strconv.ParseInt(number, 36, 64)
	if err != nil || id <= 0 || strconv.FormatInt(id, 36) != number || (dotted && value == "") {
		return "", 0, "", false
	}
	return p.Event, id, value, true
}
