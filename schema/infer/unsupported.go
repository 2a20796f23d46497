package infer

import (
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

const mostLevels = 16

// unsupported lists what files have and schemas have no words for: each says what
// of it is in a document, "" for nothing.
var unsupported = []func(*draft) string{
	// Where the items are.
	func(d *draft) string {
		switch p := d.choice.place; p.Shape {
		case survey.Lines:
			return "JSON Lines: " + counted(len(d.choice.table.Rows), "item") + ", one a line"
		case survey.Keyed:
			return fmt.Sprintf("an object that holds each item under a key of its own: %s under %s",
				counted(len(p.Table.Rows), "item"), p.Name())
		case survey.Columns:
			return fmt.Sprintf("a list for each status: %s under %s", counted(len(p.Table.Rows), "item"), listed(columnNames(p.Table)))
		case survey.Item:
			return "a document that is itself an item, and holds others like it under " + quoted(d.levels[0].children.key)
		case survey.Under:
			if len(p.Path) > 1 {
				return "a list that lies deeper than one key: " + counted(len(p.Table.Rows), "item") + " under " + quoted(p.Name())
			}
		}
		return ""
	},
	// How they hold each other.
	func(d *draft) string {
		if len(d.levels) > mostLevels {
			return fmt.Sprintf("items in items, deeper than %d levels", mostLevels)
		}
		for _, l := range d.levels {
			if l.parent != nil && l.keyed {
				return fmt.Sprintf("an object that holds each item under a key of its own: %s of %s", quoted(l.key), l.parent.name)
			}
		}
		return ""
	},
	// What tells them apart.
	func(d *draft) string {
		var all []string
		for _, l := range d.levels {
			switch {
			case l.ids.Unique != nil || l.keyed:
			case len(l.ids.Repeated) > 0:
				c := l.ids.Repeated[0]
				first, _ := c.Repetition(func(r *survey.Row) any { return r.Group })
				all = append(all, fmt.Sprintf("ids that repeat: %s of several %s is %s, and no other key tells them apart",
					quoted(c.Key), plural(l.name), quoted(first.Value.Get(c.Key).Text)))
			default:
				all = append(all, fmt.Sprintf("items without an id: no key of %s is there in each and unique", l.name))
			}
		}
		return strings.Join(all, "\n")
	},
	// How far they are.
	func(d *draft) string {
		var all []string
		for _, l := range d.levels {
			if d.choice.place.Shape == survey.Columns {
				break
			}
			s := l.progress.Status
			if s == nil {
				all = append(all, fmt.Sprintf("a level without a status: %s of %s only group others%s", counted(len(l.table.Rows), "object"),
					l.name, flagsNote(l.progress)))
				continue
			}
			where := fmt.Sprintf("%s of %s (%s)", quoted(s.Key()), l.name, countsOf(s))
			switch {
			case s.Form == survey.Flag:
				all = append(all, "a status that is a flag: "+where)
			case s.Form == survey.Numbers:
				all = append(all, "a status that is a number: "+where)
			case s.Form == survey.Mixed:
				all = append(all, "a status of several kinds: "+where)
			case s.Nulls > 0:
				all = append(all, "a status that is null: "+where)
			}
			if len(s.Path) > 1 {
				all = append(all, "a status that lies deeper than one key: "+where)
			}
		}
		return strings.Join(all, "\n")
	},
}

// beyond returns everything of a document that schemas have no words for.
func (d *draft) beyond() []string {
	var all []string
	for _, find := range unsupported {
		if found := find(d); found != "" {
			all = append(all, strings.Split(found, "\n")...)
		}
	}
	return all
}

func flagsNote(f *survey.Finding) string {
	if len(f.Flags) == 0 {
		return ""
	}
	return ", with the flags " + listed(keysOf(f.Flags))
}
