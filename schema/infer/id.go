package infer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

// id is how the ids of a level are made.
type id struct {
	kind    string // as schemas write it
	prefix  string
	accepts []string
	// repeats is set where items share one.
	repeats bool
}

// fullID is the id of an item in a whole document.
type fullID struct {
	group int
	text  string
}

// findIDs finds out how the ids of all levels are made: as paths on all of them,
// or as texts that are unique in the document or among siblings. Items that have
// none are known by their positions.
func (d *draft) findIDs() {
	if d.findPathIDs() {
		return
	}
	seen := make(map[fullID]bool)
	for _, l := range d.levels {
		switch {
		case l.keyed:
			l.id = id{kind: "key"}
			continue
		case l.idColumn == nil:
			l.id = id{kind: "position"}
			continue
		}
		l.id = id{kind: "text", accepts: l.idKinds(), repeats: l.ids.Unique == nil}
		if l.parent != nil && !l.uniqueAmong(seen) {
			l.id.kind = "local"
		}
		if l.id.kind == "text" {
			for _, c := range l.idColumn.Cells {
				seen[fullID{c.Row.Group, c.Value.Text}] = true
			}
		}
	}
}

// findPathIDs gives all levels path ids if each id is that of the parent, a dot,
// the prefix of the level and a number.
func (d *draft) findPathIDs() bool {
	prefixes := make([]string, len(d.levels))
	above := make(map[*survey.Row]string)
	for i, l := range d.levels {
		if l.ids.Unique == nil {
			return false
		}
		ids := make(map[*survey.Row]string)
		for n, c := range l.ids.Unique.Cells {
			rest, ok := c.Value.Text, c.Value.Kind == survey.Text
			if l.parent != nil {
				rest, ok = strings.CutPrefix(c.Value.Text, above[c.Row.Parent]+".")
			}
			prefix := strings.TrimRight(rest, "0123456789")
			if n == 0 {
				prefixes[i] = prefix
			}
			if !ok || c.Value.Kind != survey.Text || prefix != prefixes[i] || !isPathSegment(prefix, rest[len(prefix):]) {
				return false
			}
			ids[c.Row] = c.Value.Text
		}
		above = ids
	}
	for i, l := range d.levels {
		l.id = id{kind: "path", prefix: prefixes[i]}
	}
	return true
}

func isPathSegment(prefix, number string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"
	if prefix == "" || len(prefix) > 16 || strings.Trim(prefix, letters) != "" {
		return false
	}
	_, err := strconv.ParseUint(number, 10, 31)
	return err == nil && (number == "0" || number[0] != '0')
}

// idKinds lists the JSON kinds of the ids of a level.
func (l *level) idKinds() []string {
	var kinds []string
	for _, known := range []struct {
		kind survey.Kind
		name string
	}{{survey.Integer, "int"}, {survey.Float, "float"}, {survey.Text, "string"}} {
		if l.idColumn.Kinds[known.kind] > 0 {
			kinds = append(kinds, known.name)
		}
	}
	return kinds
}

// uniqueAmong reports whether the ids of a level are texts that no other item
// has. Numbers count from 1 under each parent, even where only one has children.
func (l *level) uniqueAmong(seen map[fullID]bool) bool {
	if l.ids.Local || l.ids.Unique == nil || !l.ids.Unique.Only(survey.Text) {
		return false
	}
	return !slices.ContainsFunc(l.ids.Unique.Cells, func(c survey.Cell) bool {
		return numeric(c.Value.Text) || seen[fullID{c.Row.Group, c.Value.Text}]
	})
}

func numeric(s string) bool { return strings.Trim(s, "0123456789.") == "" }

// index knows all items by their full ids.
type index struct {
	rows map[fullID]*survey.Row
	full map[*survey.Row]string
}

// indexItems returns the items of all levels by their ids.
func (d *draft) indexItems() *index {
	x := &index{make(map[fullID]*survey.Row), make(map[*survey.Row]string)}
	for _, l := range d.levels {
		for _, r := range l.table.Rows {
			if l.keyed {
				x.rows[fullID{r.Group, r.Key}], x.full[r] = r, r.Key
			}
		}
		if l.idColumn == nil {
			continue
		}
		for _, c := range l.idColumn.Cells {
			text := c.Value.Text
			if above := x.full[c.Row.Parent] + "."; l.id.kind == "local" && !strings.HasPrefix(text, above) {
				text = above + text
			}
			x.rows[fullID{c.Row.Group, text}] = c.Row
			x.full[c.Row] = text
		}
	}
	return x
}

// target returns the item that a reference of a row names, nil if it names none:
// a sibling first, then by full id.
func (x *index) target(row *survey.Row, text string) *survey.Row {
	if row.Parent != nil {
		if r := x.rows[fullID{row.Group, x.full[row.Parent] + "." + text}]; r != nil {
			return r
		}
	}
	return x.rows[fullID{row.Group, text}]
}

// named counts the cells of objects that name an item other than the one that they
// belong to.
func (x *index) named(c *survey.Column) int {
	n := 0
	for _, cell := range c.Cells {
		if r := x.target(cell.Row.Parent, cell.Value.Text); cell.Value.IsID() && r != nil && r != cell.Row.Parent {
			n++
		}
	}
	return n
}
