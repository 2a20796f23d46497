package schema

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// guardKinds are the keys that say what a guard looks at.
var guardKinds = []string{"children", "dependencies", "parent", "custom"}

func (l *loader) loadGuard(level *Level, n *node) {
	o := l.object(n, n.span, &guardConstruct)
	g := &Guard{Doc: o.doc(), Pos: l.pos(n.span)}
	for _, n := range o.texts("events", maxEvents) {
		if event, ok := find(l, &l.events, n, "event"); ok {
			g.Events = append(g.Events, event)
			l.checkFires(level, event, n)
		}
	}
	kind := l.guardKind(o)
	if kind == "" {
		return
	}
	if kind != "dependencies" {
		o.refuseKey("field", "only guards on dependencies look at a field")
		o.refuseKey("where", "only guards on dependencies look at a field")
	}
	switch kind {
	case "children":
		g.Kind = format.ChildrenIn
	case "parent":
		g.Kind = format.ParentIn
	case "dependencies":
		g.Kind, g.References = format.DependenciesIn, l.guardReferences(level, o)
	case "custom":
		g.Kind, g.Custom = format.CustomGuard, l.customGuard(o, g)
	}
	if kind != "custom" {
		g.Categories = o.categories(kind)
	}
	level.Guards = append(level.Guards, g)
}

// checkFires refuses a guard on an event that the level's machine lacks.
func (l *loader) checkFires(level *Level, event *Event, n *node) {
	if level.Machine == nil || l.incomplete[level.Machine] || level.Machine.fires(event) {
		return
	}
	l.refuse(n.span, rulePointlessGuard, "the guard is never asked: the machine %s has no transition for %q", level.Machine.Name, event.Name)
}

func (m *Machine) fires(event *Event) bool {
	return slices.ContainsFunc(m.Transitions, func(t *Transition) bool { return t.Event == event })
}

// guardKind returns the one key that says what a guard looks at, "" if it is
// not one.
func (l *loader) guardKind(o *object) string {
	var found []string
	for _, key := range o.order {
		if slices.Contains(guardKinds, key) {
			found = append(found, key)
		}
	}
	switch len(found) {
	case 0:
		l.refuse(o.at, ruleMissingKey, "a guard needs one of the keys %s", listOr(guardKinds))
		return ""
	case 1:
		return found[0]
	default:
		o.refuseKey(found[1], "a guard looks at one thing: write another guard")
		return ""
	}
}

// guardReferences returns the references that a guard looks at: those that it
// names, else the only field of the level.
func (l *loader) guardReferences(level *Level, o *object) *References {
	if o.get("field") != nil {
		return l.loadReferences(level, o)
	}
	o.refuseKey("where", "it goes with the key field, which leads into an object")
	var own []*Field
	for _, f := range level.Fields {
		if f.Kind == format.ReferenceField {
			own = append(own, f)
		}
	}
	paths := referencePaths(level.Fields)
	switch {
	case l.leftOut || l.unknownType && len(paths) == 0:
		return nil
	case len(own) == 1:
		return &References{Fields: own}
	case len(paths) == 0:
		l.refuse(o.spanOf("dependencies"), rulePointlessGuard, "the guard can never say no: the level has no field of references")
	case len(own) == 0:
		l.refuse(o.at, ruleMissingKey, "a guard on dependencies needs the key \"field\" where references are in objects: %s", listOr(paths))
	default:
		l.refuse(o.at, ruleMissingKey, "a guard on dependencies needs the key \"field\" where there are several: %s", listOr(paths))
	}
	return nil
}

func (l *loader) customGuard(o *object, g *Guard) *CustomGuard {
	n := o.get("custom")
	name := l.exportedName(n, "a custom guard")
	if name == "" {
		return nil
	}
	guard, ok := l.custom.of[name]
	if !ok {
		guard = &CustomGuard{Index: len(l.model.CustomGuards), Name: name, Pos: l.pos(n.span)}
		l.custom.add(name, guard)
		l.model.CustomGuards = append(l.model.CustomGuards, guard)
	}
	if guard.Doc == "" {
		guard.Doc = g.Doc
	}
	return guard
}

// categories returns the categories that a list names, in their fixed order.
func (o *object) categories(key string) []format.Category {
	var list []format.Category
	names := categoryNames()
	for _, n := range o.texts(key, len(names)+1) {
		c, ok := category(n.text)
		if !ok {
			o.l.refuse(n.span, ruleInvalidValue, "no category is named %q%s", shorten(n.text), hint(n.text, names))
			continue
		}
		list = append(list, c)
	}
	slices.Sort(list)
	return list
}

func (l *loader) loadRollup(n *node, at span) *Rollup {
	o := l.object(n, at, &rollupConstruct)
	r := &Rollup{When: o.categories("when"), Pos: l.pos(at)}
	if to := o.get("to"); to != nil {
		r.To, _ = find(l, &l.statuses, to, "status")
	}
	return r
}
