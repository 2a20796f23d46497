package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// maxDepth is how deep a value may nest.
const maxDepth = 512

// deepType is the plan format with fields of any value on all levels: one, a
// list, and an object that holds one.
func deepType(t *testing.T) *document.Type {
	t.Helper()
	of := planDescriptor()
	of.Objects = append(of.Objects, format.ObjectDescriptor{Name: "Box", Fields: []format.FieldDescriptor{
		{Name: "In", Key: "in", Kind: format.RawField},
	}})
	for l := range of.Levels {
		of.Levels[l].Fields = append(of.Levels[l].Fields,
			format.FieldDescriptor{Name: "Any", Key: "any", Kind: format.RawField},
			format.FieldDescriptor{Name: "Anys", Key: "anys", Kind: format.RawField, List: true},
			format.FieldDescriptor{Name: "Box", Key: "box", Kind: format.ObjectField, Object: len(of.Objects) - 1})
	}
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// nested is a value of a depth.
func nested(depth int) string {
	return strings.Repeat("[", depth) + strings.Repeat("]", depth)
}

// deepMembers are members of an item with a value of a depth.
func deepMembers(depth int) map[string]string {
	return map[string]string{
		"any":     nested(depth),
		"anys":    "[" + nested(depth-1) + "]",
		"box":     `{"in":` + nested(depth-1) + `}`,
		"unknown": nested(depth),
		"boxed":   `{"in":` + nested(depth-1) + `}`,
	}
}

func TestDepthIsThatOfTheValueWhereverItStands(t *testing.T) {
	typ := deepType(t)
	plain := string(samplePlan(1, 1, 1, 1))
	levels := []document.ID{id("P1"), id("P1.M1"), id("P1.M1.T1"), id("P1.M1.T1.S1")}
	// accepted checks what the gate has accepted: it can be read, written and
	// built upon.
	accepted := func(t *testing.T, d *document.Document) {
		t.Helper()
		if _, err := typ.Parse(d.AppendJSON(nil)); err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		d, err := d.AddItem(newSubtask(typ, "one more"), id("P1.M1.T1"))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err = d.Apply(document.Remove(id("P1.M1.T1.S1"))); err != nil {
			t.Fatal(err)
		}
	}
	for _, depth := range []int{maxDepth, maxDepth + 1} {
		judge := func(t *testing.T, d *document.Document, err error) {
			t.Helper()
			switch {
			case depth > maxDepth && (err == nil || !strings.Contains(err.Error(), "nest deeper than 512")):
				t.Errorf("got %v", err)
			case depth <= maxDepth && err != nil:
				t.Error(err)
			case err == nil:
				accepted(t, d)
			}
		}
		t.Run(fmt.Sprint("root ", depth), func(t *testing.T) {
			d, err := typ.Parse([]byte(strings.Replace(plain, "{", `{"x":`+nested(depth)+`,`, 1)))
			judge(t, d, err)
		})
		for l, at := range levels {
			for key, value := range deepMembers(depth) {
				t.Run(fmt.Sprintf("%s of %s %d", key, at, depth), func(t *testing.T) {
					member := fmt.Sprintf(`"%s":%s,`, key, value)
					t.Run("read", func(t *testing.T) {
						quoted := fmt.Sprintf(`"id": "%s",`, at)
						d, err := typ.Parse([]byte(strings.Replace(plain, quoted, quoted+member, 1)))
						judge(t, d, err)
					})
					t.Run("edited", func(t *testing.T) {
						if strings.HasPrefix(key, "un") || key == "boxed" {
							return // the descriptor does not know it
						}
						edit := &document.Edit{Fields: []document.FieldEdit{{Key: key, Value: value}}}
						d, _, err := mustParse(t, typ, plain).Apply(document.Change{Op: document.OpEdit, ID: at, Edit: edit})
						judge(t, d, err)
					})
					t.Run("added", func(t *testing.T) {
						d, _, err := mustParse(t, typ, plain).Apply(addDeep(l, member))
						judge(t, d, err)
					})
				})
			}
		}
	}
}

// addDeep adds a phase, or what is below a phase that is there, down to a
// subtask, with a member on one of the levels.
func addDeep(level int, member string) document.Change {
	names := []string{"Phase", "Milestone", "Task", "Subtask"}
	var text func(l int, parent string) string
	text = func(l int, parent string) string {
		own := fmt.Sprintf("%s%c9", parent, names[l][0])
		out := fmt.Sprintf(`{"type":"%s","id":"%s","title":"t","status":"Planned",`, names[l], own)
		if l == level {
			out += member
		}
		if l == 3 {
			return out + `"story_points":1,"dependencies":[],"context_scope":"CONTRACT DEFINITION:"}`
		}
		below := []string{"milestones", "tasks", "subtasks"}[l]
		return out + fmt.Sprintf(`"description":"what it is about","%s":[%s]}`, below, text(l+1, own+"."))
	}
	return add("P9", "", text(0, ""))
}

func TestRawValuesHaveTheSameDepth(t *testing.T) {
	typ := deepType(t)
	d := mustParse(t, typ, string(samplePlan(1, 1, 1, 1)))
	it, _ := d.Find(id("P1.M1.T1.S1"))
	field := len(typ.Descriptor().Levels[3].Fields) - 3
	for depth, want := range map[int]bool{maxDepth: true, maxDepth + 1: false} {
		_, err := d.WithItem(it.With(field, document.RawValue([]byte(nested(depth)))))
		if (err == nil) != want {
			t.Errorf("depth %d: %v", depth, err)
		}
	}
}

func TestDepthDoesNotTellTheRoot(t *testing.T) {
	typ := trackerType(t)
	text := `{"old":{"tasks":[{"id":1,"title":"t","status":"pending","x":` + nested(maxDepth) + `}],"y":` + nested(maxDepth-1) + `},"tasks":[]}`
	shallow := strings.ReplaceAll(text, nested(maxDepth), "[]")
	if _, err := typ.Parse([]byte(shallow)); err == nil || !strings.Contains(err.Error(), "the document has a group beside the list") {
		t.Errorf("got %v: want neither the root object nor groups", err)
	}
	noGroup := func(text string) string { return strings.Replace(text, `"tasks"`, `"others"`, 1) }
	if got := mustParse(t, typ, noGroup(shallow)).Len(0); got != 0 {
		t.Fatalf("%d tasks: want those of the root object, which are none", got)
	}
	for _, text := range []string{text, noGroup(text)} {
		if _, err := typ.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), "nest deeper than 512") {
			t.Errorf("got %v: want the same root, with a member that is too deep", err)
		}
	}
}
