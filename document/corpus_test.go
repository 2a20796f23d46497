package document_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/corpus"
)

func TestCorpusComesBackByteForByte(t *testing.T) {
	for kind, typ := range map[corpus.Kind]*document.Type{corpus.PRP: planType(t), corpus.TaskMaster: trackerType(t)} {
		for name, data := range corpus.Files(t, kind) {
			t.Run(string(kind)+"/"+name, func(t *testing.T) {
				d, err := typ.Parse(data)
				if err != nil {
					t.Fatal(err)
				}
				if out := d.AppendJSON(nil); !bytes.Equal(out, data) {
					t.Errorf("AppendJSON differs from the file:\n%s", cmp.Diff(string(data), string(out)))
				}
				var b bytes.Buffer
				if n, err := d.WriteTo(&b); err != nil || n != int64(len(data)) || n != d.Size() || !bytes.Equal(b.Bytes(), data) {
					t.Errorf("WriteTo wrote %d bytes, %v: want the file's %d", n, err, len(data))
				}
				t.Logf("%d items, %d warnings", d.Len(0), len(d.Validate()))
				for _, p := range d.Validate() {
					t.Log(p)
				}
			})
		}
	}
}

func TestCorpusTakesUpdates(t *testing.T) {
	for kind, typ := range map[corpus.Kind]*document.Type{corpus.PRP: planType(t), corpus.TaskMaster: trackerType(t)} {
		for name, data := range corpus.Files(t, kind) {
			t.Run(string(kind)+"/"+name, func(t *testing.T) {
				d, err := typ.Parse(data)
				if err != nil {
					t.Fatal(err)
				}
				for l := range typ.Descriptor().Levels {
					changed := updateOne(t, d, document.Level(l))
					if changed == nil {
						continue // the file has no items of this level
					}
					if n := changedLines(data, changed.AppendJSON(nil)); n != 1 {
						t.Errorf("level %d: %d lines changed, want 1", l, n)
					}
				}
			})
		}
	}
}

// updateOne changes the status of the first item of a level that lets it.
func updateOne(t *testing.T, d *document.Document, l document.Level) *document.Document {
	t.Helper()
	for it := range d.Items(l) {
		for _, step := range d.Type().Machine(l).Legal(it.Status()) {
			next, applied, err := d.Apply(document.Fire(it.ID(), step.Event))
			if err != nil {
				continue // a guard
			}
			if applied.Updates != 1 || next == d {
				t.Fatalf("%s: applied %+v", it, applied)
			}
			return next
		}
	}
	if d.Len(l) > 0 {
		t.Fatalf("no item of level %d takes an update", l)
	}
	return nil
}

// changedLines counts the lines that differ between texts of as many lines.
func changedLines(a, b []byte) int {
	la, lb := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	if len(la) != len(lb) {
		return -1
	}
	n := 0
	for i := range la {
		if !bytes.Equal(la[i], lb[i]) {
			n++
		}
	}
	return n
}

func TestCorpusBrokenFilesAreRefused(t *testing.T) {
	typ := planType(t)
	for name, data := range corpus.Files(t, corpus.Broken) {
		t.Run(name, func(t *testing.T) {
			_, err := typ.Parse(data)
			var parse *document.ParseError
			if !errors.As(err, &parse) || len(parse.Problems) == 0 {
				t.Fatalf("got %v, want a *ParseError", err)
			}
			for _, p := range parse.Problems {
				if p.Line == 0 || p.Column == 0 {
					t.Errorf("%v has no place", p)
				}
			}
			t.Log(err)
		})
	}
}
