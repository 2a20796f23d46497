package schema_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/schema"
	"golang.org/x/tools/txtar"
)

// FuzzParse tries to make the loader panic, return a model with holes, or
// report something without a place.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/wrong/*.txtar", "testdata/right/*.txtar"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add([]byte(schema.Complete(string(archive.Files[0].Data))))
		}
	}
	shipped, err := filepath.Glob("formats/*/schema.yaml")
	if err != nil || len(shipped) == 0 {
		f.Fatalf("no shipped schemas: %v", err)
	}
	for _, path := range shipped {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		now := parses(t, schema.Parse, data)
		ahead := parses(t, schema.ParseAhead, data)
		if now && !ahead {
			t.Error("ParseAhead refuses what Parse accepts")
		}
	})
}

// parses reports whether a schema is accepted, and checks all that comes with it.
func parses(t *testing.T, parse func(string, []byte) (*schema.Model, error), data []byte) bool {
	t.Helper()
	m, err := parse("fuzz.yaml", data)
	if err == nil {
		summary(m) // follows every pointer
		checkDiagnostics(t, data, m.Warnings, schema.Warning)
		return true
	}
	var refused *schema.Error
	if !errors.As(err, &refused) || m != nil {
		t.Fatalf("model %v and error %v", m != nil, err)
	}
	checkDiagnostics(t, data, refused.Diagnostics, schema.Refusal)
	return false
}

// checkDiagnostics makes sure that diagnostics are in order, have places
// within the file, and that one at least is of the severity, unless there may
// be none.
func checkDiagnostics(t *testing.T, data []byte, diagnostics []schema.Diagnostic, severity schema.Severity) {
	t.Helper()
	lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 1
	worst := schema.Warning
	previous := schema.Diagnostic{}
	for _, d := range diagnostics {
		worst = min(worst, d.Severity)
		if _, ok := schema.Explain(d.Rule); !ok {
			t.Errorf("%v: no such rule", d)
		}
		if d.Line < previous.Line || d.Line == previous.Line && d.Column < previous.Column {
			t.Errorf("%v comes after %v", d, previous)
		}
		wholeFile := d.Line == 0 && (d.Rule == "limit" || d.Rule == "syntax")
		if !wholeFile && (d.Line < 1 || d.Line > lines || d.Column < 1 || d.EndColumn < d.Column) {
			t.Errorf("%v is nowhere: columns %d to %d of %d lines", d, d.Column, d.EndColumn, lines)
		}
		previous = d
	}
	if worst != severity {
		t.Errorf("the worst diagnostic is a %v, want %v", worst, severity)
	}
}
