package dialog

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"intakebot/tickets"
)

// Several returns the parts of a description that holds several problems, two
// or more, in the customer's own words; nil when it is one problem (R3.4). A
// false alarm costs the customer one press, a miss costs an agent a split.
//
// A list is judged as a whole (see enumeration.parts). Any other text is cut
// into pieces, at sentences and at phrases such as "кроме того", and each of
// the rules below may say that a piece begins another problem. Every word is in
// one of the parts, in order, but for list markers and for a greeting or an
// announcement before a list.
func Several(text string) []string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, " "), "\r\n", "\n")
	if parts := findList(text).parts(); parts != nil {
		return parts
	}
	d := read(text)
	if len(d.pieces) == 0 {
		return nil
	}
	var parts []string
	head := d.pieces[0]
	for _, p := range d.pieces[1:] {
		if (head.isProblem() || head.states) && d.begins(head, p) {
			parts = append(parts, strings.TrimSpace(text[head.start:head.end]))
			head = p
		} else {
			head.join(p)
		}
	}
	if parts == nil {
		return nil
	}
	return append(parts, strings.TrimSpace(text[head.start:]))
}

// rules say whether a piece begins another problem after the head, which is all
// the pieces of the problem before it.
var rules = []struct {
	name    string
	example string
	begins  func(d *description, head, p piece) bool
}{
	{"announced", "Пропала карта. Отдельный вопрос: как поменять валюту?",
		func(_ *description, _, p piece) bool {
			return p.cue == strong && (p.fails || !p.tries)
		}},
	{"counted", "Во-первых, пропали фото. Во-вторых, не приходит почта.",
		func(d *description, _, p piece) bool {
			return p.cue == ordinal && (p.isProblem() || p.states) && p.standsAlone() && !d.argues
		}},
	{"added", "Форма не отправляется. Также не работает поиск.",
		func(_ *description, head, p piece) bool {
			return p.cue == weak && (p.isProblem() || p.states && !p.talksOf(head)) && p.standsAlone()
		}},
	{"another site", "На a.ru не открывается корзина. На b.ru пропали отзывы.",
		func(_ *description, head, p piece) bool {
			return p.opens && len(head.sites) == 1 && len(p.sites) == 1 && head.sites[0] != p.sites[0] &&
				head.fails && p.fails && p.standsAlone()
		}},
	{"another error", "При входе пишет «Нет доступа». При сохранении пишет «Ошибка 500».",
		func(_ *description, head, p piece) bool {
			return p.opens && head.errors != nil && p.errors != nil && !overlap(head.errors, p.errors) &&
				p.standsAlone() && !p.follows
		}},
	{"another paragraph", "Не приходят письма.⏎⏎Не могу войти в админку.",
		func(d *description, head, p piece) bool {
			return (p.paragraph || p.line && d.plainList) && head.opensFailing && p.opensFailing && p.standsAlone()
		}},
}

func (d *description) begins(head, p piece) bool {
	for _, r := range rules {
		if r.begins(d, head, p) {
			return true
		}
	}
	return false
}

// isProblem tells whether there is a problem or a question in a piece.
func (p piece) isProblem() bool { return p.fails || p.asks }

// standsAlone tells whether nothing ties a piece to what was said before: no
// attempt to mend it, no "the same", no "because of that".
func (p piece) standsAlone() bool { return !p.tries && !p.same && !p.consequence }

// join adds the next piece of the same problem.
func (p *piece) join(next piece) {
	if !p.isProblem() {
		p.opensFailing = next.opensFailing
	}
	p.end = next.end
	p.fails = p.fails || next.fails
	p.states = p.states || next.states
	p.asks = p.asks || next.asks
	maps.Copy(p.topics, next.topics)
	p.sites = union(p.sites, next.sites)
	p.errors = union(p.errors, next.errors)
}

// remembered is how many sites or errors of one problem are compared with those
// of the next piece; more matter to no rule.
const remembered = 8

// union adds what is new in b to a.
func union(a, b []string) []string {
	for _, s := range b {
		if len(a) < remembered && !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

func number(n int) string { return strconv.Itoa(n) }

// ownSites are the hosts in a text that can be the customer's.
func ownSites(text string) []string {
	var hosts []string
	for _, s := range tickets.Sites(text) {
		host, _, _ := strings.Cut(strings.TrimPrefix(tickets.SiteShown(s), "www."), "/")
		if !slices.Contains(services, host) {
			hosts = append(hosts, host)
		}
	}
	return hosts
}
