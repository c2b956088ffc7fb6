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
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
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
	parser template.Parser
}

// lexicon is one language.
type lexicon struct {
	localizer *i18n.Localizer
	messages  map[string]*i18n.Message
}

// New gives the shipped texts, which are read once. An error means that the
// program was built with a broken file.
func New() (*Catalog, error) { return once() }

var once = sync.OnceValues(func() (*Catalog, error) { return load(shipped) })

func load(files fs.FS) (*Catalog, error) {
	c := &Catalog{
		langs: map[tickets.Lang]*lexicon{}, byWord: map[string]string{},
		// go-i18n keeps what this parser has parsed. A missing argument must
		// not become "<no value>" in a chat.
		parser: &template.TextParser{Option: "missingkey=error"},
	}
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(language.Make(string(tickets.Langs[0])))
	for _, name := range names {
		if err := c.read(bundle, files, name); err != nil {
			return nil, fmt.Errorf("texts: %s: %w", name, err)
		}
	}
	for lang, lex := range c.langs {
		lex.localizer = i18n.NewLocalizer(bundle, string(lang))
		c.learnLabels(lex)
	}
	for _, lang := range tickets.Langs {
		if c.langs[lang] == nil {
			return nil, fmt.Errorf("texts: there is no file for %q", lang)
		}
	}
	return c, nil
}

// read adds a file to the bundle and to the lexicon of its language.
func (c *Catalog) read(bundle *i18n.Bundle, files fs.FS, name string) error {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	unmarshal := map[string]i18n.UnmarshalFunc{"yaml": func(b []byte, v any) error { return yaml.Unmarshal(b, v) }}
	file, err := i18n.ParseMessageFileBytes(raw, name, unmarshal)
	if err != nil {
		return err
	}
	lang := tickets.Lang(file.Tag.String())
	lex := c.langs[lang]
	if lex == nil {
		lex = &lexicon{messages: map[string]*i18n.Message{}}
		c.langs[lang] = lex
	}
	for _, m := range file.Messages {
		if lex.messages[m.ID] != nil {
			return fmt.Errorf("%q stands in two files", m.ID)
		}
		for _, form := range forms(m) {
			*form = strings.TrimRight(*form, "\n") // a block of YAML ends with one
			if err := c.parses(*form); err != nil {
				return fmt.Errorf("%q: %w", m.ID, err)
			}
		}
		lex.messages[m.ID] = m
	}
	return bundle.AddMessages(file.Tag, file.Messages...)
}

func (c *Catalog) parses(text string) error {
	_, err := c.parser.Parse(text, "", "")
	return err
}

// forms are the plural forms of a message; Other is also the text of one that
// has none.
func forms(m *i18n.Message) []*string {
	return []*string{&m.Zero, &m.One, &m.Two, &m.Few, &m.Many, &m.Other}
}

// isPlural tells whether a message has plural forms.
func isPlural(m *i18n.Message) bool {
	return m.Zero != "" || m.One != "" || m.Two != "" || m.Few != "" || m.Many != ""
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
	if !strings.Contains(m.Other, "{{") && !isPlural(m) {
		return m.Other, nil // most labels, and nothing to work out
	}
	if args == nil {
		args = map[string]any{}
	}
	cfg := i18n.LocalizeConfig{MessageID: key, TemplateData: args, TemplateParser: c.parser}
	if count != nil && isPlural(m) {
		cfg.PluralCount = *count
	}
	text, err := lex.localizer.Localize(&cfg)
	if err != nil {
		return "", fmt.Errorf("texts: %q in language %q: %w", key, lang, err)
	}
	return text, nil
}

var action = regexp.MustCompile(`\{\{.*?\}\}`)

// Neutral is a text with its arguments left out, for when they are missing. It
// is empty when there is no such key in any language.
func (c *Catalog) Neutral(lang tickets.Lang, key string) string {
	for _, l := range append([]tickets.Lang{lang}, tickets.Langs...) {
		if lex := c.langs[l]; lex != nil && lex.messages[key] != nil {
			return action.ReplaceAllString(lex.messages[key].Other, "")
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
