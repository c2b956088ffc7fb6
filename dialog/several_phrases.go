package dialog

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// phrases finds words, stems and phrases of a list in a text.
type phrases map[string][][]string // by the first bytes of the first word

// phraseKey is as many bytes as the shortest stem has.
const phraseKey = 3

// list reads a list that is written with commas.
func list(s string) phrases {
	p := phrases{}
	for phrase := range strings.SplitSeq(s, ",") {
		words := strings.Fields(phrase)
		key := words[0][:min(phraseKey, len(words[0]))]
		p[strings.TrimSuffix(key, "*")] = append(p[key], words)
	}
	return p
}

// products joins each beginning with each ending: "another" with "issue".
func products(beginnings, endings string) phrases {
	var all []string
	for b := range strings.SplitSeq(beginnings, ",") {
		for e := range strings.SplitSeq(endings, ",") {
			all = append(all, b+" "+e)
		}
	}
	return list(strings.Join(all, ","))
}

// merge makes one list of several.
func merge(lists ...phrases) phrases {
	out := phrases{}
	for _, l := range lists {
		for key, p := range l {
			out[key] = append(out[key], p...)
		}
	}
	return out
}

// set reads a list of plain words.
func set(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.SplitSeq(s, ",") {
		m[strings.TrimSpace(w)] = true
	}
	return m
}

// at returns how many of the words' first ones are the longest phrase of the
// list that they begin with.
func (p phrases) at(words []string) int {
	if len(words) == 0 {
		return 0
	}
	longest := 0
	for _, phrase := range p[words[0][:min(phraseKey, len(words[0]))]] {
		if len(phrase) > longest && startsWith(words, phrase) {
			longest = len(phrase)
		}
	}
	return longest
}

// in tells whether a phrase of the list stands anywhere among the words.
func (p phrases) in(words []string) bool {
	for i := range words {
		if p.at(words[i:]) > 0 {
			return true
		}
	}
	return false
}

func startsWith(words, phrase []string) bool {
	if len(words) < len(phrase) {
		return false
	}
	for i, want := range phrase {
		if stem, ok := strings.CutSuffix(want, "*"); ok {
			if !strings.HasPrefix(words[i], stem) {
				return false
			}
		} else if words[i] != want {
			return false
		}
	}
	return true
}

// word is a word of a text: folded for comparing, with its place in bytes.
type word struct {
	text       string
	start, end int
}

// wordsOf cuts a text into words. An apostrophe or hyphen between letters
// belongs to the word.
func wordsOf(s string) []word {
	var out []word
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !isWordRune(r) {
			i += size
			continue
		}
		end := wordEnd(s, i)
		out = append(out, word{fold(s[i:end]), i, end})
		i = end
	}
	return out
}

func wordEnd(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !isWordRune(r) {
			next, _ := utf8.DecodeRuneInString(s[i+size:])
			if !strings.ContainsRune("'’-", r) || !unicode.IsLetter(next) {
				return i
			}
		}
		i += size
	}
	return i
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

var foldLetters = strings.NewReplacer("ё", "е", "’", "'")

func fold(w string) string {
	return foldLetters.Replace(strings.ToLower(w))
}

// texts are the folded words alone.
func texts(words []word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.text
	}
	return out
}

// failing tells whether the words complain that something is wrong: a word of
// failure ("пропал", "broken"), a verb of what sites do with a denial before it
// ("не открывается", "незагружаются"), or an English denial ("doesn't send").
func failing(words []string) bool {
	for i, w := range words {
		rest := words[i+1:]
		if failures.at(words[i:]) > 0 || deniedRussian(w, rest) {
			return true
		}
		if n := negations.at(words[i:]); n > 0 && n < len(words)-i && notDenied.at(words[i+n:]) == 0 {
			return true
		}
	}
	return false
}

func deniedRussian(w string, rest []string) bool {
	verb, glued := strings.CutPrefix(w, "не")
	switch {
	case w == "не" && len(rest) > 0 && notFunctions.at(rest) == 0:
		return functions.at(rest) > 0 || isReflexive(rest[0]) || isPresent(rest[0])
	case w == "не" || !glued || verb == "":
		return false
	}
	return functions.at([]string{verb}) > 0 && isVerb(verb)
}

// isReflexive recognises what happens by itself: "листается", "открылось".
func isReflexive(w string) bool {
	return strings.HasSuffix(w, "тся") || strings.HasSuffix(w, "лся") || strings.HasSuffix(w, "лась") ||
		strings.HasSuffix(w, "лось") || strings.HasSuffix(w, "лись")
}

// isPresent recognises verbs in the third person: "грузит", "открываются".
func isPresent(w string) bool {
	return endsIn(w, "ет", "ют", "ит", "ят", "ут", "ат", "тся") && len(w) > 6
}

// isVerb recognises verbs in the third person and in the past, and what is
// declined like them.
func isVerb(w string) bool {
	return isPresent(w) || isReflexive(w) || endsIn(w, "ла", "ло", "ли", "гу", "ен", "на", "но")
}

// isDeed recognises what somebody did to something: "добавили", "поставил".
func isDeed(w string) bool {
	return endsIn(w, "ил", "ал", "ял", "ел", "ла", "ли") && len(w) > 6 && failures.at([]string{w}) == 0
}

func endsIn(w string, endings ...string) bool {
	return slices.ContainsFunc(endings, func(end string) bool { return strings.HasSuffix(w, end) })
}

// statementWords is the shortest statement without a verb that is recognised.
const statementWords = 4

// states tells whether the words state something of their own: no greeting or
// thanks, nothing that refers back or names only another device, nobody's deed.
func states(words []string) bool {
	for n := greetings.at(words); n > 0; n = greetings.at(words) {
		words = words[n:]
	}
	if len(words) < 2 || leads[words[0]] || persons[words[0]] || isDeed(words[0]) || courtesies.in(words) || places.in(words) {
		return false
	}
	return len(words) >= statementWords || hasVerb(words)
}

// hasVerb tells whether there is a Russian verb in the third person.
func hasVerb(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return isPresent(w) || isReflexive(w) })
}

// isPersonal tells whether the words begin with what the customer did.
func isPersonal(words []string) bool {
	return len(words) > 0 && (persons[words[0]] || isDeed(words[0])) && !failing(words[:min(openingWords, len(words))])
}
