package compatibility

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/schema"
)

func statusName(s *schema.Status) string       { return s.Name }
func eventName(e *schema.Event) string         { return e.Name }
func enumName(e *schema.Enum) string           { return e.Name }
func enumValueName(v *schema.EnumValue) string { return v.Name }
func objectName(o *schema.Object) string       { return o.Name }
func levelName(l *schema.Level) string         { return l.Name }
func machineName(m *schema.Machine) string     { return m.Name }
func fieldKey(f *schema.Field) string          { return f.Key }
func customGuard(g *schema.CustomGuard) string { return g.Name }

func (c *comparison) statuses() {
	for _, old := range c.older.Statuses {
		now := named(c.newer.Statuses, old.Name, statusName)
		if !slices.ContainsFunc(c.newer.Statuses, func(s *schema.Status) bool { return s.GoName == old.GoName }) {
			c.breaksGo(old.Pos, "the constant Status%s is gone", old.GoName)
		} else if now != nil && now.GoName != old.GoName {
			c.breaksGo(now.Pos, "the constant of the status %q is Status%s instead of Status%s", now.Name, now.GoName, old.GoName)
		}
		for _, text := range append([]string{old.Name}, old.Aliases...) {
			switch is := statusOf(c.newer.Statuses, text); {
			case is == nil:
				c.breaksFiles(old.Pos, "the status %q is refused now", text)
			case is.Name != old.Name && is.GoName != old.GoName:
				c.breaksFiles(is.Pos, "the status %q is read as %q instead of %q", text, is.Name, old.Name)
			}
		}
		if now != nil && now.Category != old.Category {
			c.changesWorkflow(now.Pos, "the category of the status %q is %s instead of %s", now.Name, now.Category, old.Category)
		}
	}
}

// statusOf returns the status that a text names, nil for none.
func statusOf(statuses []*schema.Status, text string) *schema.Status {
	for _, s := range statuses {
		if s.Name == text || slices.Contains(s.Aliases, text) {
			return s
		}
	}
	return nil
}

func (c *comparison) events() {
	for _, old := range c.older.Events {
		now := named(c.newer.Events, old.Name, eventName)
		if !slices.ContainsFunc(c.newer.Events, func(e *schema.Event) bool { return e.GoName == old.GoName }) {
			c.breaksGo(old.Pos, "the constant Event%s is gone", old.GoName)
		} else if now != nil && now.GoName != old.GoName {
			c.breaksGo(now.Pos, "the constant of the event %q is Event%s instead of Event%s", now.Name, now.GoName, old.GoName)
		}
	}
	if common := commonEvents(c.newer.Events, c.older.Events); !slices.Equal(commonEvents(c.older.Events, c.newer.Events), common) {
		at := schema.Pos{}
		if len(c.newer.Events) > 0 {
			at = c.newer.Events[0].Pos
		}
		c.changesWorkflow(at, "the events are in another order: another of two equally short ways may be taken")
	}
}

// commonEvents lists the events that are among others too, in order.
func commonEvents(events, others []*schema.Event) []string {
	var names []string
	for _, e := range events {
		if named(others, e.Name, eventName) != nil {
			names = append(names, e.Name)
		}
	}
	return names
}

func (c *comparison) enums() {
	for _, old := range c.older.Enums {
		now := named(c.newer.Enums, old.Name, enumName)
		if now == nil {
			c.breaksGo(old.Pos, "the type %s is gone", old.Name)
			continue
		}
		for _, v := range old.Values {
			same := named(now.Values, v.Name, enumValueName)
			if !slices.ContainsFunc(now.Values, func(n *schema.EnumValue) bool { return n.GoName == v.GoName }) {
				c.breaksGo(v.Pos, "the constant %s%s is gone", old.Name, v.GoName)
			} else if same != nil && same.GoName != v.GoName {
				c.breaksGo(same.Pos, "the constant of the value %q is %s%s instead of %s%s", v.Name, now.Name, same.GoName, old.Name, v.GoName)
			}
		}
	}
}

func (c *comparison) objects() {
	for _, old := range c.older.Objects {
		now := named(c.newer.Objects, old.Name, objectName)
		if now == nil {
			c.breaksGo(old.Pos, "the type %s is gone", old.Name)
			continue
		}
		c.fields(old.Name, old.Fields, now.Fields)
	}
}

func (c *comparison) customGuards() {
	for _, old := range c.older.CustomGuards {
		if named(c.newer.CustomGuards, old.Name, customGuard) == nil {
			c.breaksGo(old.Pos, "the guard %s is gone from the interface Guards", old.Name)
		}
	}
	for _, now := range c.newer.CustomGuards {
		if named(c.older.CustomGuards, now.Name, customGuard) == nil {
			c.breaksGo(now.Pos, "programs have to supply the guard %s", now.Name)
		}
	}
}
