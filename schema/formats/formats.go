// Package formats has the formats that people keep backlogs in: for each a schema,
// a document of it, and what there is to know about it, as data. A [Recogniser] finds
// the one that a document has.
//
// A format is a directory here with three files: schema.yaml, sample.json or
// sample.jsonl, and about.md. Whatever holds for formats holds for all of them: the
// tests walk the directories.
package formats

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/internal/spelling"
	"github.com/backlog-gen/backlog-gen/schema"
)

//go:embed */schema.yaml */sample.json* */about.md
var files embed.FS

// Format is one format.
type Format struct {
	// Name is how commands call it: taskmaster.
	Name string
	// Title says in a few words whose format it is, and which file has it.
	Title string
	// About is a text in Markdown: where the format comes from, what is read, what
	// its tools expect, and what a change does.
	About string
	// Schema is the schema, as YAML.
	Schema []byte
}

// All returns the formats by their names.
func All() []Format {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // it is part of the program
	}
	all := make([]Format, 0, len(entries))
	for _, e := range entries {
		about := string(read(e.Name(), "about.md"))
		title, _, _ := strings.Cut(about, "\n")
		all = append(all, Format{
			Name:   e.Name(),
			Title:  strings.TrimPrefix(title, "# "),
			About:  about,
			Schema: read(e.Name(), "schema.yaml"),
		})
	}
	return all
}

// read returns a file of a format.
func read(format, name string) []byte {
	data, err := files.ReadFile(path.Join(format, name))
	if err != nil {
		panic(err) // it is part of the program
	}
	return data
}

// Names lists the names of all formats.
func Names() []string {
	var names []string
	for _, f := range All() {
		names = append(names, f.Name)
	}
	return names
}

// Find returns the format of a name. The error is a *NameError if there is none.
func Find(name string) (Format, error) {
	names := Names()
	for _, f := range All() {
		if f.Name == name {
			return f, nil
		}
	}
	return Format{}, &NameError{Name: name, Nearest: spelling.Nearest(name, names), Names: names}
}

// NameError reports a name that no format has.
type NameError struct {
	Name string
	// Nearest is the name that was probably meant, "" if none is near.
	Nearest string
	// Names are those of all formats.
	Names []string
}

func (e *NameError) Error() string {
	if e.Nearest != "" {
		return fmt.Sprintf("no format %q: did you mean %q?", e.Name, e.Nearest)
	}
	return fmt.Sprintf("no format %q: want %s or %s", e.Name, strings.Join(e.Names[:len(e.Names)-1], ", "), e.Names[len(e.Names)-1])
}

// Sample returns a document of the format, and the name that a file of it has.
func (f Format) Sample() (name string, data []byte) {
	names, err := fs.Glob(files, path.Join(f.Name, "sample.*"))
	if err != nil || len(names) != 1 {
		panic("a format has one sample") // the tests walk them all
	}
	name = path.Base(names[0])
	return name, read(f.Name, name)
}

// Model returns the schema of the format as a model, whose file is called by the
// format's name.
func (f Format) Model() (*schema.Model, error) { return schema.Parse(f.Name+".yaml", f.Schema) }

// Type returns what reads documents of the format.
func (f Format) Type() (*document.Type, error) {
	m, err := f.Model()
	if err != nil {
		return nil, err
	}
	return document.NewType(gen.Descriptor(m))
}
