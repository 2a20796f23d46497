// Package plantest is a small document format for the tests of batching and of
// its stores: Epic > Story > Task, with path ids.
package plantest

import (
	"fmt"
	"strings"
	"sync"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// Levels of the format.
const (
	EpicLevel document.Level = iota
	StoryLevel
	TaskLevel
)

// Status is a status of the format.
type Status document.Status

// The statuses.
const (
	Open Status = iota + 1
	Active
	Done
	Failed
)

// String returns the status as documents have it.
func (s Status) String() string { return Type().StatusName(document.Status(s)) }

// Events in schema order.
const (
	start document.Event = iota + 1
	finish
	fail
	stop
	reopen
	// Waive leads where finish does, and no guard stands before it.
	Waive
)

// ID names an item of any level.
type ID struct{ id document.ID }

// MakeID returns the ID with the given text.
func MakeID(text string) ID { return ID{document.NewID("", text)} }

// TaskID returns the id of a task, counted from one.
func TaskID(epic, story, task int) ID { return MakeID(fmt.Sprintf("E%d.S%d.T%d", epic, story, task)) }

// Document returns the id as the engine has it.
func (id ID) Document() document.ID { return id.id }

// Plan is a snapshot.
type Plan struct{ Document *document.Document }

// Status returns the status of an item, 0 if there is no such item.
func (p Plan) Status(id ID) Status {
	item, _ := p.Document.Find(id.id)
	if item.IsZero() {
		return 0
	}
	return Status(item.Status())
}

// Title returns the title of an item.
func (p Plan) Title(id ID) string {
	item, _ := p.Document.Find(id.id)
	if item.IsZero() {
		return ""
	}
	title, _ := item.Text(TitleField)
	return title
}

// WithTitle returns the plan with another title of an item.
func (p Plan) WithTitle(id ID, title string) (Plan, error) {
	item, ok := p.Document.Find(id.id)
	if !ok {
		return p, &document.NotFoundError{ID: id.id}
	}
	change, ok := item.With(TitleField, document.TextValue(title)).EditChange()
	if !ok {
		return p, nil
	}
	return p.Apply(change)
}

// Apply passes changes through the gate.
func (p Plan) Apply(changes ...document.Change) (Plan, error) {
	d, _, err := p.Document.Apply(changes...)
	if err != nil {
		return p, err
	}
	return Plan{d}, nil
}

// String returns the document's text.
func (p Plan) String() string { return string(p.Document.AppendJSON(nil)) }

// Positions of fields: the title in every level, and what a task waits for.
const (
	TitleField = 0
	AfterField = 1
)

// Batcher is a batcher of plans.
type Batcher = batching.Batcher[Plan, ID, Status]

// Type returns the format's type.
var Type = sync.OnceValue(func() *document.Type { return document.MustNewType(descriptor()) })

// Format returns the format for batching.
func Format() batching.Format[Plan, ID, Status] {
	return batching.Format[Plan, ID, Status]{
		Type:   Type(),
		Wrap:   func(d *document.Document) Plan { return Plan{d} },
		Unwrap: func(p Plan) *document.Document { return p.Document },
		ID:     ID.Document,
		WrapID: func(id document.ID) ID { return ID{id} },
		Status: func(s Status) document.Status { return document.Status(s) },
	}
}

// Text returns a document with so many epics, stories in each, and tasks in each
// of those, all Open, one item's members on a line of their own.
func Text(epics, stories, tasks int) string {
	var b strings.Builder
	b.WriteString("{\n  \"plan\": [")
	for e := range epics {
		item(&b, e, "E%d", e+1)
		b.WriteString(", \"stories\": [")
		for s := range stories {
			item(&b, s, "E%d.S%d", e+1, s+1)
			b.WriteString(", \"tasks\": [")
			for t := range tasks {
				item(&b, t, "E%d.S%d.T%d", e+1, s+1, t+1)
				b.WriteByte('}')
			}
			b.WriteString("]}")
		}
		b.WriteString("]}")
	}
	b.WriteString("],\n  \"unknown\": {\"kept\": [1.50, null]}\n}")
	return b.String()
}

func item(b *strings.Builder, position int, format string, numbers ...any) {
	if position > 0 {
		b.WriteByte(',')
	}
	id := fmt.Sprintf(format, numbers...)
	fmt.Fprintf(b, "\n  {\"id\": %q, \"title\": \"Title of %s\", \"x\": {\"y\":1e2},\n  \"status\": \"Open\"", id, id)
}

// Parse returns a plan, and panics if the text is not one.
func Parse(text string) Plan {
	d, err := Type().Parse([]byte(text))
	if err != nil {
		panic(err)
	}
	return Plan{d}
}

func descriptor() format.Descriptor {
	return format.Descriptor{
		Name:  "plantest",
		Roots: []format.Root{{Kind: format.RootObject, Key: "plan"}},
		Statuses: []format.StatusDescriptor{
			{Name: "Open", Category: format.Todo},
			{Name: "Active", Category: format.Active},
			{Name: "Done", Category: format.Done},
			{Name: "Failed", Category: format.Failed},
		},
		Events:   []string{"start", "finish", "fail", "stop", "reopen", "waive"},
		Machines: []format.Machine{machine()},
		Levels: []format.LevelDescriptor{
			level("Epic", "E", "stories"),
			level("Story", "S", "tasks"),
			task(),
		},
		Indent: "  ",
	}
}

func machine() format.Machine {
	const (
		open   = document.Status(Open)
		active = document.Status(Active)
		done   = document.Status(Done)
		failed = document.Status(Failed)
	)
	type transition = format.Transition
	return format.Machine{
		Name:    "work",
		Initial: open,
		States:  []document.Status{open, active, done, failed},
		Transitions: []transition{
			{Event: start, From: []document.Status{open, failed}, To: active},
			{Event: finish, From: []document.Status{active}, To: done},
			{Event: fail, From: []document.Status{active}, To: failed},
			{Event: stop, From: []document.Status{active}, To: open},
			{Event: reopen, From: []document.Status{done}, To: open},
			{Event: Waive, From: []document.Status{active}, To: done},
		},
	}
}

// level is one level; finishing an item with children needs them done.
func level(name, prefix, children string) format.LevelDescriptor {
	plural := name + "s"
	if base, ok := strings.CutSuffix(name, "y"); ok {
		plural = base + "ies"
	}
	l := format.LevelDescriptor{
		Name: name, Plural: plural, Children: children,
		ID: format.IDDescriptor{Kind: format.PathID, Prefix: prefix},
		Fields: []format.FieldDescriptor{
			TitleField: {Name: "Title", Key: "title", Kind: format.TextField, Required: true,
				Rules: []format.Rule{{Kind: format.MinLength, Number: 1}}},
		},
	}
	if children != "" {
		l.Guards = []format.Guard{{
			Events: []document.Event{finish}, Kind: format.ChildrenIn,
			Categories: format.CategorySet(format.Done),
		}}
	}
	return l
}

// task is the lowest level: tasks wait for others, and can be claimed.
func task() format.LevelDescriptor {
	l := level("Task", "T", "")
	l.Fields = append(l.Fields, format.FieldDescriptor{
		Name: "After", Key: "after", Kind: format.ReferenceField, List: true,
	})
	l.Guards = append(l.Guards, format.Guard{
		Events: []document.Event{start}, Kind: format.DependenciesIn, References: format.References{Fields: []int{AfterField}},
		Categories: format.CategorySet(format.Done),
	})
	l.Claim = &format.Claim{
		From: []document.Status{document.Status(Open), document.Status(Failed)},
		To:   document.Status(Active),
	}
	return l
}

// Waiting returns a document with one story, in which each task waits for those
// whose numbers are given, counted from one.
func Waiting(tasks ...[]int) string {
	var b strings.Builder
	b.WriteString(`{"plan": [{"id": "E1", "title": "E", "status": "Open", "stories": [{"id": "E1.S1", "title": "S", "status": "Open", "tasks": [`)
	for t, after := range tasks {
		item(&b, t, "E1.S1.T%d", t+1)
		b.WriteString(`, "after": [`)
		for i, other := range after {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, `"E1.S1.T%d"`, other)
		}
		b.WriteString("]}")
	}
	b.WriteString("]}]}]}\n")
	return b.String()
}
