package tickets

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest names and logins, in characters.
const (
	nameMax  = 100
	loginMax = 64
)

// Name returns a person's name with white space folded and without invisible
// characters, 1 to 100 characters long, a letter among them. The error is a *FieldError: NameEmpty
// or NameLong.
func Name(s string) (string, error) {
	s = oneLine(s)
	switch {
	case !strings.ContainsFunc(s, unicode.IsLetter):
		return "", refuse(NameEmpty, "")
	case utf8.RuneCountInString(s) > nameMax:
		return "", refuse(NameLong, strconv.Itoa(nameMax))
	}
	return s, nil
}

// Login returns a login in the system: 1 to 64 characters without spaces. The
// error is a *FieldError with LoginInvalid.
func Login(s string) (string, error) {
	s = oneLine(s)
	if !hasInk(s) || strings.Contains(s, " ") || utf8.RuneCountInString(s) > loginMax {
		return "", refuse(LoginInvalid, strconv.Itoa(loginMax))
	}
	return s, nil
}

// FreeText cleans a customer's free text: line ends become \n, control characters
// and bidirectional controls without their partner go, white space around it
// too. Newlines, tabs, emoji and right-to-left letters stay. It may be empty. A
// text of more than limit UTF-16 units, as Telegram counts, is refused with a
// *FieldError, TextLong, that says by how many it is over.
func FreeText(s string, limit int) (string, error) {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(s, ""))
	s = strings.Map(dropControl, s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = pairBidi(l)
	}
	s = strings.TrimSpace(strings.Join(lines, "\n"))
	if over := UTF16Len(s) - limit; over > 0 {
		return "", refuse(TextLong, strconv.Itoa(over))
	}
	return s, nil
}

// UTF16Len is a text's length as Telegram counts it.
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x10000 {
			n++
		}
	}
	return n
}

// oneLine folds white space and drops what cannot be seen.
func oneLine(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Join(strings.Fields(s), " ")
	s = strings.Map(dropInvisible, strings.Map(dropControl, s))
	return strings.Join(strings.Fields(s), " ")
}

// hasInk tells whether there is anything to see.
func hasInk(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S)
	})
}

// dropControl removes control characters but newlines and tabs, and the byte
// order mark.
func dropControl(r rune) rune {
	if r != '\n' && r != '\t' && unicode.IsControl(r) || r == '\uFEFF' {
		return -1
	}
	return r
}

// dropInvisible removes what has no width and changes no letter: bidirectional
// controls, soft hyphens, zero-width spaces. Joiners stay: Persian and emoji
// need them.
func dropInvisible(r rune) rune {
	switch {
	case isBidiControl(r), r == '\u00AD', r == '\u061C', r == '\u200B', r == '\u200E', r == '\u200F',
		r == '\u2060', r == '\uFEFF':
		return -1
	}
	return r
}

func isBidiControl(r rune) bool {
	return '\u202A' <= r && r <= '\u202E' || '\u2066' <= r && r <= '\u2069'
}

const (
	popEmbedding = '\u202C'
	popIsolate   = '\u2069'
	firstIsolate = '\u2066'
)

// pairBidi removes from a line the bidirectional controls that have no partner
// in it: an unclosed override would turn round whatever is shown after it.
func pairBidi(line string) string {
	if !strings.ContainsFunc(line, isBidiControl) {
		return line
	}
	runes := []rune(line)
	paired := make([]bool, len(runes))
	var open []int // positions of the openers
	isolates := 0
	for i, r := range runes {
		switch {
		case r == popIsolate:
			for isolates > 0 && runes[open[len(open)-1]] < firstIsolate {
				open = open[:len(open)-1] // an isolate's end closes the embeddings in it
			}
			if isolates > 0 {
				paired[open[len(open)-1]], paired[i] = true, true
				open = open[:len(open)-1]
				isolates--
			}
		case r == popEmbedding:
			if n := len(open); n > 0 && runes[open[n-1]] < firstIsolate {
				paired[open[n-1]], paired[i] = true, true
				open = open[:n-1]
			}
		case isBidiControl(r):
			open = append(open, i)
			if r >= firstIsolate {
				isolates++
			}
		}
	}
	kept := runes[:0]
	for i, r := range runes {
		if paired[i] || !isBidiControl(r) {
			kept = append(kept, r)
		}
	}
	return string(kept)
}
