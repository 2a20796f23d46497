package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

func emitStatus(p *plan) *source {
	s := newSource(p, statusFile+Suffix)
	e := enumeration{
		typ:      "Status",
		receiver: "s",
		noun:     "status",
		doc:      "Status says how far the work on an item has come. The zero Status is not a status.",
		group:    "The statuses, in the order of the schema.",
		textDoc:  statusText(p.model),
		values:   "Statuses",
		all:      "all statuses in the order of the schema",
		table:    "statusNames",
	}
	for _, status := range p.model.Statuses {
		e.members = append(e.members, member{statusName(status), status.Doc, status.Name, status.Aliases})
	}
	e.emit(s)
	s.function("Category says what the status means for the work, whatever its name. It is zero for the zero Status.",
		receiver("s", "Status").Id("Category").Params().Add(inDocument("Category")),
		jen.Switch(jen.Id("s")).BlockFunc(func(g *jen.Group) { categoryCases(g, p.model.Statuses) }),
		jen.Return(jen.Lit(0)))
	return s
}

// statusText says what the text of a status is.
func statusText(m *schema.Model) string {
	for _, l := range m.Levels {
		if l.Status != nil && len(l.Status.Values) > 0 {
			return "the name of the status"
		}
	}
	return "the status as documents write it"
}

// categoryCases writes one case for each category that has statuses.
func categoryCases(g *jen.Group, statuses []*schema.Status) {
	for c := format.Todo; c <= format.Dropped; c++ {
		var constants []jen.Code
		for _, status := range statuses {
			if status.Category == c {
				constants = append(constants, jen.Id(statusName(status)))
			}
		}
		if len(constants) > 0 {
			g.Case(constants...).Block(jen.Return(inDocument(categoryName(c))))
		}
	}
}

func emitEvent(p *plan) *source {
	s := newSource(p, eventFile+Suffix)
	e := enumeration{
		typ:      "Event",
		receiver: "e",
		noun:     "event",
		doc:      "Event is what leads from one status to another. The zero Event is not an event.",
		group: "The events, in the order of the schema. Where several lead to the same status, the one " +
			"that comes first is taken.",
		textDoc: "the event's name",
		values:  "Events",
		all:     "all events in the order of the schema",
		table:   "eventNames",
	}
	for _, event := range p.model.Events {
		e.members = append(e.members, member{constant: eventName(event), doc: event.Doc, text: event.Name})
	}
	e.emit(s)
	return s
}

func emitLevels(p *plan) *source {
	s := newSource(p, levelsFile+Suffix)
	e := enumeration{
		typ:      "Level",
		receiver: "l",
		noun:     "level",
		doc:      "Level is what an item is, by its depth in the document. The zero Level is not a level.",
		group:    "The levels, from the top to the leaf.",
		textDoc:  "the level's name",
		values:   "Levels",
		all:      "all levels from the top to the leaf",
		table:    "levelNames",
	}
	for _, l := range p.levels {
		e.members = append(e.members, member{constant: "Level" + l.Name, text: l.Name})
	}
	e.emit(s)
	s.function("engine returns the level as the engine counts, from zero.",
		receiver("l", "Level").Id("engine").Params().Add(inDocument("Level")),
		jen.Return(inDocument("Level").Call(jen.Id("l").Op("-").Lit(1))))
	return s
}

func emitEnums(p *plan) *source {
	s := newSource(p, enumsFile+Suffix)
	for _, planned := range p.enums {
		e := enumeration{
			typ:      planned.Name,
			receiver: planned.receiver,
			noun:     words(planned.Name),
			doc:      typeSentence(planned.Name, planned.Name+" is an enum", planned.Doc) + " The zero " + planned.Name + " is none of its values.",
			group:    "The values of " + planned.Name + ".",
			textDoc:  "the value as documents write it",
			values:   planned.Name + "Values",
			all:      "all values in the order of the schema",
			table:    camel(planned.Name) + "Names",
		}
		for _, v := range planned.Values {
			e.members = append(e.members, member{planned.Name + v.GoName, v.Doc, v.Name, v.Aliases})
		}
		e.emit(s)
		if !p.uses(func(f *field) bool { return f.Enum == planned.Enum }) {
			continue
		}
		s.function("",
			receiver(e.receiver, e.typ).Id("value").Params().Add(inDocument("Value")),
			jen.Return(compiled().Dot("EnumValue").Call(jen.Id(planned.position), jen.Uint8().Call(jen.Id(e.receiver)))))
	}
	return s
}

func statusName(s *schema.Status) string { return "Status" + s.GoName }

func eventName(e *schema.Event) string { return "Event" + e.GoName }

// categoryName is the name of a category's constant.
func categoryName(c format.Category) string {
	return [...]string{"", "Todo", "Active", "Done", "Failed", "Dropped"}[c]
}
