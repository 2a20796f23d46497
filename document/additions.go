package document

import (
	"fmt"
	"strings"
	"sync"
)

// additions are new items that are not in the shape of a document yet: adding
// many one by one must not cost a new shape each. They have been judged when they
// were added. The first look at the document puts them all in.
type additions struct {
	base    *Document // what they are added to
	before  *additions
	changes []Change
	ledger  *ledger
	once    sync.Once
	result  *Document
}

// ledger knows what a chain of additions has added so far. Only the newest
// version of the chain may look at it or add to it.
type ledger struct {
	mu      sync.Mutex
	newest  *additions
	levels  map[ID]Level
	highest map[ID]uint32 // number among the new path ids below a parent
	bytes   int           // length of the new items
}

// settled returns the document with all its items in its shape.
func (d *Document) settled() *Document {
	if d.additions == nil {
		return d
	}
	return d.additions.settle()
}

func (a *additions) settle() *Document {
	a.once.Do(func() {
		g := gate{base: a.base, to: a.base}
		g.restructure(a.all())
		if len(g.errs) > 0 {
			// A bug here: every addition was judged before.
			panic("document: additions that were accepted do not fit: " + joined(g.errs).Error())
		}
		a.result = g.to
	})
	return a.result
}

// clone returns a copy of an addition that shares nothing that may change.
func (c Change) clone() Change {
	if c.Edit != nil {
		edit := *c.Edit
		c.Edit = &edit
	}
	return c
}

// all returns the changes of the whole chain, in order.
func (a *additions) all() []Change {
	n := 0
	for at := a; at != nil; at = at.before {
		n += len(at.changes)
	}
	out := make([]Change, n)
	for at := a; at != nil; at = at.before {
		n -= len(at.changes)
		copy(out[n:], at.changes)
	}
	return out
}

// add accepts or refuses a group of additions. It returns false where they need
// more than additions can do.
func (d *Document) add(changes []Change) (*Document, bool, error) {
	a := &additions{base: d, changes: make([]Change, len(changes))}
	for i := range changes {
		a.changes[i] = changes[i].clone()
	}
	if d.additions == nil {
		a.ledger = &ledger{levels: map[ID]Level{}, highest: map[ID]uint32{}}
	} else {
		a.base, a.before, a.ledger = d.additions.base, d.additions, d.additions.ledger
	}
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	if a.ledger.newest != d.additions {
		return nil, false, nil // somebody has added to another version
	}
	if !a.fits() {
		return nil, false, nil
	}
	fresh := map[ID]Level{}
	var errs []error
	for i := range a.changes {
		known, err := a.judge(&a.changes[i], fresh)
		if !known {
			return nil, false, nil
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return nil, true, joined(errs)
	}
	a.enter(fresh)
	to := *a.base
	to.additions = a
	return &to, true, nil
}

// fits reports whether the document stays below MaxSize for sure, with ample
// space for the layout of the new items.
func (a *additions) fits() bool {
	const layout = 16
	return len(a.base.shape.source)+layout*(a.ledger.bytes+a.bytes()) < MaxSize
}

// bytes is the length of the new items, without those of the chain before.
func (a *additions) bytes() int {
	n := 0
	for i := range a.changes {
		if e := a.changes[i].Edit; e != nil {
			n += len(e.Item)
		}
	}
	return n
}

// enter writes the new items into the ledger.
func (a *additions) enter(fresh map[ID]Level) {
	t := a.base.shape.typ
	a.ledger.bytes += a.bytes()
	for id, l := range fresh {
		a.ledger.levels[id] = l
		parent := t.ParentID(id)
		if l == 0 {
			parent = ID{group: id.group}
		}
		a.ledger.highest[parent] = max(a.ledger.highest[parent], t.IDNumber(id))
	}
	a.ledger.newest = a
}

// level returns the level of an item of the base or among the additions.
func (a *additions) level(id ID, fresh map[ID]Level) (Level, bool) {
	if l, _, ok := a.base.shape.find(id); ok {
		return l, true
	}
	if l, ok := fresh[id]; ok {
		return l, true
	}
	l, ok := a.ledger.levels[id]
	return l, ok
}

// judge checks one addition as a rebuild would. known is false where the group
// does not exist yet.
func (a *additions) judge(c *Change, fresh map[ID]Level) (known bool, err error) {
	if c.Edit == nil {
		return false, nil
	}
	s, parent, level := a.base.shape, c.Edit.Parent, Level(0)
	if parent.text == "" {
		if _, ok := s.groupNames[parent.group]; !ok {
			return false, nil
		}
	} else {
		above, ok := a.level(parent, fresh)
		if !ok {
			return true, &NotFoundError{ID: parent}
		}
		if s.typ.leaf(above) {
			return true, changeError(parent, "parent", s.typ.childless(above))
		}
		level = above + 1
	}
	items, problems := s.typ.judgeAddition(level, c)
	for _, it := range items {
		if _, taken := a.level(it.id, fresh); taken {
			problems = append(problems, Problem{Severity: Refusal, Item: it.id.String(), Rule: "duplicate-id", Message: fmt.Sprintf("the id %q is taken", it.id)})
		}
		fresh[it.id] = it.level
	}
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
	items, problems := t.judgeItem(level, c.Edit.Parent, c.Edit.Item)
	if len(items) > 0 && items[0].id != c.ID {
		problems = append(problems, Problem{Severity: Refusal, Item: c.ID.String(), Rule: "id", Message: "the item to add has another id in its text"})
	}
	return items, problems
}

// judgedItem is an item found in the text of a new one.
type judgedItem struct {
	id    ID
	level Level
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
		above.nodes = []node{{}}
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
		*out = append(*out, judgedItem{id, l})
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
	if a := d.additions; a != nil {
		a.ledger.mu.Lock()
		defer a.ledger.mu.Unlock()
		if a.ledger.newest == a {
			return a.level(id, nil)
		}
	}
	l, _, ok := d.settled().shape.find(id)
	return l, ok
}

// nextID returns the next path id below a parent, if that can be told without
// putting the additions into the shape.
func (a *additions) nextID(parent ID) (ID, bool) {
	if a == nil || a.base.shape.names != nil {
		return ID{}, false
	}
	a.ledger.mu.Lock()
	defer a.ledger.mu.Unlock()
	if a.ledger.newest != a {
		return ID{}, false
	}
	highest := a.ledger.highest[parent]
	level := Level(0)
	if parent.text != "" {
		above, ok := a.level(parent, nil)
		if !ok || a.base.shape.typ.leaf(above) {
			return ID{}, false
		}
		level = above + 1
	}
	if there, ok := a.base.NextID(parent); ok {
		highest = max(highest, a.base.shape.typ.IDNumber(there)-1)
	}
	return a.base.shape.typ.PathID(level, parent, highest+1), true
}
