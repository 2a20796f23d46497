package document

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// sizedType is a small format whose documents have at most size bytes: reaching
// MaxSize takes gigabytes.
func sizedType(t *testing.T, size int64) *Type {
	t.Helper()
	typ, err := NewType(format.Descriptor{
		Roots:    []format.Root{{Kind: format.RootGroups, Key: "items"}, {Kind: format.RootArray}},
		Statuses: []format.StatusDescriptor{{Name: "a", Category: format.Todo}, {Name: "a much longer one", Category: format.Todo}},
		Events:   []string{"on", "back"},
		Machines: []format.Machine{{Name: "m", Initial: 1, States: []Status{1, 2}, Transitions: []format.Transition{
			{Event: 1, From: []Status{1}, To: 2}, {Event: 2, From: []Status{2}, To: 1},
		}}},
		Levels: []format.LevelDescriptor{
			{Name: "List", Plural: "Lists", ID: format.IDDescriptor{Kind: format.TextID}, Children: "items", Fields: []format.FieldDescriptor{
				{Name: "Any", Key: "any", Kind: format.RawField},
			}},
			{Name: "Item", Plural: "Items", ID: format.IDDescriptor{Kind: format.LocalID}, StatusOptional: true},
		},
		Indent: "\t",
	})
	if err != nil {
		t.Fatal(err)
	}
	typ.maxSize = size
	return typ
}

// TestSizesAreJudgedByTheGate makes documents longer by each way that there is
// until the gate refuses. What it accepts can be written and read again.
func TestSizesAreJudgedByTheGate(t *testing.T) {
	const size = 20_000
	typ := sizedType(t, size)
	deep := strings.Repeat("[", 60) + strings.Repeat("]", 60)
	list := func(n int, members string) string { return fmt.Sprintf(`{"id":"l%d","status":"a"%s}`, n, members) }
	add := func(id, parent ID, text string) Change {
		return Change{Op: OpAdd, ID: id, Edit: &Edit{Parent: parent, Item: text}}
	}
	wide := "[\n                " + list(0, "") + "]"
	tests := map[string]struct {
		text string
		next func(n int) []Change
	}{
		"additions that nest": {"[]", func(n int) []Change {
			return []Change{add(NewID("", fmt.Sprint("l", n)), ID{}, list(n, `,"any":`+deep))}
		}},
		"additions in one group": {"[]", func(n int) []Change {
			var group []Change
			for i := range n {
				group = append(group, add(NewID("", fmt.Sprint("l", 1000*n+i)), ID{}, list(1000*n+i, `,"any":`+deep)))
			}
			return group
		}},
		"additions to a wide layout": {wide, func(n int) []Change {
			return []Change{add(NewID("", fmt.Sprint("l", n+1)), ID{}, list(n+1, `,"any":`+deep))}
		}},
		"children below a parent without any": {"[" + list(0, "") + "]", func(n int) []Change {
			return []Change{add(NewID("", fmt.Sprint("l0.", n)), NewID("", "l0"), fmt.Sprintf(`{"id":"%d","more":%s}`, n, deep))}
		}},
		"groups": {"{}", func(n int) []Change {
			group := strings.Repeat("g", 200) + fmt.Sprint(n)
			return []Change{add(NewID(group, "l0"), NewID(group, ""), list(0, ""))}
		}},
		"edits": {"[" + list(0, "") + "]", func(n int) []Change {
			return []Change{{Op: OpEdit, ID: NewID("", "l0"), Edit: &Edit{Fields: []FieldEdit{{"any", `"` + strings.Repeat("x", 500*n) + `"`}}}}}
		}},
		"edits that nest": {"[\n\t" + list(0, "") + "]", func(n int) []Change {
			value := "[" + strings.TrimSuffix(strings.Repeat(deep+",", n+1), ",") + "]"
			return []Change{{Op: OpEdit, ID: NewID("", "l0"), Edit: &Edit{Fields: []FieldEdit{{"any", value}}}}}
		}},
		"statuses": {"[" + strings.Repeat(" ", size-500) + list(0, "") + "," + list(1, `,"items":[{"id":"i"}]`) + "]", func(n int) []Change {
			id := NewID("", []string{"l0", "l1", "l1.i"}[n%3])
			return []Change{{Op: OpEdit, ID: NewID("", "l0"), Edit: &Edit{Fields: []FieldEdit{{"any", fmt.Sprintf("%q", strings.Repeat("x", 5*n))}}}}, Force(id, Status(n%2+1), "why not")}
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := typ.Parse([]byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			for n := range 1000 {
				to, _, err := d.Apply(tt.next(n)...)
				if err != nil {
					var refused *ChangeError
					if !errors.As(err, &refused) || refused.Problems[0].Rule != "size" {
						t.Fatalf("after %d: %v", n, err)
					}
					if n < 3 {
						t.Errorf("refused after %d", n)
					}
					return
				}
				d = to
				if n%5 != 0 && name == "additions that nest" {
					continue // several are put into the text together
				}
				text := d.AppendJSON(nil)
				if _, err := typ.Parse(text); err != nil || int64(len(text)) != d.Size() {
					t.Fatalf("accepted after %d: %d bytes, %v", n, len(text), err)
				}
			}
			t.Error("never refused")
		})
	}
}

// TestStatusesAreJudgedByTheGate lets statuses alone make a document too long.
func TestStatusesAreJudgedByTheGate(t *testing.T) {
	text := `[{"id":"l","status":"a"},{"id":"m","status":"a"}]`
	for size, want := range map[int64]int{int64(len(text)): 0, int64(len(text)) + 15: 0, int64(len(text)) + 16: 1, int64(len(text)) + 32: 2} {
		d, err := sizedType(t, size).Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		accepted := 0
		for _, id := range []string{"l", "m"} {
			to, _, err := d.Apply(Fire(NewID("", id), 1))
			if err != nil {
				if !strings.Contains(err.Error(), "[size]") {
					t.Error(err)
				}
				continue
			}
			accepted++
			d = to
		}
		if got := len(d.AppendJSON(nil)); accepted != want || int64(got) > size {
			t.Errorf("at most %d bytes: %d accepted, %d bytes", size, accepted, got)
		}
	}
}
