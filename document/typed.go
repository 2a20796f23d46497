package document

import (
	"fmt"
	"iter"
	"strings"
)

// The functions in this file are the seam between the engine and the types of
// generated packages.

// Map returns the sequence of f(v) for each v of seq.
func Map[In, Out any](seq iter.Seq[In], f func(In) Out) iter.Seq[Out] {
	return func(yield func(Out) bool) {
		for v := range seq {
			if !yield(f(v)) {
				return
			}
		}
	}
}

// ListOf is an array of the values that f makes of the elements.
func ListOf[T any](elements []T, f func(T) Value) Value {
	values := make([]Value, len(elements))
	for i, e := range elements {
		values[i] = f(e)
	}
	return ListValue(values...)
}

// Optional returns a pointer to a copy of v, nil if ok is false.
func Optional[T any](v T, ok bool) *T {
	if !ok {
		return nil
	}
	return &v
}

// LocalID returns the id of the item that is called name below a parent. A name
// that begins with the parent's id and a dot is the full id already.
func (t *Type) LocalID(parent ID, name string) ID {
	if parent.text == "" || strings.HasPrefix(name, parent.text+".") {
		return ID{parent.group, name}
	}
	return ID{parent.group, parent.text + "." + name}
}

// FindIn is Find for an item of one level.
func (d *Document) FindIn(l Level, id ID) (Item, bool) {
	it, ok := d.Find(id)
	if !ok || it.kind != l {
		return Item{}, false
	}
	return it, true
}

// WithItem applies what With and WithStatus changed in an item to the item of
// the document that has its level and id. Of a new item it applies the fields,
// and not the status, with which it would start. The error is a *NotFoundError
// if there is no such item, or that of Apply.
func (d *Document) WithItem(it Item) (*Document, error) {
	if it.IsZero() {
		return nil, &NotFoundError{}
	}
	at, ok := d.FindIn(it.kind, it.ID())
	if !ok {
		return nil, &NotFoundError{ID: it.ID(), Level: d.typ.levels[it.kind].Name}
	}
	if it.doc == nil {
		at.draft = &draft{typ: it.draft.typ, values: it.draft.values}
		it = at
	}
	to, _, err := d.Apply(it.Changes()...)
	return to, err
}

// WithItemIn is WithItem for an item of one level, which the error names.
func (d *Document) WithItemIn(l Level, it Item) (*Document, error) {
	if it.IsZero() || it.kind != l {
		return nil, &NotFoundError{ID: it.ID(), Level: d.typ.levels[l].Name}
	}
	return d.WithItem(it)
}

// AddItem adds a new item as a child of a parent of the level above, the last one
// or the one at a place. The zero ID, with only the group set where documents have
// groups, stands for the top. An item without an id gets the one that NextID returns. The error is a
// *NotFoundError for the parent, or that of Apply.
func (d *Document) AddItem(it Item, parent ID, at ...Place) (*Document, error) {
	if it.IsZero() {
		return nil, changeError(it.ID(), "operation", "there is no item to add")
	}
	if above, ok := d.typ.parentLevel(it.kind); ok {
		if l, ok := d.levelOf(parent); !ok || l != above {
			return nil, &NotFoundError{ID: parent, Level: d.typ.levels[above].Name}
		}
	}
	if it.draft != nil && it.draft.id.text == "" {
		id, ok := d.NextID(parent)
		if !ok {
			return nil, changeError(parent, "id", fmt.Sprintf("the new %s needs an id: there is no next one", it.levelType().Name))
		}
		numbered := *it.draft
		numbered.id = id
		it.draft = &numbered
	}
	to, _, err := d.Apply(it.AddChange(parent, at...))
	return to, err
}
