package tickets

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words is what Store.Find looks in: the words of the ticket's site as it is
// stored and as it is shown, of its contact and of its description, folded, with
// a space around each. Of a phone there are also its ends, so that any digits
// of it that follow one another begin a word. Stores keep it beside the ticket.
func (t Ticket) Words() string {
	r, c := t.Report, t.Report.Contact
	return spaced(strings.Join(append([]string{
		r.Site, SiteShown(r.Site), c.Name, c.Email, c.Login, c.Phone, c.Account, r.Problem, r.Error, r.Steps, r.Changes,
	}, phoneEnds(c.Phone)...), "\n"))
}

// Find is a Store's Find. The store brings its ticket of an ID, or ErrNotFound,
// and its tickets of a lookup.
func Find(text string, limit int, byID func(id int64) (Ticket, error), by func(l Lookup) ([]Ticket, error)) (found []Ticket, err error) {
	for _, l := range Lookups(text) {
		list, err := by(l)
		if err != nil {
			return nil, err
		}
		found = append(found, list...)
	}
	slices.SortFunc(found, func(a, b Ticket) int { return cmp.Compare(b.ID, a.ID) })
	found = slices.CompactFunc(found, func(a, b Ticket) bool { return a.ID == b.ID })
	if id, err := ParseNumber(text); err == nil {
		first, err := byID(id)
		switch {
		case err == nil:
			rest := slices.DeleteFunc(found, func(t Ticket) bool { return t.ID == id })
			found = append([]Ticket{first}, rest...)
		case !errors.Is(err, ErrNotFound):
			return nil, err
		}
	}
	return found[:min(len(found), limit)], nil
}

// Lookup is one way to find tickets: those in whose Words all Parts stand. The
// stores' indexes know Beginnings alone, which are all there too.
type Lookup struct {
	Beginnings []string // of words, each as long as one of IndexedLengths; or shorter words
	Parts      []string // words that follow one another, with spaces; the last may go on
}

// IndexedLengths are the lengths, in letters, of which stores index the
// beginnings of words. A word that is shorter is indexed as a whole.
var IndexedLengths = []int{3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16}

// mostBeginnings bounds what an index is asked; the longest beginnings are the
// rarest.
const mostBeginnings = 8

// Lookups tells how to find a text. Cut at its spaces, each part of it has to
// stand in the ticket, in any order, from the beginning of a word on, whatever
// is between its words; the last word of a part may go on if it has three
// letters. The scheme and the www of a site do not count, and a site is looked
// for as it is stored, too. Parts that follow one another and are digits and a
// phone's punctuation are looked for as one number, too, if they have three
// digits, and without a word for a phone before them. A text without a word
// finds nothing.
func Lookups(text string) (all []Lookup) {
	written, numbers := strings.Fields(text), joinNumbers(text)
	for _, parts := range [][]string{
		each(written, bareSite), each(written, storedSite), each(numbers, bareSite), each(numbers, storedSite),
	} {
		l := lookup(parts)
		known := slices.ContainsFunc(all, func(k Lookup) bool { return slices.Equal(k.Parts, l.Parts) })
		if len(l.Parts) > 0 && !known {
			all = append(all, l)
		}
	}
	return all
}

func each(parts []string, change func(string) string) (changed []string) {
	for _, part := range parts {
		changed = append(changed, change(part))
	}
	return changed
}

var (
	siteStart   = regexp.MustCompile(`(?i)^(?:https?:[\\/]*)?(?:www\.)?`)
	defaultPort = regexp.MustCompile(`^(https?://[^:/?]+):(?:80|443)([/?]|$)`)
)

// bareSite takes off what one site is written with and without.
func bareSite(part string) string {
	return cmp.Or(part[len(siteStart.FindString(part)):], part)
}

// storedSite is the normal form of a part's site, bare and without its port if
// that is a default one; or else the part, bare.
func storedSite(part string) string {
	if site, err := Site(part); err == nil {
		part = defaultPort.ReplaceAllString(site, "$1$2")
	}
	return bareSite(part)
}

// phoneLabel is a word for a phone before three digits.
var phoneLabel = regexp.MustCompile(`(?i)(^|[\s\pZ])(?:тел(?:ефон)?|tel|phone)[.:\s\pZ]+(\+?(?:[\s\pZ()./\-‐‑‒–—−]*\d){3})`)

// joinNumbers cuts a text at its spaces, but leaves a number whole that has three
// digits, and leaves out the word for a phone before it. A plus begins a number,
// a comma ends it.
func joinNumbers(text string) (parts []string) {
	text = phoneLabel.ReplaceAllString(strings.Map(dropInvisible, text), "$1$2")
	var number []string
	end := func() {
		if digits := notDigit.ReplaceAllString(strings.Join(number, ""), ""); len(digits) >= IndexedLengths[0] {
			number = []string{digits}
		}
		parts = append(parts, number...)
		number = nil
	}
	for _, part := range strings.Fields(text) {
		piece := strings.TrimRight(part, ",;:")
		isNumber := phoneSyntax.MatchString(piece)
		if !isNumber || part[0] == '+' {
			end()
		}
		if !isNumber {
			parts = append(parts, part)
			continue
		}
		number = append(number, piece)
		if piece != part {
			end()
		}
	}
	end()
	return parts
}

func lookup(parts []string) (l Lookup) {
	for _, part := range parts {
		part = spaced(part)
		words := strings.Fields(part)
		if len(words) == 0 {
			continue
		}
		for _, w := range words {
			l.Beginnings = append(l.Beginnings, beginning(w))
		}
		if !IsShort(words[len(words)-1]) {
			part = strings.TrimSuffix(part, " ")
		}
		l.Parts = append(l.Parts, part)
	}
	slices.SortFunc(l.Beginnings, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	l.Beginnings = slices.Compact(l.Beginnings)
	l.Beginnings = l.Beginnings[:min(len(l.Beginnings), mostBeginnings)]
	return l
}

// beginning is the longest that is indexed of a word.
func beginning(word string) string {
	letters := []rune(word)
	for _, n := range slices.Backward(IndexedLengths) {
		if len(letters) >= n {
			return string(letters[:n])
		}
	}
	return word
}

// IsShort tells the words that are looked for as a whole alone.
func IsShort(word string) bool { return utf8.RuneCountInString(word) < IndexedLengths[0] }

// phoneEnds are the ends of a phone's number, and the number as it is dialled in
// Russia.
func phoneEnds(phone string) (ends []string) {
	number, _, _ := strings.Cut(phone, ";")
	digits := notDigit.ReplaceAllString(number, "")
	for i := 1; i <= len(digits)-IndexedLengths[0]; i++ {
		ends = append(ends, digits[i:])
	}
	if len(digits) == 11 && digits[0] == '7' {
		ends = append(ends, "8"+digits[1:])
	}
	return ends
}

// spaced are the words of a text, folded, with a space around each. They are
// made of letters and digits alone, which every index takes as they are.
func spaced(s string) string {
	b := make([]byte, 0, len(s)+2)
	for _, r := range " " + Fold(s) + " " {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
			b = utf8.AppendRune(b, r)
		} else if len(b) == 0 || b[len(b)-1] != ' ' {
			b = append(b, ' ')
		}
	}
	return string(b)
}

// Fold makes texts alike that differ only in case, or in ё, which many people
// write as е. No database does that alike everywhere for Russian, so that it is
// done here.
func Fold(s string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "ё", "е")
}
