package policy

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"intakebot/tickets"
)

// Lengths in characters.
const (
	maxID     = 24 // fits into a button's data several times over
	maxLabel  = 40
	maxSaying = 600
	maxCanned = 3000 // with a heading it still fits into one message
)

// id reads a name for the program.
func (v value) id() string {
	s := v.text()
	if v.exists() && !isID(s) {
		v.report("not an id: %q; write up to %d small Latin letters, digits and hyphens", cut(s, maxLabel), maxID)
	}
	return s
}

func isID(s string) bool {
	return s != "" && len(s) <= maxID && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && s[0] != '-'
}

// label reads a text of one line in every language.
func (v value) label() tickets.Words { return v.words(maxLabel, false) }

// saying reads a sentence or a few in every language.
func (v value) saying() tickets.Words { return v.words(maxSaying, true) }

// words reads a text of at most so many characters in every language.
func (v value) words(most int, lines bool) tickets.Words {
	if !v.exists() {
		return nil
	}
	if _, ok := v.pairs(); !ok {
		v.report("write the text in every language: {ru: …, en: …}")
		return nil
	}
	var known []string
	for _, l := range tickets.Langs {
		known = append(known, string(l))
	}
	f := v.fields(known...)
	words := tickets.Words{}
	for _, l := range tickets.Langs {
		one := f.needFor(string(l), "missing; write the text in this language too")
		words[l] = one.text()
		one.checkText(words[l], most, lines)
	}
	return words
}

func (v value) checkText(s string, most int, lines bool) {
	if n := utf8.RuneCountInString(s); n > most {
		v.report("%d characters; at most %d fit", n, most)
	}
	for _, r := range s {
		if r == '\n' && !lines {
			v.report("more than one line; write a single one")
		}
		if unicode.IsControl(r) && r != '\n' {
			v.report("holds a control character, %U; take it out", r)
		}
	}
}

// number reads a whole number in a range; otherwise it stands for one that is
// left out.
func (v value) number(least, most, otherwise int64) int64 {
	if !v.exists() {
		return otherwise
	}
	s := v.text()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < least || n > most {
		v.report("not a whole number from %d to %d: %q", least, most, cut(s, maxLabel))
		return otherwise
	}
	return n
}

// durations is how a duration is written and how long it may be.
type durations struct {
	parse       func(string) (time.Duration, error)
	least, most time.Duration
	how         string // to write it
}

// duration reads a duration; otherwise it stands for one that is left out.
func (v value) duration(allowed durations, otherwise time.Duration) time.Duration {
	if !v.exists() {
		return otherwise
	}
	s := v.text()
	d, err := allowed.parse(s)
	if err != nil || d < allowed.least || d > allowed.most {
		v.report("not a duration from %s to %s: %q; write %s", short(allowed.least), short(allowed.most), cut(s, maxLabel), allowed.how)
		return otherwise
	}
	return d
}

// parseDays reads a duration that can be a number of days, such as 7d.
func parseDays(s string) (time.Duration, error) {
	n, ok := strings.CutSuffix(s, "d")
	if !ok {
		return time.ParseDuration(s)
	}
	days, err := strconv.ParseUint(n, 10, 16)
	return time.Duration(days) * day, err
}

const day = 24 * time.Hour

// short writes a duration as people do in the file.
func short(d time.Duration) string {
	switch {
	case d%day == 0:
		return fmt.Sprintf("%dd", d/day)
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return d.String()
}

// link reads a title and a URL.
func (v value) link() tickets.Link {
	if !v.exists() {
		return tickets.Link{}
	}
	f := v.fields("title", "url")
	return tickets.Link{Title: f.need("title").label(), URL: f.need("url").url()}
}

// url reads a public web address: Telegram refuses others in buttons.
func (v value) url() string {
	s := v.text()
	if !v.exists() || s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil ||
		!strings.Contains(strings.Trim(u.Hostname(), "."), ".") || strings.ContainsFunc(s, unicode.IsSpace) {
		v.report("not a web address: %q; write it as https://example.com/page", cut(s, 2*maxLabel))
	}
	return s
}

// phone reads a phone number as people write it.
func (v value) phone() string {
	s := v.text()
	if !v.exists() || s == "" {
		return ""
	}
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case strings.ContainsRune(" -()", r), r == '+' && i == 0:
		default:
			digits = -100
		}
	}
	if digits < 3 || digits > 15 {
		v.report("not a phone number: %q; write it as +7 (495) 123-45-67", cut(s, maxLabel))
	}
	return s
}
