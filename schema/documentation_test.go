package schema

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readDocumentation(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../docs/schema.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

var yamlBlock = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")

func TestEachExampleInTheDocumentationLoadsClean(t *testing.T) {
	text := readDocumentation(t)
	blocks := yamlBlock.FindAllStringSubmatchIndex(text, -1)
	if len(blocks) < len(constructs()) {
		t.Fatalf("%d examples, want at least %d", len(blocks), len(constructs()))
	}
	for _, block := range blocks {
		line := 1 + strings.Count(text[:block[2]], "\n")
		name := fmt.Sprintf("docs/schema.md after line %d", line-1)
		m, err := ParseAhead(name, []byte(Complete(text[block[2]:block[3]])))
		var refused *Error
		switch {
		case errors.As(err, &refused):
			for _, d := range refused.Diagnostics {
				t.Error(d)
			}
		case err != nil:
			t.Error(err)
		default:
			for _, d := range m.Warnings {
				t.Error(d)
			}
		}
	}
}

func TestEachKeyIsDocumentedWithAnExample(t *testing.T) {
	sections := make(map[string]string)
	heading := regexp.MustCompile("^[^\n]*: `([A-Za-z]+)`\n")
	for _, section := range strings.Split(readDocumentation(t), "\n## ") {
		if name := heading.FindStringSubmatch(section); name != nil {
			sections[name[1]] = section
		}
	}
	for _, c := range constructs() {
		section, ok := sections[c.name]
		if !ok {
			t.Errorf("docs/schema.md has no section on %s", c.name)
			continue
		}
		examples := strings.Join(yamlBlock.FindAllString(section, -1), "\n")
		for _, k := range c.keys {
			if c.name == fieldConstruct.name && rulesConstruct.has(k.name) {
				continue // in the section on rules
			}
			if !strings.Contains(section, "`"+k.name+"`") {
				t.Errorf("the section on %s does not describe %s", c.name, k.name)
			}
			if !regexp.MustCompile(`[\s{]` + k.name + `:`).MatchString(examples) {
				t.Errorf("no example in the section on %s has %s", c.name, k.name)
			}
		}
	}
}

// TestTheDocumentationListsWhatIsNotThereYet holds docs/schema.md against the
// table of the loader, in both directions.
func TestTheDocumentationListsWhatIsNotThereYet(t *testing.T) {
	_, section, _ := strings.Cut(readDocumentation(t), "\n## What is not there yet\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var listed []string
	for _, line := range regexp.MustCompile(`(?m)^- (.*)$`).FindAllStringSubmatch(section, -1) {
		listed = append(listed, line[1])
	}
	var missing []string
	for _, f := range slices.Sorted(maps.Keys(notYet)) {
		missing = append(missing, notYet[f])
	}
	if diff := cmp.Diff(missing, listed); diff != "" {
		t.Errorf("what is not there yet (-loader +docs/schema.md):\n%s", diff)
	}
}

func TestEachRuleIsNamedInTheDocumentation(t *testing.T) {
	text := readDocumentation(t)
	_, list, ok := strings.Cut(text, "\n## What is checked\n")
	if !ok {
		t.Fatal("docs/schema.md does not list the rules")
	}
	known := map[string]bool{"backlog-gen explain RULE": true}
	for _, rule := range Rules() {
		known[rule.Rule] = true
		if !strings.Contains(list, "`"+rule.Rule+"`") {
			t.Errorf("docs/schema.md does not name the rule %s", rule.Rule)
		}
	}
	for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(list, -1) {
		if !known[strings.Join(strings.Fields(name[1]), " ")] {
			t.Errorf("docs/schema.md names %s, which is no rule", name[1])
		}
	}
}
