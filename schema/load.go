package schema

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/internal/regularfile"
)

// Load reads the schema in the file. A schema with anything wrong yields an
// *Error that lists every problem; a file that cannot be read yields an error
// that wraps the system's. A path that is not a regular file, such as a pipe, is refused.
func Load(path string) (*Model, error) {
	f, err := regularfile.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	return Parse(path, data)
}

// Parse reads the schema in data; filename is for positions only. A schema
// with anything wrong yields an *Error that lists every problem. Warnings of a
// usable schema are in Model.Warnings.
func Parse(filename string, data []byte) (*Model, error) {
	return newLoader(filename).parse(data)
}

func (l *loader) parse(data []byte) (*Model, error) {
	l.load(data)
	diagnostics := l.sorted()
	if l.refused {
		return nil, &Error{diagnostics}
	}
	l.model.Warnings = diagnostics
	return l.model, nil
}

// loader is the state of one Parse.
type loader struct {
	model       *Model
	lines       []string
	diagnostics []Diagnostic
	refused     bool
	// ahead accepts what the engine does not have yet.
	ahead bool
	// unsafe characters that have been reported.
	unsafe map[rune]bool

	// counted belongs to spanAt.
	counted counted

	// What names stand for, in the order of the model.
	statuses names[*Status]
	events   names[*Event]
	machines names[*Machine]
	types    names[fieldType]
	levels   names[*Level]
	custom   names[*CustomGuard]
	// incomplete machines are not judged as a whole: part of them is wrong.
	// Those in partial lack states that they list.
	incomplete, partial map[*Machine]bool
	// used holds the enums and objects that a field has as its type, and the
	// machines that a level follows.
	used map[any]bool
	// unknownType says that a field names a type that does not exist, so that
	// which types are used is not known.
	unknownType bool
	// bodies read what has to wait until all types are declared.
	bodies []func()
	// leftOut says that something was left out because it is too large: whether
	// names stand for anything, and the model as a whole, cannot be judged then.
	leftOut bool
	// childless says that the children of a level could not be read.
	childless bool
	// levelEntries are the bodies of the levels.
	levelEntries []entry
}

func newLoader(filename string) *loader {
	return &loader{
		model:      &Model{File: filename},
		unsafe:     make(map[rune]bool),
		incomplete: make(map[*Machine]bool),
		partial:    make(map[*Machine]bool),
		used:       make(map[any]bool),
	}
}

func (l *loader) load(data []byte) {
	if len(data) > maxFileBytes {
		l.refuse(span{}, ruleLimit, "the file is larger than %d bytes", maxFileBytes)
		return
	}
	if encoding := otherEncoding(data); encoding != "" {
		l.refuse(span{}, ruleSyntax, "the file is in %s: a schema is text in UTF-8", encoding)
		return
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	l.lines = strings.Split(unixLines(data), "\n")
	if !l.checkSource() {
		return
	}
	root := l.readYAML(data)
	if root == nil {
		return
	}
	if root.kind != mappingNode {
		l.refuse(root.span, ruleWrongType, "a schema is a mapping that begins with the key package, not %s", root.kind)
		return
	}
	l.loadSchema(l.object(root, span{1, 1, 1}, &schemaConstruct))
	if !l.leftOut {
		l.check()
	}
}

// unixLines returns a text with the line ends of Unix.
func unixLines(data []byte) string {
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	return strings.ReplaceAll(text, "\r", "\n")
}

// loadSchema reads the sections in the order of their dependence, whatever
// their order in the file.
func (l *loader) loadSchema(o *object) {
	l.loadPackage(o)
	l.statuses.absent = o.get("statuses") == nil
	l.events.absent = o.get("events") == nil
	l.machines.absent = o.get("machines") == nil
	l.loadStatuses(o)
	l.loadEvents(o)
	l.loadMachines(o)
	l.declareEnums(o)
	l.declareObjects(o)
	l.declareLevels(o)
	l.loadDocument(o)
	l.loadObjectFields()
	l.loadLevels()
}

// check judges the model as a whole.
func (l *loader) check() {
	l.checkMachines()
	l.checkUse()
	l.checkTree()
	l.checkStatuses()
	l.checkTargets()
	l.checkIDs()
	l.checkPaths()
	l.checkShapes()
	l.checkDocumentFields()
	l.checkGuards()
	l.checkRollups()
	l.checkClaims()
	l.checkObjects()
	l.checkIdentifiers()
}

// refuse reports a broken rule.
func (l *loader) refuse(at span, rule, format string, args ...any) {
	l.report(at, Refusal, rule, format, args...)
}

// warn reports something to look at.
func (l *loader) warn(at span, rule, format string, args ...any) {
	l.report(at, Warning, rule, format, args...)
}

func (l *loader) report(at span, severity Severity, rule, format string, args ...any) {
	l.refused = l.refused || severity == Refusal
	if len(l.diagnostics) > maxProblems {
		return
	}
	if len(l.diagnostics) == maxProblems {
		at, severity, rule = span{}, Refusal, ruleLimit
		format, args = "more than %d problems: the rest is left out", []any{maxProblems}
	}
	l.diagnostics = append(l.diagnostics, Diagnostic{
		File:      l.model.File,
		Line:      at.line,
		Column:    at.column,
		EndColumn: at.end,
		Severity:  severity,
		Rule:      rule,
		Message:   fmt.Sprintf(format, args...),
		Source:    SourceLine(l.line(at.line), at.column),
	})
}

// sorted returns the diagnostics in the order of the file, each once: an alias
// makes the loader see the same text more than once.
func (l *loader) sorted() []Diagnostic {
	slices.SortStableFunc(l.diagnostics, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(l.diagnostics)
}

// line returns a line of the file, "" if there is none such.
func (l *loader) line(n int) string {
	if n < 1 || n > len(l.lines) {
		return ""
	}
	return l.lines[n-1]
}

func (l *loader) pos(s span) Pos { return Pos{l.model.File, s.line, s.column} }

// spanOf turns the position of something named back into a span.
func (l *loader) spanOf(p Pos) span {
	line := l.line(p.Line)
	if p.Column < 1 || p.Column > len(line) {
		return span{p.Line, p.Column, p.Column}
	}
	rest := line[p.Column-1:]
	if rest[0] == '"' || rest[0] == '\'' {
		return span{p.Line, p.Column, p.Column + quotedLength(rest)}
	}
	return span{p.Line, p.Column, p.Column + len(rest) - len(strings.TrimLeft(rest, nameBytes))}
}

// nameBytes are the bytes of a name without quotes.
const nameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

// names maps names of one kind to what they stand for.
type names[T any] struct {
	of    map[string]T
	order []string
	// absent says that the section is not there that would declare them, which
	// is reported once.
	absent bool
}

func (n *names[T]) add(name string, value T) {
	if n.of == nil {
		n.of = make(map[string]T)
	}
	n.of[name] = value
	n.order = append(n.order, name)
}

// find returns what the text of a node stands for. It reports a name that
// stands for nothing, unless everything of its kind is missing or something has
// been left out.
func find[T any](l *loader, in *names[T], n *node, what string) (T, bool) {
	var none T
	name := l.text(n, what)
	if name == "" {
		if _, declared := in.of[""]; n.kind == textNode && n.text == "" && !declared { // what is declared is refused there
			l.refuse(n.span, ruleUnknownName, "%s has no name", what)
		}
		return none, false
	}
	value, ok := in.of[name]
	if !ok && !in.absent && !l.leftOut {
		l.refuse(n.span, ruleUnknownName, "no %s is named %q%s", what, shorten(name), hint(name, in.order))
	}
	return value, ok
}
