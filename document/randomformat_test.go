package document_test

import (
	"fmt"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// dice turns the bytes of a fuzz input into choices. When they run out, every
// choice is the first.
type dice struct{ data []byte }

// n returns a choice among n.
func (d *dice) n(n int) int {
	if len(d.data) == 0 || n < 2 {
		return 0
	}
	b := int(d.data[0])
	d.data = d.data[1:]
	if n > 256 && len(d.data) > 0 {
		b = b<<8 | int(d.data[0])
		d.data = d.data[1:]
	}
	return b % n
}

func (d *dice) yes() bool { return d.n(2) == 1 }

// one in n times it is true.
func (d *dice) rarely(n int) bool { return d.n(n) == 1 }

func pick[T any](d *dice, of ...T) T { return of[d.n(len(of))] }

// randomDescriptor returns a descriptor that NewType accepts.
func randomDescriptor(d *dice) document.Descriptor {
	out := document.Descriptor{
		Name:         "random",
		Indent:       pick(d, "  ", "", "\t", "    "),
		FinalNewline: d.yes(),
		Enums: []document.EnumDescriptor{
			{Name: "Color", Values: []document.EnumValue{{Name: "red", Aliases: []string{"RED"}}, {Name: `"green"`}, {Name: "blué"}}},
			{Name: "Size", Warn: true, Values: []document.EnumValue{{Name: "small"}, {Name: "large", Aliases: []string{"big", "huge"}}}},
		},
	}
	out.Roots = randomRoots(d)
	randomMachines(d, &out)
	out.Objects = []document.ObjectDescriptor{
		{Name: "Point", Fields: randomFields(d, 1+d.n(3), 0)},
		{Name: "Line", Fields: randomFields(d, 1+d.n(3), 1)},
	}
	levels := 1 + d.n(4)
	if d.rarely(40) {
		levels = document.MaxLevels
	}
	path := d.yes()
	for l := range levels {
		out.Levels = append(out.Levels, randomLevel(d, &out, l, l == levels-1, path))
	}
	return out
}

func randomRoots(d *dice) []document.Root {
	object := document.Root{Kind: document.RootObject, Key: pick(d, "items", "backlog", `a"b`)}
	groups := document.Root{Kind: document.RootGroups, Key: pick(d, "items", "tasks")}
	array := document.Root{Kind: document.RootArray}
	return pick(d, []document.Root{object}, []document.Root{array}, []document.Root{groups}, []document.Root{groups, object, array}, []document.Root{array, object})
}

// randomMachines fills in statuses, events and one or two machines in which
// event i leads to status i from most others.
func randomMachines(d *dice, out *document.Descriptor) {
	type transition = statemachine.Transition[document.Status, document.Event]
	count := 3 + d.n(6)
	if d.rarely(4) {
		count = 20 // more than fit into half a byte
	}
	for s := range count {
		category := document.Category(1 + (s+d.n(2))%5)
		out.Statuses = append(out.Statuses, document.StatusDescriptor{Name: fmt.Sprintf(`S%d"é`, s+1), Category: category, Aliases: []string{fmt.Sprintf("alias %d", s+1)}})
		out.Events = append(out.Events, fmt.Sprintf("go%d", s+1))
	}
	for m := range 1 + d.n(2) {
		var states []document.Status
		for s := range count {
			if m == 0 || s%2 == 0 {
				states = append(states, document.Status(s+1))
			}
		}
		var transitions []transition
		for i, to := range states {
			var from []document.Status
			for j, s := range states {
				if s != to && (j == (i+len(states)-1)%len(states) || !d.rarely(4)) {
					from = append(from, s)
				}
			}
			transitions = append(transitions, transition{Event: document.Event(to), From: from, To: to})
		}
		out.Machines = append(out.Machines, statemachine.Definition[document.Status, document.Event]{
			Name: fmt.Sprint("m", m), Initial: states[0], States: states, Transitions: transitions,
		})
	}
}

// randomFields returns fields of all kinds; objects are of the types before
// the given number.
func randomFields(d *dice, count, objects int) []document.FieldDescriptor {
	kinds := []document.FieldKind{document.TextField, document.IntField, document.FloatField, document.BoolField, document.TimeField,
		document.EnumField, document.ReferenceField, document.RawField, document.ConstantField, document.ObjectField}
	if objects == 0 {
		kinds = kinds[:len(kinds)-1]
	}
	var out []document.FieldDescriptor
	for i := range count {
		f := document.FieldDescriptor{
			Name: fmt.Sprint("F", i), Key: fmt.Sprintf("%s%d", pick(d, "f", "a/b~", `q"`, "é\\", "long key with spaces "), i),
			Kind: kinds[d.n(len(kinds))], List: d.rarely(3), Required: d.yes(), Nullable: d.rarely(3), Constant: "const",
		}
		switch f.Kind {
		case document.EnumField:
			f.Enum = d.n(2)
		case document.ObjectField:
			f.Object = d.n(objects)
		case document.ConstantField:
			f.List = false
		}
		f.Rules = randomRules(d, &f)
		out = append(out, f)
	}
	return out
}

// randomRules returns rules that the values of randomText obey, and others that
// only warn.
func randomRules(d *dice, f *document.FieldDescriptor) []document.Rule {
	warn := d.yes()
	var rules []document.Rule
	if f.List {
		rules = append(rules, document.Rule{Kind: document.MaxItems, Number: 3}, document.Rule{Kind: document.UniqueItems, Warn: true})
	}
	switch f.Kind {
	case document.TextField:
		rules = append(rules, document.Rule{Kind: document.MaxLength, Number: 30},
			pick(d, document.Rule{Kind: document.Pattern, Text: "a.*b", Warn: true}, document.Rule{Kind: document.MinLength, Number: 1, Warn: warn}))
	case document.IntField, document.FloatField:
		rules = append(rules, document.Rule{Kind: document.Maximum, Number: 1e6}, document.Rule{Kind: document.MultipleOf, Number: 0.5, Warn: true})
	}
	return rules
}

func randomLevel(d *dice, of *document.Descriptor, l int, leaf, path bool) document.LevelDescriptor {
	out := document.LevelDescriptor{
		Name: fmt.Sprintf("Level%d", l), Plural: fmt.Sprintf("Level%ds", l),
		StatusOptional: d.rarely(3), Machine: d.n(len(of.Machines)), Fields: randomFields(d, d.n(6), 2),
	}
	if d.rarely(3) {
		out.ID.Key, out.StatusKey = "key", "state"
	}
	if path {
		out.ID.Kind, out.ID.Prefix = document.PathID, pick(d, "P", "", "Ü-", "x1y")
	} else {
		out.ID.Kind = pick(d, document.LocalID, document.TextID)
		out.ID.String, out.ID.Int, out.ID.Float = true, d.yes(), d.rarely(3)
	}
	if !leaf {
		out.Children = pick(d, "children", "kids", `k"id`)
		out.ChildrenRequired, out.ChildrenNullable = d.rarely(3), d.yes()
	}
	randomGuards(d, of, &out)
	return out
}

func randomGuards(d *dice, of *document.Descriptor, l *document.LevelDescriptor) {
	set := document.CategorySet(document.Done, document.Dropped, pick(d, document.Todo, document.Failed, document.Active))
	event := []document.Event{document.Event(1 + d.n(len(of.Events)))}
	if l.Children != "" && d.yes() {
		l.Guards = append(l.Guards, document.Guard{Events: event, Kind: document.ChildrenIn, Categories: set})
		l.Rollup = &document.Rollup{When: set, To: document.Status(1 + 2*d.n(2))}
	}
	if d.rarely(3) {
		l.Guards = append(l.Guards, document.Guard{Events: event, Kind: document.ParentIn, Categories: set})
	}
	for f, field := range l.Fields {
		if field.Kind == document.ReferenceField && d.yes() {
			l.Guards = append(l.Guards, document.Guard{Events: event, Kind: document.DependenciesIn, Field: f, Categories: set})
		}
	}
}

func randomType(t testing.TB, d *dice) *document.Type {
	t.Helper()
	typ, err := document.NewType(randomDescriptor(d))
	if err != nil {
		t.Fatalf("the random descriptor is wrong: %v", err)
	}
	return typ
}
