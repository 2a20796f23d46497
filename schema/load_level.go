package schema

import (
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// declareLevels makes the names of the levels known. Their bodies are read
// later, since fields may refer to any level.
func (l *loader) declareLevels(root *object) {
	for _, e := range root.named("levels", maxLevels) {
		level := &Level{Index: len(l.model.Levels), Pos: l.pos(e.key.span)}
		level.Name = l.declaredName(e.key, "a level")
		l.model.Levels = append(l.model.Levels, level)
		l.levels.add(e.key.text, level)
		l.levelEntries = append(l.levelEntries, e)
	}
}

func (l *loader) loadLevels() {
	for i, e := range l.levelEntries {
		l.loadLevel(l.model.Levels[i], e)
	}
}

func (l *loader) loadLevel(level *Level, e entry) {
	o := l.object(e.value, e.key.span, &levelConstruct)
	level.Doc = o.doc()
	if level.Name != "" {
		level.Plural = level.Name + "s"
	}
	if o.get("plural") != nil {
		level.Plural = l.exported(o, "plural", "the plural")
	}
	level.ID = l.loadID(o)
	level.Status = l.loadLevelStatus(o)
	level.Machine = l.levelMachine(o)
	level.Children = l.loadChildren(level, o)
	level.Fields = l.fields(o)
	for _, n := range o.list("guards", maxGuards) {
		l.loadGuard(level, n)
	}
	if n := o.get("rollup"); n != nil {
		level.Rollup = l.loadRollup(n, o.spanOf("rollup"))
	}
	if n := o.get("claim"); n != nil {
		level.Claim = l.loadClaim(level, n, o.spanOf("claim"))
	}
}

func (l *loader) loadID(level *object) ID {
	id := ID{Key: "id", Pos: l.pos(level.at)}
	n := level.get("id")
	if n == nil {
		return id
	}
	o := l.object(n, level.spanOf("id"), &idConstruct)
	id.Pos = l.pos(level.spanOf("id"))
	if o.get("key") != nil {
		id.Key = l.jsonKey(o, "key")
	}
	switch o.choice("kind", "path", "text", "local") {
	case "path":
		id.Kind, id.String = format.PathID, true
		o.refuseKey("pattern", "the prefix says what a path id looks like")
		o.refuseKey("accepts", "a path id is a string")
		id.Prefix = l.prefix(o)
	case "text":
		id.Kind = format.TextID
	case "local":
		id.Kind = format.LocalID
	default:
		return id
	}
	if id.Kind != format.PathID {
		o.refuseKey("prefix", "only path ids have a prefix")
		if n := o.get("pattern"); n != nil {
			id.Pattern = l.pattern(n, true)
		}
		l.accepts(&id, o)
	}
	return id
}

func (l *loader) prefix(o *object) string {
	if o.get("prefix") == nil {
		l.refuse(o.at, ruleMissingKey, "a path id needs the key \"prefix\"")
		return ""
	}
	prefix := o.text("prefix")
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"
	if n := o.get("prefix"); n.kind == textNode && (prefix == "" || len(prefix) > 16 || strings.Trim(prefix, letters) != "") {
		l.refuse(n.span, ruleInvalidValue, "the prefix of a path id is 1 to 16 of the letters A–Z and a–z, - and _")
	}
	return prefix
}

// accepts reads the JSON kinds of an id: strings only unless it says more.
func (l *loader) accepts(id *ID, o *object) {
	if o.get("accepts") == nil {
		id.String = true
		return
	}
	for _, n := range o.texts("accepts", 3) {
		switch n.text {
		case "string":
			id.String = true
		case "int":
			id.Int = true
		case "float":
			id.Float = true
		default:
			l.refuse(n.span, ruleInvalidValue, "an id is not %q%s", shorten(n.text), hint(n.text, []string{"string", "int", "float"}))
		}
	}
}

func (l *loader) loadLevelStatus(level *object) StatusKey {
	status := StatusKey{Key: "status", Pos: l.pos(level.spanOf("status"))}
	n := level.get("status")
	if n == nil {
		return status
	}
	o := l.object(n, level.spanOf("status"), &levelStatusConstruct)
	if o.get("key") != nil {
		status.Key = l.jsonKey(o, "key")
	}
	status.Optional = o.bool("optional")
	return status
}

// levelMachine returns the machine of a level: the one it names, else the only
// one. It is nil if there is none; that has been reported.
func (l *loader) levelMachine(o *object) *Machine {
	n := o.get("machine")
	if n == nil {
		if len(l.model.Machines) > 1 {
			l.refuse(o.at, ruleMissingKey, "a level needs the key \"machine\" where there are several: %s", listOr(l.machines.order))
		}
		if len(l.model.Machines) != 1 {
			return nil
		}
		l.used[l.model.Machines[0]] = true
		return l.model.Machines[0]
	}
	m, ok := find(l, &l.machines, n, "machine")
	if ok {
		l.used[m] = true
	}
	return m
}
