package policy

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds on a policy file. The parser takes time in the square of the number
// of keys and of the nesting, and a goroutine's stack; with these it is done in
// a fraction of a second whatever the file holds.
const (
	MaxBytes    = 1 << 20
	maxTokens   = 20_000 // the shipped file has some 900
	maxNesting  = 20
	maxMistakes = 100
)

// Mistake is one thing that is wrong in a policy file.
type Mistake struct {
	File string
	Line int    // from 1 on
	Key  string // such as topics[2].name.ru, counted from 0; yaml: the file's form
	Text string // what is wrong and what to write
}

func (m *Mistake) Error() string {
	return fmt.Sprintf("%s:%d: %s: %s", m.File, m.Line, m.Key, m.Text)
}

// source is the file being read.
type source struct {
	name     string
	lines    map[string]int // of every key seen
	faulty   map[string]bool
	mistakes []*Mistake
}

func newSource(name string) *source {
	return &source{name: name, lines: map[string]int{}, faulty: map[string]bool{}}
}

// report notes a mistake, the first one of a key: what follows from it would
// only confuse.
func (s *source) report(line int, key, format string, args ...any) {
	if s.faulty[key] {
		return
	}
	s.faulty[key] = true
	if key == "" {
		key = "yaml"
	}
	text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	s.mistakes = append(s.mistakes, &Mistake{s.name, max(line, 1), key, text})
}

// err joins the mistakes in the order of the lines, the first maxMistakes.
func (s *source) err() error {
	slices.SortFunc(s.mistakes, func(a, b *Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Key, b.Key))
	})
	var errs []error
	for i, m := range s.mistakes {
		if i == maxMistakes {
			errs = append(errs, fmt.Errorf("%s: and %d more", s.name, len(s.mistakes)-i))
			break
		}
		errs = append(errs, m)
	}
	return errors.Join(errs...)
}

// parse gives the root of the file, or reports why there is none.
func (s *source) parse(text []byte) (value, bool) {
	if len(text) > MaxBytes {
		s.report(1, "yaml", "the file is larger than %d KiB; is it the right one?", MaxBytes>>10)
		return value{}, false
	}
	if at := invalidUTF8(text); at >= 0 {
		s.report(1+bytes.Count(text[:at], []byte("\n")), "yaml", "not UTF-8; save the file in that encoding")
		return value{}, false
	}
	tokens := lexer.Tokenize(string(bytes.TrimPrefix(text, []byte("\uFEFF"))))
	if !s.bounded(tokens) {
		return value{}, false
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		s.reportSyntax(err)
		return value{}, false
	}
	return s.root(file)
}

// bounded refuses what the parser would take too long over.
func (s *source) bounded(tokens token.Tokens) bool {
	if len(tokens) > maxTokens {
		s.report(tokens[maxTokens].Position.Line, "yaml", "too long; a policy has at most %d words and signs", maxTokens)
		return false
	}
	brackets, onLine, line := 0, 0, 0
	for _, tk := range tokens {
		if tk.Position.Line != line {
			line, onLine = tk.Position.Line, 0
		}
		switch tk.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType, token.TagType, token.AnchorType:
			onLine++
		case token.CollectEntryType:
			onLine = 0
		}
		if brackets > maxNesting || onLine > maxNesting {
			s.report(line, "yaml", "nested too deeply; see the shipped policy for the form")
			return false
		}
	}
	return true
}

func (s *source) reportSyntax(err error) {
	var syntax yaml.Error
	line, text := 1, "cannot be read as YAML"
	if errors.As(err, &syntax) {
		text = cut(syntax.GetMessage(), 200)
		if tk := syntax.GetToken(); tk != nil && tk.Position != nil {
			line = tk.Position.Line
		}
	}
	s.report(line, "yaml", "%s; check the indentation, colons and quotes around here", text)
}

// root gives the one document of a file.
func (s *source) root(file *ast.File) (value, bool) {
	root := value{src: s, line: 1}
	found := false
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		if found {
			s.report(lineOf(doc.Body, 1), "yaml", "a second document; a policy is a single one, so take out the ---")
			return value{}, false
		}
		root.node, found = doc.Body, true
	}
	if !found {
		s.report(1, "yaml", "the file is empty; start from a copy of the shipped policy")
	}
	return root, found
}

// invalidUTF8 is the place of the first byte that is no UTF-8, or -1.
func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// cut shortens what a file holds to what fits into a line of a report.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
