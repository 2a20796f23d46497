package golang

import (
	"slices"

	"github.com/dave/jennifer/jen"
)

// emitQueries writes the questions that a document answers about its items.
func emitQueries(p *plan) *source {
	s := newSource(p, queriesFile+Suffix)
	emitCounts(p, s)
	emitDependencies(p, s)
	emitFindings(p, s)
	emitDiff(p, s)
	return s
}

// query writes a method of the root type that returns one expression.
func query(p *plan, s *source, doc, name string, params []jen.Code, result, value jen.Code) {
	s.function(doc, receiver(p.root.receiver, p.root.name).Id(name).Params(params...).Add(result), jen.Return(value))
}

func emitCounts(p *plan, s *source) {
	doc := of(p.root.receiver, "document").Call()
	level := jen.Id("level").Id("Level")
	status := jen.Id("status").Id("Status")
	engineLevel := jen.Id("level").Dot("engine").Call()
	engineStatus := inDocument("Status").Call(jen.Id("status"))

	query(p, s, "Len returns the number of items of a level, in constant time.",
		"Len", []jen.Code{level}, jen.Int(), doc.Clone().Dot("Len").Call(engineLevel))
	query(p, s, "Count returns the number of items of a level that have a status, in constant time.",
		"Count", []jen.Code{level, status}, jen.Int(), doc.Clone().Dot("Count").Call(engineLevel, engineStatus))
	query(p, s, "Progress counts the items of a level by the category of their status, in constant time.",
		"Progress", []jen.Code{level}, inDocument("Progress"), doc.Clone().Dot("Progress").Call(engineLevel))
	leaf := p.lowestWork()
	s.function("ProgressOf counts the "+leaf.nouns+" below an item by the category of their status.",
		receiver(p.root.receiver, p.root.name).Id("ProgressOf").Params(jen.Id("id").Id("ItemID")).Add(inDocument("Progress")),
		find(doc), jen.Return(jen.Id("item").Dot("Progress").Call()))
	query(p, s, "ItemsByStatus returns the items of a level that have a status, in document order.",
		"ItemsByStatus", []jen.Code{level, status}, seq(jen.Id("Item")),
		inEngine("Map").Call(doc.Clone().Dot("ItemsWith").Call(engineLevel, engineStatus), jen.Id("itemOf")))
}

// find looks up the engine's item of an id: the zero item if there is none.
func find(doc *jen.Statement) jen.Code {
	return jen.List(jen.Id("item"), jen.Id("_")).Op(":=").Add(doc.Clone()).Dot("Find").Call(of("id", "id"))
}

func emitDependencies(p *plan, s *source) {
	doc := of(p.root.receiver, "document").Call()
	about := func(text, name string, result, value jen.Code) {
		s.function(text, receiver(p.root.receiver, p.root.name).Id(name).Params(jen.Id("id").Id("ItemID")).Add(result),
			find(doc), jen.Return(value))
	}
	item := func(method string) *jen.Statement { return jen.Id("item").Dot(method).Call() }

	about("Dependencies returns the items that an item waits for. References to nothing are left out.",
		"Dependencies", seq(jen.Id("Item")), inEngine("Map").Call(item("Dependencies"), jen.Id("itemOf")))
	about("Dependents returns the items that wait for an item. It looks at every item of the document.",
		"Dependents", seq(jen.Id("Item")), inEngine("Map").Call(item("Dependents"), jen.Id("itemOf")))
	about("Blockers returns the ids of what holds an item up: dependencies that are neither done nor dropped, or do not exist.",
		"Blockers", seq(jen.Id("ItemID")), inEngine("Map").Call(item("Blockers"), itemIDOf()))
	next := doc.Clone().Dot("NextExecutable").Call()
	if work := p.work(); len(work) == 1 {
		query(p, s, "NextExecutable returns the "+work[0].nouns+" that are to do and that nothing holds up, in document order.",
			"NextExecutable", nil, seq(jen.Id(work[0].Name)), wrapped(work[0], next))
	} else {
		var nouns []string
		for _, l := range work {
			nouns = append(nouns, l.nouns)
		}
		query(p, s, "NextExecutable returns the "+list(nouns, "and")+" that are to do, that nothing holds up, and that have no work below them, in document order.",
			"NextExecutable", nil, seq(jen.Id("Item")), inEngine("Map").Call(next, jen.Id("itemOf")))
	}
}

// lowestWork is the lowest level whose items have a status.
func (p *plan) lowestWork() *level {
	for _, l := range slices.Backward(p.levels) {
		if l.Status != nil {
			return l
		}
	}
	return p.levels[len(p.levels)-1] // cannot be: a schema has such a level
}

// work lists the levels whose items can be executable, as the engine sees it.
func (p *plan) work() []*level {
	lowest := p.lowestWork()
	var waiting []*level
	for _, l := range p.levels {
		if l.Status != nil && l.Dependencies != nil {
			waiting = append(waiting, l)
		}
	}
	if waiting == nil || waiting[0] == lowest {
		return []*level{lowest}
	}
	return waiting
}

// itemIDOf is a function that wraps the engine's ids.
func itemIDOf() *jen.Statement {
	return jen.Func().Params(jen.Id("id").Add(inDocument("ID"))).Id("ItemID").Block(jen.Return(wrapIn("ItemID", jen.Id("id"))))
}

func emitFindings(p *plan, s *source) {
	doc := of(p.root.receiver, "document").Call()
	self := func(name string) *jen.Statement { return receiver(p.root.receiver, p.root.name).Id(name).Params() }

	s.function("Cycles returns the groups of items that wait for each other.",
		self("Cycles").Index().Index().Id("ItemID"),
		jen.Var().Id("cycles").Index().Index().Id("ItemID"),
		jen.For(jen.List(jen.Id("_"), jen.Id("cycle")).Op(":=").Range().Add(doc.Clone()).Dot("Cycles").Call()).Block(
			jen.Id("ids").Op(":=").Make(jen.Index().Id("ItemID"), jen.Len(jen.Id("cycle"))),
			jen.For(jen.List(jen.Id("i"), jen.Id("id")).Op(":=").Range().Id("cycle")).Block(
				jen.Id("ids").Index(jen.Id("i")).Op("=").Add(wrapIn("ItemID", jen.Id("id")))),
			jen.Id("cycles").Op("=").Append(jen.Id("cycles"), jen.Id("ids"))),
		jen.Return(jen.Id("cycles")))
	s.function("Dangling returns the references to items that do not exist: the item that has the reference, and the id that it names.",
		self("Dangling").Qual("iter", "Seq2").Types(jen.Id("Item"), jen.Id("ItemID")),
		jen.Return(jen.Func().Params(jen.Id("yield").Func().Params(jen.Id("Item"), jen.Id("ItemID")).Bool()).Block(
			jen.For(jen.Id("d").Op(":=").Range().Add(doc.Clone()).Dot("Dangling").Call()).Block(
				jen.If(jen.Op("!").Id("yield").Call(jen.Id("itemOf").Call(of("d", "Item")), wrapIn("ItemID", of("d", "Target")))).
					Block(jen.Return())))))
	if len(p.levels) > 1 {
		query(p, s, "OpenUnderDone returns the items that are done while an item directly below is neither done nor dropped.",
			"OpenUnderDone", nil, seq(jen.Id("Item")),
			inEngine("Map").Call(doc.Clone().Dot("OpenUnderDone").Call(), jen.Id("itemOf")))
	}
}

// emitDiff writes how two documents are compared.
func emitDiff(p *plan, s *source) {
	root := p.root
	s.function("Equal reports whether both hold the same items with the same statuses and fields. Order, unknown members and "+
		"spelling do not matter.",
		receiver(root.receiver, root.name).Id("Equal").Params(jen.Id("other").Id(root.name)).Bool(),
		jen.Return(jen.Len(jen.Id("Diff").Call(jen.Id(root.receiver), jen.Id("other"))).Op("==").Lit(0)))
	s.declare("Difference is one item that two documents do not have in common.",
		jen.Type().Id("Difference").StructFunc(func(g *jen.Group) {
			g.Id("ID").Id("ItemID")
			g.Id("Kind").Add(inDocument("DifferenceKind"))
			comment(g, "From and To are equal if the status is the same, and zero for a document that does not have the item.")
			g.List(jen.Id("From"), jen.Id("To")).Id("Status")
			comment(g, "Fields are the JSON keys of the fields whose values differ.")
			g.Id("Fields").Index().String()
			comment(g, "Moved says that the item has another parent, or another place among its siblings. As few items as possible count as moved. Where ids begin with the parent's, an item that moves to another parent is another item.")
			g.Id("Moved").Bool()
		}))
	s.function("Diff lists the items that two documents do not have in common, or that differ in status, fields, parent or place among siblings. Snapshots "+
		"of one document are compared without looking at what they share.",
		jen.Id("Diff").Params(jen.List(jen.Id("from"), jen.Id("to")).Id(root.name)).Index().Id("Difference"),
		jen.Var().Id("differences").Index().Id("Difference"),
		jen.For(jen.List(jen.Id("_"), jen.Id("d")).Op(":=").Range().Add(inDocument("Diff")).Call(of("from", "document").Call(), of("to", "document").Call())).Block(
			jen.Id("differences").Op("=").Append(jen.Id("differences"), jen.Id("Difference").Add(lines(
				jen.Id("ID").Op(":").Add(wrapIn("ItemID", of("d", "ID"))),
				jen.Id("Kind").Op(":").Add(of("d", "Kind")),
				jen.Id("From").Op(":").Add(convert("Status", of("d", "From"))),
				jen.Id("To").Op(":").Add(convert("Status", of("d", "To"))),
				jen.Id("Fields").Op(":").Add(of("d", "Fields")),
				jen.Id("Moved").Op(":").Add(of("d", "Moved")),
			)))),
		jen.Return(jen.Id("differences")))
}
