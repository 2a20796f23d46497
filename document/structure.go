package document

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// restructure applies a run of additions, removals and moves. As long as they
// do not build on each other they cost one rebuild together.
func (g *gate) restructure(changes []Change) {
	g.openNests(changes)
	b := newRebuild(g.to)
	for i := range changes {
		err := b.change(&changes[i])
		if notFound := (*NotFoundError)(nil); errors.As(err, &notFound) && b.updates > 0 {
			g.rebuilt(b)
			g.openNests(changes[i:])
			b = newRebuild(g.to)
			err = b.change(&changes[i])
		}
		if err != nil {
			g.refuse(err)
		}
	}
	if len(g.errs) == 0 && b.updates > 0 {
		g.rebuilt(b)
	}
}

// rebuilt takes over what a rebuild makes. Hops are found again by id: those of
// items that moved under their new one, those of removed items no more.
func (g *gate) rebuilt(b *rebuild) {
	next, err := b.finish()
	if err != nil {
		g.refuse(err)
		return
	}
	g.moveHops(next, b.renamed)
	g.base, g.to = next, next
	g.updates += b.updates
}

// moveHops finds the items of the hops in a document of another shape.
func (g *gate) moveHops(next *Document, renamed func(ID) ID) {
	var kept hopList
	for n := range g.hops.n {
		h := g.hops.at(n)
		var ok bool
		id := renamed(g.to.shape.id(h.level, h.i))
		if h.level, h.i, ok = next.shape.find(id); ok {
			kept.add(h)
		}
	}
	g.hops = kept
}

// rebuild makes a document with another structure: it writes the new text, and
// reads it.
type rebuild struct {
	doc     *Document // what is restructured, with edits of its own
	base    *Document
	lay     layout
	removed map[int]bool
	added   map[nest][]*child
	pending map[ID]*child   // those among them that are new
	highest map[nest]uint32 // number given to a child that moves in or is added
	ids     []ID            // of the items added
	renames []rename
	updates int
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
			if first := bytes.TrimSpace(value[1:]); value[0] == '[' && first[0] != ']' {
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

type rename struct{ from, to ID }

func newRebuild(d *Document) *rebuild {
	doc := *d
	return &rebuild{doc: &doc, base: d, lay: d.layout(), removed: map[int]bool{}, added: map[nest][]*child{}, pending: map[ID]*child{}, highest: map[nest]uint32{}}
}

func (b *rebuild) change(c *Change) error {
	var err error
	switch {
	case c.Op == OpRemove:
		err = b.remove(c.ID)
	case c.Edit == nil:
		err = changeError(c.ID, "operation", "an addition or a move without its content")
	case c.Op == OpAdd:
		err = b.add(c)
	default:
		err = b.move(c.ID, c.Edit.Parent)
	}
	if err == nil {
		b.updates++
	}
	return err
}

// find is Document.Find without what was removed.
func (b *rebuild) find(id ID) (Level, uint32, error) {
	l, i, ok := b.doc.shape.find(id)
	for up, at := l, i; ok; up-- {
		if b.removed[b.doc.shape.number(up, at)] {
			ok = false
			break
		}
		at = b.doc.shape.levels[up].nodes[at].parent
		if up == 0 {
			break
		}
	}
	if !ok {
		return 0, 0, &NotFoundError{ID: id}
	}
	return l, i, nil
}

func (b *rebuild) remove(id ID) error {
	l, i, err := b.find(id)
	if err != nil {
		return err
	}
	b.removed[b.doc.shape.number(l, i)] = true
	return nil
}

// nest returns where children of a parent go. A zero parent means the top.
func (b *rebuild) nest(parent ID) (nest, error) {
	s := b.doc.shape
	if parent.text == "" {
		g, ok := s.groupNames[parent.group]
		if !ok {
			return nest{}, changeError(parent, "group", fmt.Sprintf("the document has no groups, so none is called %q", parent.group))
		}
		return nest{0, uint32(g)}, nil
	}
	l, i, err := b.find(parent)
	switch {
	case err != nil:
		return nest{}, err
	case s.typ.leaf(l):
		return nest{}, changeError(parent, "parent", fmt.Sprintf("a %s has no children", s.typ.levels[l].Name))
	}
	return nest{l + 1, i}, nil
}

func (b *rebuild) add(c *Change) error {
	if s := (scanner{src: []byte(c.Edit.Item)}); s.next() != '{' || !s.value(0) || s.next() != 0 {
		return changeError(c.ID, "syntax", "the item to add is not a JSON object")
	}
	fresh := &child{text: c.Edit.Item}
	if above := b.pending[c.Edit.Parent]; above != nil && !b.doc.shape.typ.leaf(above.level) {
		fresh.level = above.level + 1
		above.below = append(above.below, fresh)
		b.pending[c.ID] = fresh
		b.ids = append(b.ids, c.ID)
		return nil
	}
	at, err := b.nest(c.Edit.Parent)
	if err != nil {
		return err
	}
	fresh.level = at.level
	b.pending[c.ID] = fresh
	b.ids = append(b.ids, c.ID)
	b.added[at] = append(b.added[at], fresh)
	b.highest[at] = max(b.highest[at], b.doc.shape.typ.IDNumber(c.ID))
	return nil
}

// renamed returns the id that an item has after the moves.
func (b *rebuild) renamed(id ID) ID {
	for _, r := range b.renames {
		if id == r.from {
			id = r.to
		} else if len(id.text) > len(r.from.text) && id.group == r.from.group && id.text[:len(r.from.text)+1] == r.from.text+"." {
			id = ID{r.to.group, r.to.text + id.text[len(r.from.text):]}
		}
	}
	return id
}

// finish writes the new text and reads it.
func (b *rebuild) finish() (*Document, error) {
	patches := b.doc.patches()
	nests := b.nests()
	for len(nests) > 0 {
		level := nests[0].level
		n := 0
		var rewritten []patch
		for n < len(nests) && nests[n].level == level {
			rewritten = append(rewritten, b.array(nests[n], patches))
			n++
		}
		patches, nests = overlay(patches, rewritten), nests[n:]
	}
	text := appendPieces(make([]byte, 0, b.doc.shape.patchedSize(patches)), b.doc.shape.source, b.doc.shape.whole(), patches)
	p := newParser(b.doc.shape.typ, text)
	p.unseen = true
	s := p.document()
	if p.refusals > 0 {
		refusal := &ChangeError{Problems: p.problems()}
		if len(b.ids) > 0 {
			refusal.ID = b.ids[0]
		}
		return nil, refusal
	}
	next := s.document()
	return next, b.checkNew(next)
}

// checkNew refuses new items that do not start in the initial status: nothing
// gets a status but through the machine.
func (b *rebuild) checkNew(next *Document) error {
	var errs []error
	check := func(it Item) bool {
		m := next.shape.typ.levels[it.level].machine
		if it.Status() != m.Initial() {
			errs = append(errs, changeError(it.ID(), "status", fmt.Sprintf("a new item starts as %s, not as %s",
				next.shape.typ.StatusName(m.Initial()), next.shape.typ.StatusName(it.Status()))))
		}
		return true
	}
	for _, id := range b.ids {
		l, i, ok := next.shape.find(id)
		if !ok {
			errs = append(errs, changeError(id, "id", "the item to add has another id in its text"))
			continue
		}
		next.walk(l, i, i+1, check)
	}
	if len(errs) > 0 {
		return joined(errs)
	}
	return nil
}

// nests returns the arrays to write anew, deepest first, each once.
func (b *rebuild) nests() []nest {
	set := map[nest]bool{}
	for at := range b.added {
		set[at] = true
	}
	for number := range b.removed {
		l, i := b.doc.shape.at(number)
		set[nest{l, b.doc.shape.levels[l].nodes[i].parent}] = true
	}
	out := slices.Collect(maps.Keys(set))
	slices.SortFunc(out, func(a, b nest) int {
		return cmp.Or(cmp.Compare(b.level, a.level), cmp.Compare(a.parent, b.parent))
	})
	return out
}

func (b *rebuild) span(at nest) span {
	if at.level == 0 {
		return b.doc.shape.groups[at.parent].array
	}
	return b.doc.shape.childrenSpan(at.level-1, at.parent)
}

// array writes the array of a nest anew: the children that stay with the space
// that was before them, then the new ones.
func (b *rebuild) array(at nest, patches []patch) patch {
	s := b.doc.shape
	in := b.span(at)
	first, end := s.below(at.level, at.parent)
	nodes := s.levels[at.level].nodes
	lead, between, trail := b.spaces(in, nodes[first:end])
	out := []byte{'['}
	count := 0
	for i := first; i < end; i++ {
		if b.removed[s.number(at.level, i)] {
			continue
		}
		switch {
		case count == 0:
			out = append(out, lead...)
		case i > first:
			out = append(out, s.source[nodes[i-1].end:nodes[i].start]...)
		}
		count++
		out = appendPieces(out, s.source, span{nodes[i].start, nodes[i].end}, patches)
	}
	lay, indent := b.lay, lead[strings.LastIndexByte(lead, '\n')+1:]
	if first < end {
		lay = lay.like(s.source[nodes[first].start:nodes[first].end])
		indent = string(lineIndent(s.source, int(nodes[first].start)))
	}
	for _, item := range b.added[at] {
		if count == 0 {
			out = append(out, lead...)
		} else {
			out = append(out, between...)
		}
		count++
		if item.text != "" {
			out = append(out, lay.format(item.json(s.typ), indent)...)
			continue
		}
		out = appendPieces(out, s.source, item.moved, patches)
	}
	if count > 0 {
		out = append(out, trail...)
	}
	return patch{in, append(out, ']')}
}

// spaces returns what stands before the first child, between children and after
// the last.
func (b *rebuild) spaces(in span, nodes []node) (lead, between, trail string) {
	src := b.doc.shape.source
	if len(nodes) == 0 {
		outer := string(lineIndent(src, int(in.start)))
		if b.lay.newline == "" {
			return "", b.lay.comma, ""
		}
		lead = b.lay.newline + outer + b.lay.unit
		return lead, "," + lead, b.lay.newline + outer
	}
	lead = string(src[in.start+1 : nodes[0].start])
	between = "," + lead
	if lead == "" {
		between = b.lay.comma
	}
	if len(nodes) > 1 {
		between = string(src[nodes[0].end:nodes[1].start])
	}
	return lead, between, string(src[nodes[len(nodes)-1].end : in.end-1])
}

// overlay returns patches in order, with those inside a new one replaced by it.
func overlay(old, fresh []patch) []patch {
	slices.SortFunc(fresh, func(a, b patch) int { return cmp.Compare(a.start, b.start) })
	out := make([]patch, 0, len(old)+len(fresh))
	for _, p := range old {
		for len(fresh) > 0 && fresh[0].start <= p.start {
			out, fresh = append(out, fresh[0]), fresh[1:]
		}
		if n := len(out); n == 0 || p.start >= out[n-1].end {
			out = append(out, p)
		}
	}
	return append(out, fresh...)
}
