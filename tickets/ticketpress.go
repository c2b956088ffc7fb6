package tickets

import (
	"slices"
	"strconv"
	"strings"
)

// TicketPress gives the data of a button of a ticket, which never ages: the
// event is "t." and an action's name for agents, "c." and a word for the
// customer. The value is what the action wants, such as a level; it may be
// empty, and hold dots. The ID can be Filed, see Notice.For. Like Press.Encode it panics where it does not fit.
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
	event, id, value, ok = parseTicketPress(p)
	return event, id, value, ok && id > 0
}

// parseTicketPress lets Filed pass too.
func parseTicketPress(p Press) (event string, id int64, value string, ok bool) {
	if p.Revision != 0 || (!strings.HasPrefix(p.Event, "t.") && !strings.HasPrefix(p.Event, "c.")) {
		return "", 0, "", false
	}
	number, value, dotted := strings.Cut(p.Value, ".")
	id, err := strconv.ParseInt(number, 36, 64)
	if err != nil || (id <= 0 && id != Filed) || strconv.FormatInt(id, 36) != number || (dotted && value == "") {
		return "", 0, "", false
	}
	return p.Event, id, value, true
}

// buttonsFor puts the ID of the ticket that was filed in the place of Filed.
func buttonsFor(rows [][]Button, filed int64) [][]Button {
	out := slices.Clone(rows)
	for i, row := range out {
		out[i] = slices.Clone(row)
		for j, b := range row {
			p, err := DecodePress(b.Data)
			if err != nil {
				continue
			}
			if event, id, value, ok := parseTicketPress(p); ok && id == Filed {
				out[i][j].Data = TicketPress(event, filed, value)
			}
		}
	}
	return out
}
