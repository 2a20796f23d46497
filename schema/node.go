package schema

// nodeKind is what a node of the file is.
type nodeKind uint8

const (
	mappingNode nodeKind = iota + 1
	listNode
	textNode
	intNode
	floatNode
	boolNode
	nullNode
)

// String returns the kind with its article, as messages need it.
func (k nodeKind) String() string {
	switch k {
	case mappingNode:
		return "a mapping"
	case listNode:
		return "a list"
	case textNode:
		return "text"
	case intNode, floatNode:
		return "a number"
	case boolNode:
		return "true or false"
	default:
		return "nothing"
	}
}

// node is a value of the file, with aliases expanded.
type node struct {
	kind nodeKind
	// text of a scalar.
	text string
	// items of a list.
	items []*node
	// entries of a mapping in the order of the file; keys do not repeat.
	entries []entry
	span    span
}

type entry struct{ key, value *node }

// span is a piece of one line. Columns count bytes from 1.
type span struct{ line, column, end int }

// asText returns the node of a key as text, whatever YAML takes it for.
func (n *node) asText() *node { return &node{kind: textNode, text: n.text, span: n.span} }

func (n *node) isNull() bool { return n.kind == nullNode }
