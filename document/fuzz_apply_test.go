package document_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// FuzzApply applies random groups to random documents: what is accepted is
// whole, what is refused leaves no trace, and snapshots stay what they are.
func FuzzApply(f *testing.F) {
	randomSeeds(f, 500, func(data []byte) { f.Add(data) })
	plan, tracker := planType(f), trackerType(f)
	f.Fuzz(func(t *testing.T, data []byte) { applyRandomly(t, plan, tracker, data) })
}

func applyRandomly(t *testing.T, plan, tracker *document.Type, data []byte) {
	d := &dice{data: data}
	var doc *document.Document
	switch d.n(4) {
	case 0:
		doc = mustParse(t, plan, smallPlan(strings.Repeat(pick(d, "Planned ", "Complete ", "Implementing "), 6)))
	case 1:
		doc = mustParse(t, tracker, randomText(d, tracker.Descriptor()))
	default:
		typ := randomType(t, d)
		doc = mustParse(t, typ, randomText(d, typ.Descriptor()))
	}
	type snapshot struct {
		doc  *document.Document
		text string
	}
	snapshots := []snapshot{{doc, string(doc.AppendJSON(nil))}}
	for range 6 {
		group := newChanger(d, doc).group()
		to, applied, err := doc.Apply(group...)
		if err != nil {
			if to != nil || applied.Updates != 0 {
				t.Errorf("refused, and yet %v, %+v", to, applied)
			}
			checkErrors(t, err)
			continue
		}
		checkAccepted(t, doc, to, applied, group)
		doc = to
		snapshots = append(snapshots, snapshot{doc, string(doc.AppendJSON(nil))})
	}
	for i, s := range snapshots {
		if diff := cmp.Diff(s.text, string(s.doc.AppendJSON(nil))); diff != "" {
			t.Errorf("snapshot %d has changed:\n%s", i, diff)
		}
	}
}

// checkErrors checks that a refusal is made of the errors that Apply promises.
func checkErrors(t *testing.T, err error) {
	t.Helper()
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			checkErrors(t, e)
		}
		return
	}
	var missing *document.NotFoundError
	var refusal *document.ChangeError
	var transition *statemachine.TransitionError
	switch {
	case errors.As(err, &missing):
	case errors.As(err, &transition):
		if transition.Item == "" || transition.Err == nil {
			t.Errorf("no item or cause in %#v", transition)
		}
	case errors.As(err, &refusal):
		for _, p := range refusal.Problems {
			if p.Message == "" || p.Rule == "" || p.Severity != document.Refusal || p.Line != 0 {
				t.Errorf("%#v is not a problem of a change", p)
			}
		}
		if len(refusal.Problems) == 0 {
			t.Error("a refusal without problems")
		}
	default:
		t.Errorf("unexpected %T: %v", err, err)
	}
	if err.Error() == "" {
		t.Errorf("%T says nothing", err)
	}
}

func checkAccepted(t *testing.T, from, to *document.Document, applied document.Applied, group []document.Change) {
	t.Helper()
	if (applied.Updates == 0) != (from == to) || applied.Updates > len(group) {
		t.Errorf("%d updates of %d changes, the same document: %v", applied.Updates, len(group), from == to)
	}
	checkCounts(t, to)
	for _, p := range to.Validate() {
		if p.Severity != document.Warning {
			t.Errorf("Validate says %v", p)
		}
	}
	for it := range to.All() {
		readEverything(it)
	}
	if read, err := to.Type().Parse(to.AppendJSON(nil)); err != nil || document.Diff(to, read) != nil {
		t.Errorf("the next program reads: %v, %+v", err, document.Diff(to, read))
	}
	data, err := to.Type().MarshalChanges([][]document.Change{group})
	if err != nil {
		t.Fatalf("MarshalChanges: %v", err)
	}
	again, err := to.Type().UnmarshalChanges(data)
	if err != nil {
		t.Fatalf("UnmarshalChanges: %v", err)
	}
	if once, _, err := from.Apply(again[0]...); err != nil || document.Diff(to, once) != nil {
		t.Errorf("after Marshal and Unmarshal: %v, %+v", err, document.Diff(to, once))
	}
	if same, _, err := from.Apply(document.Changes(from, to)...); err == nil {
		for _, d := range document.Diff(same, to) {
			if it, ok := to.Find(d.ID); !ok || d.Kind != document.ItemChanged || d.Fields != nil || d.Moved || to.Type().Descriptor().Levels[it.Level()].Rollup == nil {
				t.Errorf("Changes leads elsewhere: %+v", d)
			}
		}
	} else {
		checkErrors(t, err) // a forced status, or one that the guards refuse by now
	}
	checkUnknownMembers(t, from, to, group)
	checkOneByOne(t, from, to, group)
}

// checkOneByOne checks that a group leads where its changes lead one by one,
// where there are no rollups, which look at the end of a group, and no
// references to nothing that an item may come to have the id of on the way.
func checkOneByOne(t *testing.T, from, to *document.Document, group []document.Change) {
	t.Helper()
	for _, l := range from.Type().Descriptor().Levels {
		if l.Rollup != nil {
			return
		}
	}
	for d := range from.Dangling() {
		if d.Target.Text() != "nothing" {
			return
		}
	}
	at := from
	for _, c := range group {
		next, _, err := at.Apply(c)
		if err != nil {
			return // a guard that looks at the end of the group
		}
		at = next
	}
	if diff := document.Diff(at, to); diff != nil {
		t.Errorf("one by one the changes lead elsewhere: %+v", diff)
	}
}

// checkUnknownMembers checks that members that nobody knows are still there.
func checkUnknownMembers(t *testing.T, from, to *document.Document, group []document.Change) {
	t.Helper()
	for _, c := range group {
		if c.Op == document.OpRemove || c.Op == document.OpMove || c.Op == document.OpAdd && c.ID.Text() == "" {
			return // an id may be that of another item now
		}
	}
	before, after := unknownMembers(t, from), unknownMembers(t, to)
	for id := range after {
		if _, ok := before[id]; !ok {
			delete(after, id)
		}
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("members that nobody knows (-before +after):\n%s", diff)
	}
}

// unknownMembers returns the members that the format does not know, by id.
func unknownMembers(t *testing.T, d *document.Document) map[string]map[string]any {
	t.Helper()
	plain, err := decodedDocument(d.Type(), d.AppendJSON(nil))
	if err != nil {
		t.Fatal(err)
	}
	tops := plainTops(d, plain)
	out := map[string]map[string]any{}
	i := 0
	for it := range d.Items(0) {
		collectUnknown(it, tops[i], out)
		i++
	}
	return out
}

func collectUnknown(it document.Item, plain map[string]any, out map[string]map[string]any) {
	level := it.Document().Type().Descriptor().Levels[it.Level()]
	id, status, children := ways(level)
	list := plainList(plain, children)
	i := 0
	for child := range it.Children() {
		collectUnknown(child, list[i].(map[string]any), out)
		i++
	}
	for _, path := range [][]string{id, status, children} {
		deleteAt(plain, path)
	}
	for _, f := range level.Fields {
		delete(plain, f.Key)
	}
	out[it.ID().String()] = plain
}

// ways returns the paths to the id, the status and the children of a level.
func ways(l format.LevelDescriptor) (id, status, children []string) {
	way := func(within []string, key string) []string { return append(slices.Clone(within), key) }
	return way(l.ID.Within, or(l.ID.Key, "id")), way(l.StatusWithin, or(l.StatusKey, "status")), way(l.ChildrenWithin, l.Children)
}

// deleteAt takes away what is at a path, and the objects on the way that hold
// nothing else.
func deleteAt(object map[string]any, path []string) {
	if len(path) > 1 {
		inner, _ := object[path[0]].(map[string]any)
		if deleteAt(inner, path[1:]); len(inner) > 0 {
			return
		}
	}
	delete(object, path[0])
}
