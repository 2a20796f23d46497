package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/internal/regularfile"
	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/formats"
	"github.com/backlog-gen/backlog-gen/schema/infer"
)

// starter is the schema that init writes where it has none to guess from.
//
//go:embed starter.yaml
var starter string

// generateName is the file that tells go generate what to do.
const generateName = "generate.go"

func newInit() *cobra.Command {
	var from, like string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a schema to begin with",
		Long: `init writes two files to the current directory: a schema to begin with,
backlog.yaml, and generate.go, so that go generate brings the Go package up to
date. It overwrites nothing.

With --from, the schema is guessed from a backlog that is there already: its list
of items, levels, ids, statuses and fields, and guards from what items wait for.
init prints what it took, what it left out, and what to look at by hand. The
schema accepts that backlog. Where nothing says how far the work is, no schema is
made.

With --like, the schema is that of a known format: see formats.`,
		Example: `  backlog-gen init
  backlog-gen init --from tasks.json
  backlog-gen init --like taskmaster`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return initialize(cmd, from, like) },
	}
	cmd.Flags().StringVar(&from, "from", "", "the JSON `file` of a backlog to guess the schema from")
	likeFlag(cmd, &like)
	return cmd
}

func initialize(cmd *cobra.Command, from, like string) error {
	if from != "" && like != "" {
		return errors.New("--from and --like do not go together: the schema is guessed or that of a known format")
	}
	if err := mayInitialize("."); err != nil {
		return err
	}
	name, err := packageName(".")
	if err != nil {
		return err
	}
	text := []byte(strings.Replace(starter, "name: backlog\n", "name: "+name+"\n", 1))
	switch {
	case from != "":
		text, err = guess(cmd.ErrOrStderr(), name, from)
	case like != "":
		text, err = schemaLike(name, like)
	}
	if err != nil {
		return err
	}
	if _, err := schema.Parse(schemaName, text); err != nil {
		return err
	}
	if err := createAll([]gen.File{
		{Name: schemaName, Content: text},
		{Name: generateName, Content: []byte("package " + name + "\n\n//go:generate go tool backlog-gen generate\n")},
	}); err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "create %s\ncreate %s\n", schemaName, generateName)
	tellNext(cmd.ErrOrStderr(), name)
	return nil
}

// schemaLike returns the schema of a known format, for a package of another name.
func schemaLike(packageName, like string) ([]byte, error) {
	f, err := formats.Find(like)
	if err != nil {
		return nil, err
	}
	m, err := f.Model()
	if err != nil {
		return nil, err
	}
	text := strings.Replace(string(f.Schema), "\n  name: "+m.Package.Name+"\n", "\n  name: "+packageName+"\n", 1)
	return []byte(strings.Replace(text, "Package "+m.Package.Name+" ", "Package "+packageName+" ", 1)), nil
}

// tellNext says what makes a package of the schema, in order.
func tellNext(w io.Writer, name string) {
	fmt.Fprintf(w, "backlog-gen: make %s what your backlog is, then run, in this order:\n", schemaName)
	if !inModule(".") {
		fmt.Fprintf(w, "  go mod init example.com/%s\n", name)
	}
	fmt.Fprint(w, "  go get -tool github.com/backlog-gen/backlog-gen/cmd/backlog-gen\n  go generate\n  go mod tidy\n")
}

// inModule reports whether go.mod is in a directory or above it.
func inModule(dir string) bool {
	at, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return true
		}
		if filepath.Dir(at) == at {
			return false
		}
		at = filepath.Dir(at)
	}
}

// mayInitialize refuses a directory that holds a schema or a generate.go.
func mayInitialize(dir string) error {
	names, _, err := candidates(dir)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(generateName); err == nil {
		names = append(names, generateName)
	}
	if len(names) > 0 {
		return fmt.Errorf("not overwriting %s: init is for directories without a schema", strings.Join(names, ", "))
	}
	return nil
}

// guess guesses a schema from a document, says what it guessed, and makes sure
// that the document can be read with it.
func guess(w io.Writer, packageName, path string) ([]byte, error) {
	data, err := regularfile.Read(path, infer.MaxBytes)
	if err != nil {
		return nil, err
	}
	guessed, err := infer.Infer(packageName, data)
	if err != nil {
		return nil, findings{fmt.Errorf("%s: %w", path, err)}
	}
	model, err := schema.Parse(schemaName, guessed.YAML)
	if err != nil {
		return nil, err
	}
	format, err := document.NewType(gen.Descriptor(model))
	if err != nil {
		return nil, err
	}
	_, problems, err := problems(format, data, validateOptions{})
	if err != nil {
		return nil, err
	}
	refused := false
	for _, p := range problems {
		refused = refused || p.Severity != document.Warning
	}
	if refused {
		if err := printText(w, diagnose(path, data, problems)); err != nil {
			return nil, err
		}
		return nil, findings{fmt.Errorf("%s: no schema can describe this document: fix the errors above first", path)}
	}
	tellGuess(w, path, guessed)
	return guessed.YAML, nil
}

// tellGuess says what was guessed of a file, in blocks.
func tellGuess(w io.Writer, path string, guess *infer.Guess) {
	for _, block := range []struct {
		title string
		lines []string
	}{
		{"taken from " + path, guess.Taken},
		{"left out, and kept as it is in files", guess.LeftOut},
		{"look at by hand", guess.Look},
	} {
		if len(block.lines) == 0 {
			continue
		}
		fmt.Fprintf(w, "%s:\n", block.title)
		for _, line := range block.lines {
			fmt.Fprintf(w, "  %s\n", line)
		}
	}
}

// createAll creates files that are not there yet: all of them or none.
func createAll(files []gen.File) error {
	for i, f := range files {
		if err := create(f); err != nil {
			for _, done := range files[:i] {
				err = errors.Join(err, os.Remove(done.Name))
			}
			return err
		}
	}
	return nil
}

// create leaves no file behind that is not whole.
func create(f gen.File) error {
	out, err := os.OpenFile(f.Name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = out.Write(f.Content)
	if err = errors.Join(err, out.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name))
	}
	return nil
}
