package schema

import "github.com/backlog-gen/backlog-gen/document/format"

// fieldType is what a name stands for where the type of a field is expected.
type fieldType struct {
	kind   format.FieldKind
	enum   *Enum
	object *Object
}

func (l *loader) declareBuiltinTypes() {
	l.types.add("string", fieldType{kind: format.TextField})
	l.types.add("int", fieldType{kind: format.IntField})
	l.types.add("float", fieldType{kind: format.FloatField})
	l.types.add("bool", fieldType{kind: format.BoolField})
	l.types.add("time", fieldType{kind: format.TimeField})
	l.types.add("date", fieldType{kind: format.DateField})
	l.types.add("duration", fieldType{kind: format.DurationField})
	l.types.add("reference", fieldType{kind: format.ReferenceField})
	l.types.add("raw", fieldType{kind: format.RawField})
}

func (l *loader) declareEnums(root *object) {
	l.declareBuiltinTypes()
	for _, e := range root.named("enums", maxEnums) {
		o := l.object(e.value, e.key.span, &enumConstruct)
		enum := &Enum{Index: len(l.model.Enums), Pos: l.pos(e.key.span)}
		enum.Name = l.declaredName(e.key, "an enum")
		enum.Doc = o.doc()
		enum.Warn = o.choice("unknown", "refuse", "warn") == "warn"
		l.loadEnumValues(enum, o)
		l.model.Enums = append(l.model.Enums, enum)
		l.declareType(e.key, fieldType{kind: format.EnumField, enum: enum})
	}
}

func (l *loader) loadEnumValues(enum *Enum, o *object) {
	taken := make(map[string]int)
	entries := o.named("values", maxEnumValues)
	for _, e := range entries {
		taken[e.key.text] = e.key.span.line
	}
	for _, e := range entries {
		o := l.object(e.value, e.key.span, &enumValueConstruct)
		v := &EnumValue{Index: len(enum.Values), Name: e.key.text, Pos: l.pos(e.key.span)}
		v.Doc = o.doc()
		if l.documentName(e.key, "the value") {
			v.GoName = l.derivedName(o, e.key, "the value "+v.Name)
		}
		v.Aliases = l.aliases(o, taken)
		enum.Values = append(enum.Values, v)
	}
}

func (l *loader) declareObjects(root *object) {
	for _, e := range root.named("objects", maxObjects) {
		object := &Object{Index: len(l.model.Objects), Pos: l.pos(e.key.span)}
		object.Name = l.declaredName(e.key, "an object")
		l.model.Objects = append(l.model.Objects, object)
		l.declareType(e.key, fieldType{kind: format.ObjectField, object: object})
		l.bodies = append(l.bodies, func() {
			o := l.object(e.value, e.key.span, &objectConstruct)
			object.Doc = o.doc()
			object.Fields = l.fields(o)
		})
	}
}

// loadObjectFields reads the bodies of objects, which may name any type.
func (l *loader) loadObjectFields() {
	for _, load := range l.bodies {
		load()
	}
}

// declareType makes a name known as a type. One that is taken is found by the
// check on identifiers.
func (l *loader) declareType(name *node, t fieldType) {
	if _, ok := l.types.of[name.text]; !ok {
		l.types.add(name.text, t)
		return
	}
	l.used[t.enum], l.used[t.object] = true, true
}

// declaredName returns the key of a mapping as the Go name of a type, "" if it
// is none.
func (l *loader) declaredName(n *node, what string) string {
	return l.exportedName(n.asText(), what)
}
