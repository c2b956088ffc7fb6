package tickets

import (
	"errors"
	"strconv"
	"strings"
)

// MaxPress is how many bytes a button's data may have in Telegram.
const MaxPress = 64

// Press is what a button means: which question it belongs to, what it does,
// and to what. A press whose revision has passed is told as outdated.
type Press struct {
	Revision int64  // of the question; 0 for buttons that never age
	Event    string // letters, digits and dots
	Value    string // anything
}

// ErrPress says that a button's data is none of ours.
var ErrPress = errors.New("not a button of ours")

// Encode gives the button's data, "revision:event:value" with the revision in
// base 36. A value that would not fit into MaxPress bytes is a programming
// error, so Encode panics.
func (p Press) Encode() string {
	s := strconv.FormatInt(p.Revision, 36) + ":" + p.Event + ":" + p.Value
	if len(s) > MaxPress || strings.Contains(p.Event, ":") {
		panic("tickets: button data does not fit: " + s)
	}
	return s
}

// DecodePress reads a button's data, or returns ErrPress.
func DecodePress(s string) (Press, error) {
	if len(s) > MaxPress {
		return Press{}, ErrPress
	}
	rev, rest, ok := strings.Cut(s, ":")
	event, value, ok2 := strings.Cut(rest, ":")
	if !ok || !ok2 || event == "" {
		return Press{}, ErrPress
	}
	n, err := strconv.ParseInt(rev, 36, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 36) != rev {
		return Press{}, ErrPress
	}
	return Press{n, event, value}, nil
}
