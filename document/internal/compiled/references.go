package compiled

import (
	"bytes"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// References are those of an item that a guard, a claim or a check looks at.
type References struct {
	described format.References
	// Slot has the references, or the objects in which they are.
	Slot int
	// inside are the fields that lead from there through objects, none where the
	// slot has references.
	inside []*Field
	where  []condition
	format *Format
}

// condition is a value that an object around a reference has to hold.
type condition struct {
	field *Field
	value []byte // canonical
}

// Each calls f with each reference in the value of the slot, until it returns
// false. Nulls are none.
func (r *References) Each(raw []byte, f func(ref []byte) bool) {
	if len(r.inside) == 0 {
		EachReference(raw, f)
		return
	}
	r.walk(raw, r.inside, f)
}

func (r *References) walk(raw []byte, inside []*Field, f func(ref []byte) bool) bool {
	more := true
	EachReference(raw, func(object []byte) bool {
		value := member(object, inside[0].Key)
		switch {
		case len(inside) > 1:
			more = r.walk(value, inside[1:], f)
		case r.meets(object):
			EachReference(value, func(ref []byte) bool {
				more = f(ref)
				return more
			})
		}
		return more
	})
	return more
}

// meets reports whether an object holds what has to stand beside a reference.
func (r *References) meets(object []byte) bool {
	return !slices.ContainsFunc(r.where, func(c condition) bool {
		value := member(object, c.field.Key)
		return jsontext.IsNull(value) || !bytes.Equal(r.format.canonicalField(c.field, value), c.value)
	})
}

func member(object []byte, key string) []byte {
	var found []byte
	jsontext.Members(object, func(k string, value []byte) bool {
		if k == key {
			found = value
		}
		return k != key
	})
	return found
}

// EachReference calls f with each value of a field, of a list or a single one,
// until it returns false. Nulls are none.
func EachReference(raw []byte, f func(ref []byte) bool) {
	switch {
	case jsontext.IsNull(raw):
	case raw[0] == '[':
		jsontext.Elements(raw, func(e []byte) bool { return jsontext.IsNull(e) || f(e) })
	default:
		f(raw)
	}
}

// HoldsReferences reports whether a field has references, in itself or in its
// objects.
func (t *Format) HoldsReferences(f *Field) bool {
	return f.Kind == format.ReferenceField || f.Kind == format.ObjectField && t.Objects[f.Object].references
}

// AllReferences calls f with each reference in a value of a field and in its
// objects, and the field of references that it is in, until it returns false.
func (t *Format) AllReferences(in *Field, raw []byte, f func(in *Field, ref []byte) bool) bool {
	more := true
	switch {
	case in.Kind == format.ReferenceField:
		EachReference(raw, func(ref []byte) bool {
			more = f(in, ref)
			return more
		})
	case t.HoldsReferences(in):
		r := &t.Objects[in.Object]
		EachReference(raw, func(object []byte) bool {
			jsontext.Members(object, func(key string, value []byte) bool {
				if slot, known := r.Slots[key]; known {
					more = t.AllReferences(&r.Fields[slot], value, f)
				}
				return more
			})
			return more
		})
	}
	return more
}

// Redirected returns a value of a field in which each reference, in objects too,
// is what to returns for it, and whether one is another. Of a value that stays the
// same it returns the text as it is, else on one line.
func (t *Format) Redirected(in *Field, raw []byte, to func(ref []byte) (text []byte, changed bool)) ([]byte, bool) {
	switch {
	case jsontext.IsNull(raw), !t.HoldsReferences(in):
		return raw, false
	case raw[0] == '[':
		out, changed := []byte{'['}, false
		jsontext.Elements(raw, func(e []byte) bool {
			text, other := t.Redirected(in, e, to)
			if len(out) > 1 {
				out = append(out, ',')
			}
			out, changed = append(out, text...), changed || other
			return true
		})
		return unlessSame(raw, append(out, ']'), changed)
	case in.Kind == format.ReferenceField:
		return to(raw)
	}
	r := &t.Objects[in.Object]
	out, changed := []byte{'{'}, false
	jsontext.RawMembers(raw, func(key, value []byte) bool {
		if slot, known := r.Slots[jsontext.ExactText(key)]; known {
			text, other := t.Redirected(&r.Fields[slot], value, to)
			value, changed = text, changed || other
		}
		out = jsontext.AppendMember(out, string(key), value)
		return true
	})
	return unlessSame(raw, append(out, '}'), changed)
}

func unlessSame(raw, out []byte, changed bool) ([]byte, bool) {
	if changed {
		return out, true
	}
	return raw, false
}

// references compiles those of a level, nil if they are wrong: then it says why.
func (c *compiler) references(l *Level, d format.References, whose string) *References {
	if len(d.Fields) == 0 {
		c.problem("level %s: %s names no field of references", l.Name, whose)
		return nil
	}
	around := l.Record.Fields[FirstField:][:len(l.Fields)]
	r := &References{described: d, Slot: FirstField + d.Fields[0], format: c.t}
	for i, at := range d.Fields {
		last := i == len(d.Fields)-1
		if at < 0 || at >= len(around) || last != (around[at].Kind == format.ReferenceField) || !last && around[at].Kind != format.ObjectField {
			c.problem("level %s: %s is about the fields %v, which lead to no reference", l.Name, whose, d.Fields)
			return nil
		}
		f := &around[at]
		if i > 0 {
			r.inside = append(r.inside, f)
		}
		if last {
			break
		}
		if f.Object < 0 || f.Object >= len(c.t.Objects) {
			return nil // reported already
		}
		around = c.t.Objects[f.Object].Fields
	}
	for _, w := range d.Where {
		if len(d.Fields) == 1 || w.Field < 0 || w.Field >= len(around) || len(c.t.JudgeValue(&around[w.Field], w.JSON)) > 0 {
			c.problem("level %s: %s looks at field %d for %s, which cannot be there", l.Name, whose, w.Field, w.JSON)
			continue
		}
		f := &around[w.Field]
		r.where = append(r.where, condition{f, c.t.canonicalField(f, []byte(w.JSON))})
	}
	return r
}

// same reports whether both look at the same references.
func (r *References) same(other *References) bool {
	return slices.Equal(r.described.Fields, other.described.Fields) && slices.Equal(r.described.Where, other.described.Where)
}

// dependencies returns the references to what items of a level wait for: those
// that the descriptor names, else those of the first guard on dependencies, else
// the first list of references, else nil.
func (c *compiler) dependencies(l *Level) *References {
	var first *References
	for i := range l.GuardList {
		if first = l.GuardList[i].References; first != nil {
			break
		}
	}
	switch {
	case l.LevelDescriptor.Dependencies != nil:
		r := c.references(l, *l.LevelDescriptor.Dependencies, "what items wait for")
		for i := range l.GuardList {
			if g := l.GuardList[i].References; r != nil && g != nil && g.same(r) {
				return g
			}
		}
		return r
	case first != nil:
		return first
	}
	f := slices.IndexFunc(l.Fields, func(f format.FieldDescriptor) bool { return f.Kind == format.ReferenceField && f.List })
	if f < 0 {
		return nil
	}
	return c.references(l, format.References{Fields: []int{f}}, "what items wait for")
}
