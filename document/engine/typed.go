package engine

import (
	"iter"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// MachineOf returns the machine of a generated package as a part of a
// descriptor. Both number statuses and events alike.
func MachineOf[S, E ~uint8](d statemachine.Definition[S, E]) format.Machine {
	out := format.Machine{Name: d.Name, Initial: document.Status(d.Initial)}
	for _, s := range d.States {
		out.States = append(out.States, document.Status(s))
	}
	for _, tr := range d.Transitions {
		to := format.Transition{Event: document.Event(tr.Event), To: document.Status(tr.To)}
		for _, f := range tr.From {
			to.From = append(to.From, document.Status(f))
		}
		out.Transitions = append(out.Transitions, to)
	}
	return out
}

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

// ListOf returns an array of the values that f makes of the elements.
func ListOf[T any](elements []T, f func(T) document.Value) document.Value {
	values := make([]document.Value, len(elements))
	for i, e := range elements {
		values[i] = f(e)
	}
	return document.ListValue(values...)
}

// Optional returns a pointer to a copy of v, nil if ok is false.
func Optional[T any](v T, ok bool) *T {
	if !ok {
		return nil
	}
	return &v
}

// FindIn returns the item of a level with an id.
func FindIn(d *document.Document, l document.Level, id document.ID) (document.Item, bool) {
	it, ok := d.Find(id)
	if !ok || it.Level() != l {
		return document.Item{}, false
	}
	return it, true
}

// WithItem is Document.WithItem for an item of one level. The error names the
// level if the item is of another.
func WithItem(d *document.Document, l document.Level, it document.Item) (*document.Document, error) {
	if it.IsZero() || it.Level() != l {
		return nil, &document.NotFoundError{ID: it.ID(), Level: d.Type().Descriptor().Levels[l].Name}
	}
	return d.WithItem(it)
}
