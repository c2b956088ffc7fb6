package dialog

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// description is a text cut into pieces.
type description struct {
	pieces    []piece
	argues    bool // "во-первых" counts arguments, not problems
	plainList bool // every line complains of something of its own
}

// piece is a sentence, or a part of one that begins with a cue; or several of
// them in a row.
type piece struct {
	start, end int // bytes

	cue       cueKind
	opens     bool // begins a sentence
	line      bool // begins a line
	paragraph bool // begins a paragraph

	fails        bool     // complains
	states       bool     // states something of its own, which may be a complaint
	asks         bool     // asks a question after its cue
	tries        bool     // tells what somebody did about it
	same         bool     // refers to what was said before
	consequence  bool     // follows from what was said before
	follows      bool     // happened after what was said before
	opensFailing bool     // complains in its first words, without referring back
	sites        []string // hosts
	errors       []string // texts of errors

	topics map[string]bool // the beginnings of the longer words
}

// topicLetters is how much of a word is its topic, its ending aside; shorter
// words are none.
const topicLetters = 5

// topicsOf notes what the words talk of.
func topicsOf(words []string) map[string]bool {
	topics := map[string]bool{}
	for i, w := range words {
		if utf8.RuneCountInString(w) >= topicLetters && common.at(words[i:]) == 0 {
			topics[string([]rune(w)[:topicLetters])] = true
		}
	}
	return topics
}

// talksOf tells whether a piece shares a topic with the head.
func (p piece) talksOf(head piece) bool {
	for topic := range p.topics {
		if head.topics[topic] {
			return true
		}
	}
	return false
}

// openingWords are so many words within which a paragraph that is a problem of
// its own complains.
const openingWords = 6

// read cuts a text into pieces and notes what the rules go by.
func read(text string) *description {
	d := &description{plainList: isPlainList(text)}
	request := false // something is asked or complained of already
	for _, s := range sentences(text) {
		for _, p := range cut(text, s) {
			if n := firsts.at(p.words); n > 0 {
				d.argues = request || isPersonal(p.words[n:])
			}
			d.pieces = append(d.pieces, p.piece)
			request = request || p.isProblem()
		}
	}
	return d
}

// sentence is a sentence of a text, or a line without a full stop.
type sentence struct {
	start, end      int
	line, paragraph bool // begins one
}

// sentences cuts a text at full stops and at line ends. A sentence without a
// word of two letters ("P.S.") goes with the next one.
func sentences(text string) []sentence {
	var out []sentence
	next := sentence{line: true, paragraph: true}
	hasWord := false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		following, _ := utf8.DecodeRuneInString(text[i+size:])
		hasWord = hasWord || unicode.IsLetter(r) && unicode.IsLetter(following)
		i += size
		ends := r == '\n' || strings.ContainsRune(".!?…;", r) && (i == len(text) || unicode.IsSpace(following))
		if !hasWord || !ends {
			continue
		}
		gap := text[i-size : i+len(text[i:])-len(strings.TrimLeft(text[i:], " \n\t"))]
		next.end = i
		out = append(out, next)
		newlines := strings.Count(gap, "\n")
		next = sentence{start: i, line: newlines > 0, paragraph: newlines > 1}
		hasWord = false
	}
	if next.start < len(text) {
		next.end = len(text)
		out = append(out, next)
	}
	return out
}

// worded is a piece with its words.
type worded struct {
	piece
	words []string
}

// cut cuts a sentence at its cues.
func cut(text string, s sentence) []worded {
	words := wordsOf(text[s.start:s.end])
	folded := texts(words)
	type border struct {
		word int
		cue  cueKind
		tail int // the word after the cue
	}
	consequence := consequences.in(folded)
	borders := []border{{}}
	for i := range words {
		cue, n := cueAt(folded[i:])
		switch {
		case cue == noCue:
		case i == 0:
			borders[0] = border{0, cue, n}
		case i < borders[len(borders)-1].tail: // "P.S. И ещё"
		case clauseBegins(text[s.start+words[i-1].end:s.start+words[i].start], folded[i]):
			borders = append(borders, border{i, cue, i + n})
		}
	}
	var out []worded
	for k, b := range borders {
		start, end, last := s.start, s.end, len(words)
		if k > 0 {
			start = s.start + words[b.word].start
		}
		if k+1 < len(borders) {
			last = borders[k+1].word
			end = s.start + words[last].start
		}
		p := judge(text[start:end], folded[b.word:last], folded[b.tail:max(b.tail, last)])
		p.start, p.end, p.cue = start, end, b.cue
		p.consequence = consequence
		p.states = p.states && (b.word == 0 || hasVerb(folded[b.tail:max(b.tail, last)]))
		if k == 0 {
			p.opens, p.line, p.paragraph = true, s.line, s.paragraph
		}
		out = append(out, worded{p, folded[b.word:last]})
	}
	return out
}

// clauseBegins tells whether a clause can begin between two words: after
// punctuation, or with an "and".
func clauseBegins(gap, next string) bool {
	return strings.ContainsAny(gap, ",;:—–()") || strings.Contains(gap, " - ") ||
		next == "и" || next == "а" || next == "and" || next == "oh"
}

// cueAt returns the cue that the words begin with and how many words it takes,
// with the fillers before it and further cues after it ("P.S. И ещё").
func cueAt(words []string) (cue cueKind, n int) {
	for n < len(words) && n < 6 {
		k, kind := longestCue(words[n:])
		switch {
		case k > 0:
			n += k
			cue = max(cue, kind)
		case cue != noCue:
			return cue, n
		case fillers[words[n]] || speakers[words[n]] && n+1 < len(words) && (words[n+1] == "также" || words[n+1] == "also"):
			n++
		default:
			return noCue, 0
		}
	}
	if cue == noCue {
		return noCue, 0
	}
	return cue, n
}

func longestCue(words []string) (n int, kind cueKind) {
	for k := weak; k <= strong; k++ {
		if m := cues[k].at(words); m > n {
			n, kind = m, k
		}
	}
	if n == 1 && words[0] == "еще" && notAfterMore.at(words[1:]) > 0 {
		return 0, noCue
	}
	return n, kind
}

// judge notes what a piece's words, and those after its cue, tell.
func judge(text string, words, tail []string) piece {
	p := piece{
		fails:   failing(tail),
		states:  states(tail),
		asks:    questions.at(tail) > 0 || questions.in(tail) && strings.Contains(text, "?"),
		tries:   attempts.in(tail) || isPersonal(tail),
		same:    sameness.in(words),
		follows: sequels.in(words),
		sites:   ownSites(text),
		errors:  errorTexts(text, words),
		topics:  topicsOf(tail),
	}
	p.same = p.same || !p.fails && repetition.in(words)
	p.opensFailing = details.at(words) == 0 && failing(words[:min(openingWords, len(words))])
	return p
}

var errorCode = regexp.MustCompile(`(?i)(?:ошибк\pL*|error|код|code)\s*(?:№|#|:)?\s*\d{3,5}\b`)

// How long a quoted text of an error is, in runes.
const (
	shortestError = 3
	longestError  = 200
)

// errorTexts returns the texts of errors that a sentence reports, in quotes or
// as a number.
func errorTexts(text string, words []string) []string {
	if !reports.in(words) {
		return nil
	}
	var out []string
	for _, m := range append(quotations(text), errorCode.FindAllString(text, -1)...) {
		out = append(out, strings.Join(texts(wordsOf(m)), " "))
	}
	return out
}

// closing quotes by what opens them.
var closing = map[rune]rune{'«': '»', '“': '”', '„': '“', '"': '"'}

// quotations are what stands in quotes on one line, as long as an error's text is.
// A mark that begins no quotation, as that of inches, may stand before one that does.
func quotations(text string) (found []string) {
	before := ' '
	for at := 0; at < len(text); {
		mark, size := utf8.DecodeRuneInString(text[at:])
		at += size
		if inside, ok := quotation(before, mark, text[at:]); ok {
			if utf8.RuneCountInString(strings.TrimSpace(inside)) >= shortestError {
				found = append(found, inside)
			}
			at += len(inside) + utf8.RuneLen(closing[mark])
			mark = closing[mark]
		}
		before = mark
	}
	return found
}

// quotation is what a mark opens, of a text that goes on behind it.
func quotation(before, mark rune, rest string) (inside string, ok bool) {
	closes := closing[mark]
	if closes == 0 || mark == closes && unicode.IsDigit(before) { // inches
		return "", false
	}
	runes := 0
	for at, r := range rest {
		switch {
		case r == closes:
			inside = rest[:at]
			trimmed := strings.TrimSpace(inside)
			// Little between spaces stands between two quotations.
			return inside, trimmed == inside || utf8.RuneCountInString(trimmed) >= shortestError
		case r == '\n' || runes == longestError:
			return "", false
		}
		runes++
	}
	return "", false
}

// isPlainList tells whether a text is two lines or more, each of which
// complains in its first words: a list without markers.
func isPlainList(text string) bool {
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		words := texts(wordsOf(line))
		if len(words) == 0 {
			continue
		}
		if details.at(words) > 0 || !failing(words[:min(openingWords, len(words))]) {
			return false
		}
		n++
	}
	return n >= 2
}
