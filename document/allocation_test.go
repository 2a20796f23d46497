package document_test

import (
	"runtime"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
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
	const most, mostBytes, runs = 3, 450, 1000
	for name, wide := range map[string]bool{"ten to a task": false, "100,000 in one task": true} {
		t.Run(name, func(t *testing.T) {
			d := largePlan(t, wide)
			var leaves []document.ID
			for it := range d.Items(3) {
				if len(leaves) < runs {
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
			if allocations > most+0.5 || bytes > mostBytes {
				t.Errorf("an update makes %.2f allocations of %.0f bytes, want at most %d of %d", allocations, bytes, most, mostBytes)
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
			for it := range d.ItemsIn(3, document.CategorySet(document.Todo)) {
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
