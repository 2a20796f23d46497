package document

import (
	"fmt"
	"slices"
	"strings"
)

// Validate returns everything that is wrong with the document and does not
// refuse it: rules that warn, aliases of statuses, references to nothing or to the
// wrong level, cycles
// of dependencies, and statuses that no event would have allowed, such as done
// over open children. Lines and columns are those of the text that AppendJSON
// returns. It reads the whole document.
func (d *Document) Validate() []Problem {
	t := d.shape.typ
	p := newParser(t, d.AppendJSON(nil))
	p.warnings = true
	s := p.document()
	if p.refusals > 0 {
		return p.problems() // cannot be: every snapshot has passed the gate
	}
	v := validator{parser: p, doc: s.document()}
	v.references()
	v.strays()
	v.cycles()
	v.standings()
	return p.problems()
}

// validator adds what only a whole document shows.
type validator struct {
	*parser
	doc *Document
}

func (v *validator) warn(it Item, slot int, rule, message string) {
	offset := v.shape.slot(it.level, it.index, slot)
	if offset == 0 {
		offset = v.shape.levels[it.level].nodes[it.index].start
	}
	v.about = itemPlace{it.level, it.index, true}
	v.base = v.shape.pointer(it.level, it.index)
	v.enter(keyStep(v.levels[it.level].record.fields[slot].Key))
	v.record(int(offset), Warning, rule, message)
	v.leave(true)
}

// references finds those that name no item.
func (v *validator) references() {
	for ref := range v.doc.Dangling() {
		v.warn(ref.Item, firstField+ref.Field, "dangling-reference", fmt.Sprintf("%s refers to %q, which is no item", ref.Item.ID(), ref.Target.String()))
	}
}

// strays finds references that lead to an item of another level than they
// should.
func (v *validator) strays() {
	for l := range v.levels {
		for f, field := range v.levels[l].Fields {
			if len(field.Targets) == 0 {
				continue
			}
			for it := range v.doc.Items(Level(l)) {
				eachReference(it.raw(f), func(ref []byte) bool {
					if level, _, ok := it.target(ref); ok && !slices.Contains(field.Targets, level) {
						v.warn(it, firstField+f, "reference-level", fmt.Sprintf("%s refers to %s, a %s: want a %s",
							it.ID(), it.resolve(ref), v.levels[level].Name, v.typ.levelNames(field.Targets)))
					}
					return true
				})
			}
		}
	}
}

func (t *Type) levelNames(levels []Level) string {
	names := make([]string, len(levels))
	for i, l := range levels {
		names[i] = t.levels[l].Name
	}
	return strings.Join(names, " or ")
}

func (v *validator) cycles() {
	for _, cycle := range v.doc.Cycles() {
		names := make([]string, len(cycle))
		for i, id := range cycle {
			names[i] = id.String()
		}
		it, _ := v.doc.Find(cycle[0])
		v.warn(it, firstField+it.levelType().dependencies, "dependency-cycle", "dependencies go round: "+strings.Join(append(names, names[0]), " → "))
	}
}

// standings finds items whose status none of the events that lead there would
// give them now.
func (v *validator) standings() {
	for l := range v.levels {
		if len(v.levels[l].guardList) == 0 {
			continue
		}
		guarded := v.guardedStatuses(Level(l))
		for it := range v.doc.Items(Level(l)) {
			for _, refusal := range v.objections(it, guarded[it.Status()]) {
				v.warn(it, statusSlot, "standing", refusal)
			}
		}
	}
}

// guardedStatuses lists for each status the guards that stand before it,
// provided that every event that leads there has some.
func (v *validator) guardedStatuses(l Level) map[Status][]*compiledGuard {
	out := map[Status][]*compiledGuard{}
	open := map[Status]bool{v.levels[l].machine.Initial(): true}
	for _, tr := range v.levels[l].machine.Definition().Transitions {
		guarded := false
		for i := range v.levels[l].guardList {
			g := &v.levels[l].guardList[i]
			for _, e := range g.Events {
				if e == tr.Event && g.Kind != CustomGuard {
					out[tr.To] = append(out[tr.To], g)
					guarded = true
				}
			}
		}
		if !guarded {
			open[tr.To] = true
		}
	}
	for s := range open {
		delete(out, s)
	}
	return out
}

// objections says what the guards have against an item's status.
func (v *validator) objections(it Item, guards []*compiledGuard) []string {
	var out []string
	for i, g := range guards {
		if i > 0 && g == guards[i-1] {
			continue
		}
		if blocking := v.doc.blocking(g, hop{level: it.level, i: it.index}); len(blocking) > 0 {
			const few = 3
			more := ""
			if len(blocking) > few {
				more = fmt.Sprintf(" and %d more", len(blocking)-few)
				blocking = blocking[:few]
			}
			out = append(out, fmt.Sprintf("it is %s, which needs %s: see %s%s",
				v.typ.StatusName(it.Status()), g.demand, strings.Join(blocking, ", "), more))
		}
	}
	return out
}
