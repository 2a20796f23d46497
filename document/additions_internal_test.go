package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document/internal/tree"
	"github.com/google/go-cmp/cmp"
)

// addItem is the addition of an item, whose id is the last part of its own.
func addItem(id, parent, members string) Change {
	own := strings.TrimPrefix(strings.TrimPrefix(id, parent), ".")
	return Change{Op: OpAdd, ID: NewID("", id), Edit: &Edit{Parent: NewID("", parent), Item: fmt.Sprintf(` {"id": %q %s} `, own, members)}}
}

// TestAdditionsAreLaidOutWhenAccepted adds items to documents of many layouts: the
// text that an addition has when it is accepted is the one that it has in the
// document, which is the one that a rebuild without waiting writes.
func TestAdditionsAreLaidOutWhenAccepted(t *testing.T) {
	typ := sizedType(t, MaxSize)
	const list = `,"status":"a"`
	groups := [][]Change{
		{addItem("l9", "", list)},
		{addItem("l1.a", "l1", ""), addItem("l1.b", "l1", `,"more":{"x":[1,{"y":[]}],"z":{}}`)},
		{addItem("l2.a", "l2", "")},
		{addItem("l3.a", "l3", `,"more":[1,2]`)},
		{addItem("l8", "", list+`,"items":[{"id":"i"}, {"id":"j","x":[1]}]`), addItem("l8.k", "l8", "")},
		{addItem("l7", "", `,"\u0073tatus":"a","\b":1`), addItem("l7.k", "l7", `,"x":{"y":1}`), addItem("l7.l", "l7", "")},
		{addItem("l9.z", "l9", "")},
	}
	for name, text := range map[string]string{
		"compact":     `[{"id":"l1","status":"a","items":[{"id":"x"}]},{"id":"l2","status":"a","items":[]},{"id":"l3","status":"a"}]`,
		"with space":  `[ { "id": "l1", "status": "a", "items": [ { "id": "x" } ] }, { "id": "l2", "status": "a", "items": [] }, { "id": "l3", "status": "a" } ]`,
		"lines":       "[\n\t{\n\t\t\"id\": \"l1\",\n\t\t\"status\": \"a\",\n\t\t\"items\": [\n\t\t\t{\n\t\t\t\t\"id\": \"x\"\n\t\t\t}\n\t\t]\n\t},\n\t{\n\t\t\"id\": \"l2\",\n\t\t\"status\": \"a\",\n\t\t\"items\": []\n\t},\n\t{\n\t\t\"id\": \"l3\",\n\t\t\"status\": \"a\"\n\t}\n]\n",
		"carriage":    "[\r\n  {\r\n    \"id\" : \"l1\",\r\n    \"status\" : \"a\", \"items\":[{ \"id\" : \"x\" }]\r\n  },\r\n  {\"id\":\"l2\",\"status\":\"a\",\"items\":[\r\n]},{\"id\":\"l3\",\"status\":\"a\"}]",
		"a line each": "[\n{\"id\":\"l1\",\"status\":\"a\",\"items\":[{\"id\":\"x\"}]},\n{\"id\":\"l2\",\"status\":\"a\",\"items\":[]},\n{\"id\":\"l3\",\"status\":\"a\"}\n]",
		"deep":        "[\n" + strings.Repeat(" ", 120) + "{\n" + strings.Repeat(" ", 127) + "\"id\":\"l1\",\"status\":\"a\",\"items\":[{\"id\":\"x\"}]},{\"id\":\"l2\",\n\"status\":\"a\",\"items\":[]},{\"id\":\"l3\",\n\"status\":\"a\"}]",
	} {
		t.Run(name, func(t *testing.T) {
			base, err := typ.Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			d, all := base, []Change(nil)
			for _, group := range groups {
				if d, _, err = d.Apply(group...); err != nil {
					t.Fatal(err)
				}
				if d.unbuilt() == nil {
					t.Fatal("the document was built for an addition")
				}
				all = append(all, group...)
			}
			o := d.unbuilt()
			bound := int64(len(text)) + o.bytes
			texts := map[ID]string{}
			for _, a := range o.last.all() {
				texts[a.ID] = a.text
			}
			for id, text := range texts {
				n, ok := d.builtAndFound(id)
				if !ok {
					t.Fatalf("%s is not there", id)
				}
				e := d.shape.Entry(n)
				if id.text == "l7" || id.text == "l8" || id.text == "l9" {
					continue // others have been added below it
				}
				if diff := cmp.Diff(text, string(d.shape.Source[e.Start:e.End])); diff != "" {
					t.Errorf("%s as it was accepted (-) and as it is in the document (+):\n%s", id, diff)
				}
			}
			if d.Size() > bound {
				t.Errorf("%d bytes, more than the bound of %d", d.Size(), bound)
			}
			g := gate{base: base, to: base}
			g.restructure(all)
			if len(g.errs) > 0 {
				t.Fatal(g.errs)
			}
			if diff := cmp.Diff(string(g.to.AppendJSON(nil)), string(d.AppendJSON(nil))); diff != "" {
				t.Errorf("built at once (-) and later (+):\n%s", diff)
			}
		})
	}
}

func (d *Document) builtAndFound(id ID) (tree.Node, bool) {
	d.build()
	return d.shape.find(id)
}

// TestAdditionsAreMeasuredAsTheyAreLaidOut adds items to a document that may not
// become much longer: it is not built to find out how long they are, and what is
// too long is refused with the length that the document would have.
func TestAdditionsAreMeasuredAsTheyAreLaidOut(t *testing.T) {
	const size, each = 100_000, 5_000
	typ := sizedType(t, size)
	d, err := typ.Parse([]byte("[\n]"))
	if err != nil {
		t.Fatal(err)
	}
	long := `,"status":"a","any":"` + strings.Repeat("x", each) + `"`
	for n := range 15 {
		if d, _, err = d.Apply(addItem(fmt.Sprint("l", n), "", long)); err != nil {
			t.Fatal(err)
		}
		if d.unbuilt() == nil {
			t.Fatalf("the document was built for addition %d of %d bytes", n, each)
		}
	}
	var refused error
	for n := 15; refused == nil && n < 30; n++ {
		var to *Document
		if to, _, refused = d.Apply(addItem(fmt.Sprint("l", n), "", long)); refused == nil {
			d = to
		}
	}
	var more *Document
	larger := *typ
	larger.maxSize = MaxSize
	if more, err = larger.Parse(d.AppendJSON(nil)); err != nil {
		t.Fatal(err)
	}
	if more, _, err = more.Apply(addItem("l99", "", long)); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("the document would have %d bytes: want at most %d", more.Size(), int64(size))
	if refused == nil || !strings.Contains(refused.Error(), want) {
		t.Errorf("got %v, want %s", refused, want)
	}
	if got := d.Size(); got > size || got < size-2*each {
		t.Errorf("%d bytes were accepted", got)
	}
}
