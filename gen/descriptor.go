package gen

import (
	"cmp"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// Descriptor returns what the engine has to know about the format that the
// model describes. Levels, statuses, events, machines, enums and fields keep
// their positions. Objects come after those they contain, otherwise in the order
// of the schema.
func Descriptor(m *schema.Model) format.Descriptor {
	d := describer{objects: objectOrder(m)}
	out := format.Descriptor{
		Name:         m.Package.Name,
		Indent:       m.Document.Indent,
		FinalNewline: m.Document.FinalNewline,
	}
	for _, s := range m.Document.Shapes {
		path := s.Lists[0].Path
		out.Roots = append(out.Roots, format.Root{Kind: s.Kind, Key: path.Key(), Within: path.Within()})
	}
	out.Fields = d.fields(m.Document.Fields)
	for _, s := range m.Statuses {
		out.Statuses = append(out.Statuses, format.StatusDescriptor{
			Name:     s.Name,
			Category: s.Category,
			Aliases:  slices.Clone(s.Aliases),
		})
	}
	for _, e := range m.Events {
		out.Events = append(out.Events, e.Name)
	}
	for _, machine := range m.Machines {
		out.Machines = append(out.Machines, machineOf(machine))
	}
	for _, e := range m.Enums {
		out.Enums = append(out.Enums, enumDescriptor(e))
	}
	for _, o := range d.objects {
		out.Objects = append(out.Objects, format.ObjectDescriptor{Name: o.Name, Fields: d.fields(o.Fields)})
	}
	for _, l := range m.Levels {
		out.Levels = append(out.Levels, d.level(l))
	}
	return out
}

// objectOrder returns the objects such that each comes after those it contains.
func objectOrder(m *schema.Model) []*schema.Object {
	var order []*schema.Object
	var add func(o *schema.Object)
	add = func(o *schema.Object) {
		if slices.Contains(order, o) {
			return
		}
		for _, f := range o.Fields {
			if f.Object != nil {
				add(f.Object)
			}
		}
		order = append(order, o)
	}
	for _, o := range m.Objects {
		add(o)
	}
	return order
}

func machineOf(machine *schema.Machine) format.Machine {
	out := format.Machine{Name: machine.Name, Initial: statusOf(machine.Initial)}
	for _, s := range machine.States {
		out.States = append(out.States, statusOf(s))
	}
	for _, t := range machine.Transitions {
		transition := format.Transition{Event: eventOf(t.Event), To: statusOf(t.To)}
		for _, s := range t.From {
			transition.From = append(transition.From, statusOf(s))
		}
		out.Transitions = append(out.Transitions, transition)
	}
	return out
}

func statusOf(s *schema.Status) document.Status { return document.Status(s.Index + 1) }

func eventOf(e *schema.Event) document.Event { return document.Event(e.Index + 1) }

func enumDescriptor(e *schema.Enum) format.EnumDescriptor {
	out := format.EnumDescriptor{Name: e.Name, Warn: e.Warn}
	for _, v := range e.Values {
		out.Values = append(out.Values, format.EnumValue{Name: v.Name, Aliases: slices.Clone(v.Aliases)})
	}
	return out
}

// describer maps the parts of a schema that refer to objects by position.
type describer struct {
	objects []*schema.Object
}

func (d describer) level(l *schema.Level) format.LevelDescriptor {
	out := format.LevelDescriptor{
		Name:   l.Name,
		Plural: l.Plural,
		ID: format.IDDescriptor{
			Kind:          l.ID.Kind,
			Key:           l.ID.Path.Key(),
			Within:        l.ID.Path.Within(),
			Prefix:        l.ID.Prefix,
			Pattern:       l.ID.Pattern,
			String:        l.ID.String,
			Int:           l.ID.Int,
			Next:          nextID(l.ID),
			Float:         l.ID.Float,
			WarnDuplicate: l.ID.WarnDuplicate,
		},
		Fields: d.fields(l.Fields),
	}
	out.NoStatus = l.Status == nil
	if l.Status != nil {
		out.StatusKey, out.StatusWithin = l.Status.Path.Key(), l.Status.Path.Within()
		out.StatusOptional, out.StatusNullable = l.Status.Optional, l.Status.Nullable
		out.Machine = l.Machine.Index
		for _, v := range l.Status.Values {
			out.StatusValues = append(out.StatusValues, format.StatusValue{Status: statusOf(v.Status), JSON: slices.Clone(v.JSON)})
		}
	}
	for _, c := range l.Children {
		out.Children, out.ChildrenWithin = c.Path.Key(), c.Path.Within()
		out.ChildrenRequired, out.ChildrenNullable = c.Required, c.Nullable
	}
	for _, g := range l.Guards {
		out.Guards = append(out.Guards, guard(g))
	}
	if r := l.Rollup; r != nil {
		out.Rollup = &format.Rollup{When: categories(r.When), To: statusOf(r.To)}
	}
	if l.NamesDependencies {
		named := references(l.Dependencies)
		out.Dependencies = &named
	}
	if c := l.Claim; c != nil {
		out.Claim = &format.Claim{To: statusOf(c.To)}
		for _, s := range c.From {
			out.Claim.From = append(out.Claim.From, statusOf(s))
		}
	}
	return out
}

// nextID is how new ids are made, "" where nothing says so.
func nextID(id schema.ID) string {
	if !id.Next {
		return ""
	}
	return id.NextPrefix + format.NextNumber + id.NextSuffix
}

func (d describer) fields(fields []*schema.Field) []format.FieldDescriptor {
	var out []format.FieldDescriptor
	for _, f := range fields {
		descriptor := format.FieldDescriptor{
			Name:     f.Name,
			Key:      f.Key,
			Kind:     f.Kind,
			Form:     f.Form,
			List:     f.List,
			Required: f.Required,
			Nullable: f.Nullable,
			Constant: f.Constant,
			Default:  f.Default,
			Rules:    rules(f.Rules),
		}
		if !f.AnyTarget {
			for _, target := range f.Targets {
				descriptor.Targets = append(descriptor.Targets, document.Level(target.Index))
			}
		}
		if f.Enum != nil {
			descriptor.Enum = f.Enum.Index
		}
		if f.Object != nil {
			descriptor.Object = slices.Index(d.objects, f.Object)
		}
		out = append(out, descriptor)
	}
	return out
}

func rules(rules []schema.Rule) []format.Rule {
	var out []format.Rule
	for _, r := range rules {
		out = append(out, format.Rule{
			Kind:   r.Kind,
			Warn:   r.Warn,
			Number: r.Number,
			Text:   r.Text,
			Values: slices.Clone(r.Values),
		})
	}
	return out
}

func guard(g *schema.Guard) format.Guard {
	out := format.Guard{Kind: g.Kind, Categories: categories(g.Categories), Doc: clause(g.Doc)}
	for _, e := range g.Events {
		out.Events = append(out.Events, eventOf(e))
	}
	if g.References != nil {
		out.References = references(g.References)
	}
	if g.Custom != nil {
		out.Name = g.Custom.Name
		out.Doc = clause(cmp.Or(g.Doc, g.Custom.Doc))
	}
	return out
}

func references(r *schema.References) format.References {
	var out format.References
	for _, f := range r.Fields {
		out.Fields = append(out.Fields, f.Index)
	}
	for _, c := range r.Where {
		out.Where = append(out.Where, format.Condition{Field: c.Field.Index, JSON: c.JSON})
	}
	return out
}

// clause is the first paragraph of a description as part of a sentence: on one
// line, without a period.
func clause(doc string) string {
	first, _, _ := strings.Cut(doc, "\n\n")
	return strings.TrimSuffix(strings.Join(strings.Fields(first), " "), ".")
}

func categories(categories []format.Category) format.Categories {
	var out format.Categories
	for _, c := range categories {
		out |= format.CategorySet(c)
	}
	return out
}
