package document_test

import (
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// The statuses and events of the plan format below, in order.
const (
	planned document.Status = iota + 1
	ready
	researching
	implementing
	retrying
	complete
	failed
	obsolete
)

const (
	research document.Event = iota + 1
	makeReady
	implement
	retry
	completeEvent
	reset
	reopen
	fail
	drop
)

func status(s ...document.Status) []document.Status { return s }

// planMachine is the reference machine.
func planMachine() format.Machine {
	type transition = format.Transition
	return format.Machine{
		Name:    "work",
		Initial: planned,
		States:  status(planned, ready, researching, implementing, retrying, complete, failed, obsolete),
		Transitions: []transition{
			{Event: research, From: status(planned, ready, failed), To: researching},
			{Event: makeReady, From: status(planned, researching, failed), To: ready},
			{Event: implement, From: status(planned, researching, ready, failed, retrying), To: implementing},
			{Event: retry, From: status(implementing, failed), To: retrying},
			{Event: completeEvent, From: status(implementing, retrying), To: complete},
			{Event: reset, From: status(researching, ready, implementing, retrying, failed), To: planned},
			{Event: reopen, From: status(complete, obsolete), To: planned},
			{Event: fail, From: status(planned, researching, ready, implementing, retrying), To: failed},
			{Event: drop, From: status(planned, ready, researching, implementing, retrying, complete, failed), To: obsolete},
		},
	}
}

func planStatuses() []format.StatusDescriptor {
	return []format.StatusDescriptor{
		{Name: "Planned", Category: format.Todo},
		{Name: "Ready", Category: format.Todo},
		{Name: "Researching", Category: format.Active},
		{Name: "Implementing", Category: format.Active},
		{Name: "Retrying", Category: format.Active},
		{Name: "Complete", Category: format.Done, Aliases: []string{"Done"}},
		{Name: "Failed", Category: format.Failed},
		{Name: "Obsolete", Category: format.Dropped},
	}
}

func textRules(most float64) []format.Rule {
	rules := []format.Rule{{Kind: format.MinLength, Number: 1}}
	if most > 0 {
		rules = append(rules, format.Rule{Kind: format.MaxLength, Number: most})
	}
	return rules
}

// planLevel is a level above the leaf. Its fields are type, title, description.
func planLevel(name, prefix, children string) format.LevelDescriptor {
	return format.LevelDescriptor{
		Name: name, Plural: name + "s", Children: children,
		ID: format.IDDescriptor{Kind: format.PathID, Prefix: prefix},
		Fields: []format.FieldDescriptor{
			{Name: "Type", Key: "type", Kind: format.ConstantField, Constant: name, Required: true},
			{Name: "Title", Key: "title", Kind: format.TextField, Required: true, Rules: textRules(200)},
			{Name: "Description", Key: "description", Kind: format.TextField, Required: true, Rules: textRules(0)},
		},
		Guards: []format.Guard{{
			Events: []document.Event{completeEvent}, Kind: format.ChildrenIn,
			Categories: format.CategorySet(format.Done, format.Dropped),
		}},
	}
}

// Positions of the fields of a plan's levels.
const (
	titleField       = 1
	descriptionField = 2

	storyPointsField  = 2
	dependenciesField = 3
	contextField      = 4
)

// planDescriptor describes the plan format: Phase > Milestone > Task > Subtask
// with path ids, as the reference schema has it.
func planDescriptor() format.Descriptor {
	sections := []string{"1. RESEARCH NOTE", "2. INPUT", "3. LOGIC", "4. OUTPUT"}
	return format.Descriptor{
		Name:     "plan",
		Roots:    []format.Root{{Kind: format.RootObject, Key: "backlog"}},
		Statuses: planStatuses(),
		Events:   []string{"research", "ready", "implement", "retry", "complete", "reset", "reopen", "fail", "obsolete"},
		Machines: []format.Machine{planMachine()},
		Levels: []format.LevelDescriptor{
			planLevel("Phase", "P", "milestones"),
			planLevel("Milestone", "M", "tasks"),
			planLevel("Task", "T", "subtasks"),
			{
				Name: "Subtask", Plural: "Subtasks",
				ID: format.IDDescriptor{Kind: format.PathID, Prefix: "S"},
				Fields: []format.FieldDescriptor{
					{Name: "Type", Key: "type", Kind: format.ConstantField, Constant: "Subtask", Required: true},
					{Name: "Title", Key: "title", Kind: format.TextField, Required: true, Rules: textRules(200)},
					{Name: "StoryPoints", Key: "story_points", Kind: format.FloatField, Required: true, Rules: []format.Rule{
						{Kind: format.ExclusiveMinimum, Number: 0}, {Kind: format.Maximum, Number: 21},
						{Kind: format.MultipleOf, Number: 0.5, Warn: true},
					}},
					{Name: "Dependencies", Key: "dependencies", Kind: format.ReferenceField, List: true, Required: true},
					{Name: "ContextScope", Key: "context_scope", Kind: format.TextField, Required: true, Rules: []format.Rule{
						{Kind: format.MinLength, Number: 1},
						{Kind: format.Prefix, Text: "CONTRACT DEFINITION:", Warn: true},
						{Kind: format.Sections, Values: sections, Warn: true},
					}},
				},
				Guards: []format.Guard{{
					Events: []document.Event{implement, retry, completeEvent}, Kind: format.DependenciesIn, References: format.References{Fields: []int{dependenciesField}},
					Categories: format.CategorySet(format.Done, format.Dropped),
				}},
			},
		},
		Indent: "  ",
	}
}

func planType(t testing.TB) *document.Type {
	t.Helper()
	typ, err := document.NewType(planDescriptor())
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// trackerDescriptor describes the tracker format: tags of tasks with subtasks,
// ids of any JSON kind, three root shapes.
func trackerDescriptor() format.Descriptor {
	type transition = format.Transition
	all := status(1, 2, 3, 4, 5, 6)
	var transitions []transition
	names := []string{"restart", "start", "submit", "finish", "defer", "cancel"}
	for i := range names {
		var from []document.Status
		for _, s := range all {
			if s != document.Status(i+1) {
				from = append(from, s)
			}
		}
		transitions = append(transitions, transition{Event: document.Event(i + 1), From: from, To: document.Status(i + 1)})
	}
	fields := func() []format.FieldDescriptor {
		return []format.FieldDescriptor{
			{Name: "Title", Key: "title", Kind: format.TextField, Required: true},
			{Name: "Description", Key: "description", Kind: format.TextField, Nullable: true},
			{Name: "Details", Key: "details", Kind: format.TextField, Nullable: true},
			{Name: "TestStrategy", Key: "testStrategy", Kind: format.TextField, Nullable: true},
			{Name: "Priority", Key: "priority", Kind: format.EnumField},
			{Name: "Dependencies", Key: "dependencies", Kind: format.ReferenceField, List: true, Nullable: true},
		}
	}
	return format.Descriptor{
		Name: "tracker",
		Roots: []format.Root{
			{Kind: format.RootGroups, Key: "tasks"}, {Kind: format.RootObject, Key: "tasks"}, {Kind: format.RootArray},
		},
		Statuses: []format.StatusDescriptor{
			{Name: "pending", Category: format.Todo}, {Name: "in-progress", Category: format.Active},
			{Name: "review", Category: format.Active}, {Name: "done", Category: format.Done, Aliases: []string{"completed"}},
			{Name: "deferred", Category: format.Todo}, {Name: "cancelled", Category: format.Dropped},
		},
		Events:   names,
		Machines: []format.Machine{{Name: "task", Initial: 1, States: all, Transitions: transitions}},
		Enums: []format.EnumDescriptor{{Name: "Priority", Warn: true, Values: []format.EnumValue{
			{Name: "high"}, {Name: "medium"}, {Name: "low"},
		}}},
		Levels: []format.LevelDescriptor{
			{Name: "Task", Plural: "Tasks", Children: "subtasks", ChildrenNullable: true,
				ID: format.IDDescriptor{Kind: format.TextID, String: true, Int: true}, Fields: fields()},
			{Name: "Subtask", Plural: "Subtasks", Fields: fields(),
				ID: format.IDDescriptor{Kind: format.LocalID, String: true, Int: true, Float: true}},
		},
		Indent: "  ",
	}
}

func trackerType(t testing.TB) *document.Type {
	t.Helper()
	typ, err := document.NewType(trackerDescriptor())
	if err != nil {
		t.Fatal(err)
	}
	return typ
}
