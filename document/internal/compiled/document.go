package compiled

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// document compiles the fields of the document itself. Their record is the last of
// the objects, and has the list, or the object around it, behind them.
func (c *compiler) document() {
	d := &c.t.Descriptor
	if len(d.Fields) == 0 {
		return
	}
	at := slices.IndexFunc(d.Roots, func(r format.Root) bool { return r.Kind == format.RootObject })
	if at < 0 {
		c.problem("fields of the document, and no root object to hold them")
		return
	}
	r := Record{name: "document"}
	for _, f := range d.Fields {
		c.field(&r, f)
	}
	if slices.ContainsFunc(r.Fields, func(f Field) bool {
		return f.Kind == format.ReferenceField || f.Kind == format.ObjectField && f.Object >= 0 && f.Object < len(c.t.Objects) && c.t.Objects[f.Object].references
	}) {
		c.problem("fields of the document hold references: nothing would follow the items that move")
	}
	if path := d.Roots[at].Path(); len(path) > 0 {
		r.Children, r.Anchor = len(r.Fields), len(r.Fields)
		c.add(&r, Field{FieldDescriptor: format.FieldDescriptor{Key: path[0]}, Way: path[:1]})
	}
	order := make([]int, len(r.Fields))
	for slot := range order {
		order[slot] = slot
	}
	r.finish(order)
	c.t.Objects = append(c.t.Objects, r)
}

// Document returns the record of the document's own fields, false if it has none,
// and its place among the objects.
func (t *Format) Document() (r *Record, n int, ok bool) {
	if len(t.Descriptor.Fields) == 0 {
		return nil, 0, false
	}
	n = len(t.Objects) - 1
	return &t.Objects[n], n, true
}

// newFields works out the fields that a new document has to have.
func (c *compiler) newFields() {
	r, _, ok := c.t.Document()
	if !ok || len(c.problems) > 0 {
		return
	}
	for slot := range r.Children {
		f := &r.Fields[slot]
		value := c.t.initial(f)
		if value == "" && f.Required || value != "" && len(c.t.JudgeValue(f, value)) > 0 {
			c.problem("document.%s: a new document must have it, and a default is not given", f.Key)
		}
		c.t.NewFields = append(c.t.NewFields, value)
	}
}

// initial returns the value that a new document has in a field, "" for none.
func (t *Format) initial(f *Field) string {
	switch {
	case f.Kind == format.ConstantField:
		return string(jsontext.AppendQuoted(nil, f.Constant))
	case f.Default != "" || !f.Required:
		return f.Default
	case f.Nullable:
		return "null"
	case f.List:
		return "[]"
	}
	switch f.Kind {
	case format.TextField:
		return `""`
	case format.IntField, format.FloatField:
		return "0"
	case format.BoolField:
		return "false"
	case format.RawField:
		return "null"
	case format.EnumField:
		return string(jsontext.AppendQuoted(nil, t.Enums[f.Enum].Values[0].Name))
	}
	return ""
}
