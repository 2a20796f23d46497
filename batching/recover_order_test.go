package batching_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// orderMove is a move of a task of the first story: "before" and "after" are beside
// another task.
type orderMove struct {
	task   int
	kind   document.PlaceKind
	beside int
}

func (m orderMove) change() document.Change {
	p := document.Place{Kind: m.kind}
	if m.kind == document.PlaceBefore || m.kind == document.PlaceAfter {
		p.Sibling = orderTask(m.beside)
	}
	return document.Move(orderTask(m.task), orderStory(), p)
}

func orderStory() document.ID     { return plantest.MakeID("E1.S1").Document() }
func orderTask(n int) document.ID { return plantest.TaskID(1, 1, n).Document() }

// target returns where in a list without the task it goes, -1 for nowhere.
func (m orderMove) target(rest []int) int {
	switch m.kind {
	case document.PlaceFirst:
		return 0
	case document.PlaceLast:
		return len(rest)
	}
	at := slices.Index(rest, m.beside)
	if at >= 0 && m.kind == document.PlaceAfter {
		at++
	}
	return at
}

// apply returns the list after the move, false where there is no such task or no
// such sibling.
func (m orderMove) apply(list []int) ([]int, bool) {
	rest := without(list, m.task)
	at := m.target(rest)
	if len(rest) == len(list) || at < 0 {
		return list, false
	}
	return slices.Insert(rest, at, m.task), true
}

func without(list []int, task int) []int {
	return slices.DeleteFunc(slices.Clone(list), func(n int) bool { return n == task })
}

// fewestMoves returns how many moves explain the order of those tasks that both
// lists have.
func fewestMoves(then, now []int) int {
	length := make([]int, len(now)) // of the longest sequence that stays, up to each
	both, most := 0, 0
	for i, n := range now {
		if !slices.Contains(then, n) {
			continue
		}
		both++
		length[i] = 1
		for k, before := range now[:i] {
			if length[k] > 0 && slices.Index(then, before) < slices.Index(then, n) {
				length[i] = max(length[i], length[k]+1)
			}
		}
		most = max(most, length[i])
	}
	return both - most
}

// mayHaveMoved reports whether the fewest moves that explain an order may include
// one of the task.
func mayHaveMoved(then, now []int, task int) bool {
	return fewestMoves(without(then, task), now) < fewestMoves(then, now)
}

// recovered is what Recover makes of moves that led from base to ours, where another
// writer has stored something else by then: the order, and which are left out.
func recovered(base, ours, stored []int, moves []orderMove) (now []int, out []orderMove) {
	fromBase, fromOurs := fewestMoves(base, stored), fewestMoves(ours, stored)
	now = stored
	redone := false
	for _, m := range moves {
		next, fits := m.apply(now)
		there := slices.Contains(stored, m.task)
		if there && !redone && fromOurs < fromBase && !mayHaveMoved(ours, stored, m.task) {
			continue // it was saved
		}
		stays := !there || fromBase <= fromOurs && !mayHaveMoved(base, stored, m.task) ||
			fromOurs <= fromBase && !mayHaveMoved(ours, stored, m.task)
		already, _ := m.apply(stored)
		if !fits || !stays && !slices.Equal(already, stored) {
			out = append(out, m)
			continue
		}
		redone = redone || !slices.Equal(next, now)
		now = next
	}
	return now, out
}

func drawMove(t *rapid.T, tasks []int, label string) orderMove {
	m := orderMove{
		task: rapid.SampledFrom(tasks).Draw(t, label+" task"),
		kind: rapid.SampledFrom([]document.PlaceKind{document.PlaceFirst, document.PlaceLast, document.PlaceBefore, document.PlaceAfter}).Draw(t, label+" kind"),
	}
	m.beside = rapid.SampledFrom(without(tasks, m.task)).Draw(t, label+" beside")
	return m
}

// TestRecoverRandomMoves preserves random moves of one story's tasks, and recovers
// them onto the plan that they began with, onto the one that they led to, and onto
// what another writer has made of either.
func TestRecoverRandomMoves(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	rapid.Check(t, func(rt *rapid.T) {
		tasks := rapid.IntRange(2, 7).Draw(rt, "tasks")
		before := plantest.Parse(plantest.Text(1, 1, tasks))
		write(t, name, before)
		base := tasksOf(before)
		ours := base
		dead := open(t, failing(name))
		var moves []orderMove
		for range rapid.IntRange(1, 5).Draw(rt, "moves") {
			m := drawMove(rt, base, "our")
			next, _ := m.apply(ours)
			if slices.Equal(next, ours) {
				continue
			}
			if _, err := dead.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) { return p.Apply(m.change()) }); err != nil {
				rt.Fatal(err)
			}
			moves, ours = append(moves, m), next
		}
		if len(moves) == 0 {
			if err := dead.Close(t.Context()); err != nil {
				rt.Fatal(err)
			}
			return
		}
		after := dead.Snapshot()
		abandon(t, dead)

		saved := rapid.Bool().Draw(rt, "saved")
		theirs := before
		if saved {
			theirs = after
		}
		others := rapid.IntRange(0, 3).Draw(rt, "changes of another writer")
		for i := range others {
			theirs = changeOrder(rt, theirs, tasks+1+i)
		}
		write(t, name, theirs)
		b := open(t, filestore.New(name))
		_, err := b.Recover(t.Context())
		var conflict *batching.ConflictError
		if err != nil && !errors.As(err, &conflict) {
			rt.Fatal(err)
		}
		var left []string
		if conflict != nil {
			for _, g := range conflict.Groups {
				left = append(left, fmt.Sprint(g.Group.Changes[0].ID, " ", g.Group.Changes[0].Edit.Place))
			}
		}
		want, out := recovered(base, ours, tasksOf(theirs), moves)
		if others == 0 {
			want, out = ours, nil
		}
		var wantLeft []string
		for _, m := range out {
			wantLeft = append(wantLeft, fmt.Sprint(orderTask(m.task), " ", m.change().Edit.Place))
		}
		if diff := cmp.Diff(want, tasksOf(stored(t, name))); diff != "" {
			rt.Errorf("base %v, ours %v by %v, theirs %v: the order (-want +got):\n%s", base, ours, moves, tasksOf(theirs), diff)
		}
		if diff := cmp.Diff(wantLeft, left); diff != "" {
			rt.Errorf("base %v, ours %v by %v, theirs %v: left out (-want +got):\n%s", base, ours, moves, tasksOf(theirs), diff)
		}
		if err := b.Close(t.Context()); err != nil {
			rt.Fatal(err)
		}
	})
}

// changeOrder returns the plan after another writer has added a task somewhere, has
// removed one, or has moved one.
func changeOrder(t *rapid.T, p plantest.Plan, fresh int) plantest.Plan {
	list := tasksOf(p)
	var c document.Change
	switch what := rapid.SampledFrom([]string{"add", "remove", "move"}).Draw(t, "what"); {
	case what == "add" || len(list) < 3:
		c = document.Change{Op: document.OpAdd, ID: orderTask(fresh), Edit: &document.Edit{
			Parent: orderStory(), Place: document.Before(orderTask(rapid.SampledFrom(list).Draw(t, "before"))),
			Item: fmt.Sprintf(`{"id":%q,"title":"theirs","status":"Open"}`, orderTask(fresh)),
		}}
	case what == "remove":
		c = document.Remove(orderTask(rapid.SampledFrom(list).Draw(t, "gone")))
	default:
		c = drawMove(t, list, "their").change()
	}
	next, err := p.Apply(document.Change{Op: document.OpEdit, ID: orderStory(), Edit: &document.Edit{
		Fields: []document.FieldEdit{{Key: "title", Value: fmt.Sprintf(`"changed for %d"`, fresh)}}}}, c)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func tasksOf(p plantest.Plan) []int {
	above, _ := p.Document.Find(orderStory())
	var list []int
	for it := range above.Children() {
		list = append(list, int(p.Document.Type().IDNumber(it.ID())))
	}
	return list
}

func write(t testing.TB, name string, p plantest.Plan) {
	t.Helper()
	if err := os.WriteFile(name, []byte(p.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
