package schema

import (
	"cmp"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// loadReferences reads which references of an item the keys field and where of a
// guard or a claim name, nil if there is anything wrong with them.
func (l *loader) loadReferences(level *Level, o *object) *References {
	n := o.get("field")
	if n == nil {
		return nil
	}
	fields := l.referenceFields(level, n)
	if fields == nil {
		return nil
	}
	r := &References{Fields: fields}
	if o.get("where") == nil {
		return r
	}
	if len(fields) == 1 {
		o.refuseKey("where", "it looks at what stands in one object with a reference, and these are in none")
		return r
	}
	around := fields[len(fields)-2].Object
	for _, e := range o.named("where", maxConditions) {
		if c, ok := l.condition(around, e); ok {
			r.Where = append(r.Where, c)
		}
	}
	slices.SortFunc(r.Where, func(a, b Condition) int { return cmp.Compare(a.Field.Index, b.Field.Index) })
	return r
}

// referenceFields follows a path to a field of references.
func (l *loader) referenceFields(level *Level, n *node) []*Field {
	path := l.path(n)
	if path == nil {
		return nil
	}
	var fields []*Field
	around := level.Fields
	for i, key := range path {
		at := slices.IndexFunc(around, func(f *Field) bool { return f.Key == key })
		last := i == len(path)-1
		switch {
		case at < 0, last && around[at].Kind != format.ReferenceField, !last && around[at].Object == nil:
			if !l.leftOut && !l.unknownType {
				l.refuse(n.span, ruleUnknownName, "no field of references is named %q%s", shorten(path.String()), hint(path.String(), referencePaths(level.Fields)))
			}
			return nil
		}
		fields = append(fields, around[at])
		if !last {
			around = around[at].Object.Fields
		}
	}
	return fields
}

// referencePaths returns the paths to fields of references, those in objects
// within objects aside: they are for messages.
func referencePaths(fields []*Field) []string {
	var paths []string
	for _, f := range fields {
		if f.Kind == format.ReferenceField {
			paths = append(paths, f.Key)
		}
		if f.Object == nil {
			continue
		}
		for _, inner := range f.Object.Fields {
			if inner.Kind == format.ReferenceField {
				paths = append(paths, f.Key+"."+inner.Key)
			}
		}
	}
	return paths
}

// condition reads what a field of an object has to hold.
func (l *loader) condition(around *Object, e entry) (Condition, bool) {
	var keys []string
	for _, f := range around.Fields {
		keys = append(keys, f.Key)
	}
	at := slices.Index(keys, e.key.text)
	if at < 0 {
		l.refuse(e.key.span, ruleUnknownName, "the object %s has no field %q%s", around.Name, shorten(e.key.text), hint(e.key.text, keys))
		return Condition{}, false
	}
	f := around.Fields[at]
	plain := []format.FieldKind{format.TextField, format.EnumField, format.IntField, format.FloatField, format.BoolField, format.ConstantField}
	if f.List || !slices.Contains(plain, f.Kind) {
		l.refuse(e.key.span, ruleInvalidValue, "only texts, numbers, enums and flags can be looked at, and %q is %s", shorten(e.key.text), f.what())
		return Condition{}, false
	}
	text, problem := f.plainValue(e.value)
	if problem != "" {
		l.refuse(e.value.span, ruleInvalidValue, "the value does not go with the field: %s", problem)
		return Condition{}, false
	}
	return Condition{Field: f, JSON: text, Pos: l.pos(e.key.span)}, true
}

// dependencies are the references that say what has to be finished before an item
// can be handed out, as far as guards and fields say it.
func (level *Level) dependencies() *References {
	for _, g := range level.Guards {
		if g.Kind == format.DependenciesIn {
			return g.References
		}
	}
	for _, f := range level.Fields {
		if f.Kind == format.ReferenceField && f.List {
			return &References{Fields: []*Field{f}}
		}
	}
	return nil
}
