package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// emitChanges writes the methods of the root type that change items of any
// level. Those about one level are in its own file.
func emitChanges(p *plan) *source {
	s := newSource(p, changesFile+Suffix)
	root := p.root
	results := func(signature *jen.Statement) *jen.Statement { return signature.Params(jen.Id(root.name), jen.Error()) }
	change := func(doc, name string, params []jen.Code, args ...jen.Code) {
		s.function(doc, results(receiver(root.receiver, root.name).Id(name).Params(params...)),
			jen.Return(of(root.receiver, "apply").Call(inDocument(changeNames[name]).Call(args...))))
	}
	id := jen.Id("id").Id("ItemID")
	status := []jen.Code{id, jen.Id("status").Id("Status")}
	to := inDocument("Status").Call(jen.Id("status"))

	change("Fire changes the status of an item by an event. The state machine and the guards must agree: the error of a "+
		"refusal is a [*statemachine.TransitionError], which says what would be legal. An id that names nothing is a "+
		"[*document.NotFoundError], here and in the other methods that take one.",
		"Fire", []jen.Code{id, jen.Id("event").Id("Event")}, of("id", "id"), inDocument("Event").Call(jen.Id("event")))
	change("WithStatus changes the status of an item by the one event that leads there, as Fire does. To the status that "+
		"the item has it does nothing.",
		"WithStatus", status, of("id", "id"), to)
	change("Advance changes the status of an item along the shortest path of events.",
		"Advance", status, of("id", "id"), to)
	change("Remove takes an item and all below it out of the document. Nothing is renumbered.",
		"Remove", []jen.Code{id}, of("id", "id"))
	change(moveDoc(p), "Move", []jen.Code{jen.List(jen.Id("id"), jen.Id("parent")).Id("ItemID"), places()},
		of("id", "id"), of("parent", "id"), jen.Id("at").Op("..."))
	emitPlaces(s)

	s.function("apply takes one change through the gate.",
		results(receiver(root.receiver, root.name).Id("apply").Params(jen.Id("change").Add(inDocument("Change")))),
		jen.List(jen.Id("doc"), jen.Id("_"), jen.Err()).Op(":=").Add(of(root.receiver, "document").Call()).Dot("Apply").Call(jen.Id("change")),
		orUnchanged(root), jen.Return(wrapIn(root.name, jen.Id("doc")), jen.Nil()))
	return s
}

// emitPlaces writes the functions that say where among its siblings an item goes.
func emitPlaces(s *source) {
	place := func(doc, name string) {
		s.function(doc, jen.Id(name).Params().Add(inDocument("Place")), jen.Return(inDocument(name).Call()))
	}
	beside := func(doc, name string) {
		s.function(doc, jen.Id(name).Params(jen.Id("sibling").Id("ItemID")).Add(inDocument("Place")),
			jen.Return(inDocument(name).Call(of("sibling", "id"))))
	}
	place("First is the place before all siblings.", "First")
	place("Last is the place behind all siblings.", "Last")
	beside("Before is the place right before a sibling.", "Before")
	beside("After is the place right behind a sibling.", "After")
}

// places is the parameter for a place, which may be left out.
func places() *jen.Statement { return jen.Id("at").Op("...").Add(inDocument("Place")) }

// orUnchanged returns the document as it was with an error: the zero one would
// pass for a document without items where nobody looks at the error.
func orUnchanged(root root) jen.Code {
	return jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Id(root.receiver), jen.Err()))
}

// changeNames are the engine's names of changes.
var changeNames = map[string]string{
	"Fire":       "Fire",
	"WithStatus": "Set",
	"Advance":    "Advance",
	"Remove":     "Remove",
	"Move":       "Move",
}

func moveDoc(p *plan) string {
	doc := "Move makes an item a child of a parent, which must be of the same level as the item's own parent. The item comes last, or at " +
		"the place that is given. To move it among its siblings, give a place: [First], [Last], [Before] or [After]. The zero ItemID is the parent of items at the top"
	if p.grouped {
		doc += ", whatever their group"
	}
	doc += "."
	if p.levels[0].ID.Kind == format.PathID {
		doc += " Below another parent it gets the next free number, and references to it follow; among its siblings its id stays."
	}
	return doc
}
