package compatibility_test

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/compatibility"
)

// judgesGo checks what is said about Go against the code that is generated for
// both schemas: something breaks if something that is exported is gone or looks
// different.
func judgesGo(t *testing.T, older, newer *schema.Model) {
	t.Helper()
	now := exported(t, newer)
	var gone []string
	for name, looks := range exported(t, older) {
		if like, ok := now[name]; !ok || like != looks {
			gone = append(gone, name+": "+looks+" -> "+now[name])
		}
	}
	slices.Sort(gone)
	var said []string
	for _, c := range compatibility.Compare(older, newer) {
		if c.Class == compatibility.BreaksGo {
			said = append(said, c.Message)
		}
	}
	if (len(said) > 0) != (len(gone) > 0) {
		t.Errorf("said to break Go users: %q\nexported and gone or different:\n%s", said, strings.Join(gone, "\n"))
	}
}

// exported returns what the package for a model exports: functions and methods,
// constants, types, and the fields of structs, with their types.
func exported(t *testing.T, m *schema.Model) map[string]string {
	t.Helper()
	files, err := gen.Generate(t.Context(), m, gen.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := api{files: token.NewFileSet(), looks: map[string]string{}}
	for _, f := range files {
		if !strings.HasSuffix(f.Name, ".go") {
			continue
		}
		file, err := parser.ParseFile(a.files, f.Name, f.Content, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		a.looks["package"] = file.Name.Name
		for _, d := range file.Decls {
			a.declaration(d)
		}
	}
	return a.looks
}

type api struct {
	files *token.FileSet
	looks map[string]string
}

func (a api) add(name string, node any) {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if !ast.IsExported(last) {
		return
	}
	var b strings.Builder
	if node != nil {
		_ = printer.Fprint(&b, a.files, node) // a Builder takes everything
	}
	a.looks[name] = b.String()
}

func (a api) declaration(d ast.Decl) {
	if f, ok := d.(*ast.FuncDecl); ok {
		a.function(f)
		return
	}
	for _, spec := range d.(*ast.GenDecl).Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			a.typ(spec)
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				a.add(name.Name, nil)
			}
		}
	}
}

func (a api) function(f *ast.FuncDecl) {
	name := f.Name.Name
	if f.Recv != nil {
		receiver := f.Recv.List[0].Type
		if star, ok := receiver.(*ast.StarExpr); ok {
			receiver = star.X
		}
		owner, _ := receiver.(*ast.Ident)
		if owner == nil || !owner.IsExported() {
			return
		}
		name = owner.Name + "." + name
	}
	a.add(name, unnamed(f.Type))
}

// unnamed drops the names of parameters: they are free to change.
func unnamed(f *ast.FuncType) *ast.FuncType {
	list := func(l *ast.FieldList) *ast.FieldList {
		if l == nil {
			return nil
		}
		out := &ast.FieldList{}
		for _, field := range l.List {
			for range max(len(field.Names), 1) {
				out.List = append(out.List, &ast.Field{Type: field.Type})
			}
		}
		return out
	}
	return &ast.FuncType{Params: list(f.Params), Results: list(f.Results)}
}

func (a api) typ(spec *ast.TypeSpec) {
	switch t := spec.Type.(type) {
	case *ast.StructType:
		a.add(spec.Name.Name, nil)
		for _, f := range t.Fields.List {
			for _, name := range f.Names {
				a.add(spec.Name.Name+"."+name.Name, f.Type)
			}
		}
	case *ast.InterfaceType:
		// Whoever implements it has to have all its methods, and no others.
		var names []string
		for _, m := range t.Methods.List {
			for _, name := range m.Names {
				names = append(names, name.Name)
			}
		}
		a.add(spec.Name.Name, nil)
		a.looks[spec.Name.Name] = strings.Join(names, " ")
	default:
		a.add(spec.Name.Name, t)
	}
}
