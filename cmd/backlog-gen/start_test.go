package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestModules lists whose code the command is made of, and what a program that
// uses a generated package compiles.
func TestModules(t *testing.T) {
	generated := []string{"github.com/gofrs/flock", "github.com/looplab/fsm", "golang.org/x/sys"}
	for name, want := range map[string][]string{
		"cmd/backlog-gen": append([]string{
			"github.com/dave/jennifer",
			"github.com/jackc/pgpassfile",
			"github.com/jackc/pgservicefile",
			"github.com/jackc/pgx/v5",
			"github.com/jackc/puddle/v2",
			"github.com/spf13/cobra",
			"github.com/spf13/pflag",
			"go.yaml.in/yaml/v4",
			"golang.org/x/mod",
			"golang.org/x/sync",
			"golang.org/x/text",
			"golang.org/x/tools",
		}, generated...),
		"generated/backlog":    generated,
		"generated/taskmaster": generated,
		"batching/session":     append([]string{"github.com/aymanbagabas/go-udiff"}, generated...),
		"statemachine":         {"github.com/looplab/fsm"},
		"gen/docs":             append([]string{"github.com/dave/jennifer", "go.yaml.in/yaml/v4", "golang.org/x/mod", "golang.org/x/sync", "golang.org/x/tools"}, generated...),
	} {
		t.Run(name, func(t *testing.T) {
			list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "../../"+name)
			// What is compiled on other systems is no matter here.
			list.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
			out, err := list.Output()
			if err != nil {
				t.Fatal(err)
			}
			got := slices.DeleteFunc(strings.Fields(string(out)), func(path string) bool {
				return path == "github.com/backlog-gen/backlog-gen"
			})
			slices.Sort(got)
			slices.Sort(want)
			if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
				t.Errorf("modules that are compiled (-want +got):\n%s", diff)
			}
		})
	}
}

// TestStart looks at what the command does before it reads its arguments: no
// package prepares more than tables. What takes time there makes every verb late.
func TestStart(t *testing.T) {
	help := exec.CommandContext(t.Context(), "backlog-gen", "help")
	help.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var stderr bytes.Buffer
	help.Stderr = &stderr
	if err := help.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	inits := 0
	for line := range strings.Lines(stderr.String()) {
		var name string
		var at, clock float64
		var allocated, allocations int
		if _, err := fmt.Sscanf(line, "init %s @%f ms, %f ms clock, %d bytes, %d allocs", &name, &at, &clock, &allocated, &allocations); err != nil {
			continue
		}
		inits++
		if allocated > 256<<10 || allocations > 1000 {
			t.Errorf("%s allocates %d bytes in %d pieces when the command starts", name, allocated, allocations)
		}
	}
	if inits == 0 {
		t.Errorf("no package says what its start takes:\n%s", &stderr)
	}
}
