package document_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// FuzzParse reads any text in one of several formats: it comes back byte for
// byte, or is refused with a place.
func FuzzParse(f *testing.F) {
	types := []*document.Type{planType(f), trackerType(f)}
	for seed := range 14 {
		types = append(types, randomType(f, &dice{data: randomBytes(uint64(seed), 500)}))
	}
	f.Add(byte(0), samplePlan(2, 2, 2, 2))
	f.Add(byte(0), []byte(onePhase(`,"milestones":[]`)))
	f.Add(byte(1), []byte(`{"a":{"tasks":[{"id":6,"title":"a","status":"done","dependencies":[1,"2"],"subtasks":[{"id":6.1,"title":"b","status":"review","dependencies":["6.1",6]}]}]}}`))
	f.Add(byte(1), []byte(`{"tasks":[{"id":"x","title":"a","status":"completed","subtasks":null}]}`))
	for _, tt := range syntaxProblems {
		clean, _ := marked(tt.text)
		f.Add(byte(0), []byte(clean))
	}
	for n, typ := range types {
		for seed := range 20 {
			f.Add(byte(n), []byte(randomText(&dice{data: randomBytes(uint64(seed), 600)}, typ.Descriptor())))
		}
	}
	f.Fuzz(func(t *testing.T, n byte, text []byte) {
		typ := types[int(n)%len(types)]
		doc, err := typ.Parse(text)
		if err != nil {
			checkRefusal(t, err, text)
			return
		}
		if out := doc.AppendJSON(nil); !bytes.Equal(out, text) {
			t.Fatalf("read\n%s\nwritten\n%s", text, out)
		}
		if values := bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")); !json.Valid(values) && !(hasLines(typ) && areLines(values)) {
			t.Fatalf("encoding/json does not accept\n%s", text)
		}
		for _, p := range doc.Validate() {
			if p.Severity != document.Warning || p.Line == 0 {
				t.Errorf("Validate says %v", p)
			}
		}
		for it := range doc.All() {
			readEverything(it)
		}
		drain(doc.NextExecutable())
		drain(doc.OpenUnderDone())
		checkStatusUpdate(t, doc, int(n))
	})
}

func hasLines(typ *document.Type) bool {
	return slices.ContainsFunc(typ.Descriptor().Roots, func(r format.Root) bool { return r.Kind == format.RootLines })
}

// areLines reports whether encoding/json accepts all lines of a text that are not
// blank.
func areLines(text []byte) bool {
	for line := range bytes.Lines(text) {
		if len(bytes.Trim(line, " \t\r\n")) > 0 && !json.Valid(line) {
			return false
		}
	}
	return true
}

// checkRefusal checks that an error tells where and what.
func checkRefusal(t *testing.T, err error, text []byte) {
	t.Helper()
	var refusal *document.ParseError
	if !errors.As(err, &refusal) || len(refusal.Problems) == 0 {
		t.Fatalf("got %v, want a *ParseError", err)
	}
	lines := bytes.Split(text, []byte("\n"))
	for _, p := range refusal.Problems {
		if p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > len(lines[p.Line-1])+1 {
			t.Errorf("%v is not in the text", p)
		}
		if p.Rule == "" || p.Message == "" || p.Severity != document.Refusal {
			t.Errorf("%#v is not a refusal", p)
		}
	}
}

// readEverything calls each getter for each field of an item.
func readEverything(it document.Item) {
	_, _ = it.String(), it.Progress()
	drain(it.Dependencies())
	drain(it.Blockers())
	drain(it.Dependents())
	level := it.Document().Type().Descriptor().Levels[it.Level()]
	for f := range level.Fields {
		readField(it, f)
		_, _ = it.Enum(f)
		drain(it.Enums(f))
		o, _ := it.Object(f)
		readField(o, 0)
		for o := range it.Objects(f) {
			readField(o, 0)
			_, _ = o.Enum(0)
			_, _ = o.Object(0)
			drain(o.Enums(0))
			drain(o.Objects(0))
		}
	}
}

// fields are the getters that items and objects have in common.
type fields interface {
	Raw(int) (json.RawMessage, bool)
	Text(int) (string, bool)
	Int(int) (int64, bool)
	Float(int) (float64, bool)
	Bool(int) (bool, bool)
	IsNull(int) bool
	Reference(int) (document.ID, bool)
}

func readField(of fields, f int) {
	of.Raw(f)
	of.Text(f)
	of.Int(f)
	of.Float(f)
	of.Bool(f)
	of.IsNull(f)
	of.Reference(f)
	switch of := of.(type) {
	case document.Item:
		_, _ = of.Time(f)
		drain(of.Texts(f))
		drain(of.Ints(f))
		drain(of.Floats(f))
		drain(of.Bools(f))
		drain(of.Times(f))
		drain(of.Raws(f))
		drain(of.References(f))
	case document.Object:
		_, _ = of.Time(f)
		drain(of.Texts(f))
		drain(of.Ints(f))
		drain(of.Floats(f))
		drain(of.Bools(f))
		drain(of.Times(f))
		drain(of.Raws(f))
		drain(of.References(f))
	}
}

func drain[V any](seq iter.Seq[V]) {
	for range seq {
	}
}

// checkStatusUpdate forces a status on one item and looks for the only
// difference in the text.
func checkStatusUpdate(t *testing.T, doc *document.Document, n int) {
	t.Helper()
	var items []document.Item
	for it := range doc.All() {
		items = append(items, it)
	}
	if len(items) == 0 {
		return
	}
	it := items[n%len(items)]
	if doc.Type().Machine(it.Level()) == nil {
		if _, _, err := doc.Apply(document.Force(it.ID(), 1, "because")); err == nil {
			t.Errorf("%s has a status now", it)
		}
		return
	}
	states := doc.Type().Machine(it.Level()).States()
	to := states[n%len(states)]
	next, applied, err := doc.Apply(document.Force(it.ID(), to, "because"))
	if found, ok := doc.Find(it.ID()); !ok || found.Level() != it.Level() {
		var shared *document.NotFoundError
		if !errors.As(err, &shared) || shared.Items < 2 {
			t.Fatalf("%s: %v, want that items share an id", it, err)
		}
		return
	}
	if err != nil {
		t.Fatalf("%s: %v", it, err)
	}
	before, after := string(doc.AppendJSON(nil)), string(next.AppendJSON(nil))
	if it.Status() == to {
		if next != doc || applied.Updates != 0 {
			t.Errorf("the status it has counts as an update")
		}
		return
	}
	mustParse(t, doc.Type(), after)
	level := doc.Type().Descriptor().Levels[it.Level()]
	for _, d := range document.Diff(doc, next) {
		above, ok := next.Find(d.ID)
		if d.ID == it.ID() && d.Fields == nil {
			continue
		}
		if !ok || d.Fields != nil || above.Level() >= it.Level() || doc.Type().Descriptor().Levels[above.Level()].Rollup == nil {
			t.Errorf("the update of %s changed %+v", it, d)
		}
		return // the text differs in more than one place
	}
	now, _ := next.Find(it.ID())
	written := statusTexts(doc.Type().Descriptor(), now)
	start := 0
	for start < len(before) && start < len(after) && before[start] == after[start] {
		start++
	}
	end := 0
	for end < len(before)-start && end < len(after)-start && before[len(before)-1-end] == after[len(after)-1-end] {
		end++
	}
	changed := after[start : len(after)-end]
	if !level.StatusOptional && !slices.ContainsFunc(written, func(text string) bool {
		return strings.Contains(withoutSpace(text), withoutSpace(changed))
	}) {
		t.Errorf("the update changed more than the status: %q", changed)
	}
}

func withoutSpace(text string) string { return strings.Join(strings.Fields(text), "") }
