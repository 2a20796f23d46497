package schema

import (
	"cmp"
	"slices"
)

// loadLevelStatus reads where the statuses of a level are and what they look
// like, and which machine they follow.
func (l *loader) loadLevelStatus(level *Level, o *object) {
	n := o.get("status")
	if n != nil && n.kind == textNode {
		l.loadNoStatus(level, o, n)
		return
	}
	level.Machine = l.levelMachine(o)
	status := &StatusKey{Path: Path{"status"}, Pos: l.pos(o.spanOf("status"))}
	level.Status = status
	if n == nil {
		return
	}
	o = l.object(n, o.spanOf("status"), &levelStatusConstruct)
	if n := o.get("key"); n != nil {
		status.Path = l.path(n)
	}
	status.Optional = o.bool("optional")
	status.Nullable = o.bool("nullable")
	if status.WarnUnknown = o.choice("unknown", "refuse", "warn") == "warn"; status.WarnUnknown {
		l.needs(o.spanOf("unknown"), statusUnknown)
	}
	if o.get("values") != nil {
		status.Values = l.statusValues(level, o)
	}
}

// loadNoStatus reads a level whose items have no status.
func (l *loader) loadNoStatus(level *Level, o *object, n *node) {
	if n.text != "none" {
		level.Status = &StatusKey{Pos: l.pos(n.span)}
		l.refuse(n.span, ruleInvalidValue, "status is a mapping, or the word none for items that only group others, not %q", shorten(n.text))
		return
	}
	for _, key := range []string{"machine", "guards", "rollup", "claim"} {
		o.refuseKey(key, "items of this level have no status")
	}
}

// hasStatus reports whether items of the level have a status.
func (level *Level) hasStatus() bool { return level.Status != nil }

// statusValues reads which JSON values the states of a level's machine are.
func (l *loader) statusValues(level *Level, o *object) []StatusValue {
	var all []StatusValue
	taken := make(map[string]*node) // canonical values to the statuses they are
	named := make(map[*Status]bool)
	problems := len(l.diagnostics)
	for _, e := range o.named("values", maxStatuses) {
		value := StatusValue{Status: l.levelState(level, e.key.asText()), Pos: l.pos(e.key.span)}
		l.valuesOf(&value, e, taken)
		if value.Status == nil {
			continue
		}
		named[value.Status] = true
		all = append(all, value)
	}
	slices.SortStableFunc(all, func(a, b StatusValue) int { return cmp.Compare(a.Status.Index, b.Status.Index) })
	if null, ok := taken["null"]; ok && o.bool("nullable") {
		o.refuseKey("nullable", "null is the status "+null.text+" already")
	}
	if m := level.Machine; m != nil && !l.partial[m] && len(l.diagnostics) == problems {
		for _, s := range m.States {
			if !named[s] {
				l.refuse(o.spanOf("values"), ruleMissingKey, "values names no value of the status %q: items of the level can have it", s.Name)
			}
		}
	}
	return all
}

// valuesOf reads the values of one status: one, or a list of several.
func (l *loader) valuesOf(value *StatusValue, e entry, taken map[string]*node) {
	values := []*node{e.value}
	if e.value.kind == listNode {
		values = e.value.items
	}
	switch {
	case len(values) == 0:
		l.refuse(e.value.span, ruleInvalidValue, "the status %q has no value: name at least one", shorten(e.key.text))
	case len(values) > maxAliasesOf:
		l.refuse(e.value.span, ruleLimit, "the status %q has %d values: at most %d are possible", shorten(e.key.text), len(values), maxAliasesOf)
		return
	}
	for _, n := range values {
		text, problem := encodeJSON(n)
		switch {
		case problem != "":
			l.refuse(n.span, ruleInvalidValue, "the value is not JSON: %s", problem)
			continue
		case len(text) > maxTextBytes:
			l.refuse(n.span, ruleLimit, "the value is longer than %d bytes", maxTextBytes)
			continue
		}
		canonical := canonicalJSON(n)
		if other, ok := taken[canonical]; ok {
			l.refuse(n.span, ruleRepeatedValue, "the value %s is that of the status %q already, on line %d", shorten(text), other.text, other.span.line)
			continue
		}
		taken[canonical] = e.key
		value.JSON = append(value.JSON, text)
		value.Canonical = append(value.Canonical, canonical)
	}
}
