package gen

import (
	"errors"
	"go/importer"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"os"

	"golang.org/x/tools/go/packages"
)

// listed is what the go command is asked about the package and those that it
// imports. The compiled form of the latter is all that the type checker needs of
// them; the packages library reads them from source where there is an overlay,
// which takes far longer.
const listed = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles |
	packages.NeedImports | packages.NeedDeps | packages.NeedExportFile | packages.NeedModule | packages.NeedTypesSizes

// typeCheck parses the files of a package, and adds what is wrong with them, and
// with the package as a whole, to its errors.
func typeCheck(p *packages.Package, overlay map[string][]byte) {
	p.Fset = token.NewFileSet()
	for _, name := range p.CompiledGoFiles {
		var content any
		if text, ok := overlay[name]; ok {
			content = text
		}
		file, err := parser.ParseFile(p.Fset, name, content, parser.AllErrors|parser.SkipObjectResolution)
		if err != nil {
			p.Errors = append(p.Errors, parseErrors(name, err)...)
		}
		if file != nil {
			p.Syntax = append(p.Syntax, file)
		}
	}
	config := types.Config{
		Importer: compiledImporter(p),
		Sizes:    p.TypesSizes,
		Error: func(err error) {
			var e types.Error
			if errors.As(err, &e) {
				p.Errors = append(p.Errors, packages.Error{Pos: e.Fset.Position(e.Pos).String(), Msg: e.Msg, Kind: packages.TypeError})
			}
		},
	}
	if p.Module != nil && p.Module.GoVersion != "" {
		config.GoVersion = "go" + p.Module.GoVersion
	}
	// Error has been told of whatever this returns.
	_, _ = config.Check(p.PkgPath, p.Fset, p.Syntax, nil)
}

func parseErrors(name string, err error) []packages.Error {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return []packages.Error{{Pos: name, Msg: err.Error(), Kind: packages.ParseError}}
	}
	var out []packages.Error
	for _, e := range list {
		out = append(out, packages.Error{Pos: e.Pos.String(), Msg: e.Msg, Kind: packages.ParseError})
	}
	return out
}

// compiledImporter imports what the go command has compiled for the package.
func compiledImporter(p *packages.Package) types.Importer {
	dependencies := map[string]*packages.Package{}
	packages.Visit([]*packages.Package{p}, nil, func(dependency *packages.Package) {
		dependencies[dependency.PkgPath] = dependency
	})
	for path, dependency := range p.Imports {
		dependencies[path] = dependency
	}
	return importer.ForCompiler(p.Fset, "gc", func(path string) (io.ReadCloser, error) {
		dependency := dependencies[path]
		switch {
		case dependency == nil:
			return nil, errors.New("the go command does not list it")
		case dependency.ExportFile != "":
			return os.Open(dependency.ExportFile)
		case len(dependency.Errors) > 0:
			return nil, dependency.Errors[0]
		default:
			return nil, errors.New("it is not compiled")
		}
	})
}
