package document

import (
	"errors"
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// MarshalJSON returns the text of the document, as AppendJSON does. JSON Lines are
// no JSON value: they are an error.
func (d *Document) MarshalJSON() ([]byte, error) {
	if d == nil {
		return []byte("null"), nil
	}
	d.build()
	if d.shape.IsLines(tree.Top(0)) {
		return nil, errors.New("document: JSON Lines are not one JSON value: use AppendJSON or WriteTo")
	}
	return []byte(strings.TrimPrefix(string(d.AppendJSON(nil)), jsontext.ByteOrderMark)), nil
}

// UnmarshalJSON returns an error: only a format can read a document. See
// Type.Parse. As for all types, null changes nothing.
func (d *Document) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	return errors.New("document: a document cannot be unmarshalled without its format: use Type.Parse")
}

// String says in a line for people how many items the document has, and how many
// of them are done: "2 Phases, 8 Tasks: 3 of 10 done".
func (d *Document) String() string {
	if d == nil {
		return "no document"
	}
	var levels []string
	items, done := 0, 0
	for l, level := range d.typ.format.Descriptor.Levels {
		name, n := level.Plural, d.Len(Level(l))
		if n == 1 {
			name = level.Name
		}
		levels = append(levels, fmt.Sprintf("%d %s", n, name))
		if level.NoStatus {
			continue
		}
		items += n
		for s, status := range d.typ.format.Descriptor.Statuses {
			if status.Category == format.Done {
				done += d.Count(Level(l), Status(s+1))
			}
		}
	}
	return fmt.Sprintf("%s: %d of %d done", strings.Join(levels, ", "), done, items)
}

// MarshalJSON returns the text of the item and of all below it, with what With has
// changed. The zero Item is null.
func (it Item) MarshalJSON() ([]byte, error) {
	if at, wrong := it.wrongStatus(); wrong {
		return nil, changeError(at.ID(), "status", at.noStatus())
	}
	if message := it.refusal(); message != "" {
		return nil, changeError(it.ID(), "value", message)
	}
	switch {
	case it.IsZero():
		return []byte("null"), nil
	case it.doc == nil:
		return it.appendJSON(nil, ID{}), nil
	}
	d := it.drawn()
	entry := d.shape.Entry(it.node)
	return jsontext.AppendPatched(nil, d.shape.Source, jsontext.Span{Start: entry.Start, End: entry.End}, d.patches()), nil
}

// wrongStatus returns the first of an item and the new ones below it to which
// WithStatus gave a status that its level does not have.
func (it Item) wrongStatus() (Item, bool) {
	if it.draft == nil {
		return Item{}, false
	}
	if !it.levelType().Allows(it.Status()) {
		return it, true
	}
	for _, child := range it.draft.children {
		if at, wrong := child.wrongStatus(); wrong {
			return at, true
		}
	}
	return Item{}, false
}

// noStatus says that items of the level cannot have the status of this one.
func (it Item) noStatus() string {
	l := it.levelType()
	if l.StateMachine == nil {
		return statusless(l)
	}
	return fmt.Sprintf("status %d is none of %s: want %s", it.Status(), compiled.WithArticle(l.Name), it.typ().format.StatusNames(l))
}

// drawn returns the document as the item would have it. No gate has judged it.
func (it Item) drawn() *Document {
	if it.draft == nil {
		return it.doc
	}
	g := gate{base: it.doc, to: it.doc}
	if old := it.doc.recordOf(it.node); len(it.draft.values) > 0 {
		r := old
		for _, v := range it.draft.values {
			r = r.with(&it.levelType().Record, v.slot, v.value.json, it.doc.layout())
		}
		g.writable().setRecord(it.doc, it.doc.shape.Number(it.node), old, r)
	}
	if now := it.doc.status(it.node); now != it.Status() {
		g.set(it.node, now, it.Status())
	}
	return g.to
}

// UnmarshalJSON returns an error: an item is read as a part of a document.
// As for all types, null changes nothing.
func (it *Item) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	return errors.New("document: an item cannot be unmarshalled by itself: it is read as a part of a document")
}

// MarshalJSON returns the JSON text, null for the zero Object.
func (o Object) MarshalJSON() ([]byte, error) {
	switch {
	case o.IsZero():
		return []byte("null"), nil
	case o.refusal != "":
		return nil, errors.New("document: " + o.refusal)
	}
	return []byte(o.text()), nil
}

// UnmarshalJSON returns an error: an object is read as a part of an item.
// As for all types, null changes nothing.
func (o *Object) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	return errors.New("document: an object cannot be unmarshalled by itself: it is read as a part of an item")
}

// MarshalText returns the id as String does.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText returns an error: only a format knows where the group ends. See
// Type.ParseAnyID.
func (id *ID) UnmarshalText([]byte) error {
	return errors.New("document: an id cannot be unmarshalled without its format: use Type.ParseAnyID")
}
