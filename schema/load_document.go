package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
)

func (l *loader) loadDocument(root *object) {
	d := &l.model.Document
	d.Indent, d.FinalNewline = "  ", true
	n := root.get("document")
	if n == nil {
		return
	}
	o := l.object(n, root.spanOf("document"), &documentConstruct)
	d.Pos = l.pos(root.spanOf("document"))
	for _, n := range o.list("shapes", maxShapes) {
		l.loadShape(n)
	}
	l.loadDocumentFields(o)
	if o.get("final_newline") != nil {
		d.FinalNewline = o.bool("final_newline")
	}
	if n := o.get("indent"); n != nil {
		d.Indent = l.indent(n)
	}
}

// loadDocumentFields reads the fields beside the lists of an object.
func (l *loader) loadDocumentFields(o *object) {
	n := o.get("fields")
	if n == nil {
		return
	}
	l.model.Document.Fields = l.fields(o)
	shapes := l.model.Document.Shapes
	if len(shapes) > 0 && !slices.ContainsFunc(shapes, func(s Shape) bool { return s.Kind == format.RootObject }) {
		o.refuseKey("fields", "only documents of the kind object have fields beside their lists")
	}
}

func (l *loader) indent(n *node) string {
	spaces, err := strconv.Atoi(n.text)
	switch {
	case n.kind == textNode && n.text == "tab":
		return "\t"
	case n.kind == intNode && err == nil && 0 <= spaces && spaces <= maxIndent:
		return strings.Repeat(" ", spaces)
	}
	l.refuse(n.span, ruleInvalidValue, "indent is a number of spaces from 0 to %d, or tab", maxIndent)
	return ""
}

// laterShapes are the kinds of shapes that are not there yet.
var laterShapes = map[string]feature{"keyed": keyedShape, "columns": columnsShape, "item": itemShape}

func (l *loader) loadShape(n *node) {
	if kind, ok := laterShape(n); ok {
		l.refuse(n.span, ruleNotYet, "%s", notYet[kind])
		return
	}
	o := l.object(n, n.span, &shapeConstruct)
	shape := Shape{Pos: l.pos(n.span)}
	switch o.choice("kind", "object", "array", "groups", "lines") {
	case "object":
		shape.Kind = format.RootObject
	case "array":
		shape.Kind = format.RootArray
	case "groups":
		shape.Kind = format.RootGroups
	case "lines":
		shape.Kind = format.RootLines
	default:
		return
	}
	if shape.Kind == format.RootArray || shape.Kind == format.RootLines {
		o.refuseKey("lists", "the document is a list of the first level itself")
		shape.Lists = []List{{Of: l.firstLevel(), Pos: shape.Pos}}
	} else {
		shape.Lists = l.lists(o, "lists", &listConstruct)
		if o.get("lists") == nil && !o.superseded {
			l.refuse(n.span, ruleMissingKey, "a shape of this kind needs the key \"lists\": from the key of a list to the level of its items")
		}
	}
	for _, other := range l.model.Document.Shapes {
		if other.Kind == shape.Kind {
			l.refuse(n.span, ruleAmbiguousShape, "nothing tells this shape from the one on line %d: a schema has at most one of each kind", other.Pos.Line)
			return
		}
	}
	l.model.Document.Shapes = append(l.model.Document.Shapes, shape)
}

// laterShape returns the kind of a shape that is not there yet.
func laterShape(n *node) (feature, bool) {
	for _, e := range n.entries {
		if e.key.text == "kind" && e.value.kind == textNode {
			f, ok := laterShapes[e.value.text]
			return f, ok
		}
	}
	return 0, false
}

func (l *loader) firstLevel() *Level {
	if len(l.model.Levels) == 0 {
		return nil
	}
	return l.model.Levels[0]
}

func (l *loader) loadChildren(level *Level, o *object) []List {
	n := o.get("children")
	if n == nil {
		return nil
	}
	if l.isOldChildren(level, n) {
		l.childless = true
		return nil
	}
	children := l.lists(o, "children", &childrenConstruct)
	l.childless = l.childless || len(children) == 0
	return children
}

// lists reads a mapping from keys to the levels of the lists there.
func (l *loader) lists(owner *object, key string, c *construct) []List {
	var all []List
	for _, e := range owner.named(key, maxLists) {
		list := List{Pos: l.pos(e.key.span)}
		switch e.value.kind {
		case textNode:
			list.Of, _ = find(l, &l.levels, e.value, "level")
			list.Path = l.path(e.key.asText())
		case mappingNode:
			l.loadList(&list, e, c)
		default:
			l.refuse(e.value.span, ruleWrongType, "%s names the level of its items, or is a mapping with the key \"of\", not %s", shorten(e.key.text), e.value.kind)
		}
		all = append(all, list)
	}
	return all
}

func (l *loader) loadList(list *List, e entry, c *construct) {
	o := l.object(e.value, e.key.span, c)
	if n := o.get("of"); n != nil {
		list.Of, _ = find(l, &l.levels, n, "level")
	}
	if n := o.get("key"); n != nil {
		list.Path = l.path(n)
	} else {
		list.Path = l.path(e.key.asText())
	}
	list.Keyed = o.bool("keyed")
	list.Required = o.bool("required")
	list.Nullable = o.bool("nullable")
}

// path reads keys joined by dots, or a list of keys where one has a dot itself.
// It is nil if anything is wrong with it.
func (l *loader) path(n *node) Path {
	keys := []*node{n}
	switch {
	case n.kind == listNode && len(n.items) == 0:
		l.refuse(n.span, ruleInvalidValue, "a path is one key or several")
		return nil
	case n.kind == listNode:
		keys = n.items
	case n.kind != textNode:
		l.refuse(n.span, ruleWrongType, "a path is keys joined by dots, or a list of keys, not %s", n.kind)
		return nil
	default:
		keys = keys[:0]
		for _, key := range strings.SplitN(n.text, ".", maxPathKeys+1) {
			keys = append(keys, &node{kind: textNode, text: key, span: n.span})
		}
	}
	if len(keys) > maxPathKeys {
		l.refuse(n.span, ruleLimit, "the path has more than %d keys", maxPathKeys)
		return nil
	}
	var path Path
	for _, key := range keys {
		if key.kind != textNode {
			l.text(key, "a key")
			return nil
		}
		if key.text == "" && n.kind == textNode && n.text != "" {
			l.refuse(n.span, ruleInvalidName, "the path %q has an empty key: where a key has a dot itself, write the path as a list of keys", shorten(n.text))
			return nil
		}
		if !l.documentName(key, "the JSON key") {
			return nil
		}
		path = append(path, key.text)
	}
	return path
}
