package infer_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/backlog-gen/backlog-gen/schema/infer"
)

var update = flag.Bool("update", false, "write the reports into testdata")

// TestReports holds what is said of each kind of file. Each archive of testdata has
// a document, the report and, where they are shown, the schema, and the one that the
// engine does not know all of yet. Where there is a schema, it reads the document.
func TestReports(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			data := archive.Files[0].Data
			guess, err := infer.Infer("tasks", data)
			if err == nil {
				infers(t, data)
			}
			got := map[string]string{"report": reportOf(guess, err)}
			if guess != nil {
				got["backlog.yaml"] = string(guess.YAML)
			}
			if ahead, err := infer.Ahead("tasks", data); err == nil {
				got["ahead.yaml"] = string(ahead.YAML)
			} else {
				got["ahead.yaml"] = err.Error() + "\n"
			}
			changed := false
			for i, f := range archive.Files[1:] {
				if diff := cmp.Diff(string(f.Data), got[f.Name]); diff != "" {
					changed = true
					archive.Files[i+1].Data = []byte(got[f.Name])
					if !*update {
						t.Errorf("%s (-want +got):\n%s", f.Name, diff)
					}
				}
			}
			if changed && *update {
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func reportOf(guess *infer.Guess, err error) string {
	if err != nil {
		return err.Error() + "\n"
	}
	var b strings.Builder
	for _, block := range []struct {
		title string
		lines []string
	}{{"taken", guess.Taken}, {"left out", guess.LeftOut}, {"look", guess.Look}} {
		for _, line := range block.lines {
			fmt.Fprintf(&b, "%s: %s\n", block.title, line)
		}
	}
	return b.String()
}
