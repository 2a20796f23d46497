package document_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
)

// benchmarkPlan is a document of a given number of subtasks, ten to a task, or
// all in one.
type benchmarkPlan struct {
	name             string
	phases, children int
	wide             int
}

var benchmarkPlans = []benchmarkPlan{
	{name: "1k", phases: 1, children: 10},
	{name: "100k", phases: 100, children: 10},
	{name: "1M", phases: 1000, children: 10},
	{name: "100k-wide", wide: 100_000},
}

func (p benchmarkPlan) text() []byte {
	if p.wide > 0 {
		return samplePlan(1, 1, 1, p.wide)
	}
	return samplePlan(p.phases, p.children, p.children, p.children)
}

func (p benchmarkPlan) document(b *testing.B) *document.Document {
	d, err := planType(b).ParseOwned(p.text())
	if err != nil {
		b.Fatal(err)
	}
	return d
}

// ids returns the ids of random subtasks as a caller would hold them.
func ids(d *document.Document, n int) []document.ID {
	var all []document.ID
	for it := range d.Items(3) {
		all = append(all, it.ID())
	}
	out := make([]document.ID, n)
	for i := range out {
		out[i] = all[rand.IntN(len(all))]
	}
	return out
}

func BenchmarkUpdate(b *testing.B) {
	for _, p := range benchmarkPlans {
		b.Run(p.name, func(b *testing.B) {
			d := p.document(b)
			random := ids(d, 1<<12)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				to := implementing
				it, _ := d.Find(random[i%len(random)])
				if it.Status() == implementing {
					to = planned
				}
				next, _, err := d.Apply(document.Set(random[i%len(random)], to))
				if err != nil {
					b.Fatal(err)
				}
				d = next
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for _, p := range benchmarkPlans {
		text := p.text()
		b.Run(p.name+"/document", func(b *testing.B) {
			typ := planType(b)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := typ.ParseOwned(text); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(p.name+"/encoding-json", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				var plan plainPlan
				if err := json.Unmarshal(text, &plan); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	for _, p := range benchmarkPlans {
		d := p.document(b)
		for _, id := range ids(d, 100) {
			if next, _, err := d.Apply(document.Advance(id, implementing)); err == nil {
				d = next
			}
		}
		b.Run(p.name+"/document", func(b *testing.B) {
			for b.Loop() {
				if _, err := d.WriteTo(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
		var plan plainPlan
		if err := json.Unmarshal(d.AppendJSON(nil), &plan); err != nil {
			b.Fatal(err)
		}
		b.Run(p.name+"/encoding-json", func(b *testing.B) {
			for b.Loop() {
				if _, err := json.MarshalIndent(plan, "", "  "); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkUpdateByScan is the pattern that tools use today: look through all
// items for the id, copy the arrays on the way to it.
func BenchmarkUpdateByScan(b *testing.B) {
	for _, p := range benchmarkPlans {
		b.Run(p.name, func(b *testing.B) {
			d := p.document(b)
			random := ids(d, 1<<12)
			var plan plainPlan
			if err := json.Unmarshal(d.AppendJSON(nil), &plan); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				plan = plan.withStatus(random[i%len(random)].Text(), fmt.Sprint("Status", i&1))
			}
		})
	}
}

// The plan format as plain structs.
type (
	plainPlan struct {
		Backlog []plainPhase `json:"backlog"`
	}
	plainPhase struct {
		Type        string           `json:"type"`
		ID          string           `json:"id"`
		Title       string           `json:"title"`
		Status      string           `json:"status"`
		Description string           `json:"description"`
		Milestones  []plainMilestone `json:"milestones"`
	}
	plainMilestone struct {
		Type        string      `json:"type"`
		ID          string      `json:"id"`
		Title       string      `json:"title"`
		Status      string      `json:"status"`
		Description string      `json:"description"`
		Tasks       []plainTask `json:"tasks"`
	}
	plainTask struct {
		Type        string         `json:"type"`
		ID          string         `json:"id"`
		Title       string         `json:"title"`
		Status      string         `json:"status"`
		Description string         `json:"description"`
		Subtasks    []plainSubtask `json:"subtasks"`
	}
	plainSubtask struct {
		Type         string   `json:"type"`
		ID           string   `json:"id"`
		Title        string   `json:"title"`
		Status       string   `json:"status"`
		StoryPoints  float64  `json:"story_points"`
		Dependencies []string `json:"dependencies"`
		ContextScope string   `json:"context_scope"`
	}
)

func copied[T any](s []T) []T { return append([]T(nil), s...) }

func (p plainPlan) withStatus(id, status string) plainPlan {
	for i, phase := range p.Backlog {
		for j, milestone := range phase.Milestones {
			for k, task := range milestone.Tasks {
				for l, subtask := range task.Subtasks {
					if subtask.ID != id {
						continue
					}
					subtask.Status = status
					task.Subtasks = copied(task.Subtasks)
					task.Subtasks[l] = subtask
					milestone.Tasks = copied(milestone.Tasks)
					milestone.Tasks[k] = task
					phase.Milestones = copied(phase.Milestones)
					phase.Milestones[j] = milestone
					p.Backlog = copied(p.Backlog)
					p.Backlog[i] = phase
					return p
				}
			}
		}
	}
	return p
}
