// Package readme_test does what the README and the guide tell a newcomer to do.
package readme_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocuments follows each document from top to bottom in a module of its
// own: it writes the files, runs the commands, and compares the output where
// the document shows it.
func TestDocuments(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no sh to run the documents' commands with")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	fillModuleCache(t, root)
	for _, document := range []string{"README.md", "docs/getting-started.md", "docs/commands.md", "docs/generated-code.md", "docs/batching.md", "docs/sessions.md"} {
		t.Run(document, func(t *testing.T) {
			markdown, err := os.ReadFile(filepath.Join(root, document))
			if err != nil {
				t.Fatal(err)
			}
			todo := blocks(string(markdown))
			if len(todo) == 0 {
				t.Fatalf("%s has no block to try", document)
			}
			r := &reader{directory: t.TempDir(), root: root, terminated: map[string]bool{}}
			r.newModule(t)
			for _, b := range todo {
				r.follow(t, document, b)
			}
		})
	}
}

// parsesOnly has a program that opens no file and has nothing to lose.
const parsesOnly = "docs/generated-code.md"

// fillModuleCache downloads what a module that requires this one may need. go
// get looks at all operating systems, so that is more than a build of this
// repository leaves in the cache.
func fillModuleCache(t *testing.T, root string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "mod", "download")
	command.Dir = root
	output, err := command.CombinedOutput()
	if err == nil {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("go mod download: %v\n%s", err, output)
	}
	t.Skipf("modules are missing and cannot be downloaded: %v\n%s", err, output)
}

// reader is a person who does what a document says.
type reader struct {
	directory  string // where they work
	root       string // of this repository
	lastOutput string
	// terminated are the programs that have been told to terminate.
	terminated map[string]bool
}

// newModule makes the module that documents take for granted. It uses this
// repository in place of a released version.
func (r *reader) newModule(t *testing.T) {
	t.Helper()
	sums, err := os.ReadFile(filepath.Join(r.root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.directory, "go.sum"), sums, 0o644); err != nil {
		t.Fatal(err)
	}
	r.run(t, "go mod init example.com/tracker")
	r.run(t, "go mod edit -replace=github.com/backlog-gen/backlog-gen="+r.root)
}

func (r *reader) follow(t *testing.T, document string, b block) {
	t.Helper()
	switch {
	case b.language == "sh" && b.action == "run":
		command, _, _ := strings.Cut(b.text, "\n")
		if program, found := strings.CutPrefix(command, "go run "); found && !r.terminated[program] && document != parsesOnly {
			r.terminated[program] = true
			r.terminate(t, document, program)
		}
		r.run(t, b.text)
	case b.language == "text" && b.action == "output":
		if b.text != r.lastOutput {
			t.Errorf("%s:%d: the document shows\n%s\nbut the output is\n%s", document, b.line, b.text, r.lastOutput)
		}
	default:
		path := filepath.Join(r.directory, filepath.FromSlash(b.action))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b.text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// run runs a script and remembers what it printed. The module cache has all that
// this repository needs, and what a document tells people to do must need
// nothing else, so the network is kept out of it. What is compiled does not depend
// on where that is, so that the next run finds it in the build cache.
func (r *reader) run(t *testing.T, script string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "sh", "-eu", "-c", script)
	command.Dir = r.directory
	command.Env = append(os.Environ(),
		"GOFLAGS="+os.Getenv("GOFLAGS")+" -mod=mod -trimpath", "GOPROXY=off", "GOSUMDB=off", "GOWORK=off")
	var stdout, stderr strings.Builder
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		t.Fatalf("%s\n%v\n%s%s", script, err, stdout.String(), stderr.String())
	}
	r.lastOutput = stdout.String()
}
