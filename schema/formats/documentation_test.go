package formats_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/schema/formats"
)

var update = flag.Bool("update", false, "write the table of docs/formats.md")

// TestTable holds the table of docs/formats.md against the formats.
func TestTable(t *testing.T) {
	const path, head = "../../docs/formats.md", "|---|---|---|---|\n"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, table, ok := strings.Cut(string(data), head)
	if !ok {
		t.Fatal("there is no table")
	}
	var want strings.Builder
	for _, f := range formats.All() {
		fmt.Fprintf(&want, "| [%s](../schema/formats/%s/about.md) | %s | %s | %s |\n",
			f.Name, f.Name, f.Title, section(t, f, "What is read"), section(t, f, "What a change does"))
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+head+want.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), table); diff != "" {
		t.Errorf("docs/formats.md is not what the formats say: run go test ./schema/formats -run Table -update (-want +is):\n%s", diff)
	}
}

// section returns the text under a heading of what is said about a format, as a cell
// of a table.
func section(t *testing.T, f formats.Format, title string) string {
	t.Helper()
	_, text, ok := strings.Cut(f.About, "\n## "+title+"\n")
	if !ok {
		t.Fatalf("%s has no section %q", f.Name, title)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}
