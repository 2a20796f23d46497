package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
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
	message := le.Message
	if le.ContextMsg != "" {
		message = le.ContextMsg + ": " + message
	}
	l.refuse(l.yamlErrorSpan(err), ruleSyntax, "not YAML: %s", message)
}

func (l *loader) yamlErrorSpan(err error) span {
	var le *yaml.LoadError
	if !errors.As(err, &le) || le.Mark.Line < 1 {
		return span{}
	}
	return l.spanAt(le.Mark.Line, max(le.Mark.Column, 1))
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
