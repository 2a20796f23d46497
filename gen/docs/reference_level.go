package docs

import (
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// documentWords says what the outermost value of a document is.
func documentWords(m *schema.Model) []text {
	var shapes []text
	for _, s := range m.Document.Shapes {
		list := s.Lists[0]
		switch s.Kind {
		case format.RootArray:
			shapes = append(shapes, say("an array of ", list.Of.Plural))
		case format.RootGroups:
			shapes = append(shapes, say("an object of named groups, each an object that holds an array of ", list.Of.Plural, " under ", code(list.Path.String())))
		default:
			shapes = append(shapes, say("an object that holds an array of ", list.Of.Plural, " under ", code(list.Path.String())))
		}
	}
	out := []text{say("A document is ", shapes[0], ".")}
	if len(shapes) > 1 {
		out = []text{say("A document is ", joined("; or ", shapes...), "."), say("New documents have the first of these shapes.")}
	}
	out = append(out, say("Keys that this reference does not name are allowed anywhere, and kept."))
	out = append(out, say("A value that is not what it should be is only warned of; anything else wrong is refused."))
	return append(out, say("New documents are ", layoutWords(m.Document), "."))
}

func layoutWords(d schema.Document) string {
	end := "end without a newline"
	if d.FinalNewline {
		end = "end with a newline"
	}
	switch {
	case d.Indent == "":
		return "written on one line and " + end
	case d.Indent == "\t":
		return "indented by tabs and " + end
	case len(d.Indent) == 1:
		return "indented by one space and " + end
	default:
		return "indented by " + counted(len(d.Indent)) + " spaces and " + end
	}
}

// counted writes small numbers as words.
func counted(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight"}
	if n < len(words) {
		return words[n]
	}
	return "many"
}

func newLevel(m *schema.Model, l *schema.Level) level {
	out := level{
		Name:   l.Name,
		Plural: l.Plural,
		Doc:    paragraphs(l.Doc),
		Facts:  []text{idWords(m, l)},
	}
	for _, c := range l.Children {
		out.Facts = append(out.Facts, say("Children: ", c.Of.Plural, ", under ", code(c.Path.String()), "."))
	}
	out.Facts = append(out.Facts, say("Statuses follow the machine ", code(l.Machine.Name), "."))
	if r := l.Rollup; r != nil {
		out.Facts = append(out.Facts, say("Once all children, at least one, are ", statusWords(l.Children[0].Of, r.When),
			", the item advances to ", code(r.To.Name), "."))
	}
	if c := l.Claim; c != nil {
		var from []string
		for _, s := range c.From {
			from = append(from, s.Name)
		}
		out.Facts = append(out.Facts, say("Items that are ", codes(from, "or"),
			" can be claimed, and are ", code(c.To.Name), " then."))
	}
	out.Fields = levelFields(l)
	for _, g := range l.Guards {
		var events []string
		for _, e := range g.Events {
			events = append(events, e.Name)
		}
		verb := " demands that "
		if len(events) > 1 {
			verb = " demand that "
		}
		sentence := say(codes(events, "and"), verb, guardWords(m, l, g), ".")
		out.Guards = append(out.Guards, joined(" ", sentence, proseOf(g.Doc)))
	}
	return out
}

// levelFields lists all keys of an item: those of every level around its own.
func levelFields(l *schema.Level) []field {
	rows := []field{
		{Owner: l.Name, Anchor: "id-" + l.Name, Key: l.ID.Path.String(), Type: idTypeWords(l.ID), Presence: "required",
			Rules: idRuleWords(l), Doc: say("What the item is called.")},
		{Owner: l.Name, Anchor: "status-" + l.Name, Key: l.Status.Path.String(), Type: say("status"),
			Presence: presenceWords(!l.Status.Optional, false), Doc: statusMeaning(l)},
	}
	rows = append(rows, fields(l.Name, l.Fields)...)
	for _, c := range l.Children {
		rows = append(rows, field{Owner: l.Name, Anchor: "children-" + l.Name, Key: c.Path.String(),
			Type: say("list of ", c.Of.Plural), Presence: presenceWords(c.Required, c.Nullable),
			Doc: say("The ", c.Of.Plural, " of the ", l.Name, ".")})
	}
	return rows
}

func statusMeaning(l *schema.Level) text {
	if l.Status.Optional {
		return say("How far the work is; ", code(l.Machine.Initial.Name), " where it is missing.")
	}
	return say("How far the work is.")
}

func idTypeWords(id schema.ID) text {
	var kinds []text
	if id.String {
		kinds = append(kinds, say("text"))
	}
	switch {
	case id.Float:
		kinds = append(kinds, say("number"))
	case id.Int:
		kinds = append(kinds, say("integer"))
	}
	return list(kinds, "or")
}

func idRuleWords(l *schema.Level) text {
	switch {
	case l.ID.Kind == format.PathID && l.Index == 0:
		return say(code(l.ID.Prefix), " and a number")
	case l.ID.Kind == format.PathID:
		return say("the parent's id, a dot, ", code(l.ID.Prefix), " and a number")
	case l.ID.Pattern != "":
		return say("matches ", code(l.ID.Pattern), " as a whole")
	default:
		return nil
	}
}

// idWords says how the ids of a level are made and where they are unique.
func idWords(m *schema.Model, l *schema.Level) text {
	switch l.ID.Kind {
	case format.PathID:
		return say("Ids: ", idRuleWords(l), ", such as ", code(examplePath(m, l)), ".")
	case format.LocalID:
		if l.Index > 0 {
			return say("Ids: unique among the children of one parent. The full id is the parent's, a dot and the item's own; ",
				"one that begins with the parent's id and a dot is the full id already.")
		}
	}
	within := "the document"
	for _, s := range m.Document.Shapes {
		if s.Kind == format.RootGroups {
			within = "the document, or in its group where there are groups"
		}
	}
	return say("Ids: unique in " + within + ".")
}

func examplePath(m *schema.Model, l *schema.Level) string {
	var segments []string
	for _, above := range m.Levels[:l.Index+1] {
		segments = append(segments, above.ID.Prefix+"1")
	}
	return strings.Join(segments, ".")
}
