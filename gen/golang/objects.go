package golang

import (
	"fmt"

	"github.com/dave/jennifer/jen"
)

// emitObjects writes the types of object fields.
func emitObjects(p *plan) *source {
	s := newSource(p, objectsFile+Suffix)
	for _, o := range p.objects {
		emitObject(p, s, o)
	}
	return s
}

func emitObject(p *plan, s *source, o *object) {
	r := o.record()
	inner := of(o.receiver, "object")
	self := func(name string) *jen.Statement { return receiver(o.receiver, o.Name).Id(name) }

	positions(s, o.noun, o.fields)
	s.declare(typeSentence(o.Name, o.Name+" is an object", o.Doc)+fmt.Sprintf("\n\nIt is a value: its With methods return changed "+
		"copies. The zero %s is not a value.", o.Name),
		jen.Type().Id(o.Name).Struct(jen.Id("object").Add(inDocument("Object"))))
	s.declare(fmt.Sprintf("%s holds the fields of %s: for building one, and for tests.", o.spec, article(o.noun)),
		jen.Type().Id(o.spec).StructFunc(func(g *jen.Group) { specFields(g, r.fields) }))
	s.function(fmt.Sprintf("New%s returns %s. The document that takes it in checks it.", o.Name, article(o.noun)),
		jen.Id("New"+o.Name).Params(jen.Id("spec").Id(o.spec)).Id(o.Name),
		r.build(wrapIn(o.Name, compiled().Dot("NewObject").Call(jen.Id(o.position))))...)
	s.function("Spec returns the fields.",
		self("Spec").Params().Id(o.spec), jen.Return(jen.Id(o.spec).Add(lines(r.specValues()...))))
	r.accessors(s)
	s.function("IsZero reports whether it is no "+o.noun+".",
		self("IsZero").Params().Bool(), jen.Return(inner.Clone().Dot("IsZero").Call()))
	s.function("Equal reports whether both have the same fields. Unknown members and spelling do not matter.",
		self("Equal").Params(jen.Id("other").Id(o.Name)).Bool(),
		jen.Return(inner.Clone().Dot("Equal").Call(of("other", "object"))))
	s.function("String returns the JSON text.",
		self("String").Params().String(), jen.Return(inner.Clone().Dot("String").Call()))
	emitJSON(s, o.record(), "JSON text", "part of an item")
	if p.uses(func(f *field) bool { return f.Object == o.Object }) {
		s.function("", self("value").Params().Add(inDocument("Value")),
			jen.Return(inDocument("ObjectValue").Call(inner)))
	}
}
