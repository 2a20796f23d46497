package golang

import (
	"github.com/dave/jennifer/jen"
)

// emitQueries writes the questions that a document answers about its items.
func emitQueries(p *plan) *source {
	s := newSource(p, queriesFile+Suffix)
	root := p.root
	self := func(name string) *jen.Statement { return receiver(root.receiver, root.name).Id(name) }
	doc := of(root.receiver, "document").Call()

	s.function("Len returns the number of items of a level, in constant time.",
		self("Len").Params(jen.Id("level").Id("Level")).Int(),
		jen.Return(doc.Clone().Dot("Len").Call(jen.Id("level").Dot("engine").Call())))
	return s
}
