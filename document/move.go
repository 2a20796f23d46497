package document

import (
	"fmt"
	"strings"
)

// move takes an item and all below it to another parent. Ids that say where an
// item is change with it, and so do the references to them.
func (b *rebuild) move(id, parent ID) error {
	l, i, err := b.find(id)
	if err != nil {
		return err
	}
	at, err := b.nest(parent)
	if err != nil {
		return err
	}
	s := b.doc.shape
	if at.level != l {
		return changeError(id, "parent", fmt.Sprintf("a %s cannot be a child of %s", s.typ.levels[l].Name, parent))
	}
	if id.group != parent.group {
		return changeError(id, "group", "an item cannot move to another group")
	}
	if s.levels[l].nodes[i].parent == at.parent {
		return changeError(id, "parent", fmt.Sprintf("it is a child of %s already", parent))
	}
	to := b.movedID(l, i, at, parent)
	nd := s.levels[l].nodes[i]
	b.removed[s.number(l, i)] = true
	b.added[at] = append(b.added[at], &child{moved: span{nd.start, nd.end}})
	if to == id {
		return nil
	}
	b.renames = append(b.renames, rename{id, to})
	b.renameBelow(l, i, id, to, parent)
	b.follow(rename{id, to})
	return nil
}

// movedID returns the id of an item at its new place: the next free number for
// path ids; for local ids its own if nobody there has it, else the next free
// number.
func (b *rebuild) movedID(l Level, i uint32, at nest, parent ID) ID {
	s := b.doc.shape
	kind := s.typ.levels[l].ID.Kind
	id := s.id(l, i)
	if kind == TextID || kind == LocalID && l == 0 {
		return id
	}
	if kind == LocalID {
		to := ID{parent.group, parent.text + strings.TrimPrefix(id.text, s.id(l-1, s.levels[l].nodes[i].parent).text)}
		if _, _, taken := s.find(to); !taken {
			return to
		}
	}
	first, end := s.below(at.level, at.parent)
	highest, _ := s.highestNumber(l, first, end)
	highest = max(highest, b.highest[at]) + 1
	b.highest[at] = highest
	if kind == PathID {
		return s.typ.PathID(l, parent, highest)
	}
	return ID{parent.group, parent.text + "." + string(appendUint(nil, highest))}
}

// renameBelow rewrites the ids of an item and of those below it.
func (b *rebuild) renameBelow(l Level, i uint32, from, to, parent ID) {
	s := b.doc.shape
	b.doc.walk(l, i, i+1, func(it Item) bool {
		old := s.id(it.level, it.index)
		now := ID{to.group, to.text + strings.TrimPrefix(old.text, from.text)}
		spelled := s.ownID(it.level, it.index)
		switch {
		case spelled == old.text: // the full id
			b.setID(it, appendQuoted(nil, now.text))
		case it.level == l:
			b.setID(it, s.typ.levels[l].ID.spell(now, parent))
		}
		return true
	})
}

func (b *rebuild) setID(it Item, raw []byte) {
	r := b.doc.recordOf(it.level, it.index)
	r = r.with(&b.doc.shape.typ.levels[it.level].record, idSlot, string(raw), b.lay)
	b.doc.edits.set(b.base.edits, b.doc.shape.number(it.level, it.index), r)
}

// follow rewrites the references that a move has changed.
func (b *rebuild) follow(r rename) {
	s := b.doc.shape
	for l := range s.typ.levels {
		for f, field := range s.typ.levels[l].Fields {
			if field.Kind != ReferenceField {
				continue
			}
			for i := range s.levels[l].nodes {
				b.followField(b.doc.item(Level(l), uint32(i)), f, r)
			}
		}
	}
}

func (b *rebuild) followField(it Item, f int, r rename) {
	raw := b.doc.value(it.level, it.index, firstField+f)
	changed := false
	out := []byte{'['}
	eachReference(raw, func(ref []byte) bool {
		text, differs := b.followed(it, ref, r)
		changed = changed || differs
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, text...)
		return true
	})
	if !changed {
		return
	}
	value := string(append(out, ']'))
	if raw[0] != '[' {
		value = value[1 : len(value)-1]
	}
	rec := b.doc.recordOf(it.level, it.index)
	rec = rec.with(&b.doc.shape.typ.levels[it.level].record, firstField+f, value, b.lay)
	b.doc.edits.set(b.base.edits, b.doc.shape.number(it.level, it.index), rec)
}

// followed returns a reference as it must be written after a move.
func (b *rebuild) followed(it Item, ref []byte, r rename) (text []byte, changed bool) {
	l, i, ok := it.target(ref)
	if !ok {
		return ref, false
	}
	target, holder := b.doc.shape.id(l, i), it.ID()
	one := rebuild{renames: []rename{r}}
	movedTarget, movedHolder := one.renamed(target) != target, one.renamed(holder) != holder
	full := idText(ref) == target.text
	if !movedTarget && (full || !movedHolder) || movedTarget && movedHolder && !full && holder != r.from {
		return ref, false
	}
	return appendQuoted(nil, one.renamed(target).text), true
}
