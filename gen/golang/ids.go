package golang

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// idType is what emitting one type of ids takes.
type idType struct {
	name     string
	receiver string
	noun     string // what it names: "a subtask"
	parse    *jen.Statement
	level    *level // nil for ItemID
}

func emitIDs(p *plan) *source {
	s := newSource(p, idsFile+Suffix)
	for _, l := range p.levels {
		emitID(p, s, idType{
			name:     l.id,
			receiver: receiverName(l.id),
			noun:     article(l.noun),
			parse:    compiled().Dot("ParseID").Call(jen.Id(l.position), jen.Id("text")),
			level:    l,
		})
	}
	emitID(p, s, idType{
		name:     "ItemID",
		receiver: "i",
		noun:     "an item of any level",
		parse:    compiled().Dot("ParseAnyID").Call(jen.Id("text")),
	})
	return s
}

func emitID(p *plan, s *source, t idType) {
	doc := fmt.Sprintf("%s is the id of %s. It is comparable, so it keys maps. The zero %s names nothing.", t.name, t.noun, t.name)
	if t.level != nil && t.level.ID.Kind == format.PositionID {
		doc = fmt.Sprintf("%s is the place of %s among its siblings: #1, #2 and so on, since these items have no ids. It means another one once items are added, removed or moved before it. The zero %s names nothing.", t.name, t.noun, t.name)
	}
	if t.level == nil {
		doc += " The ids of the levels convert to it with their Item methods."
	}
	s.declare(doc, jen.Type().Id(t.name).Struct(jen.Id("id").Add(inDocument("ID"))))

	s.function(fmt.Sprintf("Parse%s returns the id that is written as text%s. It does not look whether a document "+
		"has such an item. The error is a [*document.IDError].", t.name, exampleID(p, t.level)),
		jen.Id("Parse"+t.name).Params(jen.Id("text").String()).Params(jen.Id(t.name), jen.Error()),
		jen.List(jen.Id("id"), jen.Err()).Op(":=").Add(t.parse),
		jen.Return(wrapIn(t.name, jen.Id("id")), jen.Err()))
	s.function(fmt.Sprintf("Must%s is Parse%s for texts that are known to be right. It panics where Parse%s fails.", t.name, t.name, t.name),
		jen.Id("Must"+t.name).Params(jen.Id("text").String()).Id(t.name),
		jen.List(jen.Id("id"), jen.Err()).Op(":=").Id("Parse"+t.name).Call(jen.Id("text")),
		jen.If(jen.Err().Op("!=").Nil()).Block(jen.Panic(jen.Err())),
		jen.Return(jen.Id("id")))
	if t.level != nil {
		emitNewID(p, s, t)
		if parent := t.level.parent; parent != nil && t.level.ID.Kind == format.PathID {
			s.function("Parent returns the id of the "+parent.noun+" above.",
				receiver(t.receiver, t.name).Id("Parent").Params().Id(parent.id),
				jen.Return(wrapIn(parent.id, compiled().Dot("ParentID").Call(of(t.receiver, "id")))))
		}
		s.function("Item returns the id as an ItemID, which items of all levels have.",
			receiver(t.receiver, t.name).Id("Item").Params().Id("ItemID"),
			jen.Return(convert("ItemID", jen.Id(t.receiver))))
	}
	if p.grouped {
		s.function("Group returns the name of the group that the id belongs to.",
			receiver(t.receiver, t.name).Id("Group").Params().String(),
			jen.Return(of(t.receiver, "id", "Group").Call()))
	}
	emitIDMethods(s, t)
	if p.uses(func(f *field) bool { return f.Kind == format.ReferenceField && f.typ == t.name }) {
		s.function("",
			receiver(t.receiver, t.name).Id("value").Params().Add(inDocument("Value")),
			jen.Return(inDocument("ReferenceValue").Call(of(t.receiver, "id"))))
	}
}

// emitIDMethods writes what is the same for all types of ids.
func emitIDMethods(s *source, t idType) {
	self, other := of(t.receiver, "id"), of("other", "id")
	s.function("IsZero reports whether the id names nothing.",
		receiver(t.receiver, t.name).Id("IsZero").Params().Bool(),
		jen.Return(self.Clone().Dot("IsZero").Call()))
	s.function("Equal reports whether both name the same item.",
		receiver(t.receiver, t.name).Id("Equal").Params(jen.Id("other").Id(t.name)).Bool(),
		jen.Return(jen.Id(t.receiver).Op("==").Id("other")))
	s.function("Compare orders ids naturally, numbers in them as numbers: -1, 0 or +1.",
		receiver(t.receiver, t.name).Id("Compare").Params(jen.Id("other").Id(t.name)).Int(),
		jen.Return(self.Clone().Dot("Compare").Call(other)))
	s.function("String returns the id as Parse"+t.name+" reads it.",
		receiver(t.receiver, t.name).Id("String").Params().String(),
		jen.Return(self.Clone().Dot("String").Call()))
	s.function("MarshalText returns the id as Parse"+t.name+" reads it, and nothing for the zero id.",
		receiver(t.receiver, t.name).Id("MarshalText").Params().Params(jen.Index().Byte(), jen.Error()),
		jen.Return(jen.Index().Byte().Call(self.Clone().Dot("String").Call()), jen.Nil()))
	s.function("UnmarshalText sets the id to the one that is written as text. An empty text is the zero id.",
		jen.Params(jen.Id(t.receiver).Op("*").Id(t.name)).Id("UnmarshalText").Params(jen.Id("text").Index().Byte()).Error(),
		jen.If(jen.Len(jen.Id("text")).Op("==").Lit(0)).Block(
			jen.Op("*").Id(t.receiver).Op("=").Id(t.name).Values(),
			jen.Return(jen.Nil()),
		),
		jen.List(jen.Id("id"), jen.Err()).Op(":=").Id("Parse"+t.name).Call(jen.String().Call(jen.Id("text"))),
		jen.If(jen.Err().Op("==").Nil()).Block(jen.Op("*").Id(t.receiver).Op("=").Id("id")),
		jen.Return(jen.Err()))
}

// emitNewID writes the function that makes an id of its parts.
func emitNewID(p *plan, s *source, t idType) {
	l := t.level
	var params []jen.Code
	var parent *jen.Statement
	above := ""
	switch {
	case l.parent != nil:
		name := parameter(l.parent.Name, "name", "number", "place")
		params = append(params, jen.Id(name).Id(l.parent.id))
		parent = of(name, "id")
		above = " of " + article(l.parent.noun)
	case p.grouped:
		params = append(params, jen.Id("group").String())
		parent = inDocument("NewID").Call(jen.Id("group"), jen.Lit(""))
		above = " of a group"
	default:
		parent = inDocument("ID").Values()
	}
	switch l.ID.Kind {
	case format.PathID:
		s.function(fmt.Sprintf("New%s returns the id of the %s%s with the given number.", t.name, l.noun, above),
			jen.Id("New"+t.name).Params(append(params, jen.Id("number").Uint32())...).Id(t.name),
			jen.Return(wrapIn(t.name, compiled().Dot("PathID").Call(jen.Id(l.position), parent, jen.Id("number")))))
	case format.LocalID:
		s.function(fmt.Sprintf("New%s returns the id of the %s%s with the given name.", t.name, l.noun, above),
			jen.Id("New"+t.name).Params(append(params, jen.Id("name").String())...).Id(t.name),
			jen.Return(wrapIn(t.name, compiled().Dot("LocalID").Call(parent, jen.Id("name")))))
	case format.PositionID:
		s.function(fmt.Sprintf("New%s returns the id of the %s at a place, counted from 1, among those%s. It means whatever stands there.", t.name, l.noun, above),
			jen.Id("New"+t.name).Params(append(params, jen.Id("place").Uint32())...).Id(t.name),
			jen.Return(wrapIn(t.name, compiled().Dot("PositionID").Call(parent, jen.Id("place")))))
	case format.TextID:
		emitNewTextID(p, s, t)
	}
}

// emitNewTextID writes the function that makes a text id of a group and a text.
// Without groups the text is the id, and parsing it is enough.
func emitNewTextID(p *plan, s *source, t idType) {
	if !p.grouped {
		return
	}
	s.function(fmt.Sprintf("New%s returns the id of the %s of a group with the given name.", t.name, t.level.noun),
		jen.Id("New"+t.name).Params(jen.List(jen.Id("group"), jen.Id("name")).String()).Id(t.name),
		jen.Return(wrapIn(t.name, inDocument("NewID").Call(jen.Id("group"), jen.Id("name")))))
}

// exampleID shows what an id of a level looks like, for its doc comment.
func exampleID(p *plan, l *level) string {
	if l == nil || l.ID.Kind != format.PathID {
		return ""
	}
	example := ""
	for _, above := range p.levels[:l.Index+1] {
		if example != "" {
			example += "."
		}
		example += above.ID.Prefix + "1"
	}
	return ", such as " + example
}
