package filestore_test

import (
	"maps"
	"slices"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// The model of a plan: what each item's status and title are, and what may be
// done to them, written down once more and as plainly as possible.

type modelItem struct {
	status plantest.Status
	title  string
}

type modelPlan map[string]modelItem

// modelStep is one change of a group.
type modelStep struct {
	id     string
	how    string // "set", "advance", "force" or "title"
	status plantest.Status
	title  string
}

// hops are the legal changes of a status. Those to Done have a guard.
var hops = map[plantest.Status][]plantest.Status{
	plantest.Open:   {plantest.Active},
	plantest.Active: {plantest.Done, plantest.Failed, plantest.Open},
	plantest.Done:   {plantest.Open},
	plantest.Failed: {plantest.Active},
}

// modelChildren are the items with children.
var modelChildren = map[string][]string{
	"E1":    {"E1.S1", "E1.S2"},
	"E1.S1": {"E1.S1.T1", "E1.S1.T2"},
	"E1.S2": {"E1.S2.T1", "E1.S2.T2"},
}

var modelIDs = []string{"E1", "E1.S1", "E1.S2", "E1.S1.T1", "E1.S1.T2", "E1.S2.T1", "E1.S2.T2"}

// readModel returns the model of a snapshot.
func readModel(p plantest.Plan) modelPlan {
	m := modelPlan{}
	for _, id := range modelIDs {
		m[id] = modelItem{p.Status(plantest.MakeID(id)), p.Title(plantest.MakeID(id))}
	}
	return m
}

// apply returns the plan after a group, or false if it is to be refused.
func (m modelPlan) apply(group []modelStep) (modelPlan, bool) {
	after := maps.Clone(m)
	var finished []string
	for _, step := range group {
		item := after[step.id]
		switch step.how {
		case "title":
			item.title = step.title
		case "force":
			item.status = step.status
		case "set", "advance":
			path, ok := shortest(item.status, step.status)
			if !ok || step.how == "set" && len(path) > 1 {
				return m, false
			}
			if slices.Contains(path, plantest.Done) {
				finished = append(finished, step.id)
			}
			item.status = step.status
		}
		after[step.id] = item
	}
	for _, id := range finished {
		for _, child := range modelChildren[id] {
			if after[child].status != plantest.Done {
				return m, false
			}
		}
	}
	return after, true
}

// shortest returns the statuses on the way, the first left out.
func shortest(from, to plantest.Status) ([]plantest.Status, bool) {
	paths := [][]plantest.Status{{from}}
	for len(paths) > 0 && len(paths[0]) <= len(hops) {
		path := paths[0]
		paths = paths[1:]
		last := path[len(path)-1]
		if last == to {
			return path[1:], true
		}
		for _, next := range hops[last] {
			paths = append(paths, append(slices.Clone(path), next))
		}
	}
	return nil, false
}

// applyAll applies groups in order, and returns those that are refused.
func (m modelPlan) applyAll(groups [][]modelStep) (after modelPlan, kept, refused [][]modelStep) {
	after = m
	for _, g := range groups {
		next, ok := after.apply(g)
		if !ok {
			refused = append(refused, g)
			continue
		}
		after, kept = next, append(kept, g)
	}
	return after, kept, refused
}

// merge applies groups that were made on base, and refuses those that would
// overwrite a title which is another one by now.
func (m modelPlan) merge(base modelPlan, groups [][]modelStep) (after modelPlan, kept, refused [][]modelStep) {
	after = m
	for _, g := range groups {
		next, ok := after.apply(g)
		for _, step := range g {
			now := m[step.id].title
			ok = ok && (step.how != "title" || now == base[step.id].title || now == step.title)
		}
		if !ok {
			refused = append(refused, g)
			continue
		}
		after, kept = next, append(kept, g)
	}
	return after, kept, refused
}

// recover applies groups that have led from one plan to another, and might have
// been saved: what is there already is not applied again, unless it is about an item
// that an earlier group has changed again, and what is neither as before nor as after
// was changed by somebody else.
func (m modelPlan) recover(from, to modelPlan, groups [][]modelStep) (after modelPlan, kept, refused [][]modelStep) {
	after = m
	redone := map[string]bool{}
	for _, g := range groups {
		there, foreign := true, false
		for _, s := range g {
			now, before, then := m[s.id], from[s.id], to[s.id]
			there = there && !redone[s.id]
			if s.how == "title" {
				there = there && now.title == then.title
				foreign = foreign || now.title != before.title && now.title != then.title && now.title != s.title
			} else {
				there = there && now.status == then.status
				foreign = foreign || now.status != before.status && now.status != then.status
			}
		}
		next, ok := after.apply(g)
		switch {
		case there:
		case foreign || !ok:
			refused = append(refused, g)
		default:
			for _, s := range g {
				redone[s.id] = redone[s.id] || !(&machine{memory: after}).noop(g)
			}
			after, kept = next, append(kept, g)
		}
	}
	return after, kept, refused
}

// changes returns a group, which holds no titles, for the Batcher.
func changes(group []modelStep) []batching.Change[plantest.ID, plantest.Status] {
	var out []batching.Change[plantest.ID, plantest.Status]
	for _, s := range group {
		id := plantest.MakeID(s.id)
		switch s.how {
		case "set":
			out = append(out, batching.Set(id, s.status))
		case "advance":
			out = append(out, batching.Advance(id, s.status))
		case "force":
			out = append(out, batching.Force(id, s.status, "model"))
		}
	}
	return out
}
