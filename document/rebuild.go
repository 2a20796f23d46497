package document

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// rebuild makes a document with another structure: it writes the new text, and
// reads it.
type rebuild struct {
	doc     *Document // what is restructured, with edits of its own
	base    *Document
	lay     jsontext.Layout
	lines   jsontext.LineCursor
	removed map[int]bool              // by number; those that moved away too
	lists   map[tree.ListID]*sequence // the lists that change
	entered map[ID]*child             // what comes into them
	pending map[ID]*child             // what is new, also below what is new itself
	highest map[tree.ListID]uint32    // number given to a child that moves in or is added
	moved   map[int]ID                // the new ids of items that moved, and of those below
	away    map[int]bool              // those of removed that moved
	stayed  map[int]bool              // those of away that stay below their parent
	newIDs  map[ID]bool               // ids that items have once this is finished, and did not have before
	ranks   map[tree.ListID][]rank    // children by number, highest first
	busy    map[int]bool              // items below which something was added or moved
	joined  []tree.ListID             // where items moved to
	touched bool                      // something was added or removed, which a move has to see
	first   ID                        // of the first item added
	updates int
	length  int64 // of the new texts
	cut     int64 // of those among them that are too much for any document
}

// child is a new item of a list: JSON text, with more items below it, or an
// item that moves there.
type child struct {
	level Level
	text  string
	laid  bool // text is laid out for its place
	below []*child
	moved jsontext.Span
	node  *tree.Node // that moves
	in    tree.ListID
	link  uint32 // in the order of the list
}

// json returns the text of a new child with all that was added below it.
func (c *child) json(t *Type) string {
	if len(c.below) == 0 {
		return c.text
	}
	list := []byte{'['}
	for i, b := range c.below {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, b.json(t)...)
	}
	return string(jsontext.WithValue([]byte(c.text), t.format.Levels[c.level].Record.ChildrenField().Way, func(value []byte) []byte {
		if len(value) > 0 && value[0] == '[' && bytes.TrimLeft(value[1:], jsontext.Space)[0] != ']' {
			list = append(append(slices.Clone(value[:len(value)-1]), ','), list[1:]...)
		}
		return append(list, ']')
	}))
}

func newRebuild(d *Document) *rebuild {
	doc := *d
	doc.additions = nil
	return &rebuild{
		doc: &doc, base: d, lay: d.layout(), lines: jsontext.LineCursor{Src: d.shape.Source}, removed: map[int]bool{}, lists: map[tree.ListID]*sequence{}, entered: map[ID]*child{}, pending: map[ID]*child{},
		highest: map[tree.ListID]uint32{}, moved: map[int]ID{}, away: map[int]bool{}, stayed: map[int]bool{}, newIDs: map[ID]bool{}, ranks: map[tree.ListID][]rank{}, busy: map[int]bool{},
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
	return b.move(c.ID, c.Edit.Parent, c.Edit.Place)
}

// find is Document.Find without what was removed. The error is errEntangled for
// an item that can be found once the rebuild is finished.
func (b *rebuild) find(id ID) (tree.Node, error) {
	s := b.doc.shape
	n, ok := s.find(id)
	if ok {
		number, removed := s.FirstInSet(b.removed, n)
		if !removed {
			return n, nil
		}
		_, renamed := b.moved[s.Number(n)]
		ok = b.away[number] && !renamed
	}
	if ok || b.newIDs[id] {
		return tree.Node{}, errEntangled
	}
	return tree.Node{}, s.notFound(id)
}

func (b *rebuild) remove(id ID) error {
	n, err := b.find(id)
	if err != nil {
		return err
	}
	b.takeOut(n)
	b.touched = true
	b.updates++
	return nil
}

// now returns the id that an item has after the moves, the zero ID for one that is
// gone and whose place another item may have.
func (b *rebuild) now(n tree.Node) ID {
	if id, ok := b.moved[b.doc.shape.Number(n)]; ok {
		return id
	}
	if b.doc.typ.format.Positions {
		if number, removed := b.doc.shape.FirstInSet(b.removed, n); removed && !b.away[number] {
			return ID{} // another item may have its place
		}
	}
	return b.doc.shape.id(n)
}

// listOf returns where children of a parent go. A zero parent means the top.
func (b *rebuild) listOf(parent ID) (tree.ListID, error) {
	s := b.doc.shape
	if parent.text == "" {
		g, ok := s.FindGroup(parent.group)
		if !ok {
			return tree.ListID{}, changeError(parent, "group", s.noGroup(parent.group))
		}
		return tree.Top(uint32(g)), nil
	}
	n, err := b.find(parent)
	switch {
	case err != nil:
		return tree.ListID{}, err
	case s.typ.format.Leaf(n.Kind):
		return tree.ListID{}, changeError(parent, "parent", s.typ.childless(n.Kind))
	}
	return n.Below(), nil
}

func (t *Type) childless(l Level) string {
	return compiled.WithArticle(t.format.Levels[l].Name) + " has no children"
}

func (s *shape) noGroup(name string) string {
	switch {
	case s.Root.Kind != format.RootGroups:
		return fmt.Sprintf("the document has no groups, so none is called %s", jsontext.Shown(name))
	case name == "":
		return "the document has groups: say which one"
	}
	return fmt.Sprintf("%s is no group of the document", jsontext.Shown(name))
}

// add judges a new item and puts it where it goes.
func (b *rebuild) add(c *Change) error {
	level, at, err := b.childrenOf(c.Edit.Parent)
	if err != nil {
		return err
	}
	judged := *c
	if b.doc.typ.format.Levels[level].ID.Kind == format.PositionID {
		if c.ID.text != "" {
			return changeError(c.ID, "id", "the item to add has no id: it is known by its place")
		}
		judged.ID = b.doc.typ.PositionID(c.Edit.Parent, uint32(b.doc.shape.List(at).Len())+1)
	}
	a, err := b.doc.typ.judge(level, judged, b.taken)
	if err != nil {
		return err
	}
	return b.place(a, at)
}

// childrenOf returns the level of the children of a parent and, if that is not
// new itself, where they are.
func (b *rebuild) childrenOf(parent ID) (Level, tree.ListID, error) {
	above := b.pending[parent]
	if above == nil {
		at, err := b.listOf(parent)
		return at.Kind, at, err
	}
	level, ok := b.doc.typ.format.ChildLevel(above.level)
	if !ok {
		return 0, tree.ListID{}, changeError(parent, "parent", b.doc.typ.childless(above.level))
	}
	return level, tree.ListID{}, nil
}

// taken reports whether an item has the id, or will have it.
func (b *rebuild) taken(id ID) bool {
	_, err := b.find(id)
	return err == nil || errors.Is(err, errEntangled) || b.shared(id)
}

// shared reports whether several items have the id, and one of them stays.
func (b *rebuild) shared(id ID) bool {
	s := b.doc.shape
	if _, items := s.Shared(id.group, id.text); items == 0 {
		return false
	}
	for before := 0; ; before++ {
		n, ok := s.FindNamesake(id.group, id.text, before)
		if !ok {
			return false
		}
		if number, removed := s.FirstInSet(b.removed, n); !removed || b.away[number] {
			return true
		}
	}
}

// addJudged puts an addition that was judged before where it goes.
func (b *rebuild) addJudged(a addition) error {
	_, at, err := b.childrenOf(a.Edit.Parent)
	if err != nil {
		return err
	}
	return b.place(a, at)
}

// place puts an addition that was judged where it goes: below a new item, or into
// a list. Below a new item it is the last, any other place has to wait until that
// is there.
func (b *rebuild) place(a addition, at tree.ListID) error {
	above, place := b.pending[a.Edit.Parent], a.Edit.Place
	if above != nil && !place.IsZero() && place != Last() {
		return errEntangled
	}
	var before uint32
	if above == nil {
		var err error
		if before, err = b.behind(a.ID, a.Edit.Parent, at, place); err != nil {
			return err
		}
	}
	fresh := &child{level: a.level, text: a.text, laid: a.text != ""}
	if !fresh.laid {
		fresh.text = strings.Trim(a.Edit.Item, jsontext.Space)
	}
	b.note(a)
	if above != nil {
		above.below = append(above.below, fresh)
	} else {
		b.enter(at, fresh, a.ID, before)
	}
	b.pending[a.ID] = fresh
	b.touched = true
	if b.first.IsZero() {
		b.first = a.ID
	}
	b.updates++
	return nil
}

// note notes the ids of an addition, and of what is below it.
func (b *rebuild) note(a addition) {
	for _, it := range a.items {
		b.newIDs[it.id] = true
	}
}

// enter puts a child into a list, before a link of its order.
func (b *rebuild) enter(at tree.ListID, c *child, id ID, before uint32) {
	c.in, c.link = at, b.sequence(at).insert(c, before)
	b.entered[id] = c
	b.newIDs[id] = true
	if n, ok := b.doc.typ.format.NumberOf(at.Kind, id.text); ok {
		b.highest[at] = max(b.highest[at], n)
	}
	if above, ok := at.Holder(); ok {
		b.disturb(above)
	}
}

// disturb notes that something changes below an item.
func (b *rebuild) disturb(n tree.Node) {
	for {
		b.busy[b.doc.shape.Number(n)] = true
		above, ok := b.doc.shape.Parent(n)
		if !ok {
			return
		}
		n = above
	}
}

// thinned returns the lists that items have left.
func (b *rebuild) thinned() []tree.ListID {
	seen := map[tree.ListID]bool{}
	for number := range b.removed {
		if b.stayed[number] {
			continue
		}
		seen[b.doc.shape.Within(b.doc.shape.At(number))] = true
	}
	return slices.SortedFunc(maps.Keys(seen), compareLists)
}
