package readme_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// block is a fenced code block whose opening fence says what to do with it:
//
//	```go main.go           write it to the file main.go
//	```sh run               run it
//	```text output          what the last command printed
//
// GitHub reads the first word only.
type block struct {
	language string
	action   string // what follows the language, "" for a block that is only read
	text     string
	line     int // of the opening fence
}

// blocks returns the fenced code blocks of a Markdown text that have an action.
func blocks(markdown string) []block {
	var found []block
	var current *block
	for i, line := range strings.Split(markdown, "\n") {
		info, isFence := strings.CutPrefix(line, "```")
		switch {
		case current == nil && isFence:
			language, action, _ := strings.Cut(info, " ")
			current = &block{language: language, action: strings.TrimSpace(action), line: i + 1}
		case current != nil && line == "```":
			if current.action != "" {
				found = append(found, *current)
			}
			current = nil
		case current != nil:
			current.text += line + "\n"
		}
	}
	return found
}

func TestBlocks(t *testing.T) {
	markdown := strings.Join([]string{
		"# Title", "```go main.go", "package main", "", "```", "text",
		"```sh", "not run", "```", "```sh run", "go run .", "```", "",
	}, "\n")
	want := []block{
		{"go", "main.go", "package main\n\n", 2},
		{"sh", "run", "go run .\n", 10},
	}
	if diff := cmp.Diff(want, blocks(markdown), cmp.AllowUnexported(block{})); diff != "" {
		t.Error(diff)
	}
}
