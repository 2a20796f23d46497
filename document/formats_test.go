package document_test

import (
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/statemachine"
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
func planMachine() statemachine.Definition[document.Status, document.Event] {
	type transition = statemachine.Transition[document.Status, document.Event]
	return statemachine.Definition[document.Status, document.Event]{
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

func planStatuses() []document.StatusDescriptor {
	return []document.StatusDescriptor{
		{Name: "Planned", Category: document.Todo},
		{Name: "Ready", Category: document.Todo},
		{Name: "Researching", Category: document.Active},
		{Name: "Implementing", Category: document.Active},
		{Name: "Retrying", Category: document.Active},
		{Name: "Complete", Category: document.Done, Aliases: []string{"Done"}},
		{Name: "Failed", Category: document.Failed},
		{Name: "Obsolete", Category: document.Dropped},
	}
}

func textRules(most float64) []document.Rule {
	rules := []document.Rule{{Kind: document.MinLength, Number: 1}}
	if most > 0 {
		rules = append(rules, document.Rule{Kind: document.MaxLength, Number: most})
	}
	return rules
}

// planLevel is a level above the leaf. Its fields are type, title, description.
func planLevel(name, prefix, children string) document.LevelDescriptor {
	return document.LevelDescriptor{
		Name: name, Plural: name + "s", Children: children,
		ID: document.IDDescriptor{Kind: document.PathID, Prefix: prefix},
		Fields: []document.FieldDescriptor{
			{Name: "Type", Key: "type", Kind: document.ConstantField, Constant: name, Required: true},
			{Name: "Title", Key: "title", Kind: document.TextField, Required: true, Rules: textRules(200)},
			{Name: "Description", Key: "description", Kind: document.TextField, Required: true, Rules: textRules(0)},
		},
		Guards: []document.Guard{{
			Events: []document.Event{completeEvent}, Kind: document.ChildrenIn,
			Categories: document.CategorySet(document.Done, document.Dropped),
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
func planDescriptor() document.Descriptor {
	sections := []string{"1. RESEARCH NOTE", "2. INPUT", "3. LOGIC", "4. OUTPUT"}
	return document.Descriptor{
		Name:     "plan",
		Roots:    []document.Root{{Kind: document.RootObject, Key: "backlog"}},
		Statuses: planStatuses(),
		Events:   []string{"research", "ready", "implement", "retry", "complete", "reset", "reopen", "fail", "obsolete"},
		Machines: []statemachine.Definition[document.Status, document.Event]{planMachine()},
		Levels: []document.LevelDescriptor{
			planLevel("Phase", "P", "milestones"),
			planLevel("Milestone", "M", "tasks"),
			planLevel("Task", "T", "subtasks"),
			{
				Name: "Subtask", Plural: "Subtasks",
				ID: document.IDDescriptor{Kind: document.PathID, Prefix: "S"},
				Fields: []document.FieldDescriptor{
					{Name: "Type", Key: "type", Kind: document.ConstantField, Constant: "Subtask", Required: true},
					{Name: "Title", Key: "title", Kind: document.TextField, Required: true, Rules: textRules(200)},
					{Name: "StoryPoints", Key: "story_points", Kind: document.FloatField, Required: true, Rules: []document.Rule{
						{Kind: document.ExclusiveMinimum, Number: 0}, {Kind: document.Maximum, Number: 21},
						{Kind: document.MultipleOf, Number: 0.5, Warn: true},
					}},
					{Name: "Dependencies", Key: "dependencies", Kind: document.ReferenceField, List: true, Required: true},
					{Name: "ContextScope", Key: "context_scope", Kind: document.TextField, Required: true, Rules: []document.Rule{
						{Kind: document.MinLength, Number: 1},
						{Kind: document.Prefix, Text: "CONTRACT DEFINITION:", Warn: true},
						{Kind: document.Sections, Values: sections, Warn: true},
					}},
				},
				Guards: []document.Guard{{
					Events: []document.Event{implement, retry, completeEvent}, Kind: document.DependenciesIn, Field: dependenciesField,
					Categories: document.CategorySet(document.Done, document.Dropped),
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
func trackerDescriptor() document.Descriptor {
	type transition = statemachine.Transition[document.Status, document.Event]
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
	fields := func() []document.FieldDescriptor {
		return []document.FieldDescriptor{
			{Name: "Title", Key: "title", Kind: document.TextField, Required: true},
			{Name: "Description", Key: "description", Kind: document.TextField, Nullable: true},
			{Name: "Details", Key: "details", Kind: document.TextField, Nullable: true},
			{Name: "TestStrategy", Key: "testStrategy", Kind: document.TextField, Nullable: true},
			{Name: "Priority", Key: "priority", Kind: document.EnumField},
			{Name: "Dependencies", Key: "dependencies", Kind: document.ReferenceField, List: true, Nullable: true},
		}
	}
	return document.Descriptor{
		Name: "tracker",
		Roots: []document.Root{
			{Kind: document.RootGroups, Key: "tasks"}, {Kind: document.RootObject, Key: "tasks"}, {Kind: document.RootArray},
		},
		Statuses: []document.StatusDescriptor{
			{Name: "pending", Category: document.Todo}, {Name: "in-progress", Category: document.Active},
			{Name: "review", Category: document.Active}, {Name: "done", Category: document.Done, Aliases: []string{"completed"}},
			{Name: "deferred", Category: document.Todo}, {Name: "cancelled", Category: document.Dropped},
		},
		Events:   names,
		Machines: []statemachine.Definition[document.Status, document.Event]{{Name: "task", Initial: 1, States: all, Transitions: transitions}},
		Enums: []document.EnumDescriptor{{Name: "Priority", Warn: true, Values: []document.EnumValue{
			{Name: "high"}, {Name: "medium"}, {Name: "low"},
		}}},
		Levels: []document.LevelDescriptor{
			{Name: "Task", Plural: "Tasks", Children: "subtasks", ChildrenNullable: true,
				ID: document.IDDescriptor{Kind: document.TextID, String: true, Int: true}, Fields: fields()},
			{Name: "Subtask", Plural: "Subtasks", Fields: fields(),
				ID: document.IDDescriptor{Kind: document.LocalID, String: true, Int: true, Float: true}},
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
