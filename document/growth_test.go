package document_test

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"testing"
	"weak"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// editing does what a Batcher's Edit does: what edit has applied goes through the
// gate once more.
func editing(t testing.TB, d *document.Document, edit func(*document.Document) (*document.Document, error)) *document.Document {
	t.Helper()
	changes, err := d.Track(edit)
	if err != nil {
		return d
	}
	to, _, err := d.Apply(changes...)
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// largeBoard is a document of 100,000 cards with local ids, ten to a list, and one
// list of as many.
func largeBoard(t testing.TB) *document.Document {
	t.Helper()
	typ := boardType(t, format.Root{Kind: format.RootGroups, Key: "boards"})
	cards := func(n int) string {
		return numbered(n, func(i int) string { return ",\n" + `{"id":` + strconv.Itoa(i+1) + `}` })[1:]
	}
	text := `{"g":{"boards":[{"id":1,"lists":[` + numbered(5_000, func(i int) string {
		return fmt.Sprintf(`,{"id":%d,"cards":[%s]}`, i+1, cards(10))
	})[1:] + `,{"id":"wide","cards":[` + cards(50_000) + `]},{"id":"none"}]}]},"v":1}`
	d, err := typ.ParseOwned([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func inG(text string) document.ID { return document.NewID("g", text) }

// smallCost is far more than what a test here may allocate, and what a few
// rebuilds of a large document need.
const smallCost = 400 << 20

// costs fails if f allocates much.
func costs(t *testing.T, f func()) {
	t.Helper()
	got := allocated(f)
	t.Logf("%d MB allocated", got>>20)
	if got > smallCost {
		t.Errorf("%d MB allocated, want at most %d", got>>20, smallCost>>20)
	}
}

// Additions that build on each other: to a board, or below one that is new as well.
func addToBoards(item, parent, text string, at document.Place) document.Change {
	return document.Change{Op: document.OpAdd, ID: inG(item), Edit: &document.Edit{Parent: inG(parent), Item: text, Place: at}}
}

func belowNew(i int) []document.Change {
	list := fmt.Sprint("1.p", i)
	return []document.Change{
		addToBoards(list, "1", fmt.Sprintf(`{"id":"p%d"}`, i), document.Place{}),
		addToBoards(list+".c", list, `{"id":"c"}`, document.First()),
	}
}

func belowNested(i int) []document.Change {
	board := fmt.Sprint("b", i)
	return []document.Change{
		addToBoards(board, "", fmt.Sprintf(`{"id":%q,"lists":[{"id":"l","cards":[{"id":"c"}]}]}`, board), document.Place{}),
		addToBoards(board+".l.d", board+".l", `{"id":"d"}`, document.Place{}),
		addToBoards(board+".l.e", board+".l", `{"id":"e"}`, document.Before(inG(board+".l.c"))),
	}
}

func TestSingleAdditionsAreAmortised(t *testing.T) {
	measures(t)
	plan, parent := largePlan(t, false), id("P5.M5.T5")
	board := largeBoard(t)
	const n = 1000
	tests := map[string]func(t *testing.T) *document.Document{
		"one by one": func(t *testing.T) *document.Document { return addSubtasks(t, plan, parent, n) },
		"one edit each": func(t *testing.T) *document.Document {
			d := plan
			for range n {
				d = editing(t, d, func(d *document.Document) (*document.Document, error) {
					return d.AddItem(newSubtask(d.Type(), "new"), parent)
				})
			}
			return d
		},
		"two in each edit": func(t *testing.T) *document.Document {
			d := plan
			for range n / 2 {
				d = editing(t, d, func(d *document.Document) (*document.Document, error) {
					return addSubtasks(t, d, parent, 2), nil
				})
			}
			return d
		},
		"an edit that fails beside each": func(t *testing.T) *document.Document {
			d := plan
			for range n {
				d = editing(t, d, func(d *document.Document) (*document.Document, error) {
					return addSubtasks(t, d, parent, 1), errors.New("something else is wrong")
				})
				d = editing(t, d, func(d *document.Document) (*document.Document, error) {
					return d.AddItem(newSubtask(d.Type(), "new"), parent)
				})
			}
			return d
		},
		"updates of nothing beside each": func(t *testing.T) *document.Document {
			d := plan
			for range n {
				d = addSubtasks(t, d, parent, 1)
				_, _, err := d.Apply(document.Set(id("P1.M1.T1.S999"), researching), document.Fire(id("no"), research))
				if missing := (*document.NotFoundError)(nil); !errors.As(err, &missing) {
					t.Fatal(err)
				}
			}
			return d
		},
		"refused additions beside each": func(t *testing.T) *document.Document {
			d := plan
			for range n {
				d = addSubtasks(t, d, parent, 1)
				if _, err := d.AddItem(newSubtask(d.Type(), ""), parent); err == nil {
					t.Fatal("accepted")
				}
				if _, err := d.AddItem(newSubtask(d.Type(), "new"), id("P5.M5.T50")); err == nil {
					t.Fatal("accepted")
				}
			}
			return d
		},
		"local ids, each asked for": func(t *testing.T) *document.Document {
			d := board
			for range n {
				for _, list := range []string{"1.1", "1.wide", "1.none"} {
					next, ok := d.NextID(inG(list))
					if !ok {
						t.Fatal("no next id")
					}
					var err error
					if d, err = d.AddItem(d.Type().NewItem(2, next), inG(list)); err != nil {
						t.Fatal(err)
					}
				}
			}
			return d
		},
	}
	for name, changes := range map[string]func(i int) []document.Change{
		"each first below a new one":            belowNew,
		"each below one in the text of another": belowNested,
	} {
		tests[name+", one by one"] = func(t *testing.T) *document.Document {
			d := board
			for i := range n {
				for _, c := range changes(i) {
					var err error
					if d, _, err = d.Apply(c); err != nil {
						t.Fatal(err)
					}
				}
			}
			return d
		}
		tests[name+", in a group with others"] = func(t *testing.T) *document.Document {
			var group []document.Change
			for i := range n {
				group = append(group, changes(i)...)
			}
			d, _, err := board.Apply(append(group, document.Remove(inG("1.none")))...)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			costs(t, func() {
				d := test(t)
				if got, before := d.Len(document.Level(len(d.Type().Descriptor().Levels)-1)), 100_000; got < before+n {
					t.Errorf("%d items", got)
				}
			})
		})
	}
}

func TestVersionsDoNotKeepEachOther(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(2, 2, 2, 2)))
	parent := id("P1.M1.T1")
	const n = 20
	var before *document.Document
	settled := make([]weak.Pointer[document.Document], n)
	for i := range n {
		before, d = d, addSubtasks(t, d, parent, 1)
		for _, version := range []*document.Document{before, d} { // a reader that lags behind, and one that does not
			it, ok := version.Find(parent)
			if !ok {
				t.Fatal("not found")
			}
			settled[i] = weak.Make(it.Document())
		}
	}
	before = nil
	runtime.GC()
	kept := 0
	for _, p := range settled {
		if p.Value() != nil {
			kept++
		}
	}
	if kept > 2 { // what d is made of, and d
		t.Errorf("%d of %d documents are kept", kept, n)
	}
	if d.Len(3) != 16+n {
		t.Errorf("%d subtasks", d.Len(3))
	}
	_ = before
}

func TestForkedAdditionsSeeTheirOwn(t *testing.T) {
	for name, base := range map[string]*document.Document{
		"path ids":  mustParse(t, planType(t), string(samplePlan(1, 1, 1, 1))),
		"local ids": mustParse(t, trackerType(t), `[{"id":"P1.M1.T1","title":"t","status":"pending","subtasks":[]}]`),
	} {
		t.Run(name, func(t *testing.T) {
			typ, parent := base.Type(), id("P1.M1.T1")
			leaf := document.Level(len(typ.Descriptor().Levels) - 1)
			grow := func(d *document.Document, n int) *document.Document {
				for range n {
					it := typ.NewItem(leaf, document.ID{}).With(0, document.TextValue("t"))
					if leaf == 3 {
						it = newSubtask(typ, "t")
					}
					var err error
					if d, err = d.AddItem(it, parent); err != nil {
						t.Fatal(err)
					}
				}
				return d
			}
			trunk := grow(base, 3)
			left, right := grow(trunk, 2), grow(trunk, 4)
			again := grow(trunk, 2)
			first := base.Len(leaf)
			var got []int
			for _, d := range []*document.Document{base, trunk, left, right, again} {
				got = append(got, d.Len(leaf)-first)
			}
			if diff := cmp.Diff([]int{0, 3, 5, 7, 5}, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(string(left.AppendJSON(nil)), string(again.AppendJSON(nil))); diff != "" {
				t.Error(diff)
			}
			late := grow(left, 1) // left is in a shape by now
			if _, err := typ.Parse(late.AppendJSON(nil)); err != nil || late.Len(leaf) != first+6 {
				t.Errorf("%d items, %v", late.Len(leaf)-first, err)
			}
			if got := len(document.Changes(trunk, left)); got != 2 {
				t.Errorf("%d changes lead from the trunk to the left", got)
			}
			for _, to := range []*document.Document{right, base, trunk} {
				d, _, err := left.Apply(document.Changes(left, to)...)
				if err != nil || d.Len(leaf) != to.Len(leaf) {
					t.Errorf("%d items after the changes to another version, want %d: %v", d.Len(leaf), to.Len(leaf), err)
				}
			}
		})
	}
}

func TestChangesCopyOnlyWhatIsNew(t *testing.T) {
	of := trackerDescriptor()
	of.Levels[1].ID = format.IDDescriptor{Kind: format.TextID}
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	task := func(id, subtasks string) string {
		return `{"id":"` + id + `","title":"t","status":"done","subtasks":[` + subtasks + `]}`
	}
	sub := func(id string) string { return `{"id":"` + id + `","title":"s","status":"done"}` }
	a := mustParse(t, typ, "["+task("P", sub("X")+","+sub("W"))+","+task("Q", "")+"]")
	b := mustParse(t, typ, "["+task("P", "")+","+task("Q", sub("Y")+","+sub("X"))+","+task("Z", sub("V")+","+sub("W"))+"]")
	to, _, err := a.Apply(document.Changes(a, b)...)
	if err != nil {
		t.Fatal(err)
	}
	if diff := document.Diff(to, b); len(diff) > 0 {
		t.Errorf("%+v in\n%s", diff, to.AppendJSON(nil))
	}
}

// What one group asks for must not cost a rebuild for each of its changes.
func TestLargeGroups(t *testing.T) {
	measures(t)
	const n = 10_000
	board := largeBoard(t)
	if _, ok := board.Find(inG("1.wide")); !ok {
		t.Fatal("no wide list")
	}
	group := func(change func(i int) []document.Change) []document.Change {
		var changes []document.Change
		for i := range n {
			changes = append(changes, change(i)...)
		}
		return changes
	}
	card := func(parent string, i int) document.Change {
		return document.Change{Op: document.OpAdd, ID: inG(fmt.Sprintf("%s.n%d", parent, i)),
			Edit: &document.Edit{Parent: inG(parent), Item: fmt.Sprintf(`{"id":"n%d"}`, i)}}
	}
	inGroup := func(group string, i int) document.Change {
		return document.Change{Op: document.OpAdd, ID: document.NewID(group, fmt.Sprint("b", i)),
			Edit: &document.Edit{Parent: document.NewID(group, ""), Item: fmt.Sprintf(`{"id":"b%d"}`, i)}}
	}
	for name, test := range map[string]struct {
		changes []document.Change
		refused bool
		added   int // items
	}{
		"additions to a new group":  {group(func(i int) []document.Change { return []document.Change{inGroup("new", i)} }), false, n},
		"additions to new groups":   {group(func(i int) []document.Change { return []document.Change{inGroup(fmt.Sprint("new", i), i)} }), false, n},
		"additions to what is none": {group(func(i int) []document.Change { return []document.Change{inGroup("v", i)} }), true, 0},
		"removals, each beside one of nothing": {group(func(i int) []document.Change {
			return []document.Change{document.Remove(inG(fmt.Sprint("1.wide.", i+1))), document.Remove(inG("no"))}
		}), true, 0},
		"additions, each beside one below nothing": {group(func(i int) []document.Change {
			return []document.Change{card("1.wide", i), card("1.no", i)}
		}), true, 0},
		"moves": {group(func(i int) []document.Change {
			return []document.Change{document.Move(inG(fmt.Sprintf("1.%d.%d", i%1000+1, i/1000+1)), inG("1.wide"))}
		}), false, 0},
		"moves, each beside one of nothing": {group(func(i int) []document.Change {
			return []document.Change{document.Move(inG(fmt.Sprintf("1.%d.%d", i%1000+1, i/1000+1)), inG("1.wide")), document.Move(inG("1.no"), inG("1.wide"))}
		}), true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			costs(t, func() {
				to, _, err := board.Apply(test.changes...)
				if (err != nil) != test.refused {
					t.Fatalf("%.200v", err)
				}
				if err != nil {
					return
				}
				items := 0
				for l := range document.Level(3) {
					items += to.Len(l) - board.Len(l)
				}
				if items != test.added {
					t.Errorf("%d items more, want %d", items, test.added)
				}
			})
		})
	}
	t.Run("changes that lead to additions", func(t *testing.T) {
		costs(t, func() {
			to, _, err := board.Apply(group(func(i int) []document.Change { return []document.Change{card("1.wide", i)} })...)
			if err != nil {
				t.Fatal(err)
			}
			to, _, err = to.Apply(group(func(i int) []document.Change {
				return []document.Change{document.Set(inG(fmt.Sprintf("1.wide.%d", i+1)), 2)}
			})...)
			if err != nil {
				t.Fatal(err)
			}
			if got := len(document.Changes(board, to)); got != 2*n {
				t.Errorf("%d changes", got)
			}
		})
	})
	t.Run("groups that are refused, one after the other", func(t *testing.T) {
		costs(t, func() {
			for i := range n {
				if _, _, err := board.Apply(inGroup("v", i)); err == nil {
					t.Fatal("accepted")
				}
				if _, ok := board.NextID(inG("1.wide")); !ok {
					t.Fatal("no next id")
				}
			}
		})
	})
}
