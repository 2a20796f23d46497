package gen

import (
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/packages"
)

// clashes lists the declarations of hand-written files that our files make too.
// It compares names, so that it does not depend on which of the two the type
// checker happens to complain about.
func clashes(p *packages.Package, ours map[string][]byte) []CodeProblem {
	generated := map[string]bool{}
	for _, file := range p.Syntax {
		if _, ok := ours[fileName(p, file)]; ok {
			declarations(file, func(name string, _ token.Pos) { generated[name] = true })
		}
	}
	var problems []CodeProblem
	for _, file := range p.Syntax {
		if _, ok := ours[fileName(p, file)]; ok {
			continue
		}
		declarations(file, func(name string, pos token.Pos) {
			if generated[name] {
				problems = append(problems, CodeProblem{
					Pos:     p.Fset.Position(pos).String(),
					Message: fmt.Sprintf("%s is declared by the generated code: give this one another name", name),
				})
			}
		})
	}
	return problems
}

func fileName(p *packages.Package, file *ast.File) string {
	return p.Fset.Position(file.Package).Filename
}

// declarations calls f with every name that a file declares in its package, and
// with Type.Name for methods and the fields of structs.
func declarations(file *ast.File, f func(name string, pos token.Pos)) {
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			function(d, f)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				specified(spec, f)
			}
		}
	}
}

func function(d *ast.FuncDecl, f func(name string, pos token.Pos)) {
	name := d.Name.Name
	switch {
	case name == "_" || d.Recv == nil && name == "init":
		return
	case d.Recv != nil && len(d.Recv.List) == 1:
		name = receiverType(d.Recv.List[0].Type) + "." + name
	}
	f(name, d.Name.Pos())
}

func receiverType(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiverType(e.X)
	case *ast.ParenExpr:
		return receiverType(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

func specified(spec ast.Spec, f func(name string, pos token.Pos)) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.Name != "_" {
				f(name.Name, name.Pos())
			}
		}
	case *ast.TypeSpec:
		f(s.Name.Name, s.Name.Pos())
		fields, ok := s.Type.(*ast.StructType)
		if !ok {
			return
		}
		for _, field := range fields.Fields.List {
			for _, name := range field.Names {
				f(s.Name.Name+"."+name.Name, name.Pos())
			}
		}
	}
}
