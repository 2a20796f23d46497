package document_test

import (
	"math"
	"runtime"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// largePlan is a document of 100,000 subtasks, ten to a task or all in one.
func largePlan(t *testing.T, wide bool) *document.Document {
	t.Helper()
	text := samplePlan(100, 10, 10, 10)
	if wide {
		text = samplePlan(1, 1, 1, 100_000)
	}
	d, err := planType(t).ParseOwned(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAllocationsOfAnUpdate(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates too")
	}
	const runs = 1000
	for name, test := range map[string]struct {
		text        []byte
		allocations float64 // the version, and the nodes on the way to a status
		bytes       float64
	}{
		"1,000 items":         {samplePlan(1, 10, 10, 10), 3, 624}, // its top node is part of the version
		"ten to a task":       {samplePlan(100, 10, 10, 10), 4, 640},
		"100,000 in one task": {samplePlan(1, 1, 1, 100_000), 4, 640},
	} {
		t.Run(name, func(t *testing.T) {
			d := mustParse(t, planType(t), string(test.text))
			var leaves []document.ID
			for it := range d.Items(3) {
				if len(leaves) < min(runs, d.Len(3)) {
					leaves = append(leaves, it.ID())
				}
			}
			n := 0
			update := func() {
				next, _, err := d.Apply(document.Set(leaves[n%runs], researching))
				if err != nil {
					t.Fatal(err)
				}
				d = next
				n++
			}
			update() // fill the pool of machines
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for range runs - 1 {
				update()
			}
			runtime.ReadMemStats(&after)
			allocations := float64(after.Mallocs-before.Mallocs) / (runs - 1)
			bytes := float64(after.TotalAlloc-before.TotalAlloc) / (runs - 1)
			t.Logf("%.2f allocations, %.0f bytes", allocations, bytes)
			if math.Round(allocations) != test.allocations || bytes > test.bytes+8 {
				t.Errorf("an update makes %.2f allocations of %.0f bytes, want %.0f of %.0f", allocations, bytes, test.allocations, test.bytes)
			}
		})
	}
}

func TestReadingDoesNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates too")
	}
	d := largePlan(t, false)
	leaf := id("P100.M10.T10.S10")
	points := 0.0
	for name, f := range map[string]func(){
		"finding": func() {
			if _, ok := d.Find(leaf); !ok {
				t.Error("not found")
			}
		},
		"reading fields": func() {
			it, _ := d.Find(leaf)
			title, _ := it.Text(titleField)
			n, _ := it.Float(storyPointsField)
			points += n + float64(len(title))
		},
		"counting": func() {
			points += float64(d.Count(3, planned) + d.Progress(3).Todo + d.Len(3))
		},
	} {
		if n := testing.AllocsPerRun(100, f); n > 0 {
			t.Errorf("%s makes %v allocations", name, n)
		}
	}
	// A walk allocates for itself, not for each of 100,000 items.
	for name, f := range map[string]func(){
		"all items": func() {
			for it := range d.All() {
				points += float64(it.Status())
			}
		},
		"one level": func() {
			for it := range d.Items(3) {
				title, _ := it.Text(titleField)
				points += float64(len(title))
			}
		},
		"by category": func() {
			for it := range d.ItemsIn(3, format.CategorySet(format.Todo)) {
				points += float64(it.Level())
			}
		},
		"children": func() {
			for it := range d.Items(2) {
				for child := range it.Children() {
					points += float64(child.Status())
				}
			}
		},
	} {
		most := 5.0
		if name == "children" {
			most = 5 * float64(d.Len(2))
		}
		if n := testing.AllocsPerRun(2, f); n > most {
			t.Errorf("walking %s makes %v allocations", name, n)
		}
	}
}
