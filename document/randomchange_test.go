package document_test

import (
	"strings"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// changer makes random changes of a document.
type changer struct {
	*dice
	doc   *document.Document
	items []document.Item
	added []document.ID
}

func newChanger(d *dice, doc *document.Document) *changer {
	c := &changer{dice: d, doc: doc}
	for it := range doc.All() {
		c.items = append(c.items, it)
	}
	return c
}

func (c *changer) typ() *document.Type { return c.doc.Type() }

// group returns one to four changes.
func (c *changer) group() []document.Change {
	var group []document.Change
	for range 1 + c.n(4) {
		group = append(group, c.change())
	}
	return group
}

func (c *changer) change() document.Change {
	id := c.id()
	to, event := document.Status(c.n(len(c.typ().Descriptor().Statuses)+2)), document.Event(c.n(len(c.typ().Descriptor().Events)+2))
	it, found := c.doc.Find(id)
	found = found && c.typ().Machine(it.Level()) != nil
	if found && !c.rarely(8) { // something legal
		steps := c.typ().Machine(it.Level()).Legal(it.Status())
		step := steps[c.n(len(steps))]
		to, event = step.To, step.Event
	}
	if fields := c.typ().Descriptor().Fields; len(fields) > 0 && c.rarely(6) {
		f := fields[c.n(len(fields))]
		return document.Change{Op: document.OpEdit, Edit: &document.Edit{Fields: []document.FieldEdit{{Key: f.Key, Value: c.fieldText(f)}}}}
	}
	switch c.n(11) {
	case 0:
		return document.Set(id, to)
	case 1:
		if found && c.yes() {
			states := c.typ().Machine(it.Level()).States()
			to = states[c.n(len(states))]
		}
		return document.Advance(id, to)
	case 2:
		return document.Fire(id, event)
	case 3:
		if c.rarely(20) {
			return document.Force(id, to, "")
		}
		return document.Force(id, to, "because")
	case 4:
		return document.Remove(id)
	case 5, 6:
		parent := c.parentFor(it)
		return document.Move(id, parent, c.places(parent)...)
	case 7, 8:
		return c.addition()
	}
	return c.edit(id)
}

// id returns that of an item, mostly one that is there.
func (c *changer) id() document.ID {
	switch {
	case len(c.added) > 0 && c.rarely(3):
		return c.added[c.n(len(c.added))]
	case len(c.items) == 0 || c.rarely(30):
		return document.NewID(pick(c.dice, "", "g0"), pick(c.dice, "P1", "nothing", ""))
	}
	return c.items[c.n(len(c.items))].ID()
}

// parent returns the id of something that may hold items.
func (c *changer) parent() document.ID {
	if c.rarely(6) {
		return document.NewID(pick(c.dice, append(c.doc.Groups(), "", "new group")...), "")
	}
	for range 5 {
		id := c.id()
		if it, ok := c.doc.Find(id); !ok || int(it.Level())+1 < len(c.typ().Descriptor().Levels) {
			return id
		}
	}
	return c.id()
}

// places returns a place below a parent, mostly beside one of its children, or none.
func (c *changer) places(parent document.ID) []document.Place {
	if c.rarely(3) {
		return nil
	}
	sibling := c.id()
	if p, ok := c.doc.Find(parent); ok && p.ChildCount() > 0 && !c.rarely(10) {
		n := c.n(p.ChildCount())
		for child := range p.Children() {
			if n == 0 {
				sibling = child.ID()
			}
			n--
		}
	}
	place := pick(c.dice, document.First(), document.Last(), document.Before(sibling), document.After(sibling))
	if c.rarely(60) {
		return []document.Place{place, place}
	}
	return []document.Place{place}
}

// parentFor returns the id of a parent that an item may have.
func (c *changer) parentFor(it document.Item) document.ID {
	for range 8 {
		id := c.parent()
		if p, ok := c.doc.Find(id); ok && !it.IsZero() && p.Level()+1 == it.Level() {
			return id
		}
	}
	return c.parent()
}

func (c *changer) edit(id document.ID) document.Change {
	e := &document.Edit{}
	level := document.Level(0)
	if it, ok := c.doc.Find(id); ok {
		level = it.Level()
	}
	fields := c.typ().Descriptor().Levels[level].Fields
	for range 1 + c.n(2) {
		if len(fields) == 0 || c.rarely(25) {
			e.Fields = append(e.Fields, document.FieldEdit{Key: pick(c.dice, "id", "status", "children", "nobody"), Value: c.garbage()})
			continue
		}
		f := fields[c.n(len(fields))]
		e.Fields = append(e.Fields, document.FieldEdit{Key: f.Key, Value: c.fieldText(f)})
	}
	return document.Change{Op: document.OpEdit, ID: id, Edit: e}
}

// fieldText is the JSON text of a value for a field, mostly a right one.
func (c *changer) fieldText(f format.FieldDescriptor) string {
	switch {
	case c.rarely(8) && !f.Required:
		return ""
	case c.rarely(25):
		return c.garbage()
	}
	w := randomWriter{dice: c.dice, of: c.typ().Descriptor()}
	for _, it := range c.items {
		w.ids = append(w.ids, it.ID().Text())
	}
	p := printer{dice: c.dice, style: c.n(4), unit: " ", newline: "\n"}
	p.print(w.value(f), 0)
	return pick(c.dice, "", "", " ", "\n") + p.b.String()
}

func (c *changer) garbage() string {
	return pick(c.dice, `null`, `1`, `"x"`, `{"a":1,"a":2}`, `[`, `]`, `"x","status":"x"`, `{}`, `[[]]`, "\x00", `"\ud800"`, ` `, `1 2`, `}`, `[1,2,3,4,5,6]`, strings.Repeat("[", 600)+strings.Repeat("]", 600))
}

// addition adds a new item, with children or not.
func (c *changer) addition() document.Change {
	parent := c.parent()
	level := document.Level(0)
	if it, ok := c.doc.Find(parent); ok {
		level = it.Level() + 1
	} else if parent.Text() != "" {
		level = document.Level(c.n(len(c.typ().Descriptor().Levels)))
	}
	if int(level) >= len(c.typ().Descriptor().Levels) {
		level--
	}
	id, ok := c.doc.NextID(parent)
	if !ok || c.rarely(12) {
		id = pick(c.dice, document.NewID(parent.Group(), "new"), c.typ().LocalID(parent, "n-1"), c.id())
	}
	it := c.newItem(level, id)
	c.added = append(c.added, id)
	change := it.AddChange(parent, c.places(parent)...)
	if c.rarely(25) {
		change.Edit.Item = pick(c.dice, c.garbage(), change.Edit.Item+c.garbage(), " "+change.Edit.Item+"\n", strings.Replace(change.Edit.Item, "{", `{"more":[1,{}],`, 1))
	}
	if c.rarely(40) {
		change.ID = c.id()
	}
	return change
}

func (c *changer) newItem(level document.Level, id document.ID) document.Item {
	levels := c.typ().Descriptor().Levels
	it := c.typ().NewItem(level, id)
	for f, field := range levels[level].Fields {
		if field.Required || c.yes() {
			it = it.With(f, document.RawValue([]byte(c.fieldText(field))))
		}
	}
	if c.rarely(40) {
		it = it.WithStatus(document.Status(c.n(len(c.typ().Descriptor().Statuses) + 1)))
	}
	if int(level)+1 < len(levels) && c.rarely(3) {
		child := c.typ().LocalID(id, "1")
		if levels[level+1].ID.Kind == format.PathID {
			child = c.typ().PathID(level+1, id, 1)
		}
		c.added = append(c.added, child)
		it = it.WithChildren(c.newItem(level+1, child))
	}
	return it
}
