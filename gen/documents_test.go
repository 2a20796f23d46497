package gen_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
)

// TestDocumentsChangeByTheirLines reads documents that people have with a schema of
// theirs. Each comes back byte for byte, and changes change their lines only: an
// archive has the schema, the document, changes in a line each, and what they are
// to do to the lines of the text.
func TestDocumentsChangeByTheirLines(t *testing.T) {
	paths, err := filepath.Glob("testdata/documents/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if len(archive.Files) != 4 {
				t.Fatalf("%d files: want a schema, a document, changes and lines", len(archive.Files))
			}
			typ := typeOf(t, archive.Files[0].Data)
			text := archive.Files[1].Data
			doc, err := typ.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if got := doc.AppendJSON(nil); !bytes.Equal(got, text) {
				t.Fatalf("read\n%s\nwritten\n%s", text, got)
			}
			changed, _, err := doc.Apply(changesOf(t, doc, string(archive.Files[2].Data))...)
			if err != nil {
				t.Fatal(err)
			}
			after := changed.AppendJSON(nil)
			if again, err := typ.Parse(after); err != nil || len(document.Diff(changed, again)) > 0 {
				t.Errorf("what is written is read as something else: %v\n%s", err, after)
			}
			got := changedLines(string(text), string(after))
			if *update {
				archive.Files[3].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[3].Data), got); diff != "" {
				t.Errorf("changed lines (-want +got):\n%s", diff)
			}
		})
	}
}

func typeOf(t *testing.T, text []byte) *document.Type {
	t.Helper()
	model, err := schema.Parse("schema.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	typ, err := document.NewType(gen.Descriptor(model))
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// changesOf reads changes: the operation, the id, and a status.
func changesOf(t *testing.T, doc *document.Document, text string) []document.Change {
	t.Helper()
	var changes []document.Change
	for line := range strings.Lines(text) {
		operation, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		name, status, _ := strings.Cut(rest, " ")
		id, err := doc.Type().ParseAnyID(name)
		if err != nil {
			t.Fatal(err)
		}
		to := statusNamed(t, doc.Type(), status)
		switch operation {
		case "set":
			changes = append(changes, document.Set(id, to))
		case "force":
			changes = append(changes, document.Force(id, to, "it is so"))
		default:
			t.Fatalf("there is no change %q", operation)
		}
	}
	return changes
}

func statusNamed(t *testing.T, typ *document.Type, name string) document.Status {
	t.Helper()
	for i, s := range typ.Descriptor().Statuses {
		if s.Name == name {
			return document.Status(i + 1)
		}
	}
	t.Fatalf("there is no status %q", name)
	return 0
}

// changedLines returns the lines that only one of two texts has, each with its
// number and what it is in.
func changedLines(before, after string) string {
	a, b := strings.SplitAfter(before, "\n"), strings.SplitAfter(after, "\n")
	common := make([][]int, len(a)+1) // of what is left
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if common[i][j] = max(common[i+1][j], common[i][j+1]); a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	var out strings.Builder
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			fmt.Fprintf(&out, "-%d %s\n", i+1, strings.TrimSuffix(a[i], "\n"))
			i++
		default:
			fmt.Fprintf(&out, "+%d %s\n", j+1, strings.TrimSuffix(b[j], "\n"))
			j++
		}
	}
	return out.String()
}
