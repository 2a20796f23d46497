package infer

import (
	"fmt"
	"strings"
)

// remarks says what was guessed.
func (d *draft) remarks() []string {
	r := []string{d.shape.remark(), d.levelsRemark()}
	for _, l := range d.levels {
		r = append(r, fmt.Sprintf("the ids of %s are of the kind %s", l.name, strings.TrimSpace(l.id.kind+" "+l.id.prefix)))
	}
	r = append(r, d.statusRemarks()...)
	for _, l := range d.levels {
		r = append(r, l.fieldRemarks()...)
	}
	return append(r, "guards, descriptions and rules are left to you: a document does not show them")
}

func (s shape) remark() string {
	switch s.kind {
	case "array":
		return "documents are arrays of items"
	case "groups":
		return fmt.Sprintf("documents are groups of items, %d here, each with the items under %q", len(s.groups), s.key)
	default:
		return fmt.Sprintf("documents are objects with the items under %q", s.key)
	}
}

func (d *draft) levelsRemark() string {
	var names []string
	for _, l := range d.levels {
		names = append(names, fmt.Sprintf("%s (%d)", l.name, len(l.items)))
	}
	return "levels, from the top, and how many items they have: " + strings.Join(names, ", ")
}

func (d *draft) statusRemarks() []string {
	var names, unknown []string
	for _, s := range d.statuses {
		names = append(names, fmt.Sprintf("%s (%s)", s.name, s.category))
		if !s.known {
			unknown = append(unknown, s.name)
		}
	}
	r := []string{"statuses, with the category that their names suggest: " + strings.Join(names, ", ")}
	if len(unknown) > 0 {
		r = append(r, "taken for active, since their names tell nothing: "+strings.Join(unknown, ", "))
	}
	if len(d.added) > 0 {
		r = append(r, "added, since work begins and ends somewhere: "+strings.Join(d.added, ", "))
	}
	return append(r, fmt.Sprintf("new items are %s, and every status can be reached from every other", d.initial().name))
}

func (l *level) fieldRemarks() []string {
	var fields, dropped []string
	for _, f := range l.fields {
		if f.dropped {
			dropped = append(dropped, fmt.Sprintf("%q", f.key))
			continue
		}
		what := f.typeName()
		if f.constant != "" {
			what = "constant"
		}
		if f.list {
			what = "list of " + what
		}
		if !f.required {
			what += ", optional"
		}
		fields = append(fields, fmt.Sprintf("%s (%s)", f.key, what))
	}
	var r []string
	if len(fields) > 0 {
		r = append(r, fmt.Sprintf("fields of %s: %s", l.name, strings.Join(fields, ", ")))
	}
	if len(dropped) > 0 {
		r = append(r, fmt.Sprintf("left out of the fields of %s, since no schema can name them; documents keep them: %s",
			l.name, strings.Join(dropped, ", ")))
	}
	return r
}
