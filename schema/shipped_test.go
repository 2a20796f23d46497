package schema_test

import (
	"testing"

	"github.com/backlog-gen/backlog-gen/schema"
)

func TestShippedSchemasLoadWithoutWarnings(t *testing.T) {
	for _, file := range []string{"formats/prp/schema.yaml", "formats/taskmaster/schema.yaml"} {
		t.Run(file, func(t *testing.T) {
			m, err := schema.Load(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range m.Warnings {
				t.Error(w)
			}
		})
	}
}
