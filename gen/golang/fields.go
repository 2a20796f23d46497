package golang

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// record is what levels and objects have in common: a struct around one value of
// the engine, with fields.
type record struct {
	typ      string
	receiver string
	noun     string
	inner    string // name of the struct's only field: "item" or "object"
	fields   []*field
	root     bool // the type of a whole document, whose fields are an object of the engine
}

// engine is the engine's value that has the fields.
func (r record) engine() *jen.Statement {
	if r.root {
		return of(r.receiver, "document").Call().Dot("Fields").Call()
	}
	return of(r.receiver, r.inner)
}

func (l *level) record() record {
	return record{typ: l.Name, receiver: l.receiver, noun: l.noun, inner: "item", fields: getters(l.fields)}
}

func (o *object) record() record {
	return record{typ: o.Name, receiver: o.receiver, noun: o.noun, inner: "object", fields: getters(o.fields)}
}

// emitJSON writes what encoding/json looks for.
func emitJSON(s *source, r record, text, partOf string) {
	s.function("MarshalJSON returns the "+text+". The zero "+r.typ+" is null.",
		receiver(r.receiver, r.typ).Id("MarshalJSON").Params().Params(jen.Index().Byte(), jen.Error()),
		jen.Return(of(r.receiver, r.inner, "MarshalJSON").Call()))
	s.function("UnmarshalJSON returns an error: "+article(r.noun)+" is read as "+partOf+".",
		jen.Params(jen.Id(r.receiver).Op("*").Id(r.typ)).Id("UnmarshalJSON").Params(jen.Id("data").Index().Byte()).Error(),
		jen.Return(of(r.receiver, r.inner, "UnmarshalJSON").Call(jen.Id("data"))))
}

// positions writes the constants by which the fields are known to the engine.
func positions(s *source, noun string, fields []*field) {
	if len(fields) == 0 {
		return
	}
	s.declare("Positions of the fields of "+article(noun)+" in the descriptor.", jen.Const().DefsFunc(func(g *jen.Group) {
		for i, f := range fields {
			constant := jen.Id(f.position)
			if i == 0 {
				constant.Op("=").Iota()
			}
			g.Add(constant)
		}
	}))
}

// accessors writes the getter and the With methods of every field.
func (r record) accessors(s *source) {
	for _, f := range r.fields {
		r.getter(s, f)
		r.withers(s, f)
	}
}

func (r record) getter(s *source, f *field) {
	get := r.engine().Dot(f.engineGetter()).Call(jen.Id(f.position))
	signature := receiver(r.receiver, r.typ).Id(f.Name).Params()
	doc := getterSentence(f)
	switch {
	case f.List:
		s.function(doc, signature.Add(seq(f.goType())), jen.Return(f.sequence(get)))
	case f.maybe():
		s.function(doc+" "+f.absence(), signature.Params(f.goType(), jen.Bool()), f.returnMaybe(get)...)
	default:
		s.function(doc, signature.Add(f.goType()),
			jen.List(jen.Id(f.param), jen.Id("_")).Op(":=").Add(get),
			jen.Return(f.fromEngine(jen.Id(f.param))))
	}
}

// getterSentence is the doc comment of a getter.
func getterSentence(f *field) string {
	if doc := cleanText(f.Doc); isClause(doc) {
		return f.Name + " returns " + lowerFirst(endSentence(doc))
	}
	return sentence(f.Name+" returns the "+f.noun, f.Doc)
}

// returnMaybe returns a value that may be missing.
func (f *field) returnMaybe(get *jen.Statement) []jen.Code {
	if f.typ == "" {
		return []jen.Code{jen.Return(get)}
	}
	return []jen.Code{
		jen.List(jen.Id(f.param), jen.Id("ok")).Op(":=").Add(get),
		jen.Return(f.fromEngine(jen.Id(f.param)), jen.Id("ok")),
	}
}

// sequence converts the engine's sequence to the package's types.
func (f *field) sequence(get *jen.Statement) *jen.Statement {
	if f.typ == "" {
		return get
	}
	convert := jen.Func().Params(jen.Id("v").Add(f.engineType())).Id(f.typ).Block(
		jen.Return(f.fromEngine(jen.Id("v"))))
	return inEngine("Map").Call(get, convert)
}

// absence says when a getter reports false.
func (f *field) absence() string {
	switch {
	case f.Required:
		return "It reports false if there is none (null)."
	case f.Nullable:
		return "It reports false if there is none (absent or null)."
	}
	return "It reports false if there is none."
}

func (r record) withers(s *source, f *field) {
	if r.root {
		r.rootWithers(s, f)
		return
	}
	with := func(value jen.Code) jen.Code {
		return jen.Return(wrapIn(r.typ, of(r.receiver, r.inner).Dot("With").Call(jen.Id(f.position), value)))
	}
	self := func(name string) *jen.Statement { return receiver(r.receiver, r.typ).Id(name) }

	s.function(fmt.Sprintf("With%s returns a copy with the given %s.", f.Name, f.noun),
		self("With"+f.Name).Params(f.parameter()).Id(r.typ), with(f.encode()))
	if f.removable() {
		s.function(fmt.Sprintf("Without%s returns a copy without %s.", f.Name, f.noun),
			self("Without"+f.Name).Params().Id(r.typ), with(f.nothing()))
	}
}

// rootWithers writes the With methods of a field of the document, which go through
// the gate.
func (r record) rootWithers(s *source, f *field) {
	method := func(doc, name string, value jen.Code, params ...jen.Code) {
		change := of(r.receiver, "document").Call().Dot("Type").Call().Dot("FieldChange").Call(jen.Id(f.position), value)
		s.function(doc, receiver(r.receiver, r.typ).Id(name).Params(params...).Params(jen.Id(r.typ), jen.Error()),
			jen.Return(of(r.receiver, "apply").Call(change)))
	}
	method(fmt.Sprintf("With%s returns the document with the given %s. The error is a [*document.ChangeError] that says which rules the value breaks.", f.Name, f.noun),
		"With"+f.Name, f.encode(), f.parameter())
	if f.removable() {
		method(fmt.Sprintf("Without%s returns the document without %s.", f.Name, f.noun), "Without"+f.Name, f.nothing())
	}
}

// parameter is the parameter of a With method.
func (f *field) parameter() *jen.Statement {
	if f.List {
		return jen.Id(f.param).Op("...").Add(f.goType())
	}
	return jen.Id(f.param).Add(f.goType())
}

// removable reports whether there may be no value at all.
func (f *field) removable() bool { return !f.Required || f.Nullable }

// nothing is the engine's value for none: no member, or null where there has to
// be one.
func (f *field) nothing() *jen.Statement {
	if f.Required {
		return inDocument("Null").Call()
	}
	return inDocument("Absent").Call()
}

// maybe reports whether the getter of a single value also says whether there is
// one.
func (f *field) maybe() bool { return !f.List && f.removable() }

// goType is the type of the value, or of the elements of a list.
func (f *field) goType() *jen.Statement {
	switch f.Kind {
	case format.TextField:
		return jen.String()
	case format.IntField:
		return jen.Int64()
	case format.FloatField:
		return jen.Float64()
	case format.BoolField:
		return jen.Bool()
	case format.TimeField:
		return jen.Qual("time", "Time")
	case format.DateField:
		return inDocument("Date")
	case format.DurationField:
		return jen.Qual("time", "Duration")
	case format.RawField:
		return jen.Qual("encoding/json", "RawMessage")
	}
	return jen.Id(f.typ)
}

// engineType is the engine's type where the package has a type of its own.
func (f *field) engineType() *jen.Statement {
	switch f.Kind {
	case format.EnumField:
		return jen.Uint8()
	case format.ReferenceField:
		return inDocument("ID")
	}
	return inDocument("Object")
}

// fromEngine converts a value of the engine to the package's type.
func (f *field) fromEngine(value jen.Code) *jen.Statement {
	switch f.Kind {
	case format.EnumField:
		return convert(f.typ, value)
	case format.ReferenceField, format.ObjectField:
		return wrapIn(f.typ, value)
	}
	return jen.Add(value)
}

// engineGetter is the engine's method that reads the field.
func (f *field) engineGetter() string {
	name := f.kindName()
	if f.List {
		name += "s"
	}
	return name
}

// kindName is the name that the engine's methods have for the kind.
func (f *field) kindName() string {
	switch f.Kind {
	case format.IntField:
		return "Int"
	case format.FloatField:
		return "Float"
	case format.BoolField:
		return "Bool"
	case format.TimeField:
		return "Time"
	case format.DateField:
		return "Date"
	case format.DurationField:
		return "Duration"
	case format.EnumField:
		return "Enum"
	case format.ReferenceField:
		return "Reference"
	case format.ObjectField:
		return "Object"
	case format.RawField:
		return "Raw"
	}
	return "Text"
}

// encode makes the engine's value of the parameter that holds the field's.
func (f *field) encode() *jen.Statement {
	switch {
	case f.List && f.typ != "":
		return inEngine("ListOf").Call(jen.Id(f.param), of(f.typ, "value"))
	case f.List && f.Kind == format.RawField: // RawValue takes bytes, and their type is another
		return inEngine("ListOf").Call(jen.Id(f.param), jen.Func().Params(jen.Id("v").Add(f.goType())).Add(inDocument("Value")).Block(
			jen.Return(inDocument("RawValue").Call(jen.Id("v")))))
	case f.List:
		return inEngine("ListOf").Call(jen.Id(f.param), inDocument(f.valueName()))
	case f.typ != "":
		return of(f.param, "value").Call()
	}
	return inDocument(f.valueName()).Call(jen.Id(f.param))
}

// valueName is the engine's function that makes a value of one of Go's own types.
func (f *field) valueName() string {
	switch f.Form {
	case format.CompactTime:
		return "CompactTimeValue"
	case format.UnixSeconds:
		return "UnixTimeValue"
	case format.UnixMilliseconds:
		return "UnixMilliTimeValue"
	}
	return f.kindName() + "Value"
}
