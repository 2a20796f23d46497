package infer

import (
	"fmt"
	"slices"

	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

const mostLevels = 16

// unsupported returns what a document has and no schema is written for: each with
// what is there.
func (d *draft) unsupported() []string {
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	switch p := d.choice.place; p.Shape {
	case survey.Columns:
		add("a list for each status: %s under %s", counted(len(p.Table.Rows), "item"), listed(columnNames(p.Table)))
		return all
	case survey.Item:
		add("a document that is itself an item, and holds others like it under %s", quoted(d.levels[0].children.key))
	}
	for _, key := range d.structure() {
		if len(key) > longestName {
			add("a key of %d bytes, and a schema holds %d: %s", len(key), longestName, quoted(key))
		}
	}
	if len(d.levels) > mostLevels {
		add("items in items, deeper than %d levels", mostLevels)
	}
	for _, l := range d.levels {
		s := l.progress.Status
		switch {
		case s == nil:
			if len(l.progress.Flags) > 0 {
				add("several flags of %s that each say a part of how far it is: %s", l.name, listed(keysOf(l.progress.Flags)))
			}
		case s.Form == survey.Mixed:
			add("a status of several kinds: %s of %s (%s)", quoted(s.Key()), l.name, countsOf(s))
		case s.Form == survey.Numbers && s.Column.Kinds[survey.Integer] > 0 && s.OneValue():
			add("a status that is the same number everywhere: %s of %s (%s)", quoted(s.Key()), l.name, countsOf(s))
		}
	}
	return all
}

// structure returns the keys by which items are found, and known.
func (d *draft) structure() []string {
	keys := slices.Clone(d.choice.place.Path)
	for _, l := range d.levels {
		keys = append(keys, l.idKey, l.children.key)
		if s := l.progress.Status; s != nil {
			keys = append(keys, s.Path...)
		}
	}
	return keys
}
