// Package texts holds every word that the chat shows, in every language.
//
// The words stand in YAML files, one or more for a language: "ru.yaml",
// "dates.ru.yaml". Keys are flat and hold dots, such as "ask.site". A text names
// its arguments as {{.site}}; one that counts something has plural forms, chosen
// by the argument n. A text may hold a little markup, see package bot; what goes
// in as an argument must be escaped by then.
package texts

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"intakebot/tickets"
)

//go:embed *.yaml
var shipped embed.FS

// labels is how the keys of the reply keyboard's buttons begin.
const labels = "key."

// Catalog knows the texts. It does not change, and is safe for concurrent use.
type Catalog struct {
	langs  map[tickets.Lang]*lexicon
	byWord map[string]string // label of the reply keyboard to key
}

// lexicon is one language.
type lexicon struct {
	tag      language.Tag
	messages map[string]*message
}

// message is a text with its plural forms; Other is also the text of one that has
// none.
type message struct {
	Zero, One, Two, Few, Many, Other string
}

// UnmarshalYAML reads a text, or the forms of one.
func (m *message) UnmarshalYAML(read func(any) error) error {
	if err := read(&m.Other); err == nil {
		return nil
	}
	var named map[string]string
	if err := read(&named); err != nil {
		return err
	}
	for name, text := range named {
		form := m.form(name)
		if form == nil {
			return fmt.Errorf("there is no plural form %q", name)
		}
		*form = text
	}
	return nil
}

// form is the one that the CLDR calls so; nil: none.
func (m *message) form(name string) *string {
	switch name {
	case "zero":
		return &m.Zero
	case "one":
		return &m.One
	case "two":
		return &m.Two
	case "few":
		return &m.Few
	case "many":
		return &m.Many
	case "other":
		return &m.Other
	}
	return nil
}

// forms are all of a message.
func (m *message) forms() []*string {
	return []*string{&m.Zero, &m.One, &m.Two, &m.Few, &m.Many, &m.Other}
}

// isPlural tells whether a message has plural forms.
func (m *message) isPlural() bool {
	return m.Zero != "" || m.One != "" || m.Two != "" || m.Few != "" || m.Many != ""
}

// New gives the shipped texts, which are read once. An error means that the
// program was built with a broken file.
func New() (*Catalog, error) { return once() }

var once = sync.OnceValues(func() (*Catalog, error) { return load(shipped) })

func load(files fs.FS) (*Catalog, error) {
	c := &Catalog{langs: map[tickets.Lang]*lexicon{}, byWord: map[string]string{}}
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := c.read(files, name); err != nil {
			return nil, fmt.Errorf("texts: %s: %w", name, err)
		}
	}
	for _, lex := range c.langs {
		c.learnLabels(lex)
	}
	for _, lang := range tickets.Langs {
		if c.langs[lang] == nil {
			return nil, fmt.Errorf("texts: there is no file for %q", lang)
		}
	}
	return c, nil
}

// read adds a file to the lexicon of its language.
func (c *Catalog) read(files fs.FS, name string) error {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	base := strings.TrimSuffix(name, ".yaml")
	tag, err := language.Parse(base[strings.LastIndexByte(base, '.')+1:])
	if err != nil {
		return err
	}
	var messages map[string]*message
	if err := yaml.Unmarshal(raw, &messages); err != nil {
		return err
	}
	lex := c.langs[tickets.Lang(tag.String())]
	if lex == nil {
		lex = &lexicon{tag: tag, messages: map[string]*message{}}
		c.langs[tickets.Lang(tag.String())] = lex
	}
	for key, m := range messages {
		if lex.messages[key] != nil {
			return fmt.Errorf("%q stands in two files", key)
		}
		if m == nil {
			return fmt.Errorf("%q has no text", key)
		}
		for _, form := range m.forms() {
			*form = strings.TrimRight(*form, "\n") // a block of YAML ends with one
			if rest := argument.ReplaceAllString(*form, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
				return fmt.Errorf("%q: an argument is not written as {{.name}}", key)
			}
		}
		lex.messages[key] = m
	}
	return nil
}

func (c *Catalog) learnLabels(lex *lexicon) {
	for key, m := range lex.messages {
		if strings.HasPrefix(key, labels) {
			c.byWord[m.Other] = key
		}
	}
}

// Render gives a text. The count chooses the plural form, where the text has
// any. A missing key, argument or form is an error, and the string then empty.
func (c *Catalog) Render(lang tickets.Lang, key string, args map[string]any, count *int64) (string, error) {
	lex := c.langs[lang]
	if lex == nil {
		return "", fmt.Errorf("texts: no language %q", lang)
	}
	m := lex.messages[key]
	if m == nil {
		return "", fmt.Errorf("texts: no %q in language %q", key, lang)
	}
	text := m.Other
	if count != nil && m.isPlural() {
		text = m.counting(lex.tag, *count)
	}
	if text == "" {
		return "", fmt.Errorf("texts: %q in language %q lacks a form", key, lang)
	}
	filled, err := fill(text, args)
	if err != nil {
		return "", fmt.Errorf("texts: %q in language %q: %w", key, lang, err)
	}
	return filled, nil
}

// counting is the form for a number of things.
func (m *message) counting(tag language.Tag, n int64) string {
	switch plural.Cardinal.MatchPlural(tag, int(max(n, -n, 0)), 0, 0, 0, 0) { // 0: the least number has no opposite
	case plural.Zero:
		return m.Zero
	case plural.One:
		return m.One
	case plural.Two:
		return m.Two
	case plural.Few:
		return m.Few
	case plural.Many:
		return m.Many
	}
	return m.Other
}

// fill puts arguments in their places.
func fill(text string, args map[string]any) (string, error) {
	before, rest, more := strings.Cut(text, "{{.")
	if !more {
		return text, nil
	}
	out := make([]byte, 0, 2*len(text))
	for more {
		var name string
		out = append(out, before...)
		name, rest, _ = strings.Cut(rest, "}}")
		value, ok := args[name]
		if !ok {
			return "", fmt.Errorf("no argument %q", name)
		}
		out = fmt.Append(out, value)
		before, rest, more = strings.Cut(rest, "{{.")
	}
	return string(append(out, before...)), nil
}

var argument = regexp.MustCompile(`\{\{\.[a-z_]+\}\}`)

// Neutral is a text with its arguments left out, for when they are missing. It
// is empty when there is no such key in any language.
func (c *Catalog) Neutral(lang tickets.Lang, key string) string {
	for _, l := range append([]tickets.Lang{lang}, tickets.Langs...) {
		if lex := c.langs[l]; lex != nil && lex.messages[key] != nil {
			return argument.ReplaceAllString(lex.messages[key].Other, "")
		}
	}
	return ""
}

// Has tells whether a key exists in every language.
func (c *Catalog) Has(key string) bool {
	for _, lex := range c.langs {
		if lex.messages[key] == nil {
			return false
		}
	}
	return true
}

// Keys lists the keys of all languages, sorted.
func (c *Catalog) Keys() []string {
	all := map[string]bool{}
	for _, lex := range c.langs {
		for key := range lex.messages {
			all[key] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// KeyOf finds the key of a label of the reply keyboard, in whatever language
// the keyboard was sent in: a press types the label as text.
func (c *Catalog) KeyOf(label string) (key string, ok bool) {
	key, ok = c.byWord[strings.TrimSpace(label)]
	return key, ok
}
