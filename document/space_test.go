package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
)

// spaceBound is more than any new line or gap takes over from the text around.
const spaceBound = 200

func TestNewTextTakesOverLittleSpace(t *testing.T) {
	long := strings.Repeat(" ", 1<<16)
	tests := map[string]string{
		"before the first key":  `{"boards":[{` + long + `"id":1,"lists":[{"id":1}]}]}`,
		"on the line of a key":  "{\"boards\":[{\n" + long + "\"id\":1,\"lists\":[{\"id\":1}]}]}",
		"lines before a key":    "{\"boards\":[{" + strings.Repeat("\r\n", 1<<15) + "\"id\":1,\"lists\":[{\"id\":1}]}]}",
		"before a colon":        `{"boards":[{"id"` + long + `:1,"lists":[{"id":1}]}]}`,
		"after a colon":         `{"boards":[{"id":` + long + `1,"lists":[{"id":1}]}]}`,
		"after a comma":         `{"boards":[{"id":1,` + long + `"lists":[{"id":1}]}]}`,
		"before the first item": `{"boards":[` + long + `{"id":1,"lists":[` + long + `{"id":1}]}]}`,
		"between items":         `{"boards":[{"id":1,"lists":[{"id":1}` + long + `,{"id":2}]}` + long + `,{"id":2}]}`,
		"between lines":         "{\"boards\":[\n{\"id\":1,\"lists\":[\n{\"id\":1},\n" + long + "{\"id\":2}]},\n" + long + "{\"id\":2}]}",
		"before an item":        "{\n \"boards\":[\n" + long + "{\n" + long + " \"id\":1,\n" + long + "\"lists\":[\n" + long + " {\n" + long + "  \"id\":1}]}]}",
		"in the root":           "{\n" + long + "\"x\":1,\"boards\":[{\"id\":1,\"lists\":[{\"id\":1}]}]}",
	}
	typ := boardType(t)
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			d := mustParse(t, typ, text)
			var changes []document.Change
			const n = 10
			for i := range n {
				changes = append(changes,
					add(fmt.Sprint("b", i), "", fmt.Sprintf(`{"id":"b%d","lists":[{"id":1,"cards":[{"id":1}]}]}`, i)),
					add(fmt.Sprint("1.l", i), "1", fmt.Sprintf(`{"id":"l%d"}`, i)),
					add(fmt.Sprint("1.1.c", i), "1.1", fmt.Sprintf(`{"id":"c%d","after":["1.1.c%[1]d"]}`, i)))
			}
			to, _, err := d.Apply(changes...)
			if err != nil {
				t.Fatal(err)
			}
			// Each has some twenty tokens, four items, and text of its own.
			if added := to.Size() - d.Size(); added > n*25*spaceBound {
				t.Errorf("%d bytes were added to %d", added, d.Size())
			}
			edit := &document.Edit{Fields: []document.FieldEdit{{Key: "after", Value: `["a","b"]`}, {Key: "twin", Value: `"a"`}}}
			after, _, err := to.Apply(document.Change{Op: document.OpEdit, ID: id("1.1.c1"), Edit: edit})
			if err != nil {
				t.Fatal(err)
			}
			if added := after.Size() - to.Size(); added > 6*spaceBound {
				t.Errorf("%d bytes were added by an edit", added)
			}
		})
	}
}

func TestDeepValuesAreNotIndentedDeeply(t *testing.T) {
	typ := deepType(t)
	d := mustParse(t, typ, string(samplePlan(1, 1, 1, 1)))
	deep := strings.Repeat("[", maxDepth-1) + "[" + strings.Repeat("1,", 1000) + "1]" + strings.Repeat("]", maxDepth-1)
	edit := &document.Edit{Fields: []document.FieldEdit{{Key: "any", Value: deep}}}
	to, _, err := d.Apply(document.Change{Op: document.OpEdit, ID: id("P1.M1.T1.S1"), Edit: edit})
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(to.AppendJSON(nil))) {
		if indent := len(line) - len(strings.TrimLeft(line, " ")); indent > spaceBound {
			t.Fatalf("a line is indented by %d", indent)
		}
	}
}

// What these documents on one line ask for grows with the square of their length
// wherever a line is looked at again for each item.
func TestLongLines(t *testing.T) {
	const n = 30_000
	typ := boardType(t)
	list := func(below string) string {
		return `{"boards":[{"id":1,"x":"` + strings.Repeat("x", 8<<20) + `","lists":[` +
			numbered(n, func(i int) string { return fmt.Sprintf(`,{"id":%d,"x":"%0200d"%s}`, i+1, 0, below) })[1:] + `]}]}`
	}
	each := func(change func(parent document.ID) document.Change) []document.Change {
		var changes []document.Change
		for i := range n {
			changes = append(changes, change(id(fmt.Sprint("1.", i+1))))
		}
		return changes
	}
	for name, text := range map[string]string{
		"one line":            list(`,"cards":[{"id":1}]`),
		"a pretty first item": strings.Replace(list(`,"cards":[{"id":1}]`), `{"id":1,`, "{\n\"id\":1,", 1),
	} {
		t.Run(name, func(t *testing.T) {
			d := mustParse(t, typ, text)
			less, _, err := d.Apply(each(func(parent document.ID) document.Change {
				return document.Remove(document.NewID("", parent.Text()+".1"))
			})...)
			if err != nil {
				t.Fatal(err)
			}
			if got := less.Len(2); got != 0 {
				t.Errorf("%d cards are left", got)
			}
			more, _, err := less.Apply(each(func(parent document.ID) document.Change {
				return add(parent.Text()+".2", parent.Text(), `{"id":2}`)
			})...)
			if err != nil {
				t.Fatal(err)
			}
			if got := more.Len(2); got != n {
				t.Errorf("%d cards: want %d", got, n)
			}
		})
	}
	t.Run("problems", func(t *testing.T) {
		_, err := typ.Parse([]byte(list(`,"cards":1`)))
		if err == nil || !strings.Contains(err.Error(), "there are 29000 more problems") {
			t.Errorf("got %.200v", err)
		}
	})
}
