package gen

import (
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

// otherPackages finds hand-written files of other packages, if these are why the go
// command makes no package of the directory.
func otherPackages(dir string, p *packages.Package, ours map[string][]byte) []CodeProblem {
	mixed := false
	for _, e := range p.Errors {
		mixed = mixed || strings.HasPrefix(e.Msg, "found packages ")
	}
	if !mixed {
		return nil
	}
	name := ""
	for _, content := range ours {
		name = strings.TrimSpace(strings.TrimPrefix(string(packageClause(content)), "package "))
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // the go command's own words will do
	}
	var problems []CodeProblem
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		if _, generated := ours[path]; generated || filepath.Ext(path) != ".go" {
			continue
		}
		if counts, err := build.Default.MatchFile(dir, entry.Name()); err != nil || !counts {
			continue
		}
		if p, ok := otherPackage(path, name); ok {
			problems = append(problems, p)
		}
	}
	return problems
}

// otherPackage reports a file that is of another package.
func otherPackage(path, name string) (CodeProblem, bool) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.PackageClauseOnly)
	if err != nil {
		return CodeProblem{}, false
	}
	other := file.Name.Name
	if other == name || other == name+"_test" && strings.HasSuffix(path, "_test.go") {
		return CodeProblem{}, false
	}
	return CodeProblem{
		Pos: files.Position(file.Name.Pos()).String(),
		Message: "this file is of package " + other + ", and the generated ones are of package " + name +
			": give them a directory of their own, or the schema's package this name",
	}, true
}
