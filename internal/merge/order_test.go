package merge_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/merge"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestMergeOfOrder begins with a plan of one story with four tasks.
func TestMergeOfOrder(t *testing.T) {
	const story = "E1.S1"
	task := func(n int) string { return fmt.Sprint(story, ".T", n) }
	first, last := document.First(), document.Last()
	before := func(n int) document.Place { return document.Before(id(task(n))) }
	after := func(n int) document.Place { return document.After(id(task(n))) }
	const movedToo = "another writer has moved it, too"
	tests := []struct {
		name   string
		theirs group
		groups []group
		want   []string
		order  []int // of the tasks in what comes out
	}{
		{"nobody else", nil, []group{{move(task(4), story, first)}}, []string{applied}, []int{4, 1, 2, 3}},
		{"both move another", group{move(task(1), story, last)}, []group{{move(task(3), story, first)}}, []string{applied}, []int{3, 2, 4, 1}},
		{"both move one elsewhere", group{move(task(2), story, last)}, []group{{move(task(2), story, first)}}, []string{task(2) + ": " + movedToo}, []int{1, 3, 4, 2}},
		{"both move one alike", group{move(task(4), story, first)}, []group{{move(task(4), story, before(1))}}, []string{nothing}, []int{4, 1, 2, 3}},
		{"they move the sibling", group{move(task(1), story, last)}, []group{{move(task(3), story, before(1))}}, []string{applied}, []int{2, 4, 3, 1}},
		{"they move it with its neighbour", group{move(task(1), story, last), move(task(2), story, last)}, []group{{move(task(2), story, before(4))}},
			[]string{task(2) + ": " + movedToo}, []int{3, 4, 1, 2}},
		{"it has changed places with its neighbour", group{move(task(1), story, after(2))}, []group{{move(task(2), story, last)}},
			[]string{task(2) + ": " + movedToo}, []int{2, 1, 3, 4}},
		{"both move to the front", group{move(task(4), story, first)}, []group{{move(task(3), story, first)}}, []string{applied}, []int{3, 4, 1, 2}},
		{"they add on both sides of it", group{addBefore(task(2), story, task(5)), addBefore(task(3), story, task(6))}, []group{{move(task(2), story, last)}},
			[]string{applied}, []int{1, 5, 6, 3, 4, 2}},
		{"they remove both its neighbours", group{remove(task(1)), remove(task(3))}, []group{{move(task(2), story, last)}}, []string{applied}, []int{4, 2}},
		{"they add beside it", group{addBefore(task(3), story, task(5))}, []group{{move(task(3), story, first)}}, []string{applied}, []int{3, 1, 2, 5, 4}},
		{"they remove the sibling", group{remove(task(1))}, []group{{move(task(3), story, before(1))}, {title(task(4), "x")}},
			[]string{task(3) + ": it cannot go before " + task(1) + ": there is no such item [place]", applied}, []int{2, 3, 4}},
		{"they remove the sibling of what is new", group{remove(task(1))}, []group{{addBefore(task(1), story, task(5))}, {title(task(5), "x")}},
			[]string{task(5) + ": it cannot go before " + task(1) + ": there is no such item [place]", task(5) + ": " + notThere}, []int{2, 3, 4}},
		{"the sibling is one of theirs", group{add(story, task(5), "theirs")}, []group{{add(story, task(5), "ours")}, {move(task(1), story, after(5))}},
			[]string{task(5) + ": the id \"" + task(5) + "\" is taken [duplicate-id]",
				task(1) + ": the item that it was to stand beside, " + task(5) + ", is not there: another writer has given this id to one of theirs, or it could not be added"}, []int{1, 2, 3, 4, 5}},
		{"they remove what we move", group{remove(task(2))}, []group{{move(task(2), story, first)}}, []string{"no item has the id \"" + task(2) + "\""}, []int{1, 3, 4}},
		{"our second stands on our first", nil, []group{{move(task(4), story, first)}, {move(task(4), story, after(2))}}, []string{applied, applied}, []int{1, 2, 4, 3}},
	}
	base := plantest.Parse(plantest.Text(1, 1, 4)).Document
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ours := base
			for _, g := range test.groups {
				ours = changed(t, ours, g...)
			}
			merged, outcomes := merge.Merge(merge.Input{
				Stored: changed(t, base, test.theirs...), Ours: ours, Groups: test.groups, Known: []merge.Known{{Version: merge.Whole(base)}},
			})
			wantOutcomes(t, outcomes, test.want)
			wantOrder(t, merged, story, test.order)
		})
	}
}

func wantOrder(t *testing.T, d *document.Document, parent string, want []int) {
	t.Helper()
	above, _ := d.Find(id(parent))
	var got []int
	for it := range above.Children() {
		got = append(got, int(d.Type().IDNumber(it.ID())))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the order (-want +got):\n%s", diff)
	}
}

// TestMergeOfMovesThatMayBeStored: our groups were saved, perhaps, and another
// writer has gone on from there or from what was stored before.
func TestMergeOfMovesThatMayBeStored(t *testing.T) {
	const story = "E1.S1"
	task := func(n int) string { return fmt.Sprint(story, ".T", n) }
	to := func(n int, at document.Place) document.Change { return move(task(n), story, at) }
	first, last := document.First(), document.Last()
	before := func(n int) document.Place { return document.Before(id(task(n))) }
	after := func(n int) document.Place { return document.After(id(task(n))) }
	blockOfTwo := []group{{to(1, last)}, {to(2, last)}}
	blockOfThree := []group{{to(1, last)}, {to(2, last)}, {to(3, last)}}
	theirTitle := title("E1", "theirs")
	const movedToo = ": another writer has moved it, too"
	tests := []struct {
		name   string
		groups []group
		saved  bool // they have gone on from ours
		theirs group
		want   []string
		order  []int
	}{
		{"it is there", []group{{to(3, first)}}, true, group{theirTitle}, []string{contained}, []int{3, 1, 2, 4, 5}},
		{"it is not there", []group{{to(3, first)}}, false, group{theirTitle}, []string{applied}, []int{3, 1, 2, 4, 5}},
		{"it was there, and they have gone on", []group{{to(3, first)}}, true, group{to(3, last)}, []string{task(3) + movedToo}, []int{1, 2, 4, 5, 3}},
		{"two are there", blockOfTwo, true, group{theirTitle}, []string{contained, contained}, []int{3, 4, 5, 1, 2}},
		{"two are not there", blockOfTwo, false, group{theirTitle}, []string{applied, applied}, []int{3, 4, 5, 1, 2}},
		{"three are there", blockOfThree, true, group{theirTitle}, []string{contained, contained, contained}, []int{4, 5, 1, 2, 3}},
		{"three are not there", blockOfThree, false, group{theirTitle}, []string{applied, applied, applied}, []int{4, 5, 1, 2, 3}},
		{"three are there, and one has moved on", blockOfThree, true, group{to(1, first)}, []string{task(1) + movedToo, contained, contained}, []int{1, 4, 5, 2, 3}},
		{"they have moved another", []group{{to(3, first)}}, true, group{to(2, last)}, []string{contained}, []int{3, 1, 4, 5, 2}},
		{"they have added and removed", blockOfTwo, true, group{addBefore(task(2), story, task(6)), remove(task(4)), remove(task(5))}, []string{contained, contained}, []int{3, 1, 6, 2}},
		{"a new one that was moved is there", []group{{add(story, task(6), "ours")}, {to(6, first)}, {to(5, first)}}, true, group{to(2, last)},
			[]string{contained, contained, contained}, []int{5, 6, 1, 3, 4, 2}},
		{"there and back", []group{{to(1, last)}, {to(1, first)}}, false, group{theirTitle}, []string{applied, applied}, []int{1, 2, 3, 4, 5}},
		{"a later one stands on one that is applied again", []group{{to(1, last), title("E1", "ours")}, {to(1, after(2))}}, true, group{field("E1", "title", `"Title of E1"`)},
			[]string{applied, applied}, []int{2, 1, 3, 4, 5}},
		{"another of the list stands on one that is applied again", []group{{to(1, last), title("E1", "ours")}, {to(2, after(1))}}, true, group{field("E1", "title", `"Title of E1"`)},
			[]string{applied, applied}, []int{3, 4, 5, 1, 2}},
		{"they move one of two that they do not have", []group{{to(1, before(4))}, {to(2, before(4))}}, false, group{to(2, last)}, []string{applied, task(2) + movedToo}, []int{3, 1, 4, 5, 2}},
	}
	base := plantest.Parse(plantest.Text(1, 1, 5)).Document
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ours := base
			for _, g := range test.groups {
				ours = changed(t, ours, g...)
			}
			from := base
			if test.saved {
				from = ours
			}
			known := []merge.Known{{Version: merge.Whole(base)}, {Groups: len(test.groups), Version: merge.Whole(ours)}}
			merged, outcomes := merge.Merge(merge.Input{Stored: changed(t, from, test.theirs...), Ours: ours, Groups: test.groups, Known: known})
			wantOutcomes(t, outcomes, test.want)
			wantOrder(t, merged, story, test.order)
		})
	}
}

// TestMergeOfRandomMovesOverCheckpoints has random moves in groups, of which any
// number may be stored, and several versions that may be what is stored. Whichever
// it is, the same order comes out, and nothing is left out.
func TestMergeOfRandomMovesOverCheckpoints(t *testing.T) {
	const story = "E1.S1"
	rapid.Check(t, func(rt *rapid.T) {
		tasks := rapid.IntRange(2, 7).Draw(rt, "tasks")
		task := rapid.Custom(func(rt *rapid.T) string {
			return fmt.Sprint(story, ".T", rapid.IntRange(1, tasks).Draw(rt, "task"))
		})
		drawn := rapid.Custom(func(rt *rapid.T) document.Change {
			moved, beside := task.Draw(rt, "moved"), id(task.Draw(rt, "beside"))
			return move(moved, story, rapid.SampledFrom([]document.Place{
				document.First(), document.Last(), document.Before(beside), document.After(beside),
			}).Draw(rt, "place"))
		})
		versions := []*document.Document{plantest.Parse(plantest.Text(1, 1, tasks)).Document}
		var groups []group
		for _, c := range rapid.SliceOfN(drawn, 1, 8).Draw(rt, "moves") {
			if next, _, err := versions[len(groups)].Apply(c); err == nil && next != versions[len(groups)] {
				groups, versions = append(groups, group{c}), append(versions, next)
			}
		}
		ours := versions[len(groups)]
		checkpoint := rapid.IntRange(0, len(groups)).Draw(rt, "checkpoint")
		var known []merge.Known
		for _, n := range []int{0, checkpoint, len(groups)} {
			known = append(known, merge.Known{Groups: n, Version: merge.Whole(versions[n])})
		}
		saved := rapid.SampledFrom([]int{0, checkpoint, len(groups)}).Draw(rt, "saved")
		merged, outcomes := merge.Merge(merge.Input{
			Stored: changed(t, versions[saved], title("E1", "theirs")), Ours: ours, Groups: groups, Known: known,
		})
		for i, o := range outcomes {
			if o.Err != nil {
				rt.Errorf("%v is left out: %v", groups[i], o.Err)
			}
		}
		if diff := cmp.Diff(string(changed(t, ours, title("E1", "theirs")).AppendJSON(nil)), string(merged.AppendJSON(nil))); diff != "" {
			rt.Errorf("%v, of which %d are stored (-want +got):\n%s", groups, saved, diff)
		}
	})
}

// TestMergeOfMovesCostsWhatTheMovesCost: looking whether another writer has moved an
// item costs no further rebuild of the document.
func TestMergeOfMovesCostsWhatTheMovesCost(t *testing.T) {
	const tasks, moves = 2000, 20
	base := plantest.Parse(plantest.Text(1, 1, tasks)).Document
	var groups []group
	for n := range moves {
		groups = append(groups, group{move(fmt.Sprint("E1.S1.T", 2*n+1), "E1.S1", document.Last())})
	}
	var ours *document.Document
	direct := allocated(func() {
		ours = base
		for _, g := range groups {
			ours = changed(t, ours, g...)
		}
	})
	stored := changed(t, base, title("E1", "theirs"))
	merging := allocated(func() {
		merge.Merge(merge.Input{Stored: stored, Ours: ours, Groups: groups, Known: []merge.Known{{Version: merge.Whole(base)}}})
	})
	if merging > direct*3/2 {
		t.Errorf("%d bytes allocated, the moves alone take %d", merging, direct)
	}
}

func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
