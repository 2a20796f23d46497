package infer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

// report says what was guessed.
func (d *draft) report(yaml []byte) *Guess {
	g := &Guess{YAML: yaml, Taken: append(d.addedStatuses(), d.taken()...)}
	for _, says := range d.leftOut {
		g.LeftOut = append(g.LeftOut, says())
	}
	g.LeftOut = append(g.LeftOut, d.besideTheList()...)
	for _, l := range d.levels {
		g.LeftOut = append(g.LeftOut, l.fieldsLeftOut()...)
	}
	g.Look = d.statusesToLookAt()
	for _, l := range d.levels {
		g.Look = append(g.Look, d.levelToLookAt(l)...)
	}
	return g
}

// addedStatuses says which statuses no item has.
func (d *draft) addedStatuses() []string {
	var says, names []string
	for _, s := range d.added {
		if silent := d.silent(); s == d.initial() && silent > 0 {
			says = append(says, fmt.Sprintf("no item has the status %s: added for %s", shorten(s.name), agree(silent, "item that says none", "items that say none")))
		} else {
			names = append(names, s.name)
		}
	}
	if len(names) > 0 {
		says = append(says, fmt.Sprintf("no item has the %s %s: added, since work begins with something to do, and ends",
			map[bool]string{true: "status", false: "statuses"}[len(names) == 1], listed(names)))
	}
	return says
}

// silent counts the items that say no status, and so have that of new items.
func (d *draft) silent() int {
	n := 0
	for _, l := range d.levels {
		if s := l.progress.Status; s != nil {
			n += s.Missing + s.Nulls
		}
	}
	return n
}

// taken says where the items are, and what was taken for ids and statuses.
func (d *draft) taken() []string {
	says := []string{d.placeTaken()}
	for _, l := range d.levels {
		says = append(says, l.taken())
	}
	return says
}

func (d *draft) placeTaken() string {
	p := d.choice.place
	switch p.Shape {
	case survey.Array:
		return fmt.Sprintf("the document is the list: %s of %s", counted(len(p.Table.Rows), "item"), d.levels[0].name)
	case survey.Groups:
		return fmt.Sprintf("the list under %s of each of %s: %s of %s", quoted(p.Key()), counted(p.Lists, "group"),
			counted(len(p.Table.Rows), "item"), d.levels[0].name)
	case survey.Lines:
		return fmt.Sprintf("JSON Lines, an item a line: %s of %s", counted(len(p.Table.Rows), "item"), d.levels[0].name)
	case survey.Keyed:
		return fmt.Sprintf("the items under keys of %s: %s of %s", p.Name(), counted(len(p.Table.Rows), "item"), d.levels[0].name)
	case survey.Item:
		return fmt.Sprintf("the document is an item itself: a %s", d.levels[0].name)
	default:
		return fmt.Sprintf("the list under %s: %s of %s", quoted(p.Name()), counted(len(p.Table.Rows), "item"), d.levels[0].name)
	}
}

// taken says what was taken for items of a level, their id and their status.
func (l *level) taken() string {
	var b strings.Builder
	b.WriteString(l.name)
	if l.parent != nil {
		fmt.Fprintf(&b, ", %s under %s of %s", counted(len(l.table.Rows), "item"), quoted(l.key), l.parent.name)
	}
	switch l.id.kind {
	case "key":
		b.WriteString(": ids are the keys that items stand under")
	case "position":
		b.WriteString(": no ids, items are known by their positions")
	default:
		fmt.Fprintf(&b, ": id under %s (%s)", quoted(l.idKey), strings.TrimSpace(l.id.kind+" "+l.id.prefix))
	}
	if s := l.progress.Status; s != nil {
		fmt.Fprintf(&b, ", status under %s (%s)", quoted(s.Key()), countsOf(s))
	} else {
		b.WriteString(", no status: items only group others")
	}
	return b.String()
}

// besideTheList says what else the document holds.
func (d *draft) besideTheList() []string {
	var left []string
	p := d.choice.place
	if others := d.choice.others; len(others) > 0 {
		names := make([]string, len(others))
		for i, other := range others {
			names[i] = fmt.Sprintf("%s (%s)", cut(other.Name()), counted(len(other.Table.Rows), "object"))
		}
		left = append(left, fmt.Sprintf("%s: with a status too; a schema takes one list, and %s is the larger or likelier one",
			listed(names), quoted(p.Name())))
	}
	if p.Shape != survey.Under {
		return left
	}
	var beside []string
	for _, m := range d.choice.root.Members {
		isOther := slices.ContainsFunc(d.choice.others, func(o *survey.Place) bool { return len(o.Path) == 1 && o.Path[0] == m.Key })
		isField := slices.ContainsFunc(d.fields.list, func(f *field) bool { return f.key == m.Key && !f.dropped })
		if m.Key != p.Path[0] && !isOther && !isField {
			beside = append(beside, m.Key)
		}
	}
	way := d.choice.root
	for i, key := range p.Path[:len(p.Path)-1] {
		if way = way.Get(key); way == nil {
			break
		}
		for _, m := range way.Members {
			if m.Key != p.Path[i+1] {
				beside = append(beside, strings.Join(append(slices.Clone(p.Path[:i+1]), m.Key), "."))
			}
		}
	}
	if len(beside) > 0 {
		left = append(left, fmt.Sprintf("%s of the document: beside the list", listed(beside)))
	}
	return left
}

// fieldsLeftOut says which keys of a level have no type, and why.
func (l *level) fieldsLeftOut() []string {
	reasons := make(map[string][]string)
	var order []string
	for _, f := range l.fields {
		why := f.whyLeftOut()
		if why == "" || slices.ContainsFunc(l.below, func(b *branch) bool { return b.column == f.column }) {
			continue
		}
		if reasons[why] == nil {
			order = append(order, why)
		}
		reasons[why] = append(reasons[why], f.key)
	}
	var left []string
	for _, why := range order {
		left = append(left, fmt.Sprintf("%s of %s: %s", listed(reasons[why]), l.name, why))
	}
	if beside := l.besideTheStatus(); len(beside) > 0 {
		left = append(left, fmt.Sprintf("%s of %s: in an object with the status", listed(beside), l.name))
	}
	return left
}

// besideTheStatus returns the keys of what stands beside a status at a path.
func (l *level) besideTheStatus() []string {
	s := l.progress.Status
	if s == nil {
		return nil
	}
	var beside []string
	for i := 1; i < len(s.Path); i++ {
		for _, c := range l.table.At(s.Path[:i]).Inside().Columns {
			if c.Key != s.Path[i] {
				beside = append(beside, strings.Join(append(slices.Clone(s.Path[:i]), c.Key), "."))
			}
		}
	}
	return beside
}

// whyLeftOut says why a field has no type of its own; "" if it has.
func (f *field) whyLeftOut() string {
	c := f.column
	switch {
	case f.dropped && len(f.key) <= longestName && f.index < mostFields:
		return "no schema can name it"
	case f.dropped:
		return "more keys, or longer ones, than a schema holds"
	case f.kind != "raw" || f.constant != "" || f.object != nil:
		return ""
	case c.Only(survey.Null):
		return "always null, any JSON is accepted"
	case survey.IsDependency(f.key):
		return "references that lie in objects, any JSON is accepted, and nothing waits for them"
	case c.Only(survey.List, survey.Null) && c.Elements().OnlyObjects() && survey.IsAside(c.Key):
		return "objects that are no work, any JSON is accepted"
	case c.Only(survey.List, survey.Null) && c.Elements().OnlyObjects():
		return "objects that do not say how far they are, any JSON is accepted"
	case c.Only(survey.List, survey.Null) && len(c.Elements().Rows) == 0 && c.Elements().Others == [8]int{}:
		return "always empty, any JSON is accepted"
	case c.Only(survey.Object, survey.Null):
		return "an object, any JSON is accepted"
	}
	return "values of several kinds, any JSON is accepted"
}

// statusesToLookAt says what the statuses do not tell.
func (d *draft) statusesToLookAt() []string {
	var unknown []string
	for _, s := range d.statuses {
		if !s.known {
			unknown = append(unknown, s.name)
		}
	}
	var look []string
	if names := d.unused(); len(names) > 0 {
		look = append(look, fmt.Sprintf("%s has statuses that no item has: %s", quoted(d.known.Name()), listed(names)))
	}
	if len(unknown) > 0 {
		look = append(look, "taken for active, since their names tell nothing: "+listed(unknown))
	}
	return append(look, fmt.Sprintf("new items are %s, every status leads to every other, and a key that each item has is required", shorten(d.initial().name)))
}

// unused returns the statuses of the list beside the work that the schema lacks.
func (d *draft) unused() []string {
	if d.known == nil {
		return nil
	}
	var names []string
	for _, c := range d.known.Table.IDs().Unique.Cells {
		if !slices.ContainsFunc(d.statuses, func(s *status) bool { return s.name == c.Value.Text || slices.Contains(s.aliases, c.Value.Text) }) {
			names = append(names, c.Value.Text)
		}
	}
	return names
}

// levelToLookAt says what may be otherwise on a level than it was taken for.
func (d *draft) levelToLookAt(l *level) []string {
	var look []string
	if l.isTree() && l.parent == nil || l.isTree() && !l.parent.isTree() {
		look = append(look, fmt.Sprintf("%s hold items like themselves under %s: there are as many levels as this file shows", plural(l.name), quoted(l.children.key)))
	}
	if l.ids.Title {
		look = append(look, fmt.Sprintf("%s have no id: %s tells them apart, so an item with another %s is another item",
			plural(l.name), quoted(l.idKey), shorten(l.idKey)))
	}
	if l.id.repeats {
		first, _ := l.idColumn.Repetition(func(r *survey.Row) any { return r.Parent })
		look = append(look, fmt.Sprintf("%s of several %s is %s: those items cannot be addressed", quoted(l.idKey), plural(l.name), quoted(first.Value.Get(l.idKey).Text)))
	}
	for _, c := range l.ids.Repeated {
		if c == l.idColumn {
			continue
		}
		look = append(look, fmt.Sprintf("%s of %s repeats: %s is the id", quoted(c.Key), l.name, quoted(l.idKey)))
	}
	for _, p := range l.spellings {
		if l.progress.Status.Form == survey.Numbers {
			look = append(look, fmt.Sprintf("%s of %s does not say what its numbers mean: %s is taken for %s", quoted(l.progress.Status.Key()), l.name, p.literals[0], p.status.name))
		}
	}
	for _, s := range l.progress.Beside {
		look = append(look, fmt.Sprintf("%s of %s says it too (%s): a change of status does not change it", quoted(s.Key()), l.name, countsOf(s)))
	}
	for _, g := range l.guards {
		if !g.isOut() {
			look = append(look, fmt.Sprintf("%s: %s only when what is under %s is %s", l.name, listed(g.events), quoted(strings.Join(g.path(), ".")),
				strings.Join(g.categories, " or ")))
		}
	}
	for _, f := range l.fields {
		switch {
		case f.dropped:
		case f.dangling > 0:
			look = append(look, fmt.Sprintf("%s under %s of %s: no item has that id", counted(f.dangling, "reference"), quoted(f.key), l.name))
		case f.list && f.kind == "string" && survey.IsWork(f.key):
			look = append(look, fmt.Sprintf("%s of %s are texts, which cannot say how far they are: they are a field, and no items", quoted(f.key), l.name))
		case f.kind == "reference" && !f.list && !survey.IsDependency(f.key):
			look = append(look, fmt.Sprintf("%s of %s names another item: %s is one level all the same", quoted(f.key), l.name, l.name))
		case slices.Contains(discriminatorKeys, f.key) && f.constant == "" && len(f.column.Counts()) > 1 && f.kind == "string":
			look = append(look, fmt.Sprintf("%s of %s tells several kinds (%s): they are one level", quoted(f.key), l.name, kindsOf(f.column)))
		}
	}
	return look
}

func kindsOf(c *survey.Column) string {
	var names []string
	for _, n := range c.Counts() {
		names = append(names, fmt.Sprintf("%s %d", shorten(n.Text), n.N))
	}
	return listed(names)
}
