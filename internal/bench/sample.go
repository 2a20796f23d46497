package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// size is how many items of each level a sample has below one of the level
// above.
type size struct {
	name   string
	fanOut [4]int
	// layouts is whether other layouts of the same document are parsed, too.
	layouts bool
}

func (s size) subtasks() int { return s.fanOut[0] * s.fanOut[1] * s.fanOut[2] * s.fanOut[3] }

var (
	fullSizes = []size{
		{name: "1k", fanOut: [4]int{1, 10, 10, 10}},
		{name: "10k", fanOut: [4]int{10, 10, 10, 10}},
		{name: "100k", fanOut: [4]int{100, 10, 10, 10}, layouts: true},
		{name: "1M", fanOut: [4]int{1000, 10, 10, 10}},
		{name: "100k-wide", fanOut: [4]int{1, 1, 1, 100_000}},
	}
	quickSizes = []size{
		{name: "100", fanOut: [4]int{1, 1, 10, 10}},
		{name: "1k", fanOut: [4]int{1, 10, 10, 10}, layouts: true},
		{name: "100-wide", fanOut: [4]int{1, 1, 1, 100}},
	}
)

// The reference format as tools declare it today.
type (
	plan struct {
		Backlog []phase `json:"backlog"`
	}
	phase struct {
		Type        string      `json:"type"`
		ID          string      `json:"id"`
		Title       string      `json:"title"`
		Status      string      `json:"status"`
		Description string      `json:"description"`
		Milestones  []milestone `json:"milestones"`
	}
	milestone struct {
		Type        string `json:"type"`
		ID          string `json:"id"`
		Title       string `json:"title"`
		Status      string `json:"status"`
		Description string `json:"description"`
		Tasks       []task `json:"tasks"`
	}
	task struct {
		Type        string    `json:"type"`
		ID          string    `json:"id"`
		Title       string    `json:"title"`
		Status      string    `json:"status"`
		Description string    `json:"description"`
		Subtasks    []subtask `json:"subtasks"`
	}
	subtask struct {
		Type         string   `json:"type"`
		ID           string   `json:"id"`
		Title        string   `json:"title"`
		Status       string   `json:"status"`
		StoryPoints  float64  `json:"story_points"`
		Dependencies []string `json:"dependencies"`
		ContextScope string   `json:"context_scope"`
	}
)

const (
	planned      = "Planned"
	implementing = "Implementing"
	complete     = "Complete"
)

// makePlan makes a plan of a size, always the same one. The first subtask of
// each task is complete and all others depend on it, so that every update to
// implementing has a dependency to look at.
func makePlan(s size) plan {
	w := writer{rand.New(rand.NewPCG(1, 2))}
	var p plan
	for i := range s.fanOut[0] {
		ph := phase{Type: "Phase", ID: fmt.Sprintf("P%d", i+1), Title: w.words(4), Status: planned, Description: w.words(12)}
		for j := range s.fanOut[1] {
			ms := milestone{Type: "Milestone", ID: fmt.Sprintf("%s.M%d", ph.ID, j+1), Title: w.words(4), Status: planned, Description: w.words(12)}
			for k := range s.fanOut[2] {
				id := fmt.Sprintf("%s.T%d", ms.ID, k+1)
				ms.Tasks = append(ms.Tasks, task{Type: "Task", ID: id, Title: w.words(4), Status: planned,
					Description: w.words(12), Subtasks: w.subtasks(id, s.fanOut[3])})
			}
			ph.Milestones = append(ph.Milestones, ms)
		}
		p.Backlog = append(p.Backlog, ph)
	}
	return p
}

// writer makes up texts.
type writer struct{ rand *rand.Rand }

func (w writer) subtasks(parent string, n int) []subtask {
	all := make([]subtask, n)
	for i := range all {
		all[i] = subtask{
			Type: "Subtask", ID: fmt.Sprintf("%s.S%d", parent, i+1), Title: w.words(3), Status: planned,
			StoryPoints: []float64{0.5, 1, 2, 3}[w.rand.IntN(4)], Dependencies: []string{parent + ".S1"},
			ContextScope: "CONTRACT DEFINITION:\n1. RESEARCH NOTE: " + w.words(3) + "\n2. INPUT: " + w.words(2) +
				"\n3. LOGIC: " + w.words(5) + "\n4. OUTPUT: " + w.words(2),
		}
	}
	all[0].Status, all[0].Dependencies = complete, []string{}
	return all
}

var vocabulary = strings.Fields(`the session reads every snapshot and writes "one" report → after each
	change of architecture; validate input, keep order, retry twice, then stop. Größe of queue is bounded by
	configuration layer, parser returns errors with position`)

// words returns n words: some quotes and some letters beyond ASCII among them,
// as in real plans.
func (w writer) words(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = vocabulary[w.rand.IntN(len(vocabulary))]
	}
	return strings.Join(words, " ")
}

// sample is a plan in a file, and what will be done to it.
type sample struct {
	size
	file  string
	bytes int64
	steps []step
}

// step is one update that the machine allows when those before it are done.
type step struct {
	id, status string
}

// newSample writes a plan of the given size to a directory, with two spaces of
// indentation.
func newSample(dir string, s size) (sample, error) {
	text, err := json.MarshalIndent(makePlan(s), "", "  ")
	if err != nil {
		return sample{}, err
	}
	file := filepath.Join(dir, s.name+".json")
	if err := replace(file, text, true); err != nil { // synced, or a later sync would pay for it
		return sample{}, err
	}
	return sample{size: s, file: file, bytes: int64(len(text)), steps: makeSteps(s)}, nil
}

// maxSteps is the largest number of different items that are updated.
const maxSteps = 100_000

// makeSteps sets subtasks to implementing and then back to planned, each time in
// a random order. So the steps can be repeated for ever.
func makeSteps(s size) []step {
	r := rand.New(rand.NewPCG(3, 4))
	perTask := s.fanOut[3] - 1 // without the first, which is complete
	chosen := r.Perm(s.subtasks() / s.fanOut[3] * perTask)
	chosen = chosen[:min(len(chosen), maxSteps)]
	var steps []step
	for _, n := range chosen {
		steps = append(steps, step{subtaskID(s, n/perTask, n%perTask+1), implementing})
	}
	for _, i := range r.Perm(len(chosen)) {
		steps = append(steps, step{steps[i].id, planned})
	}
	return steps
}

// subtaskID returns the id of a subtask, by its position in its task and by that
// of the task in the plan.
func subtaskID(s size, task, position int) string {
	milestone := task / s.fanOut[2]
	return fmt.Sprintf("P%d.M%d.T%d.S%d", milestone/s.fanOut[1]+1, milestone%s.fanOut[1]+1, task%s.fanOut[2]+1, position+1)
}

// text reads the plan's file.
func (s sample) text() ([]byte, error) { return os.ReadFile(s.file) }

// plan parses the plan's file as plain structs.
func (s sample) plan() (plan, error) {
	text, err := s.text()
	if err != nil {
		return plan{}, err
	}
	var p plan
	err = json.Unmarshal(text, &p)
	return p, err
}
