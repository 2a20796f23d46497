package formats_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/formats"
)

// TestFormats walks the formats. What it does with the sample of each, and what the
// tools of the format ask of the result, tools says.
func TestFormats(t *testing.T) {
	for _, f := range formats.All() {
		t.Run(f.Name, func(t *testing.T) {
			m, err := f.Model()
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range m.Warnings {
				t.Error(w)
			}
			canonical, err := schema.Canonical("schema.yaml", f.Schema)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(canonical), string(f.Schema)); diff != "" {
				t.Errorf("the schema is not formatted (-formatted +is):\n%s", diff)
			}
			tool, ok := tools[f.Name]
			if !ok {
				t.Fatal("nobody has said what the tools of this format ask for")
			}
			name, sample := f.Sample()
			d := parse(t, f, sample)
			for _, p := range append(d.Validate(), d.UnknownMembers()...) {
				if !slices.Contains(tool.unknown, p.Message) {
					t.Errorf("%s: %v", name, p)
				}
			}
			if err := tool.reads(sample); err != nil {
				t.Errorf("the tools of the format do not read the sample: %v", err)
			}
			changed := apply(t, d, tool.steps)
			if diff := cmp.Diff(tool.lines, changedLines(t, sample, changed)); diff != "" {
				t.Errorf("lines of %s that change (-want +got):\n%s", name, diff)
			}
			for text, why := range tool.wrong {
				typ, err := f.Type()
				if err != nil {
					t.Fatal(err)
				}
				if _, err := typ.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), why) {
					t.Errorf("%s: got %v, want %s", text, err, why)
				}
			}
			for _, r := range tool.refused {
				d := parse(t, f, []byte(r.text))
				_, _, err := d.Apply(document.Set(find(t, d, r.id).ID(), status(t, d, r.to)))
				if err == nil || !strings.Contains(err.Error(), r.why) {
					t.Errorf("%s: got %v, want %s", r.text, err, r.why)
				}
			}
			if err := tool.reads(changed); err != nil {
				t.Errorf("after the change, the tools of the format do not read it: %v", err)
			}
		})
	}
	for name := range tools {
		if _, err := formats.Find(name); err != nil {
			t.Error(err)
		}
	}
}

// parse reads a document, which has to come back as it was.
func parse(t *testing.T, f formats.Format, data []byte) *document.Document {
	t.Helper()
	typ, err := f.Type()
	if err != nil {
		t.Fatal(err)
	}
	d, err := typ.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(data), string(d.AppendJSON(nil))); diff != "" {
		t.Errorf("what is read is not written as it was (-want +got):\n%s", diff)
	}
	return d
}

// step is a change of an item's status.
type step struct{ id, to string }

// apply takes steps, each a group of its own, and returns the text of the result.
func apply(t *testing.T, d *document.Document, steps []step) []byte {
	t.Helper()
	if len(steps) == 0 {
		t.Error("no change is tried")
	}
	for _, s := range steps {
		next, _, err := d.Apply(document.Set(find(t, d, s.id).ID(), status(t, d, s.to)))
		if err != nil {
			t.Fatal(err)
		}
		d = next
	}
	return d.AppendJSON(nil)
}

// find returns the item of an id, whichever group it is in.
func find(t *testing.T, d *document.Document, id string) document.Item {
	t.Helper()
	for it := range d.All() {
		if it.ID().String() == id {
			return it
		}
	}
	t.Fatalf("no item %q", id)
	return document.Item{}
}

func status(t *testing.T, d *document.Document, name string) document.Status {
	t.Helper()
	for i, s := range d.Type().Descriptor().Statuses {
		if s.Name == name {
			return document.Status(i + 1)
		}
	}
	t.Fatalf("no status %q", name)
	return 0
}

// changedLines lists the lines of a text that are others afterwards, with what they
// are then. There are as many as before.
func changedLines(t *testing.T, before, after []byte) []string {
	t.Helper()
	old, now := strings.Split(string(before), "\n"), strings.Split(string(after), "\n")
	if len(old) != len(now) {
		t.Fatalf("%d lines, want %d:\n%s", len(now), len(old), after)
	}
	var lines []string
	for i := range old {
		if old[i] != now[i] {
			lines = append(lines, fmt.Sprintf("%d: %s", i+1, strings.TrimSpace(now[i])))
		}
	}
	return lines
}

// TestAbout sees to it that every text says the same things in the same order.
func TestAbout(t *testing.T) {
	heading := regexp.MustCompile(`(?m)^#+ .*$`)
	for _, f := range formats.All() {
		want := []string{"# " + f.Title, "## Where it comes from", "## What is read", "## What its tools expect", "## What a change does"}
		if diff := cmp.Diff(want, heading.FindAllString(f.About, -1)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", f.Name, diff)
		}
		if !strings.Contains(f.About, "https://") {
			t.Errorf("%s has no address where more is to be read", f.Name)
		}
	}
}

// TestPackages generates a package of every format, and compiles and vets them
// together.
func TestPackages(t *testing.T) {
	module := t.TempDir()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	mod := "module example.com/formats\n\ngo 1.26\n\n" +
		"require github.com/backlog-gen/backlog-gen v0.0.0\n\n" +
		"replace github.com/backlog-gen/backlog-gen => " + root + "\n"
	for name, content := range map[string][]byte{"go.mod": []byte(mod), "go.sum": sums} {
		if err := os.WriteFile(filepath.Join(module, name), content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range formats.All() {
		m, err := f.Model()
		if err != nil {
			t.Fatal(err)
		}
		files, err := gen.Generate(t.Context(), m, gen.Options{})
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if _, err := gen.Write(t.Context(), filepath.Join(module, f.Name), files); err != nil {
			t.Fatal(err)
		}
	}
	vet := exec.CommandContext(t.Context(), "go", "vet", "./...")
	vet.Dir = module
	// What it compiles does not depend on where the module is, so that the next run
	// finds it in the cache.
	vet.Env = append(os.Environ(), "GOFLAGS=-mod=mod -trimpath", "GOPROXY=off", "GOWORK=off")
	if out, err := vet.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestFind(t *testing.T) {
	for name, want := range map[string]string{
		"taskmaster": "",
		"taskmastr":  `no format "taskmastr": did you mean "taskmaster"?`,
		"x":          "no format \"x\": want " + strings.Join(formats.Names()[:len(formats.Names())-1], ", ") + " or " + formats.Names()[len(formats.Names())-1],
		"":           "no format \"\": want ",
		"../formats": "no format \"../formats\": want ",
	} {
		f, err := formats.Find(name)
		var wrong *formats.NameError
		switch {
		case want == "" && (err != nil || f.Name != name):
			t.Errorf("%q: %+v, %v", name, f, err)
		case want != "" && (!errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), want)):
			t.Errorf("%q: got %v, want %s", name, err, want)
		}
	}
}

// TestEveryFileIsAFormat sees to it that no directory is left out of the binary.
func TestEveryFileIsAFormat(t *testing.T) {
	paths, err := filepath.Glob("*/schema.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range paths {
		names = append(names, filepath.Dir(path))
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := formats.Find(filepath.Dir(path))
		if err != nil || !bytes.Equal(f.Schema, data) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if diff := cmp.Diff(names, formats.Names()); diff != "" {
		t.Errorf("-directories +formats:\n%s", diff)
	}
}
