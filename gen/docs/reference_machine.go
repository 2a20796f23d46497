package docs

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/schema"
)

// machine is what the reference says about a state machine.
type machine struct {
	// Anchor is unique in the reference: letters and digits.
	Anchor  string
	Name    string
	Doc     []string
	Initial string
	// Levels that follow the machine.
	Levels []string
	Events []eventRow
	// Mermaid is the state diagram.
	Mermaid string

	of *schema.Machine
}

// eventRow is one transition: an event from any of several states to one.
type eventRow struct {
	Name   string
	From   []string
	To     string
	Guards []text
	Doc    text
}

func newMachine(m *schema.Model, of *schema.Machine) (machine, error) {
	diagram, err := compile(m, of)
	if err != nil {
		return machine{}, err
	}
	out := machine{
		Anchor:  "machine-" + of.GoName,
		Name:    of.Name,
		Doc:     paragraphs(of.Doc),
		Initial: of.Initial.Name,
		Mermaid: diagram.Mermaid(),
		of:      of,
	}
	for _, l := range m.Levels {
		if l.Machine == of {
			out.Levels = append(out.Levels, l.Name)
		}
	}
	for _, t := range of.Transitions {
		row := eventRow{Name: t.Event.Name, To: t.To.Name, Guards: eventGuards(m, of, t.Event), Doc: proseOf(t.Event.Doc)}
		for _, s := range t.From {
			row.From = append(row.From, s.Name)
		}
		out.Events = append(out.Events, row)
	}
	return out, nil
}

// Facts says who follows a machine, and where it starts.
func (m machine) Facts() text {
	start := say("New items are ", code(m.Initial), ".")
	if len(m.Levels) == 0 {
		return say("No level follows this machine. ", start)
	}
	return say("Followed by ", codes(m.Levels, "and"), ". ", start)
}

// eventGuards says what the guards of the levels that follow a machine demand
// before an event. Levels that demand the same share one sentence.
func eventGuards(m *schema.Model, of *schema.Machine, event *schema.Event) []text {
	type demand struct {
		levels []text
		words  text
	}
	var demands []demand
	for _, l := range m.Levels {
		if l.Machine != of {
			continue
		}
		for _, g := range l.Guards {
			if !slices.Contains(g.Events, event) {
				continue
			}
			words := guardWords(m, l, g)
			i := slices.IndexFunc(demands, func(d demand) bool { return slices.Equal(d.words, words) })
			if i < 0 {
				i = len(demands)
				demands = append(demands, demand{words: words})
			}
			demands[i].levels = append(demands[i].levels, say(l.Name))
		}
	}
	var out []text
	for _, d := range demands {
		out = append(out, say(list(d.levels, "and"), ": ", d.words))
	}
	return out
}
