package schema_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/google/go-cmp/cmp"
)

var printed = []schema.Diagnostic{
	{File: "a.yaml", Line: 3, Column: 5, EndColumn: 10, Severity: schema.Refusal, Rule: "unknown-key",
		Message: `a level has no key "titel"`, Source: "\té: titel"},
	{File: "dir,x:y%.yaml", Severity: schema.Warning, Rule: "limit", Message: "100% of\r\nall"},
	{File: "a.yaml", Line: 9, Column: 2, EndColumn: 2, Severity: schema.Refusal, Rule: "syntax", Message: "esc \x1b[2J", Source: "x\x1b[31m"},
}

func TestWriteText(t *testing.T) {
	var b bytes.Buffer
	if err := schema.WriteText(&b, printed, false); err != nil {
		t.Fatal(err)
	}
	want := "a.yaml:3:5: a level has no key \"titel\" [unknown-key]\n" +
		"    3 | \té: titel\n" +
		"      | \t  ^~~~~\n" +
		"dir,x:y%.yaml: warning: 100% of\uFFFD\uFFFDall [limit]\n" +
		"a.yaml:9:2: esc \uFFFD[2J [syntax]\n" +
		"    9 | x\uFFFD[31m\n" +
		"      |  ^\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestWriteTextInColor(t *testing.T) {
	var b bytes.Buffer
	if err := schema.WriteText(&b, printed[:2], true); err != nil {
		t.Fatal(err)
	}
	for _, sequence := range []string{"\x1b[31m", "\x1b[33m", "\x1b[0m"} {
		if !strings.Contains(b.String(), sequence) {
			t.Errorf("no %q in %q", sequence, b.String())
		}
	}
}

func TestWriteJSON(t *testing.T) {
	var b bytes.Buffer
	if err := schema.WriteJSON(&b, printed[:1]); err != nil {
		t.Fatal(err)
	}
	want := `[
  {
    "file": "a.yaml",
    "line": 3,
    "column": 5,
    "endColumn": 10,
    "severity": "error",
    "rule": "unknown-key",
    "message": "a level has no key \"titel\"",
    "source": "\té: titel"
  }
]
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	b.Reset()
	if err := schema.WriteJSON(&b, nil); err != nil || b.String() != "[]\n" {
		t.Errorf("no diagnostics: %q, %v", b.String(), err)
	}
}

func TestWriteGitHub(t *testing.T) {
	var b bytes.Buffer
	if err := schema.WriteGitHub(&b, printed[:2]); err != nil {
		t.Fatal(err)
	}
	want := "::error file=a.yaml,line=3,col=5,endColumn=10,title=unknown-key::a level has no key \"titel\"\n" +
		"::warning file=dir%2Cx%3Ay%25.yaml,title=limit::100%25 of%0D%0Aall\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("annotations (-want +got):\n%s", diff)
	}
}

// brokenWriter fails every time.
type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWritersReturnTheErrorsOfTheirWriter(t *testing.T) {
	for name, write := range map[string]func(io.Writer) error{
		"text":   func(w io.Writer) error { return schema.WriteText(w, printed, false) },
		"JSON":   func(w io.Writer) error { return schema.WriteJSON(w, printed) },
		"GitHub": func(w io.Writer) error { return schema.WriteGitHub(w, printed) },
	} {
		if err := write(brokenWriter{}); !errors.Is(err, errBroken) {
			t.Errorf("%s: %v, want %v", name, err, errBroken)
		}
	}
}
