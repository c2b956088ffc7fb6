package dialog

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// listMarker begins a line: 1. 1) (1) а) a) №1 - – — * • + and the like.
	listMarker = regexp.MustCompile(`^[ \t]*(?:\(?\d{1,2}\)|\d{1,2}\.(?:[ \t]|\pL)|\pL\)|№ ?\d{1,2}[.):]?|[0-9]\x{FE0F}?\x{20E3}|[-–—*•·‣◦▪▫●○■□►▶✓✔+]+)[ \t]*`)

	// inlineMarker counts problems within a line: "1) … 2) …".
	inlineMarker = regexp.MustCompile(`(?:^|\s)\(?(\d{1,2})[.)]\s*\pL`)
)

// markerLen returns how many bytes of a line are its list marker, 0 without one.
func markerLen(line string) int {
	if m := listMarker.FindString(line); m != "" {
		if strings.HasPrefix(strings.TrimSpace(m), "-") && len(m) < len(line) && unicode.IsDigit(rune(line[len(m)])) {
			return 0 // -5 %
		}
		r, size := utf8.DecodeLastRuneInString(m)
		if unicode.IsLetter(r) && strings.Contains(m, ".") {
			return len(m) - size // "1.Не": the letter is the item's
		}
		return len(m)
	}
	return emojiLen(line)
}

// emojiLen is the length of the emoji and spaces that a line begins with, 0
// when it begins with none.
func emojiLen(line string) int {
	n, found := 0, false
	for i, r := range line {
		emoji := r >= 0x2190 && unicode.In(r, unicode.So, unicode.Sk) || r == '‼' || r == '⁉'
		found = found || emoji
		if !emoji && r != ' ' && r != '\t' && r != 0xFE0F && r != 0x200D {
			break
		}
		n = i + utf8.RuneLen(r)
	}
	if !found {
		return 0
	}
	return n
}

// enumeration is a list in a text: what stands before it, and its items without
// their markers, each with the lines that continue it.
type enumeration struct {
	intro string
	items []string
}

// findList returns the first list of a text.
func findList(text string) enumeration {
	if e := inlineList(text); len(e.items) >= 2 {
		return e
	}
	var starts, ends []int // of the markers
	at := 0
	for line := range strings.SplitAfterSeq(text, "\n") {
		if n := markerLen(line); n > 0 && strings.TrimSpace(line[n:]) != "" {
			starts, ends = append(starts, at), append(ends, at+n)
		}
		at += len(line)
	}
	return cutList(text, starts, ends)
}

// cutList cuts a text at markers, of which starts and ends are known.
func cutList(text string, starts, ends []int) enumeration {
	if len(starts) < 2 {
		return enumeration{}
	}
	e := enumeration{intro: text[:starts[0]]}
	for i, end := range append(starts[1:], len(text)) {
		e.items = append(e.items, text[ends[i]:end])
	}
	return e
}

// inlineList returns a list whose numbers, from 1 on, stand within a line.
func inlineList(text string) enumeration {
	var starts, ends []int
	for _, m := range inlineMarker.FindAllStringSubmatchIndex(text, -1) {
		if text[m[2]:m[3]] == number(len(starts)+1) {
			starts = append(starts, m[0])
			_, size := utf8.DecodeLastRuneInString(text[:m[1]])
			ends = append(ends, m[1]-size)
		}
	}
	return cutList(text, starts, ends)
}

// parts returns the items when they are problems of their own: most of them
// complain, and they are neither steps that lead to one problem nor attempts to
// mend it, nor the places where one problem shows.
func (e enumeration) parts() []string {
	if len(e.items) < 2 {
		return nil
	}
	var complaints, statements, actions, facts int
	for _, item := range e.items {
		line := firstLine(item)
		words := texts(wordsOf(line))
		complains := failing(words)
		switch {
		case isFact(line):
			facts++
		case isAction(words), attempts.in(words) && !complains:
			actions++
		case complains, questions.at(words) > 0:
			complaints++
		case states(words):
			statements++
		}
	}
	intro := texts(wordsOf(e.intro))
	announced := announcements.in(intro) && !attempts.in(intro)
	n := len(e.items)
	switch {
	case (actions+facts)*3 > n, attempts.in(intro) && complaints < n:
		return nil
	case complaints >= 2 && complaints*2 > n,
		complaints > 0 && !failing(intro) && complaints+statements == n,
		announced && complaints+statements == n:
		return e.withIntro(!failing(intro) && (announced || e.greets()))
	}
	return nil
}

// labelWords is the longest label of a particular.
const labelWords = 4

// answer begins an item that answers a question.
var answer = regexp.MustCompile(`(?i)^(?:yes|no|да|нет)[,.;:]`)

// isFact tells whether a list's item gives a particular, "Браузер: Хром", or
// answers a question.
func isFact(line string) bool {
	if answer.MatchString(line) {
		return true
	}
	label, _, found := strings.Cut(line, ":")
	words := texts(wordsOf(label))
	return found && len(words) <= labelWords && !failing(words)
}

// greets tells whether what stands before the items only leads to them.
func (e enumeration) greets() bool {
	intro := strings.TrimSpace(e.intro)
	words := texts(wordsOf(intro))
	for n := greetings.at(words); n > 0; n = greetings.at(words) {
		words = words[n:]
	}
	return (len(words) == 0 || strings.HasSuffix(intro, ":")) && len(ownSites(intro)) == 0
}

// withIntro returns the items. The words before them go with the first one,
// unless they only greet and announce.
func (e enumeration) withIntro(drop bool) []string {
	var out []string
	for _, item := range e.items {
		out = append(out, strings.TrimSpace(item))
	}
	intro := strings.TrimSpace(e.intro)
	if intro != "" && (!drop || utf8.RuneCountInString(intro) > introMax) {
		out[0] = intro + "\n" + out[0]
	}
	return out
}

// introMax is the longest announcement, in characters, that parts go without.
const introMax = 80

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// isAction tells whether a list's item is a step: "открываю", "нажать",
// "перейдите", "click".
func isAction(words []string) bool {
	if len(words) == 0 || wishes[words[0]] {
		return false
	}
	if sequences[words[0]] {
		return true
	}
	w := words[0]
	if actions.at(words) > 0 {
		return true
	}
	if len(w) < 6 {
		return false
	}
	return endsIn(w, "аю", "яю", "ую", "ею", "жу", "шу", "чу", "щу", "жму", "иду", "ать", "ять", "ить", "еть", "уть", "сти", "йти", "чь", "ться", "йте", "ите", "ьте")
}
