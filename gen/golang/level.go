package golang

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// emitLevel writes the type of one level and the methods of the root type that
// are about it.
func emitLevel(p *plan, l *level) *source {
	s := newSource(p, l.file)
	positions(s, l.noun, l.fields)
	s.declare(levelDoc(p, l), jen.Type().Id(l.Name).Struct(jen.Id("item").Add(inDocument("Item"))))
	emitIdentity(s, l)
	emitFamily(s, l)
	l.record().accessors(s)
	emitComparison(s, l)
	emitSpec(p, s, l)
	emitAccess(p, s, l)
	return s
}

func levelDoc(p *plan, l *level) string {
	start := fmt.Sprintf("%s is an item of level %d of %d", l.Name, l.Index+1, len(p.levels))
	if len(p.levels) == 1 {
		start = l.Name + " is an item"
	}
	return typeSentence(l.Name, start, l.Doc) + fmt.Sprintf("\n\nIt is a value: its With methods return changed copies, "+
		"and [%s.With%s] brings one back. The zero %s is no %s.", p.root.name, l.Name, l.Name, l.noun)
}

// emitIdentity writes the methods that all levels have.
func emitIdentity(s *source, l *level) {
	self := func(name string) *jen.Statement { return receiver(l.receiver, l.Name).Id(name).Params() }
	item := of(l.receiver, "item")

	s.function("ID returns the id.",
		self("ID").Id(l.id), jen.Return(wrapIn(l.id, item.Clone().Dot("ID").Call())))
	s.function("ItemID returns the id as an ItemID, which items of all levels have.",
		self("ItemID").Id("ItemID"), jen.Return(wrapIn("ItemID", item.Clone().Dot("ID").Call())))
	s.function("Level returns Level"+l.Name+".",
		self("Level").Id("Level"), jen.Return(jen.Id("Level"+l.Name)))
	if l.Status != nil {
		s.function("Status returns the status.",
			self("Status").Id("Status"), jen.Return(convert("Status", item.Clone().Dot("Status").Call())))
	}
}

// emitFamily writes the methods that lead to the items above and below.
func emitFamily(s *source, l *level) {
	item := of(l.receiver, "item")
	if up := l.parent; up != nil {
		s.function(fmt.Sprintf("Parent returns the %s above. It reports false for %s that is in no document.",
			up.noun, article("new "+l.noun)),
			receiver(l.receiver, l.Name).Id("Parent").Params().Params(jen.Id(up.Name), jen.Bool()),
			jen.List(jen.Id("parent"), jen.Id("ok")).Op(":=").Add(item.Clone()).Dot("Parent").Call(),
			jen.Return(wrapIn(up.Name, jen.Id("parent")), jen.Id("ok")))
	}
	if down := l.child; down != nil {
		s.function(fmt.Sprintf("%s returns the %s directly below, in document order, as they are in the document that the %s came from.",
			down.Plural, down.nouns, l.noun),
			receiver(l.receiver, l.Name).Id(down.Plural).Params().Add(seq(jen.Id(down.Name))),
			jen.Return(wrapped(down, item.Clone().Dot("Children").Call())))
	}
}

// wrapped converts a sequence of the engine's items to a level's type.
func wrapped(l *level, items jen.Code) *jen.Statement {
	return inEngine("Map").Call(items, jen.Id(l.wrapper))
}

// emitComparison writes what values have for their own sake.
func emitComparison(s *source, l *level) {
	item := of(l.receiver, "item")
	s.function("IsZero reports whether it is no "+l.noun+".",
		receiver(l.receiver, l.Name).Id("IsZero").Params().Bool(),
		jen.Return(item.Clone().Dot("IsZero").Call()))
	s.function("Equal reports whether both have the same "+l.contents()+". Children, unknown members and "+
		"spelling do not matter.",
		receiver(l.receiver, l.Name).Id("Equal").Params(jen.Id("other").Id(l.Name)).Bool(),
		jen.Return(item.Clone().Dot("Equal").Call(of("other", "item"))))
	s.function("String describes the "+l.noun+" for a log line.",
		receiver(l.receiver, l.Name).Id("String").Params().String(),
		jen.Return(item.Clone().Dot("String").Call()))
	emitJSON(s, l.record(), "JSON text of the "+l.noun+" and of all below it, with what With methods changed", "part of a document")
	s.function("", receiver(l.receiver, l.Name).Id("isItem").Params())
	s.function("", jen.Id(l.wrapper).Params(jen.Id("item").Add(inDocument("Item"))).Id(l.Name),
		jen.Return(wrapIn(l.Name, jen.Id("item"))))
}

// emitAccess writes the methods by which the root type reads and changes items
// of one level.
func emitAccess(p *plan, s *source, l *level) {
	root := p.root
	self := func(name string) *jen.Statement { return receiver(root.receiver, root.name).Id(name) }
	doc := func() *jen.Statement { return of(root.receiver, "document").Call() }

	s.function(fmt.Sprintf("%s returns the %s with the given id.", l.Name, l.noun),
		self(l.Name).Params(jen.Id("id").Id(l.id)).Params(jen.Id(l.Name), jen.Bool()),
		jen.List(jen.Id("item"), jen.Id("ok")).Op(":=").Add(inEngine("FindIn")).Call(doc(), jen.Id(l.position), of("id", "id")),
		jen.Return(wrapIn(l.Name, jen.Id("item")), jen.Id("ok")))
	s.function(fmt.Sprintf("%s returns all %s in document order.", l.Plural, l.nouns),
		self(l.Plural).Params().Add(seq(jen.Id(l.Name))),
		jen.Return(wrapped(l, doc().Dot("Items").Call(jen.Id(l.position)))))
	now := "that has its id now"
	if l.ID.Kind == format.PositionID {
		now = "at its place, unless another one stands there by now"
	}
	s.function(fmt.Sprintf("With%s applies what With methods changed in %s to the %s %s, and nothing "+
		"else. The error is a [*document.NotFoundError], or a [*document.ChangeError] that says which rules the values break.",
		l.Name, article(l.noun), l.noun, now),
		self("With"+l.Name).Params(jen.Id(l.param).Id(l.Name)).Params(jen.Id(root.name), jen.Error()),
		jen.List(jen.Id("doc"), jen.Err()).Op(":=").Add(inEngine("WithItem")).Call(doc(), jen.Id(l.position), of(l.param, "item")),
		orUnchanged(root), jen.Return(wrapIn(root.name, jen.Id("doc")), jen.Nil()))
	emitAdd(p, s, l)
}

// emitAdd writes the method that adds an item of a level.
func emitAdd(p *plan, s *source, l *level) {
	root := p.root
	var params []jen.Code
	parent, where := inDocument("ID").Values(), ""
	switch {
	case l.parent != nil:
		params = append(params, jen.Id("parent").Id(l.parent.id))
		parent, where = of("parent", "id"), " below "+article(l.parent.noun)
	case p.grouped:
		params = append(params, jen.Id("group").String())
		parent, where = inDocument("NewID").Call(jen.Id("group"), jen.Lit("")), " in a group"
	}
	doc := fmt.Sprintf("Add%s adds a new %s%s, after those that are there or at a place: see [First], [Last], [Before] and [After].", l.Name, l.noun, where)
	if l.numbered() {
		doc += fmt.Sprintf(" Without an id in the spec it gets the one that Next%s returns.", l.id)
		emitNext(p, s, l, params, parent)
	}
	s.function(doc,
		receiver(root.receiver, root.name).Id("Add"+l.Name).Params(append(params, jen.Id("spec").Id(l.spec), places())...).
			Params(jen.Id(root.name), jen.Error()),
		jen.List(jen.Id("doc"), jen.Err()).Op(":=").Add(of(root.receiver, "document").Call()).Dot("AddItem").Call(
			jen.Id("New"+l.Name).Call(jen.Id("spec")).Dot("item"), parent, jen.Id("at").Op("...")),
		orUnchanged(root), jen.Return(wrapIn(root.name, jen.Id("doc")), jen.Nil()))
}

// numbered reports whether ids of the level have numbers, so that there is a
// next one.
func (l *level) numbered() bool { return l.ID.Kind == format.PathID || l.ID.Int || l.ID.Next }

// emitNext writes the method that says which id comes next.
func emitNext(p *plan, s *source, l *level, params []jen.Code, parent *jen.Statement) {
	doc := fmt.Sprintf("Next%s returns the id after the highest", l.id)
	if l.ID.Next && l.ID.Kind == format.TextID {
		doc += fmt.Sprintf(" of those like %s%d%s", l.ID.NextPrefix, 1, l.ID.NextSuffix)
		if p.grouped {
			doc += " in the group"
		}
		doc += ". It reports false where no number is left"
		if l.parent != nil {
			doc += " or there is no such " + l.parent.noun
		}
	} else if l.parent != nil {
		doc += " below " + article(l.parent.noun) + ". It reports false if there is no such " + l.parent.noun
	} else {
		doc += ". It reports false if the ids are not numbers"
	}
	s.function(doc+".",
		receiver(p.root.receiver, p.root.name).Id("Next"+l.id).Params(params...).Params(jen.Id(l.id), jen.Bool()),
		jen.List(jen.Id("id"), jen.Id("ok")).Op(":=").Add(of(p.root.receiver, "document").Call()).Dot("NextID").Call(parent),
		jen.Return(wrapIn(l.id, jen.Id("id")), jen.Id("ok")))
}
