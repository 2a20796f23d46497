package document

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// move takes an item and all below it to another parent, or to another place below
// its own. Ids that say where an item is change with its parent, and so do the
// references to them.
func (b *rebuild) move(id, parent ID, place Place) error {
	n, err := b.find(id)
	if err != nil {
		return err
	}
	if parent.IsZero() {
		parent.group = id.group
	}
	at, err := b.listOf(parent)
	if err != nil {
		return err
	}
	s := b.doc.shape
	if at.Kind != n.Kind {
		return changeError(id, "parent", fmt.Sprintf("%s cannot be a child of %s", compiled.WithArticle(s.Level(n).Name), parentName(parent)))
	}
	if id.group != parent.group {
		return changeError(id, "group", "an item cannot move to another group")
	}
	if s.Within(n) == at {
		return b.reorder(n, id, parent, place)
	}
	if b.busy[s.Number(n)] || b.touched {
		return errEntangled
	}
	before, err := b.behind(id, parent, at, place)
	if err != nil {
		return err
	}
	to := b.movedID(n, at, parent)
	e := s.Entry(n)
	b.takeOut(n)
	b.away[s.Number(n)] = true
	if above, ok := s.Parent(n); ok {
		b.disturb(above)
	}
	b.enter(at, &child{moved: jsontext.Span{Start: e.Start, End: e.End}, node: &n}, to, before)
	b.joined = append(b.joined, at)
	b.rename(n, to)
	if to != id && s.Level(n).ID.Kind != format.PositionID {
		b.setID(n, s.Level(n).ID.SpellLike(s.Value(n, compiled.IDSlot), id.text, to.text, parent.text))
	}
	b.updates++
	return nil
}

// reorder takes an item to another place below its parent.
func (b *rebuild) reorder(n tree.Node, id, parent ID, place Place) error {
	sibling, beside := place.beside()
	switch {
	case place.IsZero():
		return changeError(id, "parent", fmt.Sprintf("it is a child of %s already: to move it among its siblings, give a place", parentName(parent)))
	case beside && sibling == id:
		return changeError(id, "place", "it cannot go beside itself")
	}
	s := b.doc.shape
	if b.busy[s.Number(n)] {
		return errEntangled
	}
	at := s.Within(n)
	before, err := b.behind(id, parent, at, place)
	if err != nil {
		return err
	}
	if q, link := b.link(n); before == link || before == q.next[link] {
		return nil // it is there
	}
	e, number := s.Entry(n), s.Number(n)
	b.takeOut(n)
	b.away[number], b.stayed[number] = true, true
	b.enter(at, &child{moved: jsontext.Span{Start: e.Start, End: e.End}, node: &n}, id, before)
	b.updates++
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
func (b *rebuild) movedID(n tree.Node, at tree.ListID, parent ID) ID {
	s := b.doc.shape
	kind := s.Level(n).ID.Kind
	id := s.id(n)
	above, ok := s.Parent(n)
	if kind == format.TextID || !ok {
		return id
	}
	if kind == format.PositionID {
		return s.typ.PositionID(parent, uint32(s.List(at).Len())+1) // until all have their places
	}
	if kind == format.LocalID {
		to := ID{parent.group, parent.text + strings.TrimPrefix(id.text, s.id(above).text)}
		if !b.taken(to) {
			return to
		}
	}
	highest := b.highestNumber(at)
	to, _, ok := s.typ.nextID(n.Kind, parent, highest+1, b.taken)
	if !ok {
		// No id is left that the pattern takes: this one is refused.
		to = s.typ.below(n.Kind, parent, strconv.FormatUint(uint64(highest)+1, 10))
	}
	return to
}

// rank is a child with a number in its id.
type rank struct {
	number uint32
	tree.Node
}

// highestNumber returns the highest number among the ids in a list. What was
// removed does not come back, so that the children are ranked once.
func (b *rebuild) highestNumber(at tree.ListID) uint32 {
	ranks, ok := b.ranks[at]
	if !ok {
		ranks = b.doc.shape.ranks(at)
	}
	for len(ranks) > 0 && b.removed[b.doc.shape.Number(ranks[0].Node)] {
		ranks = ranks[1:]
	}
	b.ranks[at] = ranks
	if len(ranks) == 0 {
		return b.highest[at]
	}
	return max(b.highest[at], ranks[0].number)
}

func (s *shape) ranks(at tree.ListID) []rank {
	items := s.List(at)
	ranks := make([]rank, 0, items.Len())
	for i := items.Len() - 1; i >= 0; i-- {
		n := items.At(i)
		if number, ok := s.typ.format.NumberOf(n.Kind, s.id(n).text); ok {
			ranks = append(ranks, rank{number, n})
		}
	}
	slices.SortFunc(ranks, func(a, b rank) int { return cmp.Compare(b.number, a.number) })
	return ranks
}

// rename notes the new ids of an item and of those below it whose ids begin
// with it, and writes those that are spelled in full.
func (b *rebuild) rename(n tree.Node, to ID) {
	s := b.doc.shape
	old := s.id(n)
	if old == to {
		return
	}
	b.moved[s.Number(n)], b.newIDs[to] = to, true
	for child := range s.Children(n).Nodes() {
		level := s.Level(child)
		if level.ID.Kind == format.TextID {
			continue
		}
		id := s.id(child)
		now := ID{to.group, to.text + strings.TrimPrefix(id.text, old.text)}
		if raw := s.Value(child, compiled.IDSlot); compiled.IDText(raw) == id.text {
			b.setID(child, level.ID.SpellLike(raw, id.text, now.text, to.text))
		}
		b.rename(child, now)
	}
}

func (b *rebuild) setID(n tree.Node, raw []byte) {
	old := b.doc.recordOf(n)
	r := old.with(&b.doc.shape.Level(n).Record, compiled.IDSlot, string(raw), b.lay)
	b.doc.setRecord(b.base, b.doc.shape.Number(n), old, r)
}

// followMoves rewrites the references that the moves have changed.
func (b *rebuild) followMoves() {
	if len(b.moved) == 0 {
		return
	}
	s := b.doc.shape
	for l := range s.typ.format.Levels {
		record := &s.typ.format.Levels[l].Record
		for slot := compiled.FirstField; slot < compiled.FirstField+len(s.typ.format.Levels[l].Fields); slot++ {
			if !s.typ.format.HoldsReferences(&record.Fields[slot]) {
				continue
			}
			for n := range s.OfKind(Level(l)).Nodes() {
				b.followField(b.doc.item(n), slot)
			}
		}
	}
}

func (b *rebuild) followField(it Item, slot int) {
	record := &it.levelType().Record
	value, changed := it.doc.typ.format.Redirected(&record.Fields[slot], b.doc.value(it.node, slot), func(ref []byte) ([]byte, bool) {
		return b.followed(it, ref)
	})
	if !changed {
		return
	}
	old := b.doc.recordOf(it.node)
	b.doc.setRecord(b.base, b.doc.shape.Number(it.node), old, old.with(record, slot, string(value), b.lay))
}

// followed returns a reference as it must be written after the moves. One that
// names a sibling stays as it is if both went along with their parent.
func (b *rebuild) followed(it Item, ref []byte) (text []byte, changed bool) {
	s := b.doc.shape
	n, id, ok := it.lookUp(ref)
	if !ok {
		// Items that share an id move together, if the move changes it.
		if n, ok = s.FindNamesake(id.group, id.text, 0); !ok {
			return ref, false
		}
	}
	if s.byPlace(n) {
		return ref, false // it has no id that lasts
	}
	full := compiled.IDText(ref) == s.id(n).text
	_, targetMoved := b.moved[s.Number(n)]
	_, holderMoved := b.moved[s.Number(it.node)]
	alongside := false
	if above, ok := s.Parent(it.node); ok {
		_, alongside = b.moved[s.Number(above)]
	}
	if full && !targetMoved || !full && (alongside || !targetMoved && !holderMoved) {
		return ref, false
	}
	return jsontext.AppendQuoted(nil, b.now(n).text), true
}
