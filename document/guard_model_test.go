package document_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// statusModel applies groups of status changes in the plainest way: a map of
// statuses, and every guard asked at the end.
type statusModel struct {
	doc    *document.Document
	status map[document.ID]document.Status
}

func newStatusModel(d *document.Document) *statusModel {
	m := &statusModel{doc: d, status: map[document.ID]document.Status{}}
	for it := range d.All() {
		m.status[it.ID()] = it.Status()
	}
	return m
}

type modelHop struct {
	item  document.Item
	event document.Event
}

// accepts reports whether the group is legal, and changes the statuses.
func (m *statusModel) accepts(group []document.Change) bool {
	var hops []modelHop
	for _, c := range group {
		it, ok := m.doc.Find(c.ID)
		if !ok {
			return false
		}
		machine, from := m.doc.Type().Machine(it.Level()), m.status[c.ID]
		if machine == nil {
			return false
		}
		if c.Op == document.OpForce {
			if c.Reason == "" || !machine.Has(c.To) {
				return false
			}
			m.status[c.ID] = c.To
			continue
		}
		if c.Op != document.OpFire && from == c.To {
			continue
		}
		events, ok := modelEvents(m.doc, it, c, from)
		if !ok {
			return false
		}
		for _, e := range events {
			to, err := machine.Fire(m.status[c.ID], e)
			if err != nil {
				return false
			}
			m.status[c.ID] = to
			hops = append(hops, modelHop{it, e})
		}
	}
	return !slices.ContainsFunc(hops, m.refused)
}

func modelEvents(d *document.Document, it document.Item, c document.Change, from document.Status) ([]document.Event, bool) {
	machine := d.Type().Machine(it.Level())
	switch c.Op {
	case document.OpFire:
		return []document.Event{c.Event}, true
	case document.OpSet:
		for _, step := range machine.Legal(from) {
			if step.To == c.To {
				return []document.Event{step.Event}, true
			}
		}
		return nil, false
	}
	path, err := machine.Path(from, c.To)
	var events []document.Event
	for _, step := range path {
		events = append(events, step.Event)
	}
	return events, err == nil
}

func (m *statusModel) refused(h modelHop) bool {
	level := m.doc.Type().Descriptor().Levels[h.item.Level()]
	for _, g := range level.Guards {
		if !slices.Contains(g.Events, h.event) {
			continue
		}
		switch g.Kind {
		case format.ChildrenIn:
			for child := range h.item.Children() {
				if !m.in(child.ID(), g.Categories) {
					return true
				}
			}
		case format.ParentIn:
			if parent, ok := h.item.Parent(); ok && !m.in(parent.ID(), g.Categories) {
				return true
			}
		case format.DependenciesIn:
			ids := plainReferences(h.item, g.References)
			if slices.ContainsFunc(ids, func(id document.ID) bool { return !m.in(id, g.Categories) }) {
				return true
			}
		}
	}
	return false
}

// plainReferences reads references with encoding/json: as they resolve, which a
// field of references in the item itself says.
func plainReferences(it document.Item, r format.References) []document.ID {
	of := it.Document().Type().Descriptor()
	raw, ok := it.Raw(r.Fields[0])
	if !ok {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		panic(err)
	}
	at, values := of.Levels[it.Level()].Fields[r.Fields[0]], listOf(value)
	for i, next := range r.Fields[1:] {
		fields := of.Objects[at.Object].Fields
		at = fields[next]
		var below []any
		for _, object := range values {
			members := object.(map[string]any)
			meets := true
			for _, w := range r.Where {
				text, _ := json.Marshal(members[fields[w.Field].Key])
				if alias := map[string]string{`"RED"`: `"red"`}[string(text)]; alias != "" {
					text = []byte(alias)
				}
				meets = meets && string(text) == w.JSON
			}
			if meets || i < len(r.Fields)-2 {
				below = append(below, listOf(members[at.Key])...)
			}
		}
		values = below
	}
	var ids []document.ID
	for _, v := range values {
		ids = append(ids, resolved(it, fmt.Sprint(v)))
	}
	return ids
}

// listOf returns the elements of a list, or a single value, without nulls.
func listOf(v any) []any {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	return slices.DeleteFunc(slices.Clone(list), func(v any) bool { return v == nil })
}

// resolved is the id that a reference names: a sibling's first, then by full id.
func resolved(it document.Item, text string) document.ID {
	if parent, ok := it.Parent(); ok && it.Document().Type().Descriptor().Levels[it.Level()].ID.Kind == format.LocalID {
		if sibling, ok := it.Document().Find(document.NewID(it.ID().Group(), parent.ID().Text()+"."+text)); ok {
			return sibling.ID()
		}
	}
	return document.NewID(it.ID().Group(), text)
}

func (m *statusModel) in(id document.ID, set format.Categories) bool {
	s, ok := m.status[id]
	return ok && (s == 0 || set.Has(m.doc.Type().Descriptor().Statuses[s-1].Category)) // none is in nobody's way
}

func TestGuardsAgainstRecomputation(t *testing.T) {
	accepted, refused := 0, 0
	for seed := range 600 {
		d := &dice{data: randomBytes(uint64(seed), 600+seed*37%4000)}
		of := named(randomDescriptor(d))
		if seed%3 == 0 {
			of = planDescriptor()
		}
		for l := range of.Levels {
			of.Levels[l].Rollup = nil
		}
		typ, err := document.NewType(of)
		if err != nil {
			t.Fatal(err)
		}
		var doc *document.Document
		if seed%3 == 0 {
			doc = mustParse(t, typ, smallPlan(pick(d, "Planned Planned Planned Planned Planned Planned", "Ready Ready Implementing Complete Complete Implementing")))
		} else {
			doc = mustParse(t, typ, randomText(d, of))
		}
		if sharesIDs(doc) {
			continue // the model knows items by their ids
		}
		for range 12 {
			var group []document.Change
			for c := newChanger(d, doc); len(group) < 1+seed%4; {
				if change := c.change(); change.Op <= document.OpForce {
					group = append(group, change)
				} else if len(d.data) == 0 {
					break
				} else if to, _, err := doc.Apply(change); err == nil { // structure and fields change in between
					doc = to
					break
				}
			}
			model := newStatusModel(doc)
			legal := model.accepts(group)
			to, _, err := doc.Apply(group...)
			if legal != (err == nil) {
				t.Fatalf("seed %d: the group is legal: %v, and yet: %v\n%+v in\n%s", seed, legal, err, group, doc.AppendJSON(nil))
			}
			if err != nil {
				refused++
				continue
			}
			if to != doc {
				accepted++
			}
			for it := range to.All() {
				if _, named := to.Find(it.ID()); named && it.Status() != model.status[it.ID()] { // ids that items share name none
					t.Fatalf("seed %d: %s, want status %d", seed, it, model.status[it.ID()])
				}
			}
			doc = to
		}
	}
	t.Logf("%d groups accepted, %d refused", accepted, refused)
	if accepted < 1000 || refused < 500 {
		t.Errorf("%d groups accepted, %d refused: too few to mean anything", accepted, refused)
	}
}
