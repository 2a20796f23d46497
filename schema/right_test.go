package schema_test

import (
	"os"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

func TestRightSchemasBecomeTheirModels(t *testing.T) {
	testArchives(t, "testdata/right", 8, func(t *testing.T, path string) {
		archive, files := readArchive(t, path)
		m, err := schema.Parse("schema.yaml", []byte(schema.Complete(files["schema.yaml"])))
		if err != nil {
			t.Fatal(err)
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
