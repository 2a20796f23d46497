package document_test

import (
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// countingType returns a type of tickets in groups, with notes below them.
func countingType(t *testing.T, ticket, note format.IDDescriptor) *document.Type {
	t.Helper()
	ticket.String, note.String = true, true
	typ, err := document.NewType(format.Descriptor{
		Name:     "tracker",
		Roots:    []format.Root{{Kind: format.RootGroups, Key: "tickets"}},
		Statuses: []format.StatusDescriptor{{Name: "open", Category: format.Todo}},
		Machines: []format.Machine{{Name: "life", Initial: 1, States: []document.Status{1}}},
		Levels: []format.LevelDescriptor{
			{Name: "Ticket", Plural: "Tickets", ID: ticket, StatusOptional: true, Children: "notes"},
			{Name: "Note", Plural: "Notes", ID: note, StatusOptional: true},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

func TestNextIDsAreMadeAsTheFormatSays(t *testing.T) {
	text := func(next, pattern string) format.IDDescriptor {
		return format.IDDescriptor{Kind: format.TextID, Next: next, Pattern: pattern}
	}
	local := func(next string) format.IDDescriptor {
		return format.IDDescriptor{Kind: format.LocalID, Next: next}
	}
	for name, test := range map[string]struct {
		ticket, note format.IDDescriptor
		text         string
		parent       string
		want         string
	}{
		"the first":                      {text("T-{n}", ""), local("{n}"), `{"g":{"tickets":[]}}`, "", "T-1"},
		"the first of a new group":       {text("T-{n}", ""), local("{n}"), `{}`, "", "T-1"},
		"after the greatest":             {text("T-{n}", ""), local("{n}"), `{"g":{"tickets":[{"id":"T-9"},{"id":"T-2"},{"id":"X-20"},{"id":"T-"},{"id":"T-1x"}]}}`, "", "T-10"},
		"other groups do not count":      {text("T-{n}", ""), local("{n}"), `{"h":{"tickets":[{"id":"T-9"}]},"g":{"tickets":[{"id":"T-2"}]}}`, "", "T-3"},
		"as many digits":                 {text("T-{n}", ""), local("{n}"), `{"g":{"tickets":[{"id":"T-008"},{"id":"T-009"}]}}`, "", "T-010"},
		"one digit more":                 {text("T-{n}", ""), local("{n}"), `{"g":{"tickets":[{"id":"T-99"}]}}`, "", "T-100"},
		"digits that the pattern wants":  {text("T-{n}", "T-[0-9]{3}"), local("{n}"), `{"g":{"tickets":[]}}`, "", "T-001"},
		"numbers that the pattern wants": {text("T-{n}", "T-[1-9][0-9]{2}"), local("{n}"), `{"g":{"tickets":[]}}`, "", "T-100"},
		"none that the pattern takes":    {text("T-{n}", "T-[0-9]{2}"), local("{n}"), `{"g":{"tickets":[{"id":"T-99"}]}}`, "", ""},
		"none is left":                   {text("T-{n}", ""), local("{n}"), `{"g":{"tickets":[{"id":"T-999999999"}]}}`, "", ""},
		"larger ones do not count":       {text("T-{n}", ""), local("{n}"), `{"g":{"tickets":[{"id":"T-1234567890"}]}}`, "", "T-1"},
		"behind the number":              {text("v1.{n}.x", ""), local("{n}"), `{"g":{"tickets":[{"id":"v1.7.x"},{"id":"v2.8.x"}]}}`, "", "v1.8.x"},
		"text ids below other parents":   {text("T-{n}", ""), text("N{n}", ""), `{"g":{"tickets":[{"id":"a","notes":[{"id":"N4"}]},{"id":"b","notes":[{"id":"N1"}]}]}}`, "b", "N5"},
		"text ids of other levels":       {text("T-{n}", ""), text("T-{n}", ""), `{"g":{"tickets":[{"id":"T-7","notes":[]}]}}`, "T-7", "T-8"},
		"local ids among siblings":       {text("T-{n}", ""), local("s{n}"), `{"g":{"tickets":[{"id":"a","notes":[{"id":"s4"}]},{"id":"b","notes":[{"id":"b.s1"}]}]}}`, "b", "b.s2"},
		"local ids with dots":            {text("T-{n}", ""), local("v1.{n}"), `{"g":{"tickets":[{"id":"a.b","notes":[{"id":"v1.3"},{"id":"a.b.v1.4"}]}]}}`, "a.b", "a.b.v1.5"},
		"no such parent":                 {text("T-{n}", ""), local("s{n}"), `{"g":{"tickets":[]}}`, "b", ""},
		"no next ids":                    {text("", ""), local("s{n}"), `{"g":{"tickets":[]}}`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			typ := countingType(t, test.ticket, test.note)
			d, err := typ.Parse([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			parent := document.NewID("g", test.parent)
			id, ok := d.NextID(parent)
			if ok != (test.want != "") || id.Text() != test.want {
				t.Fatalf("the next id is %q, %t: want %q", id, ok, test.want)
			}
			level := document.Level(0)
			if test.parent != "" {
				level = 1
			}
			next, err := d.AddItem(typ.NewItem(level, document.ID{}), parent)
			if (err == nil) != ok {
				t.Fatal(err)
			}
			if !ok {
				return
			}
			if _, ok := next.Find(id); !ok {
				t.Errorf("%s is not in %s", id, next.AppendJSON(nil))
			}
			if again, ok := mustParse(t, typ, string(next.AppendJSON(nil))).NextID(parent); !ok || again.Compare(id) <= 0 {
				t.Errorf("after %s comes %s, %t", id, again, ok)
			}
		})
	}
}

// TestNextIDsOfManyAdditions adds items one after the other, and looks at the document
// only in the end.
func TestNextIDsOfManyAdditions(t *testing.T) {
	typ := countingType(t, format.IDDescriptor{Kind: format.TextID, Next: "T-{n}"}, format.IDDescriptor{Kind: format.TextID, Next: "T-{n}"})
	d := mustParse(t, typ, `{"g":{"tickets":[{"id":"T-08","notes":[]},{"id":"T-3"}]}}`)
	add := func(level document.Level, parent string) {
		t.Helper()
		var err error
		if d, err = d.AddItem(typ.NewItem(level, document.ID{}), document.NewID("g", parent)); err != nil {
			t.Fatal(err)
		}
	}
	add(0, "")
	add(1, "T-3")
	add(1, "T-09")
	add(0, "")
	if got, _ := d.NextID(document.NewID("g", "T-09")); got.Text() != "T-13" {
		t.Errorf("the next id is %s", got)
	}
	const want = `{"g":{"tickets":[{"id":"T-08","notes":[]},{"id":"T-3","notes":[{"id":"T-10","status":"open"}]},{"id":"T-09","status":"open","notes":[{"id":"T-11","status":"open"}]},{"id":"T-12","status":"open"}]}}`
	if got := string(d.AppendJSON(nil)); got != want {
		t.Errorf("written as %s", got)
	}
}

// TestAMoveTakesTheNextID moves an item to where its id is taken.
func TestAMoveTakesTheNextID(t *testing.T) {
	typ := countingType(t, format.IDDescriptor{Kind: format.TextID}, format.IDDescriptor{Kind: format.LocalID, Next: "s-{n}"})
	d := mustParse(t, typ, `{"g":{"tickets":[{"id":"a","notes":[{"id":"s-01"}]},{"id":"b","notes":[{"id":"s-01"},{"id":"s-09"}]}]}}`)
	next, _, err := d.Apply(document.Move(document.NewID("g", "a.s-01"), document.NewID("g", "b")))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"g":{"tickets":[{"id":"a","notes":[]},{"id":"b","notes":[{"id":"s-01"},{"id":"s-09"},{"id":"s-10"}]}]}}`
	if got := string(next.AppendJSON(nil)); got != want {
		t.Errorf("written as %s", got)
	}
}
