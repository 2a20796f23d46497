package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRun(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "new")
	var out bytes.Buffer
	// The second run finds the files of the first.
	for range 2 {
		out.Reset()
		if err := run(t.Context(), &out, directory); err != nil {
			t.Fatal(err)
		}
	}
	t.Log(out.String())
	for _, want := range []string{
		"P1.M2.T2.S3: cannot go from Planned to Retrying in one step: it takes implement (→ Implementing), then retry (→ Retrying); legal from Planned are ",
		"\n7 items changed, 7 lines changed.\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output does not hold %q", want)
		}
	}
	written, err := os.ReadFile(filepath.Join(directory, "tasks.json"))
	if err != nil {
		t.Fatal(err)
	}
	changes, err := changedLines(sample, written)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, change := range changes {
		got = append(got, change.before+" "+change.after)
	}
	want := []string{
		`"status": "Implementing", "status": "Complete",`, // P1.M2.T1
		`"status": "Implementing", "status": "Complete",`, // P1.M2.T1.S2
		`"status": "Retrying", "status": "Complete",`,     // P1.M2.T1.S3
		`"status": "Ready", "status": "Complete",`,        // P1.M2.T2.S1
		`"status": "Researching", "status": "Complete",`,  // P1.M2.T2.S2
		`"status": "Planned", "status": "Ready",`,         // P2.M1.T1.S1
		`"status": "Failed", "status": "Planned",`,        // P2.M1.T1.S3
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestChangedLines(t *testing.T) {
	tests := []struct {
		name, before, after string
		want                []lineChange
		fails               bool
	}{
		{name: "equal", before: "a\nb\n", after: "a\nb\n"},
		{name: "first and last", before: "a\nb\n c", after: "x\nb\n y", want: []lineChange{{1, "a", "x"}, {3, "c", "y"}}},
		{name: "final newline added", before: "a", after: "a\n", fails: true},
		{name: "line removed", before: "a\nb", after: "b", fails: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := changedLines([]byte(tt.before), []byte(tt.after))
			if (err != nil) != tt.fails {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(lineChange{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}
