package document_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// naive answers queries by looking at everything.
type naive struct {
	doc   *document.Document
	items []document.Item
	waits [][]document.ID // what each item waits for, as it resolves
	index map[document.ID]int
}

func newNaive(d *document.Document) *naive {
	n := &naive{doc: d, index: map[document.ID]int{}}
	for it := range d.All() {
		n.index[it.ID()] = len(n.items)
		n.items = append(n.items, it)
		n.waits = append(n.waits, n.dependencies(it))
	}
	for id := range n.index {
		if _, ok := d.Find(id); !ok { // items share it, or what is above it
			delete(n.index, id)
		}
	}
	return n
}

// dependencies are those of the field that a guard names, or of the first list
// of references.
func (n *naive) dependencies(it document.Item) []document.ID {
	level := n.doc.Type().Descriptor().Levels[it.Level()]
	var references format.References
	if f := slices.IndexFunc(level.Fields, func(f format.FieldDescriptor) bool { return f.Kind == format.ReferenceField && f.List }); f >= 0 {
		references.Fields = []int{f}
	}
	for _, g := range slices.Backward(level.Guards) {
		if g.Kind == format.DependenciesIn {
			references = g.References
		}
	}
	if level.Dependencies != nil {
		references = *level.Dependencies
	}
	if references.Fields == nil {
		return nil
	}
	return plainReferences(it, references)
}

func (n *naive) settled(id document.ID) bool {
	i, ok := n.index[id]
	return ok && (n.statusless(n.items[i].Level()) || doneOrDropped.Has(n.items[i].Category()))
}

func (n *naive) statusless(l document.Level) bool {
	return n.doc.Type().Descriptor().Levels[l].NoStatus
}

// names are the ids of items as text, in the order given.
func names[T any](seq func(func(T) bool), of func(T) document.ID) []string {
	out := []string{}
	for v := range seq {
		out = append(out, of(v).String())
	}
	return out
}

func itemID(it document.Item) document.ID { return it.ID() }

func TestQueriesAgainstRecomputation(t *testing.T) {
	plan, tracker := planType(t), trackerType(t)
	for seed := range 400 {
		d := &dice{data: randomBytes(uint64(seed), 400+seed*37%4000)}
		var doc *document.Document
		switch seed % 3 {
		case 0:
			doc = mustParse(t, plan, string(samplePlan(2, 2, 2, 2)))
		case 1:
			doc = mustParse(t, tracker, randomText(d, tracker.Descriptor()))
		default:
			typ := mustType(t, named(randomDescriptor(d)))
			doc = mustParse(t, typ, randomText(d, typ.Descriptor()))
		}
		for range 8 {
			if to, _, err := doc.Apply(newChanger(d, doc).change()); err == nil {
				doc = to
			}
		}
		if sharesIDs(doc) {
			continue // what a plain index cannot tell apart
		}
		checkQueries(t, newNaive(doc))
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, doc.AppendJSON(nil))
		}
	}
}

func checkQueries(t *testing.T, n *naive) {
	t.Helper()
	same := func(what string, want, got any) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	open := []string{}
	for i, it := range n.items {
		blockers, dependencies, dependents := []string{}, []string{}, []string{}
		for _, id := range n.waits[i] {
			if !n.settled(id) {
				blockers = append(blockers, id.String())
			}
			if _, ok := n.index[id]; ok {
				dependencies = append(dependencies, id.String())
			}
		}
		for j, other := range n.items {
			if _, named := n.index[it.ID()]; named && slices.Contains(n.waits[j], it.ID()) {
				dependents = append(dependents, other.ID().String())
			}
		}
		same("blockers of "+it.String(), blockers, names(it.Blockers(), func(id document.ID) document.ID { return id }))
		same("dependencies of "+it.String(), dependencies, names(it.Dependencies(), itemID))
		got := names(it.Dependents(), itemID)
		slices.Sort(got)
		slices.Sort(dependents)
		same("dependents of "+it.String(), dependents, got)
		same("progress of "+it.String(), n.progress(it), it.Progress())
		if it.Category() == format.Done && slices.ContainsFunc(slices.Collect(it.Children()), func(c document.Item) bool { return !n.settled(c.ID()) }) {
			open = append(open, it.ID().String())
		}
	}
	got := names(n.doc.OpenUnderDone(), itemID)
	slices.Sort(got)
	slices.Sort(open)
	same("done over open children", open, got)
	n.checkCycles(t)
	n.checkDangling(t)
	for l := range n.doc.Type().Descriptor().Levels {
		n.checkLevel(t, document.Level(l))
	}
}

func (n *naive) progress(it document.Item) document.Progress {
	var p document.Progress
	lowest := 0
	for l, level := range n.doc.Type().Descriptor().Levels {
		if !level.NoStatus {
			lowest = l
		}
	}
	if int(it.Level()) > lowest {
		return p
	}
	if int(it.Level()) < lowest {
		for child := range it.Children() {
			c := n.progress(child)
			p.Items, p.Todo, p.Active = p.Items+c.Items, p.Todo+c.Todo, p.Active+c.Active
			p.Done, p.Failed, p.Dropped = p.Done+c.Done, p.Failed+c.Failed, p.Dropped+c.Dropped
		}
		return p
	}
	return progressOf(it.Category())
}

func progressOf(c format.Category) document.Progress {
	p := document.Progress{Items: 1}
	*map[format.Category]*int{format.Todo: &p.Todo, format.Active: &p.Active, format.Done: &p.Done, format.Failed: &p.Failed, format.Dropped: &p.Dropped}[c] = 1
	return p
}

// checkCycles looks who reaches whom: there is one way round for each set of
// items that reach each other.
func (n *naive) checkCycles(t *testing.T) {
	t.Helper()
	reaches := make([]map[int]bool, len(n.items))
	for i := range n.items {
		reaches[i] = map[int]bool{}
		for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
			for _, id := range n.waits[queue[0]] {
				if j, ok := n.index[id]; ok && !reaches[i][j] {
					reaches[i][j] = true
					queue = append(queue, j)
				}
			}
		}
	}
	round := map[int]bool{}
	for _, cycle := range n.doc.Cycles() {
		for i, id := range cycle {
			if next := cycle[(i+1)%len(cycle)]; !slices.Contains(n.waits[n.index[id]], next) {
				t.Errorf("cycle %v: %v does not wait for %v", cycle, id, next)
			}
		}
		first := n.index[cycle[0]]
		if round[first] {
			t.Errorf("cycle %v: its items are in another one", cycle)
		}
		for j := range n.items {
			if reaches[first][j] && reaches[j][first] {
				round[j] = true
			}
		}
	}
	for i, it := range n.items {
		if reaches[i][i] != round[i] {
			t.Errorf("%s waits for itself: %v, and is with a cycle: %v", it, reaches[i][i], round[i])
		}
	}
}

func (n *naive) checkDangling(t *testing.T) {
	t.Helper()
	want := map[string]int{}
	for _, it := range n.items {
		for f, field := range n.doc.Type().Descriptor().Levels[it.Level()].Fields {
			of := n.doc.Type().Descriptor()
			for _, r := range referencesIn(&of, field, []int{f}) {
				r.Where = nil
				for _, id := range plainReferences(it, r) {
					if _, ok := n.index[id]; !ok {
						want[it.ID().String()+" "+field.Key+" "+id.String()]++
					}
				}
			}
		}
	}
	got := map[string]int{}
	for d := range n.doc.Dangling() {
		key := n.doc.Type().Descriptor().Levels[d.Item.Level()].Fields[d.Field].Key
		got[d.Item.ID().String()+" "+key+" "+d.Target.String()]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dangling references (-want +got):\n%s", diff)
	}
}

func (n *naive) checkLevel(t *testing.T, l document.Level) {
	t.Helper()
	var p document.Progress
	for _, it := range n.items {
		if it.Level() == l && !n.statusless(l) {
			c := progressOf(it.Category())
			p.Items, p.Todo, p.Active = p.Items+1, p.Todo+c.Todo, p.Active+c.Active
			p.Done, p.Failed, p.Dropped = p.Done+c.Done, p.Failed+c.Failed, p.Dropped+c.Dropped
		}
	}
	if got := n.doc.Progress(l); got != p {
		t.Errorf("progress of level %d: %+v, want %+v", l, got, p)
	}
	if percent := p.Percent(); percent < 0 || percent > 100 {
		t.Errorf("%v percent of %+v", percent, p)
	}
	for s := range len(n.doc.Type().Descriptor().Statuses) + 1 {
		want := []string{}
		for it := range n.doc.Items(l) {
			if it.Status() == document.Status(s) {
				want = append(want, it.ID().String())
			}
		}
		if diff := cmp.Diff(want, names(n.doc.ItemsWith(l, document.Status(s)), itemID)); diff != "" {
			t.Errorf("items of level %d with status %d (-want +got):\n%s", l, s, diff)
		}
	}
	for set := range format.Categories(1 << 6) {
		want := []string{}
		for it := range n.doc.Items(l) {
			if it.Category() != 0 && set.Has(it.Category()) {
				want = append(want, it.ID().String())
			}
		}
		if diff := cmp.Diff(want, names(n.doc.ItemsIn(l, set), itemID)); diff != "" {
			t.Errorf("items of level %d in %b (-want +got):\n%s", l, set, diff)
		}
	}
}

func TestCyclesAreShort(t *testing.T) {
	d := mustParse(t, trackerType(t), `[{"id":1,"title":"a","status":"done","dependencies":[2]},{"id":2,"title":"a","status":"done","dependencies":[3,1]},{"id":3,"title":"a","status":"done","dependencies":[4]},{"id":4,"title":"a","status":"done","dependencies":[1]},{"id":5,"title":"a","status":"done","dependencies":[5,1]},{"id":6,"title":"a","status":"done","dependencies":[5]}]`)
	var got [][]string
	for _, c := range d.Cycles() {
		var ids []string
		for _, id := range c {
			ids = append(ids, id.Text())
		}
		got = append(got, ids)
	}
	if diff := cmp.Diff([][]string{{"1", "2"}, {"5"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := []string{
		"1:53 /0/dependencies 1 dependencies go round: 1 → 2 → 1 [dependency-cycle]",
		"1:279 /4/dependencies 5 dependencies go round: 5 → 5 [dependency-cycle]",
	}
	if diff := cmp.Diff(want, written(d.Validate())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestIterationsCanBeLeft(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(2, 2, 2, 2)))
	it, _ := d.Find(id("P1"))
	for name, seq := range map[string]func(func(document.Item) bool){
		"All": d.All(), "Items": d.Items(3), "ItemsIn": d.ItemsIn(3, format.CategorySet(format.Todo)), "ItemsWith": d.ItemsWith(3, planned),
		"NextExecutable": d.NextExecutable(), "Children": it.Children(), "Dependents": it.Dependents(),
	} {
		n := 0
		for range seq {
			n++
			break
		}
		if n > 1 {
			t.Errorf("%s goes on", name)
		}
	}
}
