package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

// TestQuickRun runs everything once on small samples.
func TestQuickRun(t *testing.T) {
	dir := t.TempDir()
	var printed strings.Builder
	if err := run(&printed, io.Discard, options{quick: true, out: dir, root: filepath.Join("..", "..")}); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "benchmarks.md"))
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != printed.String() {
		t.Error("what is printed is not what is written")
	}
	if strings.Contains(string(page), "Not measured.") {
		t.Error("a section of the page is empty")
	}
	for _, c := range keepers {
		if !strings.Contains(string(page), c.name) {
			t.Errorf("the page does not name %s", c.name)
		}
	}
	picture, err := os.Open(filepath.Join(dir, "benchmarks.svg"))
	if err != nil {
		t.Fatal(err)
	}
	defer picture.Close()
	want := (len(keepers)-4)*2 + 5 + 3 // update, lookup, both without duties; parse; flush
	if got := countElements(t, picture, "polyline"); got != want {
		t.Errorf("%d curves, want %d", got, want)
	}
}

// countElements reads well-formed XML and counts the elements of a name.
func countElements(t *testing.T, r io.Reader, name string) int {
	t.Helper()
	count := 0
	for d := xml.NewDecoder(r); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return count
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == name {
			count++
		}
	}
}

// TestTargetsAreMeasured finds targets that no full run would ever look at.
func TestTargetsAreMeasured(t *testing.T) {
	m := &meter{runs: 1, progress: io.Discard}
	dir := t.TempDir()
	for _, s := range quickSizes {
		if err := measureSize(m, dir, s, nil); err != nil {
			t.Fatal(err)
		}
	}
	sizes := []string{warm}
	for _, s := range fullSizes {
		sizes = append(sizes, s.name)
		if s.layouts {
			sizes = append(sizes, s.name+onOneLine, s.name+inRandomOrder)
		}
	}
	if err := measureStart(m, dir, filepath.Join("..", "..")); err != nil {
		t.Fatal(err)
	}
	for _, target := range slices.Concat(targets, bounds) {
		contender := target.peer
		if contender == "" {
			contender = ours
		}
		measured := slices.ContainsFunc(m.results, func(r result) bool { return r.what == target.what && r.contender == contender })
		if !measured && target.what != generateName {
			t.Errorf("%s of %s is never measured", target.what, contender)
		}
		for _, size := range target.sizes {
			if !slices.Contains(sizes, size) {
				t.Errorf("%s: there is no size %s", target.what, size)
			}
		}
	}
}

func TestTargetMet(t *testing.T) {
	at := func(ns float64) result { return result{unit: nanoseconds, runs: []float64{ns}} }
	for _, test := range []struct {
		name       string
		target     target
		ours, peer float64
		want       bool
	}{
		{"below the limit", target{figure: own, limit: 600}, 599, 0, true},
		{"above the limit", target{figure: own, limit: 600}, 601, 0, false},
		{"fast enough", target{figure: speedup, limit: 4, atLeast: true}, 10, 40, true},
		{"not fast enough", target{figure: speedup, limit: 4, atLeast: true}, 10, 39, false},
		{"not too slow", target{figure: slowdown, limit: 1.3}, 13, 10, true},
		{"too slow", target{figure: slowdown, limit: 1.3}, 14, 10, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.target.met(at(test.ours), at(test.peer)); got != test.want {
				t.Errorf("met is %v, want %v", got, test.want)
			}
		})
	}
}

// TestSample sees that the samples are what the page says, and that all
// contenders parse the same.
func TestSample(t *testing.T) {
	for _, size := range quickSizes {
		t.Run(size.name, func(t *testing.T) {
			s, err := newSample(t.TempDir(), size)
			if err != nil {
				t.Fatal(err)
			}
			text, err := s.text()
			if err != nil {
				t.Fatal(err)
			}
			b, err := backlog.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if problems := b.Validate(); len(problems) > 0 {
				t.Error(problems[0])
			}
			if got := b.Len(backlog.LevelSubtask); got != size.subtasks() {
				t.Errorf("%d subtasks, want %d", got, size.subtasks())
			}
			if each := int(s.bytes) / size.subtasks(); each < 480 || each > 570 {
				t.Errorf("%d bytes a subtask, want about 525", each)
			}
			p, err := s.plan()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(makePlan(size), p); diff != "" {
				t.Errorf("the file does not hold the plan (-want +got):\n%s", diff)
			}
		})
	}
}

func TestShuffleKeepsTheContent(t *testing.T) {
	text, err := json.Marshal(makePlan(quickSizes[0]))
	if err != nil {
		t.Fatal(err)
	}
	shuffled, err := shuffle(text)
	if err != nil {
		t.Fatal(err)
	}
	var want, got plan
	if err := errors.Join(json.Unmarshal(text, &want), json.Unmarshal(shuffled, &got)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the content has changed (-want +got):\n%s", diff)
	}
	if string(shuffled) == string(text) {
		t.Error("the order has not changed")
	}
}

// TestKeepersAgree sees that all contenders do the same work.
func TestKeepersAgree(t *testing.T) {
	s, err := newSample(t.TempDir(), quickSizes[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range keepers {
		t.Run(c.name, func(t *testing.T) {
			k, err := c.load(s)
			if err != nil {
				t.Fatal(err)
			}
			last := len(s.steps)/2 - 1 // the last to become implementing
			for step := range last + 1 {
				if err := k.update(step); err != nil {
					t.Fatal(err)
				}
			}
			if err := errors.Join(k.lookup(last), k.look(last)); err != nil {
				t.Error(err)
			}
			if got := statusIn(t, k, s.steps[last].id); got != implementing {
				t.Errorf("the status is %s, want %s", got, implementing)
			}
			s := s
			s.steps = []step{{"P9.M9.T9.S9", implementing}}
			if k, err = c.load(s); err != nil {
				t.Fatal(err)
			}
			if k.update(0) == nil || k.lookup(0) == nil {
				t.Error("an id that names nothing is accepted")
			}
		})
	}
}

func statusIn(t *testing.T, k keeper, id string) string {
	t.Helper()
	if locked, ok := k.(*lockedDutifulKeeper); ok {
		k = locked.dutifulKeeper
	}
	if dutiful, ok := k.(*dutifulKeeper); ok {
		k = dutiful.items
	}
	switch k := k.(type) {
	case *batcherKeeper:
		item, _ := k.batcher.Snapshot().Item(backlog.MustItemID(id))
		return item.Status().String()
	case *scanKeeper:
		for _, task := range k.plan.Backlog[0].Milestones[0].Tasks {
			if n := findByIndex(task.Subtasks, id); n >= 0 {
				return task.Subtasks[n].Status
			}
		}
	case *mapKeeper:
		item, _ := k.items.Get(id)
		return item.Status
	case *listKeeper:
		return k.items.Get(k.positions[id]).Status
	case *lockedKeeper:
		return k.items[id].Status
	}
	return ""
}

func TestFigures(t *testing.T) {
	for _, test := range []struct {
		name, got, want string
	}{
		{"nanoseconds", nanoseconds.format(412.4), "412 ns"},
		{"rounded up to the next unit", nanoseconds.format(999.6), "1 µs"},
		{"microseconds", nanoseconds.format(1234), "1.23 µs"},
		{"seconds", nanoseconds.format(1.9e9), "1.9 s"},
		{"many seconds", nanoseconds.format(1234e9), "1,234 s"},
		{"bytes", heapBytes.format(537), "537 B"},
		{"times", timesItsBytes.format(1.05), "1.05× its bytes"},
		{"nothing", number(0), "0"},
		{"faster", ratio(2345, nanoseconds), "2,345× faster"},
		{"slower", ratio(0.5, nanoseconds), "2× slower"},
		{"larger", ratio(0.8, heapBytes), "1.25× larger"},
		{"speed", result{runs: []float64{2e9}, processed: 1e9}.String(), "500 MB/s"},
		{"spread", result{runs: []float64{90, 100, 110}}.String(), "100 ns ± 10 %"},
		{"median of an even number", nanoseconds.format(median([]float64{4, 1, 2, 3})), "2.5 ns"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.got != test.want {
				t.Errorf("got %q, want %q", test.got, test.want)
			}
		})
	}
}

func TestLabelsDoNotOverlap(t *testing.T) {
	for _, test := range []struct {
		name           string
		positions      []float64
		low, high, gap float64
		want           []float64
	}{
		{"far apart", []float64{80, 10, 40}, 0, 100, 15, []float64{80, 10, 40}},
		{"close together", []float64{42, 40, 41}, 0, 100, 15, []float64{70, 40, 55}},
		{"at the lower edge", []float64{98, 99, 97}, 0, 100, 15, []float64{85, 100, 70}},
		{"above the upper edge", []float64{-5, 3}, 0, 100, 15, []float64{0, 15}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := spreadOut(test.positions, test.gap, test.low, test.high); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// TestMissedTargetsFail tells targets that must be met from those that are to come.
func TestMissedTargetsFail(t *testing.T) {
	r := report{results: []result{{what: updateName, size: "1k", contender: ours, runs: []float64{10}}}}
	for _, test := range []struct {
		name   string
		target target
		fails  bool
	}{
		{"met", target{limit: 10}, false},
		{"missed", target{limit: 9}, true},
		{"missed, still to come", target{limit: 9, later: true}, false},
		{"not measured", target{limit: 9, peer: mapName}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.target.what, test.target.sizes, test.target.figure = updateName, []string{"1k"}, own
			r.targets = []target{test.target}
			if err := r.missed(); (err != nil) != test.fails {
				t.Errorf("got %v", err)
			}
		})
	}
}
