package browsertest

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/gen/docs"
)

// TestPatterns has JavaScript, whose regular expressions JSON Schema uses, judge
// with the patterns of the JSON Schemas. It must find what Go finds.
func TestPatterns(t *testing.T) {
	texts := []string{
		"", "P1", "P01", "P1.M2", "P1.M2.T3.S4", "P1.M1.T1.S1\n", "A1", "A1.J1", "AB-X12", "AB-x1", "AB-y٣", "ABCDE-x1", "Job: x", "job: x",
		"# Why\n# How", "# How # Why", "end", "a\nend\nb", "a-1", "4", "1.5", "</script>`", "x|$", "|$", "$", "CONTRACT DEFINITION:",
		"CONTRACT DEFINITION: 1. RESEARCH NOTE\n2. INPUT\u20283. LOGIC\r4. OUTPUT", "2024-02-29T12:00:00Z", "2023-02-29T12:00:00Z",
		"2006-01-02T5:04:05,123+24:60", "2006-01-02T15:04:60Z", "/x", "x/", "😀", "1", "a|b`c",
	}
	b := open(t, write(t, load(t, backlog), docs.HTMLFormat), desktop)
	for _, path := range []string{backlog, taskmaster, everything, hostile, "../../gen/docs/testdata/names.yaml"} {
		for _, strict := range []bool{false, true} {
			text, err := docs.JSONSchema(load(t, path), strict)
			if err != nil {
				t.Fatal(err)
			}
			var value any
			if err := json.Unmarshal(text, &value); err != nil {
				t.Fatal(err)
			}
			for _, pattern := range patterns(value) {
				want := make([]bool, len(texts))
				for i, text := range texts {
					want[i] = regexp.MustCompile(pattern).MatchString(text)
				}
				got := evaluate[[]bool](b, `((pattern, texts) => texts.map((text) => new RegExp(pattern, 'u').test(text)))(%s, %s)`, pattern, texts)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: %s: JavaScript (+) and Go (-) differ:\n%s", path, pattern, diff)
				}
			}
		}
	}
}

// patterns returns the values of all keywords pattern.
func patterns(value any) []string {
	var found []string
	switch v := value.(type) {
	case map[string]any:
		for key, member := range v {
			if text, ok := member.(string); ok && key == "pattern" {
				found = append(found, text)
			} else {
				found = append(found, patterns(member)...)
			}
		}
	case []any:
		for _, element := range v {
			found = append(found, patterns(element)...)
		}
	}
	return found
}
