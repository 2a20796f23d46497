package golang

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// specFields writes the fields of a spec struct.
func specFields(g *jen.Group, fields []*field) {
	for _, f := range fields {
		comment(g, specDoc(f))
		g.Id(f.Name).Add(f.specType())
	}
}

// specDoc is the description of a field, and what leaving it zero means.
func specDoc(f *field) string {
	doc := cleanText(f.Doc)
	if doc != "" {
		doc = endSentence(doc)
	}
	switch hasDefault := f.Default != "" && f.Default != "null" && f.Default != "[]"; {
	case hasDefault && (f.maybe() || f.List):
		doc += " Nil for the default, " + f.Default + "."
	case hasDefault:
		doc += " Zero for the default, " + f.Default + "."
	case f.maybe():
		doc += " Nil for none."
	}
	return doc
}

// specType is the type of a field in a spec: a pointer where the value may be
// missing.
func (f *field) specType() *jen.Statement {
	switch {
	case f.List:
		return jen.Index().Add(f.goType())
	case f.maybe():
		return jen.Op("*").Add(f.goType())
	}
	return f.goType()
}

// specValues writes the elements of the spec literal that a value is made into.
func (r record) specValues() []jen.Code {
	var values []jen.Code
	for _, f := range r.fields {
		get := of(r.receiver, f.Name).Call()
		switch {
		case f.List:
			get = jen.Qual("slices", "Collect").Call(get)
		case f.maybe():
			get = inEngine("Optional").Call(get)
		}
		values = append(values, jen.Id(f.Name).Op(":").Add(get))
	}
	return values
}

// build writes the statements that make a value of a spec, from one that is
// new: a chain of With methods for what has to be there, then the statements of
// more, then one condition for each field that may be left out.
func (r record) build(fresh *jen.Statement, more ...jen.Code) []jen.Code {
	var optional []jen.Code
	chain := fresh
	for _, f := range r.fields {
		given := f.given()
		if f.Required && f.Nullable && f.Default == "" {
			chain.Op(".").Line().Id("Without" + f.Name).Call()
		}
		if given == nil {
			chain.Op(".").Line().Id("With" + f.Name).Call(f.fromSpec())
			continue
		}
		set := of(r.receiver, "With"+f.Name).Call(f.fromSpec())
		optional = append(optional, jen.If(given).Block(jen.Id(r.receiver).Op("=").Add(set)))
	}
	if len(optional)+len(more) == 0 {
		return []jen.Code{jen.Return(chain)}
	}
	body := append([]jen.Code{jen.Id(r.receiver).Op(":=").Add(chain)}, more...)
	body = append(body, optional...)
	return append(body, jen.Return(jen.Id(r.receiver)))
}

// fromSpec is the argument of the With method.
func (f *field) fromSpec() *jen.Statement {
	value := of("spec", f.Name)
	switch {
	case f.List:
		return value.Op("...")
	case f.maybe():
		return jen.Op("*").Add(value)
	}
	return value
}

// given is the condition under which a spec says something about a field, nil
// if it always does.
func (f *field) given() *jen.Statement {
	value := of("spec", f.Name)
	switch {
	case f.maybe(), f.List && (f.removable() || f.Default != ""):
		return value.Op("!=").Nil()
	case f.Default == "":
		return nil
	}
	switch f.Kind {
	case format.TextField:
		return value.Op("!=").Lit("")
	case format.BoolField:
		return value
	case format.TimeField, format.DateField, format.ReferenceField, format.ObjectField:
		return jen.Op("!").Add(value.Dot("IsZero").Call())
	case format.RawField:
		return value.Op("!=").Nil()
	}
	return value.Op("!=").Lit(0)
}

// emitSpec writes the spec of a level, and the functions to and fro.
func emitSpec(p *plan, s *source, l *level) {
	r := l.record()
	s.declare(fmt.Sprintf("%s holds the %s of %s. It is for building one, and for tests that "+
		"compare field by field.", l.spec, l.contents(), article(l.noun)),
		jen.Type().Id(l.spec).StructFunc(func(g *jen.Group) {
			if l.ID.Kind == format.PositionID {
				comment(g, "ID is the place where the "+l.noun+" stood. A new one has none: leave it zero.")
			}
			g.Id("ID").Id(l.id)
			if l.Status != nil {
				comment(g, "Status as it was when the spec was made. A new "+l.noun+" starts as "+l.Machine.Initial.Name+": leave it zero.")
				g.Id("Status").Id("Status")
			}
			specFields(g, r.fields)
		}))

	s.function(fmt.Sprintf("New%s returns %s that is in no document yet. [%s.Add%s] checks it.",
		l.Name, article(l.noun), p.root.name, l.Name),
		jen.Id("New"+l.Name).Params(jen.Id("spec").Id(l.spec)).Id(l.Name),
		r.build(wrapIn(l.Name, newItem(l)), statusOfSpec(l)...)...)

	values := []jen.Code{jen.Id("ID").Op(":").Add(of(l.receiver, "ID").Call())}
	if l.Status != nil {
		values = append(values, jen.Id("Status").Op(":").Add(of(l.receiver, "Status").Call()))
	}
	values = append(values, r.specValues()...)
	s.function("Spec returns the "+l.contents()+". Children are not part of it.",
		receiver(l.receiver, l.Name).Id("Spec").Params().Id(l.spec),
		jen.Return(jen.Id(l.spec).Add(lines(values...))))
}

// newItem is the engine's new item with the id of a spec.
func newItem(l *level) *jen.Statement {
	return compiled().Dot("NewItem").Call(jen.Id(l.position), of("spec", "ID", "id"))
}

// contents names what an item has beside its children.
func (l *level) contents() string {
	if l.Status == nil {
		return "id and fields"
	}
	return "id, status and fields"
}

// statusOfSpec gives a new item the status of its spec, if it has one.
func statusOfSpec(l *level) []jen.Code {
	if l.Status == nil {
		return nil
	}
	item := of(l.receiver, "item")
	return []jen.Code{jen.If(of("spec", "Status").Op("!=").Lit(0)).Block(
		item.Clone().Op("=").Add(item).Dot("WithStatus").Call(inDocument("Status").Call(of("spec", "Status"))))}
}
