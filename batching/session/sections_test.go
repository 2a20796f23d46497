package session_test

import (
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching/session"
)

func TestCompareSections(t *testing.T) {
	const old = "# Product\n\nIntro.\n\n## Import\n\nReads files.\n\n## Export\n\nWrites files.\n"
	tests := []struct {
		name     string
		old, new string
		want     []string
	}{
		{"equal", old, old, nil},
		{"both empty", "", "", nil},
		{"text changed", old, strings.Replace(old, "Reads", "Takes", 1), []string{"changed: ## Import (line 5)"}},
		{"heading added", old, old + "\n## Search\n\nNew.\n", []string{"added: ## Search (line 13)"}},
		{"heading removed", old, "# Product\n\nIntro.\n\n## Export\n\nWrites files.\n", []string{"removed: ## Import (line 5)"}},
		{"all three", old, "# Product\n\n## Export\n\nWrites files.\n\n### CSV\n",
			[]string{"changed: # Product (line 1)", "added: ### CSV (line 7)", "removed: ## Import (line 5)"}},
		{"the text below a heading is not that of the one above", old, old + "\n### CSV\n", []string{"added: ### CSV (line 13)"}},
		{"title of the whole changed", old, strings.Replace(old, "# Product", "# Product 2", 1),
			[]string{"added: # Product 2 (line 1)", "removed: # Product (line 1)"}},
		{"level changed", old, strings.Replace(old, "## Export", "### Export", 1),
			[]string{"added: ### Export (line 9)", "removed: ## Export (line 9)"}},
		{"moved", old, "# Product\n\nIntro.\n\n## Export\n\nWrites files.\n\n## Import\n\nReads files.\n", nil},
		{"moved below another and changed", "# A\n## X\none\n# B\n", "# A\n# B\n## X\ntwo\n", []string{"changed: ## X (line 3)"}},
		{"the same heading twice", "# A\n## X\none\n# B\n## X\ntwo\n", "# A\n## X\none\n# B\n## X\nTWO\n", []string{"changed: ## X (line 5)"}},
		{"the same heading twice, one of them new", "# A\n## X\none\n", "# A\n## X\none\n## X\ntwo\n", []string{"added: ## X (line 4)"}},
		{"white space at ends", old, strings.ReplaceAll(strings.TrimRight(old, "\n"), "\n", "  \r\n") + "\n\n\n", nil},
		{"white space within", "# A\nx\ny\n", "# A\nx\n\ny\n", []string{"changed: # A (line 1)"}},
		{"text before the first heading", "Draft.\n# A\n", "Final.\n# A\n", []string{"changed: (before the first heading) (line 1)"}},
		{"no headings before", "Draft.\n", "# Draft\n", []string{"added: # Draft (line 1)", "removed: (before the first heading) (line 1)"}},
		{"a heading without text", "#\n", "##\n", []string{"added: ## (line 1)", "removed: # (line 1)"}},
		{"number signs at the end", "# A #\n## B ##\t\n", "# A\n## B\n", nil},
		{"number signs that belong to the title", "# C#\n", "# C\n", []string{"added: # C (line 1)", "removed: # C# (line 1)"}},
		{"no headings", "#hashtag\n####### seven\n    # code\n\t# code\n", "", []string{"removed: (before the first heading) (line 1)"}},
		{"indented by three", "   # A\n", "# A\n", nil},
		{"in a fence", "# A\n```sh\n# comment\n```\n", "# A\n```sh\n# another\n```\n", []string{"changed: # A (line 1)"}},
		{"after a fence", "```\n```\n# A\n", "```\n```\n", []string{"removed: # A (line 3)"}},
		{"in a fence that a shorter one does not close", "````\n```\n# A\n````\n", "````\n```\n# B\n````\n", []string{"changed: (before the first heading) (line 1)"}},
		{"in a fence that another kind does not close", "~~~\n```\n# A\n", "~~~\n```\n# B\n", []string{"changed: (before the first heading) (line 1)"}},
		{"in a fence that text does not close", "```\n``` x\n# A\n", "```\n``` x\n# B\n", []string{"changed: (before the first heading) (line 1)"}},
		{"code in a line is no fence", "``` a ``` b\n# A\n", "``` a ``` b\n# B\n", []string{"added: # B (line 2)", "removed: # A (line 2)"}},
		{"underlined headings are text", "A\n===\n", "B\n===\n", []string{"changed: (before the first heading) (line 1)"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, c := range session.CompareSections(test.old, test.new) {
				got = append(got, c.String())
			}
			diff(t, "changes", test.want, got)
		})
	}
}

func TestSectionChangeKnowsBothPlaces(t *testing.T) {
	got := session.CompareSections("# A\n\n# B\nold\n", "# A\n\nnew\n\n# B\nnew\n# C\n")
	diff(t, "changes", []session.SectionChange{
		{Kind: session.SectionChanged, Level: 1, Title: "A", OldLine: 1, NewLine: 1},
		{Kind: session.SectionChanged, Level: 1, Title: "B", OldLine: 3, NewLine: 5},
		{Kind: session.SectionAdded, Level: 1, Title: "C", NewLine: 7},
	}, got)
}

// FuzzCompareSections: no text makes it panic, a text does not differ from
// itself, and what is added one way is removed the other way.
func FuzzCompareSections(f *testing.F) {
	f.Add("# A\n```\n# B\n", "## A\r\n~~~\n# B\n~~~~\n#\n# A #\n")
	f.Add("", "x\n\n# \x00\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		if changes := session.CompareSections(a, a); changes != nil {
			t.Errorf("%q differs from itself: %v", a, changes)
		}
		count := map[session.ChangeKind]int{}
		for _, c := range session.CompareSections(a, b) {
			count[c.Kind]++
		}
		back := map[session.ChangeKind]int{}
		for _, c := range session.CompareSections(b, a) {
			back[c.Kind]++
		}
		if count[session.SectionAdded] != back[session.SectionRemoved] || count[session.SectionRemoved] != back[session.SectionAdded] {
			t.Errorf("%v there, %v back", count, back)
		}
	})
}
