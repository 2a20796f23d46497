package infer_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/infer"
)

// times repeats what a function makes of a number, with commas between.
func times(n int, f func(i int) string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(f(i))
	}
	return b.String()
}

// TestHostileDocuments has documents that are large in one way each. What is said
// of them stays short, and a schema stays one that loads.
func TestHostileDocuments(t *testing.T) {
	const long = 1 << 20
	text := strings.Repeat("x", long)
	for name, data := range map[string]string{
		"many keys of an item": `[{"id": 1, "status": "open", ` + times(20_000, func(i int) string { return fmt.Sprintf(`"k%d": %d`, i, i) }) + `}]`,
		"many keys of the document": `{"tasks": [{"id": 1, "status": "open"}], ` +
			times(20_000, func(i int) string { return fmt.Sprintf(`"k%d": %d`, i, i) }) + `}`,
		"many lists":    `{` + times(20_000, func(i int) string { return fmt.Sprintf(`"k%d": [{"id": 1, "status": "open"}]`, i) }) + `}`,
		"many groups":   `{` + times(20_000, func(i int) string { return fmt.Sprintf(`"k%d": {"tasks": [{"id": 1, "status": "open"}]}`, i) }) + `}`,
		"many statuses": `[` + times(20_000, func(i int) string { return fmt.Sprintf(`{"id": %d, "status": "s%d"}`, i, i) }) + `]`,
		"many numbers":  `[` + times(20_000, func(i int) string { return fmt.Sprintf(`{"id": %d, "status": %d}`, i, i) }) + `]`,
		"many same ids": `[` + times(20_000, func(int) string { return `{"id": 1, "status": "open"}` }) + `]`,
		"links of links": `{` + times(2_000, func(i int) string {
			return fmt.Sprintf(`"k%d": [{"id": 1, "listId": 1, "columnId": 1, "stageId": 1}]`, i)
		}) + `}`,
		"a long id":               `[{"id": "` + text + `", "status": "open"}]`,
		"a long status":           `[{"id": 1, "status": "` + text + `"}]`,
		"a long text":             `[{"id": 1, "status": "open", "title": "` + text + `"}]`,
		"a long key":              `[{"id": 1, "status": "open", "` + text + `": 1}]`,
		"a long type":             `[{"id": 1, "status": "open", "type": "` + text + `"}]`,
		"a long list":             `{"` + text + `": [{"id": 1, "status": "open"}]}`,
		"a long list of children": `[{"id": 1, "status": "open", "` + text + `": [{"id": 1, "status": "open"}]}]`,
		"a long reference":        `[{"id": 1, "status": "open", "depends_on": ["` + text + `"]}]`,
		"a deep tree":             strings.Repeat(`[{"id": 1, "status": "open", "tasks": `, 100) + `[]` + strings.Repeat(`}]`, 100),
		"deep objects":            strings.Repeat(`{"status": `, 400) + `1` + strings.Repeat(`}`, 400),
		"deep fields":             `[{"id": 1, "status": "open", "fields": ` + strings.Repeat(`{"fields": `, 400) + `1` + strings.Repeat(`}`, 400) + `}]`,
		"a wide tree": `[` + times(200, func(i int) string {
			return fmt.Sprintf(`{"id": %d, "status": "open", %s}`, i, times(50, func(k int) string { return fmt.Sprintf(`"k%d": [{"id": %d, "status": "open"}]`, k, k) }))
		}) + `]`,
	} {
		t.Run(name, func(t *testing.T) {
			guess, err := infer.Infer("tasks", []byte(data))
			var refused *infer.Error
			if err != nil && !errors.As(err, &refused) {
				t.Fatal(err)
			}
			const most = 20_000
			if report := reportOf(guess, err); len(report) > most {
				t.Errorf("the report has %d bytes: %.1000s", len(report), report)
			}
			if guess != nil {
				if _, err := schema.Parse("backlog.yaml", guess.YAML); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
