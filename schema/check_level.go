package schema

import "github.com/backlog-gen/backlog-gen/document/format"

// checkIDs refuses kinds of ids that do not go under those above.
func (l *loader) checkIDs() {
	for i, level := range l.model.Levels {
		switch {
		case level.ID.Kind == format.LocalID && i == 0:
			l.refuse(l.spanOf(level.ID.Pos), ruleIDChain, "the top level has no parent to be local to: want kind text or path")
		case l.mixesPath(level):
			l.refuse(l.spanOf(level.ID.Pos), ruleIDChain, "either all levels have path ids or none, and those of %s are %s",
				l.model.Levels[0].Name, l.model.Levels[0].ID.Kind)
		}
	}
}

// mixesPath reports whether a level and the top level differ in having path ids.
func (l *loader) mixesPath(level *Level) bool {
	top := l.model.Levels[0].ID.Kind
	return top != 0 && level.ID.Kind != 0 && (top == format.PathID) != (level.ID.Kind == format.PathID)
}

// checkJSONKeys refuses two things of one JSON object under the same key.
func (l *loader) checkJSONKeys() {
	for _, level := range l.model.Levels {
		taken := make(map[string]string)
		l.takeKey(taken, level.ID.Key, "the id", l.spanOf(level.ID.Pos))
		l.takeKey(taken, level.Status.Key, "the status", l.spanOf(level.Status.Pos))
		if level.Children != nil {
			l.takeKey(taken, level.Children.Key, "the children", l.spanOf(level.Children.Pos))
		}
		for _, f := range level.Fields {
			l.takeKey(taken, f.Key, "a field", l.spanOf(f.Pos))
		}
	}
}

func (l *loader) takeKey(taken map[string]string, key, what string, at span) {
	if owner, ok := taken[key]; ok && key != "" {
		l.refuse(at, ruleRepeatedJSONKey, "the JSON key %q of %s is that of %s already", key, what, owner)
		return
	}
	taken[key] = what
}

// checkObjects refuses objects that contain themselves.
func (l *loader) checkObjects() {
	for _, o := range l.model.Objects {
		seen := make(map[*Object]bool)
		for _, f := range o.Fields {
			if f.Object != nil && contains(f.Object, o, seen) {
				l.refuse(l.spanOf(f.Pos), ruleRecursiveObject, "the object %s contains itself through this field: use the type raw", o.Name)
			}
		}
	}
}

func contains(outer, inner *Object, seen map[*Object]bool) bool {
	if outer == inner {
		return true
	}
	if seen[outer] {
		return false
	}
	seen[outer] = true
	for _, f := range outer.Fields {
		if f.Object != nil && contains(f.Object, inner, seen) {
			return true
		}
	}
	return false
}
