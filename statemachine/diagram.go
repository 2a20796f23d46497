package statemachine

import (
	"fmt"
	"strings"
	"unicode"
)

// looplab's own visualizers escape nothing and sort by name; these escape and
// keep schema order, so that a diagram reads like the schema and any name is
// safe in it.

// Mermaid returns the machine as a Mermaid state diagram, in schema order. The
// text depends on the definition alone.
func (m *Machine[S, E]) Mermaid() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, s := range m.definition.States {
		fmt.Fprintf(&b, "    state \"%s\" as s%d\n", mermaidText(m.writtenState(s)), s)
	}
	fmt.Fprintf(&b, "    [*] --> s%d\n", m.definition.Initial)
	for _, t := range m.definition.Transitions {
		for _, from := range t.From {
			fmt.Fprintf(&b, "    s%d --> s%d : %s\n", from, t.To, mermaidText(m.writtenEvent(t.Event)))
		}
	}
	return b.String()
}

// mermaidText writes every character that could mean something to Mermaid as
// an entity code.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" _-.", r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}

// DOT returns the machine as a Graphviz digraph, in schema order. The text
// depends on the definition alone.
func (m *Machine[S, E]) DOT() string {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph \"%s\" {\n", dotText(m.definition.Name))
	b.WriteString("    node [shape=box, style=rounded];\n")
	b.WriteString("    initial [shape=point];\n")
	for _, s := range m.definition.States {
		fmt.Fprintf(&b, "    s%d [label=\"%s\"];\n", s, dotText(m.writtenState(s)))
	}
	fmt.Fprintf(&b, "    initial -> s%d;\n", m.definition.Initial)
	for _, t := range m.definition.Transitions {
		for _, from := range t.From {
			fmt.Fprintf(&b, "    s%d -> s%d [label=\"%s\"];\n", from, t.To, dotText(m.writtenEvent(t.Event)))
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// dotText escapes what Graphviz interprets inside a quoted label: quotes,
// backslash sequences such as \N, and HTML entities.
func dotText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, `&`, `&amp;`).Replace(s)
}
