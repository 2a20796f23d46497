package document

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/persistent"
)

// additions says that the items of a document are not all in its shape: adding
// many one by one must not cost a new shape each. They have been judged, and the
// first look at the document puts them all in. Once they are there, what is added
// next begins anew on that: no version keeps another one alive.
type additions struct {
	once sync.Once
	// overlay is what has been added, nil once it is in the shape.
	overlay atomic.Pointer[overlay]
}

// overlay is new items on top of a document, with what has to be known of them to
// judge others. It never changes, and versions share what they have in common.
type overlay struct {
	base    *Document // has all its items in its shape
	last    *addedGroup
	items   persistent.Map[ID, newPlace]
	highest persistent.Map[counter, uint32] // the highest number among the new ids
	bytes   int64                           // at most what they make the text longer by
	ids     int                             // length of their ids
}

// addedGroup is a group of additions that was accepted, after others.
type addedGroup struct {
	before    *addedGroup
	additions []addition
}

// addition is a new item that was judged, with those below it.
type addition struct {
	Change
	level Level
	items []newItem
	text  string // of the item as it will be in the document
}

// newItem is an item found in the text of an addition.
type newItem struct {
	id, parent ID
	level      Level
}

// newPlace is where a new item is.
type newPlace struct {
	level  Level
	parent ID
	layout *itemLayout
}

// build puts additions into the shape of the document. Whoever reads more of a
// document than its type calls it first.
func (d *Document) build() {
	if d.additions != nil {
		d.additions.once.Do(d.buildAdditions)
	}
}

func (d *Document) buildAdditions() {
	o := d.additions.overlay.Load()
	g := gate{base: o.base, to: o.base}
	g.enterAll(o.last.all())
	if len(g.errs) > 0 {
		// A bug here: every addition was judged before.
		panic("document: additions that were accepted do not fit: " + joined(g.errs).Error())
	}
	d.shape, d.statuses, d.counts, d.edits = g.to.shape, g.to.statuses, g.to.counts, g.to.edits
	d.additions.overlay.Store(nil)
}

// unbuilt returns what is not in the shape of the document yet, nil for nothing.
func (d *Document) unbuilt() *overlay {
	if d.additions == nil {
		return nil
	}
	return d.additions.overlay.Load()
}

// document returns a document with the overlay's items, which are not built yet.
func (o *overlay) document() *Document {
	d := &Document{typ: o.base.typ, additions: new(additions)}
	d.additions.overlay.Store(o)
	return d
}

// all returns the additions in order, those of the groups before first.
func (g *addedGroup) all() []addition {
	n := 0
	for at := g; at != nil; at = at.before {
		n += len(at.additions)
	}
	out := make([]addition, n)
	for at := g; at != nil; at = at.before {
		n -= len(at.additions)
		copy(out[n:], at.additions)
	}
	return out
}

// overlaid returns an overlay that may be added to.
func (d *Document) overlaid() *overlay {
	if o := d.unbuilt(); o != nil {
		more := *o
		return &more
	}
	return &overlay{base: d, items: persistent.NewMap[ID, newPlace](), highest: persistent.NewMap[counter, uint32]()}
}

// add accepts or refuses a group of additions. It returns false where they need
// more than an overlay: a new group of top items, or a look at how long the
// document becomes.
func (d *Document) add(changes []Change) (*Document, bool, error) {
	if d.typ.format.Positions {
		return nil, false, nil // where an item stands, the shape says
	}
	o := d.overlaid()
	group := &addedGroup{before: o.last, additions: make([]addition, 0, len(changes))}
	lines := jsontext.LineCursor{Src: o.base.shape.Source}
	var errs []error
	for i := range changes {
		if changes[i].Edit == nil {
			return nil, false, nil
		}
		level, known, err := o.childLevel(changes[i].Edit.Parent)
		if !known {
			return nil, false, nil
		}
		if err == nil {
			err = o.checkPlace(changes[i].ID, changes[i].Edit)
		}
		if err == nil {
			var a addition
			a, err = d.typ.judge(level, changes[i].clone(), o.taken)
			o.enter(&a, &lines)
			group.additions = append(group.additions, a)
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) == 0 {
		errs = unwritable(d.typ, changes)
	}
	if len(errs) > 0 {
		return nil, true, joined(errs)
	}
	if !o.fits() {
		return nil, false, nil
	}
	o.last = group
	return o.document(), true, nil
}

// fits reports whether the document stays within its bounds for sure.
func (o *overlay) fits() bool {
	s := o.base.shape
	size := int64(len(s.Source)) + o.base.edits.grown() + s.statusGrowth() + o.bytes
	return size <= s.typ.maxSize && s.RoomForIDs(o.ids)
}

// level returns the level of an item of the base or on top of it.
func (o *overlay) level(id ID) (Level, bool) {
	if n, ok := o.base.shape.find(id); ok {
		return n.Kind, true
	}
	place, ok := o.items.Get(id)
	return place.level, ok
}

// taken reports whether an item of the base or on top of it has an id.
func (o *overlay) taken(id ID) bool {
	_, ok := o.items.Get(id)
	return ok || o.base.shape.taken(id)
}

// checkPlace refuses a place beside something that is no child of the parent.
func (o *overlay) checkPlace(id ID, e *Edit) error {
	sibling, beside := e.Place.beside()
	if !beside {
		return nil
	}
	parent, exists := ID{}, false
	if n, ok := o.base.shape.find(sibling); ok {
		parent, exists = o.base.item(n).parentID(), true
	} else {
		place, ok := o.items.Get(sibling)
		parent, exists = place.parent, ok
	}
	if !exists || parent != e.Parent {
		return o.base.shape.placeError(id, e.Parent, e.Place, exists)
	}
	return nil
}

// childLevel returns the level of the children of a parent. known is false where
// the group does not exist yet.
func (o *overlay) childLevel(parent ID) (l Level, known bool, err error) {
	s := o.base.shape
	if parent.text == "" {
		_, known = s.FindGroup(parent.group)
		return 0, known, nil
	}
	above, ok := o.level(parent)
	if !ok {
		return 0, true, s.notFound(parent)
	}
	l, ok = s.typ.format.ChildLevel(above)
	if !ok {
		return 0, true, changeError(parent, "parent", s.typ.childless(above))
	}
	return l, true, nil
}

// layoutBelow is how a new child of a parent is laid out: like those that are
// there, below a new item as a part of that.
func (o *overlay) layoutBelow(parent ID, lines *jsontext.LineCursor) itemLayout {
	if place, ok := o.items.Get(parent); ok {
		return place.layout.below()
	}
	in, _ := o.base.shape.childrenOf(parent)
	return o.base.layoutIn(in, lines)
}

// maxAround is the most that goes around a new item: what is between items, and
// an array that is opened for it. Its pieces of white space are bound.
const maxAround = 6 * jsontext.MaxSpace

// enter lays an addition out, and notes its items. There are none where the text
// could not be read.
func (o *overlay) enter(a *addition, lines *jsontext.LineCursor) {
	if len(a.items) == 0 {
		return
	}
	t := o.base.typ
	l := o.layoutBelow(a.Edit.Parent, lines)
	a.text = l.Format(strings.Trim(a.Edit.Item, jsontext.Space), l.indent)
	layouts := []*itemLayout{&l}
	for _, it := range a.items {
		for len(layouts) <= int(it.level-a.level) {
			deeper := layouts[len(layouts)-1].below()
			layouts = append(layouts, &deeper)
		}
		o.items = o.items.With(it.id, newPlace{it.level, it.parent, layouts[it.level-a.level]})
		o.ids += len(it.id.text)
		t.counted(it, func(c counter, n uint32) {
			before, _ := o.highest.Get(c)
			o.highest = o.highest.With(c, max(before, n))
		})
	}
	o.bytes += int64(len(a.text) + t.format.LongestWay + maxAround)
}

// judge reads the item of an addition to a level, and returns it with those below
// it. The error lists what is wrong with them; taken says which ids others have.
func (t *Type) judge(level Level, c Change, taken func(ID) bool) (addition, error) {
	a := addition{Change: c, level: level}
	problem := func(item, rule, message string) *ChangeError {
		return &ChangeError{ID: c.ID, Problems: []Problem{{Severity: Refusal, Item: item, Rule: rule, Message: message}}}
	}
	if message, refused := strings.CutPrefix(c.Edit.Item, refusalMark); refused {
		return a, problem(c.ID.String(), "value", message)
	}
	if message := t.longText(c.Edit.Item); message != "" {
		return a, problem(c.ID.String(), "size", message)
	}
	items, problems := t.judgeItem(level, c.Edit.Parent, c.Edit.Item, c.ID)
	a.items = items
	if len(items) > 0 && items[0].id != c.ID {
		problems = append(problems, Problem{Severity: Refusal, Item: c.ID.String(), Rule: "id", Message: "the item to add has another id in its text"})
	}
	seen := map[ID]bool{}
	for _, it := range items {
		if seen[it.id] || taken(it.id) {
			problems = append(problems, Problem{Severity: Refusal, Item: it.id.String(), Rule: "duplicate-id", Message: fmt.Sprintf("the id %q is taken", it.id)})
		}
		seen[it.id] = true
	}
	if len(problems) > 0 {
		return a, &ChangeError{ID: c.ID, Problems: problems}
	}
	return a, nil
}

func (t *Type) mustStart(l Level, s Status) string {
	return fmt.Sprintf("a new item starts as %s, not as %s", t.StatusName(t.format.Levels[l].Initial()), t.StatusName(s))
}

// notFound is the error for an id that names no item, without building the
// document.
func (d *Document) notFound(id ID) *NotFoundError {
	if o := d.unbuilt(); o != nil {
		return o.base.shape.notFound(id)
	}
	return d.shape.notFound(id)
}

// levelOf returns the level of an item, without building the document.
func (d *Document) levelOf(id ID) (Level, bool) {
	if o := d.unbuilt(); o != nil {
		return o.level(id)
	}
	n, ok := d.shape.find(id)
	return n.Kind, ok
}
