package golang

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
)

// NameError lists the names of a model that cannot stand in Go code.
type NameError struct {
	Names []string
}

// Error names them all.
func (e *NameError) Error() string {
	return "not exported Go identifiers: " + strings.Join(e.Names, ", ")
}

// checkNames makes sure that nothing but identifiers reaches the output as code,
// wherever the model came from.
func checkNames(m *schema.Model) error {
	c := nameChecker{}
	if name := m.Package.Name; !token.IsIdentifier(name) || name == "_" {
		c.refuse("package", name)
	}
	c.exported("root", m.Package.Root)
	for _, l := range m.Levels {
		c.exported("level", l.Name)
		c.exported("plural", l.Plural)
		c.fields(l.Fields)
	}
	for _, s := range m.Statuses {
		c.exported("status", "Status"+s.GoName)
	}
	for _, e := range m.Events {
		c.exported("event", "Event"+e.GoName)
	}
	for _, machine := range m.Machines {
		c.exported("machine", machine.GoName)
	}
	for _, e := range m.Enums {
		c.exported("enum", e.Name)
		for _, v := range e.Values {
			c.exported("value", e.Name+v.GoName)
		}
	}
	for _, o := range m.Objects {
		c.exported("object", o.Name)
		c.fields(o.Fields)
	}
	for _, g := range m.CustomGuards {
		c.exported("guard", g.Name)
	}
	if len(c.names) > 0 {
		return &NameError{c.names}
	}
	return nil
}

type nameChecker struct {
	names []string
}

func (c *nameChecker) exported(what, name string) {
	if !token.IsIdentifier(name) || !token.IsExported(name) {
		c.refuse(what, name)
	}
}

func (c *nameChecker) refuse(what, name string) {
	c.names = append(c.names, fmt.Sprintf("%s %q", what, name))
}

func (c *nameChecker) fields(fields []*schema.Field) {
	for _, f := range fields {
		c.exported("field", f.Name)
	}
}

// predeclared reports whether a name means something in every Go file.
func predeclared(name string) bool { return types.Universe.Lookup(name) != nil }
