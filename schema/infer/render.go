package infer

import (
	"encoding/json"
	"fmt"
	"regexp"
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
	top := d.levels[0].name
	switch place := d.choice.place; place.Shape {
	case survey.Array:
		p.line("    - {kind: array}")
	case survey.Groups:
		p.line("    - {kind: groups, lists: %s}", listOf(place.Key(), top, false))
	default:
		p.line("    - {kind: object, lists: %s}", listOf(place.Key(), top, false))
	}
	p.line("  indent: %s", d.layout.indent)
	p.line("  final_newline: %t", d.layout.finalNewline)
	p.line("")
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
	p.line("  work:")
	p.line("    initial: %s", quote(d.initial().name))
	p.line("    transitions:")
	for _, s := range d.statuses {
		p.line("      - {event: %s, from: others, to: %s}", quote(s.event), quote(s.name))
	}
	p.line("")
}

func (d *draft) renderEnums(p *page) {
	begun := false
	for _, e := range d.enums {
		if e.dropped {
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

func (d *draft) renderLevel(p *page, l *level) {
	p.element(l, "  %s:", l.name)
	if many := plural(l.name); many != l.name+"s" {
		p.line("    plural: %s", many)
	}
	p.line("    id: %s", flow(l.id.keys(l.idKey)))
	if status := l.statusKeys(); len(status) > 0 {
		p.line("    status: %s", flow(status))
	}
	if l.children.key != "" {
		p.line("    children: %s", listOf(l.children.key, d.levels[l.index+1].name, l.children.nullable))
	}
	begun := false
	for _, f := range l.fields {
		if f.dropped {
			continue
		}
		if !begun {
			p.line("    fields:")
			begun = true
		}
		p.element(f, "      %s: %s", quote(f.key), flow(f.keys()))
	}
	begun = false
	for _, g := range l.guards {
		if g.dropped || g.field.dropped {
			continue
		}
		if !begun {
			p.line("    guards:")
			begun = true
		}
		p.element(g, "      - {events: %s, dependencies: %s, field: %s}", quoteAll(g.events), quoteAll(g.categories), quote(g.field.key))
	}
}

func (l *level) statusKeys() []string {
	var keys []string
	s := l.progress.Status
	if s.Key() != "status" {
		keys = append(keys, "key: "+quote(s.Key()))
	}
	if s.Missing > 0 {
		keys = append(keys, "optional: true")
	}
	return keys
}

func (i id) keys(key string) []string {
	keys := []string{"kind: " + i.kind}
	if key != "id" {
		keys = append(keys, "key: "+quote(key))
	}
	if i.prefix != "" {
		keys = append(keys, "prefix: "+quote(i.prefix))
	}
	if len(i.accepts) > 0 && (len(i.accepts) != 1 || i.accepts[0] != "string") {
		keys = append(keys, "accepts: "+quoteAll(i.accepts))
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
	return f.kind
}

func (n naming) keys() []string {
	if n.goName == "" {
		return nil
	}
	return []string{"name: " + quote(n.goName)}
}

// listOf is a mapping of one list, from its key. A key that has a dot itself is
// written as a path of one key.
func listOf(key, level string, nullable bool) string {
	keys := []string{"of: " + quote(level)}
	if strings.Contains(key, ".") {
		keys = append(keys, "key: "+quoteAll([]string{key}))
	}
	if nullable {
		keys = append(keys, "nullable: true")
	}
	list := quote(level)
	if len(keys) > 1 {
		list = flow(keys)
	}
	return flow([]string{quote(key) + ": " + list})
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
	plain   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
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
