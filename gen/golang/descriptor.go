package golang

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// emitDescriptor writes the descriptor as a literal, and what compiles it.
func emitDescriptor(p *plan) *source {
	s := newSource(p, descriptorFile+Suffix)
	s.declare("The engine must be one that understands this code: if the next line does not compile, generate again.",
		jen.Const().Id("_").Op("=").Add(inEngine("GeneratedVersion1")))
	constants(s, "The engine's numbers of the levels.", inFormat("Level"), levelPositions(p))
	constants(s, "Positions of the enums in the descriptor.", nil, enumPositions(p))
	constants(s, "Positions of the objects in the descriptor.", nil, objectPositions(p))
	s.declare(documentType+" is the compiled descriptor, made when it is first needed.",
		jen.Var().Id(documentType).Op("=").Qual("sync", "OnceValue").Call(
			jen.Func().Params().Op("*").Add(inDocument("Type")).Block(
				jen.Return(inDocument("MustNewType").Call(jen.Id("descriptor").Call())))))
	s.function("descriptor tells the engine what documents look like.",
		jen.Id("descriptor").Params().Add(inFormat("Descriptor")),
		jen.Return(inFormat("Descriptor").Add(lines(p.descriptorFields()...))))
	return s
}

// documentType is the variable of the generated package that compiles the
// descriptor once.
const documentType = "documentType"

// compiled is the engine's type of the documents.
func compiled() *jen.Statement { return jen.Id(documentType).Call() }

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
		machines = append(machines, inEngine("MachineOf").Call(jen.Id(machineName(m)).Call()))
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
	k.slice("Roots", inFormat("Root"), roots)
	k.slice("Fields", inFormat("FieldDescriptor"), p.fieldDescriptors(p.root.fields, d.Fields))
	k.slice("Statuses", inFormat("StatusDescriptor"), statuses)
	k.slice("Events", jen.String(), events)
	k.slice("Machines", inFormat("Machine"), machines)
	k.slice("Enums", inFormat("EnumDescriptor"), enums)
	k.slice("Objects", inFormat("ObjectDescriptor"), objects)
	k.slice("Levels", inFormat("LevelDescriptor"), levels)
	k.text("Indent", d.Indent)
	k.flag("FinalNewline", d.FinalNewline)
	return k.elements
}

func rootShape(r format.Root) jen.Code {
	k := &keyed{}
	k.add("Kind", inFormat([...]string{"", "RootObject", "RootArray", "RootGroups", "RootLines"}[r.Kind]))
	k.text("Key", r.Key)
	k.texts("Within", r.Within)
	return jen.Values(k.elements...)
}

func status(s *schema.Status) jen.Code {
	k := &keyed{}
	k.text("Name", s.Name)
	k.add("Category", inFormat(categoryName(s.Category)))
	k.texts("Aliases", s.Aliases)
	return jen.Values(k.elements...)
}

func (p *plan) enumDescriptor(i int, e format.EnumDescriptor) jen.Code {
	k := &keyed{}
	k.text("Name", e.Name)
	k.add("Values", of(camel(e.Name)+"Names", "Of").Index(jen.Lit(1).Op(":")))
	k.flag("Warn", e.Warn)
	return jen.Id(p.enums[i].position).Op(":").Values(k.elements...)
}

func (p *plan) objectDescriptor(i int, o format.ObjectDescriptor) jen.Code {
	k := &keyed{}
	k.text("Name", o.Name)
	k.slice("Fields", inFormat("FieldDescriptor"), p.fieldDescriptors(p.objects[i].fields, o.Fields))
	return jen.Id(p.objects[i].position).Op(":").Add(lines(k.elements...))
}

func (p *plan) levelDescriptor(i int, l format.LevelDescriptor) jen.Code {
	planned := p.levels[i]
	k := &keyed{}
	k.text("Name", l.Name)
	k.text("Plural", l.Plural)
	k.add("ID", inFormat("IDDescriptor").Values(idDescriptor(l.ID)...))
	k.flag("NoStatus", l.NoStatus)
	k.text("StatusKey", l.StatusKey)
	k.texts("StatusWithin", l.StatusWithin)
	k.slice("StatusValues", inFormat("StatusValue"), p.statusValues(l.StatusValues))
	k.flag("StatusOptional", l.StatusOptional)
	k.flag("StatusNullable", l.StatusNullable)
	if l.Machine != 0 {
		k.add("Machine", jen.Lit(l.Machine))
	}
	k.text("Children", l.Children)
	k.texts("ChildrenWithin", l.ChildrenWithin)
	k.flag("ChildrenRequired", l.ChildrenRequired)
	k.flag("ChildrenNullable", l.ChildrenNullable)
	k.slice("Fields", inFormat("FieldDescriptor"), p.fieldDescriptors(planned.fields, l.Fields))
	var guards []jen.Code
	for n, g := range l.Guards {
		guards = append(guards, p.guardDescriptor(planned, planned.Guards[n], g))
	}
	k.slice("Guards", inFormat("Guard"), guards)
	if l.Rollup != nil {
		k.add("Rollup", jen.Op("&").Add(inFormat("Rollup")).Values(
			jen.Id("When").Op(":").Add(categorySet(planned.Rollup.When)),
			jen.Id("To").Op(":").Add(engineStatus(planned.Rollup.To)),
		))
	}
	if planned.NamesDependencies {
		k.add("Dependencies", jen.Op("&").Add(inFormat("References")).Values(p.references(planned, planned.Dependencies)...))
	}
	if planned.Claim != nil {
		k.add("Claim", claim(planned.Claim))
	}
	return jen.Id(planned.position).Op(":").Add(lines(k.elements...))
}

// statusValues has a line for each status, in the order of the schema.
func (p *plan) statusValues(values []format.StatusValue) []jen.Code {
	var list []jen.Code
	for _, v := range values {
		k := &keyed{}
		k.add("Status", engineStatus(p.model.Statuses[v.Status-1]))
		k.texts("JSON", v.JSON)
		list = append(list, jen.Values(k.elements...))
	}
	return list
}

func claim(c *schema.Claim) jen.Code {
	var from []jen.Code
	for _, s := range c.From {
		from = append(from, engineStatus(s))
	}
	return jen.Op("&").Add(inFormat("Claim")).Values(
		jen.Id("From").Op(":").Index().Add(inFormat("Status")).Values(from...),
		jen.Id("To").Op(":").Add(engineStatus(c.To)),
	)
}

// engineStatus is a status as the engine has it.
func engineStatus(s *schema.Status) jen.Code { return inFormat("Status").Call(jen.Id(statusName(s))) }

func idDescriptor(id format.IDDescriptor) []jen.Code {
	k := &keyed{}
	k.add("Kind", inFormat([...]string{"", "PathID", "TextID", "LocalID", "PositionID"}[id.Kind]))
	k.text("Key", id.Key)
	k.texts("Within", id.Within)
	k.text("Prefix", id.Prefix)
	k.text("Pattern", id.Pattern)
	k.flag("String", id.String)
	k.flag("Int", id.Int)
	k.flag("Float", id.Float)
	k.text("Next", id.Next)
	k.flag("WarnDuplicate", id.WarnDuplicate)
	return k.elements
}

func (p *plan) fieldDescriptors(planned []*field, fields []format.FieldDescriptor) []jen.Code {
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

func (p *plan) fieldDescriptor(planned *field, f format.FieldDescriptor) []jen.Code {
	k := &keyed{}
	k.text("Name", f.Name)
	k.text("Key", f.Key)
	k.add("Kind", inFormat(fieldKinds[f.Kind]))
	if f.Form != format.RFC3339 {
		k.add("Form", inFormat(timeForms[f.Form]))
	}
	k.flag("List", f.List)
	k.flag("Required", f.Required)
	k.flag("Nullable", f.Nullable)
	switch planned.Kind {
	case format.EnumField:
		k.add("Enum", jen.Id(p.enums[f.Enum].position))
	case format.ObjectField:
		k.add("Object", jen.Id(p.objects[f.Object].position))
	}
	var targets []jen.Code
	for _, target := range f.Targets {
		targets = append(targets, jen.Id(p.levels[target].position))
	}
	if len(targets) > 0 {
		k.add("Targets", jen.Index().Add(inFormat("Level")).Values(targets...))
	}
	k.text("Constant", f.Constant)
	k.text("Default", f.Default)
	var rules []jen.Code
	for _, r := range f.Rules {
		rules = append(rules, rule(r))
	}
	k.slice("Rules", inFormat("Rule"), rules)
	return k.elements
}

var fieldKinds = [...]string{
	format.TextField:      "TextField",
	format.IntField:       "IntField",
	format.FloatField:     "FloatField",
	format.BoolField:      "BoolField",
	format.TimeField:      "TimeField",
	format.EnumField:      "EnumField",
	format.ReferenceField: "ReferenceField",
	format.ObjectField:    "ObjectField",
	format.RawField:       "RawField",
	format.ConstantField:  "ConstantField",
	format.DateField:      "DateField",
	format.DurationField:  "DurationField",
}

var timeForms = [...]string{
	format.CompactTime:      "CompactTime",
	format.UnixSeconds:      "UnixSeconds",
	format.UnixMilliseconds: "UnixMilliseconds",
}

func rule(r format.Rule) jen.Code {
	k := &keyed{}
	k.add("Kind", inFormat(ruleKinds[r.Kind]))
	k.flag("Warn", r.Warn)
	if r.Number != 0 {
		k.add("Number", number(r.Number))
	}
	k.text("Text", r.Text)
	k.texts("Values", r.Values)
	return jen.Values(k.elements...)
}

var ruleKinds = [...]string{
	format.MinLength:        "MinLength",
	format.MaxLength:        "MaxLength",
	format.MinItems:         "MinItems",
	format.MaxItems:         "MaxItems",
	format.Minimum:          "Minimum",
	format.Maximum:          "Maximum",
	format.ExclusiveMinimum: "ExclusiveMinimum",
	format.ExclusiveMaximum: "ExclusiveMaximum",
	format.MultipleOf:       "MultipleOf",
	format.Pattern:          "Pattern",
	format.OneOf:            "OneOf",
	format.Prefix:           "Prefix",
	format.Sections:         "Sections",
	format.UniqueItems:      "UniqueItems",
}

func (p *plan) guardDescriptor(l *level, g *schema.Guard, d format.Guard) jen.Code {
	k := &keyed{}
	var events []jen.Code
	for _, e := range g.Events {
		events = append(events, inFormat("Event").Call(jen.Id(eventName(e))))
	}
	k.add("Events", jen.Index().Add(inFormat("Event")).Values(events...))
	k.add("Kind", inFormat([...]string{"", "ChildrenIn", "DependenciesIn", "ParentIn", "CustomGuard"}[d.Kind]))
	if d.Categories != 0 {
		k.add("Categories", categorySet(g.Categories))
	}
	if g.References != nil {
		k.add("References", inFormat("References").Values(p.references(l, g.References)...))
	}
	k.text("Name", d.Name)
	k.text("Doc", d.Doc)
	return lines(k.elements...)
}

// references are the positions that lead to references, and what has to stand
// beside them.
func (p *plan) references(l *level, r *schema.References) []jen.Code {
	var positions, conditions []jen.Code
	around := l.fields
	for i, f := range r.Fields {
		positions = append(positions, jen.Id(around[f.Index].position))
		if i < len(r.Fields)-1 {
			around = p.objectOf(f).fields
		}
	}
	for _, c := range r.Where {
		conditions = append(conditions, jen.Values(
			jen.Id("Field").Op(":").Id(around[c.Field.Index].position),
			jen.Id("JSON").Op(":").Add(literal(c.JSON))))
	}
	k := &keyed{}
	k.add("Fields", jen.Index().Int().Values(positions...))
	if len(conditions) > 0 {
		k.add("Where", jen.Index().Add(inFormat("Condition")).Values(conditions...))
	}
	return k.elements
}

func (p *plan) objectOf(f *schema.Field) *object {
	return p.objects[slices.IndexFunc(p.objects, func(o *object) bool { return o.Object == f.Object })]
}

func categorySet(categories []format.Category) *jen.Statement {
	var constants []jen.Code
	for _, c := range categories {
		constants = append(constants, inFormat(categoryName(c)))
	}
	return inFormat("CategorySet").Call(constants...)
}
