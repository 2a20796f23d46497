package readme_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// update is a change of status that a program makes before it prints for the nth
// time.
type update struct {
	file     string // a pattern; one file has to hold the item
	id       string
	status   string
	printing int
}

// updates are what the programs of the documents change, by document and by the
// argument of go run.
var updates = map[string]update{
	"README.md .":               {"tasks.json", "P1.M2.T2.S3", "Implementing", 1},
	"docs/batching.md .":        {"tasks.json", "P1.M2.T2.S3", "Retrying", 1},
	"docs/batching.md ./worker": {"tasks.json", "P1.M2.T2.S1", "Implementing", 1},
	"docs/getting-started.md .": {"board.json", "S-2", "done", 2},
	"docs/sessions.md ./begin":  {"plan/*/tasks.json", "P2.M2.T2.S2", "Ready", 2},
	"docs/sessions.md ./delta":  {"plan/*/tasks.json", "P2.M2.T2.S3", "Obsolete", 1},
	"examples/firstrun .":       {"out/tasks.json", "P1.M2.T1.S2", "Complete", 3},
}

// TestExampleIsTerminated terminates the example.
func TestExampleIsTerminated(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	fillModuleCache(t, root)
	r := &reader{directory: t.TempDir(), root: root}
	r.newModule(t)
	if err := os.CopyFS(filepath.Join(r.directory), os.DirFS(filepath.Join(root, "examples", "firstrun"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(r.directory, "main_test.go")); err != nil {
		t.Fatal(err)
	}
	r.run(t, "go get github.com/backlog-gen/backlog-gen/generated/backlog")
	r.terminate(t, "examples/firstrun", ".")
}

// terminate runs a program once for each time that it prints, tells it to
// terminate there, and checks that what it had changed by then is stored.
func (r *reader) terminate(t *testing.T, document, program string) {
	t.Helper()
	want, known := updates[document+" "+program]
	if !known {
		t.Errorf("%s: what go run %s changes is not known to this test", document, program)
		return
	}
	work := &reader{directory: filepath.Join(t.TempDir(), "work"), root: r.root}
	if err := os.CopyFS(work.directory, os.DirFS(r.directory)); err != nil {
		t.Fatal(err)
	}
	work.pauseAtPrints(t, program)
	binary := filepath.Join(t.TempDir(), "program")
	work.run(t, "go build -ldflags=-w -o "+binary+" "+program) // linked faster, without what debuggers need
	for printing := 1; ; printing++ {
		directory := filepath.Join(t.TempDir(), "run")
		if err := os.CopyFS(directory, os.DirFS(r.directory)); err != nil {
			t.Fatal(err)
		}
		paused, output := runTerminated(t, binary, directory, printing)
		if !paused {
			if printing <= want.printing {
				t.Errorf("%s: go run %s prints only %d times:\n%s", document, program, printing-1, output)
			}
			return
		}
		if printing >= want.printing && !want.isStored(t, directory) {
			t.Errorf("%s: go run %s loses its changes when it is terminated at line %d of its output:\n%s", document, program, printing, output)
		}
	}
}

// pauseAtPrints gives a program a package fmt that waits after the print that an
// environment variable says.
func (r *reader) pauseAtPrints(t *testing.T, program string) {
	t.Helper()
	sources, err := filepath.Glob(filepath.Join(r.directory, program, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sources {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.Replace(text, []byte("\n\t\"fmt\"\n"), []byte("\n\tfmt \"example.com/tracker/waitingfmt\"\n"), 1)
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	waiting := filepath.Join(r.directory, "waitingfmt")
	if err := os.Mkdir(waiting, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(waiting, "fmt.go"), []byte(waitingFmt), 0o644); err != nil {
		t.Fatal(err)
	}
}

const waitingFmt = `// Package waitingfmt is fmt for programs that are told to terminate.
package waitingfmt

import (
	"fmt"
	"io"
	"os"
)

var printed int

func wait(n int, err error) (int, error) {
	if printed++; fmt.Sprint(printed) == os.Getenv("WAIT_AT") {
		fmt.Fprintln(os.Stderr, "\nwaiting")
		_, _ = os.Stdin.Read(make([]byte, 1))
	}
	return n, err
}

func Print(a ...any) (int, error)                                  { return wait(fmt.Print(a...)) }
func Println(a ...any) (int, error)                                { return wait(fmt.Println(a...)) }
func Printf(format string, a ...any) (int, error)                  { return wait(fmt.Printf(format, a...)) }
func Fprintln(w io.Writer, a ...any) (int, error)                  { return wait(fmt.Fprintln(w, a...)) }
func Fprintf(w io.Writer, format string, a ...any) (int, error)    { return wait(fmt.Fprintf(w, format, a...)) }
func Errorf(format string, a ...any) error                         { return fmt.Errorf(format, a...) }
`

// runTerminated runs a program in a directory, and terminates it once it waits.
// It reports whether it has come to that.
func runTerminated(t *testing.T, binary, directory string, printing int) (waited bool, output string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), binary)
	command.Dir = directory
	command.Env = append(os.Environ(), "WAIT_AT="+strconv.Itoa(printing))
	var out strings.Builder
	command.Stdout = &out
	stderr, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if lines.Text() == "waiting" && !waited {
			waited = true
			if err := command.Process.Signal(syscall.SIGTERM); err != nil {
				t.Error(err)
			}
			_ = stdin.Close() // what dies of the signal reads no more
		}
	}
	err = command.Wait()
	if !waited && err != nil {
		t.Errorf("undisturbed, the program ends with %v", err)
	}
	return waited, out.String() + said.String()
}

// isStored reports whether a file in the directory has the item in its status.
func (u update) isStored(t *testing.T, directory string) bool {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(directory, filepath.FromSlash(u.file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var document any
		if err := json.Unmarshal(data, &document); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if u.isIn(document) {
			return true
		}
	}
	return false
}

func (u update) isIn(value any) bool {
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			if u.isIn(element) {
				return true
			}
		}
	case map[string]any:
		if v["id"] == u.id && v["status"] == u.status {
			return true
		}
		for _, member := range v {
			if u.isIn(member) {
				return true
			}
		}
	}
	return false
}
