package schema

import (
	"fmt"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// fields reads the fields of a level or an object.
func (l *loader) fields(owner *object) []*Field {
	var list []*Field
	for _, e := range owner.named("fields", maxFields) {
		f := &Field{Index: len(list), Key: e.key.text, Pos: l.pos(e.key.span)}
		l.loadField(f, e)
		list = append(list, f)
	}
	return list
}

func (l *loader) loadField(f *Field, e entry) {
	o := l.object(e.value, e.key.span, &fieldConstruct)
	if l.documentName(e.key, "the JSON key") {
		f.Name = l.derivedName(o, e.key, "the field "+f.Key)
	}
	f.Doc = o.doc()
	f.List = o.bool("list")
	f.Required = o.bool("required")
	f.Nullable = o.bool("nullable")
	known := l.fieldKind(f, o)
	if !known {
		return
	}
	l.timeForm(f, o)
	l.targets(f, o)
	problems := len(l.diagnostics)
	f.Rules = l.fieldRules(f, o)
	if n := o.get("warn"); n != nil {
		f.Rules = append(f.Rules, l.warnRules(f, n, o.spanOf("warn"))...)
	}
	l.checkPossible(f)
	if n := o.get("default"); n != nil && len(l.diagnostics) == problems {
		f.Default = l.defaultValue(f, n)
	}
}

// fieldKind reads the type of a field. It returns false if there is none to
// judge the rest by.
func (l *loader) fieldKind(f *Field, o *object) bool {
	if n := o.get("constant"); n != nil {
		f.Kind, f.Constant = format.ConstantField, l.text(n, "constant")
		if n.kind == textNode && n.text == "" {
			l.refuse(n.span, ruleInvalidValue, "the constant is empty")
		}
		for _, key := range o.order {
			if !slices.Contains([]string{"constant", "name", "doc", "required"}, key) {
				o.refuseKey(key, "a constant has no other keys than name, doc and required")
			}
		}
		return false
	}
	n := o.get("type")
	if n == nil {
		l.refuse(o.at, ruleMissingKey, "a field needs the key \"type\" or \"constant\"")
		return false
	}
	t, ok := find(l, &l.types, n, "type")
	l.unknownType = l.unknownType || !ok
	f.Kind, f.Enum, f.Object = t.kind, t.enum, t.object
	if t.enum != nil {
		l.used[t.enum] = true
	}
	if t.object != nil {
		l.used[t.object] = true
	}
	return ok
}

// timeForm reads how documents write a time.
func (l *loader) timeForm(f *Field, o *object) {
	if f.Kind != format.TimeField {
		o.refuseKey("form", "only times have several forms")
		return
	}
	word := o.choice("form", "rfc3339", "compact", "unix", "unix_ms")
	for form := format.RFC3339; form <= format.UnixMilliseconds; form++ {
		if form.String() == word {
			f.Form = form
		}
	}
}

// targets reads the levels that a reference may lead to.
func (l *loader) targets(f *Field, o *object) {
	if f.Kind != format.ReferenceField {
		o.refuseKey("to", "only references lead to levels")
		return
	}
	if o.get("to") == nil {
		f.AnyTarget = true
		f.Targets = slices.Clone(l.model.Levels)
		return
	}
	for _, n := range o.texts("to", maxLevels) {
		if level, ok := find(l, &l.levels, n, "level"); ok {
			f.Targets = append(f.Targets, level)
		}
	}
}

// what says what values of the field are, for messages.
func (f *Field) what() string {
	kind := map[format.FieldKind]string{
		format.TextField: "string", format.IntField: "int", format.FloatField: "float", format.BoolField: "bool", format.TimeField: "time",
		format.DateField: "date", format.DurationField: "duration",
		format.ReferenceField: "reference", format.RawField: "raw", format.ConstantField: "constant",
	}[f.Kind]
	switch f.Kind {
	case format.EnumField:
		kind = f.Enum.Name
	case format.ObjectField:
		kind = f.Object.Name
	}
	if f.List {
		return fmt.Sprintf("a list of %s values", kind)
	}
	return fmt.Sprintf("a field of type %s", kind)
}
