package schema

import (
	"fmt"
	"strings"
)

// scope is a set of Go names that must not repeat.
type scope struct {
	l *loader
	// place that messages name: "the package", "the type Task".
	place string
	taken map[string]string
}

func (l *loader) newScope(place string, generated ...string) *scope {
	s := &scope{l: l, place: place, taken: make(map[string]string)}
	for _, name := range generated {
		s.taken[name] = "generated code"
	}
	return s
}

// claim takes names for one thing and reports the first that is taken.
func (s *scope) claim(owner string, at Pos, list ...string) {
	reported := false
	for _, name := range list {
		other, ok := s.taken[name]
		if !ok {
			s.taken[name] = fmt.Sprintf("%s (line %d)", owner, at.Line)
			continue
		}
		if !reported {
			s.l.refuse(s.l.spanOf(at), ruleNameCollision, "%s needs the Go name %s, which %s has already in %s",
				owner, name, other, s.place)
		}
		reported = true
	}
}

// checkIdentifiers refuses names that collide in the generated package.
func (l *loader) checkIdentifiers() {
	l.checkPackageNames()
	l.checkRootMethods()
	for _, level := range l.model.Levels {
		if level.Name == "" {
			continue
		}
		s := l.newScope("the type "+level.Name, itemMethods...)
		for _, child := range level.below() {
			if child.Plural != "" {
				s.claim("the level "+child.Name, child.Pos, child.Plural)
			}
		}
		l.checkFieldNames(s, level.Fields)
	}
	for _, o := range l.model.Objects {
		l.checkFieldNames(l.newScope("the type "+o.Name, objectMethods...), o.Fields)
	}
}

// checkFieldNames claims the getter and the With methods of each field.
func (l *loader) checkFieldNames(s *scope, fields []*Field) {
	for _, f := range fields {
		if f.Name != "" {
			s.claim("the field "+f.Key, f.Pos, f.Name, "With"+f.Name, "Without"+f.Name)
		}
	}
}

func (l *loader) checkPackageNames() {
	m := l.model
	s := l.newScope("the package", packageNames...)
	// Files and people do not tell names apart by case.
	types := l.newScope("the package, but for capitals")
	declare := func(name, owner string, at Pos, derived ...string) {
		if name == "" {
			return
		}
		s.claim(owner, at, append([]string{name}, derived...)...)
		types.claimFolded(owner, at, name, s)
	}
	declare(m.Package.Root, "the root "+m.Package.Root, m.Package.Pos)
	for _, level := range m.Levels {
		n := level.Name
		declare(n, "the level "+n, level.Pos, n+"ID", n+"Spec", "New"+n, "Parse"+n+"ID", "Must"+n+"ID", "New"+n+"ID", "Level"+n)
	}
	for _, e := range m.Enums {
		declare(e.Name, "the enum "+e.Name, e.Pos, "Parse"+e.Name, e.Name+"Values")
	}
	for _, o := range m.Objects {
		declare(o.Name, "the object "+o.Name, o.Pos, o.Name+"Spec", "New"+o.Name)
	}
	l.claimConstants(s)
}

func (l *loader) claimConstants(s *scope) {
	for _, m := range l.model.Machines {
		if m.GoName != "" {
			s.claim("the machine "+m.Name, m.Pos, m.GoName+"Machine")
		}
	}
	for _, status := range l.model.Statuses {
		if status.GoName != "" {
			s.claim(fmt.Sprintf("the status %q", status.Name), status.Pos, "Status"+status.GoName)
		}
	}
	for _, event := range l.model.Events {
		if event.GoName != "" {
			s.claim(fmt.Sprintf("the event %q", event.Name), event.Pos, "Event"+event.GoName)
		}
	}
	for _, e := range l.model.Enums {
		for _, v := range e.Values {
			if v.GoName != "" && e.Name != "" {
				s.claim(fmt.Sprintf("the value %q", v.Name), v.Pos, e.Name+v.GoName)
			}
		}
	}
}

// claimFolded claims the name without regard to case, unless exact has
// reported the same name.
func (s *scope) claimFolded(owner string, at Pos, name string, exact *scope) {
	folded := strings.ToLower(name)
	if other, ok := s.taken[folded]; ok {
		if strings.HasPrefix(exact.taken[name], owner+" (") {
			s.l.refuse(s.l.spanOf(at), ruleNameCollision, "%s differs only in capitals from %s", owner, other)
		}
		return
	}
	s.taken[folded] = fmt.Sprintf("%s (line %d)", owner, at.Line)
}

// checkRootMethods claims the methods of the type of a document.
func (l *loader) checkRootMethods() {
	s := l.newScope("the type "+l.model.Package.Root, rootMethods...)
	l.checkFieldNames(s, l.model.Document.Fields)
	for _, level := range l.model.Levels {
		if level.Name == "" || level.Plural == "" {
			continue
		}
		s.claim("the level "+level.Name, level.Pos, level.Name, level.Plural, "With"+level.Name, "Add"+level.Name, "Next"+level.Name+"ID")
	}
}

// The names that generated code has whatever its schema. Methods that go vet
// wants in one form only, and those that change how fmt prints, are among them.
var (
	packageNames = []string{
		"Item", "ItemID", "ParseItemID", "MustItemID", "Level", "Levels", "ParseLevel", "Status", "Statuses",
		"ParseStatus", "Event", "Events", "ParseEvent", "Guards", "Parse", "New", "Open", "OpenStore", "Create",
		"Format", "Batcher", "Change", "Claim", "Diff", "Difference", "Stateful",
		"First", "Last", "Before", "After",
	}
	itemMethods   = append([]string{"ID", "ItemID", "Level", "Status", "WithStatus", "Parent"}, objectMethods...)
	objectMethods = []string{
		"Spec", "Equal", "String", "GoString", "Error", "IsZero", "MarshalJSON", "UnmarshalJSON", "MarshalText",
		"UnmarshalText", "MarshalXML", "UnmarshalXML", "GobEncode", "GobDecode", "ReadByte", "UnreadByte", "WriteByte",
		"ReadRune", "UnreadRune",
	}
	rootMethods = []string{
		"Item", "Items", "Fire", "WithStatus", "Set", "Advance", "Force", "Apply", "Remove", "Move", "AppendJSON",
		"WriteTo", "Size", "Validate", "Count", "Counts", "Len", "Group", "Groups", "Progress", "ProgressOf", "Blockers",
		"Dependents", "Dependencies", "Executable", "NextExecutable", "Cycles", "Dangling", "OpenUnderDone",
		"ItemsByStatus", "Equal", "String", "GoString", "Error", "IsZero", "MarshalJSON", "UnmarshalJSON",
		"MarshalText", "UnmarshalText",
	}
)
