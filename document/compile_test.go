package document_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

func TestNewTypeRefusesWrongDescriptors(t *testing.T) {
	tests := []struct {
		name   string
		change func(*format.Descriptor)
		want   string
	}{
		{"no root", func(d *format.Descriptor) { d.Roots = nil }, "no root shape"},
		{"unknown root", func(d *format.Descriptor) { d.Roots[0].Kind = 9 }, "unknown root kind 9"},
		{"root without a key", func(d *format.Descriptor) { d.Roots[0].Key = "" }, "need a key"},
		{"lines with a key", func(d *format.Descriptor) { d.Roots[0].Kind = format.RootLines }, "a root array and lines have none"},
		{"two roots of a kind", func(d *format.Descriptor) { d.Roots = append(d.Roots, d.Roots[0]) }, "cannot be told apart"},
		{"no levels", func(d *format.Descriptor) { d.Levels = nil }, "0 levels: want 1 to 16"},
		{"too many statuses", func(d *format.Descriptor) {
			for range 255 {
				d.Statuses = append(d.Statuses, format.StatusDescriptor{Name: "x", Category: format.Todo})
			}
		}, "statuses: want 1 to 254"},
		{"status without a category", func(d *format.Descriptor) { d.Statuses[0].Category = 0 }, `status "Planned" has no category`},
		{"two statuses written alike", func(d *format.Descriptor) { d.Statuses[0].Aliases = []string{"Done"} }, `two statuses are written "Done"`},
		{"no machine", func(d *format.Descriptor) { d.Levels[1].Machine = 1 }, "level Milestone: no machine 1"},
		{"wrong machine", func(d *format.Descriptor) {
			d.Machines = []format.Machine{{}}
		}, "machine 0: "},
		{"no children in between", func(d *format.Descriptor) { d.Levels[1].Children = "" }, "level Milestone: every level but the last has a children key"},
		{"children of the last", func(d *format.Descriptor) { d.Levels[3].Children = "x" }, "level Subtask: every level but the last"},
		{"kinds of ids mixed", func(d *format.Descriptor) { d.Levels[1].ID.Kind = format.TextID }, "either all levels have path ids or none"},
		{"unknown kind of id", func(d *format.Descriptor) { d.Levels[1].ID.Kind = 7 }, "level Milestone: unknown kind of id"},
		{"dot in a prefix", func(d *format.Descriptor) { d.Levels[1].ID.Prefix = "M." }, `the prefix "M." of its ids`},
		{"path ids that are numbers", func(d *format.Descriptor) { d.Levels[1].ID.Int = true }, "level Milestone: path ids are text"},
		{"next ids without a number", func(d *format.Descriptor) { d.Levels[1].ID.Next = "M1" }, `level Milestone: next ids are made by "M1"`},
		{"next ids of paths", func(d *format.Descriptor) { d.Levels[1].ID.Next = "M{n}" }, `for ids that may be text`},
		{"wrong pattern", func(d *format.Descriptor) { d.Levels[1].ID.Pattern = "(" }, "level Milestone: id pattern"},
		{"key twice", func(d *format.Descriptor) { d.Levels[1].Fields[0].Key = "status" }, `Milestone: two fields have the key "status"`},
		{"key of the children twice", func(d *format.Descriptor) { d.Levels[1].Children = "title" }, `Milestone: two fields have the key "title"`},
		{"no key", func(d *format.Descriptor) { d.Levels[1].Fields[0].Key = "" }, `Milestone: "" is not a JSON key`},
		{"key that is not UTF-8", func(d *format.Descriptor) { d.Levels[1].Fields[0].Key = "\xff" }, `is not a JSON key`},
		{"unknown kind of field", func(d *format.Descriptor) { d.Levels[1].Fields[1].Kind = 99 }, "Milestone.title: unknown kind of field"},
		{"no enum", func(d *format.Descriptor) { d.Levels[1].Fields[1].Kind = format.EnumField }, "Milestone.title: no enum 0"},
		{"no object", func(d *format.Descriptor) { d.Levels[1].Fields[1].Kind = format.ObjectField }, "Milestone.title: no object 0"},
		{"object that holds itself", func(d *format.Descriptor) {
			d.Objects = []format.ObjectDescriptor{{Name: "O", Fields: []format.FieldDescriptor{{Name: "O", Key: "o", Kind: format.ObjectField}}}}
		}, "object O: field o must be of an object type described before it"},
		{"empty enum", func(d *format.Descriptor) { d.Enums = []format.EnumDescriptor{{Name: "E"}} }, "enum E has 0 values"},
		{"enum value twice", func(d *format.Descriptor) {
			d.Enums = []format.EnumDescriptor{{Name: "E", Values: []format.EnumValue{{Name: "a"}, {Name: "b", Aliases: []string{"a"}}}}}
		}, `enum E has "a" twice`},
		{"wrong rule", func(d *format.Descriptor) {
			d.Levels[1].Fields[1].Rules = []format.Rule{{Kind: format.Pattern, Text: "["}}
		}, "Milestone.title: "},
		{"default that breaks a rule", func(d *format.Descriptor) { d.Levels[1].Fields[1].Default = `""` }, "Milestone.title: the default is wrong: title is empty"},
		{"default that is not JSON", func(d *format.Descriptor) { d.Levels[1].Fields[1].Default = `"a","status":"Complete"` }, "Milestone.title: the default is wrong: unexpected text after the value"},
		{"guard on what is no reference", func(d *format.Descriptor) { d.Levels[3].Guards[0].References.Fields = []int{0} }, "level Subtask: a guard is about the fields [0], which lead to no reference"},
		{"guard on no references at all", func(d *format.Descriptor) { d.Levels[3].Guards[0].References = format.References{} }, "level Subtask: a guard names no field of references"},
		{"dependencies that lead on from a reference", func(d *format.Descriptor) {
			d.Levels[3].Dependencies = &format.References{Fields: []int{d.Levels[3].Guards[0].References.Fields[0], 0}}
		}, "which lead to no reference"},
		{"a condition beside no object", func(d *format.Descriptor) {
			d.Levels[3].Guards[0].References.Where = []format.Condition{{Field: 0, JSON: `"x"`}}
		}, `level Subtask: a guard looks at field 0 for "x", which cannot be there`},
		{"a form of what is no time", func(d *format.Descriptor) { d.Levels[1].Fields[1].Form = format.CompactTime }, "Milestone.title: no form of times, or no time"},
		{"guard on no children", func(d *format.Descriptor) { d.Levels[3].Guards[0].Kind = format.ChildrenIn }, "level Subtask: guard on children, but it has none"},
		{"custom guard without a name", func(d *format.Descriptor) { d.Levels[3].Guards[0].Kind = format.CustomGuard }, "level Subtask: custom guard without a name"},
		{"unknown guard", func(d *format.Descriptor) { d.Levels[3].Guards[0].Kind = 0 }, "level Subtask: unknown kind of guard"},
		{"rollup without children", func(d *format.Descriptor) { d.Levels[3].Rollup = &format.Rollup{To: complete} }, "level Subtask: rollup to a status it does not have, or without children"},
		{"taken work that is done", func(d *format.Descriptor) {
			d.Levels[3].Claim = &format.Claim{From: []document.Status{planned}, To: complete}
		}, "level Subtask: the status of taken work is not active"},
		{"taken work in no status", func(d *format.Descriptor) {
			d.Levels[3].Claim = &format.Claim{From: []document.Status{planned}, To: 99}
		}, "level Subtask: the status of taken work is not active"},
		{"done work that is taken", func(d *format.Descriptor) {
			d.Levels[3].Claim = &format.Claim{From: []document.Status{complete}, To: implementing}
		}, "level Subtask: work in status 6 cannot be taken"},
		{"work in no status that is taken", func(d *format.Descriptor) {
			d.Levels[3].Claim = &format.Claim{From: []document.Status{99}, To: implementing}
		}, "level Subtask: work in status 99 cannot be taken"},
		{"work that no event takes", func(d *format.Descriptor) {
			d.Levels[3].Claim = &format.Claim{From: []document.Status{implementing}, To: implementing}
		}, "level Subtask: work cannot be taken: "},
		{"rollup to no status", func(d *format.Descriptor) { d.Levels[1].Rollup = &format.Rollup{To: 99} }, "level Milestone: rollup to a status"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			of := planDescriptor()
			tt.change(&of)
			typ, err := document.NewType(of)
			var refusal *document.DescriptorError
			if typ != nil || !errors.As(err, &refusal) {
				t.Fatalf("got %v, %v: want a *DescriptorError", typ, err)
			}
			if !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), `descriptor "plan"`) {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestNewTypeReportsEveryProblem(t *testing.T) {
	of := planDescriptor()
	of.Roots = nil
	of.Statuses[1].Category = 9
	of.Levels[0].ID.Prefix = "."
	of.Levels[3].Guards[0].References.Fields = []int{99}
	_, err := document.NewType(of)
	var refusal *document.DescriptorError
	if !errors.As(err, &refusal) || len(refusal.Problems) != 4 {
		t.Errorf("got %v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("MustNewType does not panic")
		}
	}()
	document.MustNewType(of)
}
