package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// packageName returns the name for the package in a directory: that of the Go
// files that are there, else one made of the directory's name. It refuses a
// command: others cannot import what is generated there.
func packageName(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.PackageClauseOnly)
		if err != nil {
			continue // the compiler says what is wrong with it
		}
		if file.Name.Name == "main" {
			return "", fmt.Errorf("%s is part of a command, package main: make a directory for the backlog's package and run init there", name)
		}
		return file.Name.Name, nil
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return packageNameOf(filepath.Base(abs)), nil
}

// packageNameOf makes the name of a package of that of a directory: its letters
// and digits, or backlog where these make no name.
func packageNameOf(dir string) string {
	name := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(dir))
	if name == "" || name[0] <= '9' || token.IsKeyword(name) || len(name) > 64 {
		return "backlog"
	}
	switch name {
	case "main", "internal", "vendor", "testdata", "init":
		return "backlog"
	}
	return name
}
