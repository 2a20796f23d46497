package gen

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// CheckImporters returns the errors of packages that import the package in dir
// and do not compile with the files: packages of the same module, and all tests
// in it. Packages that import these in turn are not checked, and packages that
// cannot be loaded are left out. The error is the context's, or says why dir
// could not be read.
func CheckImporters(ctx context.Context, dir string, files []File) ([]CodeProblem, error) {
	changes, err := Compare(dir, files)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	root := moduleRoot(dir)
	if root == "" {
		return nil, nil
	}
	load := loader{ctx: ctx, dir: root, overlay: overlayOf(dir, files, changes.Remove)}
	all, err := load.packages(packages.NeedName|packages.NeedFiles|packages.NeedImports, "./...")
	if err != nil {
		return nil, ctx.Err()
	}
	importers := importersOf(dir, all)
	if len(importers) == 0 {
		return nil, nil
	}
	checked, err := load.packages(packages.NeedName|packages.NeedFiles|packages.NeedImports|packages.NeedTypes|packages.NeedSyntax, importers...)
	if err != nil {
		return nil, ctx.Err()
	}
	return problemsOf(dir, checked, load.overlay), nil
}

// loader loads packages and their tests.
type loader struct {
	ctx     context.Context
	dir     string
	overlay map[string][]byte
}

func (l loader) packages(mode packages.LoadMode, patterns ...string) ([]*packages.Package, error) {
	return packages.Load(&packages.Config{Context: l.ctx, Dir: l.dir, Overlay: l.overlay, Mode: mode, Tests: true}, patterns...)
}

// moduleRoot returns the directory of the go.mod that dir belongs to, "" if there
// is none.
func moduleRoot(dir string) string {
	for {
		if info, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && info.Mode().IsRegular() {
			return dir
		}
		if filepath.Dir(dir) == dir {
			return ""
		}
		dir = filepath.Dir(dir)
	}
}

// importersOf returns the directories of the packages that import the one in dir,
// or that are tests of it, as patterns.
func importersOf(dir string, all []*packages.Package) []string {
	path := ""
	for _, p := range all {
		if p.Dir == dir && p.ID == p.PkgPath && !strings.HasSuffix(p.PkgPath, ".test") {
			path = p.PkgPath
		}
	}
	var patterns []string
	for _, p := range all {
		_, imports := p.Imports[path]
		if path != "" && p.Dir != "" && (imports || p.Dir == dir && p.ID != path) {
			patterns = append(patterns, p.Dir)
		}
	}
	slices.Sort(patterns)
	return slices.Compact(patterns)
}

// problemsOf returns what is wrong with packages outside of the files that are
// not tests in dir, each thing once: a package is loaded with and without its
// tests.
func problemsOf(dir string, checked []*packages.Package, ours map[string][]byte) []CodeProblem {
	var problems []CodeProblem
	for _, p := range checked {
		for _, e := range once(p.Dir, p.Errors) {
			file := fileOf(e.Pos)
			_, generated := ours[file]
			if generated || filepath.Dir(file) == dir && !strings.HasSuffix(file, "_test.go") {
				continue
			}
			if problem := (CodeProblem{Pos: e.Pos, Message: e.Msg}); !slices.Contains(problems, problem) {
				problems = append(problems, problem)
			}
		}
	}
	return problems
}
