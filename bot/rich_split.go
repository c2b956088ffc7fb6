package bot

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
)

// split cuts a text into parts of at most limit UTF-16 units: after a
// paragraph, else a line, else a word, else between two characters as readers
// see them. White space at a cut is left out, as Telegram would leave it out,
// and so are parts in which nothing can be seen.
func (r rich) split(limit int) []rich {
	var parts []rich
	for rest := r; !isBlank(rest.text); {
		at := prefix(rest.text, limit)
		if at == len(rest.text) {
			return append(parts, rest)
		}
		at = niceCut(rest.text, at)
		units := unitsOf(rest.text[:at])
		if part := rest.slice(0, at, 0, units).trimmed(); !isBlank(part.text) {
			parts = append(parts, part)
		}
		rest = rest.after(at, units)
	}
	return parts
}

// after is the text behind a place, given in bytes and in units, without the
// white space there.
func (r rich) after(at, units int) rich {
	gap := len(r.text[at:]) - len(strings.TrimLeftFunc(r.text[at:], unicode.IsSpace))
	return r.slice(at+gap, len(r.text), units+unitsOf(r.text[at:at+gap]), -1)
}

// prefix finds how many bytes of a text make at most limit units.
func prefix(s string, limit int) int {
	units := 0
	for i, r := range s {
		w := 1
		if r > 0xFFFF {
			w = 2
		}
		if units+w > limit {
			return i
		}
		units += w
	}
	return len(s)
}

// niceCut finds the best place to cut at or before at. A place in the first
// half is not good enough: parts would become many and small.
func niceCut(s string, at int) int {
	for _, sep := range []string{"\n\n", "\n"} {
		// The separator itself may begin just behind the limit.
		if i := strings.LastIndex(s[:min(len(s), at+len(sep))], sep); i > at/2 && i <= at {
			return i
		}
	}
	if unicode.IsSpace(first(s[at:])) {
		return at
	}
	if i := strings.LastIndexFunc(s[:at], unicode.IsSpace); i > at/2 {
		return i
	}
	return between(s, at)
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// mostMarks bounds how far a cut moves back to keep a character whole: longer
// ones are no characters of any script.
const mostMarks = 32

// between moves a cut back to where no character as readers see it is torn:
// before a letter with its marks, an emoji with its modifiers, a flag.
func between(s string, at int) int {
	cut := at
	for range mostMarks {
		before, size := utf8.DecodeLastRuneInString(s[:cut])
		if size == 0 || cut-size == 0 {
			return at
		}
		if !sticks(before, first(s[cut:]), s[:cut]) {
			return cut
		}
		cut -= size
	}
	return at
}

const zwj = '\u200D'

// sticks tells whether two runes belong to one character.
func sticks(before, after rune, text string) bool {
	switch {
	case before == zwj || after == zwj, unicode.Is(unicode.M, after), after >= 0x1F3FB && after <= 0x1F3FF,
		after >= 0xE0020 && after <= 0xE007F: // skin tones; tags of flags
		return true
	case isFlagHalf(before) && isFlagHalf(after):
		halves := 0
		for text != "" {
			r, size := utf8.DecodeLastRuneInString(text)
			if !isFlagHalf(r) || halves > mostMarks {
				break
			}
			halves++
			text = text[:len(text)-size]
		}
		return halves%2 == 1
	}
	return false
}

func isFlagHalf(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// slice is the part between two places, given in bytes and in units; to < 0 in
// units stands for the end. Entities are cut to what lies within.
func (r rich) slice(from, to, fromUnits, toUnits int) rich {
	out := rich{text: r.text[from:to]}
	for _, e := range r.entities {
		start, end := max(e.Offset, fromUnits), e.Offset+e.Length
		if toUnits >= 0 {
			end = min(end, toUnits)
		}
		if start < end {
			e.Offset, e.Length = start-fromUnits, end-start
			out.entities = append(out.entities, e)
		}
	}
	return out
}

// trimmed takes the white space off the end.
func (r rich) trimmed() rich {
	text := strings.TrimRightFunc(r.text, unicode.IsSpace)
	if len(text) == len(r.text) {
		return r
	}
	return r.slice(0, len(text), 0, unitsOf(text))
}

// sortEntities puts the outer before the inner, as Telegram does.
func sortEntities(list []models.MessageEntity) {
	slices.SortStableFunc(list, func(a, b models.MessageEntity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length))
	})
}

// plain is a text cut to a number of UTF-16 units, without its formatting, on
// one line.
func plain(r rich, limit int) string {
	s := strings.Join(strings.Fields(r.text), " ")
	if unitsOf(s) <= limit {
		return s
	}
	at := prefix(s, limit-1)
	return strings.TrimRightFunc(s[:between(s, at)], unicode.IsSpace) + "…"
}
