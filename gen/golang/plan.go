package golang

import (
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// plan holds every name of the package to emit, resolved once. Emitters only
// read it.
type plan struct {
	model      *schema.Model
	descriptor format.Descriptor
	source     string
	root       root
	levels     []*level
	enums      []*enum
	objects    []*object // in the order of the descriptor
	grouped    bool      // documents may have groups
	guarded    bool      // the schema has custom guards
}

// root is the type of a whole document.
type root struct {
	name, receiver, file string
	fields               []*field // of the document itself
}

// level is the plan of one level.
type level struct {
	*schema.Level
	receiver string
	noun     string // "user story"
	nouns    string // "user stories"
	id       string // type of its ids
	spec     string // type of its spec
	position string // constant: the engine's number of the level
	wrapper  string // function that makes the type of an engine's item
	param    string // name of a parameter of the type
	file     string
	fields   []*field // in the order of the descriptor
	parent   *level   // nil at the top
	child    *level   // nil on the leaf
}

// object is the plan of one object type.
type object struct {
	*schema.Object
	receiver string
	noun     string
	spec     string
	position string
	fields   []*field
}

// enum is the plan of one enum type.
type enum struct {
	*schema.Enum
	receiver string
	position string
}

// field is the plan of one field.
type field struct {
	*schema.Field
	noun     string
	position string // constant: the position in the descriptor
	param    string // name of a parameter that holds its value
	typ      string // Go type of an enum, reference or object
}

func newPlan(m *schema.Model, d format.Descriptor, source string) *plan {
	p := &plan{model: m, descriptor: d, source: source, guarded: len(m.CustomGuards) > 0}
	for _, s := range m.Document.Shapes {
		p.grouped = p.grouped || s.Kind == format.RootGroups
	}
	files := fileNames{}
	p.root = root{
		name:     m.Package.Root,
		receiver: receiverName(m.Package.Root),
		file:     files.give(m.Package.Root),
	}
	names := newNames()
	p.planLevels(names, files)
	p.root.fields = p.planFields(names, p.root.name, p.root.receiver, m.Document.Fields)
	for _, e := range m.Enums {
		p.enums = append(p.enums, &enum{
			Enum:     e,
			receiver: receiverName(e.Name),
			position: names.unexported(e.Name, "Enum"),
		})
	}
	for _, o := range d.Objects {
		p.objects = append(p.objects, p.planObject(names, o.Name))
	}
	return p
}

func (p *plan) planLevels(names *names, files fileNames) {
	for _, l := range p.model.Levels {
		planned := &level{
			Level:    l,
			receiver: receiverName(l.Name),
			noun:     words(l.Name),
			nouns:    words(l.Plural),
			id:       l.Name + "ID",
			spec:     l.Name + "Spec",
			position: names.unexported(l.Name, "Level"),
			wrapper:  names.unexported(l.Name, "Of"),
			param:    parameter(l.Name, p.root.receiver, "doc", "err"),
			file:     files.give(l.Name),
		}
		planned.fields = p.planFields(names, l.Name, planned.receiver, l.Fields)
		if n := len(p.levels); n > 0 {
			planned.parent = p.levels[n-1]
			planned.parent.child = planned
		}
		p.levels = append(p.levels, planned)
	}
}

func (p *plan) planObject(names *names, name string) *object {
	for _, o := range p.model.Objects {
		if o.Name != name {
			continue
		}
		planned := &object{
			Object:   o,
			receiver: receiverName(name),
			noun:     words(name),
			spec:     name + "Spec",
			position: names.unexported(name, "Object"),
		}
		planned.fields = p.planFields(names, name, planned.receiver, o.Fields)
		return planned
	}
	return nil
}

func (p *plan) planFields(names *names, owner, receiver string, fields []*schema.Field) []*field {
	var planned []*field
	for _, f := range fields {
		planned = append(planned, &field{
			Field:    f,
			noun:     words(f.Name),
			position: names.unexported(owner, f.Name),
			param:    parameter(f.Name, receiver, "ok"),
			typ:      typeName(f),
		})
	}
	return planned
}

// typeName is the generated type of a field's value, "" for Go's own types. A
// reference that may only lead to one level is of that level's id type.
func typeName(f *schema.Field) string {
	switch f.Kind {
	case format.EnumField:
		return f.Enum.Name
	case format.ObjectField:
		return f.Object.Name
	case format.ReferenceField:
		if !f.AnyTarget && len(f.Targets) == 1 {
			return f.Targets[0].Name + "ID"
		}
		return "ItemID"
	}
	return ""
}

// getters are the fields that programs see.
func getters(fields []*field) []*field {
	var visible []*field
	for _, f := range fields {
		if f.Kind != format.ConstantField {
			visible = append(visible, f)
		}
	}
	return visible
}

// uses reports whether any field of the document, a level or an object is such that
// f holds.
func (p *plan) uses(f func(*field) bool) bool {
	if slices.ContainsFunc(p.root.fields, f) {
		return true
	}
	for _, l := range p.levels {
		if slices.ContainsFunc(l.fields, f) {
			return true
		}
	}
	return slices.ContainsFunc(p.objects, func(o *object) bool { return slices.ContainsFunc(o.fields, f) })
}

// receiverName is the one letter by which methods call their receiver.
func receiverName(typ string) string {
	first, _ := utf8.DecodeRuneInString(typ)
	if lower := unicode.ToLower(first); unicode.IsLetter(lower) && lower != first {
		return string(lower)
	}
	return "v"
}

// parameter is the name of a parameter that holds a value of the given name. taken
// are the other names of the functions that have the parameter.
func parameter(name string, taken ...string) string {
	lower := camel(name)
	if slices.Contains(taken, lower) || token.IsKeyword(lower) || predeclared(lower) || imported(lower) || lower == documentType || !token.IsIdentifier(lower) {
		return "value"
	}
	return lower
}

func imported(name string) bool {
	for _, used := range importNames {
		if used == name {
			return true
		}
	}
	return false
}

// camel makes an exported name unexported: StoryPoints is storyPoints, PRDPath
// prdPath, ID id.
func camel(name string) string {
	runes := []rune(name)
	end := 0
	for end < len(runes) && unicode.IsUpper(runes[end]) && (end == 0 || !wordStart(runes, end)) {
		end++
	}
	return strings.ToLower(string(runes[:end])) + string(runes[end:])
}

// names gives out unexported names of the package, each once.
type names struct {
	taken map[string]bool
}

func newNames() *names {
	taken := map[string]bool{}
	for _, fixed := range []string{documentType, "descriptor", "itemOf", "statusNames", "eventNames", "levelNames"} {
		taken[fixed] = true
	}
	return &names{taken}
}

// unexported joins two exported names into an unexported one that nothing else
// has.
func (n *names) unexported(owner, name string) string {
	joined := camel(owner) + name
	unique := joined
	for i := 2; n.taken[unique]; i++ {
		unique = joined + "_" + strconv.Itoa(i)
	}
	n.taken[unique] = true
	return unique
}

// fileNames gives out names of files, each once.
type fileNames map[string]bool

// give returns the file of a type. It has no underscore, for Go reads _linux and
// _test as instructions.
func (f fileNames) give(typ string) string {
	base := strings.ReplaceAll(strings.ToLower(typ), "_", "")
	if base == "" || reservedFiles[base] {
		base += "type"
	}
	unique := base
	for i := 2; f[unique]; i++ {
		unique = base + strconv.Itoa(i)
	}
	f[unique] = true
	return unique + Suffix
}

// Files that are not about one level.
const (
	changesFile    = "changes"
	queriesFile    = "queries"
	levelsFile     = "levels"
	statusFile     = "status"
	eventFile      = "event"
	idsFile        = "ids"
	enumsFile      = "enums"
	objectsFile    = "objects"
	machineFile    = "machine"
	descriptorFile = "descriptor"
	openFile       = "open"
	guardsFile     = "guards"
)

var reservedFiles = map[string]bool{
	changesFile: true, queriesFile: true, levelsFile: true, statusFile: true,
	eventFile: true, idsFile: true, enumsFile: true, objectsFile: true,
	machineFile: true, descriptorFile: true, openFile: true, guardsFile: true,
}
