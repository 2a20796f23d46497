// Package compatibility compares two versions of a schema: what the newer one
// asks of programs that use the generated code, of files that exist, and of
// those who work with them.
package compatibility

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// Class says whom a change of a schema concerns.
type Class uint8

// The classes.
const (
	// BreaksGo changes generated code such that programs that use it may no
	// longer compile.
	BreaksGo Class = iota + 1
	// BreaksFiles means that documents which were accepted are refused, or that
	// something in them is not found any more.
	BreaksFiles
	// MayBreakFiles gives a meaning to a key that the older schema said nothing
	// of. Keys that a schema does not know are kept, so files may have it, with
	// any value: those in which the value is wrong are refused now.
	MayBreakFiles
	// ChangesWorkflow allows or refuses other steps than before.
	ChangesWorkflow
)

// String returns "breaks Go users", "breaks existing files", "may break existing
// files" or "changes the workflow", "" for an invalid class.
func (c Class) String() string {
	switch c {
	case BreaksGo:
		return "breaks Go users"
	case BreaksFiles:
		return "breaks existing files"
	case MayBreakFiles:
		return "may break existing files"
	case ChangesWorkflow:
		return "changes the workflow"
	}
	return ""
}

// Name returns a word for machines: "go", "files", "maybe-files" or "workflow",
// "" for an invalid class.
func (c Class) Name() string {
	switch c {
	case BreaksGo:
		return "go"
	case BreaksFiles:
		return "files"
	case MayBreakFiles:
		return "maybe-files"
	case ChangesWorkflow:
		return "workflow"
	}
	return ""
}

// Breaks reports whether something that worked does not work any more. Only
// validate, which looks at the files, tells whether MayBreakFiles does.
func (c Class) Breaks() bool { return c == BreaksGo || c == BreaksFiles }

// Change is one thing that the newer schema does differently.
type Change struct {
	Class Class
	// Pos is where it is: in the newer schema, or in the older one if what it
	// is about is gone. It is the zero Pos if neither schema spells it out.
	Pos schema.Pos
	// Message is one sentence.
	Message string
}

// Compare returns how the newer schema differs from the older, by class, then
// in the order of the file. Differences that concern nobody are no changes:
// descriptions, the order of fields, an optional field that is added. One
// difference is two changes if it breaks programs and files.
//
// Levels, fields and names are the same if they are called the same; a level or
// a machine that has another name in the same place is taken for renamed.
func Compare(older, newer *schema.Model) []Change {
	c := &comparison{older: older, newer: newer}
	c.packages()
	c.shapes()
	c.statuses()
	c.events()
	c.enums()
	c.objects()
	c.levels()
	c.machines()
	c.customGuards()
	slices.SortStableFunc(c.changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	return slices.Compact(c.changes)
}

// comparison is the state of one Compare.
type comparison struct {
	older, newer *schema.Model
	changes      []Change
}

func (c *comparison) breaksGo(at schema.Pos, format string, args ...any) {
	c.changes = append(c.changes, Change{BreaksGo, at, fmt.Sprintf(format, args...)})
}

func (c *comparison) breaksFiles(at schema.Pos, format string, args ...any) {
	c.changes = append(c.changes, Change{BreaksFiles, at, fmt.Sprintf(format, args...)})
}

func (c *comparison) mayBreakFiles(at schema.Pos, format string, args ...any) {
	c.changes = append(c.changes, Change{MayBreakFiles, at, fmt.Sprintf(format, args...)})
}

func (c *comparison) changesWorkflow(at schema.Pos, format string, args ...any) {
	c.changes = append(c.changes, Change{ChangesWorkflow, at, fmt.Sprintf(format, args...)})
}

// named finds what has a name, the zero value if nothing has it.
func named[T any](all []T, name string, nameOf func(T) string) T {
	var none T
	for _, t := range all {
		if nameOf(t) == name {
			return t
		}
	}
	return none
}

func (c *comparison) packages() {
	old, now := c.older.Package, c.newer.Package
	if old.Name != now.Name {
		c.breaksGo(now.Pos, "the package %s is called %s now", old.Name, now.Name)
	}
	if old.Root != now.Root {
		c.breaksGo(now.Pos, "the type %s of a document is called %s now", old.Root, now.Root)
	}
}

func (c *comparison) shapes() {
	for _, old := range c.older.Document.Shapes {
		now := findShape(c.newer, old.Kind)
		if now == nil {
			c.breaksFiles(old.Pos, "documents that are %s are refused now", shapeWords(old))
			continue
		}
		c.lists(old, *now)
	}
	c.fields("the document", c.older.Document.Fields, c.newer.Document.Fields)
	grouped := findShape(c.newer, format.RootGroups)
	if was := findShape(c.older, format.RootGroups); (was == nil) != (grouped == nil) {
		if grouped != nil {
			c.breaksGo(grouped.Pos, "documents may have groups now: what makes or adds top items takes the name of one")
		} else {
			c.breaksGo(was.Pos, "documents have no groups any more: nothing takes or returns the name of one")
		}
	}
}

// lists compares the lists of one shape, by the levels that they hold.
func (c *comparison) lists(old, now schema.Shape) {
	for i, list := range old.Lists {
		if i < len(now.Lists) && !slices.Equal(list.Path, now.Lists[i].Path) {
			c.breaksFiles(now.Lists[i].Pos, "the items of %s are expected under %q instead of %q", now.Lists[i].Of.Name, now.Lists[i].Path, list.Path)
		}
	}
}

func shapeWords(s schema.Shape) string {
	var keys []string
	for _, list := range s.Lists {
		keys = append(keys, strconv.Quote(list.Path.String()))
	}
	switch s.Kind {
	case format.RootArray:
		return "arrays"
	case format.RootLines:
		return "JSON Lines"
	case format.RootGroups:
		return "groups with items under " + strings.Join(keys, " and ")
	default:
		return "objects with items under " + strings.Join(keys, " and ")
	}
}

func findShape(m *schema.Model, kind format.RootKind) *schema.Shape {
	for i := range m.Document.Shapes {
		if m.Document.Shapes[i].Kind == kind {
			return &m.Document.Shapes[i]
		}
	}
	return nil
}
