package merge_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/internal/merge"
)

func todoType(t *testing.T) *document.Type {
	t.Helper()
	typ, err := document.NewType(format.Descriptor{
		Name: "todos", Roots: []format.Root{{Kind: format.RootArray}},
		Statuses: []format.StatusDescriptor{{Name: "open", Category: format.Todo}, {Name: "done", Category: format.Done}}, Events: []string{"finish"},
		Machines: []format.Machine{{Name: "life", Initial: 1, States: []document.Status{1, 2}, Transitions: []format.Transition{{Event: 1, From: []document.Status{1}, To: 2}}}},
		Levels: []format.LevelDescriptor{{Name: "Todo", Plural: "Todos", ID: format.IDDescriptor{Kind: format.PositionID}, StatusOptional: true,
			Fields: []format.FieldDescriptor{{Name: "Content", Key: "content", Kind: format.TextField}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// TestMergeOfItemsWithoutIDs has another writer change what stands where our changes
// mean something.
func TestMergeOfItemsWithoutIDs(t *testing.T) {
	typ := todoType(t)
	parse := func(text string) *document.Document {
		d, err := typ.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	at := func(place uint32) document.ID { return typ.PositionID(document.ID{}, place) }
	done := func(place uint32) document.Change { return document.Set(at(place), 2) }
	added := func(content string, places ...document.Place) document.Change {
		return typ.NewItem(0, document.ID{}).With(0, document.TextValue(content)).AddChange(document.ID{}, places...)
	}
	known := parse(`[{"content":"a"},{"content":"b"},{"content":"c"}]`)
	const (
		stands   = `another item stands here by now: `
		whetherS = "another writer has changed the document since this was perhaps stored: where items have no ids, it cannot be told whether it was"
	)
	for _, test := range []struct {
		name, theirs string
		groups       []group
		saved        int // groups that are perhaps stored
		want         []string
		merged       string
	}{
		{"both add at the end", `[{"content":"a"},{"content":"b"},{"content":"c"},{"content":"d"}]`, []group{{added("e")}}, 0, []string{applied},
			`[{"content":"a"},{"content":"b"},{"content":"c"},{"content":"d"},{"content":"e","status":"open"}]`},
		{"what is added, then changed", `[{"content":"a"},{"content":"b"},{"content":"c"},{"content":"d"}]`, []group{{added("e")}, {done(4)}}, 0,
			[]string{applied, `#4: ` + stands + `{"content":"d"}, where {"content":"e","status":"open"} was meant [position]`},
			`[{"content":"a"},{"content":"b"},{"content":"c"},{"content":"d"},{"content":"e","status":"open"}]`},
		{"what is added and changed in one", `[{"content":"a"},{"content":"b"},{"content":"c"},{"content":"d"}]`, []group{{added("e"), done(4)}}, 0,
			[]string{`#4: another item stands here by now, where there was none: {"content":"d"} [position]`},
			`[{"content":"a"},{"content":"b"},{"content":"c"},{"content":"d"}]`},
		{"they have removed one before it", `[{"content":"b"},{"content":"c"}]`, []group{{done(2)}}, 0,
			[]string{`#2: ` + stands + `{"content":"c"}, where {"content":"b"} was meant [position]`}, `[{"content":"b"},{"content":"c"}]`},
		{"they have removed one behind it", `[{"content":"a"},{"content":"b"}]`, []group{{done(2)}}, 0, []string{applied}, `[{"content":"a"},{"content":"b","status":"done"}]`},
		{"they have changed its text", `[{"content":"a"},{"content":"B"},{"content":"c"}]`, []group{{document.Remove(at(2))}}, 0,
			[]string{`#2: ` + stands + `{"content":"B"}, where {"content":"b"} was meant [position]`}, `[{"content":"a"},{"content":"B"},{"content":"c"}]`},
		{"our removal shifts what comes then", `[{"content":"a"},{"content":"b"},{"content":"c"},{"content":"d"}]`, []group{{document.Remove(at(1))}, {done(2)}}, 0, []string{applied, applied},
			`[{"content":"b"},{"content":"c","status":"done"},{"content":"d"}]`},
		{"our removal is left out, and so is what comes then", `[{"content":"A"},{"content":"b"},{"content":"c"}]`, []group{{document.Remove(at(1))}, {done(2)}}, 0,
			[]string{`#1: ` + stands + `{"content":"A"}, where {"content":"a"} was meant [position]`, `#2: ` + stands + `{"content":"b"}, where {"content":"c"} was meant [position]`},
			`[{"content":"A"},{"content":"b"},{"content":"c"}]`},
		{"before one that they have moved", `[{"content":"c"},{"content":"a"},{"content":"b"}]`, []group{{added("d", document.Before(at(3)))}}, 0,
			[]string{`#3: ` + stands + `{"content":"b"}, where {"content":"c"} was meant [position]`}, `[{"content":"c"},{"content":"a"},{"content":"b"}]`},
		{"an addition that is perhaps stored", `[{"content":"a"},{"content":"b"},{"content":"c"},{"content":"e","status":"open"},{"content":"d"}]`, []group{{added("e")}}, 1, []string{"a new item: " + whetherS},
			`[{"content":"a"},{"content":"b"},{"content":"c"},{"content":"e","status":"open"},{"content":"d"}]`},
		{"a status that is stored", `[{"content":"a"},{"content":"b","status":"done"},{"content":"C"}]`, []group{{done(2)}}, 1,
			[]string{`#2: ` + stands + `{"content":"b","status":"done"}, where {"content":"b"} was meant [position]`}, `[{"content":"a"},{"content":"b","status":"done"},{"content":"C"}]`},
		{"a status that is not", `[{"content":"a"},{"content":"b"},{"content":"C"}]`, []group{{done(2)}}, 1, []string{applied}, `[{"content":"a"},{"content":"b","status":"done"},{"content":"C"}]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			ours := known
			in := merge.Input{Stored: parse(test.theirs), Groups: test.groups, Known: []merge.Known{{Version: merge.Whole(known)}}}
			for i, g := range test.groups {
				ours.See(g)
				ours = changed(t, ours, g...)
				if i < test.saved {
					in.Known = append(in.Known, merge.Known{Groups: i + 1, Version: merge.Whole(ours)})
				}
			}
			in.Ours = ours
			merged, outcomes := merge.Merge(in)
			wantOutcomes(t, outcomes, test.want)
			if diff := cmp.Diff(test.merged, string(merged.AppendJSON(nil))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
