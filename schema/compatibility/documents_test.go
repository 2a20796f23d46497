package compatibility_test

import (
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/compatibility"
)

// samples are documents that one version or another of the base accepts.
var samples = []string{
	`{"epics": []}`,
	`[{"id": "a", "status": "done", "title": ""}]`,
	`{"epics": [{"id": 1, "status": "active", "title": "x", "color": "green", "size": 1, "notes": [{}], "due": null, "stories": null}]}`,
	`{"epics": [{"id": "1", "status": "closed", "title": "2020-01-02T03:04:05Z", "color": "red", "size": 7, "stories": [
		{"id": "B"}, {"id": "c", "status": "open", "after": ["1", "B"]}]},
		{"id": "2", "status": "open", "title": "t", "stories": [{"id": "B", "status": "done"}]}]}`,
	`{"epics": [{"id": "a", "status": "open", "title": "x", "size": -0.5, "color": "blue", "notes": {}, "due": "2020-01-02T03:04:05Z"}]}`,
	`{"epics": [{"id": "a", "status": "open", "title": "x", "extra": 7, "stories": []}]}`,
	`{"epics": [{"id": "E1", "status": "open", "stories": [{"id": "E1.S1", "status": "open", "steps": 7}]}]}`,
	`{"home": {"epics": [{"id": "a", "status": "shut"}]}}`,
	`{"epics": [{"id": "E1", "status": "open", "stories": [{"id": "E1.S1", "status": "open"}, {"id": "E1.S2", "status": "closed"}]}]}`,
}

// judgesFiles checks what is said about files against what the engine accepts: a
// document that was accepted and is refused breaks, or may break.
func judgesFiles(t *testing.T, older, newer *schema.Model) {
	t.Helper()
	before, after := reader(t, older), reader(t, newer)
	for _, c := range compatibility.Compare(older, newer) {
		if c.Class == compatibility.BreaksFiles || c.Class == compatibility.MayBreakFiles {
			return
		}
	}
	for _, sample := range samples {
		if _, err := before.Parse([]byte(sample)); err != nil {
			continue
		}
		if _, err := after.Parse([]byte(sample)); err != nil {
			t.Errorf("not said to break files, and %s is refused: %v", sample, err)
		}
	}
}

func reader(t *testing.T, m *schema.Model) *document.Type {
	t.Helper()
	format, err := document.NewType(gen.Descriptor(m))
	if err != nil {
		t.Fatal(err)
	}
	return format
}
