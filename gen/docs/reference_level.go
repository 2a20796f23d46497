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
		switch s.Kind {
		case format.RootArray:
			shapes = append(shapes, say("an array of ", s.Lists[0].Of.Plural))
		case format.RootLines:
			shapes = append(shapes, say("JSON Lines, ", withArticle(s.Lists[0].Of.Name), " a line"))
		case format.RootGroups:
			shapes = append(shapes, say("an object of named groups, each an object that holds ", listWords(s.Lists)))
		default:
			shapes = append(shapes, say("an object that holds ", listWords(s.Lists)))
		}
	}
	out := []text{say("A document is ", shapes[0], ".")}
	if len(shapes) > 1 {
		out = []text{say("A document is ", joined("; or ", shapes...), "."), say("New documents have the first of these shapes.")}
	}
	if len(m.Document.Fields) > 0 {
		var keys []string
		for _, f := range m.Document.Fields {
			keys = append(keys, f.Key)
		}
		out = append(out, say("Beside them, an object has fields of its own: ", codes(keys, "and"), "."))
	}
	out = append(out, say("Keys that this reference does not name are allowed anywhere, and kept."))
	out = append(out, say("A value that is not what it should be is only warned of; anything else wrong is refused."))
	return append(out, say("New documents are ", layoutWords(m.Document), "."))
}

// listWords says which lists of items an object holds.
func listWords(lists []schema.List) text {
	var each []text
	for _, l := range lists {
		what := "an array of "
		if l.Keyed {
			what = "an object, by their ids, of "
		}
		each = append(each, say(what, l.Of.Plural, " under ", code(l.Path.String())))
	}
	return list(each, "and")
}

func layoutWords(d schema.Document) string {
	end := "end without a newline"
	if d.FinalNewline {
		end = "end with a newline"
	}
	switch {
	case d.Shapes[0].Kind == format.RootLines:
		return "written an item a line and " + end
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
	if l.Status == nil {
		out.Facts = append(out.Facts, say("These items have no status: they only group others."))
	} else {
		out.Facts = append(out.Facts, say("Statuses follow the machine ", code(l.Machine.Name), "."))
	}
	if r := l.Rollup; r != nil {
		out.Facts = append(out.Facts, say("Once all children, at least one, are ", childStatusWords(l, r.When),
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
	var rows []field
	if l.ID.Kind != format.PositionID {
		rows = append(rows, field{Owner: l.Name, Anchor: "id-" + l.Name, Key: l.ID.Path.String(), Type: idTypeWords(l.ID), Presence: "required",
			Rules: idRuleWords(l), Doc: say("What the item is called.")})
	}
	if l.Status != nil {
		rows = append(rows, field{Owner: l.Name, Anchor: "status-" + l.Name, Key: l.Status.Path.String(), Type: say("status"),
			Presence: presenceWords(!l.Status.Optional, l.Status.Nullable), Rules: valueWords(l.Status), Doc: statusMeaning(l)})
	}
	rows = append(rows, fields(l.Name, l.Fields)...)
	for _, c := range l.Children {
		rows = append(rows, field{Owner: l.Name, Anchor: "children-" + l.Name, Key: c.Path.String(),
			Type: say("list of ", c.Of.Plural), Presence: presenceWords(c.Required, c.Nullable),
			Doc: say("The ", c.Of.Plural, " of the ", l.Name, ".")})
	}
	return rows
}

// valueWords says which JSON values the statuses are, nil where they are their
// names.
func valueWords(s *schema.StatusKey) text {
	var each []text
	for _, v := range s.Values {
		each = append(each, say(code(v.Status.Name), " is ", codes(v.JSON, "or")))
	}
	words := joined("; ", each...)
	if !s.WarnUnknown {
		return words
	}
	return joined("; ", words, say("other values are warned of"))
}

func statusMeaning(l *schema.Level) text {
	switch {
	case l.Status.Optional && l.Status.Nullable:
		return say("How far the work is; ", code(l.Machine.Initial.Name), " where it is missing or null.")
	case l.Status.Optional:
		return say("How far the work is; ", code(l.Machine.Initial.Name), " where it is missing.")
	case l.Status.Nullable:
		return say("How far the work is; ", code(l.Machine.Initial.Name), " where it is null.")
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
	case format.PositionID:
		return say("Ids: none. An item is known by its place among its siblings.")
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
