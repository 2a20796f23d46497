package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){"backlog-gen": main})
}

// tests removes the server that they have shared.
type tests struct{ m *testing.M }

func (t tests) Run() int {
	defer removeServer()
	return t.m.Run()
}

func TestScripts(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			// Scripts need no network: what they import is in the module cache. What
			// they compile does not depend on where they are, so that the next run
			// finds it in the build cache.
			for name, value := range map[string]string{
				"REPOSITORY": root,
				"GOFLAGS":    "-mod=mod -trimpath",
				"GOPROXY":    "off",
				"GOWORK":     "off",
				// The race detector would let each command sleep for a second in the end.
				"GORACE": "atexit_sleep_ms=0",
			} {
				env.Setenv(name, value)
			}
			for _, name := range []string{"HOME", "GOCACHE", "GOMODCACHE", "GOPATH", "GOGC"} {
				env.Setenv(name, os.Getenv(name))
			}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"module": module,
		},
	})
}

// module makes the go.mod of a module that uses the repository.
func module(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: module PATH")
	}
	root := ts.Getenv("REPOSITORY")
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	ts.Check(err)
	mod := "module " + args[0] + "\n\ngo 1.26\n\n" +
		"require github.com/backlog-gen/backlog-gen v0.0.0\n\n" +
		"replace github.com/backlog-gen/backlog-gen => " + root + "\n"
	ts.Check(os.WriteFile(ts.MkAbs("go.mod"), []byte(mod), 0o666))
	ts.Check(os.WriteFile(ts.MkAbs("go.sum"), sums, 0o666))
}
