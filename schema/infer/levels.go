package infer

import (
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

// findLevels follows the lists of items down from the top.
func (d *draft) findLevels() {
	c := d.choice
	top := &level{work: c.work, key: c.place.Key(), keyed: c.place.Shape == survey.Keyed}
	for l := top; l != nil; l = l.child {
		l.index = len(d.levels)
		d.levels = append(d.levels, l)
		if len(l.below) == 0 {
			continue
		}
		b := l.below[0]
		l.children = childrenKey{key: b.column.Key, nullable: b.column.Kinds[survey.Null] > 0}
		l.child = &level{work: b.work, key: b.column.Key, keyed: b.keyed, parent: l}
	}
	d.nameLevels()
	for _, l := range d.levels {
		l.findIDColumn()
		d.leaveBelow(l)
	}
}

// findIDColumn takes the key that is unique. Where one is an id by its name, and
// repeats, it is the id all the same.
func (l *level) findIDColumn() {
	if l.keyed {
		return
	}
	l.ids = l.table.IDs()
	switch {
	case l.ids.Unique != nil:
		l.idColumn = l.ids.Unique
	case len(l.ids.Repeated) > 0:
		l.idColumn = l.ids.Repeated[0]
	default:
		return
	}
	l.idKey = l.idColumn.Key
}

// leaveBelow notes the lists of items that a level holds, and does not take.
func (d *draft) leaveBelow(l *level) {
	if len(l.below) < 2 {
		return
	}
	var names []string
	for _, b := range l.below[1:] {
		names = append(names, fmt.Sprintf("%s (%s)", cut(b.column.Key), counted(len(b.table.Rows), "object")))
	}
	d.leave(func() string {
		return fmt.Sprintf("%s of %s: with a status too; a level takes one list, and %s is the larger or likelier one", listed(names), l.name, quoted(l.children.key))
	})
}

// isTree reports whether a level holds items under the key that it lies under
// itself.
func (l *level) isTree() bool {
	return l.child != nil && (l.parent != nil && l.children.key == l.key || l.parent == nil && l.work.isTree())
}

// nameLevels names each level after its discriminator, where all levels have
// one, else after the key that holds its items.
func (d *draft) nameLevels() {
	taken := make(map[string]bool)
	marks := d.discriminators()
	for i, l := range d.levels {
		l.name = schema.GoName(singular(l.key))
		if marks != nil {
			l.name = schema.GoName(marks[i])
		}
		if l.name == "" || l.name == "Backlog" || len(l.name) > longestName/2 {
			l.name = "Entry"
		}
		for taken[l.name] {
			l.name = "Sub" + strings.ToLower(l.name)
		}
		taken[l.name] = true
	}
}

// leave notes what is left out. What it says is made at the end, when all names are
// those of the schema.
func (d *draft) leave(says func() string) { d.leftOut = append(d.leftOut, says) }
