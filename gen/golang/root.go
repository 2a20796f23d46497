package golang

import (
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// emitRoot writes the package's description and the type of a whole document:
// reading, writing and what is about items of any level.
func emitRoot(p *plan) *source {
	s := newSource(p, p.root.file)
	for _, line := range commentLines(packageDoc(p)) {
		s.PackageComment(line)
	}
	root := p.root
	s.declare(rootDoc(p), jen.Type().Id(root.name).Struct(jen.Id("doc").Op("*").Add(inDocument("Document"))))
	emitReading(p, s)
	emitWriting(p, s)
	emitItems(p, s)
	emitDocumentFields(p, s)
	return s
}

func packageDoc(p *plan) string {
	top := p.levels[0]
	return typeSentence(p.model.Package.Name, "Package "+p.model.Package.Name, p.model.Package.Doc) + fmt.Sprintf("\n\n"+
		"[Parse] reads a document, [Open] a file that is kept up to date. A [%[1]s] is an immutable snapshot: what changes it "+
		"returns another one. Items are small values (%[2]s); their With methods return changed copies, which enter a "+
		"document through [%[1]s.With%[3]s] and its siblings. There, and nowhere else, rules, state machines and guards "+
		"are enforced, so a %[1]s in hand is always well-formed.\n\n"+
		"Everything here is safe for concurrent use.",
		p.root.name, list(p.links(), "and"), top.Name)
}

// links are the names of the levels as links of a doc comment.
func (p *plan) links() []string {
	var links []string
	for _, l := range p.levels {
		links = append(links, "["+l.Name+"]")
	}
	return links
}

func rootDoc(p *plan) string {
	root := p.root
	return fmt.Sprintf("%s is an immutable document. Methods that change it return another one and leave it as it is; "+
		"the two share what they have in common. With an error they return it unchanged. The zero %s is an empty document.", root.name, root.name)
}

func emitReading(p *plan, s *source) {
	root := p.root
	typ := compiled()
	parseDoc := "Parse reads a document. The error is a [*document.ParseError] that lists every problem with line, column " +
		"and JSON pointer. Only Validate reports warnings. Data is copied."
	newDoc := "New returns an empty document."
	parse, fresh := []jen.Code{jen.Id("data").Index().Byte()}, []jen.Code{}
	if p.guarded {
		typ = jen.Id("guarded").Call(jen.Id("guards"))
		parse = append(parse, jen.Id("guards").Id("Guards"))
		fresh = append(fresh, jen.Id("guards").Id("Guards"))
		newDoc = "New returns an empty document whose custom guards are asked of the program."
	}
	s.function(parseDoc, jen.Id("Parse").Params(parse...).Params(jen.Id(root.name), jen.Error()),
		jen.List(jen.Id("doc"), jen.Err()).Op(":=").Add(typ.Clone()).Dot("Parse").Call(jen.Id("data")),
		jen.Return(wrapIn(root.name, jen.Id("doc")), jen.Err()))
	s.function(newDoc, jen.Id("New").Params(fresh...).Id(root.name),
		jen.Return(wrapIn(root.name, typ.Clone().Dot("New").Call())))
	s.function("document returns the engine's document, an empty one for the zero "+root.name+".",
		receiver(root.receiver, root.name).Id("document").Params().Op("*").Add(inDocument("Document")),
		jen.If(of(root.receiver, "doc").Op("==").Nil()).Block(jen.Return(compiled().Dot("New").Call())),
		jen.Return(of(root.receiver, "doc")))
}

func emitWriting(p *plan, s *source) {
	root := p.root
	self := func(name string) *jen.Statement { return receiver(root.receiver, root.name).Id(name) }
	doc := of(root.receiver, "document").Call()
	s.function("AppendJSON appends the document's text. Of a document that was parsed, everything that was not changed "+
		"is byte for byte as it was.",
		self("AppendJSON").Params(jen.Id("dst").Index().Byte()).Index().Byte(),
		jen.Return(doc.Clone().Dot("AppendJSON").Call(jen.Id("dst"))))
	s.function("WriteTo writes what AppendJSON appends.",
		self("WriteTo").Params(jen.Id("dst").Qual("io", "Writer")).Params(jen.Int64(), jen.Error()),
		jen.Return(doc.Clone().Dot("WriteTo").Call(jen.Id("dst"))))
	marshalDoc := "MarshalJSON returns what AppendJSON appends."
	if slices.ContainsFunc(p.descriptor.Roots, func(r format.Root) bool { return r.Kind == format.RootLines }) {
		marshalDoc += " It fails for JSON Lines, which are not one JSON value."
	}
	s.function(marshalDoc,
		self("MarshalJSON").Params().Params(jen.Index().Byte(), jen.Error()),
		jen.Return(doc.Clone().Dot("MarshalJSON").Call()))
	unmarshalDoc, parse := "UnmarshalJSON reads a document as Parse does. As is usual with encoding/json, null changes nothing.", jen.Id("Parse").Call(jen.Id("data"))
	if p.guarded {
		unmarshalDoc = "UnmarshalJSON reads a document as Parse does without guards: events that have a custom guard are refused. " +
			"As is usual with encoding/json, null changes nothing."
		parse = jen.Id("Parse").Call(jen.Id("data"), jen.Nil())
	}
	s.function(unmarshalDoc,
		jen.Params(jen.Id(root.receiver).Op("*").Id(root.name)).Id("UnmarshalJSON").Params(jen.Id("data").Index().Byte()).Error(),
		jen.If(jen.String().Call(jen.Id("data")).Op("==").Lit("null")).Block(jen.Return(jen.Nil())),
		jen.List(jen.Id("parsed"), jen.Err()).Op(":=").Add(parse),
		jen.If(jen.Err().Op("==").Nil()).Block(jen.Op("*").Id(root.receiver).Op("=").Id("parsed")),
		jen.Return(jen.Err()))
	s.function("String says in a line how many items the document has, and how many of them are done.",
		self("String").Params().String(),
		jen.Return(doc.Clone().Dot("String").Call()))
	s.function("Validate returns everything worth looking at in the document: broken rules that only warn, references to "+
		"nothing, cycles, and parents that are done before their children.",
		self("Validate").Params().Index().Add(inDocument("Problem")),
		jen.Return(doc.Clone().Dot("Validate").Call()))
	if p.grouped {
		s.function("Groups returns the names of the groups in document order, one empty name where there are none.",
			self("Groups").Params().Index().String(),
			jen.Return(doc.Clone().Dot("Groups").Call()))
	}
}

// emitDocumentFields writes what is about the fields of the document itself.
func emitDocumentFields(p *plan, s *source) {
	root := p.root
	positions(s, "document", root.fields)
	record{typ: root.name, receiver: root.receiver, noun: "document", fields: getters(root.fields), root: true}.accessors(s)
}

// emitItems writes what is about items of any level.
func emitItems(p *plan, s *source) {
	root := p.root
	self := func(name string) *jen.Statement { return receiver(root.receiver, root.name).Id(name) }
	doc := of(root.receiver, "document").Call()
	statusless := p.statusless()
	s.declare("Item is an item of any level: "+list(p.alternatives(), "or")+".", jen.Type().Id("Item").InterfaceFunc(func(g *jen.Group) {
		comment(g, "ItemID returns the item's id.")
		g.Id("ItemID").Params().Id("ItemID")
		comment(g, "Level returns what the item is.")
		g.Id("Level").Params().Id("Level")
		if statusless == nil {
			comment(g, "Status returns the item's status.")
			g.Id("Status").Params().Id("Status")
		}
		comment(g, "String describes the item for a log line.")
		g.Id("String").Params().String()
		comment(g, "IsZero reports whether it is no item.")
		g.Id("IsZero").Params().Bool()
		g.Line()
		g.Id("isItem").Params()
	}))
	if statusless != nil {
		s.declare("Stateful is an item that has a status: of any level but "+list(statusless, "and")+".", jen.Type().Id("Stateful").InterfaceFunc(func(g *jen.Group) {
			g.Id("Item")
			comment(g, "Status returns the item's status.")
			g.Id("Status").Params().Id("Status")
		}))
	}
	s.function("Item returns the item of any level with the given id.",
		self("Item").Params(jen.Id("id").Id("ItemID")).Params(jen.Id("Item"), jen.Bool()),
		jen.List(jen.Id("item"), jen.Id("ok")).Op(":=").Add(doc.Clone()).Dot("Find").Call(of("id", "id")),
		jen.If(jen.Op("!").Id("ok")).Block(jen.Return(jen.Nil(), jen.False())),
		jen.Return(jen.Id("itemOf").Call(jen.Id("item")), jen.True()))
	s.function("Items returns all items in document order: parents before their children.",
		self("Items").Params().Add(seq(jen.Id("Item"))),
		jen.Return(inEngine("Map").Call(doc.Clone().Dot("All").Call(), jen.Id("itemOf"))))
	s.function("itemOf gives an item of the engine the type of its level.",
		jen.Id("itemOf").Params(jen.Id("item").Add(inDocument("Item"))).Id("Item"), p.itemOfBody()...)
}

// statusless names the levels whose items have no status.
func (p *plan) statusless() []string {
	var names []string
	for _, l := range p.levels {
		if l.Status == nil {
			names = append(names, l.Name)
		}
	}
	return names
}

// itemOfBody tells the levels apart; what is no other is of the last.
func (p *plan) itemOfBody() []jen.Code {
	leaf := p.levels[len(p.levels)-1]
	last := jen.Return(wrapIn(leaf.Name, jen.Id("item")))
	if len(p.levels) == 1 {
		return []jen.Code{last}
	}
	return []jen.Code{
		jen.Switch(jen.Id("item").Dot("Level").Call()).BlockFunc(func(g *jen.Group) {
			for _, l := range p.levels[:len(p.levels)-1] {
				g.Case(jen.Id(l.position)).Block(jen.Return(wrapIn(l.Name, jen.Id("item"))))
			}
		}),
		last,
	}
}

// alternatives names the levels: "a Phase", "an Epic".
func (p *plan) alternatives() []string {
	var names []string
	for _, l := range p.levels {
		names = append(names, article(l.Name))
	}
	return names
}
