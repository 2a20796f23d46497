package infer

import (
	"slices"
	"strings"
	"time"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

// Bounds of the schema language: what is beyond them stays in documents.
const (
	longestName = 64
	mostFields  = 200
)

// findFields collects what the items of each level hold besides id, status and
// children, in the order of the document.
func (d *draft) findFields() {
	constants := d.discriminators() != nil
	items := d.indexItems()
	for _, l := range d.levels {
		for _, c := range l.table.Columns {
			if c.Key == l.idKey || c.Key == l.children.key || l.progress.Status != nil && c.Key == l.progress.Status.Path[0] {
				continue
			}
			f := &field{key: c.Key, index: len(l.fields), column: c}
			f.required, f.nullable = c.Missing() == 0, c.Kinds[survey.Null] > 0
			mark, ok := constant(c)
			switch {
			case len(c.Key) > longestName || len(l.fields) >= mostFields:
				f.dropped = true
			case constants && ok && slices.Contains(discriminatorKeys, c.Key):
				f.constant = mark
			default:
				d.findType(f, items)
			}
			l.fields = append(l.fields, f)
		}
	}
}

// findDocumentFields collects what the document holds beside the list: scalars, and
// lists of them.
func (d *draft) findDocumentFields() {
	p := d.choice.place
	if p.Shape != survey.Under || len(p.Path) > 1 {
		return
	}
	for _, c := range survey.TableOf(d.choice.root).Columns {
		f := &field{key: c.Key, index: len(d.fields.list), column: c}
		if c.Key == p.Path[0] || len(c.Key) > longestName || len(d.fields.list) >= mostFields {
			continue
		}
		d.findType(f, &index{})
		if f.kind != "raw" && f.kind != "reference" {
			d.fields.list = append(d.fields.list, f)
		}
	}
}

// findType finds the type that all values of a field have. It is raw where they
// have none in common.
func (d *draft) findType(f *field, items *index) {
	c := f.column
	f.kind = "raw"
	if c.Only(survey.Null) {
		return
	}
	var cells []survey.Cell
	f.list = c.Only(survey.List, survey.Null)
	for _, cell := range c.Cells {
		switch {
		case f.list:
			for _, e := range cell.Value.Elements {
				cells = append(cells, survey.Cell{Row: cell.Row, Value: e})
			}
		case cell.Value.Kind != survey.Null:
			cells = append(cells, cell)
		}
	}
	switch {
	case d.isReference(f, cells, items):
		f.kind = "reference"
	case len(cells) == 0:
	case f.list && survey.IsDependency(f.key) && c.Elements().OnlyObjects():
		d.findObject(f, items)
	default:
		f.kind = d.scalarType(f, cells)
	}
	if f.kind == "raw" && !all(cells, func(v *survey.Value) bool { return v.Kind == survey.Object }) {
		f.list = false
	}
}

func (d *draft) scalarType(f *field, cells []survey.Cell) string {
	switch {
	case all(cells, func(v *survey.Value) bool { return v.Kind == survey.Boolean }):
		return "bool"
	case all(cells, func(v *survey.Value) bool { return v.Kind == survey.Integer }):
		f.form = unixForm(f.key, cells)
		if f.form != "" {
			return "time"
		}
		return "int"
	case all(cells, func(v *survey.Value) bool { return v.Kind == survey.Integer || v.Kind == survey.Float }):
		return "float"
	case !all(cells, func(v *survey.Value) bool { return v.Kind == survey.Text }):
		return "raw"
	case all(cells, isTime(format.RFC3339)):
		return "time"
	case all(cells, isTime(format.CompactTime)):
		f.form = "compact"
		return "time"
	case all(cells, isDate):
		return "date"
	case all(cells, isDuration):
		return "duration"
	}
	f.enum = d.findEnum(f, cells)
	return "string"
}

func all(cells []survey.Cell, is func(*survey.Value) bool) bool {
	return !slices.ContainsFunc(cells, func(c survey.Cell) bool { return !is(c.Value) })
}

func isTime(form format.TimeForm) func(*survey.Value) bool {
	return func(v *survey.Value) bool {
		_, ok := form.Parse(v.Text)
		return ok
	}
}

func isDate(v *survey.Value) bool {
	_, err := time.Parse(time.DateOnly, v.Text)
	return err == nil
}

func isDuration(v *survey.Value) bool {
	_, err := time.ParseDuration(v.Text)
	return err == nil && v.Text != "0"
}

// unixForm returns the form of times that are numbers: a key says that they are
// times, and they are of this century.
func unixForm(key string, cells []survey.Cell) string {
	if !survey.IsTime(key) {
		return ""
	}
	within := func(digits int) bool {
		return all(cells, func(v *survey.Value) bool { return len(v.Text) == digits && v.Text[0] == '1' })
	}
	switch {
	case within(len("1700000000")):
		return "unix"
	case within(len("1700000000000")):
		return "unix_ms"
	}
	return ""
}

// findObject makes a type of the objects of a field if they name other items.
func (d *draft) findObject(f *field, items *index) {
	t := f.column.Elements()
	o := &object{name: schema.GoName(singular(f.key)), of: f}
	for _, c := range t.Columns {
		inner := &field{key: c.Key, index: len(o.fields), column: c}
		inner.required, inner.nullable = c.Missing() == 0, c.Kinds[survey.Null] > 0
		d.findType(inner, items)
		if inner.object != nil {
			inner.dropObject()
		}
		if len(c.Key) > longestName || len(o.fields) >= mostFields {
			inner.dropped = true
		}
		named := items.named(c)
		if named > 0 && c.Only(survey.Text, survey.Integer, survey.Null) && (o.reference == nil || named > items.named(o.reference.column)) {
			o.reference = inner
		}
		if slices.Contains(discriminatorKeys, survey.Fold(c.Key)) && c.Only(survey.Text) {
			o.mark = c.Key
		}
		o.fields = append(o.fields, inner)
	}
	if o.reference == nil || o.reference.dropped {
		return
	}
	o.reference.kind, o.reference.enum = "reference", nil
	f.object = o
}

// isReference reports whether a field holds the ids of other items: its key says
// so, or each of its texts is one.
func (d *draft) isReference(f *field, cells []survey.Cell, items *index) bool {
	if !all(cells, func(v *survey.Value) bool { return v.IsID() && !strings.ContainsAny(v.Text, " \t\n\r") }) {
		return false
	}
	found := 0
	for _, c := range cells {
		if r := items.target(c.Row, c.Value.Text); r != nil && r != c.Row {
			found++
		}
	}
	if survey.IsDependency(f.key) && items.rows != nil {
		f.dangling = len(cells) - found
		return f.list || found > 0
	}
	return found > 0 && found == len(cells) && all(cells, func(v *survey.Value) bool { return v.Kind == survey.Text && !numeric(v.Text) })
}

// findEnum returns the enum of a field whose texts are few words that repeat,
// nil if they are not. Fields of several levels with the same key share one.
func (d *draft) findEnum(f *field, cells []survey.Cell) *enum {
	const (
		mostWords = 8
		repeats   = 4
	)
	var words []string
	for _, c := range cells {
		if slices.Contains(words, c.Value.Text) {
			continue
		}
		words = append(words, c.Value.Text)
		if len(words) > mostWords || !isWord(c.Value.Text) {
			return nil
		}
	}
	if len(cells) < repeats*len(words) || survey.IsPerson(f.key) || len(words) < 2 {
		return nil
	}
	name := schema.GoName(f.key)
	i := slices.IndexFunc(d.enums, func(e *enum) bool { return e.name == name })
	if i < 0 {
		i = len(d.enums)
		d.enums = append(d.enums, &enum{name: name, index: i})
	}
	e := d.enums[i]
	for _, word := range words {
		if !slices.ContainsFunc(e.values, func(v *enumValue) bool { return v.name == word }) {
			e.values = append(e.values, &enumValue{enum: e, name: word, index: len(e.values)})
		}
	}
	return e
}

func isWord(s string) bool {
	const most = 30
	return s != "" && len(s) <= most && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == ""
}
