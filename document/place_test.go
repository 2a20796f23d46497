package document_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/engine"
)

func addAt(item, parent, text string, at document.Place) document.Change {
	c := add(item, parent, text)
	c.Edit.Place = at
	return c
}

// TestPlaces looks at every byte of what becomes of a list.
func TestPlaces(t *testing.T) {
	const (
		pretty = `{
  "boards": [
    {
      "id": 1,
      "x": [1, 2]
    },
    { "id": 2 },
    {
      "id": 3
    }
  ]
}
`
		newPretty = `    {
      "id": 4
    }`
		oneLine = `{"boards":[{"id":1},{"id":2}, {"id":3} ]}`
		spaced  = `{ "boards": [ {"id":1}, {"id":2}, {"id":3} ] }`
		leading = "{\"boards\":\n[ {\"id\":1}\n, {\"id\":2}\n, {\"id\":3}\n]}"
		nested  = `{"boards":[{"id":1,"lists":[{"id":1,"cards":null},{"id":2}]},{"id":2,"lists":[{"id":3},{"id":4}]},{"id":3}]}`
	)
	first, last := document.First(), document.Last()
	before, after := func(s string) document.Place { return document.Before(id(s)) }, func(s string) document.Place { return document.After(id(s)) }
	addBoard := func(at document.Place) document.Change { return addAt("4", "", `{"id":4}`, at) }
	move := func(item string, at document.Place) document.Change { return document.Move(id(item), id(""), at) }
	tests := []struct {
		name, text string
		changes    []document.Change
		old, new   string // of the text; "" and "" for no change
	}{
		{"add first", pretty, []document.Change{addBoard(first)}, "[\n    {\n      \"id\": 1,", "[\n" + newPretty + ",\n    {\n      \"id\": 1,"},
		{"add before", pretty, []document.Change{addBoard(before("2"))}, "    { \"id\": 2 },\n", newPretty + ",\n    { \"id\": 2 },\n"},
		{"add after", pretty, []document.Change{addBoard(after("2"))}, "    { \"id\": 2 },\n", "    { \"id\": 2 },\n" + newPretty + ",\n"},
		{"add after the last", pretty, []document.Change{addBoard(after("3"))}, "\n  ]", ",\n" + newPretty + "\n  ]"},
		{"add last", pretty, []document.Change{addBoard(last)}, "\n  ]", ",\n" + newPretty + "\n  ]"},
		{"move first", pretty, []document.Change{move("2", first)}, "    {\n      \"id\": 1,\n      \"x\": [1, 2]\n    },\n    { \"id\": 2 },\n", "    { \"id\": 2 },\n    {\n      \"id\": 1,\n      \"x\": [1, 2]\n    },\n"},
		{"move last", pretty, []document.Change{move("2", last)}, "    { \"id\": 2 },\n    {\n      \"id\": 3\n    }\n", "    {\n      \"id\": 3\n    },\n    { \"id\": 2 }\n"},
		{"move the last before", pretty, []document.Change{move("3", before("2"))}, "    { \"id\": 2 },\n    {\n      \"id\": 3\n    }\n", "    {\n      \"id\": 3\n    },\n    { \"id\": 2 }\n"},
		{"move the first after", pretty, []document.Change{move("1", after("2"))}, "    {\n      \"id\": 1,\n      \"x\": [1, 2]\n    },\n    { \"id\": 2 },\n", "    { \"id\": 2 },\n    {\n      \"id\": 1,\n      \"x\": [1, 2]\n    },\n"},
		{"on one line", oneLine, []document.Change{move("3", first), addBoard(after("1"))}, `{"id":1},{"id":2}, {"id":3} ]`, `{"id":3},{"id":1},{"id":4},{"id":2} ]`},
		{"on one line with spaces", spaced, []document.Change{move("1", last), addBoard(first)}, `[ {"id":1}, {"id":2}, {"id":3} ]`, `[ {"id":4}, {"id":2}, {"id":3}, {"id":1} ]`},
		{"with commas in front", leading, []document.Change{move("2", first)}, "[ {\"id\":1}\n, {\"id\":2}\n", "[ {\"id\":2}\n, {\"id\":1}\n"},
		{"in an empty list", `{"boards":[]}`, []document.Change{addBoard(first)}, `[]`, `[{"id":4}]`},
		{"in a list that is null", nested, []document.Change{addAt("1.1.1", "1.1", `{"id":1}`, first)}, `null`, `[{"id":1}]`},
		{"in a list that is missing", nested, []document.Change{addAt("3.1", "3", `{"id":1}`, last)}, `]},{"id":3}`, `]},{"id":3,"lists":[{"id":1}]}`},
		{"an item with others below it", nested, []document.Change{move("1", after("2"))}, `{"id":1,"lists":[{"id":1,"cards":null},{"id":2}]},{"id":2,"lists":[{"id":3},{"id":4}]}`, `{"id":2,"lists":[{"id":3},{"id":4}]},{"id":1,"lists":[{"id":1,"cards":null},{"id":2}]}`},
		{"an item and what is below it", nested, []document.Change{document.Move(id("1.2"), id("1"), first), move("1", last)}, nested[11 : len(nested)-2], `{"id":2,"lists":[{"id":3},{"id":4}]},{"id":3},{"id":1,"lists":[{"id":2},{"id":1,"cards":null}]}`},
		{"to another parent", nested, []document.Change{document.Move(id("1.1"), id("2"), before("2.4"))}, nested[11 : len(nested)-11], `{"id":1,"lists":[{"id":2}]},{"id":2,"lists":[{"id":3},{"id":1,"cards":null},{"id":4}]}`},
		{"beside what is new", oneLine, []document.Change{addBoard(last), addAt("5", "", `{"id":5}`, before("4")), addAt("6", "", `{"id":6}`, after("5")), move("1", before("6"))}, oneLine[11:], `{"id":2}, {"id":3},{"id":5},{"id":1},{"id":6},{"id":4} ]}`},
		{"below what is new", oneLine, []document.Change{addAt("4", "", `{"id":4,"lists":[{"id":1}]}`, first), addAt("4.2", "4", `{"id":2}`, before("4.1"))}, `[{"id":1}`, `[{"id":4,"lists":[{"id":2},{"id":1}]},{"id":1}`},
		{"beside what has moved", oneLine, []document.Change{move("3", first), move("2", before("3")), move("1", after("2"))}, oneLine[11:], `{"id":2},{"id":1},{"id":3} ]}`},
		{"beside what was edited", oneLine, []document.Change{document.Set(id("1"), 2), move("1", last)}, oneLine[11:], `{"id":2}, {"id":3},{"id":1,"status":"in-progress"} ]}`},
		{"where it is", pretty, []document.Change{move("1", first), move("2", after("1")), move("2", before("3")), move("3", last)}, "", ""},
	}
	typ := boardType(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			from := mustParse(t, typ, tt.text)
			to, applied, err := from.Apply(tt.changes...)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Replace(tt.text, tt.old, tt.new, 1)
			if diff := cmp.Diff(want, string(to.AppendJSON(nil))); diff != "" || tt.old != "" && want == tt.text {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if (applied.Updates > 0) != (tt.old != "") || (from == to) != (tt.old == "") {
				t.Errorf("%d updates, the same document: %t", applied.Updates, from == to)
			}
		})
	}
}

func TestPlacesThatAreRefused(t *testing.T) {
	d := mustParse(t, boardType(t), `{"boards":[{"id":1,"lists":[{"id":1},{"id":2}]},{"id":2}]}`)
	grouped := mustParse(t, trackerType(t), `{"a":{"tasks":[{"id":1,"title":"t","status":"pending"}]},"b":{"tasks":[{"id":1,"title":"t","status":"pending"},{"id":2,"title":"t","status":"pending"}]}}`)
	tests := []struct {
		name    string
		doc     *document.Document
		changes []document.Change
		want    string
	}{
		{"beside nothing", d, []document.Change{document.Move(id("1"), id(""), document.Before(id("7")))}, "1: it cannot go before 7: there is no such item [place]"},
		{"beside the child of another", d, []document.Change{document.Move(id("1.1"), id("1"), document.After(id("2")))}, "1.1: it cannot go after 2: that is no child of 1 [place]"},
		{"beside itself", d, []document.Change{document.Move(id("1"), id(""), document.After(id("1")))}, "1: it cannot go beside itself [place]"},
		{"beside what was removed", d, []document.Change{document.Remove(id("1.2")), document.Move(id("1.1"), id("1"), document.After(id("1.2")))}, "1.1: it cannot go after 1.2: there is no such item [place]"},
		{"two places", d, []document.Change{document.Move(id("2"), id(""), document.First(), document.Last())}, "2: more than one place is given: want one at most [operation]"},
		{"an unknown place", d, []document.Change{document.Move(id("2"), id(""), document.Place{Kind: 99})}, "2: unknown place PlaceKind(99) [operation]"},
		{"an addition beside nothing", d, []document.Change{addAt("3", "", `{"id":3}`, document.Before(id("7")))}, "3: it cannot go before 7: there is no such item [place]"},
		{"an addition beside the child of another", d, []document.Change{addAt("3", "", `{"id":3}`, document.Before(id("1.1")))}, "3: it cannot go before 1.1: that is no child of the document [place]"},
		{"an addition beside what was added elsewhere", d, []document.Change{addAt("3", "", `{"id":3,"lists":[{"id":1}]}`, document.First()), addAt("1.3", "1", `{"id":3}`, document.Before(id("3.1")))}, "1.3: it cannot go before 3.1: that is no child of 1 [place]"},
		{"two places for an addition", d, []document.Change{d.Type().NewItem(0, id("3")).AddChange(id(""), document.First(), document.First())}, "3: more than one place is given: want one at most [operation]"},
		{"all problems", d, []document.Change{document.Move(id("1"), id(""), document.Before(id("7"))), document.Move(id("1.1"), id("1"), document.After(id("2")))},
			"1: it cannot go before 7: there is no such item [place]\n1.1: it cannot go after 2: that is no child of 1 [place]"},
		{"in another group", grouped, []document.Change{document.Move(document.NewID("b", "1"), document.NewID("b", ""), document.After(document.NewID("a", "1")))}, "b/1: it cannot go after a/1: that is no child of the document [place]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			to, _, err := tt.doc.Apply(tt.changes...)
			if err == nil || to != nil {
				t.Fatalf("got %v, %v", to, err)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			checkErrors(t, err)
		})
	}
	// The zero parent is the group that the item is in.
	to, _, err := grouped.Apply(document.Move(document.NewID("b", "2"), document.ID{}, document.First()))
	if err != nil {
		t.Fatal(err)
	}
	if got := orders(to)[document.NewID("b", "")]; !slices.Equal(got, []document.ID{document.NewID("b", "2"), document.NewID("b", "1")}) {
		t.Errorf("got %v", got)
	}
}

// TestMarshalPlaces compares the written form.
func TestMarshalPlaces(t *testing.T) {
	typ := boardType(t)
	group := []document.Change{
		document.Move(id("1"), id("")), document.Move(id("1"), id(""), document.First()), document.Move(id("1"), id(""), document.Last()),
		document.Move(id("1.1"), id("1"), document.Before(id("1.2"))), addAt("3", "", `{"id":3}`, document.After(document.NewID("g", "2"))),
	}
	data, err := typ.MarshalChanges([][]document.Change{group})
	if err != nil {
		t.Fatal(err)
	}
	const want = `[[{"op":"move","id":"1","parent":{"id":""}},{"op":"move","id":"1","parent":{"id":""},"place":"first"},{"op":"move","id":"1","parent":{"id":""},"place":"last"},` +
		`{"op":"move","id":"1.1","parent":{"id":"1"},"place":"before","beside":{"id":"1.2"}},{"op":"add","id":"3","parent":{"id":""},"place":"after","beside":{"group":"g","id":"2"},"item":"{\"id\":3}"}]]`
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	read, err := typ.UnmarshalChanges(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]document.Change{group}, read, compareIDs); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	for _, place := range []string{`"place":"between"`, `"place":"before"`, `"place":"first","beside":{"id":"1"}`, `"beside":{"id":"1"}`} {
		const message = "want first or last, or before or after with the item beside it"
		if _, err := typ.UnmarshalChanges([]byte(`[[{"op":"move","id":"1","parent":{"id":""},` + place + `}]]`)); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%s: %v", place, err)
		}
	}
}

// orders returns the ids of all items by parent, in order.
func orders(d *document.Document) map[document.ID][]document.ID {
	out := map[document.ID][]document.ID{}
	for it := range d.All() {
		out[engine.ParentID(it)] = append(out[engine.ParentID(it)], it.ID())
	}
	return out
}

// orderModel applies changes of structure to plain slices.
type orderModel map[document.ID][]document.ID

func (m orderModel) apply(c document.Change) {
	switch c.Op {
	case document.OpRemove:
		m.take(c.ID)
		m.forget(c.ID)
	case document.OpMove:
		m.take(c.ID)
		m.put(c)
	case document.OpAdd:
		m.put(c)
		var text any
		if err := json.Unmarshal([]byte(c.Edit.Item), &text); err != nil {
			panic(err)
		}
		m.enter(c.ID, text)
	}
}

// enter notes the items below a new one, by the text of that.
func (m orderModel) enter(parent document.ID, text any) {
	for _, key := range []string{"lists", "cards"} {
		below, _ := text.(map[string]any)[key].([]any)
		for _, text := range below {
			child := id(text.(map[string]any)["id"].(string))
			m[parent] = append(m[parent], child)
			m.enter(child, text)
		}
	}
}

func (m orderModel) take(id document.ID) {
	for parent, ids := range m {
		if i := slices.Index(ids, id); i >= 0 {
			if m[parent] = slices.Delete(slices.Clone(ids), i, i+1); len(ids) == 1 {
				delete(m, parent)
			}
		}
	}
}

func (m orderModel) forget(id document.ID) {
	for _, below := range m[id] {
		m.forget(below)
	}
	delete(m, id)
}

func (m orderModel) put(c document.Change) {
	ids, place := m[c.Edit.Parent], c.Edit.Place
	at := len(ids)
	switch place.Kind {
	case document.PlaceFirst:
		at = 0
	case document.PlaceBefore:
		at = slices.Index(ids, place.Sibling)
	case document.PlaceAfter:
		at = slices.Index(ids, place.Sibling) + 1
	}
	m[c.Edit.Parent] = slices.Insert(slices.Clone(ids), at, c.ID)
}

// change returns a random change of structure that is legal.
func (m orderModel) change(d *dice, typ *document.Type, next *int) document.Change {
	var ids, parents []document.ID
	level, above := map[document.ID]int{{}: -1}, map[document.ID]document.ID{}
	var walk func(parent document.ID, depth int)
	walk = func(parent document.ID, depth int) {
		if depth < len(typ.Descriptor().Levels) {
			parents = append(parents, parent)
		}
		for _, id := range m[parent] {
			ids, level[id], above[id] = append(ids, id), depth, parent
			walk(id, depth+1)
		}
	}
	walk(document.ID{}, 0)
	place := func(parent, self document.ID) document.Place {
		siblings := slices.DeleteFunc(slices.Clone(m[parent]), func(id document.ID) bool { return id == self })
		if len(siblings) == 0 {
			return pick(d, document.First(), document.Last())
		}
		sibling := siblings[d.n(len(siblings))]
		return pick(d, document.First(), document.Last(), document.Before(sibling), document.After(sibling))
	}
	if len(ids) == 0 || d.rarely(3) {
		parent := parents[d.n(len(parents))]
		*next++
		at := place(parent, document.ID{})
		if d.rarely(3) {
			at = document.Place{}
		}
		c := typ.NewItem(document.Level(level[parent]+1), document.NewID("", fmt.Sprint("n", *next))).AddChange(parent, at)
		if key := typ.Descriptor().Levels[level[parent]+1].Children; key != "" && d.rarely(2) {
			*next += 2
			c.Edit.Item = fmt.Sprintf(`{"id":%q,%q:[{"id":"n%d"},{"id":"n%d"}]}`, c.ID.Text(), key, *next-1, *next)
		}
		return c
	}
	it := ids[d.n(len(ids))]
	if d.rarely(6) {
		return document.Remove(it)
	}
	parent := above[it]
	if d.rarely(3) {
		for _, other := range parents {
			if level[other] == level[parent] && d.yes() {
				parent = other
			}
		}
	}
	return document.Move(it, parent, place(parent, it))
}

// TestOrderModel applies random groups to random documents and to plain slices.
func TestOrderModel(t *testing.T) {
	typ := textBelow(t)
	for seed := range uint64(400) {
		d := &dice{data: randomBytes(seed, 3000)}
		doc := mustParse(t, typ, randomText(d, typ.Descriptor()))
		model, next := orderModel(orders(doc)), 0
		for range 8 {
			var group []document.Change
			adds := d.rarely(3) // additions alone wait until somebody looks
			for range 1 + d.n(8) {
				c := model.change(d, typ, &next)
				if adds && c.Op != document.OpAdd {
					continue
				}
				model.apply(c)
				group = append(group, c)
			}
			to, _, err := doc.Apply(group...)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			for i := 0; adds && i < 6; i++ { // and further ones on top of those
				if c := model.change(d, typ, &next); c.Op == document.OpAdd {
					model.apply(c)
					if to, _, err = to.Apply(c); err != nil {
						t.Fatalf("seed %d: %v", seed, err)
					}
				}
			}
			if diff := cmp.Diff(map[document.ID][]document.ID(model), orders(to), compareIDs); diff != "" {
				t.Fatalf("seed %d: the order after %v (-want +got):\n%s", seed, group, diff)
			}
			again, _, err := doc.Apply(document.Changes(doc, to)...)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if diff := cmp.Diff(orders(to), orders(again), compareIDs); diff != "" {
				t.Fatalf("seed %d: the order after Changes (-want +got):\n%s", seed, diff)
			}
			if diff := document.Diff(to, again); diff != nil {
				t.Fatalf("seed %d: %+v", seed, diff)
			}
			doc = to
		}
	}
}
