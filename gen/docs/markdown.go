package docs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
)

// Markdown returns the reference as GitHub reads it, state diagrams included.
// The error is a *statemachine.DefinitionError.
func Markdown(m *schema.Model) ([]byte, error) {
	r, err := newReference(m)
	if err != nil {
		return nil, err
	}
	w := &markdownWriter{}
	w.block("<!-- " + header(m.File) + " -->")
	w.heading(1, "Reference: ", code(r.Name))
	w.paragraphs(r.Doc)
	var sentences []string
	for _, sentence := range r.Document {
		sentences = append(sentences, markdownText(sentence))
	}
	w.block(strings.Join(sentences, " "))
	if len(r.Own) > 0 {
		w.fields(r.Own)
	}
	w.levels(r)
	w.types(r)
	w.statuses(r)
	w.machines(r)
	w.sample(r)
	return []byte(w.b.String()), nil
}

// markdownWriter lays a reference out. Headings name the kind of what they are
// about, so that no name of a schema can make the anchor of another.
type markdownWriter struct {
	b strings.Builder
}

// block writes lines that belong together, with an empty line before them.
func (w *markdownWriter) block(lines ...string) {
	if len(lines) == 0 {
		return
	}
	if w.b.Len() > 0 {
		w.b.WriteByte('\n')
	}
	for _, line := range lines {
		w.b.WriteString(line)
		w.b.WriteByte('\n')
	}
}

func (w *markdownWriter) heading(level int, parts ...any) {
	w.block(strings.Repeat("#", level) + " " + markdownText(say(parts...)))
}

func (w *markdownWriter) paragraphs(doc []string) {
	for _, p := range doc {
		w.block(markdownBlock(p))
	}
}

// table writes rows of cells below a head. Empty columns are left out.
func (w *markdownWriter) table(head []string, rows [][]text) {
	var used []int
	for i := range head {
		if slices.ContainsFunc(rows, func(row []text) bool { return len(row[i]) > 0 }) {
			used = append(used, i)
		}
	}
	names, rule := "|", "|"
	for _, i := range used {
		names += " " + head[i] + " |"
		rule += " --- |"
	}
	lines := []string{names, rule}
	for _, row := range rows {
		line := "|"
		for _, i := range used {
			line += " " + markdownText(row[i]) + " |"
		}
		lines = append(lines, line)
	}
	w.block(lines...)
}

func (w *markdownWriter) levels(r *reference) {
	w.heading(2, "Levels")
	var tree []string
	for i, l := range r.Levels {
		tree = append(tree, fmt.Sprintf("%s- `%s`", strings.Repeat("  ", i), l.Plural))
	}
	w.block(tree...)
	for _, l := range r.Levels {
		w.heading(3, "Level ", code(l.Name))
		w.paragraphs(l.Doc)
		var facts []string
		for _, fact := range l.Facts {
			facts = append(facts, "- "+markdownText(fact))
		}
		w.block(facts...)
		w.fields(l.Fields)
		var guards []string
		for _, g := range l.Guards {
			guards = append(guards, "- "+markdownText(g))
		}
		w.block(guards...)
	}
}

func (w *markdownWriter) fields(list []field) {
	var rows [][]text
	for _, f := range list {
		rows = append(rows, []text{say(code(f.Key)), f.Type, say(f.Presence), f.Rules, f.Doc})
	}
	w.table([]string{"Key", "Type", "Presence", "Rules", "Meaning"}, rows)
}

func (w *markdownWriter) types(r *reference) {
	for _, o := range r.Objects {
		w.heading(2, "Object ", code(o.Name))
		w.paragraphs(o.Doc)
		w.fields(o.Fields)
	}
	for _, e := range r.Enums {
		w.heading(2, "Enum ", code(e.Name))
		w.paragraphs(e.Doc)
		var rows [][]text
		for _, v := range e.Values {
			rows = append(rows, []text{say(code(v.Name)), codes(v.Aliases, "and"), v.Doc})
		}
		w.table([]string{"Value", "Also read", "Meaning"}, rows)
		if e.Warn {
			w.block("Other values are read as well, and warned of.")
		}
	}
}

func (w *markdownWriter) statuses(r *reference) {
	w.heading(2, "Statuses")
	var rows [][]text
	for _, s := range r.Statuses {
		rows = append(rows, []text{say(code(s.Name)), say(s.Category), codes(s.Aliases, "and"), s.Doc})
	}
	w.table([]string{"Status", "Category", "Also read", "Meaning"}, rows)
}

func (w *markdownWriter) machines(r *reference) {
	for _, machine := range r.Machines {
		w.heading(2, "Machine ", code(machine.Name))
		w.paragraphs(machine.Doc)
		w.block(markdownText(machine.Facts()))
		w.block("```mermaid\n" + machine.Mermaid + "```")
		var rows [][]text
		for _, e := range machine.Events {
			rows = append(rows, []text{say(code(e.Name)), codes(e.From, "or"), say(code(e.To)), joined("; ", e.Guards...), e.Doc})
		}
		w.table([]string{"Event", "From", "To", "Guards", "Meaning"}, rows)
	}
}

func (w *markdownWriter) sample(r *reference) {
	w.heading(2, "Sample document")
	if r.NoSample != "" {
		w.block(markdownBlock(r.NoSample + "."))
		return
	}
	fence := "```"
	for strings.Contains(r.Sample, fence) {
		fence += "`"
	}
	w.block(fence+"json", strings.TrimRight(r.Sample, "\n"), fence)
}
