package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/schema"
)

// emitDescriptor writes the descriptor as a literal, and what compiles it.
func emitDescriptor(p *plan) *source {
	s := newSource(p, descriptorFile+Suffix)
	s.declare("The engine must be one that understands this code: if the next line does not compile, generate again.",
		jen.Const().Id("_").Op("=").Add(engine("GeneratedVersion1")))
	constants(s, "The engine's numbers of the levels.", engine("Level"), levelPositions(p))
	constants(s, "Positions of the enums in the descriptor.", nil, enumPositions(p))
	constants(s, "Positions of the objects in the descriptor.", nil, objectPositions(p))
	s.declare("format is the compiled descriptor, made when it is first needed.",
		jen.Var().Id("format").Op("=").Qual("sync", "OnceValue").Call(
			jen.Func().Params().Op("*").Add(engine("Type")).Block(
				jen.Return(engine("MustNewType").Call(jen.Id("descriptor").Call())))))
	s.function("descriptor tells the engine what documents look like.",
		jen.Id("descriptor").Params().Add(engine("Descriptor")),
		jen.Return(engine("Descriptor").Add(lines(p.descriptorFields()...))))
	return s
}

// constants writes a block of positions, if there are any.
func constants(s *source, doc string, typ *jen.Statement, names []string) {
	if len(names) == 0 {
		return
	}
	s.declare(doc, jen.Const().DefsFunc(func(g *jen.Group) {
		for i, name := range names {
			constant := jen.Id(name)
			if i == 0 {
				constant.Add(typ).Op("=").Iota()
			}
			g.Add(constant)
		}
	}))
}

func levelPositions(p *plan) []string {
	var names []string
	for _, l := range p.levels {
		names = append(names, l.position)
	}
	return names
}

func enumPositions(p *plan) []string {
	var names []string
	for _, e := range p.enums {
		names = append(names, e.position)
	}
	return names
}

func objectPositions(p *plan) []string {
	var names []string
	for _, o := range p.objects {
		names = append(names, o.position)
	}
	return names
}

// keyed gathers the elements of a struct literal and leaves out zero values.
type keyed struct {
	elements []jen.Code
}

func (k *keyed) add(name string, value jen.Code) {
	k.elements = append(k.elements, jen.Id(name).Op(":").Add(value))
}

func (k *keyed) text(name, value string) {
	if value != "" {
		k.add(name, literal(value))
	}
}

func (k *keyed) flag(name string, value bool) {
	if value {
		k.add(name, jen.True())
	}
}

func (k *keyed) texts(name string, values []string) {
	if len(values) > 0 {
		k.add(name, textList(values))
	}
}

// slice adds a list of which every element has a line of its own.
func (k *keyed) slice(name string, typ jen.Code, elements []jen.Code) {
	if len(elements) > 0 {
		k.add(name, jen.Index().Add(typ).Add(lines(elements...)))
	}
}

func (p *plan) descriptorFields() []jen.Code {
	d := p.descriptor
	k := &keyed{}
	k.text("Name", d.Name)
	var roots, statuses, events, machines, enums, objects, levels []jen.Code
	for _, r := range d.Roots {
		roots = append(roots, rootShape(r))
	}
	for _, s := range p.model.Statuses {
		statuses = append(statuses, status(s))
	}
	for _, e := range d.Events {
		events = append(events, literal(e))
	}
	for _, m := range p.model.Machines {
		machines = append(machines, engine("MachineOf").Call(jen.Id(machineName(m)).Call()))
	}
	for i, e := range d.Enums {
		enums = append(enums, p.enumDescriptor(i, e))
	}
	for i, o := range d.Objects {
		objects = append(objects, p.objectDescriptor(i, o))
	}
	for i, l := range d.Levels {
		levels = append(levels, p.levelDescriptor(i, l))
	}
	k.slice("Roots", engine("Root"), roots)
	k.slice("Statuses", engine("StatusDescriptor"), statuses)
	k.slice("Events", jen.String(), events)
	k.slice("Machines", definition(engine("Status"), engine("Event")), machines)
	k.slice("Enums", engine("EnumDescriptor"), enums)
	k.slice("Objects", engine("ObjectDescriptor"), objects)
	k.slice("Levels", engine("LevelDescriptor"), levels)
	k.text("Indent", d.Indent)
	k.flag("FinalNewline", d.FinalNewline)
	return k.elements
}

func rootShape(r document.Root) jen.Code {
	k := &keyed{}
	k.add("Kind", engine([...]string{"", "RootObject", "RootArray", "RootGroups"}[r.Kind]))
	k.text("Key", r.Key)
	return jen.Values(k.elements...)
}

func status(s *schema.Status) jen.Code {
	k := &keyed{}
	k.text("Name", s.Name)
	k.add("Category", category(s.Category))
	k.texts("Aliases", s.Aliases)
	return jen.Values(k.elements...)
}

func (p *plan) enumDescriptor(i int, e document.EnumDescriptor) jen.Code {
	k := &keyed{}
	k.text("Name", e.Name)
	k.add("Values", of(camel(e.Name)+"Names", "Of").Index(jen.Lit(1).Op(":")))
	k.flag("Warn", e.Warn)
	return jen.Id(p.enums[i].position).Op(":").Values(k.elements...)
}

func (p *plan) objectDescriptor(i int, o document.ObjectDescriptor) jen.Code {
	k := &keyed{}
	k.text("Name", o.Name)
	k.slice("Fields", engine("FieldDescriptor"), p.fieldDescriptors(p.objects[i].fields, o.Fields))
	return jen.Id(p.objects[i].position).Op(":").Add(lines(k.elements...))
}

func (p *plan) levelDescriptor(i int, l document.LevelDescriptor) jen.Code {
	planned := p.levels[i]
	k := &keyed{}
	k.text("Name", l.Name)
	k.text("Plural", l.Plural)
	k.add("ID", engine("IDDescriptor").Values(idDescriptor(l.ID)...))
	k.text("StatusKey", l.StatusKey)
	k.flag("StatusOptional", l.StatusOptional)
	if l.Machine != 0 {
		k.add("Machine", jen.Lit(l.Machine))
	}
	k.text("Children", l.Children)
	k.flag("ChildrenRequired", l.ChildrenRequired)
	k.flag("ChildrenNullable", l.ChildrenNullable)
	k.slice("Fields", engine("FieldDescriptor"), p.fieldDescriptors(planned.fields, l.Fields))
	var guards []jen.Code
	for n, g := range l.Guards {
		guards = append(guards, p.guardDescriptor(planned, planned.Guards[n], g))
	}
	k.slice("Guards", engine("Guard"), guards)
	if l.Rollup != nil {
		k.add("Rollup", jen.Op("&").Add(engine("Rollup")).Values(
			jen.Id("When").Op(":").Add(categorySet(planned.Rollup.When)),
			jen.Id("To").Op(":").Add(engineStatus(planned.Rollup.To)),
		))
	}
	if planned.Claim != nil {
		k.add("Claim", claim(planned.Claim))
	}
	return jen.Id(planned.position).Op(":").Add(lines(k.elements...))
}

func claim(c *schema.Claim) jen.Code {
	var from []jen.Code
	for _, s := range c.From {
		from = append(from, engineStatus(s))
	}
	return jen.Op("&").Add(engine("Claim")).Values(
		jen.Id("From").Op(":").Index().Add(engine("Status")).Values(from...),
		jen.Id("To").Op(":").Add(engineStatus(c.To)),
	)
}

// engineStatus is a status as the engine has it.
func engineStatus(s *schema.Status) jen.Code { return engine("Status").Call(jen.Id(statusName(s))) }

func idDescriptor(id document.IDDescriptor) []jen.Code {
	k := &keyed{}
	k.add("Kind", engine([...]string{"", "PathID", "TextID", "LocalID"}[id.Kind]))
	k.text("Key", id.Key)
	k.text("Prefix", id.Prefix)
	k.text("Pattern", id.Pattern)
	k.flag("String", id.String)
	k.flag("Int", id.Int)
	k.flag("Float", id.Float)
	return k.elements
}

func (p *plan) fieldDescriptors(planned []*field, fields []document.FieldDescriptor) []jen.Code {
	var list []jen.Code
	for i, f := range fields {
		elements := p.fieldDescriptor(planned[i], f)
		value := jen.Values(elements...)
		if len(f.Rules) > 0 {
			value = lines(elements...)
		}
		list = append(list, jen.Id(planned[i].position).Op(":").Add(value))
	}
	return list
}

func (p *plan) fieldDescriptor(planned *field, f document.FieldDescriptor) []jen.Code {
	k := &keyed{}
	k.text("Name", f.Name)
	k.text("Key", f.Key)
	k.add("Kind", engine(fieldKinds[f.Kind]))
	k.flag("List", f.List)
	k.flag("Required", f.Required)
	k.flag("Nullable", f.Nullable)
	switch planned.Kind {
	case schema.EnumField:
		k.add("Enum", jen.Id(p.enums[f.Enum].position))
	case schema.ObjectField:
		k.add("Object", jen.Id(p.objects[f.Object].position))
	}
	var targets []jen.Code
	for _, target := range f.Targets {
		targets = append(targets, jen.Id(p.levels[target].position))
	}
	if len(targets) > 0 {
		k.add("Targets", jen.Index().Add(engine("Level")).Values(targets...))
	}
	k.text("Constant", f.Constant)
	k.text("Default", f.Default)
	var rules []jen.Code
	for _, r := range f.Rules {
		rules = append(rules, rule(r))
	}
	k.slice("Rules", engine("Rule"), rules)
	return k.elements
}

var fieldKinds = [...]string{
	document.TextField:      "TextField",
	document.IntField:       "IntField",
	document.FloatField:     "FloatField",
	document.BoolField:      "BoolField",
	document.TimeField:      "TimeField",
	document.EnumField:      "EnumField",
	document.ReferenceField: "ReferenceField",
	document.ObjectField:    "ObjectField",
	document.RawField:       "RawField",
	document.ConstantField:  "ConstantField",
}

func rule(r document.Rule) jen.Code {
	k := &keyed{}
	k.add("Kind", engine(ruleKinds[r.Kind]))
	k.flag("Warn", r.Warn)
	if r.Number != 0 {
		k.add("Number", number(r.Number))
	}
	k.text("Text", r.Text)
	k.texts("Values", r.Values)
	return jen.Values(k.elements...)
}

var ruleKinds = [...]string{
	document.MinLength:        "MinLength",
	document.MaxLength:        "MaxLength",
	document.MinItems:         "MinItems",
	document.MaxItems:         "MaxItems",
	document.Minimum:          "Minimum",
	document.Maximum:          "Maximum",
	document.ExclusiveMinimum: "ExclusiveMinimum",
	document.ExclusiveMaximum: "ExclusiveMaximum",
	document.MultipleOf:       "MultipleOf",
	document.Pattern:          "Pattern",
	document.OneOf:            "OneOf",
	document.Prefix:           "Prefix",
	document.Sections:         "Sections",
	document.UniqueItems:      "UniqueItems",
}

func (p *plan) guardDescriptor(l *level, g *schema.Guard, d document.Guard) jen.Code {
	k := &keyed{}
	var events []jen.Code
	for _, e := range g.Events {
		events = append(events, engine("Event").Call(jen.Id(eventName(e))))
	}
	k.add("Events", jen.Index().Add(engine("Event")).Values(events...))
	k.add("Kind", engine([...]string{"", "ChildrenIn", "DependenciesIn", "ParentIn", "CustomGuard"}[d.Kind]))
	if d.Categories != 0 {
		k.add("Categories", categorySet(g.Categories))
	}
	if g.Field != nil {
		k.add("Field", jen.Id(l.fields[d.Field].position))
	}
	k.text("Name", d.Name)
	k.text("Doc", d.Doc)
	return lines(k.elements...)
}

func categorySet(categories []schema.Category) *jen.Statement {
	var constants []jen.Code
	for _, c := range categories {
		constants = append(constants, category(c))
	}
	return engine("CategorySet").Call(constants...)
}
