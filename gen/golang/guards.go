package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/backlog-gen/backlog-gen/schema"
)

// guardedEvents lists the events that a custom guard is asked about.
func (p *plan) guardedEvents(custom *schema.CustomGuard) []string {
	var names []string
	for _, l := range p.levels {
		for _, g := range l.Guards {
			if g.Custom != custom {
				continue
			}
			for _, e := range g.Events {
				names = append(names, "["+eventName(e)+"] of "+l.nouns)
			}
		}
	}
	return names
}

// emitGuards writes the interface of the custom guards, and what asks it.
func emitGuards(p *plan) *source {
	s := newSource(p, guardsFile+Suffix)
	root := p.root
	params := []jen.Code{jen.Id(root.receiver).Id(root.name), jen.Id("item").Id("Item"), jen.Id("event").Id("Event")}
	s.declare("Guards are the conditions on events that the program decides. Each method returns nil to let the event pass, "+
		"or an error that says what is in the way. It sees the document as the whole group of changes would make it. "+
		"Methods must not block, and must be safe for concurrent use.",
		jen.Type().Id("Guards").InterfaceFunc(func(g *jen.Group) {
			for _, guard := range p.model.CustomGuards {
				comment(g, sentence(guard.Name+" is asked about "+list(p.guardedEvents(guard), "and"), guard.Doc))
				g.Id(guard.Name).Params(params...).Error()
			}
		}))

	var funcs []jen.Code
	for _, guard := range p.model.CustomGuards {
		funcs = append(funcs, literal(guard.Name).Op(":").Id("guardFunc").Call(of("guards", guard.Name)))
	}
	s.function("guarded returns the format with the program's guards. Without any, events that have a guard are refused, and so is the format when it is opened.",
		jen.Id("guarded").Params(jen.Id("guards").Id("Guards")).Op("*").Add(inDocument("Type")),
		jen.If(jen.Id("guards").Op("==").Nil()).Block(jen.Return(compiled())),
		jen.List(jen.Id("t"), jen.Err()).Op(":=").Add(compiled()).Dot("WithGuards").Call(
			jen.Map(jen.String()).Add(inDocument("GuardFunc")).Add(lines(funcs...))),
		jen.If(jen.Err().Op("!=").Nil()).Block(
			jen.Panic(jen.Err()).Comment("// the descriptor and the guards above are generated together"),
		),
		jen.Return(jen.Id("t")))
	s.function("guardFunc gives a guard the types that the engine knows.",
		jen.Id("guardFunc").Params(jen.Id("guard").Func().Params(jen.Id(root.name), jen.Id("Item"), jen.Id("Event")).Error()).Add(inDocument("GuardFunc")),
		jen.Return(jen.Func().Params(
			jen.Id("doc").Op("*").Add(inDocument("Document")),
			jen.Id("item").Add(inDocument("Item")),
			jen.Id("event").Add(inDocument("Event")),
		).Error().Block(
			jen.Return(jen.Id("guard").Call(wrapIn(root.name, jen.Id("doc")), jen.Id("itemOf").Call(jen.Id("item")), convert("Event", jen.Id("event")))))))
	return s
}
