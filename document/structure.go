package document

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// restructure applies a run of additions, removals and moves. As long as they
// do not build on each other they cost one rebuild together. Each is taken by do,
// by its position.
func (g *gate) restructure(changes []Change, do func(b *rebuild, i int) error) {
	g.to.build()
	g.openNests(changes)
	b := newRebuild(g.to)
	for i := range changes {
		err := do(b, i)
		if b.updates > 0 && errors.Is(err, errEntangled) {
			if !g.rebuilt(b) {
				return
			}
			g.openNests(changes[i:])
			b = newRebuild(g.to)
			err = do(b, i)
		}
		if err == nil {
			b.updates++
		}
		if err != nil {
			g.refuse(err)
		}
	}
	if len(g.errs) == 0 && b.updates > 0 {
		g.rebuilt(b)
	}
}

// errEntangled says that a change builds on others of the same rebuild.
var errEntangled = errors.New("document: a rebuild must come first")

// rebuilt takes over what a rebuild makes. It reports false where that is not
// accepted.
func (g *gate) rebuilt(b *rebuild) bool {
	next, err := b.finish()
	if err != nil {
		g.refuse(err)
		return false
	}
	g.moveHops(next, b.now)
	for _, at := range append(b.thinned(), b.joined...) {
		g.lookAbove(next, at, b.now)
	}
	g.base, g.to = next, next
	g.updates += b.updates
	return true
}

// moveHops finds the items of the hops in a document of another shape, by the
// ids that they have there.
func (g *gate) moveHops(next *Document, now func(Level, uint32) ID) {
	var kept hopList
	for n := range g.hops.n {
		h := g.hops.at(n)
		var ok bool
		if h.level, h.i, ok = next.shape.find(now(h.level, h.i)); ok {
			kept.add(h)
		}
	}
	g.hops = kept
}

// lookAbove has the rollup look at an item that children have left or joined.
func (g *gate) lookAbove(next *Document, at nest, now func(Level, uint32) ID) {
	if at.level == 0 {
		return
	}
	l, i, ok := next.shape.find(now(at.level-1, at.parent))
	if !ok {
		return
	}
	if first, end := next.shape.children(l, i); first < end {
		g.hops.add(hop{level: at.level, i: first, from: next.status(at.level, first)})
	}
}

// rebuild makes a document with another structure: it writes the new text, and
// reads it.
type rebuild struct {
	doc     *Document // what is restructured, with edits of its own
	base    *Document
	lay     layout
	lines   lineCursor
	removed map[int]bool // by number; those that moved away too
	added   map[nest][]*child
	pending map[ID]*child   // those among them that are new
	highest map[nest]uint32 // number given to a child that moves in or is added
	moved   map[int]ID      // the new ids of items that moved, and of those below
	away    map[int]bool    // those of removed that moved
	made    map[ID]bool     // ids that items have once this is finished, and did not have before
	ranks   map[nest][]rank // children by number, highest first
	busy    map[int]bool    // items below which something was added or moved
	joined  []nest          // where items moved to
	touched bool            // something was added or removed, which a move has to see
	first   ID              // of the first item added
	updates int
	length  int64 // of the new texts
	cut     int64 // of those among them that are too much for any document
}

// nest is where items are: below an item, or in a group.
type nest struct {
	level  Level // of the items
	parent uint32
}

// child is a new child of a nest: JSON text, with more items below it, or an
// item that moves there.
type child struct {
	level Level
	text  string
	below []*child
	moved span
}

// json returns the text of a new child with all that was added below it.
func (c *child) json(t *Type) string {
	if len(c.below) == 0 {
		return c.text
	}
	key, list := t.levels[c.level].Children, []byte{'['}
	for i, b := range c.below {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, b.json(t)...)
	}
	out, found := []byte{'{'}, false
	members([]byte(c.text), func(k string, value []byte) bool {
		if k == key {
			found = true
			if value[0] == '[' && bytes.TrimLeft(value[1:], jsonSpace)[0] != ']' {
				list = append(append(slices.Clone(value[:len(value)-1]), ','), list[1:]...)
			}
			value = append(list, ']')
		}
		out = appendMember(out, string(appendQuoted(nil, k)), value)
		return true
	})
	if !found {
		out = appendMember(out, string(appendQuoted(nil, key)), append(list, ']'))
	}
	return string(append(out, '}'))
}

func newRebuild(d *Document) *rebuild {
	doc := *d
	doc.additions = nil
	return &rebuild{
		doc: &doc, base: d, lay: d.layout(), lines: lineCursor{src: d.shape.source}, removed: map[int]bool{}, added: map[nest][]*child{}, pending: map[ID]*child{},
		highest: map[nest]uint32{}, moved: map[int]ID{}, away: map[int]bool{}, made: map[ID]bool{}, ranks: map[nest][]rank{}, busy: map[int]bool{},
	}
}

func (b *rebuild) change(c *Change) error {
	switch {
	case c.Op == OpRemove:
		return b.remove(c.ID)
	case c.Edit == nil:
		return changeError(c.ID, "operation", "an addition or a move without its content")
	case c.Op == OpAdd:
		return b.add(c)
	}
	return b.move(c.ID, c.Edit.Parent)
}

// find is Document.Find without what was removed. The error is errEntangled for
// an item that can be found once the rebuild is finished.
func (b *rebuild) find(id ID) (Level, uint32, error) {
	s := b.doc.shape
	l, i, ok := s.find(id)
	if ok {
		up, at := l, i
		for up > 0 && !b.removed[s.number(up, at)] {
			at = s.levels[up].nodes[at].parent
			up--
		}
		if !b.removed[s.number(up, at)] {
			return l, i, nil
		}
		_, renamed := b.moved[s.number(l, i)]
		ok = b.away[s.number(up, at)] && !renamed
	}
	if ok || b.made[id] {
		return 0, 0, errEntangled
	}
	return 0, 0, &NotFoundError{ID: id}
}

func (b *rebuild) remove(id ID) error {
	l, i, err := b.find(id)
	if err != nil {
		return err
	}
	b.removed[b.doc.shape.number(l, i)] = true
	b.touched = true
	return nil
}

// now returns the id that an item has after the moves.
func (b *rebuild) now(l Level, i uint32) ID {
	if id, ok := b.moved[b.doc.shape.number(l, i)]; ok {
		return id
	}
	return b.doc.shape.id(l, i)
}

// nest returns where children of a parent go. A zero parent means the top.
func (b *rebuild) nest(parent ID) (nest, error) {
	s := b.doc.shape
	if parent.text == "" {
		g, ok := s.groupNames[parent.group]
		if !ok {
			return nest{}, changeError(parent, "group", s.noGroup(parent.group))
		}
		return nest{0, uint32(g)}, nil
	}
	l, i, err := b.find(parent)
	switch {
	case err != nil:
		return nest{}, err
	case s.typ.leaf(l):
		return nest{}, changeError(parent, "parent", s.typ.childless(l))
	}
	return nest{l + 1, i}, nil
}

func (t *Type) childless(l Level) string { return withArticle(t.levels[l].Name) + " has no children" }

func (s *shape) noGroup(name string) string {
	switch {
	case s.root.Kind != RootGroups:
		return fmt.Sprintf("the document has no groups, so none is called %s", shown(name))
	case name == "":
		return "the document has groups: say which one"
	}
	return fmt.Sprintf("%s is no group of the document", shown(name))
}

// add judges a new item and puts it where it goes.
func (b *rebuild) add(c *Change) error {
	level, at, err := b.childrenOf(c.Edit.Parent)
	if err != nil {
		return err
	}
	a, err := b.doc.typ.judge(level, *c, b.taken)
	if err != nil {
		return err
	}
	b.place(a, at)
	return nil
}

// childrenOf returns the level of the children of a parent and, if that is not
// new itself, where they are.
func (b *rebuild) childrenOf(parent ID) (Level, nest, error) {
	above := b.pending[parent]
	if above == nil {
		at, err := b.nest(parent)
		return at.level, at, err
	}
	if b.doc.typ.leaf(above.level) {
		return 0, nest{}, changeError(parent, "parent", b.doc.typ.childless(above.level))
	}
	return above.level + 1, nest{}, nil
}

// taken reports whether an item has the id, or will have it.
func (b *rebuild) taken(id ID) bool {
	_, _, err := b.find(id)
	return err == nil || errors.Is(err, errEntangled)
}

// addJudged puts an addition that was judged before where it goes.
func (b *rebuild) addJudged(a addition) error {
	_, at, err := b.childrenOf(a.Edit.Parent)
	if err == nil {
		b.place(a, at)
	}
	return err
}

// place puts an addition that was judged where it goes: below a new item, or at
// the end of a nest.
func (b *rebuild) place(a addition, at nest) {
	fresh := &child{level: a.level, text: strings.Trim(a.Edit.Item, jsonSpace)}
	for _, it := range a.items {
		b.made[it.id] = true
	}
	if above := b.pending[a.Edit.Parent]; above != nil {
		above.below = append(above.below, fresh)
	} else {
		b.enter(at, fresh, a.ID)
	}
	b.pending[a.ID] = fresh
	b.touched = true
	if b.first.IsZero() {
		b.first = a.ID
	}
}

// enter puts a child at the end of a nest.
func (b *rebuild) enter(at nest, c *child, id ID) {
	b.added[at] = append(b.added[at], c)
	b.made[id] = true
	if n, ok := b.doc.shape.typ.numberOf(at.level, id); ok {
		b.highest[at] = max(b.highest[at], n)
	}
	if at.level > 0 {
		b.disturb(at.level-1, at.parent)
	}
}

// disturb notes that something changes below an item.
func (b *rebuild) disturb(l Level, i uint32) {
	for {
		b.busy[b.doc.shape.number(l, i)] = true
		if l == 0 {
			return
		}
		i = b.doc.shape.levels[l].nodes[i].parent
		l--
	}
}

// thinned returns the nests that items were taken from.
func (b *rebuild) thinned() []nest {
	seen := map[nest]bool{}
	for number := range b.removed {
		l, i := b.doc.shape.at(number)
		seen[nest{l, b.doc.shape.levels[l].nodes[i].parent}] = true
	}
	return slices.SortedFunc(maps.Keys(seen), compareNests)
}
