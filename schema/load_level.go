package schema

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
	l.loadLevelStatus(level, o)
	level.Children = l.loadChildren(level, o)
	level.Fields = l.fields(o)
	for _, n := range o.list("guards", maxGuards) {
		l.loadGuard(level, n)
	}
	if n := o.get("rollup"); n != nil {
		level.Rollup = l.loadRollup(n, o.spanOf("rollup"))
	}
	level.Dependencies = level.dependencies()
	if n := o.get("claim"); n != nil {
		level.Claim = l.loadClaim(level, n, o.spanOf("claim"))
	}
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
