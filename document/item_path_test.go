package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// issueType has epics with issues below them. Ids, statuses and children lie in
// objects, which they share in part.
func issueType(t testing.TB) *document.Type {
	t.Helper()
	of := trackerDescriptor()
	of.Name = "issues"
	of.Roots = []format.Root{{Kind: format.RootArray}}
	of.Levels = []format.LevelDescriptor{
		{
			Name: "Epic", Plural: "Epics", ID: format.IDDescriptor{Kind: format.TextID, Within: []string{"meta"}, Key: "id"},
			StatusKey: "name", StatusWithin: []string{"fields", "status"}, StatusOptional: true,
			Children: "issues", ChildrenWithin: []string{"links"}, ChildrenNullable: true,
			Fields: []format.FieldDescriptor{{Name: "Title", Key: "title", Kind: format.TextField}, {Name: "Rank", Key: "rank", Kind: format.IntField}},
		},
		{
			Name: "Issue", Plural: "Issues", ID: format.IDDescriptor{Kind: format.LocalID, Within: []string{"meta", "key"}, Key: "n", Int: true},
			StatusKey: "status", StatusWithin: []string{"meta"}, StatusOptional: true,
		},
	}
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// TestItemsWithValuesAtPaths names what is wrong on the way to a value, with its
// place.
func TestItemsWithValuesAtPaths(t *testing.T) {
	epic := func(members string) string { return `[{"meta":{"id":"a"}` + members + `}]` }
	tests := []struct {
		name string
		text string
		want string // "" if it is accepted
	}{
		{"all", `[{"x":1,"links":{"y":2,"issues":[{"meta":{"key":{"n":1,"z":3},"status":"done"}}]},"fields":{"status":{"name":"done","id":7},"w":{}},"meta":{"id":"a"}}]`, ""},
		{"nothing on the way", epic(``), ""},
		{"empty objects", epic(`,"fields":{"status":{}},"links":{}`), ""},
		{"null in place of an object with what may be null", epic(`,"links":null`), ""},
		{"null in place of another object", epic(`,"fields":null`), `error 1:30 /0/fields a: fields is null: want an object [type]`},
		{"text in place of an object", epic(`,"fields":{"status":"done"}`), `error 1:40 /0/fields/status a: fields.status is text: want an object [type]`},
		{"an array in place of an object", epic(`,"links":[{"issues":[]}]`), `error 1:29 /0/links a: links is an array: want an object [type]`},
		{"no object for the id", `[{"title":"x"}]`, `error 1:2 /0 : the Epic has no "meta.id" [required]`},
		{"no id in the object", `[{"meta":{"ids":"a"}}]`, `error 1:2 /0 : the Epic has no "meta.id": was "id" meant by "ids"? [required]`},
		{"a misspelt object", `[{"mete":{"id":"a"}}]`, `error 1:2 /0 : the Epic has no "meta.id": was "meta" meant by "mete"? [required]`},
		{"a wrong kind of id", `[{"meta":{"id":7}}]`, `error 1:16 /0/meta/id : the id is a number: want text [type]`},
		{"an unknown status", epic(`,"fields":{"status":{"name":"x"}}`), `error 1:48 /0/fields/status/name a: "x" is not a status of an Epic: want pending, in-progress, review, done, deferred, cancelled [status]`},
		{"a wrong kind of status", epic(`,"fields":{"status":{"name":[]}}`), `error 1:48 /0/fields/status/name a: fields.status.name is an array: want text [type]`},
		{"a wrong kind of children", epic(`,"links":{"issues":{}}`), `error 1:39 /0/links/issues a: links.issues is an object: want an array [type]`},
		{"a wrong child", epic(`,"links":{"issues":[{"meta":{"key":{}}}]}`), `error 1:40 /0/links/issues/0 : the Issue has no "meta.key.n" [required]`},
		{"a key twice", epic(`,"fields":{"x":1,"x":2}`), `error 1:37 /0/fields/x a: the key "x" occurs twice [duplicate-key]`},
		{"a status twice", epic(`,"fields":{"status":{"name":"done","name":"done"}}`), `error 1:55 /0/fields/status/name a: the key "name" occurs twice [duplicate-key]`},
		{"an object twice", epic(`,"fields":{},"fields":{"status":{"name":"done"}}`), `error 1:33 /0/fields a: the key "fields" occurs twice [duplicate-key]`},
		{"an escaped key twice", epic(`,"fields":{},"fi\u0065lds":{}`), `error 1:33 /0/fields a: the key "fields" occurs twice [duplicate-key]`},
		{"an id twice", `[{"meta":{"id":"a"},"links":{"issues":[{"meta":{"key":{"n":1}}},{"meta":{"key":{"n":1}}}]}}]`, `error 1:85 /0/links/issues/1/meta/key/n a.1: the id "1" is taken by another Issue, in line 1 [duplicate-id]`},
		{"the text ends on the way", `[{"meta":{"id":"a"},"fields":{"status":{`, `error 1:41 /0/fields/status a: the text ends early: want a key in quotes [syntax]`},
	}
	typ := issueType(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := typ.Parse([]byte(tt.text))
			var refused *document.ParseError
			var got, want []string
			if errors.As(err, &refused) {
				got = problemLines(refused.Problems)
			}
			if tt.want != "" {
				want = []string{tt.want}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
			if err == nil && string(d.AppendJSON(nil)) != tt.text {
				t.Errorf("written %s", d.AppendJSON(nil))
			}
		})
	}
}

// TestChangesOfValuesAtPaths makes the objects that are missing, in the layout of
// the item, and touches nothing else.
func TestChangesOfValuesAtPaths(t *testing.T) {
	const (
		compact = `[{"meta":{"id":"a"},"rank":1}]`
		spaced  = `[ { "meta": { "id": "a" }, "rank": 1 } ]`
		pretty  = "[\n  {\n    \"meta\": {\n      \"id\": \"a\"\n    },\n    \"rank\": 1\n  }\n]\n"
		child   = `{"meta":{"key":{"n":1}}}`
	)
	done := document.Advance(id("a"), 4)
	tests := []struct {
		name, text    string
		change        document.Change
		before, after string
	}{
		{"a status", `[{"fields":{"status":{"x":{},"name":"pending"},"y":1},"meta":{"id":"a"}}]`, done, `"pending"`, `"done"`},
		{"a new status", compact, done, `"a"}`, `"a"},"fields":{"status":{"name":"done"}}`},
		{"a new status, spaced", spaced, done, `"a" }`, `"a" }, "fields": { "status": { "name": "done" } }`},
		{"a new status, pretty", pretty, done, "    },\n", "    },\n    \"fields\": {\n      \"status\": {\n        \"name\": \"done\"\n      }\n    },\n"},
		{"in an empty object", `[{"meta":{"id":"a"},"fields":{"status":{ }},"rank":1}]`, done, `{ }`, `{"name":"done"}`},
		{"in an empty object, pretty", "[\n  {\n    \"meta\": {\"id\": \"a\"},\n    \"fields\": {}\n  }\n]", done, `{}`, "{\n      \"status\": {\n        \"name\": \"done\"\n      }\n    }"},
		{"beside others", `[{"meta":{"id":"a"},"fields":{"status":{"id":7,"x":[1,2]}}}]`, done, `[1,2]`, `[1,2],"name":"done"`},
		{"beside others, pretty", "[\n  {\n    \"fields\": {\n      \"x\": {\n        \"y\": 1\n      }\n    },\n    \"meta\": {\"id\": \"a\"}\n  }\n]", done, "      }\n", "      },\n      \"status\": {\n        \"name\": \"done\"\n      }\n"},
		{"beside others on one line", "[\n  {\n    \"meta\": {\"id\": \"a\"},\n    \"fields\": { \"x\": 1 }\n  }\n]", done, `"x": 1`, `"x": 1, "status": { "name": "done" }`},
		{"a field behind an object", `[{"meta":{"id":"a","x":2},"fields":{"status":{"name":"done"}},"z":1}]`, edit("a", "rank", "3"), `"done"}}`, `"done"}},"rank":3`},
		{"a field behind the object of the id", `[{"z":1,"meta":{"id":"a","x":2}}]`, edit("a", "title", `"t"`), `"x":2}`, `"x":2},"title":"t"`},
		{"children where there are none", compact, add("a.1", "a", child), `"rank":1`, `"rank":1,"links":{"issues":[{"meta":{"key":{"n":1}}}]}`},
		{"children in place of null", `[{"meta":{"id":"a"},"links":{"issues":null,"x":1}}]`, add("a.1", "a", child), `null`, `[` + child + `]`},
		{"children in place of a null object", `[{"links":null,"meta":{"id":"a"}}]`, add("a.1", "a", child), `null`, `{"issues":[` + child + `]}`},
		{"more children", `[{"links":{"issues":[{"meta":{"key":{"n":7}}}],"x":1},"meta":{"id":"a"}}]`, add("a.1", "a", child), `],"x"`, `,` + child + `],"x"`},
		{"fewer children", `[{"links":{"issues":[{"meta":{"key":{"n":7}}}],"x":1},"meta":{"id":"a"}}]`, document.Remove(id("a.7")), `{"meta":{"key":{"n":7}}}`, ``},
		{"a status of a child", `[{"links":{"issues":[{"meta":{"key":{"n":7}}}],"x":1},"meta":{"id":"a"}}]`, document.Advance(id("a.7"), 4), `{"n":7}`, `{"n":7},"status":"done"`},
		{"a status above children", `[{"links":{"issues":[{"meta":{"key":{"n":7}}}]},"meta":{"id":"a"}}]`, done, `"a"}`, `"a"},"fields":{"status":{"name":"done"}}`},
	}
	typ := issueType(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Count(tt.text, tt.before) != 1 {
				t.Fatalf("%q is there %d times", tt.before, strings.Count(tt.text, tt.before))
			}
			d := mustParse(t, typ, tt.text)
			to, _, err := d.Apply(tt.change)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Replace(tt.text, tt.before, tt.after, 1), string(to.AppendJSON(nil))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			checkCounts(t, to)
			if again := mustParse(t, typ, string(to.AppendJSON(nil))); document.Diff(to, again) != nil {
				t.Errorf("read again: %+v", document.Diff(to, again))
			}
		})
	}
}

// edit is the change of one field.
func edit(item, key, value string) document.Change {
	return document.Change{Op: document.OpEdit, ID: id(item), Edit: &document.Edit{Fields: []document.FieldEdit{{Key: key, Value: value}}}}
}

// TestNewItemsWithValuesAtPaths writes objects that values share once.
func TestNewItemsWithValuesAtPaths(t *testing.T) {
	typ := issueType(t)
	epic := typ.NewItem(0, id("a")).With(0, document.TextValue("t")).With(1, document.RawValue([]byte("3"))).
		WithChildren(typ.NewItem(1, id("a.1")), typ.NewItem(1, id("a.2")))
	d, _, err := mustParse(t, typ, `[]`).Apply(epic.AddChange(document.ID{}), typ.NewItem(1, id("a.3")).AddChange(id("a")))
	if err != nil {
		t.Fatal(err)
	}
	issue := func(n int) string { return fmt.Sprintf(`{"meta":{"key":{"n":%d},"status":"pending"}}`, n) }
	want := `[{"meta":{"id":"a"},"title":"t","fields":{"status":{"name":"pending"}},"rank":3,"links":{"issues":[` +
		issue(1) + `,` + issue(2) + `,` + issue(3) + `]}}]`
	if got := strings.NewReplacer("\n", "", " ", "").Replace(string(d.AppendJSON(nil))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestSameTreeOfValuesAtPaths compares what stands beside the known values, and not
// how the objects around them came to be.
func TestSameTreeOfValuesAtPaths(t *testing.T) {
	typ := issueType(t)
	read := func(text string) document.Item {
		it, ok := mustParse(t, typ, text).Find(id("a"))
		if !ok {
			t.Fatalf("no item in %s", text)
		}
		return it
	}
	before := read(`[{"meta":{"id":"a"},"fields":{"x":1}}]`)
	d, _, err := before.Document().Apply(document.Advance(id("a"), 4))
	if err != nil {
		t.Fatal(err)
	}
	changed, _ := d.Find(id("a"))
	for _, tt := range []struct {
		text string
		same bool
	}{
		{`[{"meta":{"id":"a"},"fields":{"x":1,"status":{"name":"done"}}}]`, true},
		{`[{"fields":{"status":{"name":"completed"},"x":1.0},"links":{},"meta":{"id":"a"}}]`, true},
		{`[{"meta":{"id":"a"},"fields":{"x":1,"status":{"name":"review"}}}]`, false},
		{`[{"meta":{"id":"a"},"fields":{"x":2,"status":{"name":"done"}}}]`, false},
		{`[{"meta":{"id":"a"},"fields":{"x":1,"status":{"name":"done","id":7}}}]`, false},
		{`[{"meta":{"id":"a","x":1},"fields":{"status":{"name":"done"}}}]`, false},
	} {
		if got := changed.SameTree(read(tt.text)); got != tt.same {
			t.Errorf("the same as %s: %v", tt.text, got)
		}
	}
}

func TestUnknownMembersBesideValuesAtPaths(t *testing.T) {
	d := mustParse(t, issueType(t), `[{"meta":{"id":"a","di":1},"fields":{"statsu":{},"status":{"nmae":1,"x":2}},"link":{}}]`)
	if diff := cmp.Diff([]string{
		`warning 1:60 /0/fields/status/nmae a: the object "fields.status" has no "nmae" in this format: was "name" meant? [unknown-member]`,
		`warning 1:77 /0/link a: the Epic has no "link" in this format: was "links" meant? [unknown-member]`,
	}, problemLines(d.Validate())); diff != "" {
		t.Errorf("Validate (-want +got):\n%s", diff)
	}
	var got []string
	for _, p := range d.UnknownMembers() {
		got = append(got, p.Pointer+" "+p.Message)
	}
	if diff := cmp.Diff([]string{
		`/0/meta/di the object "meta" has no "di" in this format`,
		`/0/fields/statsu the object "fields" has no "statsu" in this format`,
		`/0/fields/status/nmae the object "fields.status" has no "nmae" in this format: was "name" meant?`,
		`/0/fields/status/x the object "fields.status" has no "x" in this format`,
		`/0/link the Epic has no "link" in this format: was "links" meant?`,
	}, got); diff != "" {
		t.Errorf("UnknownMembers (-want +got):\n%s", diff)
	}
}

// TestDescriptorsWithPaths refuses paths that lead to one place, or into what is
// another value.
func TestDescriptorsWithPaths(t *testing.T) {
	keys := func(n int) []string { return strings.Split(strings.Repeat("k.", n-1)+"k", ".") }
	tests := []struct {
		name   string
		change func(*format.Descriptor)
		want   string
	}{
		{"one path twice", func(d *format.Descriptor) {
			d.Levels[1].StatusWithin, d.Levels[1].StatusKey, d.Levels[1].ID.Within = []string{"a"}, "id", []string{"a"}
		}, `two fields have the key "a.id"`},
		{"a path into a field", func(d *format.Descriptor) { d.Levels[1].StatusWithin = []string{"title"} }, `one of the paths "title.status" and "title" leads into the other`},
		{"a path into the status", func(d *format.Descriptor) { d.Levels[1].ID.Within = []string{"status", "x"} }, `one of the paths "status.x.id" and "status" leads into the other`},
		{"the longest path", func(d *format.Descriptor) { d.Levels[1].StatusWithin = keys(15) }, ""},
		{"a path that is too long", func(d *format.Descriptor) { d.Levels[1].StatusWithin = keys(16) }, "Milestone.status is at a path of 17 keys: want at most 16"},
		{"a path of 100 keys to the list", func(d *format.Descriptor) { d.Roots[0].Within = keys(99) }, "the list of a root is at a path of 100 keys: want at most 16"},
		{"an empty key", func(d *format.Descriptor) { d.Levels[1].ChildrenWithin = []string{""} }, "none of them empty"},
		{"a key that is not UTF-8", func(d *format.Descriptor) { d.Levels[1].ID.Within = []string{"\xff"} }, "is not UTF-8"},
		{"an array at a path", func(d *format.Descriptor) { d.Roots = []format.Root{{Kind: format.RootArray, Within: keys(1)}} }, "a root array is in no object"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			of := planDescriptor()
			tt.change(&of)
			_, err := document.NewType(of)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// TestHostileItemsWithPaths reads what is deep and wide beside paths, and refuses
// it in bounded time.
func TestHostileItemsWithPaths(t *testing.T) {
	typ := issueType(t)
	many := strings.Builder{}
	for i := range 20_000 {
		fmt.Fprintf(&many, `"k%d":{"status":{"name":7}},`, i)
	}
	text := `[{"meta":{` + many.String() + `"id":"a"},"fields":{` + many.String() + `"status":{` + many.String() + `"name":"done"}}}]`
	d := mustParse(t, typ, text)
	if to, _, err := d.Apply(document.Force(id("a"), 1, "x")); err != nil || len(to.AppendJSON(nil)) != len(text)+len("pending")-len("done") {
		t.Errorf("changed: %v", err)
	}
	deep := strings.Repeat(`{"status":`, 600)
	if _, err := typ.Parse([]byte(`[{"meta":{"id":"a"},"fields":` + deep)); err == nil || !strings.Contains(err.Error(), "a: values nest deeper than 512 [depth]") {
		t.Errorf("a deep object: %v", err)
	}
}
