package infer

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

// page is a schema in the making, and which element is on which line.
type page struct {
	strings.Builder
	lines    int
	elements map[int]element
}

func (p *page) line(format string, args ...any) {
	p.lines++
	fmt.Fprintf(p, format+"\n", args...)
}

// element writes the line of an element.
func (p *page) element(e element, format string, args ...any) {
	p.elements[p.lines+1] = e
	p.line(format, args...)
}

// Header is the first line of a schema: editors that know YAML schemas complete
// and check the file by it.
const Header = "# yaml-language-server: $schema=https://raw.githubusercontent.com/backlog-gen/backlog-gen/main/schema/schema.json"

// render writes the schema.
func (d *draft) render() ([]byte, map[int]element) {
	p := &page{elements: make(map[int]element)}
	p.line("%s", Header)
	p.line("#")
	p.line("# Guessed from a document: look over categories, events and what is required.")
	p.line("")
	d.renderPackage(p)
	d.renderStatuses(p)
	d.renderEnums(p)
	d.renderObjects(p)
	p.line("levels:")
	for i, l := range d.levels {
		if i > 0 {
			p.line("")
		}
		d.renderLevel(p, l)
	}
	return []byte(p.String()), p.elements
}

func (d *draft) renderPackage(p *page) {
	p.line("package:")
	p.line("  name: %s", quote(d.packageName))
	root := "Backlog"
	for _, l := range d.levels {
		if strings.EqualFold(l.name, root) {
			root = "Document"
		}
	}
	p.line("  root: %s", root)
	p.line("")
	p.line("document:")
	p.line("  shapes:")
	p.line("    - %s", flow(d.shapeKeys()))
	if len(d.fields.list) > 0 {
		p.element(&d.fields, "  fields:")
		for _, f := range d.fields.list {
			if !f.dropped {
				p.element(f, "    %s: %s", quote(f.key), flow(f.keys()))
			}
		}
	}
	p.line("  indent: %s", d.layout.indent)
	p.line("  final_newline: %t", d.layout.finalNewline)
	p.line("")
}

// shapeKeys says where the items of the first level are.
func (d *draft) shapeKeys() []string {
	place, top := d.choice.place, d.levels[0]
	switch place.Shape {
	case survey.Array:
		return []string{"kind: array"}
	case survey.Lines:
		return []string{"kind: lines"}
	case survey.Item:
		return []string{"kind: item"}
	case survey.Groups:
		return []string{"kind: groups", "lists: " + listOf(place.Path, top.name)}
	case survey.Keyed:
		if len(place.Path) == 0 {
			return []string{"kind: keyed"}
		}
		return []string{"kind: object", "lists: " + listOf(place.Path, top.name, "keyed: true")}
	}
	return []string{"kind: object", "lists: " + listOf(place.Path, top.name)}
}

func (d *draft) renderStatuses(p *page) {
	p.line("statuses:")
	for _, s := range d.statuses {
		keys := append([]string{"category: " + s.category}, s.naming.keys()...)
		if len(s.aliases) > 0 {
			keys = append(keys, "aliases: "+quoteAll(s.aliases))
		}
		p.element(s, "  %s: %s", quote(s.name), flow(keys))
	}
	p.line("")
	p.line("events:")
	for _, s := range d.statuses {
		p.element(transitionEvent{s}, "  %s: {}", quote(s.event))
	}
	p.line("")
	p.line("machines:")
	for _, name := range d.machines() {
		d.renderMachine(p, name)
	}
	p.line("")
}

func (d *draft) renderMachine(p *page, name string) {
	statuses := d.statuses
	for _, l := range d.levels {
		if l.progress.Status != nil && d.machineOf(l) == name {
			statuses = d.statusesOf(l)
		}
	}
	p.line("  %s:", name)
	initial := statuses[0]
	if slices.Contains(statuses, d.initial()) {
		initial = d.initial()
	}
	p.line("    initial: %s", quote(initial.name))
	if len(statuses) < len(d.statuses) {
		names := make([]string, len(statuses))
		for i, s := range statuses {
			names[i] = s.name
		}
		p.line("    states: %s", quoteAll(names))
	}
	p.line("    transitions:")
	for _, s := range statuses {
		p.line("      - {event: %s, from: others, to: %s}", quote(s.event), quote(s.name))
	}
}

func (d *draft) renderEnums(p *page) {
	begun := false
	for _, e := range d.enums {
		if e.dropped || !d.uses(e) {
			continue
		}
		if !begun {
			p.line("enums:")
			begun = true
		}
		p.element(e, "  %s:", e.name)
		p.line("    unknown: warn")
		p.line("    values:")
		for _, v := range e.values {
			p.element(v, "      %s: %s", quote(v.name), flow(v.naming.keys()))
		}
	}
	if begun {
		p.line("")
	}
}

// uses reports whether a field of the schema has an enum.
func (d *draft) uses(e *enum) bool {
	has := func(fields []*field) bool {
		return slices.ContainsFunc(fields, func(f *field) bool { return f.enum == e && !f.dropped })
	}
	return has(d.fields.list) || slices.ContainsFunc(d.levels, func(l *level) bool {
		return has(l.fields) || slices.ContainsFunc(l.fields, func(f *field) bool { return !f.dropped && f.object != nil && has(f.object.fields) })
	})
}

func (d *draft) renderObjects(p *page) {
	begun := false
	for _, l := range d.levels {
		for _, f := range l.fields {
			if f.dropped || f.object == nil {
				continue
			}
			if !begun {
				p.line("objects:")
				begun = true
			}
			p.element(f.object, "  %s:", f.object.name)
			renderFields(p, "    ", f.object.fields)
		}
	}
	if begun {
		p.line("")
	}
}

func renderFields(p *page, indent string, fields []*field) {
	begun := false
	for _, f := range fields {
		if f.dropped {
			continue
		}
		if !begun {
			p.line("%sfields:", indent)
			begun = true
		}
		p.element(f, "%s  %s: %s", indent, quote(f.key), flow(f.keys()))
	}
}

func (d *draft) renderLevel(p *page, l *level) {
	p.element(l, "  %s:", l.name)
	if many := plural(l.name); many != l.name+"s" {
		p.line("    plural: %s", many)
	}
	p.line("    id: %s", flow(l.id.keys(l.idKey)))
	switch status := l.statusKeys(); {
	case l.progress.Status == nil:
		p.line("    status: none")
	case len(status) > 0:
		p.line("    status: %s", flow(status))
	}
	if len(d.machines()) > 1 && l.progress.Status != nil {
		p.line("    machine: %s", d.machineOf(l))
	}
	if l.child != nil {
		var more []string
		if l.children.nullable {
			more = append(more, "nullable: true")
		}
		if l.child.keyed {
			more = append(more, "keyed: true")
		}
		p.line("    children: %s", listOf([]string{l.children.key}, l.child.name, more...))
	}
	renderFields(p, "    ", l.fields)
	begun := false
	for _, g := range l.guards {
		if g.isOut() {
			continue
		}
		if !begun {
			p.line("    guards:")
			begun = true
		}
		p.element(g, "      - %s", flow(g.keys()))
	}
}

func (g *guard) keys() []string {
	keys := []string{"events: " + quoteAll(g.events), "dependencies: " + quoteAll(g.categories), "field: " + path(g.path())}
	if g.where != "" {
		keys = append(keys, fmt.Sprintf("where: {%s: %s}", quote(g.field.object.mark), quote(g.where)))
	}
	return keys
}

func (l *level) statusKeys() []string {
	s := l.progress.Status
	if s == nil {
		return nil
	}
	var keys []string
	if s.Key() != "status" {
		keys = append(keys, "key: "+path(s.Path))
	}
	if l.spellings != nil {
		values := make([]string, len(l.spellings))
		for i, p := range l.spellings {
			values[i] = quote(p.status.name) + ": " + p.literals[0]
			if len(p.literals) > 1 {
				values[i] = quote(p.status.name) + ": [" + strings.Join(p.literals, ", ") + "]"
			}
		}
		keys = append(keys, "values: "+flow(values))
	}
	if s.Missing > 0 {
		keys = append(keys, "optional: true")
	}
	if s.Nulls > 0 || s.NullWay {
		keys = append(keys, "nullable: true")
	}
	return keys
}

func (i id) keys(key string) []string {
	keys := []string{"kind: " + i.kind}
	if key != "id" && key != "" {
		keys = append(keys, "key: "+path([]string{key}))
	}
	if i.prefix != "" {
		keys = append(keys, "prefix: "+quote(i.prefix))
	}
	if len(i.accepts) > 0 && (len(i.accepts) != 1 || i.accepts[0] != "string") {
		keys = append(keys, "accepts: "+quoteAll(i.accepts))
	}
	if i.repeats {
		keys = append(keys, "duplicate: warn")
	}
	return keys
}

func (f *field) keys() []string {
	keys := f.naming.keys()
	if f.constant != "" {
		keys = append(keys, "constant: "+quote(f.constant))
	} else {
		keys = append(keys, "type: "+f.typeName())
	}
	if f.form != "" {
		keys = append(keys, "form: "+f.form)
	}
	for _, flag := range []struct {
		name string
		set  bool
	}{{"list", f.list}, {"required", f.required}, {"nullable", f.nullable}} {
		if flag.set {
			keys = append(keys, flag.name+": true")
		}
	}
	if f.list && f.required {
		keys = append(keys, "default: []")
	}
	return keys
}

func (f *field) typeName() string {
	if f.enum != nil && !f.enum.dropped {
		return f.enum.name
	}
	if f.object != nil {
		return f.object.name
	}
	return f.kind
}

func (n naming) keys() []string {
	if n.goName == "" {
		return nil
	}
	return []string{"name: " + quote(n.goName)}
}

// listOf is a mapping of one list, from its key or path.
func listOf(at []string, level string, more ...string) string {
	keys := []string{"of: " + quote(level)}
	if hasDots(at) {
		keys = append(keys, "key: "+quoteAll(at))
	}
	keys = append(keys, more...)
	list := quote(level)
	if len(keys) > 1 {
		list = flow(keys)
	}
	return flow([]string{quote(strings.Join(at, ".")) + ": " + list})
}

// path is keys joined by dots, or a list of keys where one has a dot itself.
func path(keys []string) string {
	if hasDots(keys) {
		return quoteAll(keys)
	}
	return quote(strings.Join(keys, "."))
}

func hasDots(keys []string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return key == "" && len(keys) > 1 || strings.Contains(key, ".") })
}

func flow(keys []string) string { return "{" + strings.Join(keys, ", ") + "}" }

func quoteAll(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

var (
	plain   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*$`)
	notText = regexp.MustCompile(`^(?i:true|false|null|yes|no|on|off|y|n)$`)
)

// quote returns a text as YAML: as it is where that is safe, else as JSON has
// it, which YAML reads the same.
func quote(s string) string {
	if plain.MatchString(s) && !notText.MatchString(s) {
		return s
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a Builder takes everything, and JSON every string
	return strings.TrimSuffix(b.String(), "\n")
}
