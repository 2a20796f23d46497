package tree_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// boards is a format of three levels: groups of boards, with lists, with cards.
func boards(t rapid.TB, kind format.IDKind) *compiled.Format {
	t.Helper()
	level := func(name, prefix, children string) format.LevelDescriptor {
		l := format.LevelDescriptor{Name: name, Plural: name + "s", Children: children, ChildrenNullable: children != "", StatusOptional: true, ID: format.IDDescriptor{Kind: kind}}
		if kind == format.PathID {
			l.ID.Prefix = prefix
		}
		return l
	}
	f, problems := compiled.New(format.Descriptor{
		Name:     "boards",
		Roots:    []format.Root{{Kind: format.RootGroups, Key: "boards"}, {Kind: format.RootArray}},
		Statuses: []format.StatusDescriptor{{Name: "open", Category: format.Todo}, {Name: "done", Category: format.Done}},
		Machines: []format.Machine{{Name: "work", Initial: 1, States: []format.Status{1, 2}}},
		Levels:   []format.LevelDescriptor{level("Board", "B", "lists"), level("List", "L", "cards"), level("Card", "C", "")},
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return f
}

func parse(t rapid.TB, f *compiled.Format, text string) *tree.Tree {
	t.Helper()
	p := tree.NewParser(f, []byte(text), 1<<20)
	read := p.Document()
	if p.Refusals > 0 {
		t.Fatalf("%+v in\n%s", p.Sorted(), text)
	}
	return read
}

// item is an item of a random document, and all that a tree has to know of it.
type item struct {
	level  format.Level
	group  string
	id     string
	status format.Status
	below  []*item
	above  *item
	text   string
}

var children = []string{"lists", "cards"}

// randomItem makes an item below another one. Numbers of path ids may have gaps,
// and need not ascend.
func randomItem(t *rapid.T, kind format.IDKind, group string, above *item, number int) *item {
	it := &item{group: group, above: above, status: format.Status(rapid.IntRange(1, 2).Draw(t, "status"))}
	if above != nil {
		it.level = above.level + 1
	}
	own := fmt.Sprint("n", number)
	switch {
	case kind == format.PathID:
		own = fmt.Sprint("BLC"[it.level:it.level+1], number)
		if it.id = own; above != nil {
			own = above.id + "." + own
			it.id = own
		}
	case above != nil:
		it.id = above.id + "." + own
	default:
		it.id = own
	}
	members := []string{fmt.Sprintf(`"id": %q`, own), fmt.Sprintf(`"status":%q`, []string{"open", "done"}[it.status-1])}
	if rapid.Bool().Draw(t, "more") {
		members = append(members, `"x":{"lists":[{"id":"no"}],"s":"]}\""}`)
	}
	if int(it.level) < len(children) {
		switch rapid.IntRange(0, 4).Draw(t, "children") {
		case 0:
		case 1:
			members = append(members, fmt.Sprintf("%q: null", children[it.level]))
		default:
			it.below = randomItems(t, kind, group, it)
			var texts []string
			for _, b := range it.below {
				texts = append(texts, b.text)
			}
			members = append(members, fmt.Sprintf("%q :[ %s]", children[it.level], strings.Join(texts, " , ")))
		}
	}
	it.text = "{" + strings.Join(rapid.Permutation(members).Draw(t, "order"), " ,\n") + "}"
	return it
}

func randomItems(t *rapid.T, kind format.IDKind, group string, above *item) []*item {
	numbers := rapid.SliceOfNDistinct(rapid.IntRange(1, 9), 0, 4, rapid.ID).Draw(t, "numbers")
	switch rapid.IntRange(0, 2).Draw(t, "numbering") {
	case 0:
		slices.Sort(numbers)
	case 1:
		for i := range numbers {
			numbers[i] = i + 1
		}
	}
	var items []*item
	for _, n := range numbers {
		items = append(items, randomItem(t, kind, group, above, n))
	}
	return items
}

// TestTree reads random documents: all items are where they were written, are found
// by their ids, and have the parents and children that they were given.
func TestTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]format.IDKind{format.PathID, format.LocalID}).Draw(t, "kind")
		f := boards(t, kind)
		var text strings.Builder
		var groups [][]*item
		names := []string{""}
		if rapid.Bool().Draw(t, "groups") {
			names = []string{"a", "b/c"}
		}
		for _, name := range names {
			groups = append(groups, randomItems(t, kind, name, nil))
		}
		write := func(items []*item) {
			var texts []string
			for _, it := range items {
				texts = append(texts, it.text)
			}
			text.WriteString("[" + strings.Join(texts, ",") + "]")
		}
		if len(names) == 1 {
			write(groups[0])
		} else {
			for g, name := range names {
				fmt.Fprintf(&text, "%s%q:{\"boards\":", []string{"{", "},"}[g], name)
				write(groups[g])
			}
			text.WriteString("}}")
		}
		s := parse(t, f, text.String())
		count := 0
		for g, items := range groups {
			at, ok := s.FindGroup(names[g])
			if !ok {
				t.Fatalf("no group %q", names[g])
			}
			count += checkItems(t, f, s, s.List(tree.Top(uint32(at))), items)
		}
		if s.Items() != count {
			t.Fatalf("%d items, want %d", s.Items(), count)
		}
		for number := range count {
			if got := s.Number(s.At(number)); got != number {
				t.Fatalf("item %d has the number %d", number, got)
			}
		}
		for _, id := range []string{"", "B", "B0", "B1.", "n1.", "B01", "B99", "B1.L99", "B1.L1.C1.D1", "n99", "B1xL1"} {
			if n, ok := s.Find(names[0], id); ok {
				t.Fatalf("%q is found: %v", id, n)
			}
		}
	})
}

// checkItems compares the items of a list, and all below them, with what was
// written. It returns how many there are.
func checkItems(t *rapid.T, f *compiled.Format, s *tree.Tree, l tree.List, want []*item) int {
	t.Helper()
	if l.Len() != len(want) {
		t.Fatalf("%d items, want %d in\n%s", l.Len(), len(want), s.Source)
	}
	count := 0
	for i, it := range want {
		n := l.At(i)
		if group, id := s.ID(n); group != it.group || id != it.id {
			t.Fatalf("item %d is %q of %q, want %q of %q", i, id, group, it.id, it.group)
		}
		if found, ok := s.Find(it.group, it.id); !ok || found != n {
			t.Fatalf("%s is found at %v %v, want %v", it.id, found, ok, n)
		}
		e := s.Entry(n)
		if got := string(s.Source[e.Start:e.End]); got != it.text {
			t.Fatalf("the text of %s is\n%s\nwant\n%s", it.id, got, it.text)
		}
		if got := f.Packing.At(s.Statuses, s.Number(n)); got != uint8(it.status) {
			t.Fatalf("the status of %s is %d, want %d", it.id, got, it.status)
		}
		above, ok := s.Parent(n)
		if ok != (it.above != nil) {
			t.Fatalf("%s has a parent: %v", it.id, ok)
		}
		if ok {
			if _, id := s.ID(above); id != it.above.id {
				t.Fatalf("the parent of %s is %s, want %s", it.id, id, it.above.id)
			}
		}
		if in := s.Within(n); s.List(in) != l || s.Siblings(n) != l {
			t.Fatalf("the siblings of %s are %v, want %v", it.id, s.Siblings(n), l)
		}
		if int(it.level) == len(children) {
			if s.Children(n).Len() > 0 || s.Descendants(n, n.Kind) != n.Alone() {
				t.Fatalf("%s has children", it.id)
			}
			count++
			continue
		}
		if span := s.ChildrenSpan(n); span != (jsontext.Span{}) {
			if c := s.Source[span.Start]; c != '[' && c != 'n' {
				t.Fatalf("the children of %s begin with %c", it.id, c)
			}
		} else if len(it.below) > 0 {
			t.Fatalf("%s has no place of children", it.id)
		}
		count += 1 + checkItems(t, f, s, s.Children(n), it.below)
	}
	return count
}

// TestFindings says what is wrong with the structure of a text, and of which item.
func TestFindings(t *testing.T) {
	for name, test := range map[string]struct {
		kind format.IDKind
		text string
		want []string // pointer, rule, and the id that the item is known by
	}{
		"not a list":     {format.PathID, `[{"id":"B1","lists":1}]`, []string{"/0/lists type B1"}},
		"no id":          {format.PathID, `[{"lists":[]}]`, []string{"/0 required "}},
		"wrong id":       {format.PathID, `[{"id":"B1","lists":[{"id":"B2.L1"}]}]`, []string{"/0/lists/0/id id "}},
		"late wrong id":  {format.PathID, `[{"lists":[{"id":"B2.L1"}],"id":"B1"}]`, []string{"/0/lists/0/id id "}},
		"twice":          {format.PathID, `[{"id":"B1"},{"id":"B1"}]`, []string{"/1/id duplicate-id B1"}},
		"local twice":    {format.LocalID, `[{"id":"a","lists":[{"id":"b"},{"id":"a.b"}]}]`, []string{"/0/lists/1/id duplicate-id a.b"}},
		"in two groups":  {format.LocalID, `{"g":{"boards":[{"id":"a"}]},"h":{"boards":[{"id":"a"}]}}`, nil},
		"wrong status":   {format.LocalID, `[{"id":"a","status":"gone"}]`, []string{"/0/status status a"}},
		"a key twice":    {format.LocalID, `[{"id":"a","x":1,"x":2}]`, []string{"/0/x duplicate-key a"}},
		"no root":        {format.LocalID, `1`, []string{" root "}},
		"too long":       {format.LocalID, `[` + strings.Repeat(" ", 2000) + `]`, []string{" size "}},
		"and the syntax": {format.LocalID, `[{"id":"a","status":"gone"},`, []string{"/0/status status a", "/1 syntax "}},
	} {
		t.Run(name, func(t *testing.T) {
			p := tree.NewParser(boards(t, test.kind), []byte(test.text), 1000)
			p.Document()
			var got []string
			for _, f := range p.Sorted() {
				id := ""
				if f.About.Known {
					id = p.Tree.PartialID(tree.NodeOf(f.About))
				}
				got = append(got, strings.Join([]string{f.Pointer, f.Rule, id}, " "))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestAwaited learns once of each item what it waits for.
func TestAwaited(t *testing.T) {
	s := parse(t, boards(t, format.LocalID), `[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"}]`)
	waits := [][]uint32{nil, {0}, {0, 1, tree.NoItem}, {tree.NoItem}}
	for range 2 {
		asked := map[int]bool{}
		for n, numbers := range waits {
			for range 2 {
				var got []uint32
				all := s.Awaited(s.At(n), func() []uint32 {
					if asked[n] {
						t.Errorf("item %d is learned of twice", n)
					}
					asked[n] = true
					return numbers
				}, func(number uint32) bool {
					got = append(got, number)
					return number != tree.NoItem
				})
				if diff := cmp.Diff(numbers, got); diff != "" || all != !slices.Contains(numbers, tree.NoItem) {
					t.Errorf("item %d: %v (-want +got):\n%s", n, all, diff)
				}
			}
		}
	}
}
