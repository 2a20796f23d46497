package golang

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/backlog-gen/backlog-gen/schema"
)

// emitMachines writes the definition of every state machine.
func emitMachines(p *plan) *source {
	s := newSource(p, machineFile+Suffix)
	for _, m := range p.model.Machines {
		doc := fmt.Sprintf("%s returns the definition of the state machine of %s", machineName(m), list(p.machineUsers(m), "and"))
		s.function(sentence(doc, m.Doc)+" It is for [statemachine.New]: to ask what is legal, or to draw it.",
			jen.Id(machineName(m)).Params().Add(definition(jen.Id("Status"), jen.Id("Event"))),
			jen.Return(definition(jen.Id("Status"), jen.Id("Event")).Add(lines(
				jen.Id("Name").Op(":").Add(literal(m.Name)),
				jen.Id("Initial").Op(":").Id(statusName(m.Initial)),
				jen.Id("States").Op(":").Index().Id("Status").Add(statusList(m.States)),
				jen.Id("Transitions").Op(":").Index().Qual(machinePath, "Transition").Types(jen.Id("Status"), jen.Id("Event")).Add(transitions(m)),
				jen.Id("StateNames").Op(":").Add(of("statusNames", "Texts").Call()),
				jen.Id("EventNames").Op(":").Add(of("eventNames", "Texts").Call()),
			))))
	}
	return s
}

func machineName(m *schema.Machine) string { return m.GoName + "Machine" }

func definition(types ...jen.Code) *jen.Statement {
	return jen.Qual(machinePath, "Definition").Types(types...)
}

// machineUsers lists the levels that follow a machine: "phases and tasks".
func (p *plan) machineUsers(m *schema.Machine) []string {
	var users []string
	for _, l := range p.levels {
		if l.Machine == m {
			users = append(users, l.nouns)
		}
	}
	if users == nil {
		return []string{"no level"}
	}
	return users
}

// listWidth is how long a list may be on one line.
const listWidth = 80

// statusList is {A, B}, on a line each where there are many.
func statusList(statuses []*schema.Status) *jen.Statement {
	var constants []jen.Code
	width := 0
	for _, s := range statuses {
		constants = append(constants, jen.Id(statusName(s)))
		width += len(statusName(s)) + len(", ")
	}
	if width > listWidth {
		return lines(constants...)
	}
	return jen.Values(constants...)
}

func transitions(m *schema.Machine) *jen.Statement {
	var list []jen.Code
	for _, t := range m.Transitions {
		list = append(list, lines(
			jen.Id("Event").Op(":").Id(eventName(t.Event)),
			jen.Id("From").Op(":").Index().Id("Status").Add(statusList(t.From)),
			jen.Id("To").Op(":").Id(statusName(t.To)),
		))
	}
	return lines(list...)
}
