package document

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
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
		return changeError(id, "parent", fmt.Sprintf("%s cannot be a child of %s", withArticle(s.typ.levels[l].Name), parentName(parent)))
	}
	if id.group != parent.group {
		return changeError(id, "group", "an item cannot move to another group")
	}
	if s.levels[l].nodes[i].parent == at.parent {
		return changeError(id, "parent", fmt.Sprintf("it is a child of %s already", parentName(parent)))
	}
	if b.busy[s.number(l, i)] || b.touched {
		return errEntangled
	}
	to := b.movedID(l, i, at, parent)
	nd := s.levels[l].nodes[i]
	b.removed[s.number(l, i)], b.away[s.number(l, i)] = true, true
	if l > 0 {
		b.disturb(l-1, nd.parent)
	}
	b.enter(at, &child{moved: span{nd.start, nd.end}}, to)
	b.joined = append(b.joined, at)
	b.rename(l, i, to)
	if to != id {
		b.setID(l, i, s.typ.levels[l].ID.spellLike(s.value(l, i, idSlot), id, to, parent))
	}
	return nil
}

// parentName names a parent in a message.
func parentName(parent ID) string {
	if parent.text == "" {
		return "the document"
	}
	return parent.String()
}

// movedID returns the id of an item at its new place: the next free number for
// path ids; for local ids its own if nobody there has it, else the next free
// number.
func (b *rebuild) movedID(l Level, i uint32, at nest, parent ID) ID {
	s := b.doc.shape
	kind := s.typ.levels[l].ID.Kind
	id := s.id(l, i)
	if kind == TextID || l == 0 {
		return id
	}
	if kind == LocalID {
		to := ID{parent.group, parent.text + strings.TrimPrefix(id.text, s.id(l-1, s.levels[l].nodes[i].parent).text)}
		if _, _, err := b.find(to); err != nil && !errors.Is(err, errEntangled) {
			return to
		}
	}
	return s.typ.numberedID(l, parent, b.highestNumber(at)+1)
}

// rank is a child with a number in its id.
type rank struct{ number, i uint32 }

// highestNumber returns the highest number among the ids in a nest. What was
// removed does not come back, so that the children are ranked once.
func (b *rebuild) highestNumber(at nest) uint32 {
	ranks, ok := b.ranks[at]
	if !ok {
		ranks = b.doc.shape.ranks(at)
	}
	for len(ranks) > 0 && b.removed[b.doc.shape.number(at.level, ranks[0].i)] {
		ranks = ranks[1:]
	}
	b.ranks[at] = ranks
	if len(ranks) == 0 {
		return b.highest[at]
	}
	return max(b.highest[at], ranks[0].number)
}

func (s *shape) ranks(at nest) []rank {
	first, end := s.below(at.level, at.parent)
	ranks := make([]rank, 0, end-first)
	for i := end; i > first; i-- {
		if n, ok := s.typ.numberOf(at.level, s.id(at.level, i-1)); ok {
			ranks = append(ranks, rank{n, i - 1})
		}
	}
	slices.SortFunc(ranks, func(a, b rank) int { return cmp.Compare(b.number, a.number) })
	return ranks
}

// rename notes the new ids of an item and of those below it whose ids begin
// with it, and writes those that are spelled in full.
func (b *rebuild) rename(l Level, i uint32, to ID) {
	s := b.doc.shape
	old := s.id(l, i)
	if old == to {
		return
	}
	b.moved[s.number(l, i)], b.made[to] = to, true
	first, end := s.children(l, i)
	for child := first; child < end; child++ {
		if s.typ.levels[l+1].ID.Kind == TextID {
			continue
		}
		id := s.id(l+1, child)
		now := ID{to.group, to.text + strings.TrimPrefix(id.text, old.text)}
		if raw := s.value(l+1, child, idSlot); idText(raw) == id.text {
			b.setID(l+1, child, s.typ.levels[l+1].ID.spellLike(raw, id, now, to))
		}
		b.rename(l+1, child, now)
	}
}

// spellLike returns a new id in the way the old one is spelled: in full or not,
// as a number or not.
func (d *IDDescriptor) spellLike(raw []byte, old, now, parent ID) []byte {
	text := now.text
	if idText(raw) != old.text {
		text = strings.TrimPrefix(text, parent.text+".")
	}
	if number := []byte(text); raw[0] != '"' && numberLength(number) == len(number) && d.accepts(number) {
		return number
	}
	return appendQuoted(nil, text)
}

func (b *rebuild) setID(l Level, i uint32, raw []byte) {
	old := b.doc.recordOf(l, i)
	r := old.with(&b.doc.shape.typ.levels[l].record, idSlot, string(raw), b.lay)
	b.doc.setRecord(b.base, b.doc.shape.number(l, i), old, r)
}

// followMoves rewrites the references that the moves have changed.
func (b *rebuild) followMoves() {
	if len(b.moved) == 0 {
		return
	}
	s := b.doc.shape
	for l := range s.typ.levels {
		for f, field := range s.typ.levels[l].Fields {
			if field.Kind != ReferenceField {
				continue
			}
			for i := range s.levels[l].nodes {
				b.followField(b.doc.item(Level(l), uint32(i)), f)
			}
		}
	}
}

func (b *rebuild) followField(it Item, f int) {
	raw := b.doc.value(it.level, it.index, firstField+f)
	changed := false
	out := []byte{'['}
	eachReference(raw, func(ref []byte) bool {
		text, differs := b.followed(it, ref)
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
	old := b.doc.recordOf(it.level, it.index)
	r := old.with(&b.doc.shape.typ.levels[it.level].record, firstField+f, value, b.lay)
	b.doc.setRecord(b.base, b.doc.shape.number(it.level, it.index), old, r)
}

// followed returns a reference as it must be written after the moves. One that
// names a sibling stays as it is if both went along with their parent.
func (b *rebuild) followed(it Item, ref []byte) (text []byte, changed bool) {
	l, i, ok := it.target(ref)
	if !ok {
		return ref, false
	}
	s := b.doc.shape
	full := idText(ref) == s.id(l, i).text
	_, targetMoved := b.moved[s.number(l, i)]
	_, holderMoved := b.moved[s.number(it.level, it.index)]
	alongside := false
	if it.level > 0 {
		_, alongside = b.moved[s.number(it.level-1, s.levels[it.level].nodes[it.index].parent)]
	}
	if full && !targetMoved || !full && (alongside || !targetMoved && !holderMoved) {
		return ref, false
	}
	return appendQuoted(nil, b.now(l, i).text), true
}
