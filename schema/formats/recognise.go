package formats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// Recogniser finds out which format a document has.
type Recogniser struct{ formats []known }

// known is a format whose schema has been read.
type known struct {
	Format
	model *schema.Model
}

// NewRecogniser returns one that knows all formats.
func NewRecogniser() (*Recogniser, error) {
	r := &Recogniser{}
	for _, f := range All() {
		m, err := f.Model()
		if err != nil {
			return nil, err
		}
		r.formats = append(r.formats, known{f, m})
	}
	return r, nil
}

// Recognise returns the format that a document has. It is the one of whose shapes
// one fits: at least half of what stands in its list are items, which have all that
// their level requires and no status that it does not know, and one of them has a
// status. No item that may go without a status does so while a key of it that the
// format does not know holds the text of one. Of several formats, it is the one by
// which the document has no error; of several such, the one that leaves the fewest
// keys unknown.
//
// A document is read as a whole only where several formats fit. The error is an
// *UnknownError or an *AmbiguousError.
func (r *Recogniser) Recognise(ctx context.Context, data []byte) (Format, error) {
	root := outlineOf(data)
	var fitting []Format
	for _, k := range r.formats {
		if fits(k.model, root) {
			fitting = append(fitting, k.Format)
		}
	}
	if len(fitting) > 1 {
		var err error
		if fitting, err = best(ctx, fitting, data); err != nil {
			return Format{}, err
		}
	}
	switch len(fitting) {
	case 0:
		return Format{}, &UnknownError{}
	case 1:
		return fitting[0], nil
	}
	ambiguous := &AmbiguousError{}
	for _, f := range fitting {
		ambiguous.Names = append(ambiguous.Names, f.Name)
	}
	return Format{}, ambiguous
}

// best returns those of several formats that fit a document equally well, and better
// than the others.
func best(ctx context.Context, fitting []Format, data []byte) ([]Format, error) {
	var right []Format
	var documents []*document.Document
	for _, f := range fitting {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		t, err := f.Type()
		if err != nil {
			return nil, err
		}
		d, err := t.Parse(data)
		var refused *document.ParseError
		switch {
		case err == nil:
			right = append(right, f)
			documents = append(documents, d)
		case !errors.As(err, &refused):
			return nil, err
		}
	}
	switch len(right) {
	case 0:
		return fitting, nil
	case 1:
		return right, nil
	}
	var unknown []int
	for _, d := range documents {
		unknown = append(unknown, len(d.UnknownMembers()))
	}
	fewest := slices.Min(unknown)
	var best []Format
	for i, f := range right {
		if unknown[i] == fewest {
			best = append(best, f)
		}
	}
	return best, nil
}

// UnknownError reports a document that has no known format.
type UnknownError struct{}

func (*UnknownError) Error() string { return "no known format fits" }

// AmbiguousError reports a document that several formats fit equally well.
type AmbiguousError struct {
	// Names of the formats, at least two.
	Names []string
}

func (e *AmbiguousError) Error() string {
	last := len(e.Names) - 1
	return fmt.Sprintf("the formats %s and %s fit equally well", strings.Join(e.Names[:last], ", "), e.Names[last])
}

// fits reports whether a document has one of the shapes of a format.
func fits(m *schema.Model, root *value) bool {
	for _, s := range m.Document.Shapes {
		for _, l := range s.Lists {
			values := places(s.Kind, l, root)
			if mostAreItems(l.Of, values) && !slices.ContainsFunc(values, func(v *value) bool { return hidesStatus(l.Of, v) }) {
				return true
			}
		}
	}
	return false
}

// mostAreItems reports whether at least half of some values are items of a level,
// and one of them has a status, if items of the level have one.
func mostAreItems(l *schema.Level, values []*value) bool {
	items, withStatus := 0, l.Status == nil
	for _, v := range values {
		if isItem(l, v) {
			items++
			withStatus = withStatus || v.lookup(l.Status.Path) != nil
		}
	}
	return items > 0 && 2*items >= len(values) && withStatus
}

// hidesStatus reports whether an item, or one below it, goes without a status while
// a key that the level does not know holds the text of one: it would be read as what
// it may not be.
func hidesStatus(l *schema.Level, v *value) bool {
	if l.Status != nil && (l.Status.Optional || l.Status.Nullable) && !v.lookup(l.Status.Path).isThere() {
		v.object()
		for key, m := range v.members {
			if m.first() == '"' && !knows(l, key) && isStatus(l, m) {
				return true
			}
		}
	}
	for _, c := range l.Children {
		for _, below := range v.list(c) {
			if hidesStatus(c.Of, below) {
				return true
			}
		}
	}
	return false
}

// isThere reports whether there is a value, and it is not null.
func (v *value) isThere() bool { return v != nil && v.first() != 'n' }

// knows reports whether items of a level have a key.
func knows(l *schema.Level, key string) bool {
	if l.ID.Path != nil && l.ID.Path[0] == key || l.Status != nil && l.Status.Path[0] == key {
		return true
	}
	return slices.ContainsFunc(l.Fields, func(f *schema.Field) bool { return f.Key == key })
}

// places returns what stands where a shape has items.
func places(kind format.RootKind, l schema.List, root *value) []*value {
	switch kind {
	case format.RootArray:
		return root.items()
	case format.RootObject:
		return root.list(l)
	case format.RootLines:
		return root.lines()
	case format.RootGroups:
		var all []*value
		for _, group := range root.values() {
			all = append(all, group.list(l)...)
		}
		return all
	}
	return nil
}

// list returns the items of a list in an object.
func (v *value) list(l schema.List) []*value {
	if v = v.lookup(l.Path); v == nil {
		return nil
	}
	return v.items()
}

// isItem reports whether a value is an object with all that a level requires, and
// without a status that the level does not know.
func isItem(l *schema.Level, v *value) bool {
	if v.first() != '{' {
		return false
	}
	if l.ID.Path != nil && !isID(l.ID, v.lookup(l.ID.Path)) {
		return false
	}
	if l.Status != nil && !isStatus(l, v.lookup(l.Status.Path)) {
		return false
	}
	for _, f := range l.Fields {
		if f.Required && !isOfKind(f, v.member(f.Key)) {
			return false
		}
	}
	for _, c := range l.Children {
		if c.Required && v.lookup(c.Path) == nil {
			return false
		}
	}
	return true
}

// isOfKind reports whether a value is what a field holds, as far as its first byte
// says.
func isOfKind(f *schema.Field, v *value) bool {
	if v == nil {
		return false
	}
	first := v.first()
	switch {
	case first == 'n':
		return f.Nullable || f.Kind == format.RawField && !f.List
	case f.List:
		return first == '['
	}
	switch f.Kind {
	case format.RawField:
		return true
	case format.ObjectField:
		return first == '{'
	case format.BoolField:
		return first == 't' || first == 'f'
	case format.ReferenceField:
		return first == '"' || isNumber(first)
	case format.IntField, format.FloatField:
		return isNumber(first)
	case format.TimeField:
		return f.Form.IsNumber() == isNumber(first) && (first == '"' || isNumber(first))
	}
	return first == '"'
}

func isNumber(first byte) bool { return first == '-' || first >= '0' && first <= '9' }

func isID(id schema.ID, v *value) bool {
	switch {
	case v == nil:
		return false
	case v.first() == '"':
		return id.String
	}
	return (id.Int || id.Float) && isNumber(v.first())
}

// isStatus reports whether a value is a status of the level, or none where one may
// be missing.
func isStatus(l *schema.Level, v *value) bool {
	if v == nil {
		return l.Status.Optional
	}
	text := v.text()
	if text == "null" && l.Status.Nullable {
		return true
	}
	if len(l.Status.Values) > 0 {
		return slices.ContainsFunc(l.Status.Values, func(s schema.StatusValue) bool {
			return slices.Contains(s.JSON, text)
		})
	}
	var name string
	if json.Unmarshal([]byte(text), &name) != nil {
		return false
	}
	return slices.ContainsFunc(l.Machine.States, func(s *schema.Status) bool {
		return s.Name == name || slices.Contains(s.Aliases, name)
	})
}

// longestStatus is how long the text of a status is that is looked at.
const longestStatus = 1000

// text returns the text of a value, "" of a long one.
func (v *value) text() string {
	end := v.of.end(v.at)
	if end-v.at > longestStatus {
		return ""
	}
	return string(v.of.text[v.at:end])
}
