package schema

func (l *loader) loadPackage(root *object) {
	n := root.get("package")
	if n == nil {
		return
	}
	o := l.object(n, root.spanOf("package"), &packageConstruct)
	p := &l.model.Package
	p.Pos = l.pos(root.spanOf("package"))
	p.Doc = o.doc()
	if p.Name = o.text("name"); p.Name != "" {
		if rule, problem := packageNameProblem(p.Name); problem != "" {
			l.refuse(o.valueSpan("name"), rule, "the package name %q %s", shorten(p.Name), problem)
		}
	}
	p.Root = l.exported(o, "root", "the type of a document")
}

// refuseKey reports a key that does not go with the rest of its object.
func (o *object) refuseKey(key, why string) {
	if o.get(key) != nil {
		o.l.refuse(o.spanOf(key), ruleMisplacedKey, "%s does not belong here: %s", key, why)
	}
}

// exported returns the exported Go name that is the value of a key, "" if it
// is absent or wrong.
func (l *loader) exported(o *object, key, what string) string {
	n := o.get(key)
	if n == nil {
		return ""
	}
	return l.exportedName(n, what)
}

// exportedName returns the text of a node as an exported Go name, "" if it is
// none.
func (l *loader) exportedName(n *node, what string) string {
	if n.kind != textNode {
		l.text(n, "the name of "+what)
		return ""
	}
	if problem := exportedNameProblem(n.text); problem != "" {
		l.refuse(n.span, ruleInvalidName, "the name %q of %s %s%s", shorten(n.text), what, problem, nameHint(n.text))
		return ""
	}
	return n.text
}

func nameHint(s string) string {
	if better := exportName(s); exportedNameProblem(better) == "" {
		return ": want " + better
	}
	return ""
}

// derivedName returns the Go name of something with a name of its own in
// documents: what the key name says, else the export-cased text.
func (l *loader) derivedName(o *object, name *node, what string) string {
	if o.get("name") != nil {
		return l.exported(o, "name", what)
	}
	goName := exportName(name.text)
	if problem := exportedNameProblem(goName); problem != "" {
		l.refuse(name.span, ruleInvalidName, "%s makes the name %q, which %s: give a Go name under the key \"name\"",
			what, shorten(goName), problem)
		return ""
	}
	return goName
}

// documentName returns whether the text of a node can stand in documents as a
// status, an enum value or a JSON key.
func (l *loader) documentName(n *node, what string) bool {
	problem := nameProblem(n.text)
	if problem != "" {
		l.refuse(n.span, ruleInvalidName, "%s %q %s", what, shorten(n.text), problem)
	}
	return problem == ""
}
