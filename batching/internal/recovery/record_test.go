package recovery_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/internal/recovery"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/merge"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// example returns a record of one group, and the documents before and after it.
func example(t *testing.T) (r recovery.Record, before, after *document.Document) {
	t.Helper()
	before = plantest.Parse(plantest.Text(1, 1, 2)).Document
	id := plantest.TaskID(1, 1, 1).Document()
	changes := []document.Change{document.Set(id, document.Status(plantest.Active))}
	after, applied, err := before.Apply(changes...)
	if err != nil {
		t.Fatal(err)
	}
	return recovery.Record{
		Saved:       time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC),
		Groups:      []batching.Group{{Changes: changes, Updates: applied.Updates}},
		Checkpoints: []recovery.Checkpoint{{Document: before}, {Groups: 1, Document: after}},
		Leases:      []recovery.Lease{{ID: id, Worker: "one", Duration: time.Minute}},
	}, before, after
}

func encoded(t *testing.T, r recovery.Record) string {
	t.Helper()
	data, err := recovery.Encode(plantest.Type(), r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRecordIsReadAsItWasWritten(t *testing.T) {
	r, before, after := example(t)
	got, err := recovery.Decode(plantest.Type(), []byte(encoded(t, r)))
	if err != nil {
		t.Fatal(err)
	}
	if !got.Saved.Equal(r.Saved) || len(got.Groups) != 1 || got.Groups[0].String() != "set E1.S1.T1 to Active" || got.Groups[0].Updates != 1 {
		t.Errorf("decoded %+v", got)
	}
	if !slices.Equal(got.Leases, r.Leases) {
		t.Errorf("leases %v, want %v", got.Leases, r.Leases)
	}
	for d, want := range map[*document.Document]int{before: 0, after: 1} {
		sum, err := recovery.Digest(d)
		if err != nil {
			t.Fatal(err)
		}
		if n := got.Contained(sum); n != want {
			t.Errorf("%d groups contained, want %d", n, want)
		}
	}
	// What it tells of the items is enough to know that the group was saved,
	// though another writer has stored something since.
	theirs, _, err := after.Apply(document.Set(plantest.TaskID(1, 1, 2).Document(), document.Status(plantest.Active)))
	if err != nil {
		t.Fatal(err)
	}
	_, outcomes := merge.Merge(merge.Input{Stored: theirs, Groups: [][]document.Change{got.Groups[0].Changes}, Known: got.Known()})
	if !outcomes[0].Contained {
		t.Errorf("outcome %+v", outcomes[0])
	}
}

// TestOlderProgramsRefusePlaces: the form of a record is one that programs know which
// are older than places of items, unless there are places.
func TestOlderProgramsRefusePlaces(t *testing.T) {
	before := plantest.Parse(plantest.Text(1, 2, 2)).Document
	id, story := plantest.TaskID(1, 1, 1).Document(), plantest.MakeID("E1.S1").Document()
	added := func(at document.Place) document.Change {
		return document.Change{Op: document.OpAdd, ID: plantest.TaskID(1, 1, 3).Document(), Edit: &document.Edit{
			Parent: story, Place: at, Item: `{"id":"E1.S1.T3","title":"new","status":"Open"}`}}
	}
	tests := []struct {
		name   string
		change document.Change
		want   string
	}{
		{"a status", document.Set(id, document.Status(plantest.Active)), `{"version":1,`},
		{"an addition", added(document.Place{}), `{"version":1,`},
		{"an addition at a place", added(document.First()), `{"version":2,`},
		{"a move", document.Move(id, plantest.MakeID("E1.S2").Document()), `{"version":1,`},
		{"a move to a place", document.Move(id, story, document.Last()), `{"version":2,`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			after, applied, err := before.Apply(test.change)
			if err != nil {
				t.Fatal(err)
			}
			text := encoded(t, recovery.Record{
				Groups:      []batching.Group{{Changes: []document.Change{test.change}, Updates: applied.Updates}},
				Checkpoints: []recovery.Checkpoint{{Document: before}, {Groups: 1, Document: after}},
			})
			if !strings.HasPrefix(text, test.want) {
				t.Errorf("%s, want %s…", text, test.want)
			}
			if _, err := recovery.Decode(plantest.Type(), []byte(text)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	r, _, _ := example(t)
	good := encoded(t, r)
	tests := []struct{ name, old, new, want string }{
		{"no JSON", good, "{", "unexpected end of JSON input"},
		{"another form", `"version":1`, `"version":4`, "version 4, want 1 to 3"},
		{"another format", `"format":"plantest"`, `"format":"other"`, `updates of the format "other", want "plantest"`},
		{"a lease of nobody", `"worker":"one"`, `"worker":""`, `lease 0: "" is not the name of a worker`},
		{"a lease without end", `"milliseconds":60000`, `"milliseconds":9000000000000000000`, "lease 0: 9000000000000000000 milliseconds, want 100 to 86400000"},
		{"counts that are missing", `"updates":[1]`, `"updates":[]`, "1 groups, but 0 counts of updates"},
		{"a negative count", `"updates":[1]`, `"updates":[-1]`, "group 0 has -1 updates"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(good, test.old, test.new, 1)
			if text == good {
				t.Fatalf("%s is not in %s", test.old, good)
			}
			if _, err := recovery.Decode(plantest.Type(), []byte(text)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
