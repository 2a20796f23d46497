package schema

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// checkDocumentFields refuses fields of the document itself that refer to items, and
// those that a new document has to have and cannot.
func (l *loader) checkDocumentFields() {
	for _, f := range l.model.Document.Fields {
		if f.refers(map[*Object]bool{}) {
			l.needs(l.spanOf(f.Pos), documentReferences)
			continue
		}
		if !f.Required || f.Nullable || f.Default != "" || f.Kind == 0 || f.Kind == format.ConstantField {
			continue
		}
		if !f.begins() {
			l.refuse(l.spanOf(f.Pos), ruleBadDefault, "a new document has to have the field %s, and nothing says with which value: give a default", f.Key)
		}
	}
}

// refers reports whether a field holds references, in itself or in its objects.
func (f *Field) refers(seen map[*Object]bool) bool {
	if f.Kind == format.ReferenceField {
		return true
	}
	if f.Object == nil || seen[f.Object] {
		return false
	}
	seen[f.Object] = true
	return slices.ContainsFunc(f.Object.Fields, func(inner *Field) bool { return inner.refers(seen) })
}

// begins reports whether the field may have the least value of its type: an empty
// text or list, zero, false, the first of an enum, or null where anything may be.
func (f *Field) begins() bool {
	var least node
	switch {
	case f.List:
		return !slices.ContainsFunc(f.Rules, func(r Rule) bool { return r.Kind == format.MinItems && !r.Warn && r.Number > 0 })
	case f.Kind == format.TextField:
		least = node{kind: textNode}
	case f.Kind == format.IntField || f.Kind == format.FloatField:
		least = node{kind: intNode, text: "0"}
	case f.Kind == format.BoolField || f.Kind == format.EnumField || f.Kind == format.RawField:
		return true
	default:
		return false
	}
	return !slices.ContainsFunc(f.Rules, func(r Rule) bool { return !r.Warn && !meets(&least, r) })
}
