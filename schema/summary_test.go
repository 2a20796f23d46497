package schema_test

import (
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
)

// summary writes everything that a model holds, one thing a line, with its
// line and column.
func summary(m *schema.Model) string {
	s := &summarizer{}
	s.line(m.Package.Pos, "package %s root %s %q", m.Package.Name, m.Package.Root, m.Package.Doc)
	s.line(m.Document.Pos, "document %q %v", m.Document.Indent, m.Document.FinalNewline)
	for _, shape := range m.Document.Shapes {
		s.line(shape.Pos, "  shape %d", shape.Kind)
		s.lists(shape.Lists)
	}
	s.fields(m.Document.Fields)
	for i, status := range m.Statuses {
		s.index("status", i, status.Index)
		s.line(status.Pos, "status %q %s %s %q %q", status.Name, status.GoName, status.Category, status.Aliases, status.Doc)
	}
	for i, e := range m.Events {
		s.index("event", i, e.Index)
		s.line(e.Pos, "event %q %s %q", e.Name, e.GoName, e.Doc)
	}
	for i, machine := range m.Machines {
		s.index("machine", i, machine.Index)
		s.machine(machine)
	}
	for i, e := range m.Enums {
		s.index("enum", i, e.Index)
		s.line(e.Pos, "enum %s warn=%v %q", e.Name, e.Warn, e.Doc)
		for j, v := range e.Values {
			s.index("value", j, v.Index)
			s.line(v.Pos, "  value %q %s %q %q", v.Name, v.GoName, v.Aliases, v.Doc)
		}
	}
	for i, o := range m.Objects {
		s.index("object", i, o.Index)
		s.line(o.Pos, "object %s %q", o.Name, o.Doc)
		s.fields(o.Fields)
	}
	for i, l := range m.Levels {
		s.index("level", i, l.Index)
		s.level(l)
	}
	for i, g := range m.CustomGuards {
		s.index("custom guard", i, g.Index)
		s.line(g.Pos, "custom guard %s %q", g.Name, g.Doc)
	}
	for _, w := range m.Warnings {
		fmt.Fprintln(&s.b, w)
	}
	return s.b.String()
}

type summarizer struct{ b strings.Builder }

func (s *summarizer) line(pos schema.Pos, format string, args ...any) {
	fmt.Fprintf(&s.b, format, args...)
	fmt.Fprintf(&s.b, " @%d:%d\n", pos.Line, pos.Column)
}

// index writes positions that do not agree, which no summary should hold.
func (s *summarizer) index(what string, want, got int) {
	if got != want {
		fmt.Fprintf(&s.b, "WRONG INDEX of %s: %d, want %d\n", what, got, want)
	}
}

func (s *summarizer) machine(m *schema.Machine) {
	s.line(m.Pos, "machine %s %s initial %s states %v %q", m.Name, m.GoName, m.Initial.Name, statusNames(m.States), m.Doc)
	for _, t := range m.Transitions {
		s.line(t.Pos, "  %s: %v -> %s", t.Event.Name, statusNames(t.From), t.To.Name)
	}
}

func statusNames(list []*schema.Status) []string {
	var names []string
	for _, s := range list {
		names = append(names, s.Name)
	}
	return names
}

func (s *summarizer) level(l *schema.Level) {
	machine := "none"
	if l.Machine != nil {
		machine = l.Machine.Name
	}
	s.line(l.Pos, "level %s %s machine %s %q", l.Name, l.Plural, machine, l.Doc)
	s.line(l.ID.Pos, "  id %d %q prefix %q pattern %q string=%v int=%v float=%v",
		l.ID.Kind, l.ID.Path.String(), l.ID.Prefix, l.ID.Pattern, l.ID.String, l.ID.Int, l.ID.Float)
	if l.ID.Next || l.ID.WarnDuplicate {
		fmt.Fprintf(&s.b, "    next=%v %q %q duplicate warns=%v\n", l.ID.Next, l.ID.NextPrefix, l.ID.NextSuffix, l.ID.WarnDuplicate)
	}
	if status := l.Status; status != nil {
		s.line(status.Pos, "  status %q optional=%v", status.Path.String(), status.Optional)
		if status.Nullable || status.WarnUnknown {
			fmt.Fprintf(&s.b, "    nullable=%v unknown warns=%v\n", status.Nullable, status.WarnUnknown)
		}
		for _, v := range status.Values {
			s.line(v.Pos, "    value of %s: %s, which is %s", v.Status.Name, strings.Join(v.JSON, " or "), strings.Join(v.Canonical, " or "))
		}
	}
	s.lists(l.Children)
	s.fields(l.Fields)
	for _, g := range l.Guards {
		s.guard(g)
	}
	if r := l.Rollup; r != nil {
		s.line(r.Pos, "  rollup %v -> %s", r.When, r.To.Name)
	}
	if c := l.Claim; c != nil {
		s.line(c.Pos, "  claim %v -> %s", statusNames(c.From), c.To.Name)
		if l.Dependencies != nil {
			fmt.Fprintf(&s.b, "    after %s\n", l.Dependencies)
		}
	}
}

func (s *summarizer) lists(lists []schema.List) {
	for _, list := range lists {
		s.line(list.Pos, "    list %q of %s keyed=%v required=%v nullable=%v", list.Path, list.Of.Name, list.Keyed, list.Required, list.Nullable)
	}
}

func (s *summarizer) guard(g *schema.Guard) {
	var events []string
	for _, e := range g.Events {
		events = append(events, e.Name)
	}
	looksAt := ""
	if g.References != nil {
		looksAt += " field " + g.References.String()
	}
	if g.Custom != nil {
		looksAt += " custom " + g.Custom.Name
	}
	s.line(g.Pos, "  guard %v kind %d %v%s %q", events, g.Kind, g.Categories, looksAt, g.Doc)
}

func (s *summarizer) fields(fields []*schema.Field) {
	for i, f := range fields {
		s.index("field", i, f.Index)
		typ := ""
		if f.Enum != nil {
			typ += " " + f.Enum.Name
		}
		if f.Object != nil {
			typ += " " + f.Object.Name
		}
		if f.Form != 0 {
			typ += " " + f.Form.String()
		}
		for _, t := range f.Targets {
			typ += " ->" + t.Name
		}
		s.line(f.Pos, "  field %q %s kind %d%s list=%v required=%v nullable=%v any=%v constant %q default %q %q",
			f.Key, f.Name, f.Kind, typ, f.List, f.Required, f.Nullable, f.AnyTarget, f.Constant, f.Default, f.Doc)
		for _, r := range f.Rules {
			s.line(r.Pos, "    rule %d warn=%v %v %q %q", r.Kind, r.Warn, r.Number, r.Text, r.Values)
		}
	}
}
