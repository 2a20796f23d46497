package document_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// texts are those that a program may pass, right and wrong.
var texts = []string{
	"plain", "", "Ünïcode 👩‍🚀", "a\x00b", "\"\\\n\r\t\b\f/", "\u2028\u2029", "<&>", "\ufffd", "\ufeff",
	"\xff", "cut \xe2\x82", "\xed\xa0\xbd", "\xc0\x80", "a\xf0\x9f\x91", strings.Repeat("\x80", 2000),
}

// FuzzAcceptedTexts passes a text to the gate by every way that texts have. It is
// refused, or it is read back as it was given: from the document, from the text of
// the document, and from the changes as they are written down.
func FuzzAcceptedTexts(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	typ := kindsType(f)
	groups := trackerType(f)
	f.Fuzz(func(t *testing.T, text string) {
		doc := mustParse(t, typ, `[{"id":1,"status":"Planned","objects":[{"a":"x"}]}]`)
		first, _ := doc.Find(id("1"))
		field := func(name string) int { return fieldNumbered(t, typ, 0, name) }
		check := func(way string, doc *document.Document, change document.Change, read func(*document.Document) (string, bool)) {
			t.Helper()
			to, _, err := doc.Apply(change)
			if err != nil {
				checkErrors(t, err)
				return
			}
			for state, d := range map[string]*document.Document{
				"document": to, "text": reread(t, to), "changes": reapplied(t, doc, change),
			} {
				if got, ok := read(d); !ok || got != text {
					t.Errorf("%s, accepted as %q, is read back from the %s as %q (%v)", way, text, state, got, ok)
				}
			}
		}
		edit := func(it document.Item) document.Change {
			changes := it.Changes()
			if len(changes) != 1 {
				return document.Set(id("1"), 0) // nothing has changed
			}
			return changes[0]
		}
		item := func(read func(document.Item) (string, bool)) func(*document.Document) (string, bool) {
			return func(d *document.Document) (string, bool) {
				it, _ := d.Find(id("1"))
				return read(it)
			}
		}
		check("a text", doc, edit(first.With(field("text"), document.TextValue(text))), item(func(it document.Item) (string, bool) { return it.Text(field("text")) }))
		check("an element", doc, edit(first.With(field("texts"), document.ListValue(document.TextValue(text)))), item(func(it document.Item) (string, bool) {
			for s := range it.Texts(field("texts")) {
				return s, true
			}
			return "", false
		}))
		check("a member", doc, edit(first.With(field("object"), document.ObjectValue(typ.NewObject(1).With(0, document.TextValue(text))))), item(func(it document.Item) (string, bool) {
			o, _ := it.Object(field("object"))
			return o.Text(0)
		}))
		check("a reference", doc, edit(first.With(field("reference"), document.ReferenceValue(id(text)))), item(func(it document.Item) (string, bool) {
			ref, ok := it.Reference(field("reference"))
			return ref.Text(), ok
		}))
		check("an id", doc, typ.NewItem(0, id(text)).AddChange(document.ID{}), func(d *document.Document) (string, bool) {
			it, ok := d.Find(id(text))
			return it.ID().Text(), ok
		})
		check("a reason", doc, document.Force(id("1"), complete, text), func(d *document.Document) (string, bool) {
			it, _ := d.Find(id("1"))
			return text, it.Status() == complete
		})
		empty := groups.New()
		check("a group", empty, groups.NewItem(0, document.NewID(text, "1")).With(0, document.TextValue("t")).AddChange(document.NewID(text, "")), func(d *document.Document) (string, bool) {
			return strings.Join(d.Groups(), ","), true
		})
		child := groups.LocalID(id("1"), text)
		check("the id of a child", mustParse(t, groups, `{"tasks":[]}`),
			groups.NewItem(0, id("1")).With(0, document.TextValue("t")).WithChildren(groups.NewItem(1, child).With(0, document.TextValue("t"))).AddChange(document.ID{}),
			func(d *document.Document) (string, bool) {
				it, ok := d.Find(child)
				return strings.TrimPrefix(it.ID().Text(), "1."), ok
			})
	})
}

// reread reads what is written of a document.
func reread(t *testing.T, d *document.Document) *document.Document {
	t.Helper()
	again, err := d.Type().Parse(d.AppendJSON(nil))
	if err != nil {
		t.Fatalf("what was accepted cannot be read: %v", err)
	}
	return again
}

// reapplied applies a change once it has been written down and read.
func reapplied(t *testing.T, d *document.Document, change document.Change) *document.Document {
	t.Helper()
	data, err := d.Type().MarshalChanges([][]document.Change{{change}})
	if err != nil {
		t.Fatalf("what was accepted cannot be written down: %v", err)
	}
	groups, err := d.Type().UnmarshalChanges(data)
	if err != nil {
		t.Fatal(err)
	}
	same := cmp.Comparer(func(a, b document.ID) bool { return a == b })
	if diff := cmp.Diff([][]document.Change{{change}}, groups, same); diff != "" {
		t.Errorf("the change as it was and as it is read back:\n%s", diff)
	}
	to, _, err := d.Apply(groups[0]...)
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// fieldNumbered returns the position of a field by its key.
func fieldNumbered(t *testing.T, typ *document.Type, level document.Level, key string) int {
	t.Helper()
	for n, f := range typ.Descriptor().Levels[level].Fields {
		if f.Key == key {
			return n
		}
	}
	t.Fatalf("no field %s", key)
	return 0
}

// TestIrrelevantPartsOfChanges has changes with parts that their operation does
// not use and that cannot be written down: they would be lost with whatever else a
// batch keeps.
func TestIrrelevantPartsOfChanges(t *testing.T) {
	d := mustParse(t, planType(t), smallPlan(strings.Repeat("Planned ", 6)))
	subtask := id("P1.M1.T1.S1")
	for name, change := range map[string]document.Change{
		"a reason": {Op: document.OpSet, ID: subtask, To: researching, Reason: "\xff"},
		"a parent": {Op: document.OpSet, ID: subtask, To: researching, Edit: &document.Edit{Parent: id("\xff")}},
		"a field":  {Op: document.OpRemove, ID: subtask, Edit: &document.Edit{Fields: []document.FieldEdit{{Key: "\xff"}}}},
		"an event": {Op: document.OpSet, ID: subtask, To: researching, Event: 200},
		"a status": {Op: document.OpRemove, ID: subtask, To: 200},
		"an added": func() document.Change {
			c := newSubtask(d.Type(), "x").AddChange(id("P1.M1.T1"))
			c.Reason = "\xff"
			return c
		}(),
		"an edited": {Op: document.OpEdit, ID: subtask, Reason: "\xff", Edit: &document.Edit{Fields: []document.FieldEdit{{Key: "title", Value: `"new"`}}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.Type().MarshalChanges([][]document.Change{{change}})
			if err == nil {
				t.Fatal("it can be written down")
			}
			if _, _, applied := d.Apply(change); applied == nil {
				t.Errorf("accepted, and yet %v", err)
			}
		})
	}
}

func TestTimesAreReadAsGiven(t *testing.T) {
	typ := kindsType(t)
	doc := mustParse(t, typ, `[{"id":1,"status":"Planned"}]`)
	first, _ := doc.Find(id("1"))
	field := fieldNumbered(t, typ, 0, "time")
	for _, offset := range []int{0, 3600, -5 * 3600, 1172, -75, 86399, 1 << 20} {
		given := time.Date(2026, 12, 1, 12, 0, 0, 123456789, time.FixedZone("", offset))
		to, err := doc.WithItem(first.With(field, document.TimeValue(given)))
		if err != nil {
			continue
		}
		it, _ := reread(t, to).Find(id("1"))
		if got, ok := it.Time(field); !ok || !got.Equal(given) {
			t.Errorf("offset %d: %v is read as %v", offset, given, got)
		}
	}
}

// TestChildrenAreAsGiven adds an item with children that would be read as others.
func TestChildrenAreAsGiven(t *testing.T) {
	typ := trackerType(t)
	doc := mustParse(t, typ, `{"tasks":[{"id":1,"title":"t","status":"pending","subtasks":[{"id":1,"title":"t","status":"pending"}]}]}`)
	there, _ := doc.Find(id("1.1"))
	task := func(child document.Item) document.Change {
		return typ.NewItem(0, id("5")).With(0, document.TextValue("t")).WithChildren(child).AddChange(document.ID{})
	}
	named := func(text string) document.Item { return typ.NewItem(1, id(text)).With(0, document.TextValue("t")) }
	for name, tt := range map[string]struct {
		change document.Change
		want   string
	}{
		"right":             {task(named("5.1")), ""},
		"of another parent": {task(named("7.1")), `the child "7.1" would be read as "5.7.1" here`},
		"of another group":  {task(typ.NewItem(1, document.NewID("g", "5.1"))), `the child "g/5.1" would be read as "5.1" here`},
		"of no parent":      {task(named("1")), `the child "1" would be read as "5.1" here`},
		"of another level":  {task(typ.NewItem(0, id("5.1"))), `the child "5.1" is a Task, which cannot be below a Task`},
		"from a document":   {task(there), `the child "1.1" is no new item of this format`},
		"none":              {task(document.Item{}), `the child "" is no new item of this format`},
		"below a leaf":      {typ.NewItem(1, id("1.5")).With(0, document.TextValue("t")).WithChildren(named("1.5.1")).AddChange(id("1")), `the child "1.5.1" is a Subtask, which cannot be below a Subtask`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := doc.Apply(tt.change)
			if got := fmt.Sprint(err); tt.want == "" && err != nil || tt.want != "" && !strings.Contains(got, tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestDescriptorsAreUTF8(t *testing.T) {
	for name, breaks := range map[string]func(*format.Descriptor){
		"status":       func(d *format.Descriptor) { d.Statuses[0].Name = "\xff" },
		"status alias": func(d *format.Descriptor) { d.Statuses[0].Aliases = []string{"\xff"} },
		"event":        func(d *format.Descriptor) { d.Events[0] = "\xff" },
		"enum":         func(d *format.Descriptor) { d.Enums[0].Values[0].Name = "\xff" },
		"enum alias":   func(d *format.Descriptor) { d.Enums[0].Values[0].Aliases[0] = "\xff" },
		"constant": func(d *format.Descriptor) {
			d.Levels[0].Fields[0].Kind, d.Levels[0].Fields[0].Constant = format.ConstantField, "\xff"
		},
		"root": func(d *format.Descriptor) { d.Roots = []format.Root{{Kind: format.RootObject, Key: "\xff"}} },
		"key":  func(d *format.Descriptor) { d.Levels[0].Fields[0].Key = "\xff" },
	} {
		of := kindsDescriptor()
		breaks(&of)
		if _, err := document.NewType(of); err == nil || !strings.Contains(err.Error(), `"\xff"`) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
