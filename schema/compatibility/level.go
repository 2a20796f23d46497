package compatibility

import (
	"slices"
	"strconv"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// levels compares levels of the same name, or those in the same place whose
// names are both unknown to the other schema.
func (c *comparison) levels() {
	for _, old := range c.older.Levels {
		now := named(c.newer.Levels, old.Name, levelName)
		if now == nil {
			now = c.renamedLevel(old)
			if now == nil {
				c.breaksGo(old.Pos, "the level %s is gone", old.Name)
				c.breaksFiles(old.Pos, "the level %s is gone", old.Name)
				continue
			}
			c.breaksGo(now.Pos, "the level %s is called %s now", old.Name, now.Name)
		}
		c.level(old, now)
	}
	was, leaf := c.older.Levels[len(c.older.Levels)-1], c.newer.Levels[len(c.newer.Levels)-1]
	if was.Name != leaf.Name && named(c.newer.Levels, was.Name, levelName) != nil {
		c.breaksGo(leaf.Pos, "the last level is %s instead of %s: so are the items that NextExecutable returns", leaf.Name, was.Name)
	}
	for _, now := range c.newer.Levels {
		if now.Index < len(c.older.Levels) && named(c.older.Levels, now.Name, levelName) == nil &&
			named(c.newer.Levels, c.older.Levels[now.Index].Name, levelName) != nil {
			c.breaksFiles(now.Pos, "the level %s is new, and not the last", now.Name)
		}
	}
}

func (c *comparison) renamedLevel(old *schema.Level) *schema.Level {
	if old.Index >= len(c.newer.Levels) {
		return nil
	}
	now := c.newer.Levels[old.Index]
	if named(c.older.Levels, now.Name, levelName) != nil {
		return nil
	}
	return now
}

// levelsNow returns the levels of the newer schema in place of those of the
// older: the older one itself where it is gone.
func (c *comparison) levelsNow(old []*schema.Level) []*schema.Level {
	list := make([]*schema.Level, len(old))
	for i, l := range old {
		list[i] = l
		if now := c.renamedLevel(l); now != nil && named(c.newer.Levels, l.Name, levelName) == nil {
			list[i] = now
		}
	}
	return list
}

func (c *comparison) level(old, now *schema.Level) {
	if parentName(c.older, old) != parentName(c.newer, now) && old.Index != now.Index {
		c.breaksGo(now.Pos, "the level %s has another place", now.Name)
		c.breaksFiles(now.Pos, "the level %s has another place", now.Name)
	}
	if old.Plural != now.Plural {
		c.breaksGo(now.Pos, "the plural of %s is %s instead of %s", now.Name, now.Plural, old.Plural)
	}
	c.id(old, now)
	c.statusKey(old, now)
	c.children(old, now)
	c.fields(now.Name, old.Fields, now.Fields)
	c.levelWorkflow(old, now)
	c.levelStatuses(old, now)
}

func parentName(m *schema.Model, l *schema.Level) string {
	if l.Index == 0 {
		return ""
	}
	return m.Levels[l.Index-1].Name
}

func (c *comparison) id(old, now *schema.Level) {
	a, b := old.ID, now.ID
	if len(a.Path) > 0 && len(b.Path) > 0 && !slices.Equal(a.Path, b.Path) {
		c.breaksFiles(b.Pos, "the id of %s is expected under %q instead of %q", now.Name, b.Path, a.Path)
	}
	// Without groups, text ids are only ever parsed.
	if a.Kind != b.Kind && (a.Kind != format.TextID || findShape(c.older, format.RootGroups) != nil) {
		c.breaksGo(b.Pos, "the ids of %s are of the kind %s instead of %s: New%sID is another, or gone", now.Name, b.Kind, a.Kind, now.Name)
	}
	if counts := func(id schema.ID) bool { return id.Kind == format.PathID || id.Int || id.Next }; counts(a) && !counts(b) {
		c.breaksGo(b.Pos, "the ids of %s have no numbers any more: Next%sID is gone", now.Name, now.Name)
	}
	switch {
	case a.Kind != b.Kind && b.Kind == format.PathID:
		c.breaksFiles(b.Pos, "the ids of %s have to be paths", now.Name)
	case a.Kind == format.PositionID && b.Kind != format.PositionID:
		c.breaksFiles(b.Pos, "items of %s without an id are refused now", now.Name)
	case a.Kind == format.LocalID && b.Kind == format.TextID:
		c.breaksFiles(b.Pos, "the ids of %s have to be unique in the whole document", now.Name)
	case a.Prefix != b.Prefix && b.Kind == format.PathID:
		c.breaksFiles(b.Pos, "the ids of %s have the prefix %q instead of %q", now.Name, b.Prefix, a.Prefix)
	}
	if a.WarnDuplicate && !b.WarnDuplicate {
		c.breaksFiles(b.Pos, "ids of %s that repeat are refused now", now.Name)
	}
	if a.Next != b.Next || a.NextPrefix != b.NextPrefix || a.NextSuffix != b.NextSuffix {
		c.changesWorkflow(b.Pos, "new ids of %s are made in another way", now.Name)
	}
	if b.Pattern != "" && a.Pattern != b.Pattern {
		c.breaksFiles(b.Pos, "the ids of %s have to match %q", now.Name, b.Pattern)
	}
	for _, json := range []struct {
		name     string
		was, now bool
	}{{"strings", a.String, b.String}, {"whole numbers", a.Int, b.Int}, {"other numbers", a.Float, b.Float}} {
		if json.was && !json.now {
			c.breaksFiles(b.Pos, "the ids of %s may not be %s any more", now.Name, json.name)
		}
	}
}

func (c *comparison) statusKey(old, now *schema.Level) {
	a, b := old.Status, now.Status
	switch {
	case a == nil && b == nil:
		return
	case b == nil:
		c.breaksGo(now.Pos, "items of %s have no status any more", now.Name)
		c.changesWorkflow(now.Pos, "items of %s have no status any more", now.Name)
		return
	case a == nil:
		c.breaksGo(b.Pos, "items of %s have a status now", now.Name)
		if !b.Optional {
			c.breaksFiles(b.Pos, "items of %s without a status are refused now", now.Name)
		}
		return
	}
	if !slices.Equal(a.Path, b.Path) {
		c.breaksFiles(b.Pos, "the status of %s is expected under %q instead of %q", now.Name, b.Path, a.Path)
	}
	if a.Optional && !b.Optional {
		c.breaksFiles(b.Pos, "items of %s without a status are refused now", now.Name)
	}
	if a.Nullable && !b.Nullable {
		c.breaksFiles(b.Pos, "the status of %s may not be null any more", now.Name)
	}
	if a.WarnUnknown && !b.WarnUnknown {
		c.breaksFiles(b.Pos, "an unknown status of %s is refused now", now.Name)
	}
	c.statusValues(old, now)
}

// statusValues compares the JSON values that statuses are.
func (c *comparison) statusValues(old, now *schema.Level) {
	if len(old.Status.Values)+len(now.Status.Values) == 0 {
		return // that is told of the statuses
	}
	before, after := valuesOf(old), valuesOf(now)
	for _, v := range before {
		i := slices.IndexFunc(after, func(w statusValue) bool { return w.canonical == v.canonical })
		switch {
		case i >= 0 && after[i].status.Name != v.status.Name && after[i].status.GoName != v.status.GoName:
			c.breaksFiles(now.Status.Pos, "the status %s of %s is read as %q instead of %q", v.json, now.Name, after[i].status.Name, v.status.Name)
		case i < 0 && now.Status.WarnUnknown:
			c.changesWorkflow(now.Status.Pos, "the status %s of %s is unknown now: such items are moved by force only", v.json, now.Name)
		case i < 0:
			c.breaksFiles(now.Status.Pos, "the status %s is refused on items of %s now", v.json, now.Name)
		}
	}
}

// statusValue is one JSON value that items of a level may have as their status.
type statusValue struct {
	status          *schema.Status
	json, canonical string
}

func valuesOf(l *schema.Level) []statusValue {
	var all []statusValue
	for _, v := range l.Status.Values {
		for i, text := range v.JSON {
			all = append(all, statusValue{v.Status, text, v.Canonical[i]})
		}
	}
	if len(all) > 0 {
		return all
	}
	for _, s := range l.Machine.States {
		for _, text := range append([]string{s.Name}, s.Aliases...) {
			quoted := strconv.Quote(text)
			all = append(all, statusValue{s, quoted, quoted})
		}
	}
	return all
}

func (c *comparison) children(old, now *schema.Level) {
	for i, b := range now.Children {
		if i >= len(old.Children) {
			c.mayBreakFiles(b.Pos, "%s may already hold the key %q, with any value: it has to be a list of %s items now",
				now.Name, b.Path, b.Of.Name)
			continue
		}
		a := old.Children[i] // that a level is gone or new is told of that level
		if !slices.Equal(a.Path, b.Path) {
			c.breaksFiles(b.Pos, "the children of %s are expected under %q instead of %q", now.Name, b.Path, a.Path)
		}
		if b.Required && !a.Required {
			c.breaksFiles(b.Pos, "items of %s without the key %q are refused now", now.Name, b.Path)
		}
		if a.Nullable && !b.Nullable {
			c.breaksFiles(b.Pos, "the children of %s may not be null any more", now.Name)
		}
	}
}

// levelStatuses finds statuses that items of a level may not have any more,
// though the schema still knows them.
func (c *comparison) levelStatuses(old, now *schema.Level) {
	if old.Machine == nil || now.Machine == nil || len(old.Status.Values)+len(now.Status.Values) > 0 {
		return // that is told of the status, or of its values
	}
	for _, s := range old.Machine.States {
		if statusOf(c.newer.Statuses, s.Name) != nil && statusOf(now.Machine.States, s.Name) == nil {
			c.breaksFiles(now.Pos, "the status %q is refused on items of %s now", s.Name, now.Name)
		}
	}
}

// equalCategories compares sets.
func equalCategories(a, b []format.Category) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
