package schema_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

func TestRightSchemasBecomeTheirModels(t *testing.T) {
	testArchives(t, "testdata/right", 8, func(t *testing.T, path string) {
		archive, files := readArchive(t, path)
		text := schema.Complete(files["schema.yaml"])
		m, err := schema.ParseAhead("schema.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		later := 0
		for _, d := range diagnose(t, "schema.yaml", text) {
			if d.Rule == "not-yet" {
				later++
			} else if d.Severity == schema.Refusal {
				t.Error(d)
			}
		}
		if ahead := strings.HasPrefix(filepath.Base(path), "ahead-"); ahead != (later > 0) {
			t.Errorf("%d constructs are not there yet: only archives named ahead-… have such", later)
		}
		got := summary(m)
		if strings.Contains(got, "WRONG INDEX") {
			t.Error("an index does not agree with its position")
		}
		if *update {
			archive.Files[len(archive.Files)-1].Data = []byte(got)
			if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		if diff := cmp.Diff(files["model"], got); diff != "" {
			t.Errorf("model (-want +got):\n%s", diff)
		}
	})
}
