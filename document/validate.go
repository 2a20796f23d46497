package document

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// Validate returns everything that is wrong with the document and does not
// refuse it: rules that warn, aliases of statuses, references to nothing or to
// the wrong level, cycles of dependencies, and statuses that no event would have
// allowed, such as done over open children. Lines and columns are those of the
// text that AppendJSON returns. It reads the whole document.
func (d *Document) Validate() []Problem {
	t := d.shape.typ
	p := tree.NewParser(&t.format, d.AppendJSON(nil), t.maxSize)
	p.Warnings = true
	s := p.Document()
	if p.Refusals > 0 {
		return problems(p) // cannot be: every snapshot has passed the gate
	}
	v := validator{Parser: p, doc: newShape(t, s).document()}
	v.references()
	v.strays()
	v.cycles()
	v.standings()
	return problems(p)
}

// validator adds what only a whole document shows.
type validator struct {
	*tree.Parser
	doc *Document
}

func (v *validator) warn(it Item, slot int, rule, message string) {
	offset := v.Tree.Slot(it.node, slot)
	if offset == 0 {
		offset = v.Tree.Entry(it.node).Start
	}
	v.About = tree.SubjectOf(it.node, true)
	v.Base = v.Tree.Pointer(it.node)
	v.EnterValue(&v.Format.Levels[it.node.Kind].Record.Fields[slot])
	v.Parser.Warn(int(offset), rule, message)
	v.Place = v.Place[:0]
}

// references finds those that name no item.
func (v *validator) references() {
	for ref := range v.doc.Dangling() {
		what := "is no item"
		if err := v.doc.shape.notFound(ref.Target); err.Items > 0 {
			what = fmt.Sprintf("names none of the %d items that share the id %q", err.Items, err.Shared)
		}
		v.warn(ref.Item, compiled.FirstField+ref.Field, "dangling-reference", fmt.Sprintf("%s refers to %q, which %s", ref.Item.ID(), ref.Target.String(), what))
	}
}

// strays finds references that lead to an item of another level than they
// should.
func (v *validator) strays() {
	for l := range v.Format.Levels {
		record := &v.Format.Levels[l].Record
		for slot := compiled.FirstField; slot < compiled.FirstField+len(v.Format.Levels[l].Fields); slot++ {
			if !v.Format.HoldsReferences(&record.Fields[slot]) {
				continue
			}
			for it := range v.doc.Items(Level(l)) {
				v.straysIn(it, slot)
			}
		}
	}
}

func (v *validator) straysIn(it Item, slot int) {
	v.Format.AllReferences(&it.levelType().Record.Fields[slot], it.raw(slot-compiled.FirstField), func(in *compiled.Field, ref []byte) bool {
		if target, ok := it.target(ref); ok && len(in.Targets) > 0 && !slices.Contains(in.Targets, target.Kind) {
			v.warn(it, slot, "reference-level", fmt.Sprintf("%s refers to %s, a %s: want a %s",
				it.ID(), it.resolve(ref), v.Format.Levels[target.Kind].Name, v.Format.LevelNames(in.Targets)))
		}
		return true
	})
}

func (v *validator) cycles() {
	for _, cycle := range v.doc.Cycles() {
		it, _ := v.doc.Find(cycle[0])
		v.warn(it, it.levelType().Dependencies.Slot, "dependency-cycle", "dependencies go round: "+roundOf(cycle))
	}
}

// roundOf shows a cycle, of a long one its first items.
func roundOf(cycle []ID) string {
	const few = 10
	var names []string
	for _, id := range cycle[:min(few, len(cycle))] {
		names = append(names, id.String())
	}
	if more := len(cycle) - few; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return strings.Join(append(names, names[0]), " → ")
}

// standings finds items whose status none of the events that lead there would
// give them now.
func (v *validator) standings() {
	for l := range v.Format.Levels {
		if len(v.Format.Levels[l].GuardList) == 0 {
			continue
		}
		ways := v.guardedWays(Level(l))
		for it := range v.doc.Items(Level(l)) {
			if refusal := v.objection(it, ways[it.Status()]); refusal != "" {
				v.warn(it, compiled.StatusSlot, "standing", refusal)
			}
		}
	}
}

// guardedWays lists for each status the guards that stand before it, by the
// events that lead there; none if there is a way without a guard. Custom guards
// are not asked.
func (v *validator) guardedWays(l Level) map[Status][][]*compiled.Guard {
	level := &v.Format.Levels[l]
	ways := map[Status][][]*compiled.Guard{}
	open := []Status{level.StateMachine.Initial()}
	for _, tr := range level.StateMachine.Definition().Transitions {
		var guards []*compiled.Guard
		for i := range level.GuardList {
			if g := &level.GuardList[i]; g.Kind != format.CustomGuard && slices.Contains(g.Events, tr.Event) {
				guards = append(guards, g)
			}
		}
		if guards == nil {
			open = append(open, tr.To)
		}
		ways[tr.To] = append(ways[tr.To], guards)
	}
	for _, s := range open {
		delete(ways, s)
	}
	return ways
}

// objection says what the guards have against an item's status, "" if they would
// let it there on some way.
func (v *validator) objection(it Item, ways [][]*compiled.Guard) string {
	first := ""
	for _, guards := range ways {
		refusal := ""
		for _, g := range guards {
			if found := v.doc.blocking(g, hop{Node: it.node}); found.count > 0 && refusal == "" {
				refusal = fmt.Sprintf("it is %s, which needs %s: see %s", v.doc.typ.StatusName(it.Status()), g.Demand, found.some())
			}
		}
		if refusal == "" {
			return ""
		}
		first = cmp.Or(first, refusal)
	}
	return first
}

// some names the first few obstacles.
func (o obstacles) some() string {
	const few = 3
	if o.count <= few {
		return strings.Join(o.ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(o.ids[:few], ", "), o.count-few)
}
