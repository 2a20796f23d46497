package schema

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// checkIDs refuses kinds of ids that do not go under those above.
func (l *loader) checkIDs() {
	for _, level := range l.model.Levels {
		switch {
		case level.ID.Kind == format.LocalID && l.isTop(level):
			l.refuse(l.spanOf(level.ID.Pos), ruleIDChain, "the items of %s stand in the document itself, and have no parent to be local to: want kind text or path", level.Name)
		case l.mixesPath(level):
			l.refuse(l.spanOf(level.ID.Pos), ruleIDChain, "either all levels have path ids or none, and those of %s are %s",
				l.model.Levels[0].Name, l.model.Levels[0].ID.Kind)
		}
	}
}

// mixesPath reports whether a level and the first level differ in having path
// ids.
func (l *loader) mixesPath(level *Level) bool {
	first := l.model.Levels[0].ID.Kind
	return first != 0 && level.ID.Kind != 0 && (first == format.PathID) != (level.ID.Kind == format.PathID)
}

// checkShapes refuses shapes that a text does not tell apart.
func (l *loader) checkShapes() {
	for i, shape := range l.model.Document.Shapes {
		for _, other := range l.model.Document.Shapes[:i] {
			l.checkApart(shape, other)
			l.checkApart(other, shape)
		}
	}
}

// checkApart refuses JSON Lines beside what a single line may be (an item may hold
// keys that no schema knows, so no look at its keys tells), and a list of an object
// that is that of a group, too.
func (l *loader) checkApart(shape, other Shape) {
	switch {
	case shape.Kind == format.RootLines && other.Kind != format.RootArray:
		l.refuse(l.spanOf(shape.Pos), ruleAmbiguousShape, "nothing tells a single line from a document of the shape on line %d, which is an object, too: lines stand beside an array only", other.Pos.Line)
	case shape.Kind == format.RootObject && other.Kind == format.RootGroups:
		for _, list := range shape.Lists {
			for _, grouped := range other.Lists {
				if len(list.Path) > 0 && len(grouped.Path) > 0 && slices.Equal(list.Path[1:], grouped.Path) {
					l.refuse(l.spanOf(list.Pos), ruleAmbiguousShape, "nothing tells the list %q from that of a group %q, as the shape on line %d has them", list.Path, list.Path[0], other.Pos.Line)
				}
			}
		}
	}
}

// checkPaths refuses two things of one JSON object that are in the same place,
// or one within the other.
func (l *loader) checkPaths() {
	for _, shape := range l.model.Document.Shapes {
		var places places
		for _, list := range shape.Lists {
			places.take(l, list.Path, "a list", list.Pos)
		}
		for _, f := range l.model.Document.Fields {
			if shape.Kind == format.RootObject {
				places.take(l, Path{f.Key}, "a field", f.Pos)
			}
		}
	}
	for _, level := range l.model.Levels {
		var places places
		places.take(l, level.ID.Path, "the id", level.ID.Pos)
		if level.hasStatus() {
			places.take(l, level.Status.Path, "the status", level.Status.Pos)
		}
		for _, list := range level.Children {
			places.take(l, list.Path, "the children", list.Pos)
		}
		for _, f := range level.Fields {
			places.take(l, Path{f.Key}, "a field", f.Pos)
		}
	}
}

// places are what one JSON object holds, and where.
type places []place

type place struct {
	path Path
	what string
}

func (p *places) take(l *loader, path Path, what string, at Pos) {
	if len(path) == 0 || path[0] == "" {
		return // reported already, or no key
	}
	for _, other := range *p {
		switch {
		case path.leadsInto(other.path) && other.path.leadsInto(path):
			l.refuse(l.spanOf(at), ruleRepeatedJSONKey, "the JSON key %q of %s is that of %s already", path, what, other.what)
		case path.leadsInto(other.path):
			l.refuse(l.spanOf(at), ruleRepeatedJSONKey, "the path %q of %s leads into %q, which is %s already", path, what, other.path, other.what)
		case other.path.leadsInto(path):
			l.refuse(l.spanOf(at), ruleRepeatedJSONKey, "the JSON key %q of %s holds %q, which is %s already", path, what, other.path, other.what)
		default:
			continue
		}
		return
	}
	*p = append(*p, place{path, what})
}

// checkObjects refuses objects that contain themselves.
func (l *loader) checkObjects() {
	for _, o := range l.model.Objects {
		seen := make(map[*Object]bool)
		for _, f := range o.Fields {
			if f.Object != nil && contains(f.Object, o, seen) {
				l.refuse(l.spanOf(f.Pos), ruleRecursiveObject, "the object %s contains itself through this field: use the type raw", o.Name)
			}
		}
	}
}

func contains(outer, inner *Object, seen map[*Object]bool) bool {
	if outer == inner {
		return true
	}
	if seen[outer] {
		return false
	}
	seen[outer] = true
	for _, f := range outer.Fields {
		if f.Object != nil && contains(f.Object, inner, seen) {
			return true
		}
	}
	return false
}
