package docs

import (
	"encoding/json"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// JSONSchema returns a JSON Schema (2020-12) of the format's documents. A
// document is valid if document.Type.Parse accepts it, and invalid if not, except
// for what [Limits] lists, as does the description in the schema.
//
// The strict schema is for those who write documents, such as a language model
// that is held to it: it allows only the first shape of the document, no keys
// but those of the schema and no aliases, requires all keys, and holds to the
// rules that only warn as well. Parse accepts all that it accepts, within the
// same limits. The error is that of encoding/json, which cannot occur.
func JSONSchema(m *schema.Model, strict bool) ([]byte, error) {
	b := schemaBuilder{model: m, strict: strict}
	title := m.Package.Name + " documents"
	if strict {
		title = m.Package.Name + " documents, strictly"
	}
	out := members{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$comment", header(m.File)},
		{"title", title},
		{"description", b.description()},
	}
	out = append(out, b.root()...)
	return indentJSON(append(out, member{"$defs", b.definitions()}))
}

// schemaBuilder makes the parts of a JSON Schema.
type schemaBuilder struct {
	model  *schema.Model
	strict bool
}

func (b *schemaBuilder) description() string {
	var out strings.Builder
	for _, p := range packageDoc(b.model) {
		out.WriteString(p + "\n\n")
	}
	top := b.model.Levels[0].Name
	shapes := b.model.Document.Shapes
	switch lines := hasShape(b.model, format.RootLines); {
	case lines && (len(shapes) == 1 || b.strict && shapes[0].Kind == format.RootLines):
		out.WriteString("This describes a line: documents are JSON Lines, " + withArticle(top) + " a line.\n\n")
	case lines:
		out.WriteString("Documents may be JSON Lines, too: then each line is " + withArticle(top) + ", #/$defs/" + top + ".\n\n")
	}
	out.WriteString("Beyond what this schema says, it holds that:")
	for _, l := range Limits(b.model) {
		out.WriteString("\n- " + l.Words)
	}
	return out.String()
}

// root returns the keywords about the outermost value.
func (b *schemaBuilder) root() members {
	if b.strict {
		return b.rootShape(b.model.Document.Shapes[0])
	}
	var object, array, groups, lines *schema.Shape
	for i := range b.model.Document.Shapes {
		switch s := &b.model.Document.Shapes[i]; s.Kind {
		case format.RootObject:
			object = s
		case format.RootArray:
			array = s
		case format.RootLines:
			lines = s
		default:
			groups = s
		}
	}
	var out members
	switch {
	case groups != nil:
		out = b.rootShape(*groups)
	case object == nil && array == nil:
		return b.rootShape(*lines) // of each line
	}
	switch {
	case object != nil && groups != nil:
		out = members{{"if", holdsItems(object.Lists)}, {"then", append(b.rootShape(*object), member{"allOf", []members{noGroup(*groups)}})}, {"else", out}}
	case object != nil:
		out = b.rootShape(*object)
	}
	switch {
	case array != nil && out != nil:
		out = members{{"if", members{{"type", "array"}}}, {"then", b.rootShape(*array)}, {"else", out}}
	case array != nil:
		out = b.rootShape(*array)
	}
	return out
}

func (b *schemaBuilder) rootShape(s schema.Shape) members {
	switch s.Kind {
	case format.RootArray:
		return listOf(s.Lists[0])
	case format.RootLines:
		return refersTo(s.Lists[0].Of.Name)
	}
	var held properties
	for _, list := range s.Lists {
		held.put(list.Path, len(s.Lists) == 1, false, listOf(list))
	}
	if s.Kind == format.RootGroups {
		group := b.nested(held)
		if b.strict {
			return members{{"type", "object"}, {"additionalProperties", group}}
		}
		// Members of other kinds are not groups: they are kept as they are, but at
		// least one is a group where there are any.
		return members{
			{"type", "object"},
			{"additionalProperties", members{{"if", holdsItems(s.Lists)}, {"then", group}}},
			{"anyOf", []members{{{"maxProperties", 0}}, {{"not", noGroup(s)}}}},
		}
	}
	for _, f := range b.model.Document.Fields {
		held.put(schema.Path{f.Key}, f.Required, f.Nullable, b.field(f))
	}
	out := b.nested(held)
	if len(s.Lists) > 1 && !b.strict {
		out = append(out, holdsItems(s.Lists)...)
	}
	return out
}

// noGroup is true of objects that have no member that is a group.
func noGroup(groups schema.Shape) members {
	return members{{"additionalProperties", members{{"not", holdsItems(groups.Lists)}}}}
}

// listOf is the schema of a list of items.
func listOf(list schema.List) members {
	item := refersTo(list.Of.Name)
	if list.Keyed {
		return members{{"type", "object"}, {"additionalProperties", item}}
	}
	return members{{"type", "array"}, {"items", item}}
}

// holdsItems is true of objects that have one of some lists of items, or null in
// its place: that is how the shapes of documents are told apart.
func holdsItems(lists []schema.List) members {
	var each []any
	for _, list := range lists {
		held := members{{"type", []string{"array", "null"}}}
		if list.Keyed {
			held = members{{"type", []string{"object", "null"}}}
		}
		for i := len(list.Path) - 1; i >= 0; i-- {
			key := list.Path[i]
			held = members{
				{"type", "object"},
				{"properties", members{{key, held}}},
				{"required", []string{key}},
			}
		}
		each = append(each, held)
	}
	if len(each) == 1 {
		return each[0].(members)
	}
	return members{{"anyOf", each}}
}

// refersTo is the schema that a definition gives.
func refersTo(definition string) members {
	return members{{"$ref", "#/$defs/" + definition}}
}

// object returns the schema of an object with the given properties.
func (b *schemaBuilder) object(properties members, required []string) members {
	out := members{{"type", "object"}, {"properties", properties}}
	if b.strict {
		required = nil
		for _, p := range properties {
			required = append(required, p.key)
		}
	}
	if len(required) > 0 {
		out = append(out, member{"required", required})
	}
	if b.strict {
		out = append(out, member{"additionalProperties", false})
	}
	return out
}

// definitions returns the schemas of levels, objects and enums under their
// names, and of plain types that others refer to under names in small letters.
func (b *schemaBuilder) definitions() members {
	var out members
	for _, l := range b.model.Levels {
		out = append(out, member{l.Name, b.item(l)})
	}
	for _, o := range b.model.Objects {
		properties, required := b.properties(o.Fields)
		out = append(out, member{o.Name, described(o.Doc, b.object(properties, required))})
	}
	for _, e := range b.model.Enums {
		out = append(out, member{e.Name, described(e.Doc, b.enum(e))})
	}
	used := map[string]bool{}
	b.eachField(func(f *schema.Field) { used[definitionOf(f)] = true })
	for _, d := range plainDefinitions() {
		if used[d.key] {
			out = append(out, d)
		}
	}
	return out
}

func (b *schemaBuilder) eachField(visit func(*schema.Field)) {
	for _, f := range b.model.Document.Fields {
		visit(f)
	}
	for _, l := range b.model.Levels {
		for _, f := range l.Fields {
			visit(f)
		}
	}
	for _, o := range b.model.Objects {
		for _, f := range o.Fields {
			visit(f)
		}
	}
}

// item returns the schema of the items of a level. Properties are in the order
// in which new items are written.
func (b *schemaBuilder) item(l *schema.Level) members {
	var held properties
	status := func() {
		if l.Status != nil {
			held.put(l.Status.Path, !l.Status.Optional, l.Status.Nullable, b.status(l))
		}
	}
	for _, f := range l.Fields {
		if f.Kind == format.ConstantField {
			held.put(schema.Path{f.Key}, f.Required, f.Nullable, b.field(f))
		}
	}
	if l.ID.Kind != format.PositionID {
		held.put(l.ID.Path, true, false, b.id(l))
	}
	statusDone := false
	for _, f := range l.Fields {
		if f.Kind == format.ConstantField {
			continue
		}
		held.put(schema.Path{f.Key}, f.Required, f.Nullable, b.field(f))
		if !statusDone {
			status()
			statusDone = true
		}
	}
	if !statusDone {
		status()
	}
	for _, c := range l.Children {
		list := listOf(c)
		if c.Nullable {
			list = orNull(list)
		}
		held.put(c.Path, c.Required, c.Nullable, list)
	}
	return described(l.Doc, b.nested(held))
}

// status returns the schema of a status: of the strict schema, what is written.
func (b *schemaBuilder) status(l *schema.Level) members {
	var values []any
	for _, v := range l.Status.Values {
		for i, text := range v.JSON {
			if i == 0 || !b.strict {
				values = append(values, json.RawMessage(text))
			}
		}
	}
	named := len(values) == 0
	if named {
		values = b.statusNames(l)
	}
	nullable := l.Status.Nullable && !b.strict
	if nullable {
		values = append(values, nil)
	}
	out := members{{"enum", values}}
	if named && !nullable {
		out = members{{"type", "string"}, {"enum", values}}
	}
	if l.Status.WarnUnknown && !b.strict {
		// The values are there for people and editors: anything is allowed.
		return members{{"anyOf", []any{out, members{}}}}
	}
	return out
}

func (b *schemaBuilder) statusNames(l *schema.Level) []any {
	var names []any
	for _, s := range l.Machine.States {
		names = append(names, s.Name)
	}
	for _, s := range l.Machine.States {
		for _, alias := range s.Aliases {
			if !b.strict {
				names = append(names, alias)
			}
		}
	}
	return names
}

// described puts a description before other keywords.
func described(doc string, m members) members {
	if line := oneLine(doc); line != "" {
		return append(members{{"description", line}}, m...)
	}
	return m
}
