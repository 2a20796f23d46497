package docs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
)

// Sample returns a small document of the format: one item of each level, and
// two of the last, of which the second refers to the first where items can. It
// is made by the engine, in the layout of new documents. Values meet the rules
// of their fields, those that only warn as well, where one can be found; if
// none is found for a required field, such as one with an unusual pattern, the
// error says so.
func Sample(m *schema.Model) ([]byte, error) {
	t, err := document.NewType(gen.Descriptor(m))
	if err != nil {
		return nil, err
	}
	s := sampler{model: m, typ: t, doc: t.New()}
	if m.Document.Shapes[0].Kind == format.RootGroups {
		s.group = sampleGroup
	}
	if err := s.items(); err != nil {
		return nil, fmt.Errorf("no sample document can be made: %w", err)
	}
	return s.doc.AppendJSON(nil), nil
}

const sampleGroup = "main"

// sampler fills a document with items.
type sampler struct {
	model *schema.Model
	typ   *document.Type
	doc   *document.Document
	group string
	// made are the items so far.
	made []sampleItem
}

type sampleItem struct {
	level *schema.Level
	id    document.ID
}

func (s *sampler) items() error {
	parent := document.NewID(s.group, "")
	for _, l := range s.model.Levels {
		count := 1
		if len(l.Children) == 0 {
			count = 2
		}
		var first document.ID
		for n := range count {
			id := s.id(l, parent, n)
			if n > 0 && id == first {
				break // a pattern that only one text seems to match
			}
			if err := s.add(l, id, parent); err != nil {
				return err
			}
			if n == 0 {
				first = id
			}
		}
		parent = first
	}
	return nil
}

// id returns the id of the nth child of a parent.
func (s *sampler) id(l *schema.Level, parent document.ID, n int) document.ID {
	if l.ID.Kind == format.PathID {
		return s.typ.PathID(document.Level(l.Index), parent, uint32(n+1))
	}
	own := fmt.Sprintf("%s-%d", strings.ToLower(l.Name), n+1)
	switch {
	case l.ID.Pattern != "":
		own = matching("^(?:"+l.ID.Pattern+")$", n)
	case l.ID.Int:
		own = fmt.Sprint(n + 1)
	}
	if l.ID.Kind == format.LocalID && l.Index > 0 {
		return s.typ.LocalID(parent, own)
	}
	return document.NewID(s.group, own)
}

func (s *sampler) add(l *schema.Level, id, parent document.ID) error {
	item := s.typ.NewItem(document.Level(l.Index), id)
	for _, f := range l.Fields {
		if v, ok := s.value(f, id); ok {
			item = item.With(f.Index, v)
		}
	}
	next, _, err := s.doc.Apply(item.AddChange(parent))
	if err != nil {
		return err
	}
	s.doc = next
	s.made = append(s.made, sampleItem{l, id})
	return nil
}

// value returns the value of a field of an item, false to leave it as the
// engine has it.
func (s *sampler) value(f *schema.Field, id document.ID) (document.Value, bool) {
	if f.Kind == format.ReferenceField {
		return s.references(f, id)
	}
	switch {
	case f.Kind == format.ConstantField || f.Default != "":
		return document.Value{}, false
	case f.Kind == format.RawField && !f.Required:
		return document.Value{}, false
	}
	json, ok := fieldSample(f)
	return document.RawValue([]byte(json)), ok
}

// references lead to the sibling before, as dependencies do.
func (s *sampler) references(f *schema.Field, id document.ID) (document.Value, bool) {
	target := id
	if n := len(s.made); n > 0 && len(s.made[n-1].level.Children) == 0 && slices.Contains(f.Targets, s.made[n-1].level) {
		target = s.made[n-1].id
	}
	switch {
	case f.List && target != id:
		return document.ListValue(document.ReferenceValue(target)), true
	case f.List && f.Default == "" && f.Required:
		return document.ListValue(), true
	case !f.List && (target != id || f.Required && !f.Nullable):
		return document.ReferenceValue(target), true
	case !f.List && f.Required:
		return document.Null(), true
	}
	return document.Value{}, false
}
