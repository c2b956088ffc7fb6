package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// value is a value of the file with its place. Every read of it gives the zero
// value and reports a mistake when the file holds something else.
type value struct {
	src  *source
	key  string // path from the root
	line int
	node ast.Node // nil: left out
}

func (v value) report(format string, args ...any) {
	v.src.report(v.line, v.key, format, args...)
}

// exists reports whether the file gives the value.
func (v value) exists() bool { return v.node != nil }

// fields is a mapping whose keys are known.
type fields struct {
	of    value
	byKey map[string]value
}

// fields reads a mapping, reporting keys that are not known or doubled.
func (v value) fields(known ...string) fields {
	f := fields{v, map[string]value{}}
	for key, child := range v.entries() {
		if !slices.Contains(known, key) {
			child.report("unknown key; the keys here are %s", strings.Join(known, ", "))
			continue
		}
		f.byKey[key] = child
	}
	return f
}

// get gives the value of a key that may be left out.
func (f fields) get(key string) value {
	if v, ok := f.byKey[key]; ok {
		return v
	}
	return value{src: f.of.src, key: join(f.of.key, key), line: f.of.line}
}

// need gives the value of a key that must be there.
func (f fields) need(key string) value {
	return f.needFor(key, "missing; write it as in the shipped policy")
}

// needFor is need with words of its own for a value that is not there.
func (f fields) needFor(key, missing string) value {
	v := f.get(key)
	if !v.exists() && !f.of.src.faulty[f.of.key] {
		v.report("%s", missing)
	}
	return v
}

// pairs gives the keys and values of a mapping, and whether it is one.
func (v value) pairs() ([]*ast.MappingValueNode, bool) {
	if n, ok := v.node.(*ast.MappingNode); ok {
		return n.Values, true
	}
	return nil, false
}

// entries gives a mapping's values by key; doubled keys are mistakes.
func (v value) entries() map[string]value {
	out := map[string]value{}
	pairs, ok := v.pairs()
	if v.exists() && !ok {
		v.report("keys and values are wanted here, indented, as in the shipped policy")
	}
	for _, pair := range pairs {
		tk := pair.Key.GetToken()
		child := v.child(join(v.key, printable(tk.Value)), tk.Position.Line, pair.Value)
		if first, twice := out[tk.Value]; twice {
			child.report("stands here twice, first in line %d; keep one of them", first.line)
			continue
		}
		out[tk.Value] = child
	}
	return out
}

// list gives the values of a list.
func (v value) list() []value {
	if !v.exists() {
		return nil
	}
	n, ok := v.node.(*ast.SequenceNode)
	if !ok {
		v.report("a list is wanted here; write - before each entry, or [a, b], or [] for none")
		return nil
	}
	var out []value
	for i, entry := range n.Values {
		out = append(out, v.child(fmt.Sprintf("%s[%d]", v.key, i), lineOf(entry, v.line), entry))
	}
	return out
}

// child is a value within v; its place is noted for mistakes found later.
func (v value) child(key string, line int, node ast.Node) value {
	if _, seen := v.src.lines[key]; !seen {
		v.src.lines[key] = line
	}
	out := value{v.src, key, line, node}
	switch node.(type) {
	case nil:
		out.node = &ast.NullNode{}
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		out.report("& * and ! at the beginning mean something in YAML; write the value itself, or a text in quotes")
	}
	return out
}

// text reads a single value as text, without space around it. It must not be
// blank.
func (v value) text() string {
	var s string
	switch n := v.node.(type) {
	case nil:
		return ""
	case *ast.StringNode:
		s = n.Value
	case *ast.LiteralNode:
		s = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode:
		s = n.GetToken().Value
	default:
		v.report("a text is wanted here; if it is one, put it in quotes")
		return ""
	}
	if s = strings.TrimSpace(s); s == "" {
		v.report("empty; write a text")
	}
	return s
}

// flag reads true or false; false when left out.
func (v value) flag() bool {
	if !v.exists() {
		return false
	}
	n, ok := v.node.(*ast.BoolNode)
	if !ok {
		v.report("write true or false")
		return false
	}
	return n.Value
}

// printable is a key as it is shown, whatever the file holds.
func printable(key string) string {
	if strings.ContainsFunc(key, func(r rune) bool { return !unicode.IsPrint(r) }) {
		key = strconv.Quote(key)
	}
	return cut(key, maxLabel)
}

func join(key, child string) string {
	if key == "" {
		return child
	}
	return key + "." + child
}

// lineOf is where a node begins, or a given line when it does not say.
func lineOf(n ast.Node, otherwise int) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		n = m.Values[0].Key
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return otherwise
	}
	return n.GetToken().Position.Line
}
