package document

import (
	"fmt"
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"
)

// additions are new items that are not in the shape of a document yet: adding
// many one by one must not cost a new shape each. They have been judged when they
// were added. The first look at the document puts them all in.
//
// But for the result they are immutable, and versions share what they have in
// common. Once they are in a shape, what is added next begins anew on that: no
// version keeps the result of another one alive.
type additions struct {
	base *Document // what they are added to
	run  *run
	once sync.Once
	// result is the document with all items in its shape, once there is one.
	result atomic.Pointer[Document]

	// What the gate has to know of the new items.
	seed    trieSeed
	levels  trie[ID, Level]
	highest trie[ID, uint32] // the highest number among the new ids below a parent
	bytes   int64            // length of their texts, with what goes between them
	ids     int              // length of their ids
}

// run is the groups of additions up to one of them.
type run struct {
	before  *run
	changes []Change
}

// settled returns the document with all its items in its shape.
func (d *Document) settled() *Document {
	if d.additions != nil {
		return d.additions.settle()
	}
	return d
}

func (a *additions) settle() *Document {
	a.once.Do(func() {
		g := gate{base: a.base, to: a.base}
		g.restructure(a.run.all())
		if len(g.errs) > 0 {
			// A bug here: every addition was judged before.
			panic("document: additions that were accepted do not fit: " + joined(g.errs).Error())
		}
		a.result.Store(g.to)
	})
	return a.result.Load()
}

// known returns the document that has the items in its shape, nil while there is
// none.
func (d *Document) known() *Document {
	if d.additions != nil {
		return d.additions.result.Load()
	}
	return d.settled()
}

// all returns the changes of the run, in order.
func (r *run) all() []Change {
	n := 0
	for at := r; at != nil; at = at.before {
		n += len(at.changes)
	}
	out := make([]Change, n)
	for at := r; at != nil; at = at.before {
		n -= len(at.changes)
		copy(out[n:], at.changes)
	}
	return out
}

// next returns additions to a document, without any new ones yet.
func (d *Document) next() *additions {
	if base := d.known(); base != nil {
		return &additions{base: base, seed: maphash.MakeSeed()}
	}
	a := d.additions
	return &additions{base: a.base, run: a.run, seed: a.seed, levels: a.levels, highest: a.highest, bytes: a.bytes, ids: a.ids}
}

// add accepts or refuses a group of additions. It returns false where they need
// more than additions can do.
func (d *Document) add(changes []Change) (*Document, bool, error) {
	a := d.next()
	a.run = &run{before: a.run, changes: make([]Change, len(changes))}
	var errs []error
	for i := range changes {
		a.run.changes[i] = changes[i].clone()
		known, err := a.take(&a.run.changes[i])
		if !known {
			return nil, false, nil
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) == 0 {
		errs = unwritable(a.base.shape.typ, a.run.changes)
	}
	if len(errs) > 0 {
		return nil, true, joined(errs)
	}
	if !a.fits() {
		return nil, false, nil
	}
	to := *a.base
	to.additions = a
	return &to, true, nil
}

// fits reports whether the document stays within its bounds for sure, however
// the new items are laid out.
func (a *additions) fits() bool {
	s := a.base.shape
	size := int64(len(s.source)) + a.base.edits.grown() + s.statusGrowth() + (maxSpace+1)*a.bytes
	return size <= s.typ.maxSize && (s.names == nil || len(s.names.ids)+a.ids <= maxIDs)
}

// level returns the level of an item of the base or among the additions.
func (a *additions) level(id ID) (Level, bool) {
	if l, _, ok := a.base.shape.find(id); ok {
		return l, true
	}
	return a.levels.get(a.seed, id)
}

// below returns the level of the children of a parent. known is false where the
// group does not exist yet.
func (a *additions) below(parent ID) (l Level, known bool, err error) {
	s := a.base.shape
	if parent.text == "" {
		_, known = s.groupNames[parent.group]
		return 0, known, nil
	}
	above, ok := a.level(parent)
	switch {
	case !ok:
		return 0, true, &NotFoundError{ID: parent}
	case s.typ.leaf(above):
		return 0, true, changeError(parent, "parent", s.typ.childless(above))
	}
	return above + 1, true, nil
}

// take judges one addition as a rebuild would, and enters its items. known is
// false where the group does not exist yet.
func (a *additions) take(c *Change) (known bool, err error) {
	if c.Edit == nil {
		return false, nil
	}
	t := a.base.shape.typ
	level, known, err := a.below(c.Edit.Parent)
	if !known || err != nil {
		return known, err
	}
	items, problems := t.judgeAddition(level, c)
	for _, it := range items {
		if _, taken := a.level(it.id); taken {
			problems = append(problems, Problem{Severity: Refusal, Item: it.id.String(), Rule: "duplicate-id", Message: fmt.Sprintf("the id %q is taken", it.id)})
		}
		a.levels = a.levels.with(a.seed, it.id, it.level)
		a.ids += len(it.id.text)
		if n, ok := t.numberOf(it.level, it.id); ok {
			before, _ := a.highest.get(a.seed, it.parent)
			a.highest = a.highest.with(a.seed, it.parent, max(before, n))
		}
	}
	const punctuation = len(`,"":[],`)
	a.bytes += int64(len(c.Edit.Item) + t.longestKey + punctuation)
	if len(problems) > 0 {
		return true, &ChangeError{ID: c.ID, Problems: problems}
	}
	return true, nil
}

// judgeAddition reads the item of an addition, and returns it and those below
// it, or what is wrong with it.
func (t *Type) judgeAddition(level Level, c *Change) ([]judgedItem, []Problem) {
	if message, refused := strings.CutPrefix(c.Edit.Item, refusalMark); refused {
		return nil, []Problem{{Severity: Refusal, Item: c.ID.String(), Rule: "value", Message: message}}
	}
	if message := t.longText(c.Edit.Item); message != "" {
		return nil, []Problem{{Severity: Refusal, Item: c.ID.String(), Rule: "size", Message: message}}
	}
	items, problems := t.judgeItem(level, c.Edit.Parent, c.Edit.Item)
	if len(items) > 0 && items[0].id != c.ID {
		problems = append(problems, Problem{Severity: Refusal, Item: c.ID.String(), Rule: "id", Message: "the item to add has another id in its text"})
	}
	return items, problems
}

// judgedItem is an item found in the text of a new one.
type judgedItem struct {
	id, parent ID
	level      Level
}

// judgeItem reads the text of a new item below a parent, and returns it and
// those below it, or what is wrong with it.
func (t *Type) judgeItem(level Level, parent ID, text string) ([]judgedItem, []Problem) {
	source := append(appendQuoted([]byte{' '}, parent.text), text...)
	p := newParser(t, source)
	p.unseen = true
	p.pos = len(source) - len(text)
	p.shape.groups = []group{{name: parent.group}}
	if level > 0 { // the parent is all that its children's ids need
		above := &p.shape.levels[level-1]
		above.nodes, above.kids = []node{{}}, []uint32{0}
		above.slots = make([]uint32, above.stride)
		above.slots[idSlot] = 1
	}
	if p.next() != '{' {
		return nil, []Problem{{Severity: Refusal, Rule: "syntax", Message: "the item to add is not a JSON object"}}
	}
	if p.item(level, 0, 0) {
		if p.next(); p.pos < len(p.src) {
			p.fail(p.pos, "syntax", "unexpected text after the item")
		}
	}
	if problems := p.problems(); len(problems) > 0 {
		return nil, problems
	}
	var out []judgedItem
	problems := p.judged(level, 0, 1, parent, &out)
	return out, problems
}

// judged lists the items of a range and those below them, and reports those
// that do not start in the initial status.
func (p *parser) judged(l Level, first, end uint32, parent ID, out *[]judgedItem) []Problem {
	var problems []Problem
	for i := first; i < end; i++ {
		id := ID{parent.group, p.shape.ownID(l, i)}
		if p.levels[l].ID.Kind == LocalID {
			id = p.typ.LocalID(parent, id.text)
		}
		if len(id.text) > MaxIDLength {
			problems = append(problems, Problem{Severity: Refusal, Item: clipped(id.String(), maxNamed), Rule: "id",
				Message: fmt.Sprintf("the id has %d bytes with those above it: want at most %d", len(id.text), MaxIDLength)})
		}
		*out = append(*out, judgedItem{id, parent, l})
		if m := p.levels[l].machine; p.levels[l].statuses[i] != m.Initial() {
			problems = append(problems, Problem{Severity: Refusal, Item: id.String(), Rule: "status", Message: p.typ.mustStart(l, p.levels[l].statuses[i])})
		}
		from, to := p.shape.children(l, i)
		problems = append(problems, p.judged(l+1, from, to, id, out)...)
	}
	return problems
}

func (t *Type) mustStart(l Level, s Status) string {
	return fmt.Sprintf("a new item starts as %s, not as %s", t.StatusName(t.levels[l].machine.Initial()), t.StatusName(s))
}

// levelOf returns the level of an item, without putting additions into the
// shape.
func (d *Document) levelOf(id ID) (Level, bool) {
	if base := d.known(); base != nil {
		l, _, ok := base.shape.find(id)
		return l, ok
	}
	return d.additions.level(id)
}

// strangers refuses a group in which no id names an item, while additions are
// not in the shape: that should not be what puts them there.
func (d *Document) strangers(changes []Change) []error {
	if d.additions == nil || d.known() != nil {
		return nil
	}
	var errs []error
	for i := range changes {
		c := &changes[i]
		if _, ok := d.levelOf(c.ID); ok || c.Op == 0 || c.Op == OpAdd || c.Op > OpRemove {
			return nil
		}
		errs = append(errs, &NotFoundError{ID: c.ID})
	}
	return errs
}
