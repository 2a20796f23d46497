package compiled

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/persistent"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// compiler compiles a descriptor and gathers what is wrong.
type compiler struct {
	t        *Format
	problems []string
}

// New checks and compiles a descriptor, or says everything that is wrong.
func New(d format.Descriptor) (*Format, []string) {
	c := compiler{t: &Format{Descriptor: d}}
	c.roots()
	c.names()
	c.machines()
	c.enums()
	c.objects()
	c.levels()
	c.document()
	if len(c.problems) == 0 {
		c.defaults()
		c.newFields()
	}
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return c.t, nil
}

func (c *compiler) problem(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

func (c *compiler) roots() {
	d := &c.t.Descriptor
	if len(d.Roots) == 0 {
		c.problem("no root shape")
	}
	seen := map[format.RootKind]bool{}
	for _, r := range d.Roots {
		c.text("the key of a root", r.Key)
		if r.Kind < format.RootObject || r.Kind > format.RootLines {
			c.problem("unknown root kind %d", r.Kind)
		}
		if (r.Kind == format.RootObject || r.Kind == format.RootGroups) != (r.Key != "") {
			c.problem("a root object and root groups need a key, a root array and lines have none")
		}
		c.within("the list of a root", r.Within)
		if r.Key == "" && len(r.Within) > 0 {
			c.problem("a root array is in no object")
		}
		if seen[r.Kind] {
			c.problem("two roots of one kind cannot be told apart")
		}
		seen[r.Kind] = true
		if r.Kind == format.RootGroups {
			c.t.Grouped = true
		}
	}
	c.objectBesideGroups()
	if seen[format.RootLines] && (seen[format.RootObject] || seen[format.RootGroups]) {
		c.problem("a single line cannot be told from a root object or root groups: lines stand beside a root array only")
	}
}

// objectBesideGroups checks that the list of an object is not that of a group, too.
func (c *compiler) objectBesideGroups() {
	for _, object := range c.t.Descriptor.Roots {
		for _, groups := range c.t.Descriptor.Roots {
			path := object.Path()
			if object.Kind == format.RootObject && groups.Kind == format.RootGroups && len(path) > 0 && slices.Equal(path[1:], groups.Path()) {
				c.problem("the list %q of a root object cannot be told from that of a group %q", strings.Join(path, "."), path[0])
			}
		}
	}
}

// within checks the keys of the objects around something.
func (c *compiler) within(what string, keys []string) {
	c.text("a key on the way to "+what, keys...)
	if len(keys) >= format.MaxPath || slices.Contains(keys, "") {
		c.problem("%s is at a path of %d keys: want at most %d, none of them empty", what, len(keys)+1, format.MaxPath)
	}
}

func (c *compiler) names() {
	d := &c.t.Descriptor
	if len(d.Statuses) == 0 || len(d.Statuses) > math.MaxUint8-1 {
		c.problem("%d statuses: want 1 to %d", len(d.Statuses), math.MaxUint8-1)
		return
	}
	c.t.Statuses = []string{""}
	classes := []persistent.Set{UnknownClass}
	for _, s := range d.Statuses {
		c.text("the name of a status", append([]string{s.Name}, s.Aliases...)...)
		if s.Category < format.Todo || s.Category > format.Dropped {
			c.problem("status %q has no category", s.Name)
		}
		c.t.Statuses = append(c.t.Statuses, s.Name)
		classes = append(classes, persistent.Set(format.CategorySet(s.Category)))
	}
	c.t.Events = append([]string{""}, d.Events...)
	c.text("the name of an event", d.Events...)
	if len(d.Events) > math.MaxUint8-1 {
		c.problem("%d events: at most %d", len(d.Events), math.MaxUint8-1)
	}
	if slices.ContainsFunc(d.Levels, func(l format.LevelDescriptor) bool { return l.NoStatus }) {
		c.t.None = format.Status(len(classes))
		classes = append(classes, 0)
	}
	c.t.Packing = persistent.NewPacking(classes)
}

// text reports texts that cannot be written in JSON.
func (c *compiler) text(what string, texts ...string) {
	for _, text := range texts {
		if !utf8.ValidString(text) {
			c.problem("%s is not UTF-8: %q", what, text)
		}
	}
}

func (c *compiler) machines() {
	for i, described := range c.t.Descriptor.Machines {
		m, err := statemachine.New(c.definition(described))
		if err != nil {
			c.problem("machine %d: %v", i, err)
		}
		c.t.machines = append(c.t.machines, m)
	}
}

func (c *compiler) definition(m format.Machine) statemachine.Definition[format.Status, format.Event] {
	d := statemachine.Definition[format.Status, format.Event]{
		Name:       m.Name,
		Initial:    m.Initial,
		States:     m.States,
		StateNames: c.t.Statuses,
		EventNames: c.t.Events,
	}
	for _, t := range m.Transitions {
		d.Transitions = append(d.Transitions, statemachine.Transition[format.Status, format.Event](t))
	}
	return d
}

func (c *compiler) enums() {
	for _, e := range c.t.Descriptor.Enums {
		compiled := Enum{EnumDescriptor: e, byText: map[string]uint8{}}
		for i, v := range e.Values {
			c.text("a value of an enum", append([]string{v.Name}, v.Aliases...)...)
			for _, text := range append([]string{v.Name}, v.Aliases...) {
				if _, twice := compiled.byText[text]; twice {
					c.problem("enum %s has %q twice", e.Name, text)
				}
				compiled.byText[text] = uint8(i + 1)
			}
		}
		if len(e.Values) == 0 || len(e.Values) > math.MaxUint8 {
			c.problem("enum %s has %d values: want 1 to %d", e.Name, len(e.Values), math.MaxUint8)
		}
		c.t.Enums = append(c.t.Enums, compiled)
	}
}

func (c *compiler) objects() {
	c.t.Objects = make([]Record, len(c.t.Descriptor.Objects))
	for i, o := range c.t.Descriptor.Objects {
		r := &c.t.Objects[i]
		r.name = o.Name
		for _, f := range o.Fields {
			if f.Kind == format.ObjectField && f.Object >= i {
				c.problem("object %s: field %s must be of an object type described before it", o.Name, f.Key)
				continue
			}
			c.field(r, f)
		}
		r.references = slices.ContainsFunc(r.Fields, func(f Field) bool {
			return f.Kind == format.ReferenceField || f.Kind == format.ObjectField && f.Object >= 0 && c.t.Objects[f.Object].references
		})
		r.finish(nil)
	}
}

func (c *compiler) levels() {
	d := &c.t.Descriptor
	if len(d.Levels) == 0 || len(d.Levels) > format.MaxLevels {
		c.problem("%d levels: want 1 to %d", len(d.Levels), format.MaxLevels)
		return
	}
	c.t.Levels = make([]Level, len(d.Levels))
	for i := range d.Levels {
		c.level(format.Level(i))
	}
	if !slices.ContainsFunc(d.Levels, func(l format.LevelDescriptor) bool { return !l.NoStatus }) {
		c.problem("no level has a status")
	}
}

func (c *compiler) level(n format.Level) {
	l := &c.t.Levels[n]
	l.LevelDescriptor = c.t.Descriptor.Levels[n]
	l.ID = IDForm{l.LevelDescriptor.ID}
	c.t.Positions = c.t.Positions || l.ID.Kind == format.PositionID
	if l.ID.Key == "" && l.ID.Kind != format.PositionID {
		l.ID.Key = "id"
	}
	if !l.ID.Int && !l.ID.Float {
		l.ID.String = true
	}
	if l.StatusKey == "" {
		l.StatusKey = "status"
	}
	if (l.Children == "") != c.t.Leaf(n) {
		c.problem("level %s: every level but the last has a children key", l.Name)
	}
	switch {
	case l.ID.Kind < format.PathID || l.ID.Kind > format.PositionID:
		c.problem("level %s: unknown kind of id", l.Name)
	case l.ID.Kind == format.PathID && (strings.Contains(l.ID.Prefix, ".") || !utf8.ValidString(l.ID.Prefix)):
		c.problem("level %s: the prefix %q of its ids holds a dot, or is not UTF-8", l.Name, l.ID.Prefix)
	case l.ID.Kind == format.PathID && !l.ID.String:
		c.problem("level %s: path ids are text", l.Name)
	}
	if next := l.ID.Next; next != "" {
		c.text("next ids", next)
		if strings.Count(next, format.NextNumber) != 1 || !l.ID.String || l.ID.Kind == format.PathID {
			c.problem("level %s: next ids are made by %q: want a text with one %s, for ids that may be text", l.Name, next, format.NextNumber)
		}
	}
	if n > 0 && (l.ID.Kind == format.PathID) != (c.t.Levels[0].ID.Kind == format.PathID) {
		c.problem("level %s: either all levels have path ids or none", l.Name)
	}
	if l.ID.Pattern != "" {
		re, err := regexp.Compile(`^(?:` + l.ID.Pattern + `)$`)
		if err != nil {
			c.problem("level %s: id pattern: %v", l.Name, err)
		}
		l.Pattern = re
	}
	c.t.RollsUp = c.t.RollsUp || l.Rollup != nil
	r := &l.Record
	r.name = l.Name
	if l.ID.Kind == format.PositionID {
		r.Fields = append(r.Fields, Field{}) // no member has this slot
	} else {
		c.add(r, Field{FieldDescriptor: format.FieldDescriptor{Key: l.ID.Key, Required: true}, Way: way(l.ID.Within, l.ID.Key)})
	}
	if l.NoStatus {
		r.Fields = append(r.Fields, Field{})
	} else {
		c.add(r, Field{FieldDescriptor: format.FieldDescriptor{Key: l.StatusKey, Required: !l.StatusOptional, Nullable: l.StatusNullable}, Way: way(l.StatusWithin, l.StatusKey)})
	}
	for _, f := range l.Fields {
		c.field(r, f)
	}
	r.Children = -1
	if l.Children != "" {
		r.Children = len(r.Fields)
		c.add(r, Field{FieldDescriptor: format.FieldDescriptor{Key: l.Children, Required: l.ChildrenRequired, Nullable: l.ChildrenNullable}, Way: way(l.ChildrenWithin, l.Children)})
	}
	r.finish(writingOrder(l))
	if l.Children != "" {
		c.t.LongestWay = max(c.t.LongestWay, r.ChildrenField().longestWay())
	}
	c.statuses(l)
	c.guards(n)
}

// writingOrder is the order of keys in new items: constants, id, the first
// field, status, the other fields, children.
func writingOrder(l *Level) []int {
	var order, rest []int
	for i, f := range l.Fields {
		if f.Kind == format.ConstantField {
			order = append(order, FirstField+i)
		} else {
			rest = append(rest, FirstField+i)
		}
	}
	order = append(order, IDSlot)
	if len(rest) > 0 {
		order, rest = append(order, rest[0]), rest[1:]
	}
	if !l.NoStatus {
		order = append(order, StatusSlot)
	}
	order = append(order, rest...)
	if l.Record.Children >= 0 {
		order = append(order, l.Record.Children)
	}
	return order
}

func (c *compiler) field(r *Record, d format.FieldDescriptor) {
	f := Field{FieldDescriptor: d, Way: way(nil, d.Key)}
	c.text("a constant", d.Constant)
	switch {
	case d.Kind < format.TextField || d.Kind > format.DurationField:
		c.problem("%s.%s: unknown kind of field", r.name, d.Key)
	case d.Form.String() == "" || d.Form != format.RFC3339 && d.Kind != format.TimeField:
		c.problem("%s.%s: no form of times, or no time", r.name, d.Key)
	case d.Kind == format.EnumField && (d.Enum < 0 || d.Enum >= len(c.t.Enums)):
		c.problem("%s.%s: no enum %d", r.name, d.Key, d.Enum)
	case d.Kind == format.ObjectField && (d.Object < 0 || d.Object >= len(c.t.Objects)):
		c.problem("%s.%s: no object %d", r.name, d.Key, d.Object)
	}
	for _, target := range d.Targets {
		if int(target) >= len(c.t.Descriptor.Levels) {
			c.problem("%s.%s: no level %d to refer to", r.name, d.Key, target)
		}
	}
	for _, rule := range d.Rules {
		compiled := Rule{Rule: rule}
		if rule.Kind == format.Pattern {
			re, err := regexp.Compile(rule.Text)
			if err != nil {
				c.problem("%s.%s: %v", r.name, d.Key, err)
			}
			compiled.pattern = re
		}
		f.add(compiled)
	}
	c.add(r, f)
}

// defaults checks the values that new items and objects begin with.
func (c *compiler) defaults() {
	records := make([]*Record, 0, len(c.t.Levels)+len(c.t.Objects))
	for i := range c.t.Levels {
		records = append(records, &c.t.Levels[i].Record)
	}
	for i := range c.t.Objects { // the document's is among them
		records = append(records, &c.t.Objects[i])
	}
	for _, r := range records {
		for i := range r.Fields {
			if r.Fields[i].Default == "" {
				continue
			}
			for _, p := range c.t.JudgeValue(&r.Fields[i], r.Fields[i].Default) {
				c.problem("%s.%s: the default is wrong: %s", r.name, r.Fields[i].Key, p.Message)
			}
		}
	}
}

func (c *compiler) add(r *Record, f Field) {
	if f.Key == "" || !utf8.ValidString(f.Key) {
		c.problem("%s: %s is not a JSON key", r.name, strconv.Quote(f.Key))
	}
	c.within(r.name+"."+f.Key, f.Within())
	for i := range r.Fields {
		switch other := r.Fields[i].Way; {
		case len(other) == 0: // an id or a status that items of the level do not have
		case slices.Equal(f.Way, other):
			c.problem("%s: two fields have the key %q", r.name, strings.Join(f.Way, "."))
		case overlaps(f.Way, other):
			c.problem("%s: one of the paths %q and %q leads into the other", r.name, strings.Join(other, "."), strings.Join(f.Way, "."))
		}
	}
	r.Fields = append(r.Fields, f)
}

func way(within []string, key string) []string { return append(slices.Clone(within), key) }

// overlaps reports whether two paths lead to one place, or one into the other.
func overlaps(a, b []string) bool {
	n := min(len(a), len(b))
	return slices.Equal(a[:n], b[:n])
}
