package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// This file is the only one that knows the YAML library.

// readYAML turns the text of the file into nodes. It returns nil after
// reporting why if there is nothing to go on with.
func (l *loader) readYAML(data []byte) *node {
	tooDeep := false
	limits := loaderlimits.New(loaderlimits.DepthFunc(func(depth int, _ *loaderlimits.DepthContext) error {
		if depth <= maxDepth {
			return nil
		}
		tooDeep = true
		return fmt.Errorf("exceeded depth of %d", maxDepth)
	}))
	yl, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(limits))
	if err != nil {
		l.refuse(span{}, ruleSyntax, "the file cannot be read as YAML: %v", err)
		return nil
	}
	var document, next yaml.Node
	err = yl.Load(&document)
	switch {
	case tooDeep:
		l.refuse(l.yamlErrorSpan(err), ruleLimit, "nested deeper than %d", maxDepth)
		return nil
	case errors.Is(err, io.EOF):
		l.refuse(span{1, 1, 1}, ruleSyntax, "the file is empty: a schema begins with the key package")
		return nil
	case err != nil:
		l.reportYAMLError(err)
		return nil
	}
	if err := yl.Load(&next); err == nil {
		l.refuse(l.yamlSpan(&next), ruleSyntax, "a second document begins here: a schema is one document")
		return nil
	} else if !errors.Is(err, io.EOF) {
		l.reportYAMLError(err)
		return nil
	}
	c := converter{loader: l}
	root := c.convert(document.Content[0], 0)
	if c.stopped {
		return nil
	}
	return root
}

func (l *loader) reportYAMLError(err error) {
	var le *yaml.LoadError
	if !errors.As(err, &le) {
		l.refuse(span{}, ruleSyntax, "not YAML: %v", err)
		return
	}
	at, message := l.explain(syntaxError{
		message: le.Message,
		while:   le.ContextMsg,
		at:      l.yamlErrorSpan(err),
		began:   l.markSpan(le.ContextMark),
	})
	l.refuse(at, ruleSyntax, "%s", message)
}

func (l *loader) yamlErrorSpan(err error) span {
	var le *yaml.LoadError
	if !errors.As(err, &le) {
		return span{}
	}
	return l.markSpan(le.Mark)
}

func (l *loader) markSpan(m yaml.Mark) span {
	if m.Line < 1 {
		return span{}
	}
	return l.spanAt(m.Line, max(m.Column, 1))
}

// spanAt converts a line and a column in characters, as the library counts
// them, into a span of one character.
func (l *loader) spanAt(line, characters int) span {
	if last := len(l.lines); line > last { // the end of a file without a line end
		line, characters = last, len(l.line(last))+1
	}
	text := l.line(line)
	// Nodes come in the order of the file: counting goes on from the last one,
	// or long lines would take time in the square of their length.
	c := &l.counted
	if c.line != line || c.characters > characters {
		*c = counted{line: line, characters: 1}
	}
	for c.characters < characters && c.bytes < len(text) {
		_, size := utf8.DecodeRuneInString(text[c.bytes:])
		c.bytes += size
		c.characters++
	}
	_, size := utf8.DecodeRuneInString(text[c.bytes:])
	return span{line, c.bytes + 1, c.bytes + 1 + size}
}

// counted is how far the characters of a line have been counted: the column in
// characters, from 1, of the character after so many bytes.
type counted struct{ line, characters, bytes int }

func (l *loader) yamlSpan(n *yaml.Node) span {
	s := l.spanAt(n.Line, n.Column)
	rest := l.line(s.line)[s.column-1:]
	switch {
	case n.Kind != yaml.ScalarNode:
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		s.end = s.column + quotedLength(rest)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 && n.Value != "" && strings.HasPrefix(rest, n.Value):
		s.end = s.column + len(n.Value)
	}
	return s
}

// quotedLength returns the length of the quoted text that s begins with, up to
// the end of the line if it does not end there.
func quotedLength(s string) int {
	if s == "" {
		return 0
	}
	quote := s[0]
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quote == '"':
			i++
		case s[i] == quote && quote == '\'' && strings.HasPrefix(s[i+1:], "'"):
			i++
		case s[i] == quote:
			return i + 1
		}
	}
	return len(s)
}

// converter turns the library's nodes into ours, within bounds.
type converter struct {
	*loader
	nodes, aliases int
	stopped        bool
}

// convert returns nil where the bounds are exceeded; that has been reported.
func (c *converter) convert(y *yaml.Node, depth int) *node {
	if !c.within(y, depth) {
		return nil
	}
	switch y.Kind {
	case yaml.AliasNode:
		c.aliases++
		return c.convert(y.Alias, depth+1)
	case yaml.MappingNode:
		return c.convertMapping(y, depth)
	case yaml.SequenceNode:
		n := &node{kind: listNode, span: c.yamlSpan(y)}
		c.checkTag(y, "!!seq")
		for _, item := range y.Content {
			if i := c.convert(item, depth+1); i != nil {
				n.items = append(n.items, i)
			}
		}
		return n
	default:
		return c.convertScalar(y)
	}
}

func (c *converter) within(y *yaml.Node, depth int) bool {
	c.nodes++
	message := ""
	switch {
	case c.stopped:
		return false
	case depth > maxDepth:
		message = fmt.Sprintf("nested deeper than %d, aliases expanded", maxDepth)
	case c.nodes > maxNodes:
		message = fmt.Sprintf("more than %d values, aliases expanded", maxNodes)
	case c.aliases > maxAliases:
		message = fmt.Sprintf("more than %d aliases", maxAliases)
	default:
		return true
	}
	c.stopped = true
	c.refuse(c.yamlSpan(y), ruleLimit, "%s", message)
	return false
}

func (c *converter) convertMapping(y *yaml.Node, depth int) *node {
	n := &node{kind: mappingNode, span: c.yamlSpan(y)}
	c.checkTag(y, "!!map")
	lines := make(map[string]int, len(y.Content)/2)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := c.convert(y.Content[i], depth+1)
		value := c.convert(y.Content[i+1], depth+1)
		if key == nil || value == nil {
			continue
		}
		if key.kind == mappingNode || key.kind == listNode {
			c.refuse(key.span, ruleWrongType, "a key is text, not %s", key.kind)
			continue
		}
		if first, ok := lines[key.text]; ok {
			c.refuse(key.span, ruleDuplicateKey, "the key %q repeats: it is on line %d already", key.text, first)
			continue
		}
		lines[key.text] = key.span.line
		n.entries = append(n.entries, entry{key, value})
	}
	return n
}

func (c *converter) convertScalar(y *yaml.Node) *node {
	n := &node{kind: textNode, text: y.Value, span: c.yamlSpan(y)}
	c.checkText(n)
	switch y.ShortTag() {
	case "!!int":
		n.kind = intNode
	case "!!float":
		n.kind = floatNode
	case "!!bool":
		n.kind = boolNode
	case "!!null":
		n.kind = nullNode
	case "!!str", "!!timestamp", "!!merge":
	default:
		c.checkTag(y, "")
	}
	return n
}

func (c *converter) checkTag(y *yaml.Node, want string) {
	if tag := y.ShortTag(); tag != want {
		c.refuse(c.yamlSpan(y), ruleSyntax, "the tag %s is not part of the language: leave it out", tag)
	}
}

// layout returns the text of the file laid out anew: two spaces a step, lists
// inside what holds them, everything else in the style it has. The library keeps
// comments but not blank lines: these are to be comments, too.
func (l *loader) layout(text string) (string, error) {
	document, err := loadNode(text)
	if err != nil {
		return "", err
	}
	spellNull(document, false)
	var b strings.Builder
	d, err := yaml.NewDumper(&b, yaml.WithIndent(2), yaml.WithCompactSeqIndent(false), yaml.WithLineWidth(-1))
	if err != nil {
		return "", err
	}
	if err := errors.Join(d.Dump(document), d.Close()); err != nil {
		return "", err
	}
	if strings.Contains(text, `\U`) {
		return b.String(), nil // the author's own
	}
	return largeEscape.ReplaceAllStringFunc(b.String(), func(escape string) string {
		n, _ := strconv.ParseUint(escape[len(`\U`):], 16, 32)
		if !unicode.IsPrint(rune(n)) {
			return escape
		}
		return string(rune(n))
	}), nil
}

// largeEscape is how the library writes pictographs, and other characters beyond
// U+FFFF.
var largeEscape = regexp.MustCompile(`\\U[0-9A-F]{8}`)

// spellNull writes out null where brackets and braces hold nothing: the library
// would write an empty text.
func spellNull(n *yaml.Node, flow bool) {
	flow = flow || n.Style&yaml.FlowStyle != 0
	if flow && n.Kind == yaml.ScalarNode && n.Value == "" && n.ShortTag() == "!!null" {
		n.Value = "null"
	}
	for _, inner := range n.Content {
		spellNull(inner, flow)
	}
}

func loadNode(text string) (*yaml.Node, error) {
	yl, err := yaml.NewLoader(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	var document yaml.Node
	return &document, yl.Load(&document)
}

// inside says of which lines a blank or a # is part of something.
type inside struct {
	// text holds the lines within texts, after their first. flow holds those
	// within collections in brackets and braces.
	text, flow map[int]bool
}

// insides finds the lines within texts and within brackets and braces.
func (l *loader) insides(text string) (inside, error) {
	in := inside{text: make(map[int]bool), flow: make(map[int]bool)}
	document, err := loadNode(text)
	if err != nil {
		return in, err
	}
	l.findInsides(in, document, -1)
	return in, nil
}

// findInsides walks down; indent is that of the block which holds the node.
func (l *loader) findInsides(in inside, n *yaml.Node, indent int) {
	switch {
	case n.Kind == yaml.ScalarNode:
		l.insideText(in, n, indent)
		return
	case n.Kind == yaml.AliasNode:
		return
	case n.Style&yaml.FlowStyle != 0:
		for line := n.Line + 1; line <= lastLine(n); line++ {
			in.flow[line] = true
		}
	case n.Kind == yaml.MappingNode, n.Kind == yaml.SequenceNode:
		indent = n.Column - 1
	}
	for _, inner := range n.Content {
		l.findInsides(in, inner, indent)
	}
}

func (l *loader) insideText(in inside, n *yaml.Node, indent int) {
	s := l.yamlSpan(n)
	rest := l.line(s.line)[s.column-1:]
	last := s.line
	switch {
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		for text := rest; quotedLength(text) == len(text) && last < len(l.lines) && !closed(text); last++ {
			text = rest[:1] + l.line(last+1)
		}
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 && strings.HasPrefix(rest, n.Value):
		return
	default:
		last = l.lastDeeper(s.line, indent)
	}
	for line := s.line + 1; line <= last; line++ {
		in.text[line] = true
	}
}

// closed reports whether a text that begins with a quote ends with its partner.
func closed(text string) bool {
	n := quotedLength(text + "x")
	return n <= len(text)
}

// lastDeeper returns the last line of a text that begins on a line: those below
// it are indented deeper than the block that holds it, or blank. Blank lines at
// the end do not count.
func (l *loader) lastDeeper(begin, indent int) int {
	last := begin
	for line := begin + 1; line <= len(l.lines); line++ {
		trimmed := strings.TrimLeft(l.line(line), " ")
		if trimmed == "" {
			continue
		}
		if len(l.line(line))-len(trimmed) <= indent {
			break
		}
		last = line
	}
	return last
}

// lastLine returns the line on which the last node within one begins.
func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, inner := range n.Content {
		last = max(last, lastLine(inner))
	}
	return last
}
