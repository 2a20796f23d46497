package document_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
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
func randomDescriptor(d *dice) format.Descriptor {
	out := format.Descriptor{
		Name:         "random",
		Indent:       pick(d, "  ", "", "\t", "    "),
		FinalNewline: d.yes(),
		Enums: []format.EnumDescriptor{
			{Name: "Color", Values: []format.EnumValue{{Name: "red", Aliases: []string{"RED"}}, {Name: `"green"`}, {Name: "blué"}}},
			{Name: "Size", Warn: true, Values: []format.EnumValue{{Name: "small"}, {Name: "large", Aliases: []string{"big", "huge"}}}},
		},
	}
	out.Roots = randomRoots(d)
	randomMachines(d, &out)
	out.Objects = []format.ObjectDescriptor{
		{Name: "Point", Fields: randomFields(d, 1+d.n(3), 0)},
		{Name: "Line", Fields: randomFields(d, 1+d.n(3), 1)},
	}
	out.Fields = randomDocumentFields(d, out.Roots)
	levels := 1 + d.n(4)
	if d.rarely(40) {
		levels = format.MaxLevels
	}
	path := d.yes()
	for l := range levels {
		out.Levels = append(out.Levels, randomLevel(d, &out, l, l == levels-1, path))
	}
	if d.rarely(3) {
		withoutStatuses(d, out.Levels)
	}
	return out
}

// withoutStatuses takes the statuses of some levels away, but for one, and what
// looks at them.
func withoutStatuses(d *dice, levels []format.LevelDescriptor) {
	last := d.n(len(levels))
	for i := range levels {
		if l := &levels[i]; i != last && d.yes() {
			*l = format.LevelDescriptor{NoStatus: true, Name: l.Name, Plural: l.Plural, ID: l.ID, Fields: l.Fields, Dependencies: l.Dependencies,
				Children: l.Children, ChildrenRequired: l.ChildrenRequired, ChildrenNullable: l.ChildrenNullable, Machine: l.Machine}
		}
	}
	for i := range levels {
		l := &levels[i]
		above, below := i > 0 && levels[i-1].NoStatus, i < len(levels)-1 && levels[i+1].NoStatus
		l.Guards = slices.DeleteFunc(l.Guards, func(g format.Guard) bool {
			return g.Kind == format.ParentIn && above || g.Kind == format.ChildrenIn && below
		})
		if below {
			l.Rollup = nil
		}
	}
}

// named is a format whose ids name one item each, as a model has to have it.
func named(of format.Descriptor) format.Descriptor {
	for l := range of.Levels {
		id := &of.Levels[l].ID
		id.WarnDuplicate = false
		if id.Kind == format.PositionID { // no reference leads there
			*id = format.IDDescriptor{Kind: format.TextID, String: true}
			if slices.ContainsFunc(of.Levels, func(l format.LevelDescriptor) bool { return l.ID.Kind == format.PathID }) {
				id.Kind = format.PathID
			}
		}
	}
	return of
}

func randomRoots(d *dice) []format.Root {
	object := format.Root{Kind: format.RootObject, Key: pick(d, "items", "backlog", `a"b`), Within: randomWay(d)}
	groups := format.Root{Kind: format.RootGroups, Key: pick(d, "items", "tasks"), Within: randomWay(d)}
	if slices.Equal(object.Path()[1:], groups.Path()) {
		groups.Key = "tasks" // or nothing tells them apart
	}
	array := format.Root{Kind: format.RootArray}
	lines := format.Root{Kind: format.RootLines}
	return pick(d, []format.Root{object}, []format.Root{array}, []format.Root{groups}, []format.Root{groups, object, array}, []format.Root{array, object},
		[]format.Root{lines}, []format.Root{array, lines}, []format.Root{lines, array})
}

// randomWay returns the keys of objects around something, mostly none.
func randomWay(d *dice) []string {
	return pick(d, nil, nil, nil, []string{"data"}, []string{"a/b.c", "items"})
}

// randomMachines fills in statuses, events and one or two machines in which
// event i leads to status i from most others.
func randomMachines(d *dice, out *format.Descriptor) {
	type transition = format.Transition
	count := 3 + d.n(6)
	if d.rarely(4) {
		count = 20 // more than fit into half a byte
	}
	for s := range count {
		category := format.Category(1 + (s+d.n(2))%5)
		out.Statuses = append(out.Statuses, format.StatusDescriptor{Name: fmt.Sprintf(`S%d"é`, s+1), Category: category, Aliases: []string{fmt.Sprintf("alias %d", s+1)}})
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
		out.Machines = append(out.Machines, format.Machine{
			Name: fmt.Sprint("m", m), Initial: states[0], States: states, Transitions: transitions,
		})
	}
}

// randomDocumentFields returns fields of the document itself, for some formats with
// a root object.
func randomDocumentFields(d *dice, roots []format.Root) []format.FieldDescriptor {
	if !slices.ContainsFunc(roots, func(r format.Root) bool { return r.Kind == format.RootObject }) || d.yes() {
		return nil
	}
	fields := slices.DeleteFunc(randomFields(d, 1+d.n(4), 0), func(f format.FieldDescriptor) bool { return f.Kind == format.ReferenceField })
	for i := range fields {
		if f := &fields[i]; !f.List && !f.Nullable && slices.Contains([]format.FieldKind{format.TimeField, format.DateField, format.DurationField, format.TextField}, f.Kind) {
			f.Required = false // there is no default
		}
	}
	return fields
}

// randomFields returns fields of all kinds; objects are of the types before
// the given number.
func randomFields(d *dice, count, objects int) []format.FieldDescriptor {
	kinds := []format.FieldKind{format.TextField, format.IntField, format.FloatField, format.BoolField, format.TimeField,
		format.DateField, format.DurationField, format.EnumField, format.ReferenceField, format.RawField, format.ConstantField, format.ObjectField}
	if objects == 0 {
		kinds = kinds[:len(kinds)-1]
	}
	var out []format.FieldDescriptor
	for i := range count {
		f := format.FieldDescriptor{
			Name: fmt.Sprint("F", i), Key: fmt.Sprintf("%s%d", pick(d, "f", "a/b~", `q"`, "é\\", "long key with spaces "), i),
			Kind: kinds[d.n(len(kinds))], List: d.rarely(3), Required: d.yes(), Nullable: d.rarely(3), Constant: "const",
		}
		switch f.Kind {
		case format.TimeField:
			f.Form = pick(d, format.RFC3339, format.CompactTime, format.UnixSeconds, format.UnixMilliseconds)
		case format.EnumField:
			f.Enum = d.n(2)
		case format.ObjectField:
			f.Object = d.n(objects)
		case format.ConstantField:
			f.List = false
		}
		f.Rules = randomRules(d, &f)
		out = append(out, f)
	}
	return out
}

// randomRules returns rules that the values of randomText obey, and others that
// only warn.
func randomRules(d *dice, f *format.FieldDescriptor) []format.Rule {
	warn := d.yes()
	var rules []format.Rule
	if f.List {
		rules = append(rules, format.Rule{Kind: format.MaxItems, Number: 3}, format.Rule{Kind: format.UniqueItems, Warn: true})
	}
	switch f.Kind {
	case format.TextField:
		rules = append(rules, format.Rule{Kind: format.MaxLength, Number: 30},
			pick(d, format.Rule{Kind: format.Pattern, Text: "a.*b", Warn: true}, format.Rule{Kind: format.MinLength, Number: 1, Warn: warn}))
	case format.IntField, format.FloatField:
		rules = append(rules, format.Rule{Kind: format.Maximum, Number: 1e6}, format.Rule{Kind: format.MultipleOf, Number: 0.5, Warn: true})
	}
	return rules
}

func randomLevel(d *dice, of *format.Descriptor, l int, leaf, path bool) format.LevelDescriptor {
	out := format.LevelDescriptor{
		Name: fmt.Sprintf("Level%d", l), Plural: fmt.Sprintf("Level%ds", l),
		StatusOptional: d.rarely(3), Machine: d.n(len(of.Machines)), Fields: randomFields(d, d.n(6), 2),
	}
	if d.rarely(3) {
		out.ID.Key, out.StatusKey = "key", "state"
	}
	if path {
		out.ID.Kind, out.ID.Prefix = format.PathID, pick(d, "P", "", "Ü-", "x1y")
	} else {
		out.ID.Kind = pick(d, format.LocalID, format.TextID)
		out.ID.String, out.ID.Int, out.ID.Float = true, d.yes(), d.rarely(3)
	}
	out.ID.WarnDuplicate = d.rarely(4)
	if !path && d.rarely(3) {
		out.ID.Next = pick(d, "{n}", "T-{n}", "é.{n}.x", "1{n}")
	}
	if !path && d.rarely(5) {
		out.ID = format.IDDescriptor{Kind: format.PositionID}
	}
	if !leaf {
		out.Children = pick(d, "children", "kids", `k"id`)
		out.ChildrenRequired, out.ChildrenNullable = d.rarely(3), d.yes()
	}
	if d.rarely(3) {
		out.StatusValues = randomStatusValues(d, of.Machines[out.Machine].States)
	}
	out.StatusNullable = d.rarely(4) && !slices.ContainsFunc(out.StatusValues, func(v format.StatusValue) bool { return slices.Contains(v.JSON, "null") })
	randomWays(d, &out)
	randomGuards(d, of, &out)
	return out
}

// randomStatusValues gives each status of a level one to three values of any kind.
func randomStatusValues(d *dice, states []document.Status) []format.StatusValue {
	left := []string{"false", "true", "0", "1", `""`, `"é\""`, "null", "[]", `{"name":"todo","n":[1.50,{}]}`, `["a",{"b":null}]`, "-7e2", `{"name":"done"}`}
	from := d.n(len(left))
	left = slices.Concat(left[from:], left[:from])
	var values []format.StatusValue
	for _, s := range states {
		v := format.StatusValue{Status: s, JSON: []string{fmt.Sprintf(`{"is":%d}`, s)}}
		if len(left) > 2 {
			n := 1 + d.n(3)
			v.JSON, left = left[:n:n], left[n:]
		}
		values = append(values, v)
	}
	return values
}

// randomWays puts the id, the status and the children of some levels into objects,
// which they may share.
func randomWays(d *dice, l *format.LevelDescriptor) {
	if !d.rarely(3) {
		return
	}
	way := func() []string { return pick(d, nil, []string{"meta"}, []string{"meta", "de.ep"}, []string{`w"y`}) }
	l.ID.Within, l.StatusWithin = way(), way()
	if l.Children != "" {
		l.ChildrenWithin = way()
	}
}

func randomGuards(d *dice, of *format.Descriptor, l *format.LevelDescriptor) {
	set := format.CategorySet(format.Done, format.Dropped, pick(d, format.Todo, format.Failed, format.Active))
	event := []document.Event{document.Event(1 + d.n(len(of.Events)))}
	if l.Children != "" && d.yes() {
		l.Guards = append(l.Guards, format.Guard{Events: event, Kind: format.ChildrenIn, Categories: set})
		l.Rollup = &format.Rollup{When: set, To: document.Status(1 + 2*d.n(2))}
	}
	if d.rarely(3) {
		l.Guards = append(l.Guards, format.Guard{Events: event, Kind: format.ParentIn, Categories: set})
	}
	for f, field := range l.Fields {
		for _, r := range referencesIn(of, field, []int{f}) {
			switch {
			case d.yes():
				l.Guards = append(l.Guards, format.Guard{Events: event, Kind: format.DependenciesIn, References: r, Categories: set})
			case d.rarely(3):
				l.Dependencies = &r
			}
		}
	}
}

// referencesIn returns all ways from a field to references: those in objects with
// and without something that has to stand beside them.
func referencesIn(of *format.Descriptor, f format.FieldDescriptor, path []int) []format.References {
	switch f.Kind {
	case format.ReferenceField:
		return []format.References{{Fields: path}}
	case format.ObjectField:
	default:
		return nil
	}
	var all []format.References
	var beside []format.Condition
	for i, inner := range of.Objects[f.Object].Fields {
		all = append(all, referencesIn(of, inner, append(path[:len(path):len(path)], i))...)
		if value := map[format.FieldKind]string{format.EnumField: `"red"`, format.BoolField: "true", format.IntField: "42", format.ConstantField: `"const"`}[inner.Kind]; value != "" && !inner.List {
			beside = append(beside, format.Condition{Field: i, JSON: value})
		}
	}
	for i := range all {
		if len(beside) > 0 && len(all[i].Fields) == len(path)+1 && i%2 == 0 {
			all[i].Where = beside[:1]
		}
	}
	return all
}

func randomType(t testing.TB, d *dice) *document.Type {
	t.Helper()
	typ, err := document.NewType(randomDescriptor(d))
	if err != nil {
		t.Fatalf("the random descriptor is wrong: %v", err)
	}
	return typ
}
